/* SPDX-License-Identifier: MIT
 *
 * A task as a container, see swarm.h. It is written down as an inspect would show its container,
 * and goes the way of all inspects; so names, images and variables follow the same rules. What no
 * list tells of a task is left out: mounts, devices, and ports that no service publishes.
 */
#include "config.h"

#include "model/swarm.h"

#include "model/container.h"

#include <stdlib.h>

#define SHORT_ID_LEN 12

struct label {
	struct str key, value;
};

struct port_entry {
	struct str key;
	struct shape_list bindings;
};

struct network_entry {
	struct str name;
	struct inspect_network network;
};

/* The layouts that shape_list_at expects of dicts. */
_Static_assert(sizeof(struct label) == SHAPE_ENTRY_SIZE(struct str) &&
		       offsetof(struct label, value) == SHAPE_ELEM,
	"a label is an entry of a dict of strings");
_Static_assert(sizeof(struct port_entry) == SHAPE_ENTRY_SIZE(struct shape_list) &&
		       offsetof(struct port_entry, bindings) == SHAPE_ELEM,
	"a port is an entry of a dict of lists");
_Static_assert(sizeof(struct network_entry) == SHAPE_ENTRY_SIZE(struct inspect_network) &&
		       offsetof(struct network_entry, network) == SHAPE_ELEM,
	"a network is an entry of a dict of networks");

/* --- copies ------------------------------------------------------------------------------- */

static void copy_list(struct arena *arena, struct shape_list *l, size_t size)
{
	l->cap = l->n;
	l->v = l->n ? arena_memdup(arena, l->v, l->n * size) : NULL;
}

struct swarm_service *swarm_service_copy(struct arena *arena, const struct swarm_service *s)
{
	struct swarm_service *copy = arena_memdup(arena, s, sizeof(*s));
	struct label *labels;
	struct swarm_port *ports;
	struct swarm_vip *vips;

	copy->id = arena_str(arena, s->id);
	copy->spec.name = arena_str(arena, s->spec.name);
	copy_list(arena, &copy->spec.labels, sizeof(*labels));
	labels = copy->spec.labels.v;
	for (size_t i = 0; i < copy->spec.labels.n; i++) {
		labels[i].key = arena_str(arena, labels[i].key);
		labels[i].value = arena_str(arena, labels[i].value);
	}
	copy_list(arena, &copy->endpoint.ports, sizeof(*ports));
	ports = copy->endpoint.ports.v;
	for (size_t i = 0; i < copy->endpoint.ports.n; i++) {
		ports[i].proto = arena_str(arena, ports[i].proto);
		ports[i].mode = arena_str(arena, ports[i].mode);
	}
	copy_list(arena, &copy->endpoint.vips, sizeof(*vips));
	vips = copy->endpoint.vips.v;
	for (size_t i = 0; i < copy->endpoint.vips.n; i++) {
		vips[i].network = arena_str(arena, vips[i].network);
		vips[i].address = arena_str(arena, vips[i].address);
	}
	return copy;
}

struct swarm_node *swarm_node_copy(struct arena *arena, const struct swarm_node *n)
{
	struct swarm_node *copy = arena_memdup(arena, n, sizeof(*n));

	copy->id = arena_str(arena, n->id);
	copy->spec.availability = arena_str(arena, n->spec.availability);
	copy->description.hostname = arena_str(arena, n->description.hostname);
	copy->status.state = arena_str(arena, n->status.state);
	copy->status.address = arena_str(arena, n->status.address);
	copy->manager.address = arena_str(arena, n->manager.address);
	return copy;
}

/* --- what counts --------------------------------------------------------------------------- */

bool swarm_task_runs(const struct swarm_task *t)
{
	return str_eq(t->desired_state, STR("running")) &&
	       str_eq(t->status.state, STR("running")) && t->status.container.id.len &&
	       t->service.len;
}

bool swarm_node_works(const struct swarm_node *n)
{
	return !str_eq(n->status.state, STR("down")) &&
	       !str_eq(n->status.state, STR("disconnected")) &&
	       !str_eq(n->spec.availability, STR("drain"));
}

/* --- parts of a container -------------------------------------------------------------------- */

