/* SPDX-License-Identifier: MIT
 *
 * Arena: many small allocations that are freed together. Used per parse tree, per render and per
 * snapshot. Memory is aligned to 16 bytes and not cleared unless asked.
 *
 * A render is bounded by arena_set_limit: when a chunk would pass the limit, on_limit is called
 * and must not return (a render leaves by longjmp); without one the process ends.
 */
#ifndef UD_ARENA_H
#define UD_ARENA_H

#include "base/base.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* the newest; older ones follow */
	char *at, *end;            /* free space of the newest chunk */
	size_t bytes;              /* of all chunks */
	size_t limit;              /* bytes, 0 = none */
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
struct arena_mark arena_mark(const struct arena *a);
/* Frees what was allocated since the mark. */
void arena_reset(struct arena *a, struct arena_mark mark);
void *arena_alloc_slow(struct arena *a, size_t size);
void *arena_calloc(struct arena *a, size_t n, size_t size);
/* Copies; the result of the first two has a NUL after it that len does not count. */
struct str arena_str(struct arena *a, struct str s);
char *arena_strdup(struct arena *a, const char *s);
void *arena_memdup(struct arena *a, const void *p, size_t size);
struct str arena_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct str arena_vfmt(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

static inline void *arena_alloc(struct arena *a, size_t size)
{
	/* Even nothing has a place of its own, and never NULL. */
	size_t need = (size + (size == 0) + 15) & ~(size_t)15;

	if (LIKELY(size <= need && need <= (size_t)(a->end - a->at))) {
		void *p = a->at;

		a->at += need;
		return p;
	}
	return arena_alloc_slow(a, size);
}

/* n members of a type; the product is checked. */
#define arena_array(a, type, n) ((type *)arena_alloc_array((a), (n), sizeof(type)))
void *arena_alloc_array(struct arena *a, size_t n, size_t size);
#define arena_new(a, type) ((type *)arena_calloc((a), 1, sizeof(type)))

#endif
