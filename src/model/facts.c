/* SPDX-License-Identifier: MIT
 *
 * What the inventory knows beside containers: which networks are internal, and what GET /info and
 * /version say for .Docker. The list of networks is asked for at each connect, a network that is new
 * since then once, by its id. An engine (or a proxy before it) that refuses these answers leaves
 * them empty: no container waits for that.
 */
#include "config.h"

#include "model/inventory_impl.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/container.h"
#include "model/inspect.h"
#include "model/shape.h"

#include <stdlib.h>

/* Bytes of one of these answers. */
#define FACT_BYTES_MAX ((size_t)64 * 1024 * 1024)
/* Networks that are kept in mind. */
#define NETWORKS_MAX 100000

/* One request: its path, how the answer is read, and what is done with it. read gets NULL when
 * there is no answer. */
struct fact_row {
	const char *path;
	const struct shape *shape;
	void (*read)(struct fact *f, const void *answer, int status);
	size_t counter; /* in struct inventory_counts */
};

static void fact_on_body(struct engine_call *call, struct str bytes, void *arg);
static void fact_on_done(struct engine_call *call, int status, const struct error *err, void *arg);

static const struct engine_call_handlers fact_handlers = {
	.on_body = fact_on_body,
	.on_done = fact_on_done,
};

/* --- networks ------------------------------------------------------------------------- */

static void network_put(struct inventory *inv, struct str id, struct str name, bool internal,
	bool refused)
{
	struct network *n;

	if (inv->network_list.n >= NETWORKS_MAX)
		return;
	n = xcalloc(1, sizeof(*n) + name.len + 1);
	n->internal = internal;
	n->refused = refused;
	if (name.len)
		memcpy(n->name, name.p, name.len);
	vec_push(&inv->network_list, n);
	if (id.len)
		smap_put(&inv->networks, id, n);
	if (name.len)
		smap_put(&inv->networks, name, n);
}

static void networks_clear(struct inventory *inv)
{
	smap_clear(&inv->networks);
	for (size_t i = 0; i < inv->network_list.n; i++)
		free(inv->network_list.v[i]);
	vec_clear(&inv->network_list);
}

static void networks_on_each(const struct shape *shape UNUSED, const void *mem, struct error *err,
	void *arg)
{
	struct inventory *inv = arg;
	const struct inspect_network_info *info = mem;

	if (!inv->networks_fresh)
		networks_clear(inv); /* what an earlier list said */
	inv->networks_fresh = true;
	if (!err && info)
		network_put(inv, info->id, info->name, info->internal, false);
}

/* Containers that were taken while the networks were unknown are looked at again if they show
 * something else now. */
static void networks_recheck(struct inventory *inv)
{
	struct map_entry *m;

	map_each(&inv->entries, m)
	{
		struct entry *e = m->value;
		bool differs = false;

		for (size_t i = 0; e->c && i < container_networks(e->c); i++) {
			const struct rec_network *n = container_network(e->c, i);
			const struct network *known = smap_get(&inv->networks, n->id);

			differs = differs || (known && known->internal != n->internal);
		}
		if (differs)
			entry_inspect(e, NULL);
	}
}

static void read_networks(struct fact *f, const void *answer, int status UNUSED)
{
	bool were_refused = f->inv->networks_refused;

	f->inv->networks_refused = !answer;
	entries_settle(f->inv);
	if (were_refused && answer && !f->inv->swarm)
		networks_recheck(f->inv);
}

static void read_network(struct fact *f, const void *answer, int status UNUSED)
{
	const struct inspect_network_info *info = answer;
	struct str id = str_from(f->network);

	network_put(f->inv, id, info ? info->name : STR(""), info && info->internal, !info);
	entries_settle(f->inv);
}

/* --- .Docker ----------------------------------------------------------------------------- */

