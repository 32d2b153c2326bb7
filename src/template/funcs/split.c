/* SPDX-License-Identifier: MIT
 *
 * Splitting and replacing, see split.h.
 */
#include "config.h"

#include "template/funcs/split.h"

#include "base/utf8.h"

static size_t count_parts(struct str text, struct str sep)
{
	size_t n = 1;

	if (sep.len == 0)
		return utf8_count(text);
	for (ssize_t at; (at = str_find(text, sep)) >= 0; n++)
		text = str_sub(text, (size_t)at + sep.len, text.len);
	return n;
}

struct value call_split(struct call *c, struct str text, struct str sep, int64_t limit)
{
	size_t n = limit == 0 ? 0 : count_parts(text, sep);
	struct value parts;

	if (limit == 0) /* the nil slice */
		return (struct value){.head = TYPE_HEAD(&type_string_slice)};
	if (limit > 0 && n > (uint64_t)limit)
		n = (size_t)limit;
	parts = slice_new(c->arena, &type_string_slice, 0, n);
	for (size_t i = 0; i < n; i++) {
		size_t length = text.len;

		if (i + 1 < n && sep.len)
			length = (size_t)str_find(text, sep);
		else if (i + 1 < n)
			utf8_decode(text, &length);
		slice_push(parts, value_str(str_sub(text, 0, length)));
		text = str_sub(text, length + sep.len, text.len);
	}
	return parts;
}

/* The text up to the next place where from stands at or after start bytes; false if there is none.
 * An empty from stands before each rune, and at the end. */
static bool replace_next(struct str text, struct str from, bool first, size_t *ret)
{
	size_t width;
	ssize_t at;

	if (from.len) {
		at = str_find(text, from);
		*ret = (size_t)at;
		return at >= 0;
	}
	*ret = 0;
	if (first)
		return true;
	if (text.len == 0)
		return false;
	utf8_decode(text, &width);
	*ret = width;
	return true;
}

bool call_replace(struct call *c, struct str text, struct str from, struct str to, int64_t limit,
	struct value *ret)
{
	struct buf *b = call_buf(c);
	int64_t left = str_eq(from, to) ? 0 : limit;
	size_t at;

	for (bool first = true; left != 0 && !b->full && replace_next(text, from, first, &at);
		first = false, left--) {
		buf_add_str(b, str_sub(text, 0, at));
		buf_add_str(b, to);
		text = str_sub(text, at + from.len, text.len);
	}
	buf_add_str(b, text);
	return call_return_buf(c, b, ret);
}