/* What a task is made of, and the memory for what is written down of it. */
struct maker {
	const struct swarm_task *task;
	const struct swarm_service *service;
	const struct swarm_node *node;
	struct arena arena;
};

/* 10.0.1.2/24 without its prefix length. */
static struct str without_prefix(struct str address)
{
	struct str ip, rest;

	str_cut(address, '/', &ip, &rest);
	return ip;
}

static int64_t prefix_len(struct str address)
{
	struct str ip, rest;
	uint64_t n;

	if (!str_cut(address, '/', &ip, &rest) || !str_to_u64(rest, 128, &n))
		return 0;
	return (int64_t)n;
}

/* SERVICE.SLOT.TASK, or the node's id for the slot where each node has one task. */
static struct str task_name(struct maker *m)
{
	const struct swarm_task *t = m->task;

	if (t->slot)
		return arena_fmt(&m->arena, "%.*s.%lld.%.*s", STR_ARG(m->service->spec.name),
			(long long)t->slot, STR_ARG(t->id));
	return arena_fmt(&m->arena, "%.*s.%.*s.%.*s", STR_ARG(m->service->spec.name),
		STR_ARG(t->node), STR_ARG(t->id));
}

/* The service's, then the container's, then those that every container of a task has on its node:
 * of equal names the last counts. */
static struct shape_list task_labels(struct maker *m, struct str name)
{
	const struct shape_list *services = &m->service->spec.labels;
	const struct shape_list *own = &m->task->spec.container.labels;
	const struct label fixed[] = {
		{STR("com.docker.swarm.node.id"), m->task->node},
		{STR("com.docker.swarm.service.id"), m->task->service},
		{STR("com.docker.swarm.service.name"), m->service->spec.name},
		{STR("com.docker.swarm.task"), STR("")},
		{STR("com.docker.swarm.task.id"), m->task->id},
		{STR("com.docker.swarm.task.name"), name},
	};
	size_t n = services->n + own->n + ARRAY_LEN(fixed);
	struct label *labels = arena_array(&m->arena, struct label, n), *at = labels;

	if (services->n)
		memcpy(at, services->v, services->n * sizeof(*at));
	at += services->n;
	if (own->n)
		memcpy(at, own->v, own->n * sizeof(*at));
	at += own->n;
	memcpy(at, fixed, sizeof(fixed));
	return (struct shape_list){.v = labels, .n = n, .cap = n, .set = true};
}

/* Where the node is reached; a manager may know itself by its manager's address only. */
static struct str node_address(const struct swarm_node *n)
{
	struct str address = n->status.address, manager = n->manager.address;
	ssize_t colon;

	if (!str_eq(address, STR("0.0.0.0")) && !str_eq(address, STR("")))
		return address;
	colon = str_rchr(manager, ':');
	return colon > 0 ? str_sub(manager, 0, (size_t)colon) : STR("");
}

/* The port of the node that the task itself has, which may be another one for each task. */
static int64_t host_port(const struct swarm_task *t, const struct swarm_port *p)
{
	for (size_t i = 0; i < t->status.port.ports.n; i++) {
		const struct swarm_port *at = (const struct swarm_port *)t->status.port.ports.v + i;

		if (at->target == p->target && str_eq(at->proto, p->proto))
			return at->published;
	}
	return p->published;
}

/* A port that every node publishes has no address; one of the task's node alone has the node's. */
static struct shape_list task_ports(struct maker *m)
{
	const struct shape_list *ports = &m->service->endpoint.ports;
	struct port_entry *entries = arena_array(&m->arena, struct port_entry, ports->n + 1);

	for (size_t i = 0; i < ports->n; i++) {
		const struct swarm_port *p = (const struct swarm_port *)ports->v + i;
		struct inspect_binding *b = arena_new(&m->arena, struct inspect_binding);
		bool host = str_eq(p->mode, STR("host"));
		int64_t published = host ? host_port(m->task, p) : p->published;

		entries[i] = (struct port_entry){.key = arena_fmt(&m->arena, "%lld/%.*s",
							 (long long)p->target, STR_ARG(p->proto))};
		if (published <= 0)
			continue;
		b->host_port = arena_fmt(&m->arena, "%lld", (long long)published);
		b->host_ip = host ? node_address(m->node) : STR("");
		entries[i].bindings = (struct shape_list){.v = b, .n = 1, .cap = 1, .set = true};
	}
	return (struct shape_list){.v = entries, .n = ports->n, .cap = ports->n, .set = true};
}

