/* SPDX-License-Identifier: MIT
 *
 * Ports in inspects and lists (inspect-web, inspect-shared, containers-json-all), and whose they
 * are: a container may live in the network of another.
 */
#include "config.h"

#include "engine/sim_fields_table.h"

#include "engine/sim_flavour.h"
#include "engine/sim_model.h"

const struct sim_container *sim_joined(const struct render *r)
{
	if (r->c->mode != SIM_MODE_CONTAINER)
		return NULL;
	return smap_get(&r->sim->by_id, str_from(r->c->joined));
}

bool sim_has_ports(const struct render *r)
{
	return r->c->ports.n > 0;
}

void sim_put_exposed_ports(const struct render *r)
{
	buf_add_char(r->out, '{');
	for (size_t i = 0; i < r->c->ports.n; i++)
		buf_add_fmt(r->out, "%s\"%u/%s\":{}", i ? "," : "", r->c->ports.v[i].port,
			r->c->ports.v[i].proto);
	buf_add_char(r->out, '}');
}

void sim_put_port_bindings(const struct render *r)
{
	bool first = true;

	buf_add_char(r->out, '{');
	for (size_t i = 0; i < r->c->ports.n; i++) {
		const struct sim_port *p = &r->c->ports.v[i];

		if (!p->host_port && !r->sim->fl->bindings_show_exposed)
			continue;
		if (!p->host_port) {
			buf_add_fmt(
				r->out, "%s\"%u/%s\":null", first ? "" : ",", p->port, p->proto);
			first = false;
			continue;
		}
		buf_add_fmt(r->out, "%s\"%u/%s\":[{\"HostIp\":\"%s\",\"HostPort\":\"%u\"}]",
			first ? "" : ",", p->port, p->proto, p->host_ip, p->host_port);
		first = false;
	}
	buf_add_char(r->out, '}');
}

/* Calls visit for each address that the port is published on. */
static void each_binding(const struct render *r, const struct sim_port *p,
	void (*visit)(const struct render *r, const struct sim_port *p, const char *ip, bool first))
{
	const struct flavour *fl = r->sim->fl;

	if (*p->host_ip) {
		visit(r, p, p->host_ip, true);
		return;
	}
	visit(r, p, fl->any_ip_is_empty ? "" : "0.0.0.0", true);
	if (fl->ports_on_any_ip6)
		visit(r, p, "::", false);
}

static void put_binding(
	const struct render *r, const struct sim_port *p, const char *ip, bool first)
{
	buf_add_fmt(r->out, "%s{\"HostIp\":\"%s\",\"HostPort\":\"%u\"}", first ? "" : ",", ip,
		p->host_port);
}

/* The container whose ports are shown: on podman the one whose network this one shares. */
static const struct sim_container *ports_owner(const struct render *r)
{
	const struct sim_container *other = r->sim->fl->podman ? sim_joined(r) : NULL;

	return other ? other : r->c;
}

void sim_put_ports(const struct render *r)
{
	const struct sim_container *c = ports_owner(r);
	bool first = true;

	buf_add_char(r->out, '{');
	for (size_t i = 0; sim_container_is_up(r->c) && i < c->ports.n; i++) {
		const struct sim_port *p = &c->ports.v[i];

		if (!p->host_port && c != r->c && !r->sim->fl->bindings_show_exposed)
			continue; /* inspect-shared of 5.8.6 */
		buf_add_fmt(r->out, "%s\"%u/%s\":", first ? "" : ",", p->port, p->proto);
		first = false;
		if (!p->host_port) {
			buf_add_cstr(r->out, "null");
			continue;
		}
		buf_add_char(r->out, '[');
		each_binding(r, p, put_binding);
		buf_add_char(r->out, ']');
	}
	buf_add_char(r->out, '}');
}

static void put_list_port(
	const struct render *r, const struct sim_port *p, const char *ip, bool first UNUSED)
{
	if (r->out->data[r->out->len - 1] != '[')
		buf_add_char(r->out, ',');
	buf_add_char(r->out, '{');
	if (*ip || r->sim->fl->list_ip_always)
		buf_add_fmt(r->out, "\"IP\":\"%s\",", ip);
	buf_add_fmt(r->out, "\"PrivatePort\":%u,", p->port);
	if (p->host_port)
		buf_add_fmt(r->out, "\"PublicPort\":%u,", p->host_port);
	buf_add_fmt(r->out, "\"Type\":\"%s\"}", p->proto);
}

void sim_put_list_ports(const struct render *r)
{
	const struct sim_container *c = ports_owner(r);

	buf_add_char(r->out, '[');
	for (size_t i = 0; sim_container_is_up(r->c) && i < c->ports.n; i++) {
		const struct sim_port *p = &c->ports.v[i];

		if (p->host_port)
			each_binding(r, p, put_list_port);
		else if (c == r->c && !r->sim->fl->bindings_show_exposed)
			put_list_port(r, p, "", false);
	}
	buf_add_char(r->out, ']');
}
