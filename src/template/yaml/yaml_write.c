/* SPDX-License-Identifier: MIT
 *
 * The YAML writer, see yaml_write.h: it walks through a value and gives yaml_emit.h the parts.
 */
#include "config.h"

#include "template/yaml/yaml_write.h"

#include "base/utf8.h"
#include "template/format/number.h"
#include "template/format/time.h"
#include "template/format/time_methods.h"
#include "template/format/unicode.h"
#include "template/funcs/encoding.h"
#include "template/yaml/yaml_emit.h"
#include "template/yaml/yaml_resolve.h"

#include <stdlib.h>

/* Base64 of binary strings has lines of this length if it is longer. */
#define BINARY_LINE 70
/* How Go writes a time as YAML (time.RFC3339Nano). */
#define TIME_LAYOUT STR("2006-01-02T15:04:05.999999999Z07:00")

struct writer {
	struct yaml_emitter e;
	struct arena *arena;
	struct buf *text; /* of one scalar */
	struct error *err;
	unsigned depth;
};

static bool write_value(struct writer *w, struct value v, enum yaml_place place);

/* --- strings ------------------------------------------------------------------------------ */

/* A number in base 60, which YAML 1.1 knows: 12:30:45. */
static bool is_base60(struct str s)
{
	size_t at = s.len && (s.p[0] == '+' || s.p[0] == '-'), groups = 0;

	if (at == s.len || s.p[at] < '0' || s.p[at] > '9')
		return false;
	while (at < s.len && ((s.p[at] >= '0' && s.p[at] <= '9') || s.p[at] == '_'))
		at++;
	while (at + 1 < s.len && s.p[at] == ':') {
		size_t digits = 0;

		while (digits < 2 && at + 1 + digits < s.len && s.p[at + 1 + digits] >= '0' &&
			s.p[at + 1 + digits] <= '9')
			digits++;
		if (digits == 0 || (digits == 2 && s.p[at + 1] > '5'))
			return false;
		at += 1 + digits;
		groups++;
	}
	if (groups && at < s.len && s.p[at] == '.') {
		at++;
		while (at < s.len && ((s.p[at] >= '0' && s.p[at] <= '9') || s.p[at] == '_'))
			at++;
	}
	return groups && at == s.len;
}

/* A boolean of YAML 1.1. */
static bool is_old_bool(struct str s)
{
	static const char *const words[] = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n",
		"N", "no", "No", "NO", "off", "Off", "OFF"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eqz(s, words[i]))
			return true;
	return false;
}

/* Whether no reader takes the plain text for anything but a string. */
static bool is_plain_string(struct writer *w, struct str s)
{
	struct value v;
	struct str tag;

	return yaml_resolve(w->arena, STR(""), s, &tag, &v, NULL) && str_eq(tag, YAML_STR) &&
	       !is_base60(s) && !is_old_bool(s);
}

/* Bytes that are not UTF-8, as base64 in lines. */
static struct str binary_text(struct writer *w, struct str s)
{
	struct buf *b = w->text;
	struct str all;
	char *lines;
	size_t n = 0;

	buf_clear(b);
	base64_add(b, s);
	/* What does not fit here would not fit there. */
	w->e.out->full |= b->full;
	all = arena_str(w->arena, buf_str(b));
	if (all.len < BINARY_LINE)
		return all;
	lines = arena_alloc(w->arena, all.len + all.len / BINARY_LINE + 1);
	for (size_t i = 0; i < all.len; i += BINARY_LINE) {
		struct str line = str_sub(all, i, i + BINARY_LINE);

		memcpy(lines + n, line.p, line.len);
		n += line.len;
		lines[n++] = '\n';
	}
	return str_n(lines, n);
}

static struct yaml_scalar string_scalar(struct writer *w, struct str s)
{
	struct yaml_scalar scalar = {.text = s, .style = YAML_PLAIN};

	if (!utf8_valid(s)) {
		scalar.binary = true;
		scalar.text = binary_text(w, s);
	} else if (!is_plain_string(w, s)) {
		scalar.style = YAML_DOUBLE_QUOTED;
	}
	if (str_chr(scalar.text, '\n') >= 0)
		scalar.style = YAML_LITERAL;
	return scalar;
}

/* --- other scalars ------------------------------------------------------------------------ */

static struct yaml_scalar plain_scalar(struct writer *w)
{
	return (struct yaml_scalar){arena_str(w->arena, buf_str(w->text)), YAML_PLAIN, false};
}

static struct yaml_scalar word_scalar(const char *word)
{
	return (struct yaml_scalar){str_from(word), YAML_PLAIN, false};
}

static struct yaml_scalar float_scalar(struct writer *w, struct value v)
{
	float_add(w->text, v.f, 'g', FLOAT_SHORTEST, value_type(v)->kind == KIND_FLOAT32 ? 32 : 64);
	if (str_eq(buf_str(w->text), STR("NaN")))
		return word_scalar(".nan");
	if (str_eq(buf_str(w->text), STR("+Inf")))
		return word_scalar(".inf");
	if (str_eq(buf_str(w->text), STR("-Inf")))
		return word_scalar("-.inf");
	return plain_scalar(w);
}

