/* SPDX-License-Identifier: MIT
 *
 * Loads the recordings of one engine and makes programs from them. The busiest container of the
 * recordings (r-web: health check, ports, networks) is the one that all others are modelled on.
 */
#include "config.h"

#include "engine/sim_fields.h"

#include "base/alloc.h"
#include "engine/sim_fields_table.h"
#include "engine/sim_flavour.h"
#include "engine/sim_json.h"

#include <stdlib.h>
#include <string.h>

#define MODEL_NAME    "/r-web"
#define MODEL_NETWORK "front"

static const char *const head_files[HEAD_N] = {
	[HEAD_PING] = "ping",
	[HEAD_PING_HEAD] = "ping-head",
	[HEAD_JSON] = "version",
	[HEAD_EVENTS] = "events-lifecycle",
	[HEAD_404] = "inspect-404",
	[HEAD_PATH_404] = "unknown-path-404",
	[HEAD_VERSION_400] = "version-prefix-v9.99",
	[HEAD_FILTER_400] = "containers-filter-invalid-name",
	[HEAD_FILTER_500] = "containers-filter-invalid-json",
};

/* The item of a recorded array whose member key is (or, for an array, begins with) value. */
static yajl_val find_item(yajl_val array, const char *key, const char *value)
{
	for (size_t i = 0; array->type == yajl_t_array && i < array->u.array.len; i++) {
		yajl_val v = json_member(array->u.array.values[i], key);

		if (v && v->type == yajl_t_array && v->u.array.len)
			v = v->u.array.values[0];
		if (v && v->type == yajl_t_string && strcmp(v->u.string, value) == 0)
			return array->u.array.values[i];
	}
	return NULL;
}

static bool load_json(const char *dir, const char *name, yajl_val *ret, struct error *err)
{
	struct capture c;
	bool ok;

	if (!capture_load(&c, dir, name, err))
		return false;
	ok = json_parse(c.body.data, c.body.len, ret, err);
	if (!ok)
		error_prepend(err, "%s/%s.http: ", dir, name);
	capture_release(&c);
	return ok;
}

static struct program *endpoint_program(yajl_val container, bool html)
{
	yajl_val networks = json_member(json_member(container, "NetworkSettings"), "Networks");
	yajl_val model = json_member(networks, MODEL_NETWORK);

	return model ? program_new(model, sim_endpoint_fields, sim_endpoint_fields_n, html) : NULL;
}

static struct program *mount_program(yajl_val container)
{
	yajl_val mounts = json_member(container, "Mounts");

	if (!mounts || mounts->type != yajl_t_array || mounts->u.array.len == 0)
		return NULL;
	return program_new(mounts->u.array.values[0], sim_mount_fields, sim_mount_fields_n, false);
}

static bool load_inspect(struct sim *s, const char *dir, struct error *err)
{
	struct sim_templates *t = s->templates;
	yajl_val v;

	if (!load_json(dir, "inspect-web", &v, err))
		return false;
	t->inspect = program_new(v, sim_inspect_fields, sim_inspect_fields_n, false);
	t->endpoint = endpoint_program(v, false);
	t->mount = mount_program(v);
	yajl_tree_free(v);
	return (t->endpoint && t->mount) ||
	       error_set(err, "%s/inspect-web.http: no volume or network " MODEL_NETWORK, dir);
}

static bool load_list(struct sim *s, const char *dir, struct error *err)
{
	struct sim_templates *t = s->templates;
	bool html = s->fl->list_escapes_html;
	yajl_val v, item;

	if (!load_json(dir, "containers-json-all", &v, err))
		return false;
	item = find_item(v, "Names", MODEL_NAME);
	if (item) {
		t->list = program_new(item, sim_list_fields, sim_list_fields_n, html);
		t->list_endpoint = endpoint_program(item, html);
	}
	yajl_tree_free(v);
	return t->list_endpoint ||
	       error_set(err, "%s/containers-json-all.http: no " MODEL_NAME, dir);
}

