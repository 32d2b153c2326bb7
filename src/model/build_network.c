/* SPDX-License-Identifier: MIT
 *
 * Addresses and networks of a container, by docker-gen's rules and in its order. See build.h.
 */
#include "config.h"

#include "model/build.h"

#include <stdlib.h>

static int compare_entries(const void *a, const void *b)
{
	const struct str *x = *(const struct str *const *)a, *y = *(const struct str *const *)b;
	int d = str_cmp(*x, *y);

	return d ? d : (x > y) - (x < y);
}

/* A dict's entries by key; of equal keys only the last. */
static const void **dict_sorted(struct builder *b, const struct shape_list *l, size_t size,
	size_t *ret_n)
{
	const void **v = arena_array(b->scratch, const void *, l->n ? l->n : 1);
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		v[i] = shape_list_at(l, i, size);
	qsort(v, l->n, sizeof(*v), compare_entries);
	for (size_t i = 0; i < l->n; i++) {
		if (n && str_eq(*(const struct str *)v[n - 1], *(const struct str *)v[i]))
			n--;
		v[n++] = v[i];
	}
	*ret_n = n;
	return v;
}

/* --- addresses --------------------------------------------------------------------------- */

/* What strconv.Atoi makes of a port when its error is ignored: 0 for what is no number, the nearest
 * number for one that is out of range, which is found before what follows its digits. */
static int64_t port_number(struct str s)
{
	bool negative = s.len && s.p[0] == '-';
	uint64_t n = 0;

	if (s.len && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_sub(s, 1, s.len);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return 0;
		if (__builtin_mul_overflow(n, 10, &n) ||
			__builtin_add_overflow(n, (uint64_t)(s.p[i] - '0'), &n))
			return negative ? INT64_MIN : INT64_MAX;
	}
	if (n > INT64_MAX)
		return negative ? INT64_MIN : INT64_MAX;
	return negative ? -(int64_t)n : (int64_t)n;
}

static int compare_addresses(const void *a, const void *b)
{
	const struct rec_address *x = a, *y = b;
	int64_t px = port_number(x->port), py = port_number(y->port);
	int d;

	if (px != py)
		return px < py ? -1 : 1;
	d = str_cmp(x->proto, y->proto);
	d = d ? d : str_cmp(x->host_port, y->host_port);
	d = d ? d : str_cmp(x->host_ip, y->host_ip);
	return d ? d : str_cmp(x->ip, y->ip);
}

/* The address of a port written "80/tcp"; a bare "80" is tcp. */
static struct rec_address *add_address(struct builder *b, struct rec_container *rec, struct str port)
{
	struct rec_address *a = (struct rec_address *)rec->addresses.data + rec->addresses.len++;
	struct str number, proto, rest;
	bool has_proto = str_cut(port, '/', &number, &proto);

	str_cut(proto, '/', &proto, &rest);
	a->port = a->container_port = build_own(b, number);
	a->proto = build_own(b, has_proto ? proto : STR("tcp"));
	a->ip = rec->ip;
	a->ip6_link_local = rec->ip6_link_local;
	a->ip6_global = rec->ip6_global;
	return a;
}

/* Published and open ports; if the engine names none, those that the image declares. */
static void build_addresses(struct builder *b, struct rec_container *rec)
{
	const struct inspect_network_settings *net = b->in->network_settings;
	const struct inspect_config *config = b->in->config;
	const void **ports;
	size_t n = 0;

	if (net && net->ports.n) {
		ports = dict_sorted(b, &net->ports, SHAPE_ENTRY_SIZE(struct shape_list), &n);
		rec->addresses = build_list(b, n, sizeof(struct rec_address));
		for (size_t i = 0; i < n; i++) {
			const struct shape_list *bindings = entry_elem(ports[i]);
			struct rec_address *a = add_address(b, rec, *(const struct str *)ports[i]);

			if (bindings->n) {
				const struct inspect_binding *first = bindings->v;

				a->host_port = build_own(b, first->host_port);
				a->host_ip = build_own(b, first->host_ip);
			}
		}
	} else if (config && config->exposed_ports.n) {
		ports = dict_sorted(b, &config->exposed_ports, SHAPE_ENTRY_SIZE(int64_t), &n);
		rec->addresses = build_list(b, n, sizeof(struct rec_address));
		for (size_t i = 0; i < n; i++)
			add_address(b, rec, *(const struct str *)ports[i]);
	} else {
		rec->addresses = build_list(b, 0, sizeof(struct rec_address));
	}
	if (n)
		qsort(rec->addresses.data, n, sizeof(struct rec_address), compare_addresses);
}

/* --- networks ------------------------------------------------------------------------------ */

static void build_network(struct builder *b, struct str name, const struct inspect_network *in,
	struct rec_network *network)
{
	network->name = build_shared(b, name);
	network->id = build_shared(b, in->id);
	network->vip = build_shared(b, in->vip);
	network->ip = build_own(b, in->ip);
	network->gateway = build_shared(b, in->gateway);
	network->endpoint_id = build_own(b, in->endpoint_id);
	network->ipv6_gateway = build_shared(b, in->ipv6_gateway);
	network->global_ipv6_address = build_own(b, in->global_ipv6);
	network->mac_address = build_own(b, in->mac);
	network->global_ipv6_prefix_len = in->global_ipv6_prefix_len;
	network->ip_prefix_len = in->prefix_len;
	network->aliases = build_list(b, in->aliases.n, sizeof(struct str));
	for (size_t i = 0; i < in->aliases.n; i++) {
		const struct str *alias = shape_list_at(&in->aliases, i, sizeof(*alias));

		((struct str *)network->aliases.data)[network->aliases.len++] = build_own(b, *alias);
	}
}

static void build_networks(struct builder *b, struct rec_container *rec)
{
	const struct inspect_network_settings *net = b->in->network_settings;
	const void **sorted;
	size_t n = 0;

	if (net)
		sorted = dict_sorted(b, &net->networks, SHAPE_ENTRY_SIZE(struct inspect_network), &n);
	rec->networks = build_list(b, n, sizeof(struct rec_network));
	for (size_t i = 0; i < n; i++)
		build_network(b, *(const struct str *)sorted[i], entry_elem(sorted[i]),
			(struct rec_network *)rec->networks.data + rec->networks.len++);
}

/* The network whose addresses older engines gave as the container's own: the default bridge if it is
 * connected to that, else the first. */
static const struct rec_network *main_network(const struct rec_container *rec)
{
	const struct rec_network *networks = rec->networks.data;

	for (size_t i = 0; i < rec->networks.len; i++) {
		if (str_eq(networks[i].name, STR("bridge")))
			return &networks[i];
	}
	return rec->networks.len ? networks : NULL;
}

/* .IP and its kin. An engine that still sends these fields is believed, even when they are empty. */
static void build_ips(struct builder *b, struct rec_container *rec)
{
	const struct inspect_network_settings *net = b->in->network_settings;
	const struct rec_network *from = main_network(rec);

	if (!net)
		return;
	rec->ip = net->ip.p || !from ? build_own(b, net->ip) : from->ip;
	rec->gateway = net->gateway.p || !from ? build_shared(b, net->gateway) : from->gateway;
	rec->ip6_global = net->global_ipv6.p || !from ? build_own(b, net->global_ipv6)
						      : from->global_ipv6_address;
	rec->ip6_link_local = build_own(b, net->link_local_ipv6);
}

void build_networking(struct builder *b, struct rec_container *rec)
{
	build_networks(b, rec);
	build_ips(b, rec);
	build_addresses(b, rec);
}