/* The scalar that v is; false if it is none. Pointers have been followed. */
static bool value_scalar(struct writer *w, struct value v, struct yaml_scalar *ret)
{
	enum kind kind = value_kind(v);
	struct str own;

	buf_clear(w->text);
	if (value_type(v) == &type_time) {
		time_add(w->text, v.rec, TIME_LAYOUT);
		*ret = plain_scalar(w);
	} else if (value_type(v) == &type_duration) {
		go_duration_add(w->text, v.i);
		*ret = string_scalar(w, arena_str(w->arena, buf_str(w->text)));
	} else if (!value_is_none(v) && value_type(v)->json_text &&
		   value_type(v)->json_text(w->arena, v, &own, NULL)) {
		*ret = string_scalar(w, own);
	} else if (kind == KIND_INVALID || kind == KIND_INTERFACE || kind == KIND_POINTER) {
		*ret = word_scalar("null");
	} else if (kind == KIND_STRING) {
		*ret = string_scalar(w, value_as_str(v));
	} else if (kind == KIND_BOOL) {
		*ret = word_scalar(v.b ? "true" : "false");
	} else if (kind >= KIND_INT && kind <= KIND_INT64) {
		int_add(w->text, v.i, 10);
		*ret = plain_scalar(w);
	} else if (kind >= KIND_UINT && kind <= KIND_UINTPTR) {
		uint_add(w->text, v.u, 10);
		*ret = plain_scalar(w);
	} else if (kind == KIND_FLOAT32 || kind == KIND_FLOAT64) {
		*ret = float_scalar(w, v);
	} else {
		return false;
	}
	return true;
}

/* --- order of keys -------------------------------------------------------------------------- */

static bool key_number(struct value v, double *ret)
{
	enum kind kind = value_kind(v);

	if (kind == KIND_BOOL)
		*ret = v.b;
	else if (kind >= KIND_INT && kind <= KIND_INT64)
		*ret = (double)v.i;
	else if (kind >= KIND_UINT && kind <= KIND_UINTPTR)
		*ret = (double)v.u;
	else if (kind == KIND_FLOAT32 || kind == KIND_FLOAT64)
		*ret = v.f;
	else
		return false;
	return true;
}

/* A run of digits, the rest taken off *s; how many. */
static size_t take_number(struct str *s, int64_t *ret)
{
	size_t n = 0;

	while (s->len) {
		size_t width;
		uint32_t r = utf8_decode(*s, &width);

		if (!rune_is_digit(r))
			break;
		*ret = (int64_t)((uint64_t)*ret * 10 + r - '0');
		*s = str_sub(*s, width, s->len);
		n++;
	}
	return n;
}

/* Where two texts part: a and b begin with different runes; digits: those before were a number, and
 * significant says that it had a digit other than 0. */
static int order_rest(struct str a, struct str b, bool digits, bool significant)
{
	size_t width, a_digits, b_digits;
	uint32_t x = utf8_decode(a, &width), y = utf8_decode(b, &width);
	int64_t m = 0, n = 0;

	if (rune_is_letter(x) && rune_is_letter(y))
		return x < y ? -1 : 1;
	if (rune_is_letter(x) || rune_is_letter(y))
		return digits == rune_is_letter(x) ? -1 : 1;
	if ((x == '0' || y == '0') && significant)
		m = n = 1;
	a_digits = take_number(&a, &m);
	b_digits = take_number(&b, &n);
	if (m != n)
		return m < n ? -1 : 1;
	if (a_digits != b_digits)
		return a_digits < b_digits ? -1 : 1;
	return x < y ? -1 : 1;
}

