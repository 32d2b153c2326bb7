/* SPDX-License-Identifier: MIT
 *
 * The members of endpoints, networks and of /info that follow the engine's state. Read from
 * networks, network-front, info and the NetworkSettings of the inspects of every engine.
 */
#include "config.h"

#include "engine/sim_fields_table.h"

#include "base/clock.h"
#include "engine/sim_fields.h"
#include "engine/sim_flavour.h"
#include "engine/sim_json.h"
#include "engine/sim_model.h"
#include "engine/sim_write.h"

#include <string.h>

static bool on_user_network(const struct render *r)
{
	return r->c->mode == SIM_MODE_NETWORK &&
	       strcmp(r->ep->net->name, r->sim->fl->default_network) != 0;
}

/* The names in ["…"], null if there is none. */
static void put_names(const struct render *r, const char *own, bool short_id)
{
	const char *alias = r->ep->alias;
	const char *comma = "";

	if (!own && !alias && !short_id) {
		buf_add_cstr(r->out, "null");
		return;
	}
	buf_add_char(r->out, '[');
	if (own) {
		json_cstring(r->out, own, false);
		comma = ",";
	}
	if (alias) {
		buf_add_cstr(r->out, comma);
		json_cstring(r->out, alias, false);
		comma = ",";
	}
	if (short_id)
		buf_add_fmt(r->out, "%s\"%.*s\"", comma, SIM_SHORT_ID_LEN, r->c->id);
	buf_add_char(r->out, ']');
}

/* docker up to 24 adds the short id on networks that users made while the container runs, podman
 * always. docker's lists and its default network have no aliases. */
static void put_aliases(const struct render *r)
{
	const struct flavour *fl = r->sim->fl;

	if (fl->podman)
		put_names(r, NULL, !r->ep->net->hidden);
	else if (r->list || !on_user_network(r) || !r->ep->ip)
		buf_add_cstr(r->out, "null");
	else
		put_names(r, NULL, fl->alias_short_id);
}

static void put_dns_names(const struct render *r)
{
	if (r->list || r->sim->fl->podman || !on_user_network(r) || !r->ep->ip)
		buf_add_cstr(r->out, "null");
	else
		put_names(r, r->c->name, true);
}

static void put_null(const struct render *r)
{
	buf_add_cstr(r->out, "null");
}

static void put_network_id(const struct render *r)
{
	const struct sim_network *net = r->ep->net;
	const struct flavour *fl = r->sim->fl;

	if (r->c->status == SIM_CREATED && !fl->created_has_network_id)
		buf_add_cstr(r->out, "\"\"");
	else
		json_cstring(
			r->out, fl->network_id_is_name || net->hidden ? net->name : net->id, false);
}

void sim_put_endpoint_id(const struct render *r)
{
	json_cstring(r->out, r->sim->fl->podman ? "" : r->ep->id, false);
}

void sim_put_gateway(const struct render *r)
{
	buf_add_char(r->out, '"');
	write_ip(r->out, r->ep->ip ? r->ep->net->subnet + 1 : 0);
	buf_add_char(r->out, '"');
}

void sim_put_ip(const struct render *r)
{
	buf_add_char(r->out, '"');
	write_ip(r->out, r->ep->ip);
	buf_add_char(r->out, '"');
}

void sim_put_prefix(const struct render *r)
{
	buf_add_fmt(r->out, "%u", r->ep->ip ? r->ep->net->prefix : 0);
}

void sim_put_mac(const struct render *r)
{
	buf_add_char(r->out, '"');
	write_mac(r->out, r->ep);
	buf_add_char(r->out, '"');
}

const struct field sim_endpoint_fields[] = {
	{"IPAMConfig", put_null, NULL},
	{"Aliases", put_aliases, NULL},
	{"DNSNames", put_dns_names, NULL},
	{"NetworkID", put_network_id, NULL},
	{"EndpointID", sim_put_endpoint_id, NULL},
	{"Gateway", sim_put_gateway, NULL},
	{"IPAddress", sim_put_ip, NULL},
	{"IPPrefixLen", sim_put_prefix, NULL},
	{"MacAddress", sim_put_mac, NULL},
};
const size_t sim_endpoint_fields_n = ARRAY_LEN(sim_endpoint_fields);

static void put_name(const struct render *r)
{
	bool podman_default = r->sim->fl->podman && strcmp(r->net->name, "podman") == 0;

	json_cstring(r->out, podman_default ? "bridge" : r->net->name, false);
}

static void put_id(const struct render *r)
{
	json_cstring(r->out, r->net->id, false);
}

static void put_created(const struct render *r)
{
	write_time(r->out, r->net->created);
}

static void put_driver(const struct render *r)
{
	json_cstring(r->out, r->net->driver, false);
}

