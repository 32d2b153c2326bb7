/* SPDX-License-Identifier: MIT
 *
 * Takes values apart and prints them, see printer.h. Depth 0 is an operand itself, where a pointer
 * to a struct prints as &{…}; deeper down it prints as an address. Bad verbs print as
 * %!verb(type=value) at the innermost value that they do not fit.
 */
#include "config.h"

#include "template/format/printer.h"

#include "template/format/time.h"
#include "template/format/time_methods.h"
#include "template/format/unicode.h"

/* A moment with the longest location name that there is. */
#define TIME_TEXT_MAX (128 + 4 * ZONE_NAME_MAX)

static void add_nested(struct printer *p, struct value v, uint32_t verb, unsigned depth);

bool printer_is_nil(struct value v)
{
	return value_is_none(v) || value_type(v)->kind == KIND_INTERFACE;
}

/* The type whose String or Error method prints v: v's own, or what v points to. addressable allows
 * methods of the pointer type for a plain value. NULL if there is none. */
static const struct type *stringer_type(struct value v, bool addressable)
{
	const struct type *t =
		value_type(v)->kind == KIND_POINTER ? value_type(v)->elem : value_type(v);
	const struct method *m;

	if (!t->stringer)
		return NULL;
	if (value_type(v)->kind == KIND_POINTER || addressable)
		return t;
	m = type_method(t, t->is_error ? STR("Error") : STR("String"));
	return m && m->on_pointer ? NULL : t;
}

static void bad_verb(struct printer *p, uint32_t verb, struct value v)
{
	p->erroring = true;
	buf_add_cstr(p->out, "%!");
	buf_add_rune(p->out, verb);
	buf_add_char(p->out, '(');
	if (printer_is_nil(v)) {
		buf_add_cstr(p->out, "<nil>");
	} else {
		buf_add_cstr(p->out, value_type(v)->name);
		buf_add_char(p->out, '=');
		printer_add_value(p, v, 'v');
	}
	buf_add_char(p->out, ')');
	p->erroring = false;
}

static bool add_string(struct printer *p, struct str s, uint32_t verb)
{
	switch (verb) {
	case 'v':
		if (p->sharp_v)
			printer_add_quoted(p, s);
		else
			printer_add_string(p, s);
		return true;
	case 's':
		printer_add_string(p, s);
		return true;
	case 'x':
	case 'X':
		printer_add_hex(p, s, verb == 'X');
		return true;
	case 'q':
		printer_add_quoted(p, s);
		return true;
	default:
		return false;
	}
}

/* A moment by its String or, for %#v, its GoString method. */
static void add_time(struct printer *p, const struct go_time *t, uint32_t verb)
{
	struct buf text;

	buf_init(&text, TIME_TEXT_MAX);
	if (p->sharp_v) {
		time_add_go_syntax(&text, t);
		printer_add_string(p, buf_str(&text));
	} else {
		time_add_string(&text, t);
		add_string(p, buf_str(&text), verb);
	}
	buf_release(&text);
}

/* Prints v, of a type with a String or Error method of t, by that method. */
static void add_stringer(struct printer *p, struct value v, const struct type *t, uint32_t verb)
{
	struct str s;

	if (value_type(v)->kind == KIND_POINTER) {
		if (!v.rec) {
			buf_add_cstr(p->out, "<nil>");
			return;
		}
		v = value_load(t, v.rec);
	}
	if (t == &type_time) {
		add_time(p, v.rec, verb);
		return;
	}
	s = t->stringer(p->arena, v);
	add_string(p, s, verb);
}

/* Whether a method of v decides about its text; then it is printed. */
static bool handle_methods(struct printer *p, struct value v, uint32_t verb)
{
	const struct type *t;

	if (p->erroring || printer_is_nil(v))
		return false;
	/* Only Errorf may wrap. Of []byte Go looks at the members. */
	if (verb == 'w' && value_type(v) != &type_bytes) {
		bad_verb(p, verb, v);
		return true;
	}
	if (verb >= 0x80 || !verb || !strchr("vsxXq", (int)verb))
		return false;
	t = stringer_type(v, false);
	if (p->sharp_v && t != &type_time)
		return false;
	if (t)
		add_stringer(p, v, t, verb);
	return t != NULL;
}

/* The separator before member i. */
static void add_separator(struct printer *p, size_t i)
{
	if (i > 0)
		buf_add_cstr(p->out, p->sharp_v ? ", " : " ");
}

/* []byte for the verbs that take it as text; false for all others. */
static bool add_bytes_as_text(struct printer *p, struct value v, uint32_t verb)
{
	struct str s = v.sl ? str_n(v.sl->data, v.sl->len) : STR("");

	switch (verb) {
	case 's':
	case 'q':
	case 'x':
	case 'X':
		return add_string(p, s, verb);
	default:
		return false;
	}
}

