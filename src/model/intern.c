/* SPDX-License-Identifier: MIT
 *
 * A chained hash table of counted strings, see intern.h.
 */
#include "config.h"

#include "model/intern.h"

#include "base/alloc.h"

#include <stdlib.h>

#define BUCKETS_FLOOR 64

struct interned {
	struct interned *next; /* in its bucket */
	uint64_t hash;
	uint32_t refs, len;
	char text[];
};

struct intern_pool {
	struct interned **buckets;
	size_t n, cap; /* cap is a power of two */
	bool orphan;   /* the owner has let go */
};

struct intern_pool *intern_pool_new(void)
{
	struct intern_pool *pool = xcalloc(1, sizeof(*pool));

	pool->cap = BUCKETS_FLOOR;
	pool->buckets = xcalloc(pool->cap, sizeof(*pool->buckets));
	return pool;
}

static void pool_free(struct intern_pool *pool)
{
	free(pool->buckets);
	free(pool);
}

void intern_pool_free(struct intern_pool *pool)
{
	if (!pool)
		return;
	pool->orphan = true;
	if (pool->n == 0)
		pool_free(pool);
}

static struct interned **bucket(const struct intern_pool *pool, uint64_t hash)
{
	return &pool->buckets[hash & (pool->cap - 1)];
}

static void pool_grow(struct intern_pool *pool)
{
	struct interned **old = pool->buckets;
	size_t n = pool->cap;

	pool->cap *= 2;
	pool->buckets = xcalloc(pool->cap, sizeof(*pool->buckets));
	for (size_t i = 0; i < n; i++) {
		for (struct interned *at = old[i], *next; at; at = next) {
			struct interned **to = bucket(pool, at->hash);

			next = at->next;
			at->next = *to;
			*to = at;
		}
	}
	free(old);
}

struct interned *intern(struct intern_pool *pool, struct str s)
{
	uint64_t hash = str_hash(s);
	struct interned *i;

	for (i = *bucket(pool, hash); i; i = i->next) {
		if (i->hash == hash && str_eq(interned_str(i), s)) {
			i->refs++;
			return i;
		}
	}
	if (pool->n == pool->cap)
		pool_grow(pool);
	i = xmalloc(sizeof(*i) + s.len);
	*i = (struct interned){
		.next = *bucket(pool, hash), .hash = hash, .refs = 1, .len = (uint32_t)s.len};
	if (s.len)
		memcpy(i->text, s.p, s.len);
	*bucket(pool, hash) = i;
	pool->n++;
	return i;
}

struct str interned_str(const struct interned *i)
{
	return str_n(i->text, i->len);
}

void intern_release(struct intern_pool *pool, struct interned *i)
{
	struct interned **at = bucket(pool, i->hash);

	if (--i->refs)
		return;
	while (*at != i)
		at = &(*at)->next;
	*at = i->next;
	free(i);
	if (--pool->n == 0 && pool->orphan)
		pool_free(pool);
}

size_t intern_pool_count(const struct intern_pool *pool)
{
	return pool->n;
}
