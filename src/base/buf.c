/* SPDX-License-Identifier: MIT
 *
 * Growing byte buffer, see buf.h. Invariant: len <= cap <= max; cap + 1 bytes are
 * allocated, the last one for the NUL of buf_cstr.
 */
#include "config.h"

#include "base/buf.h"

#include "base/alloc.h"

#include <stdlib.h>

#define BUF_FLOOR 64

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max < SIZE_MAX ? max : SIZE_MAX - 1};
}

void buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

void buf_grow_slow(struct buf *b, size_t n)
{
	size_t cap;

	if (b->full)
		return;
	if (n > b->max - b->len) {
		b->full = true;
		return;
	}
	if (n <= b->cap - b->len)
		return;
	cap = grow_capacity(b->cap, b->len + n, BUF_FLOOR);
	if (cap > b->max)
		cap = b->max;
	b->data = xrealloc(b->data, cap + 1);
	b->cap = cap;
}

char *buf_reserve(struct buf *b, size_t n)
{
	buf_grow_slow(b, n);
	if (b->full || !b->data)
		return NULL;
	return b->data + b->len;
}

void buf_consume(struct buf *b, size_t n)
{
	if (n >= b->len) {
		b->len = 0;
		return;
	}
	memmove(b->data, b->data + n, b->len - n);
	b->len -= n;
}

const char *buf_cstr(struct buf *b)
{
	if (!b->data)
		b->data = xmalloc(1);
	b->data[b->len] = '\0';
	return b->data;
}

char *buf_take(struct buf *b, size_t *ret_len)
{
	char *data;

	buf_cstr(b);
	data = b->data;
	if (ret_len)
		*ret_len = b->len;
	*b = (struct buf){.max = b->max};
	return data;
}