static void add_slice(struct printer *p, struct value v, uint32_t verb, unsigned depth)
{
	bool is_bytes = value_type(v)->elem->kind == KIND_UINT8;
	size_t n = slice_len(v);

	if (is_bytes && add_bytes_as_text(p, v, verb))
		return;
	if (p->sharp_v) {
		/* Go knows []byte by its short name where it prints one as an operand. */
		bool short_name = depth == 0 && verb == 'v' && value_type(v) == &type_bytes;

		buf_add_cstr(p->out, short_name ? "[]byte" : value_type(v)->name);
		if (value_type(v)->kind == KIND_SLICE && (!v.sl || (!v.sl->data && n == 0))) {
			buf_add_cstr(p->out, "(nil)");
			return;
		}
	}
	buf_add_char(p->out, p->sharp_v ? '{' : '[');
	for (size_t i = 0; i < n && !p->out->full; i++) {
		add_separator(p, i);
		add_nested(p, slice_at(v, i), verb, depth + 1);
	}
	buf_add_char(p->out, p->sharp_v ? '}' : ']');
}

static void add_map(struct printer *p, struct value v, uint32_t verb, unsigned depth)
{
	size_t n = v.m ? map_len(v) : 0;

	if (p->sharp_v) {
		buf_add_cstr(p->out, value_type(v)->name);
		if (!v.m) {
			buf_add_cstr(p->out, "(nil)");
			return;
		}
		buf_add_char(p->out, '{');
	} else {
		buf_add_cstr(p->out, "map[");
	}
	for (size_t i = 0; i < n && !p->out->full; i++) {
		struct value key, member;

		map_at_sorted(v, i, &key, &member);
		add_separator(p, i);
		add_nested(p, key, verb, depth + 1);
		buf_add_char(p->out, ':');
		add_nested(p, member, verb, depth + 1);
	}
	buf_add_char(p->out, p->sharp_v ? '}' : ']');
}

/* Begins member i of a struct. */
static void add_member_name(struct printer *p, size_t i, struct str name)
{
	add_separator(p, i);
	if (p->plus_v || p->sharp_v) {
		buf_add_str(p->out, name);
		buf_add_char(p->out, ':');
	}
}

/* The members of a time.Time, as Go's package time keeps them: nanoseconds, seconds since year 1
 * and the location; with a reading of the process's clock, both times packed in the first member
 * and the reading in the second. */
static void add_time_members(
	struct printer *p, const struct go_time *t, uint32_t verb, unsigned depth)
{
	const int64_t year_1 = civil_days(1, 1, 1) * 86400,
		      year_1885 = civil_days(1885, 1, 1) * 86400;
	const void *loc = t->loc || !t->fixed ? (const void *)t->loc : t;
	uint64_t wall = (uint64_t)t->nsec;
	int64_t ext = t->sec - year_1;

	if (t->mono) {
		wall |= (uint64_t)1 << 63 | (uint64_t)(t->sec - year_1885) << 30;
		ext = t->mono;
	}
	add_member_name(p, 0, STR("wall"));
	add_nested(p, (struct value){.head = TYPE_HEAD(&type_uint64), .u = wall}, verb, depth + 1);
	add_member_name(p, 1, STR("ext"));
	add_nested(p, (struct value){.head = TYPE_HEAD(&type_int64), .i = ext}, verb, depth + 1);
	add_member_name(p, 2, STR("loc"));
	add_nested(p, value_rec(&type_location_pointer, loc), verb, depth + 1);
}

static void add_struct(struct printer *p, struct value v, uint32_t verb, unsigned depth)
{
	const struct type *t = value_type(v);

	if (p->sharp_v)
		buf_add_cstr(p->out, t->name);
	buf_add_char(p->out, '{');
	if (t == &type_time)
		add_time_members(p, v.rec, verb, depth);
	for (size_t i = 0; t != &type_time && i < t->n_fields && !p->out->full; i++) {
		add_member_name(p, i, t->fields[i].name);
		add_nested(p, record_field(v, &t->fields[i]), verb, depth + 1);
	}
	buf_add_char(p->out, '}');
}

/* The address that Go would show for v. */
static uint64_t address_of(struct value v)
{
	if (value_type(v)->kind == KIND_SLICE)
		return v.sl ? (uint64_t)(uintptr_t)v.sl->data : 0;
	return (uint64_t)(uintptr_t)v.rec;
}

static void add_address(struct printer *p, struct value v, uint32_t verb)
{
	uint64_t u = address_of(v);

	if (verb == 'v' && p->sharp_v) {
		buf_add_fmt(p->out, "(%s)(", value_type(v)->name);
		if (u)
			printer_add_0x(p, u, true);
		else
			buf_add_cstr(p->out, "nil");
		buf_add_char(p->out, ')');
	} else if (verb == 'v' && !u) {
		printer_add_padded(p, "<nil>");
	} else if (verb == 'v' || verb == 'p') {
		printer_add_0x(p, u, !p->sharp);
	} else if (verb >= 0x80 || !verb || !strchr("bodxX", (int)verb) ||
		   !printer_add_integer(p, u, false, verb)) {
		bad_verb(p, verb, v);
	}
}

