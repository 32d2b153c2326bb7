/* SPDX-License-Identifier: MIT
 *
 * Open-addressing hash map with linear probing, see map.h. A removed entry leaves a tombstone
 * (value NULL, key &tombstone). Invariant: n <= used < cap * 3/4, so a probe always ends.
 */
#include "config.h"

#include "base/map.h"

#include "base/alloc.h"

#include <stdlib.h>

#define MAP_FLOOR ((size_t)8)

static const char tombstone[1];

static bool slot_is_live(const struct map_entry *e)
{
	return e->key.p && e->key.p != tombstone;
}

void smap_release(struct smap *m)
{
	smap_clear(m);
	free(m->slots);
	*m = (struct smap)SMAP_INIT;
}

void smap_clear(struct smap *m)
{
	for (size_t i = 0; i < m->cap; i++) {
		if (slot_is_live(&m->slots[i]))
			free((void *)(uintptr_t)m->slots[i].key.p);
		m->slots[i] = (struct map_entry){.value = NULL};
	}
	m->n = m->used = 0;
}

/* The slot that holds key, or NULL. */
static struct map_entry *map_find(const struct smap *m, struct str key, uint64_t hash)
{
	if (m->cap == 0)
		return NULL;
	for (size_t i = hash & (m->cap - 1); m->slots[i].key.p; i = (i + 1) & (m->cap - 1)) {
		struct map_entry *e = &m->slots[i];

		if (e->hash == hash && slot_is_live(e) && str_eq(e->key, key))
			return e;
	}
	return NULL;
}

void *smap_get(const struct smap *m, struct str key)
{
	struct map_entry *e = map_find(m, key, str_hash(key));

	return e ? e->value : NULL;
}

static struct map_entry *map_free_slot(struct map_entry *slots, size_t cap, uint64_t hash)
{
	size_t i = hash & (cap - 1);

	while (slots[i].key.p)
		i = (i + 1) & (cap - 1);
	return &slots[i];
}

static void map_grow(struct smap *m)
{
	size_t cap = grow_capacity(MAP_FLOOR, m->n * 2 + 1, MAP_FLOOR);
	struct map_entry *slots = xcalloc(cap, sizeof(*slots));

	for (size_t i = 0; i < m->cap; i++)
		if (slot_is_live(&m->slots[i]))
			*map_free_slot(slots, cap, m->slots[i].hash) = m->slots[i];
	free(m->slots);
	m->slots = slots;
	m->cap = cap;
	m->used = m->n;
}

void *smap_put(struct smap *m, struct str key, void *value)
{
	uint64_t hash = str_hash(key);
	struct map_entry *e = map_find(m, key, hash);

	if (e) {
		void *old = e->value;

		e->value = value;
		return old;
	}
	if (m->cap == 0 || m->used + 1 >= m->cap / 4 * 3)
		map_grow(m);
	*map_free_slot(m->slots, m->cap, hash) = (struct map_entry){
		.key = str_n(xmemdup0(key.p, key.len), key.len), .hash = hash, .value = value};
	m->n++;
	m->used++;
	return NULL;
}

void *smap_remove(struct smap *m, struct str key)
{
	struct map_entry *e = map_find(m, key, str_hash(key));
	void *old;

	if (!e)
		return NULL;
	old = e->value;
	free((void *)(uintptr_t)e->key.p);
	*e = (struct map_entry){.key = {tombstone, 0}};
	m->n--;
	return old;
}

struct map_entry *smap_next(const struct smap *m, size_t *pos)
{
	while (*pos < m->cap) {
		struct map_entry *e = &m->slots[(*pos)++];

		if (slot_is_live(e))
			return e;
	}
	return NULL;
}
