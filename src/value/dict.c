/* SPDX-License-Identifier: MIT
 *
 * Maps, see value.h. Entries lie in one array in the order they were added; a removed one stays
 * as a hole (its value has no type) until the array is rebuilt. Up to SMALL entries are found by
 * eight tags, a byte of each entry's hash, that are compared at once; above that an open-addressing
 * index of entry numbers helps.
 *
 * Keys that are not strings lie in a second array, because nearly all maps have string keys.
 *
 * Invariants: live <= n <= cap; the index, if there is one, has more free slots than n;
 * sorted, if known, holds the numbers of the live entries in key order.
 */
#include "config.h"

#include "value/value.h"

#include <stdlib.h>

#define SMALL	  8
#define CAP_FLOOR 4

struct dict_entry {
	const char *key; /* of a string key */
	uint32_t key_len;
	uint32_t hash;
	struct value v; /* without flags; t is NULL in a hole */
};

struct map {
	struct arena *arena;
	struct dict_entry *e;
	struct value *keys; /* of keys that are not strings, beside e */
	uint32_t *index;    /* entry number + 1, 0 is free */
	uint32_t *sorted;
	uint64_t tags; /* of the first SMALL entries, the first in the lowest byte */
	uint32_t n, live, cap;
	uint32_t mask; /* slots of index - 1 */
};

/* A key with its hash, as the searches want it. */
struct probe {
	struct value key;
	uint32_t hash;
};

static uint32_t hash_value(struct value key)
{
	switch (value_kind(key)) {
	case KIND_STRING:
		return (uint32_t)str_hash(value_as_str(key));
	case KIND_BOOL:
		return key.b;
	case KIND_FLOAT32:
	case KIND_FLOAT64:
		/* 0 and -0 are one key. */
		return key.f == 0 ? 0 : (uint32_t)(key.u ^ key.u >> 32);
	case KIND_INT ... KIND_UINTPTR:
	case KIND_POINTER:
		return (uint32_t)(key.u * 0x9e3779b97f4a7c15u >> 32);
	case KIND_INVALID:
	case KIND_COMPLEX64:
	case KIND_COMPLEX128:
	case KIND_ARRAY:
	case KIND_FUNC:
	case KIND_INTERFACE:
	case KIND_MAP:
	case KIND_SLICE:
	case KIND_STRUCT:
		break;
	}
	return 0;
}

static struct probe probe_str(struct str key, uint64_t hash)
{
	return (struct probe){value_str(key), (uint32_t)hash};
}

static bool entry_has_key(const struct map *m, const struct dict_entry *e, const struct probe *p)
{
	if (e->hash != p->hash || value_is_none(e->v))
		return false;
	if (m->keys)
		return value_equal(m->keys[e - m->e], p->key);
	return e->key_len == p->key.len &&
	       (p->key.len == 0 || memcmp(e->key, p->key.s, p->key.len) == 0);
}

/* The byte of a hash that is kept in tags. */
static uint64_t tag_of(uint32_t hash)
{
	return hash >> 24;
}

/* A bit in each byte of tags that is tag, and perhaps in bytes above one. */
static uint64_t match_tags(uint64_t tags, uint64_t tag)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t differ = tags ^ tag * ones;

	return (differ - ones) & ~differ & ones << 7;
}

static inline struct dict_entry *find_small(const struct map *m, const struct probe *p)
{
	uint64_t found = match_tags(m->tags, tag_of(p->hash));

	for (; found; found &= found - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(found) / 8;

		if (i < m->n && entry_has_key(m, &m->e[i], p))
			return &m->e[i];
	}
	return NULL;
}

static struct dict_entry *map_find(const struct map *m, const struct probe *p)
{
	if (!m->index)
		return find_small(m, p);
	for (uint32_t at = p->hash & m->mask; m->index[at]; at = (at + 1) & m->mask) {
		struct dict_entry *e = &m->e[m->index[at] - 1];

		if (entry_has_key(m, e, p))
			return e;
	}
	return NULL;
}

/* Makes entry number, which is the last one, one that is found. */
static void tags_add(struct map *m, uint32_t number)
{
	if (number < SMALL)
		m->tags |= tag_of(m->e[number].hash) << 8 * number;
}

static void index_add(struct map *m, uint32_t number)
{
	uint32_t at = m->e[number].hash & m->mask;

	while (m->index[at])
		at = (at + 1) & m->mask;
	m->index[at] = number + 1;
}

/* Moves the live entries to arrays for cap entries and makes the index anew. */
static void map_rebuild(struct map *m, uint32_t cap)
{
	struct arena *a = m->arena;
	struct dict_entry *e = arena_array(a, struct dict_entry, cap);
	struct value *keys = m->keys ? arena_array(a, struct value, cap) : NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->n; i++) {
		if (value_is_none(m->e[i].v))
			continue;
		if (keys)
			keys[n] = m->keys[i];
		e[n++] = m->e[i];
	}
	m->e = e;
	m->keys = keys;
	m->n = n;
	m->cap = cap;
	m->sorted = NULL;
	m->index = NULL;
	m->tags = 0;
	for (uint32_t i = 0; i < n; i++)
		tags_add(m, i);
	if (cap <= SMALL)
		return;
	m->mask = 1;
	while (m->mask < cap + cap / 2)
		m->mask = m->mask << 1 | 1;
	m->index = arena_calloc(a, (size_t)m->mask + 1, sizeof(*m->index));
	for (uint32_t i = 0; i < n; i++)
		index_add(m, i);
}