/* Natural order: numbers within texts count as numbers. */
static int order_texts(struct str a, struct str b)
{
	bool digits = false, significant = false;

	while (a.len && b.len) {
		size_t width_a, width_b;
		uint32_t x = utf8_decode(a, &width_a), y = utf8_decode(b, &width_b);

		if (x != y)
			return order_rest(a, b, digits, significant);
		digits = rune_is_digit(x);
		significant = digits && (significant || x != '0');
		a = str_sub(a, width_a, a.len);
		b = str_sub(b, width_b, b.len);
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int order_keys(const void *pa, const void *pb)
{
	const struct value *a = pa, *b = pb;
	enum kind ka = value_kind(*a), kb = value_kind(*b);
	double x, y;

	if (key_number(*a, &x) && key_number(*b, &y)) {
		if (x != y)
			return x < y ? -1 : 1;
		if (ka != kb)
			return ka < kb ? -1 : 1;
		return value_order(*a, *b);
	}
	if (ka != KIND_STRING || kb != KIND_STRING)
		return (ka > kb) - (ka < kb);
	return order_texts(value_as_str(*a), value_as_str(*b));
}

/* --- what holds others ------------------------------------------------------------------------ */

static bool open_level(struct writer *w)
{
	if (++w->depth <= YAML_WRITE_DEPTH_MAX)
		return true;
	return error_set(w->err, "value is nested more than %d deep", YAML_WRITE_DEPTH_MAX);
}

static bool write_list(struct writer *w, struct value v, enum yaml_place place)
{
	int before;

	if (slice_len(v) == 0) {
		yaml_emit_empty(&w->e, "[]");
		return true;
	}
	if (!open_level(w))
		return false;
	before = yaml_emit_indent(&w->e, place);
	for (size_t i = 0; i < slice_len(v); i++) {
		yaml_emit_item(&w->e);
		if (!write_value(w, slice_at(v, i), YAML_IN_SEQUENCE))
			return false;
	}
	w->e.indent = before;
	w->depth--;
	return true;
}

static bool write_pair(struct writer *w, const struct yaml_scalar *key, struct value v)
{
	yaml_emit_line(&w->e);
	if (yaml_scalar_is_simple_key(key)) {
		yaml_emit_scalar(&w->e, key, YAML_IN_KEY);
		yaml_emit_colon(&w->e);
	} else {
		yaml_emit_complex_key(&w->e);
		yaml_emit_scalar(&w->e, key, YAML_IN_MAPPING);
		yaml_emit_complex_value(&w->e);
	}
	return write_value(w, v, YAML_IN_MAPPING);
}

static struct value *sorted_keys(struct writer *w, struct value v)
{
	struct value *keys = arena_array(w->arena, struct value, map_len(v)), member;

	for (size_t i = 0; i < map_len(v); i++) {
		map_at_sorted(v, i, &keys[i], &member);
		keys[i] = value_plain(keys[i]);
	}
	qsort(keys, map_len(v), sizeof(*keys), order_keys);
	return keys;
}

static bool write_map(struct writer *w, struct value v, enum yaml_place place)
{
	struct value *keys;
	int before;

	if (map_len(v) == 0) {
		yaml_emit_empty(&w->e, "{}");
		return true;
	}
	if (!open_level(w))
		return false;
	before = yaml_emit_indent(&w->e, place);
	keys = sorted_keys(w, v);
	for (size_t i = 0; i < map_len(v); i++) {
		struct yaml_scalar key;

		if (!value_scalar(w, keys[i], &key))
			return error_set(
				w->err, "cannot marshal type: %s", value_type(keys[i])->name);
		if (!write_pair(w, &key, map_get(v, keys[i])))
			return false;
	}
	w->e.indent = before;
	w->depth--;
	return true;
}

static bool is_exported(const struct field *f)
{
	return f->name.p[0] >= 'A' && f->name.p[0] <= 'Z';
}

static bool write_struct(struct writer *w, struct value v, enum yaml_place place)
{
	size_t shown = 0;
	int before;

	for (size_t i = 0; i < value_type(v)->n_fields; i++)
		shown += is_exported(&value_type(v)->fields[i]);
	if (shown == 0) {
		yaml_emit_empty(&w->e, "{}");
		return true;
	}
	if (!open_level(w))
		return false;
	before = yaml_emit_indent(&w->e, place);
	for (size_t i = 0; i < value_type(v)->n_fields; i++) {
		const struct field *f = &value_type(v)->fields[i];
		struct yaml_scalar key;

		if (!is_exported(f))
			continue;
		buf_clear(w->text);
		buf_add_lower(w->text, f->name);
		key = string_scalar(w, arena_str(w->arena, buf_str(w->text)));
		if (!write_pair(w, &key, record_field(v, f)))
			return false;
	}
	w->e.indent = before;
	w->depth--;
	return true;
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool write_value(struct writer *w, struct value v, enum yaml_place place)
{
	struct yaml_scalar scalar;
	enum kind kind;

	/* A list may hold another one twice, and so on: nothing but the text's length ends that. */
	if (w->e.out->full)
		return true;
	for (unsigned i = 0; value_kind(v) == KIND_POINTER && v.rec; i++) {
		if (i > YAML_WRITE_DEPTH_MAX)
			return error_set(w->err, "pointers lead nowhere");
		v = value_load(value_type(v)->elem, v.rec);
	}
	kind = value_kind(v);
	if (value_scalar(w, v, &scalar)) {
		yaml_emit_scalar(&w->e, &scalar, place);
		return true;
	}
	if (kind == KIND_MAP)
		return write_map(w, v, place);
	if (kind == KIND_SLICE || kind == KIND_ARRAY)
		return write_list(w, v, place);
	if (kind == KIND_STRUCT)
		return write_struct(w, v, place);
	return error_set(w->err, "cannot marshal type: %s", value_type(v)->name);
}

bool yaml_write(struct buf *out, struct buf *scratch, struct arena *arena, struct value v,
	struct error *err)
{
	struct writer w = {.arena = arena, .text = scratch, .err = err};
	size_t start = out->len;
	bool ok;

	yaml_emit_begin(&w.e, out);
	ok = write_value(&w, v, YAML_IN_ROOT);
	if (ok)
		yaml_emit_end(&w.e);
	else
		out->len = start;
	return ok;
}
