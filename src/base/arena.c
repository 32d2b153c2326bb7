/* SPDX-License-Identifier: MIT
 *
 * Arena of chunks, see arena.h. A new chunk is half of all before it, up to ARENA_CHUNK_MAX, so
 * that little is left unused; a larger request gets a chunk of its own. Invariant: at and end lie
 * in the newest chunk, or are both NULL.
 */
#include "config.h"

#include "base/arena.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#define ARENA_CHUNK_MIN ((size_t)4096)
#define ARENA_CHUNK_MAX ((size_t)256 << 10)

struct arena_chunk {
	struct arena_chunk *older;
	size_t size; /* of data */
	char data[] __attribute__((aligned(16)));
};

void arena_init(struct arena *a)
{
	*a = (struct arena){.chunk = NULL};
}

/* Takes the newest chunk out. The larger of it and the spare one is kept as that, unless it was
 * made for one large request. */
static void arena_drop_chunk(struct arena *a)
{
	struct arena_chunk *c = a->chunk, *dropped = c;

	a->chunk = c->older;
	a->bytes -= c->size;
	if (c->size <= ARENA_CHUNK_MAX && (!a->spare || a->spare->size < c->size)) {
		dropped = a->spare;
		a->spare = c;
	}
	free(dropped);
}

void arena_release(struct arena *a)
{
	while (a->chunk)
		arena_drop_chunk(a);
	free(a->spare);
	a->spare = NULL;
	a->at = a->end = NULL;
}

void arena_clear(struct arena *a)
{
	while (a->chunk && a->chunk->older)
		arena_drop_chunk(a);
	a->at = a->chunk ? a->chunk->data : NULL;
	a->end = a->chunk ? a->chunk->data + a->chunk->size : NULL;
	ASAN_POISON_MEMORY_REGION(a->at, (size_t)(a->end - a->at));
}

void arena_set_limit(struct arena *a, size_t limit, void (*on_limit)(void *arg), void *arg)
{
	a->limit = limit;
	a->on_limit = on_limit;
	a->on_limit_arg = arg;
}

void arena_reset_slow(struct arena *a, struct arena_mark mark)
{
	while (a->chunk != mark.chunk)
		arena_drop_chunk(a);
	a->end = a->chunk ? a->chunk->data + a->chunk->size : NULL;
}

bool arena_is_newer_slow(const struct arena *a, struct arena_mark mark, const void *p)
{
	const char *at = p;

	for (const struct arena_chunk *c = a->chunk; c != mark.chunk; c = c->older)
		if (at >= c->data && at < c->data + c->size)
			return true;
	return mark.chunk && at >= mark.at && at < mark.chunk->data + mark.chunk->size;
}

const char *arena_reset_keep(struct arena *a, struct arena_mark mark, const char *p, size_t n)
{
	if (a->chunk != mark.chunk)
		return p;
	ASAN_UNPOISON_MEMORY_REGION(mark.at, n);
	memmove(mark.at, p, n);
	arena_reset(a, mark);
	arena_alloc(a, n);
	return mark.at;
}

static NORETURN void arena_over_limit(struct arena *a)
{
	if (a->on_limit)
		a->on_limit(a->on_limit_arg);
	fprintf(stderr, "upstreamd: an arena passed its limit of %zu bytes\n", a->limit);
	abort();
}

/* A chunk of at least size bytes: the spare one if it will do. */
static struct arena_chunk *arena_take_chunk(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->spare;

	if (c && c->size >= size && (!a->limit || c->size <= a->limit - a->bytes)) {
		a->spare = NULL;
		return c;
	}
	c = xmalloc(sizeof(*c) + size);
	c->size = size;
	return c;
}

void *arena_alloc_slow(struct arena *a, size_t size)
{
	size_t want = a->bytes / 2;
	struct arena_chunk *c;
	size_t need;

	if (__builtin_add_overflow(size + (size == 0), 15u, &need))
		arena_over_limit(a);
	need &= ~(size_t)15;
	if (want < ARENA_CHUNK_MIN)
		want = ARENA_CHUNK_MIN;
	if (want > ARENA_CHUNK_MAX)
		want = ARENA_CHUNK_MAX;
	if (want < need)
		want = need;
	if (a->limit && (a->bytes > a->limit || want > a->limit - a->bytes))
		want = a->bytes > a->limit ? 0 : a->limit - a->bytes;
	if (want < need)
		arena_over_limit(a);
	c = arena_take_chunk(a, want);
	c->older = a->chunk;
	a->chunk = c;
	a->bytes += c->size;
	a->peak = a->bytes > a->peak ? a->bytes : a->peak;
	a->at = c->data + need;
	a->end = c->data + c->size;
	ASAN_POISON_MEMORY_REGION(c->data, c->size);
	ASAN_UNPOISON_MEMORY_REGION(c->data, size);
	return c->data;
}

void *arena_alloc_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		arena_over_limit(a);
	return arena_alloc(a, bytes);
}

void *arena_calloc(struct arena *a, size_t n, size_t size)
{
	void *p = arena_alloc_array(a, n, size);

	memset(p, 0, n * size);
	return p;
}

void *arena_memdup(struct arena *a, const void *p, size_t size)
{
	void *copy = arena_alloc(a, size);

	if (size)
		memcpy(copy, p, size);
	return copy;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *copy = arena_alloc(a, s.len + 1);

	if (s.len)
		memcpy(copy, s.p, s.len);
	copy[s.len] = '\0';
	return str_n(copy, s.len);
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_memdup(a, s, strlen(s) + 1);
}

struct str arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
	struct buf b;
	struct str text;

	buf_init(&b, SIZE_MAX);
	buf_add_vfmt(&b, fmt, ap);
	text = arena_str(a, buf_str(&b));
	buf_release(&b);
	return text;
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
	struct str s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vfmt(a, fmt, ap);
	va_end(ap);
	return s;
}