/* %p, which fits what has an address. */
static void add_as_pointer(struct printer *p, struct value v)
{
	enum kind kind = value_type(v)->kind;

	if (kind == KIND_FUNC || kind == KIND_MAP || kind == KIND_POINTER || kind == KIND_SLICE)
		add_address(p, v, 'p');
	else
		bad_verb(p, 'p', v);
}

static void add_pointer(struct printer *p, struct value v, uint32_t verb, unsigned depth)
{
	enum kind kind = value_type(v)->elem->kind;

	if (depth == 0 && v.rec &&
		(kind == KIND_ARRAY || kind == KIND_SLICE || kind == KIND_STRUCT ||
			kind == KIND_MAP)) {
		buf_add_char(p->out, '&');
		add_nested(p, value_load(value_type(v)->elem, v.rec), verb, depth + 1);
		return;
	}
	add_address(p, v, verb);
}

static void add_nil_interface(struct printer *p, struct value v)
{
	if (p->sharp_v)
		buf_add_fmt(p->out, "%s(nil)", value_type(v)->name);
	else
		buf_add_cstr(p->out, "<nil>");
}

static bool add_bool(struct printer *p, bool b, uint32_t verb)
{
	if (verb != 't' && verb != 'v')
		return false;
	printer_add_padded(p, b ? "true" : "false");
	return true;
}

/* Prints v by its kind; methods have been looked at. False if verb does not fit v. */
static bool add_by_kind(struct printer *p, struct value v, uint32_t verb, unsigned depth)
{
	switch (value_type(v)->kind) {
	case KIND_BOOL:
		return add_bool(p, v.b, verb);
	case KIND_INT ... KIND_INT64:
		return printer_add_integer(p, v.u, true, verb);
	case KIND_UINT ... KIND_UINTPTR:
		return printer_add_integer(p, v.u, false, verb);
	case KIND_FLOAT32:
		return printer_add_float(p, v.f, 32, verb);
	case KIND_FLOAT64:
		return printer_add_float(p, v.f, 64, verb);
	case KIND_COMPLEX64:
		return printer_add_complex(p, v.c, 32, verb);
	case KIND_COMPLEX128:
		return printer_add_complex(p, v.c, 64, verb);
	case KIND_STRING:
		return add_string(p, value_as_str(v), verb);
	case KIND_MAP:
		add_map(p, v, verb, depth);
		return true;
	case KIND_STRUCT:
		add_struct(p, v, verb, depth);
		return true;
	case KIND_ARRAY:
	case KIND_SLICE:
		add_slice(p, v, verb, depth);
		return true;
	case KIND_POINTER:
		add_pointer(p, v, verb, depth);
		return true;
	case KIND_FUNC:
		add_address(p, v, verb);
		return true;
	case KIND_INTERFACE:
	case KIND_INVALID:
		break;
	}
	add_nil_interface(p, v);
	return true;
}

/* Prints a member, or what an operand points to. */
static void add_nested(struct printer *p, struct value v, uint32_t verb, unsigned depth)
{
	if (p->nesting >= FORMAT_DEPTH_MAX || p->too_deep) {
		p->too_deep = true;
		return;
	}
	if (p->out->full)
		return;
	if (value_is_none(v))
		v = value_nil();
	p->nesting++;
	if (!handle_methods(p, v, verb) && !add_by_kind(p, v, verb, depth))
		bad_verb(p, verb, v);
	p->nesting--;
}

void printer_add_value(struct printer *p, struct value v, uint32_t verb)
{
	if (printer_is_nil(v)) {
		if (verb == 'T' || verb == 'v')
			printer_add_padded(p, "<nil>");
		else
			bad_verb(p, verb, v);
		return;
	}
	if (verb == 'T')
		printer_add_string(p, str_from(value_type(v)->name));
	else if (verb == 'p')
		add_as_pointer(p, v);
	else
		add_nested(p, v, verb, 0);
}

void printer_add_action(struct printer *p, struct value v)
{
	const struct type *t;

	while (value_kind(v) == KIND_POINTER && v.rec) {
		v = value_load(value_type(v)->elem, v.rec);
		v.head |= VALUE_ADDR;
	}
	if (value_is_none(v) || value_type(v) == &type_any) {
		buf_add_cstr(p->out, "<no value>");
		return;
	}
	t = printer_is_nil(v) ? NULL : stringer_type(v, v.head & VALUE_ADDR);
	if (t)
		add_stringer(p, v, t, 'v');
	else
		printer_add_value(p, v, 'v');
}