/* Whether it was something else before. */
static bool docker_set(struct str *to, struct str s)
{
	bool differs = !str_eq(*to, s);

	free((void *)(uintptr_t)to->p);
	*to = str_n(xmemdup0(s.len ? s.p : "", s.len), s.len);
	return differs;
}

/* The engine is another one than before, or another version. */
static void docker_changed(struct inventory *inv)
{
	struct cause cause = {.event = "reconnect", .at_mono_ns = clock_mono_ns()};

	inventory_changed(inv, NULL, NULL, &cause, false);
}

static void read_info(struct fact *f, const void *answer, int status UNUSED)
{
	struct rec_docker *docker = &f->inv->docker;
	const struct inspect_info *info = answer;

	if (info) {
		docker->num_containers = info->containers;
		docker->num_images = info->images;
		if (docker_set(&docker->name, info->name))
			docker_changed(f->inv);
	}
	if (!f->again)
		inventory_counted(f->inv);
}

static void read_version(struct fact *f, const void *answer, int status UNUSED)
{
	struct rec_docker *docker = &f->inv->docker;
	const struct inspect_version *v = answer;
	bool differs;

	if (!v)
		return;
	differs = docker_set(&docker->version, v->version);
	differs |= docker_set(&docker->api_version, v->api_version);
	differs |= docker_set(&docker->go_version, v->go_version);
	differs |= docker_set(&docker->operating_system, v->os);
	differs |= docker_set(&docker->architecture, v->arch);
	if (differs)
		docker_changed(f->inv);
}

/* --- asking -------------------------------------------------------------------------------- */

#define COUNTER(member) offsetof(struct inventory_counts, member)

static const struct fact_row fact_rows[] = {
	[FACT_NETWORKS] = {"/networks", &shape_network_infos, read_networks, COUNTER(networks)},
	[FACT_INFO] = {"/info", &shape_info, read_info, COUNTER(infos)},
	[FACT_VERSION] = {"/version", &shape_version, read_version, COUNTER(infos)},
	[FACT_NETWORK] = {"/networks/", &shape_network_info, read_network, COUNTER(networks)},
};

static void fact_send(struct fact *f)
{
	struct inventory *inv = f->inv;
	struct engine_request request = {.body_max = FACT_BYTES_MAX};
	struct buf path;

	buf_init(&path, ENGINE_PATH_MAX);
	buf_add_cstr(&path, f->row->path);
	if (f->network)
		engine_path_add(&path, str_from(f->network));
	request.path = buf_cstr(&path);
	f->again = false;
	f->decoder = shape_decoder_new(f->row->shape, networks_on_each, inv, FACT_BYTES_MAX);
	++*(uint64_t *)(void *)((char *)&inv->counts + f->row->counter);
	f->call = inv->io->call(inv->engine, &request, &fact_handlers, f);
	buf_release(&path);
}

static void fact_release(struct fact *f)
{
	shape_decoder_free(f->decoder);
	f->decoder = NULL;
	error_clear(&f->error);
}

static void network_fact_free(struct fact *f)
{
	TAILQ_REMOVE(&f->inv->network_facts, f, link);
	fact_release(f);
	free(f->network);
	free(f);
}

static void fact_on_body(struct engine_call *call UNUSED, struct str bytes, void *arg)
{
	struct fact *f = arg;

	if (!error_is_set(&f->error) &&
		!shape_decoder_feed(f->decoder, bytes.p, bytes.len, &f->error))
		error_prepend(&f->error, "%s cannot be read: ", f->row->path);
}

