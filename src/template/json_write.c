/* SPDX-License-Identifier: MIT
 *
 * The JSON writer, see json_write.h: one function per kind of value.
 */
#include "config.h"

#include "template/json_write.h"

#include "base/utf8.h"
#include "template/format/number.h"

#include <math.h>

/* Floats outside this range are written with an exponent. */
#define PLAIN_MIN 1e-6
#define PLAIN_MAX 1e21

struct writer {
	struct buf *out;
	struct arena *arena;
	const struct json_style *style;
	struct error *err;
	unsigned depth;
};

static bool write_value(struct writer *w, struct value v);

/* --- scalars ----------------------------------------------------------------------- */

static void write_escape(struct writer *w, unsigned char c)
{
	static const char escapes[][3] = {
		['\b'] = "\\b",
		['\f'] = "\\f",
		['\n'] = "\\n",
		['\r'] = "\\r",
		['\t'] = "\\t",
		['"'] = "\\\"",
		['\\'] = "\\\\",
	};

	if (c < ARRAY_LEN(escapes) && escapes[c][0])
		buf_add_cstr(w->out, escapes[c]);
	else
		buf_add_fmt(w->out, "\\u%04x", c);
}

static bool must_escape(const struct writer *w, unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\' ||
	       (w->style->escape_html && (c == '<' || c == '>' || c == '&'));
}

/* The rune at *i of s, which is not ASCII. */
static void write_rune(struct writer *w, struct str s, size_t *i)
{
	size_t width;
	uint32_t r = utf8_decode(str_sub(s, *i, s.len), &width);

	if (r == RUNE_ERROR && width == 1)
		buf_add_cstr(w->out, "\\ufffd");
	else if (r == 0x2028 || r == 0x2029)
		buf_add_fmt(w->out, "\\u%04x", r);
	else
		buf_add(w->out, s.p + *i, width);
	*i += width;
}

static void write_string(struct writer *w, struct str s)
{
	size_t i = 0, from;

	buf_add_char(w->out, '"');
	while (i < s.len) {
		from = i;
		while (i < s.len && (unsigned char)s.p[i] < 0x80 &&
			!must_escape(w, (unsigned char)s.p[i]))
			i++;
		buf_add(w->out, s.p + from, i - from);
		if (i == s.len)
			break;
		if ((unsigned char)s.p[i] < 0x80)
			write_escape(w, (unsigned char)s.p[i++]);
		else
			write_rune(w, s, &i);
	}
	buf_add_char(w->out, '"');
}

/* Go writes e-09 as e-9. */
static void shorten_exponent(struct buf *out, size_t start)
{
	size_t n = out->len;

	if (n - start >= 4 && out->data[n - 4] == 'e' && out->data[n - 3] == '-' &&
		out->data[n - 2] == '0') {
		out->data[n - 2] = out->data[n - 1];
		out->len--;
	}
}

static bool write_float(struct writer *w, struct value v)
{
	unsigned bits = value_type(v)->kind == KIND_FLOAT32 ? 32 : 64;
	double size = fabs(v.f);
	size_t start = w->out->len;
	struct buf text;

	if (isnan(v.f) || isinf(v.f)) {
		buf_init(&text, SIZE_MAX);
		float_add(&text, v.f, 'g', FLOAT_SHORTEST, bits);
		error_set(w->err, "json: unsupported value: %s", buf_cstr(&text));
		buf_release(&text);
		return false;
	}
	if (size != 0 && (size < PLAIN_MIN || size >= PLAIN_MAX)) {
		float_add(w->out, v.f, 'e', FLOAT_SHORTEST, bits);
		if (!w->out->full)
			shorten_exponent(w->out, start);
	} else {
		float_add(w->out, v.f, 'f', FLOAT_SHORTEST, bits);
	}
	return true;
}

static bool fail_type(struct writer *w, const struct type *t)
{
	return error_set(w->err, "json: unsupported type: %s", t->name);
}

/* --- what holds others ------------------------------------------------------------- */

/* Opens an array or object; false if they are nested too deeply. */
static bool open_level(struct writer *w, char bracket, const struct type *t)
{
	buf_add_char(w->out, bracket);
	if (++w->depth <= JSON_WRITE_DEPTH_MAX)
		return true;
	return error_set(w->err, "json: unsupported value: encountered a cycle via %s", t->name);
}

