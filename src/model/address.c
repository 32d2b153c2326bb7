/* SPDX-License-Identifier: MIT
 *
 * The rules of address.h, each a function that changes a copy of a container.
 */
#include "config.h"

#include "model/address.h"

#include "model/container.h"

#define SHARED_PREFIX "container:"

bool address_is_shared(const struct container *c, struct str *ret_owner)
{
	static const struct str prefix = STR_INIT(SHARED_PREFIX);
	struct str mode = c->rec.network_mode;

	if (!str_has_prefix(mode, prefix))
		return false;
	*ret_owner = str_sub(mode, prefix.len, mode.len);
	return true;
}

static struct rec_network *networks(struct container *c)
{
	return c->rec.networks.data;
}

static struct rec_address *addresses(struct container *c)
{
	return c->rec.addresses.data;
}

static bool is_ip6(struct str address)
{
	return str_chr(address, ':') >= 0;
}

static bool is_loopback(struct str address)
{
	return str_has_prefix(address, STR("127.")) || str_eq(address, STR("::1")) ||
	       str_eq(address, STR("localhost"));
}

/* --- all addresses of a container at once -------------------------------------------------- */

static void set_address(struct rec_address *a, struct str address)
{
	a->ip6_link_local = STR("");
	a->ip = is_ip6(address) ? STR("") : address;
	a->ip6_global = is_ip6(address) ? address : STR("");
}

/* Of the container and its networks. */
static void set_own(struct container *c, struct str address)
{
	struct str ip = is_ip6(address) ? STR("") : address;
	struct str ip6 = is_ip6(address) ? address : STR("");

	c->rec.ip = ip;
	c->rec.ip6_global = ip6;
	c->rec.ip6_link_local = STR("");
	for (size_t i = 0; i < c->rec.networks.len; i++) {
		networks(c)[i].ip = ip;
		networks(c)[i].global_ipv6_address = ip6;
	}
}

static void set_all(struct container *c, struct str address)
{
	set_own(c, address);
	for (size_t i = 0; i < c->rec.addresses.len; i++)
		set_address(&addresses(c)[i], address);
}

static bool has_any(struct container *c)
{
	size_t len = c->rec.ip.len + c->rec.ip6_global.len + c->rec.ip6_link_local.len;

	for (size_t i = 0; i < c->rec.networks.len; i++)
		len += networks(c)[i].ip.len + networks(c)[i].global_ipv6_address.len;
	for (size_t i = 0; i < c->rec.addresses.len; i++)
		len += addresses(c)[i].ip.len + addresses(c)[i].ip6_global.len;
	return len > 0;
}

/* --- published ports ------------------------------------------------------------------------ */

/* Where a published port is reached from elsewhere; empty if it is not. One that is bound to a
 * loopback address can be reached only there. */
static struct str published_at(const struct rec_address *a, struct str host)
{
	bool everywhere = a->host_ip.len == 0 || str_eq(a->host_ip, STR("0.0.0.0")) ||
			  str_eq(a->host_ip, STR("::"));

	if (a->host_port.len == 0)
		return STR("");
	if (everywhere)
		return host;
	return is_loopback(a->host_ip) && !is_loopback(host) ? STR("") : a->host_ip;
}

/* Only published ports are left; where the first of them is reached is the container's address. */
static void publish(struct container *c, struct str host)
{
	struct rec_address *to = addresses(c);
	struct str first = STR("");

	for (size_t i = 0; i < c->rec.addresses.len; i++) {
		struct rec_address a = addresses(c)[i];
		struct str at = published_at(&a, host);

		if (at.len == 0)
			continue;
		if (first.len == 0)
			first = at;
		set_address(&a, at);
		a.port = a.host_port;
		*to++ = a;
	}
	c->rec.addresses.len = (uint32_t)(to - addresses(c));
	set_own(c, first);
}

/* --- shared networks ------------------------------------------------------------------------- */

static const struct rec_address *find_port(struct container *owner, const struct rec_address *a)
{
	for (size_t i = 0; i < owner->rec.addresses.len; i++) {
		const struct rec_address *at = &addresses(owner)[i];

		if (str_eq(at->container_port, a->container_port) && str_eq(at->proto, a->proto))
			return at;
	}
	return NULL;
}

/* The ports of a container are its own, but its owner publishes them. */
static void follow_ports(struct container *c, struct container *owner, bool published)
{
	struct rec_address *to = addresses(c);

	for (size_t i = 0; i < c->rec.addresses.len; i++) {
		struct rec_address a = addresses(c)[i];
		const struct rec_address *theirs = find_port(owner, &a);

		if (theirs) {
			a = *theirs;
		} else if (published) {
			continue;
		} else {
			a.ip = owner->rec.ip;
			a.ip6_global = owner->rec.ip6_global;
			a.ip6_link_local = owner->rec.ip6_link_local;
		}
		*to++ = a;
	}
	c->rec.addresses.len = (uint32_t)(to - addresses(c));
}

static void follow(struct container *c, struct container *owner, bool published)
{
	c->rec.networks = owner->rec.networks;
	c->rec.ip = owner->rec.ip;
	c->rec.ip6_global = owner->rec.ip6_global;
	c->rec.ip6_link_local = owner->rec.ip6_link_local;
	c->rec.gateway = owner->rec.gateway;
	follow_ports(c, owner, published);
}

/* --- the rules ------------------------------------------------------------------------------- */

struct container *address_apply(
	const struct address_rules *rules, struct container *c, struct container *owner)
{
	struct str host = rules->host.p ? rules->host : rules->published, name;
	bool runs = c->rec.state.running;
	bool shared = rules->follow && address_is_shared(c, &name);
	bool in_host = host.p && str_eq(c->rec.network_mode, STR("host"));
	struct container *copy;

	if (runs ? !shared && !in_host && !rules->published.p : !has_any(c))
		return container_ref(c);
	if (!in_host)
		host = rules->published;
	copy = container_with_addresses(c, shared ? owner : NULL, &host);
	if (rules->published.p)
		copy->rec.engine.address = STR("published");
	if (!runs || (shared && !owner))
		set_all(copy, STR(""));
	else if (shared)
		follow(copy, owner, rules->published.p != NULL);
	else if (in_host)
		set_all(copy, host);
	else
		publish(copy, host);
	container_seal(copy);
	return copy;
}
