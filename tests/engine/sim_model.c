/* SPDX-License-Identifier: MIT
 *
 * Containers and networks. Subnets are those that dockerd hands out: 172.17.0.0/16 for the default
 * bridge, the following ones for networks that users make (containers-json-all, networks).
 */
#include "config.h"

#include "engine/sim_model.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim_flavour.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SUBNET	0xAC110000u /* 172.17.0.0 */
#define SUBNET_PREFIX	16
#define SUBNET_STEP	0x10000u
#define FIRST_PID	1000
#define NAME_MAX_LENGTH 200

static uint64_t random_next(struct sim *s)
{
	uint64_t z = s->random += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

void sim_random_id(struct sim *s, char id[SIM_ID_LEN + 1])
{
	for (size_t i = 0; i < SIM_ID_LEN; i += 16)
		snprintf(id + i, 17, "%016llx", (unsigned long long)random_next(s));
}

/* Where key is or belongs. */
static size_t pairs_place(const sim_pairs *pairs, const char *key, bool *found)
{
	size_t i = 0;

	while (i < pairs->n && strcmp(pairs->v[i].key, key) < 0)
		i++;
	*found = i < pairs->n && strcmp(pairs->v[i].key, key) == 0;
	return i;
}

static void pairs_remove(sim_pairs *pairs, size_t i)
{
	free(pairs->v[i].key);
	free(pairs->v[i].value);
	vec_remove(pairs, i);
}

void sim_pairs_set(sim_pairs *pairs, const char *key, const char *value)
{
	bool found;
	size_t i = pairs_place(pairs, key, &found);

	if (found)
		pairs_remove(pairs, i);
	if (!value)
		return;
	vec_push(pairs, (struct sim_pair){NULL, NULL});
	memmove(&pairs->v[i + 1], &pairs->v[i], (pairs->n - 1 - i) * sizeof(pairs->v[0]));
	pairs->v[i] = (struct sim_pair){xstrdup(key), xstrdup(value)};
}

const char *sim_pairs_get(const sim_pairs *pairs, const char *key)
{
	bool found;
	size_t i = pairs_place(pairs, key, &found);

	return found ? pairs->v[i].value : NULL;
}

void sim_pairs_release(sim_pairs *pairs)
{
	while (pairs->n)
		pairs_remove(pairs, pairs->n - 1);
	vec_release(pairs);
}

static void container_free(struct sim_container *c)
{
	for (size_t i = 0; i < c->ports.n; i++) {
		free(c->ports.v[i].proto);
		free(c->ports.v[i].host_ip);
	}
	vec_release(&c->ports);
	for (size_t i = 0; i < c->endpoints.n; i++)
		free(c->endpoints.v[i].alias);
	vec_release(&c->endpoints);
	sim_pairs_release(&c->volumes);
	sim_pairs_release(&c->labels);
	sim_pairs_release(&c->env);
	free(c->name);
	free(c->image);
	free(c->joined);
	free(c->health);
	free(c->stop_signal);
	free(c);
}

bool sim_container_new(
	struct sim *s, const char *name, struct sim_container **ret, struct error *err)
{
	struct sim_container *c;

	if (*name == '\0' || strlen(name) > NAME_MAX_LENGTH)
		return error_set(err, "bad container name '%s'", name);
	if (smap_get(&s->by_name, str_from(name)))
		return error_set(err, "there is a container '%s' already", name);
	if (s->containers.n >= SIM_CONTAINERS_MAX)
		return error_set(err, "more than %d containers", SIM_CONTAINERS_MAX);
	c = xcalloc(1, sizeof(*c));
	sim_random_id(s, c->id);
	c->name = xstrdup(name);
	c->image = xasprintf("%sbb:1", s->fl->image_prefix);
	c->created = clock_real_ns();
	c->pid = FIRST_PID + s->next_pid++;
	vec_push(&s->containers, c);
	smap_put(&s->by_id, str_from(c->id), c);
	smap_put(&s->by_name, str_from(c->name), c);
	*ret = c;
	return true;
}

void sim_container_remove(struct sim *s, struct sim_container *c)
{
	for (size_t i = 0; i < s->containers.n; i++)
		if (s->containers.v[i] == c) {
			vec_remove(&s->containers, i);
			break;
		}
	smap_remove(&s->by_id, str_from(c->id));
	smap_remove(&s->by_name, str_from(c->name));
	container_free(c);
}

bool sim_container_rename(
	struct sim *s, struct sim_container *c, const char *name, struct error *err)
{
	if (smap_get(&s->by_name, str_from(name)))
		return error_set(err, "there is a container '%s' already", name);
	smap_remove(&s->by_name, str_from(c->name));
	free(c->name);
	c->name = xstrdup(name);
	smap_put(&s->by_name, str_from(c->name), c);
	return true;
}

struct sim_container *sim_container_find(struct sim *s, const char *ref)
{
	size_t len = strlen(ref);
	struct sim_container *c = smap_get(&s->by_id, str_from(ref)), *found = NULL;

	if (c)
		return c;
	c = smap_get(&s->by_name, str_from(*ref == '/' ? ref + 1 : ref));
	if (c || len == 0 || len >= SIM_ID_LEN || strspn(ref, "0123456789abcdef") != len)
		return c;
	for (size_t i = 0; i < s->containers.n; i++) {
		if (strncmp(s->containers.v[i]->id, ref, len) != 0)
			continue;
		if (found)
			return NULL;
		found = s->containers.v[i];
	}
	return found;
}

bool sim_container_is_up(const struct sim_container *c)
{
	return c->status == SIM_RUNNING || c->status == SIM_PAUSED;
}

/* A free address of the network; it starts again at the lowest one after the last. */
static uint32_t network_address(struct sim_network *net)
{
	uint32_t hosts = net->prefix ? 1u << (32 - net->prefix) : 0;

	if (!hosts)
		return 0;
	if (net->next >= hosts - 1)
		net->next = 2;
	return net->subnet + net->next++;
}

void sim_container_addresses(struct sim *s, struct sim_container *c, bool up)
{
	for (size_t i = 0; i < c->endpoints.n; i++) {
		struct sim_endpoint *ep = &c->endpoints.v[i];

		if (up && ep->id[0] == '\0')
			sim_random_id(s, ep->id);
		if (!up)
			ep->id[0] = '\0';
		ep->ip = up ? network_address(ep->net) : 0;
	}
}

struct sim_endpoint *sim_endpoint_find(struct sim_container *c, const struct sim_network *net)
{
	for (size_t i = 0; i < c->endpoints.n; i++)
		if (c->endpoints.v[i].net == net)
			return &c->endpoints.v[i];
	return NULL;
}

struct sim_endpoint *sim_endpoint_add(
	struct sim *s, struct sim_container *c, struct sim_network *net)
{
	size_t i = 0;

	while (i < c->endpoints.n && strcmp(c->endpoints.v[i].net->name, net->name) < 0)
		i++;
	vec_push(&c->endpoints, (struct sim_endpoint){.net = net});
	memmove(&c->endpoints.v[i + 1], &c->endpoints.v[i],
		(c->endpoints.n - 1 - i) * sizeof(c->endpoints.v[0]));
	c->endpoints.v[i] = (struct sim_endpoint){.net = net};
	if (sim_container_is_up(c)) {
		sim_random_id(s, c->endpoints.v[i].id);
		c->endpoints.v[i].ip = network_address(net);
	}
	return &c->endpoints.v[i];
}

void sim_endpoint_remove(struct sim_container *c, const struct sim_network *net)
{
	for (size_t i = 0; i < c->endpoints.n; i++)
		if (c->endpoints.v[i].net == net) {
			free(c->endpoints.v[i].alias);
			vec_remove(&c->endpoints, i);
			return;
		}
}

struct sim_network *sim_network_find(struct sim *s, const char *ref)
{
	size_t len = strlen(ref);

	for (size_t i = 0; i < s->networks.n; i++)
		if (strcmp(s->networks.v[i]->name, ref) == 0)
			return s->networks.v[i];
	for (size_t i = 0; len && i < s->networks.n; i++)
		if (strncmp(s->networks.v[i]->id, ref, len) == 0)
			return s->networks.v[i];
	return NULL;
}

static struct sim_network *network_add(struct sim *s, const char *name, const char *driver)
{
	struct sim_network *net = xcalloc(1, sizeof(*net));

	sim_random_id(s, net->id);
	net->name = xstrdup(name);
	net->driver = driver;
	net->created = clock_real_ns();
	net->next = 2;
	vec_push(&s->networks, net);
	return net;
}

static bool subnet_taken(struct sim *s, uint32_t subnet)
{
	for (size_t i = 0; i < s->networks.n; i++)
		if (s->networks.v[i]->prefix && s->networks.v[i]->subnet == subnet)
			return true;
	return false;
}

struct sim_network *sim_network_new(struct sim *s, const char *name)
{
	struct sim_network *net = network_add(s, name, "bridge");
	uint32_t subnet = FIRST_SUBNET;

	while (subnet_taken(s, subnet))
		subnet += SUBNET_STEP;
	net->subnet = subnet;
	net->prefix = SUBNET_PREFIX;
	return net;
}

void sim_network_remove(struct sim *s, struct sim_network *net)
{
	for (size_t i = 0; i < s->containers.n; i++)
		sim_endpoint_remove(s->containers.v[i], net);
	for (size_t i = 0; i < s->networks.n; i++)
		if (s->networks.v[i] == net) {
			vec_remove(&s->networks, i);
			break;
		}
	sim_pairs_release(&net->labels);
	free(net->name);
	free(net);
}

void sim_networks_init(struct sim *s)
{
	bool modes = !s->fl->podman || s->fl->shows_modes;

	if (modes)
		network_add(s, "host", "host")->hidden = s->fl->podman;
	sim_network_new(s, s->fl->default_network);
	if (modes)
		network_add(s, "none", "null")->hidden = s->fl->podman;
}

void sim_model_release(struct sim *s)
{
	while (s->containers.n)
		sim_container_remove(s, s->containers.v[s->containers.n - 1]);
	while (s->networks.n)
		sim_network_remove(s, s->networks.v[s->networks.n - 1]);
	vec_release(&s->containers);
	vec_release(&s->networks);
	smap_release(&s->by_id);
	smap_release(&s->by_name);
}
