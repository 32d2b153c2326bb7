/* SPDX-License-Identifier: MIT
 *
 * Arena: many small allocations that are freed together. Used per parse tree, per render and per
 * snapshot. Memory is aligned to 16 bytes and not cleared unless asked.
 *
 * What was allocated since a mark is freed by arena_reset. Objects that grow on their own whenever
 * they are used (a map's order) take memory from arena_lasting, which no reset of theirs frees.
 *
 * A render is bounded by arena_set_limit: when a chunk would pass the limit, on_limit is called
 * and must not return (a render leaves by longjmp); without one the process ends.
 */
#ifndef UD_ARENA_H
#define UD_ARENA_H

#include "base/base.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

/* AddressSanitizer is told what is allocated, so that it finds what is used after a reset. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_WATCHED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_WATCHED
#endif
#ifdef ARENA_WATCHED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, size)   ((void)(p), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(p, size) ((void)(p), (void)(size))
#endif

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* the newest; older ones follow */
	char *at, *end;		   /* free space of the newest chunk */
	struct arena_chunk *spare; /* the largest that a reset gave back, for the next need */
	struct arena *lasting;	   /* see arena_lasting, NULL: itself */
	size_t bytes, peak;	   /* of all chunks, spare aside; the most they ever were */
	size_t limit;		   /* bytes, 0 = none */
	void (*on_limit)(void *arg);
	void *on_limit_arg;
};

/* A place to go back to, see arena_reset. */
struct arena_mark {
	struct arena_chunk *chunk;
	char *at;
};

void arena_init(struct arena *a);
/* Frees everything; the arena may be used again. */
void arena_release(struct arena *a);
/* Forgets everything and keeps one chunk for the next use. */
void arena_clear(struct arena *a);
void arena_set_limit(struct arena *a, size_t limit, void (*on_limit)(void *arg), void *arg);
void arena_reset_slow(struct arena *a, struct arena_mark mark);
bool arena_is_newer_slow(const struct arena *a, struct arena_mark mark, const void *p);
/* Frees what was allocated since the mark except the n bytes at p, which lie there; gives their
 * new place. If that would not be in the mark's chunk, nothing is freed. */
const char *arena_reset_keep(struct arena *a, struct arena_mark mark, const char *p, size_t n);
void *arena_alloc_slow(struct arena *a, size_t size);
void *arena_calloc(struct arena *a, size_t n, size_t size);
/* Copies; the result of the first two has a NUL after it that len does not count. */
struct str arena_str(struct arena *a, struct str s);
char *arena_strdup(struct arena *a, const char *s);
void *arena_memdup(struct arena *a, const void *p, size_t size);
/* As buf_add_fmt does it. */
struct str arena_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct str arena_vfmt(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

static inline void *arena_alloc(struct arena *a, size_t size)
{
	/* Even nothing has a place of its own, and never NULL. */
	size_t need = (size + (size == 0) + 15) & ~(size_t)15;

	if (LIKELY(size <= need && need <= (size_t)(a->end - a->at))) {
		void *p = a->at;

		a->at += need;
		ASAN_UNPOISON_MEMORY_REGION(p, size);
		return p;
	}
	return arena_alloc_slow(a, size);
}

static inline struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->chunk, a->at};
}

/* Frees what was allocated since the mark. */
static inline void arena_reset(struct arena *a, struct arena_mark mark)
{
	if (UNLIKELY(a->chunk != mark.chunk))
		arena_reset_slow(a, mark);
	a->at = mark.at;
	ASAN_POISON_MEMORY_REGION(a->at, (size_t)(a->end - a->at));
}

/* Whether p lies in what was allocated since the mark. */
static inline bool arena_is_newer(const struct arena *a, struct arena_mark mark, const void *p)
{
	if (UNLIKELY(a->chunk != mark.chunk))
		return arena_is_newer_slow(a, mark, p);
	return (uintptr_t)p - (uintptr_t)mark.at < (uintptr_t)a->at - (uintptr_t)mark.at;
}

/* The arena for what must outlive resets of a. */
static inline struct arena *arena_lasting(struct arena *a)
{
	return a->lasting ? a->lasting : a;
}

/* n members of a type; the product is checked. */
#define arena_array(a, type, n) ((type *)arena_alloc_array((a), (n), sizeof(type)))
void *arena_alloc_array(struct arena *a, size_t n, size_t size);
#define arena_new(a, type) ((type *)arena_calloc((a), 1, sizeof(type)))

#endif