/* The service's virtual address in a network; empty if it has none (dnsrr). */
static struct str service_vip(const struct swarm_service *s, struct str network)
{
	for (size_t i = 0; i < s->endpoint.vips.n; i++) {
		const struct swarm_vip *v = (const struct swarm_vip *)s->endpoint.vips.v + i;

		if (str_eq(v->network, network))
			return without_prefix(v->address);
	}
	return STR("");
}

static void take_address(struct inspect_network *n, struct str address)
{
	if (str_chr(address, ':') >= 0) {
		n->global_ipv6 = without_prefix(address);
		n->global_ipv6_prefix_len = prefix_len(address);
	} else {
		n->ip = without_prefix(address);
		n->prefix_len = prefix_len(address);
	}
}

static struct inspect_network make_network(struct maker *m, const struct swarm_attachment *a)
{
	struct inspect_network n = {.id = a->network.id};

	for (size_t i = 0; i < a->addresses.n; i++)
		take_address(&n, ((const struct str *)a->addresses.v)[i]);
	for (size_t i = 0; i < a->network.ipam.configs.n; i++) {
		struct str gateway =
			((const struct swarm_subnet *)a->network.ipam.configs.v)[i].gateway;

		if (str_chr(gateway, ':') >= 0)
			n.ipv6_gateway = gateway;
		else
			n.gateway = gateway;
	}
	n.vip = service_vip(m->service, a->network.id);
	return n;
}

/* All but the ingress network: through that one nobody reaches a single task. */
static struct shape_list task_networks(struct maker *m)
{
	const struct shape_list *attached = &m->task->attachments;
	struct network_entry *entries =
		arena_array(&m->arena, struct network_entry, attached->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < attached->n; i++) {
		const struct swarm_attachment *a = (const struct swarm_attachment *)attached->v + i;

		if (!a->network.spec.ingress)
			entries[n++] =
				(struct network_entry){a->network.spec.name, make_network(m, a)};
	}
	return (struct shape_list){.v = entries, .n = n, .cap = n, .set = true};
}

static bool is_internal(const struct swarm_task *t, struct str network)
{
	for (size_t i = 0; i < t->attachments.n; i++) {
		const struct swarm_attachment *a =
			(const struct swarm_attachment *)t->attachments.v + i;

		if (str_eq(a->network.id, network))
			return a->network.spec.internal;
	}
	return false;
}

struct container *swarm_container(const struct swarm_task *t, const struct swarm_service *s,
	const struct swarm_node *n, struct intern_pool *pool, struct str engine)
{
	struct maker m = {.task = t, .service = s, .node = n};
	struct str id = t->status.container.id, hostname = t->spec.container.hostname, name;
	struct inspect_network_settings networking = {.ip = str_n(NULL, 0)};
	struct inspect_config config = {.image = t->spec.container.image,
		.hostname = hostname.len ? hostname : str_sub(id, 0, SHORT_ID_LEN),
		.stop_signal = t->spec.container.stop_signal,
		.env = t->spec.container.env};
	struct inspect_host_config host_config = {.network_mode = STR("default")};
	struct inspect_node node = {
		.id = n->id, .name = n->description.hostname, .ip = node_address(n)};
	struct inspect in = {.id = id,
		.created = t->created,
		.state = {.status = STR("running"), .running = true},
		.config = &config,
		.host_config = &host_config,
		.network_settings = &networking,
		.node = &node};
	struct container *c;

	arena_init(&m.arena);
	in.name = name = task_name(&m);
	config.labels = task_labels(&m, name);
	networking.ports = task_ports(&m);
	networking.networks = task_networks(&m);
	c = container_new(&in, pool, engine);
	arena_release(&m.arena);
	for (size_t i = 0; i < container_networks(c); i++)
		container_set_internal(c, i, is_internal(t, container_network(c, i)->id));
	container_seal(c);
	return c;
}