static struct program *network_program(yajl_val networks, const char *name)
{
	yajl_val item = find_item(networks, "Name", name);

	return item ? program_new(item, sim_network_fields, sim_network_fields_n, false) : NULL;
}

static bool load_networks(struct sim *s, const char *dir, struct error *err)
{
	struct sim_templates *t = s->templates;
	yajl_val v;

	if (!load_json(dir, "network-front", &v, err))
		return false;
	t->network = program_new(v, sim_network_fields, sim_network_fields_n, false);
	yajl_tree_free(v);
	if (!load_json(dir, "networks", &v, err))
		return false;
	t->network_item = network_program(v, MODEL_NETWORK);
	t->bridge_item = network_program(v, "bridge");
	t->host_item = network_program(v, "host");
	t->none_item = network_program(v, "none");
	yajl_tree_free(v);
	return t->network_item || error_set(err, "%s/networks.http: no " MODEL_NETWORK, dir);
}

static bool load_info(struct sim *s, const char *dir, struct error *err)
{
	yajl_val v;

	if (!load_json(dir, "info", &v, err))
		return false;
	s->templates->info = program_new(v, sim_info_fields, sim_info_fields_n, false);
	yajl_tree_free(v);
	return true;
}

static bool load_all(struct sim *s, const char *dir, struct error *err)
{
	struct sim_templates *t = s->templates;

	for (int i = 0; i < HEAD_N; i++) {
		if (s->fl->podman && i == HEAD_VERSION_400)
			continue; /* every version is accepted: version-prefix-v9.99 of 4.3.1 */
		if (!capture_load(&t->heads[i], dir, head_files[i], err))
			return false;
	}
	return capture_load(&t->version, dir, "version", err) && load_inspect(s, dir, err) &&
	       load_list(s, dir, err) && load_networks(s, dir, err) && load_info(s, dir, err);
}

bool sim_templates_load(struct sim *s, const char *dir, struct error *err)
{
	char *path = xasprintf("%s/%s", dir, s->fl->captures);
	bool ok;

	s->templates = xcalloc(1, sizeof(*s->templates));
	ok = load_all(s, path, err);
	free(path);
	return ok;
}

void sim_templates_free(struct sim_templates *t)
{
	if (!t)
		return;
	for (int i = 0; i < HEAD_N; i++)
		capture_release(&t->heads[i]);
	capture_release(&t->version);
	program_free(t->inspect);
	program_free(t->list);
	program_free(t->endpoint);
	program_free(t->list_endpoint);
	program_free(t->network);
	program_free(t->network_item);
	program_free(t->bridge_item);
	program_free(t->host_item);
	program_free(t->none_item);
	program_free(t->info);
	program_free(t->mount);
	free(t);
}

void sim_write_inspect(struct sim *s, const struct sim_container *c, struct buf *out)
{
	program_write(s->templates->inspect, &(struct render){.sim = s, .c = c, .out = out});
}

void sim_write_list_item(struct sim *s, const struct sim_container *c, struct buf *out)
{
	program_write(
		s->templates->list, &(struct render){.sim = s, .c = c, .list = true, .out = out});
}

static const struct program *item_program(const struct sim *s, const struct sim_network *net)
{
	const struct sim_templates *t = s->templates;
	const struct program *p = t->network_item;

	if (strcmp(net->name, s->fl->default_network) == 0)
		p = t->bridge_item;
	else if (strcmp(net->driver, "host") == 0)
		p = t->host_item;
	else if (strcmp(net->driver, "null") == 0)
		p = t->none_item;
	return p ? p : t->network_item;
}

void sim_write_network(struct sim *s, const struct sim_network *net, bool list, struct buf *out)
{
	program_write(list ? item_program(s, net) : s->templates->network,
		&(struct render){.sim = s, .net = net, .list = list, .out = out});
}

void sim_write_info(struct sim *s, struct buf *out)
{
	program_write(s->templates->info, &(struct render){.sim = s, .out = out});
}
