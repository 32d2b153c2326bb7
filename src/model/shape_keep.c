/* SPDX-License-Identifier: MIT
 *
 * What the shape decoder keeps, within its caps, and the errors of values that cannot be kept or are
 * of the wrong type: each names the value's path. See shape_impl.h.
 */
#include "config.h"

#include "model/shape_impl.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/utf8.h"

/* Of a key from outside in an error's text. */
#define KEY_SHOWN_MAX 64
#define PATH_SHOWN_MAX 512
#define LIST_FLOOR 4

static const char *const kind_names[] = {
	[SHAPE_STRING] = "a string",
	[SHAPE_BOOL] = "true or false",
	[SHAPE_INT] = "a whole number",
	[SHAPE_TIME] = "an RFC 3339 time",
	[SHAPE_OBJECT] = "an object",
	[SHAPE_POINTER] = "an object",
	[SHAPE_ARRAY] = "an array",
	[SHAPE_DICT] = "an object",
};

/* --- errors ---------------------------------------------------------------------- */

/* A key from outside: cut, and without anything that could forge a line. */
static void add_shown(struct buf *b, struct str key)
{
	bool cut = key.len > KEY_SHOWN_MAX;

	key = str_sub(key, 0, KEY_SHOWN_MAX);
	for (size_t i = 0; i < key.len; i++)
		buf_add_char(b, key.p[i] < ' ' || key.p[i] > '~' ? '?' : key.p[i]);
	if (cut)
		buf_add_cstr(b, "...");
}

/* The path of the value that comes next, as in NetworkSettings.Networks.front.IPAddress. */
static void add_path(const struct shape_decoder *d, struct buf *b)
{
	for (size_t i = 0; i < d->depth; i++) {
		const struct frame *f = &d->frames[i];

		if (f->shape->kind == SHAPE_ARRAY) {
			const struct shape_list *l = f->mem;

			if (!f->shape->each)
				buf_add_fmt(b, "[%zu]", l->n ? l->n - 1 : 0);
			continue;
		}
		if (b->len)
			buf_add_char(b, '.');
		add_shown(b, f->key);
	}
	if (b->len == 0)
		buf_add_cstr(b, "the document");
}

void shape_note(struct shape_decoder *d, const char *fmt, ...)
{
	struct buf path;
	va_list ap;

	if (error_is_set(&d->error))
		return;
	buf_init(&path, PATH_SHOWN_MAX);
	add_path(d, &path);
	va_start(ap, fmt);
	error_vset(&d->error, fmt, ap);
	va_end(ap);
	error_prepend(&d->error, "%s: ", buf_cstr(&path));
	buf_release(&path);
}

void shape_note_type(struct shape_decoder *d, const struct shape *want, const char *got)
{
	shape_note(d, "%s where %s belongs", got, kind_names[want->kind]);
}

/* --- memory ------------------------------------------------------------------------ */

void *shape_keep(struct shape_decoder *d, size_t n)
{
	if (n > SHAPE_KEPT_MAX || d->kept + n > SHAPE_KEPT_MAX) {
		shape_note(d, "more than %zu bytes in all", SHAPE_KEPT_MAX);
		return NULL;
	}
	d->kept += n;
	return arena_calloc(&d->arena, 1, n ? n : 1);
}

bool shape_keep_string(struct shape_decoder *d, struct str s, struct str *ret)
{
	size_t len = 0, width;
	char *to;

	if (s.len > SHAPE_STRING_MAX) {
		shape_note(d, "a string of %zu bytes, the limit is %zu", s.len, SHAPE_STRING_MAX);
		return false;
	}
	if (utf8_valid(s)) {
		to = shape_keep(d, s.len);
		if (!to)
			return false;
		if (s.len)
			memcpy(to, s.p, s.len);
		*ret = str_n(to, s.len);
		return true;
	}
	to = shape_keep(d, s.len * 3); /* one byte becomes at most the three of U+FFFD */
	if (!to)
		return false;
	for (struct str at = s; at.len; at = str_sub(at, width, at.len)) {
		uint32_t rune = utf8_decode(at, &width);

		len += utf8_encode(rune, to + len);
	}
	*ret = str_n(to, len);
	return true;
}

void *shape_list_push(struct shape_decoder *d, struct shape_list *l, size_t size)
{
	if (l->n >= SHAPE_MEMBERS_MAX) {
		shape_note(d, "more than %d members", SHAPE_MEMBERS_MAX);
		return NULL;
	}
	if (l->n == l->cap) {
		size_t cap = grow_capacity(l->cap, l->n + 1, LIST_FLOOR);
		void *v = shape_keep(d, cap * size);

		if (!v)
			return NULL;
		if (l->n)
			memcpy(v, l->v, l->n * size);
		l->v = v;
		l->cap = cap;
	}
	return (char *)l->v + l->n++ * size;
}
