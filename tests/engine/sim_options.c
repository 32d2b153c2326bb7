/* SPDX-License-Identifier: MIT
 *
 * Options of a scripted container: "label.KEY=VALUE", "env.KEY=VALUE", "port=80/tcp@127.0.0.1:8080"
 * and so on, one row per key. They come from the command line and the control socket.
 */
#include "config.h"

#include "engine/sim_model.h"

#include "base/alloc.h"
#include "engine/sim_flavour.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct option {
	const char *key; /* ends in a dot: the rest of the key is an argument */
	bool (*set)(struct sim *s, struct sim_container *c, const char *sub, const char *value,
		struct error *err);
};

static bool set_image(struct sim *s, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err UNUSED)
{
	free(c->image);
	c->image = xasprintf("%s%s", strchr(value, '/') ? "" : s->fl->image_prefix, value);
	return true;
}

static bool set_label(struct sim *s UNUSED, struct sim_container *c, const char *sub,
	const char *value, struct error *err UNUSED)
{
	sim_pairs_set(&c->labels, sub, value);
	return true;
}

static bool unset_label(struct sim *s UNUSED, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err UNUSED)
{
	sim_pairs_set(&c->labels, value, NULL);
	return true;
}

static bool set_env(struct sim *s UNUSED, struct sim_container *c, const char *sub,
	const char *value, struct error *err UNUSED)
{
	sim_pairs_set(&c->env, sub, value);
	return true;
}

static bool port_number(struct str text, unsigned *ret, struct error *err)
{
	uint64_t n;

	if (!str_to_u64(text, 65535, &n) || n == 0)
		return error_set(err, "bad port '%.*s'", STR_ARG(text));
	*ret = (unsigned)n;
	return true;
}

/* The host side of a published port: PORT or ADDRESS:PORT. */
static bool port_host(struct sim_port *p, struct str host, struct error *err)
{
	ssize_t colon = str_rchr(host, ':');
	size_t from = colon < 0 ? 0 : (size_t)colon + 1;

	if (!port_number(str_sub(host, from, host.len), &p->host_port, err))
		return false;
	free(p->host_ip);
	p->host_ip = xmemdup0(host.p, colon < 0 ? 0 : (size_t)colon);
	return true;
}

static int port_order(const struct sim_port *a, const struct sim_port *b)
{
	char ka[32], kb[32];

	snprintf(ka, sizeof(ka), "%u/%s", a->port, a->proto);
	snprintf(kb, sizeof(kb), "%u/%s", b->port, b->proto);
	return strcmp(ka, kb);
}

/* Go writes maps by key, and a port's key is text: "443/tcp" is before "80/tcp". */
static void port_insert(struct sim_container *c, struct sim_port p)
{
	size_t i = 0;

	while (i < c->ports.n && port_order(&c->ports.v[i], &p) < 0)
		i++;
	vec_push(&c->ports, p);
	memmove(&c->ports.v[i + 1], &c->ports.v[i], (c->ports.n - 1 - i) * sizeof(p));
	c->ports.v[i] = p;
}

static bool set_port(struct sim *s UNUSED, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err)
{
	struct str inside, host = {NULL, 0}, number, proto = STR("tcp");
	struct sim_port p = {.port = 0};
	bool published = str_cut(str_from(value), '@', &inside, &host);

	if (!str_cut(inside, '/', &number, &proto))
		proto = STR("tcp");
	if (!port_number(number, &p.port, err))
		return false;
	p.host_ip = xstrdup("");
	if (published && !port_host(&p, host, err)) {
		free(p.host_ip);
		return false;
	}
	p.proto = xmemdup0(proto.p, proto.len);
	port_insert(c, p);
	return true;
}

