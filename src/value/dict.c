/* SPDX-License-Identifier: MIT
 *
 * Maps, see value.h. Entries lie in one array in the order they were added; a removed one stays
 * as a hole (its value has no type) until the array is rebuilt. Behind the array lies an
 * open-addressing index of entry numbers, a byte each where they fit: nearly all maps are small,
 * and a look-up touches one line of memory more than the entry.
 *
 * Keys that are not strings lie in a second array, because nearly all maps have string keys.
 *
 * Invariants: live <= n <= cap; the index has more free slots than n; sorted, if known, holds the
 * numbers of the live entries in key order.
 */
#include "config.h"

#include "value/value.h"

#include <stdlib.h>

#define CAP_FLOOR 4
/* Capacity up to which the slots of the index are bytes. */
#define NARROW_MAX 254

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
	const uint32_t *sorted;
	uint32_t n, live, cap;
	uint32_t mask; /* slots of the index - 1 */
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

static inline bool entry_has_key(
	const struct map *m, const struct dict_entry *e, const struct probe *p)
{
	if (e->hash != p->hash || value_is_none(e->v))
		return false;
	if (m->keys)
		return value_equal(m->keys[e - m->e], p->key);
	if (e->key_len != value_len(p->key))
		return false;
	return e->key == p->key.s || value_len(p->key) == 0 ||
	       memcmp(e->key, p->key.s, value_len(p->key)) == 0;
}

/* The index: entry number + 1, 0 is free. */
static inline void *index_of(const struct map *m)
{
	return m->e + m->cap;
}

static inline uint32_t slot_get(const struct map *m, uint32_t at)
{
	if (m->cap <= NARROW_MAX)
		return ((const uint8_t *)index_of(m))[at];
	return ((const uint32_t *)index_of(m))[at];
}

static struct dict_entry *map_find(const struct map *m, const struct probe *p)
{
	uint32_t number;

	if (m->n == 0)
		return NULL;
	for (uint32_t at = p->hash & m->mask; (number = slot_get(m, at)); at = (at + 1) & m->mask)
		if (entry_has_key(m, &m->e[number - 1], p))
			return &m->e[number - 1];
	return NULL;
}

/* Makes an entry one that is found. */
static void index_add(struct map *m, uint32_t number)
{
	uint32_t at = m->e[number].hash & m->mask;

	while (slot_get(m, at))
		at = (at + 1) & m->mask;
	if (m->cap <= NARROW_MAX)
		((uint8_t *)index_of(m))[at] = (uint8_t)(number + 1);
	else
		((uint32_t *)index_of(m))[at] = number + 1;
}

/* Makes an array for cap entries with an empty index. */
static void map_make_room(struct map *m, uint32_t cap)
{
	size_t entries = (size_t)cap * sizeof(struct dict_entry), index;

	m->cap = cap;
	m->n = 0;
	m->mask = 1;
	while (m->mask < cap + cap / 2)
		m->mask = m->mask << 1 | 1;
	index = ((size_t)m->mask + 1) * (cap <= NARROW_MAX ? sizeof(uint8_t) : sizeof(uint32_t));
	m->e = arena_alloc(m->arena, entries + index);
	memset(index_of(m), 0, index);
}

/* Moves the live entries to arrays for cap entries. */
static void map_rebuild(struct map *m, uint32_t cap)
{
	const struct map old = *m;

	map_make_room(m, cap);
	if (old.keys)
		m->keys = arena_array(m->arena, struct value, cap);
	for (uint32_t i = 0; i < old.n; i++) {
		if (value_is_none(old.e[i].v))
			continue;
		if (old.keys)
			m->keys[m->n] = old.keys[i];
		m->e[m->n] = old.e[i];
		index_add(m, m->n++);
	}
	m->sorted = NULL;
}

struct value map_new(struct arena *a, const struct type *t, size_t n)
{
	struct map *m = arena_new(a, struct map);

	m->arena = a;
	if (t->key->kind != KIND_STRING)
		m->keys = arena_array(a, struct value, 1);
	if (n)
		map_rebuild(m, (uint32_t)n);
	return (struct value){.head = TYPE_HEAD(t), .m = m};
}

size_t map_len(struct value m)
{
	return m.m ? m.m->live : 0;
}

void map_reserve(struct value v, size_t n)
{
	struct map *m = v.m;
	size_t cap = map_len(v) + n;

	if (!m || n <= m->cap - m->n || cap > VALUE_LEN_MAX)
		return;
	/* At least doubled, so that adding a few at a time costs no more than adding all. */
	map_rebuild(m, cap < 2 * (size_t)m->cap ? 2 * m->cap : (uint32_t)cap);
}

/* What the map's type makes of a stored value. */
static struct value entry_value(const struct type *t, const struct dict_entry *e)
{
	struct value v = e->v;

	if (t->elem->kind == KIND_INTERFACE && value_type(v)->kind != KIND_INTERFACE)
		v.head = (v.head & ~VALUE_FLAGS) | VALUE_IFACE;
	return v;
}

static struct value entry_key(const struct type *t, const struct map *m, uint32_t number)
{
	const struct dict_entry *e = &m->e[number];
	struct value key;

	if (!m->keys)
		return (struct value){
			.head = TYPE_HEAD(t->key) | (uint64_t)e->key_len << 32, .s = e->key};
	key = m->keys[number];
	if (t->key->kind == KIND_INTERFACE && value_type(key)->kind != KIND_INTERFACE)
		key.head = (key.head & ~VALUE_FLAGS) | VALUE_IFACE;
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
		m->keys[number] = value_plain(p->key);
	} else {
		m->e[number].key = p->key.s;
		m->e[number].key_len = value_len(p->key);
	}
	m->live++;
	m->sorted = NULL;
	index_add(m, number);
}

static void map_put(struct value m, const struct probe *p, struct value v)
{
	struct dict_entry *e = map_find(m.m, p);

	v = value_plain(v);
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
	static const uint32_t only[] = {0};
	struct map *m = v.m;
	uint32_t *sorted;
	uint32_t n = 0;

	if (!m || m->sorted || m->live == 0)
		return;
	if (m->n == 1) {
		m->sorted = only;
		return;
	}
	sorted = arena_array(arena_lasting(m->arena), uint32_t, m->live);
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