static void put_subnet(const struct render *r)
{
	if (!r->net->prefix) {
		buf_add_cstr(r->out, r->sim->fl->null_subnets ? "null" : "[]");
		return;
	}
	buf_add_cstr(r->out, "[{\"Subnet\":\"");
	write_ip(r->out, r->net->subnet);
	buf_add_fmt(r->out, "/%u\",\"Gateway\":\"", r->net->prefix);
	write_ip(r->out, r->net->subnet + 1);
	buf_add_cstr(r->out, "\"}]");
}

static void put_member(
	const struct render *r, const struct sim_container *c, const struct sim_endpoint *ep)
{
	buf_add_fmt(r->out, "\"%s\":{\"Name\":\"%s\",\"EndpointID\":\"%s\",\"MacAddress\":\"",
		c->id, c->name, r->sim->fl->podman ? "" : ep->id);
	write_mac(r->out, ep);
	buf_add_cstr(r->out, "\",\"IPv4Address\":\"");
	write_ip(r->out, ep->ip);
	if (ep->ip)
		buf_add_fmt(r->out, "/%u", ep->net->prefix);
	buf_add_cstr(r->out, "\",\"IPv6Address\":\"\"}");
}

/* docker shows the running containers, and only where one network is asked for. */
static void put_containers(const struct render *r)
{
	const struct sim *s = r->sim;
	bool first = true;

	if (r->list && s->fl->null_containers) {
		buf_add_cstr(r->out, "null");
		return;
	}
	buf_add_char(r->out, '{');
	for (size_t i = 0; (!r->list || s->fl->list_has_containers) && i < s->containers.n; i++) {
		struct sim_container *c = s->containers.v[i];
		const struct sim_endpoint *ep = sim_endpoint_find(c, r->net);

		if (!ep || (!s->fl->podman && !sim_container_is_up(c)))
			continue;
		if (!first)
			buf_add_char(r->out, ',');
		first = false;
		put_member(r, c, ep);
	}
	buf_add_char(r->out, '}');
}

/* network-front of 29. */
static void put_network_status(const struct render *r)
{
	unsigned used = 3; /* the network's own, its broadcast address and the gateway */
	unsigned long long all = r->net->prefix ? 1ull << (32 - r->net->prefix) : 0;

	for (size_t i = 0; i < r->sim->containers.n; i++) {
		const struct sim_endpoint *ep = sim_endpoint_find(r->sim->containers.v[i], r->net);

		used += ep && ep->ip;
	}
	buf_add_cstr(r->out, "{\"IPAM\":{\"Subnets\":{");
	if (all) {
		buf_add_char(r->out, '"');
		write_ip(r->out, r->net->subnet);
		buf_add_fmt(r->out, "/%u\":{\"IPsInUse\":%u,\"DynamicIPsAvailable\":%llu}",
			r->net->prefix, used, all - used);
	}
	buf_add_cstr(r->out, "}}}");
}

static void put_labels(const struct render *r)
{
	write_pairs(r->out, &r->net->labels, false);
}

const struct field sim_network_fields[] = {
	{"Name", put_name, NULL},
	{"Id", put_id, NULL},
	{"Created", put_created, NULL},
	{"Driver", put_driver, NULL},
	{"IPAM.Config", put_subnet, NULL},
	{"Containers", put_containers, NULL},
	{"Labels", put_labels, NULL},
	{"Status", put_network_status, NULL},
};
const size_t sim_network_fields_n = ARRAY_LEN(sim_network_fields);

static void put_count(const struct render *r, bool (*wanted)(const struct sim_container *c))
{
	size_t n = 0;

	for (size_t i = 0; i < r->sim->containers.n; i++)
		n += wanted(r->sim->containers.v[i]);
	buf_add_fmt(r->out, "%zu", n);
}

static bool is_any(const struct sim_container *c UNUSED)
{
	return true;
}

static bool is_running(const struct sim_container *c)
{
	return c->status == SIM_RUNNING;
}

static bool is_paused(const struct sim_container *c)
{
	return c->status == SIM_PAUSED;
}

static bool is_stopped(const struct sim_container *c)
{
	return !sim_container_is_up(c);
}

static void put_all(const struct render *r)
{
	put_count(r, is_any);
}

static void put_running(const struct render *r)
{
	put_count(r, is_running);
}

static void put_paused(const struct render *r)
{
	put_count(r, is_paused);
}

static void put_stopped(const struct render *r)
{
	put_count(r, is_stopped);
}

static void put_system_time(const struct render *r)
{
	write_time(r->out, clock_real_ns());
}

const struct field sim_info_fields[] = {
	{"Containers", put_all, NULL},
	{"ContainersRunning", put_running, NULL},
	{"ContainersPaused", put_paused, NULL},
	{"ContainersStopped", put_stopped, NULL},
	{"SystemTime", put_system_time, NULL},
};
const size_t sim_info_fields_n = ARRAY_LEN(sim_info_fields);