static bool set_network(struct sim *s, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err)
{
	struct str name, alias;
	bool named = str_cut(str_from(value), ':', &name, &alias);
	char *text = xmemdup0(name.p, name.len);
	struct sim_network *net = sim_network_find(s, text);
	struct sim_endpoint *ep;

	free(text);
	if (!net)
		return error_set(err, "no network '%.*s'", STR_ARG(name));
	c->mode = SIM_MODE_NETWORK;
	ep = sim_endpoint_find(c, net);
	if (!ep)
		ep = sim_endpoint_add(s, c, net);
	free(ep->alias);
	ep->alias = named ? xmemdup0(alias.p, alias.len) : NULL;
	return true;
}

static bool set_volume(struct sim *s UNUSED, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err)
{
	struct str name, dir;
	char *text;

	if (!str_cut(str_from(value), ':', &name, &dir))
		return error_set(err, "'%s' is not NAME:/DIR", value);
	text = xmemdup0(name.p, name.len);
	sim_pairs_set(&c->volumes, text, dir.p);
	free(text);
	return true;
}

static bool set_mode(struct sim *s, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err)
{
	struct sim_container *other = NULL;

	if (strncmp(value, "container:", 10) == 0) {
		other = sim_container_find(s, value + 10);
		if (!other)
			return error_set(err, "no container '%s'", value + 10);
		c->mode = SIM_MODE_CONTAINER;
		free(c->joined);
		c->joined = xstrdup(other->id);
		return true;
	}
	if (strcmp(value, "host") != 0 && strcmp(value, "none") != 0)
		return error_set(err, "mode is host, none or container:NAME, not '%s'", value);
	c->mode = strcmp(value, "host") == 0 ? SIM_MODE_HOST : SIM_MODE_NONE;
	if (s->fl->podman && !s->fl->shows_modes) /* containers-json-all */
		return true;
	sim_endpoint_add(s, c, sim_network_find(s, value));
	return true;
}

static bool set_health(struct sim *s UNUSED, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err UNUSED)
{
	free(c->health);
	c->health = strcmp(value, "none") == 0 ? NULL : xstrdup(value);
	return true;
}

static bool set_stop_signal(struct sim *s UNUSED, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err UNUSED)
{
	free(c->stop_signal);
	c->stop_signal = xstrdup(value);
	return true;
}

static bool set_restart(struct sim *s UNUSED, struct sim_container *c, const char *sub UNUSED,
	const char *value, struct error *err)
{
	c->always = strcmp(value, "always") == 0;
	return c->always || strcmp(value, "no") == 0 ||
	       error_set(err, "restart is always or no, not '%s'", value);
}

static const struct option options[] = {
	{"env.", set_env},
	{"health", set_health},
	{"image", set_image},
	{"label.", set_label},
	{"mode", set_mode},
	{"network", set_network},
	{"port", set_port},
	{"restart", set_restart},
	{"stop-signal", set_stop_signal},
	{"unlabel", unset_label},
	{"volume", set_volume},
};

/* The row for key; *ret_sub is what follows a dotted one. */
static const struct option *option_find(struct str key, struct str *ret_sub)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		struct str name = str_from(options[i].key);

		if (str_has_suffix(name, STR(".")) ? str_has_prefix(key, name)
						   : str_eq(key, name)) {
			*ret_sub = str_sub(key, name.len, key.len);
			return &options[i];
		}
	}
	return NULL;
}

bool sim_container_option(
	struct sim *s, struct sim_container *c, const char *option, struct error *err)
{
	struct str key, value, sub;
	const struct option *row;
	char *k, *v;
	bool ok;

	if (!str_cut(str_from(option), '=', &key, &value))
		return error_set(err, "'%s' is not KEY=VALUE", option);
	row = option_find(key, &sub);
	if (!row)
		return error_set(err, "unknown option '%.*s'", STR_ARG(key));
	k = xmemdup0(sub.p, sub.len);
	v = xmemdup0(value.p, value.len);
	ok = row->set(s, c, k, v, err);
	free(k);
	free(v);
	return ok;
}
