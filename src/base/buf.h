/* SPDX-License-Identifier: MIT
 *
 * A growing byte buffer with a sticky failure: once an append would pass max, nothing more is
 * added and buf.full stays set until buf_clear; thousands of appends need one check at the end.
 * data is not NUL-terminated unless buf_cstr was called. Owned by whoever called buf_init.
 */
#ifndef UD_BUF_H
#define UD_BUF_H

#include "base/base.h"
#include "base/str.h"

#include <stdarg.h>

struct buf {
	char *data;
	size_t len, cap;
	size_t max; /* bytes; never grows beyond */
	bool full;  /* an append was refused */
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
/* Empties it and keeps the memory. */
void buf_clear(struct buf *b);
/* Room for n more bytes at data + len, NULL when that passes max. Add to len what was used. */
char *buf_reserve(struct buf *b, size_t n);
void buf_grow_slow(struct buf *b, size_t n);
/* printf, where "%.*s" takes all the bytes that it is told to, NULs too. All of it or, when that
 * passes max, nothing is added. */
void buf_add_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_add_vfmt(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
/* Removes the first n bytes. */
void buf_consume(struct buf *b, size_t n);
/* The contents with a NUL after them (not counted in len); valid until the next change. */
const char *buf_cstr(struct buf *b);
/* The contents as an owned NUL-terminated string, length to *ret_len (may be NULL); b is empty. */
char *buf_take(struct buf *b, size_t *ret_len);

static inline void buf_add(struct buf *b, const void *p, size_t n)
{
	if (UNLIKELY(n > b->cap - b->len))
		buf_grow_slow(b, n);
	if (UNLIKELY(b->full) || n == 0)
		return;
	memcpy(b->data + b->len, p, n);
	b->len += n;
}

static inline void buf_add_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

static inline void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.len);
}

static inline void buf_add_cstr(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static inline struct str buf_str(const struct buf *b)
{
	return str_n(b->data, b->len);
}

#endif