struct value map_new(struct arena *a, const struct type *t, size_t n)
{
	struct map *m = arena_new(a, struct map);

	m->arena = a;
	if (t->key->kind != KIND_STRING)
		m->keys = arena_array(a, struct value, 1);
	if (n)
		map_rebuild(m, (uint32_t)n);
	return (struct value){.code = TYPE_CODE(t), .m = m};
}

size_t map_len(struct value m)
{
	return m.m ? m.m->live : 0;
}

/* What the map's type makes of a stored value. */
static struct value entry_value(const struct type *t, const struct dict_entry *e)
{
	struct value v = e->v;

	if (t->elem->kind == KIND_INTERFACE && value_type(v)->kind != KIND_INTERFACE)
		v.flags = VALUE_IFACE;
	return v;
}

static struct value entry_key(const struct type *t, const struct map *m, uint32_t number)
{
	const struct dict_entry *e = &m->e[number];
	struct value key;

	if (!m->keys)
		return (struct value){.code = TYPE_CODE(t->key), .s = e->key, .len = e->key_len};
	key = m->keys[number];
	if (t->key->kind == KIND_INTERFACE && value_type(key)->kind != KIND_INTERFACE)
		key.flags = VALUE_IFACE;
	return key;
}

static struct value map_lookup(struct value m, const struct probe *p)
{
	const struct dict_entry *e = m.m ? map_find(m.m, p) : NULL;

	return e ? entry_value(value_type(m), e) : VALUE_NONE;
}

struct value map_get(struct value m, struct value key)
{
	return map_lookup(m, &(struct probe){key, hash_value(key)});
}

struct value map_get_str(struct value m, struct str key)
{
	return map_get_hashed(m, key, str_hash(key));
}

struct value map_get_hashed(struct value m, struct str key, uint64_t hash)
{
	struct probe p = probe_str(key, hash);

	return map_lookup(m, &p);
}

static void map_add(struct map *m, const struct probe *p, struct value v)
{
	uint32_t number;

	if (m->n == m->cap) {
		uint32_t cap = m->live < m->cap / 2 ? m->cap : m->cap * 2;

		map_rebuild(m, cap < CAP_FLOOR ? CAP_FLOOR : cap);
	}
	number = m->n++;
	m->e[number] = (struct dict_entry){.hash = p->hash, .v = v};
	if (m->keys) {
		m->keys[number] = p->key;
		m->keys[number].flags = 0;
	} else {
		m->e[number].key = p->key.s;
		m->e[number].key_len = p->key.len;
	}
	m->live++;
	m->sorted = NULL;
	tags_add(m, number);
	if (m->index)
		index_add(m, number);
}

static void map_put(struct value m, const struct probe *p, struct value v)
{
	struct dict_entry *e = map_find(m.m, p);

	v.flags = 0;
	if (value_is_none(v))
		v = value_nil();
	if (e)
		e->v = v;
	else
		map_add(m.m, p, v);
}

void map_set(struct value m, struct value key, struct value v)
{
	map_put(m, &(struct probe){key, hash_value(key)}, v);
}

void map_set_str(struct value m, struct str key, struct value v)
{
	struct probe p = probe_str(key, str_hash(key));

	map_put(m, &p, v);
}

void map_delete(struct value m, struct value key)
{
	struct dict_entry *e = m.m ? map_find(m.m, &(struct probe){key, hash_value(key)}) : NULL;

	if (!e)
		return;
	e->v = VALUE_NONE;
	m.m->live--;
	m.m->sorted = NULL;
}

bool map_next(struct value m, size_t *pos, struct value *key, struct value *v)
{
	while (m.m && *pos < m.m->n) {
		uint32_t number = (uint32_t)(*pos)++;

		if (value_is_none(m.m->e[number].v))
			continue;
		*key = entry_key(value_type(m), m.m, number);
		*v = entry_value(value_type(m), &m.m->e[number]);
		return true;
	}
	return false;
}

static int entry_order(const void *a, const void *b, void *arg)
{
	const struct map *m = arg;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (m->keys)
		return value_order(m->keys[x], m->keys[y]);
	return str_cmp(str_n(m->e[x].key, m->e[x].key_len), str_n(m->e[y].key, m->e[y].key_len));
}

void map_sort(struct value v)
{
	struct map *m = v.m;
	uint32_t *sorted;
	uint32_t n = 0;

	if (!m || m->sorted || m->live == 0)
		return;
	sorted = arena_array(m->arena, uint32_t, m->live);
	for (uint32_t i = 0; i < m->n; i++)
		if (!value_is_none(m->e[i].v))
			sorted[n++] = i;
	qsort_r(sorted, n, sizeof(*sorted), entry_order, m);
	m->sorted = sorted;
}

void map_at_sorted(struct value m, size_t i, struct value *key, struct value *v)
{
	uint32_t number;

	map_sort(m);
	number = m.m->sorted[i];
	*key = entry_key(value_type(m), m.m, number);
	*v = entry_value(value_type(m), &m.m->e[number]);
}