static void fact_on_done(struct engine_call *call UNUSED, int status, const struct error *failed,
	void *arg)
{
	struct fact *f = arg;
	struct inventory *inv = f->inv;
	const void *answer = NULL;
	struct error err = ERROR_INIT;

	f->call = NULL;
	if (failed)
		error_set(&err, "%s", error_text(failed));
	else if (error_is_set(&f->error))
		error_move(&err, &f->error);
	else if (!shape_decoder_finish(f->decoder, &answer, &err))
		answer = NULL;
	if (!answer && status != 404)
		log_warn("%s: what %s tells is left empty: %s", inv->name, f->row->path,
			error_text(&err));
	error_clear(&err);
	f->reading = true;
	f->row->read(f, answer, status);
	f->reading = false;
	if (f->network) {
		network_fact_free(f);
	} else {
		fact_release(f);
		if (f->again && inv->up)
			fact_send(f);
	}
	inventory_check_ready(inv);
}

static void fact_ask(struct fact *f)
{
	if (f->call || f->reading)
		f->again = true;
	else
		fact_send(f);
}

void facts_init(struct inventory *inv)
{
	TAILQ_INIT(&inv->network_facts);
	for (size_t i = 0; i < FACTS_AT_START; i++)
		inv->facts[i] = (struct fact){.inv = inv, .row = &fact_rows[i]};
}

void facts_release(struct inventory *inv)
{
	struct str *const strings[] = {
		&inv->docker.name,
		&inv->docker.version,
		&inv->docker.api_version,
		&inv->docker.go_version,
		&inv->docker.operating_system,
		&inv->docker.architecture,
	};
	struct fact *f;

	for (size_t i = 0; i < FACTS_AT_START; i++)
		fact_release(&inv->facts[i]);
	while ((f = TAILQ_FIRST(&inv->network_facts)) != NULL)
		network_fact_free(f);
	networks_clear(inv);
	vec_release(&inv->network_list);
	smap_release(&inv->networks);
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		free((void *)(uintptr_t)strings[i]->p);
}

void facts_start(struct inventory *inv)
{
	inv->networks_fresh = false;
	for (size_t i = 0; i < FACTS_AT_START; i++)
		fact_ask(&inv->facts[i]);
}

void facts_resync(struct inventory *inv)
{
	inv->networks_fresh = false;
	if (inv->networks_refused)
		fact_ask(&inv->facts[FACT_NETWORKS]);
}

void facts_count(struct inventory *inv)
{
	if (inv->up)
		fact_ask(&inv->facts[FACT_INFO]);
	else
		inventory_counted(inv);
}

bool facts_idle(const struct inventory *inv)
{
	for (size_t i = 0; i < FACTS_AT_START; i++) {
		if (inv->facts[i].call)
			return false;
	}
	return true;
}

static bool is_asked(const struct inventory *inv, struct str id)
{
	const struct fact *f;

	TAILQ_FOREACH(f, &inv->network_facts, link) {
		if (str_eqz(id, f->network))
			return true;
	}
	return false;
}

bool facts_network(struct inventory *inv, struct str id, struct str name, bool *ret_internal)
{
	const struct network *n;
	struct fact *f;

	n = id.len ? smap_get(&inv->networks, id) : NULL;
	/* A container that does not run names no network id; podman 4 gives the name as id. */
	if (!n && (id.len == 0 || str_eq(id, name)))
		n = smap_get(&inv->networks, name);
	if (n) {
		*ret_internal = n->internal;
		return true;
	}
	if (inv->networks_refused || !inv->up) {
		*ret_internal = false;
		return true;
	}
	if (inv->facts[FACT_NETWORKS].call)
		return false; /* soon */
	if (id.len == 0) {
		*ret_internal = false;
		return true;
	}
	if (is_asked(inv, id))
		return false;
	f = xcalloc(1, sizeof(*f));
	f->inv = inv;
	f->row = &fact_rows[FACT_NETWORK];
	f->network = xmemdup0(id.p, id.len);
	TAILQ_INSERT_TAIL(&inv->network_facts, f, link);
	fact_send(f);
	return false;
}

void facts_give_up(struct inventory *inv)
{
	inv->networks_refused = true;
	entries_settle(inv);
}

void facts_forget_network(struct inventory *inv, struct str id)
{
	smap_remove(&inv->networks, id);
}