static void break_line(struct writer *w)
{
	if (!w->style->indent)
		return;
	buf_add_char(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		buf_add_cstr(w->out, w->style->indent);
}

static void close_level(struct writer *w, char bracket, bool empty)
{
	w->depth--;
	if (!empty)
		break_line(w);
	buf_add_char(w->out, bracket);
}

/* What comes before member i. */
static void begin_member(struct writer *w, size_t i)
{
	if (i > 0)
		buf_add_char(w->out, ',');
	break_line(w);
}

static bool write_pair(struct writer *w, struct str key, struct value v)
{
	write_string(w, key);
	buf_add_cstr(w->out, w->style->indent ? ": " : ":");
	return write_value(w, v);
}

static void write_base64(struct writer *w, const unsigned char *p, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	buf_add_char(w->out, '"');
	for (size_t i = 0; i < n; i += 3) {
		unsigned bits = (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) |
				(i + 2 < n ? p[i + 2] : 0);

		buf_add_char(w->out, digits[bits >> 18]);
		buf_add_char(w->out, digits[bits >> 12 & 63]);
		buf_add_char(w->out, i + 1 < n ? digits[bits >> 6 & 63] : '=');
		buf_add_char(w->out, i + 2 < n ? digits[bits & 63] : '=');
	}
	buf_add_char(w->out, '"');
}

static bool write_slice(struct writer *w, struct value v)
{
	size_t n = slice_len(v);

	if (value_type(v)->kind == KIND_SLICE && (!v.sl || !v.sl->data)) {
		buf_add_cstr(w->out, "null");
		return true;
	}
	if (value_type(v) == &type_bytes) {
		write_base64(w, v.sl->data, n);
		return true;
	}
	if (!open_level(w, '[', value_type(v)))
		return false;
	for (size_t i = 0; i < n; i++) {
		begin_member(w, i);
		if (!write_value(w, slice_at(v, i)))
			return false;
	}
	close_level(w, ']', n == 0);
	return true;
}

/* A map with integer keys as one with their texts, by which its members are sorted. */
static struct value with_text_keys(struct writer *w, struct value v)
{
	struct value texts =
		map_new(w->arena, type_map_of(&type_string, value_type(v)->elem), map_len(v));
	struct value key, member;
	size_t pos = 0;

	while (map_next(v, &pos, &key, &member)) {
		struct str text = value_type(key)->kind <= KIND_INT64
					  ? arena_fmt(w->arena, "%lld", (long long)key.i)
					  : arena_fmt(w->arena, "%llu", (unsigned long long)key.u);

		map_set_str(texts, text, member);
	}
	return texts;
}

static bool write_map(struct writer *w, struct value v)
{
	const struct type *kt = value_type(v)->key;
	struct value key, member;

	if (kt->kind != KIND_STRING && (kt->kind < KIND_INT || kt->kind > KIND_UINTPTR))
		return fail_type(w, value_type(v));
	if (!v.m) {
		buf_add_cstr(w->out, "null");
		return true;
	}
	if (!open_level(w, '{', value_type(v)))
		return false;
	if (kt->kind != KIND_STRING)
		v = with_text_keys(w, v);
	for (size_t i = 0; i < map_len(v); i++) {
		begin_member(w, i);
		map_at_sorted(v, i, &key, &member);
		if (!write_pair(w, value_as_str(key), member))
			return false;
	}
	close_level(w, '}', map_len(v) == 0);
	return true;
}

static bool write_struct(struct writer *w, struct value v)
{
	size_t n = 0;

	if (!open_level(w, '{', value_type(v)))
		return false;
	for (size_t i = 0; i < value_type(v)->n_fields; i++) {
		const struct field *f = &value_type(v)->fields[i];

		if (f->name.p[0] < 'A' || f->name.p[0] > 'Z')
			continue;
		begin_member(w, n++);
		if (!write_pair(w, f->name, record_field(v, f)))
			return false;
	}
	close_level(w, '}', n == 0);
	return true;
}

static bool write_pointer(struct writer *w, struct value v)
{
	if (v.rec)
		return write_value(w, value_load(value_type(v)->elem, v.rec));
	buf_add_cstr(w->out, "null");
	return true;
}

/* A value whose type encodes itself. */
static bool write_own_text(struct writer *w, struct value v)
{
	const struct type *t = value_type(v);
	struct str text;

	if (!t->json_text(w->arena, v, &text, w->err))
		return error_prepend(
			w->err, "json: error calling MarshalJSON for type %s: ", t->name);
	write_string(w, text);
	return true;
}

static bool write_value(struct writer *w, struct value v)
{
	/* A list may hold another one twice, and so on: nothing but the text's length ends that. */
	if (w->out->full)
		return true;
	if (!value_is_none(v) && value_type(v)->json_text)
		return write_own_text(w, v);
	switch (value_kind(v)) {
	case KIND_INVALID:
	case KIND_INTERFACE:
		buf_add_cstr(w->out, "null");
		return true;
	case KIND_BOOL:
		buf_add_cstr(w->out, v.b ? "true" : "false");
		return true;
	case KIND_INT ... KIND_INT64:
		int_add(w->out, v.i, 10);
		return true;
	case KIND_UINT ... KIND_UINTPTR:
		uint_add(w->out, v.u, 10);
		return true;
	case KIND_FLOAT32:
	case KIND_FLOAT64:
		return write_float(w, v);
	case KIND_STRING:
		write_string(w, value_as_str(v));
		return true;
	case KIND_ARRAY:
	case KIND_SLICE:
		return write_slice(w, v);
	case KIND_MAP:
		return write_map(w, v);
	case KIND_STRUCT:
		return write_struct(w, v);
	case KIND_POINTER:
		return write_pointer(w, v);
	case KIND_COMPLEX64:
	case KIND_COMPLEX128:
	case KIND_FUNC:
		break;
	}
	return fail_type(w, value_type(v));
}

bool json_write(struct buf *out, struct arena *arena, struct value v,
	const struct json_style *style, struct error *err)
{
	struct writer w = {out, arena, style, err, 0};
	size_t start = out->len;

	if (write_value(&w, v))
		return true;
	out->len = start;
	return false;
}
