/* SPDX-License-Identifier: MIT
 *
 * The life of a container, see container.h; build.c makes one.
 */
#include "config.h"

#include "model/container.h"

#include "base/alloc.h"
#include "model/hash.h"
#include "model/intern.h"

#include <stdlib.h>

struct container *container_ref(struct container *c)
{
	c->refs++;
	return c;
}

void container_unref(struct container *c)
{
	if (!c || --c->refs)
		return;
	container_unref(c->base);
	container_unref(c->via);
	for (size_t i = 0; i < c->n_interned; i++)
		intern_release(c->pool, c->interned[i]);
	free(c);
}

void container_set_internal(struct container *c, size_t i, bool internal)
{
	((struct rec_network *)c->rec.networks.data)[i].internal = internal;
}

void container_seal(struct container *c)
{
	uint64_t h = hash_value(HASH_START, value_rec(&type_container, &c->rec));

	h = hash_str(hash_str(h, c->image_id), c->stop_signal);
	c->hash = hash_mix(h, (uint64_t)c->exit_code << 1 | c->has_health);
	c->sealed = true;
}

/* What all copies of c have in common. */
static void copy_start(struct container *copy, struct container *c)
{
	*copy = *c;
	copy->refs = 1;
	copy->base = container_ref(c->base && !c->has_lists ? c->base : c);
	copy->via = NULL;
	copy->has_lists = false;
	copy->interned = NULL;
	copy->n_interned = 0;
}

struct container *container_with_state(
	struct container *c, bool running, struct str status, bool stopping)
{
	struct container *copy = xmalloc(sizeof(*copy));

	copy_start(copy, c);
	copy->bytes = sizeof(*copy);
	copy->rec.state.running = running;
	copy->rec.state.status = container_word(status);
	if (!copy->rec.state.status.p)
		copy->rec.state.status = running ? STR("running") : STR("exited");
	copy->rec.state.stopping = stopping;
	copy->rec.state.paused = false;
	container_seal(copy);
	return copy;
}

/* Moves the members of s to *at. */
static void move_list(struct slice *s, size_t size, char **at)
{
	memcpy(*at, s->data, s->len * size);
	s->data = *at;
	s->cap = s->len;
	*at += s->len * size;
}

struct container *container_with_addresses(
	struct container *c, struct container *via, struct str *text)
{
	size_t lists = c->rec.networks.len * sizeof(struct rec_network) +
		       c->rec.addresses.len * sizeof(struct rec_address);
	size_t bytes = sizeof(*c) + lists + text->len;
	struct container *copy = xmalloc(bytes);
	char *at = (char *)(copy + 1);

	copy_start(copy, c);
	copy->bytes = bytes;
	copy->has_lists = true;
	copy->sealed = false;
	copy->via = via ? container_ref(via) : NULL;
	if (c->rec.networks.len)
		move_list(&copy->rec.networks, sizeof(struct rec_network), &at);
	if (c->rec.addresses.len)
		move_list(&copy->rec.addresses, sizeof(struct rec_address), &at);
	if (text->len)
		*text = str_n(memcpy(at, text->p, text->len), text->len);
	return copy;
}

size_t container_networks(const struct container *c)
{
	return c->rec.networks.len;
}

const struct rec_network *container_network(const struct container *c, size_t i)
{
	return (const struct rec_network *)c->rec.networks.data + i;
}

size_t container_addresses(const struct container *c)
{
	return c->rec.addresses.len;
}

const struct rec_address *container_address(const struct container *c, size_t i)
{
	return (const struct rec_address *)c->rec.addresses.data + i;
}

struct str container_label(const struct container *c, struct str name)
{
	struct value labels = {.head = TYPE_HEAD(&type_string_map), .m = c->rec.labels};
	struct value v = map_get_str(labels, name);

	return !value_is_none(v) ? value_as_str(v) : str_n(NULL, 0);
}

struct str container_word(struct str s)
{
	static const struct str words[] = {
		STR_INIT(""),
		STR_INIT("tcp"),
		STR_INIT("udp"),
		STR_INIT("sctp"),
		STR_INIT("0.0.0.0"),
		STR_INIT("::"),
		STR_INIT("running"),
		STR_INIT("exited"),
		STR_INIT("paused"),
		STR_INIT("created"),
		STR_INIT("restarting"),
		STR_INIT("removing"),
		STR_INIT("dead"),
		STR_INIT("stopped"),
		STR_INIT("healthy"),
		STR_INIT("unhealthy"),
		STR_INIT("starting"),
		STR_INIT("bind"),
		STR_INIT("volume"),
		STR_INIT("local"),
		STR_INIT("bridge"),
		STR_INIT("default"),
		STR_INIT("host"),
		STR_INIT("none"),
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(words[i], s))
			return words[i];
	}
	return str_n(NULL, 0);
}
