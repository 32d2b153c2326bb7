/* SPDX-License-Identifier: MIT
 *
 * Go's own template functions, but for slice, which sprig's hides. and, or and call are in the
 * table for their types; the engine evaluates them itself (call.c).
 */
#include "config.h"

#include "template/funcs.h"

#include "template/format/escape.h"

/* --- comparison ---------------------------------------------------------------------- */

/* Kinds as comparison sees them. */
enum basic {
	NOT_BASIC,
	BASIC_BOOL,
	BASIC_COMPLEX,
	BASIC_INT,
	BASIC_FLOAT,
	BASIC_STRING,
	BASIC_UINT
};

static enum basic basic_kind(struct value v)
{
	enum kind kind = value_kind(v);

	if (kind >= KIND_INT && kind <= KIND_INT64)
		return BASIC_INT;
	if (kind >= KIND_UINT && kind <= KIND_UINTPTR)
		return BASIC_UINT;
	if (kind == KIND_BOOL)
		return BASIC_BOOL;
	if (kind == KIND_FLOAT32 || kind == KIND_FLOAT64)
		return BASIC_FLOAT;
	if (kind == KIND_COMPLEX64 || kind == KIND_COMPLEX128)
		return BASIC_COMPLEX;
	return kind == KIND_STRING ? BASIC_STRING : NOT_BASIC;
}

/* The value inside an interface; nil is no value. */
static struct value inside(struct value v)
{
	if (value_kind(v) == KIND_INTERFACE)
		return VALUE_NONE;
	v.head &= ~(uint64_t)VALUE_IFACE;
	return v;
}

static bool is_nil(struct value v)
{
	enum kind kind = value_kind(v);

	if (kind == KIND_SLICE)
		return !v.sl || !v.sl->data;
	return kind == KIND_INVALID ||
	       ((kind == KIND_MAP || kind == KIND_POINTER || kind == KIND_FUNC) && !v.rec);
}

static bool fail_incompatible(struct call *c, struct value a, struct value b)
{
	return call_fail(c, "incompatible types for comparison: %s and %s",
		!value_is_none(a) ? value_type(a)->name : "",
		!value_is_none(b) ? value_type(b)->name : "");
}

static bool type_is_comparable(const struct type *t)
{
	if (t->kind == KIND_SLICE || t->kind == KIND_MAP || t->kind == KIND_FUNC)
		return false;
	if (t->kind == KIND_ARRAY)
		return type_is_comparable(t->elem);
	for (size_t i = 0; i < t->n_fields; i++)
		if (!type_is_comparable(t->fields[i].type))
			return false;
	return true;
}

/* Fails with a text that shows values, as printf makes it of args. */
static bool fail_printf(struct call *c, struct str text, const struct value *args, size_t n)
{
	struct format f = {call_buf(c), c->arena};
	struct error why = ERROR_INIT;

	if (!format_printf(&f, text, args, n, &why))
		return call_fail_error(c, &why);
	return call_fail_str(c, buf_str(f.out));
}

/* Neither has a basic kind. */
static bool equal_others(struct call *c, struct value a, struct value b, bool *ret)
{
	struct value type_a, type_b;

	if (value_is_none(a) || value_is_none(b) ||
		(value_kind(a) == value_kind(b) && (is_nil(a) || is_nil(b)))) {
		*ret = is_nil(a) == is_nil(b);
		return true;
	}
	type_a = value_str(str_from(value_type(a)->name));
	type_b = value_str(str_from(value_type(b)->name));
	if (value_kind(a) != value_kind(b))
		return fail_printf(c, STR("non-comparable types %s: %v, %s: %v"),
			(const struct value[]){a, type_a, type_b, b}, 4);
	if (!type_is_comparable(value_type(b)))
		return fail_printf(
			c, STR("non-comparable type %s: %v"), (const struct value[]){b, type_b}, 2);
	*ret = value_equal(a, b);
	return true;
}

static bool equal_values(struct call *c, struct value a, struct value b, bool *ret)
{
	enum basic ka = basic_kind(a), kb = basic_kind(b);

	*ret = false;
	if ((ka == BASIC_INT && kb == BASIC_UINT) || (ka == BASIC_UINT && kb == BASIC_INT)) {
		/* A negative integer is no unsigned one. */
		*ret = a.u == b.u && a.i >= 0;
		return true;
	}
	if (ka != kb)
		return (value_is_none(a) || value_is_none(b)) || fail_incompatible(c, a, b);
	if (ka == NOT_BASIC)
		return equal_others(c, a, b, ret);
	if (ka == BASIC_FLOAT)
		*ret = a.f == b.f;
	else if (ka == BASIC_BOOL)
		*ret = a.b == b.b;
	else if (ka == BASIC_STRING)
		*ret = str_eq(value_as_str(a), value_as_str(b));
	else if (ka == BASIC_COMPLEX)
		*ret = a.c->re == b.c->re && a.c->im == b.c->im;
	else
		*ret = a.u == b.u;
	return true;
}

static bool less_values(struct call *c, struct value a, struct value b, bool *ret)
{
	enum basic ka = basic_kind(a), kb = basic_kind(b);

	if (ka == NOT_BASIC || kb == NOT_BASIC)
		return call_fail(c, "invalid type for comparison");
	if (ka == BASIC_INT && kb == BASIC_UINT)
		*ret = a.i < 0 || a.u < b.u;
	else if (ka == BASIC_UINT && kb == BASIC_INT)
		*ret = b.i >= 0 && a.u < b.u;
	else if (ka != kb)
		return fail_incompatible(c, a, b);
	else if (ka == BASIC_BOOL || ka == BASIC_COMPLEX)
		return call_fail(c, "invalid type for comparison");
	else if (ka == BASIC_FLOAT)
		*ret = a.f < b.f;
	else if (ka == BASIC_STRING)
		*ret = str_cmp(value_as_str(a), value_as_str(b)) < 0;
	else
		*ret = ka == BASIC_INT ? a.i < b.i : a.u < b.u;
	return true;
}

static bool less_or_equal(struct call *c, struct value a, struct value b, bool *ret)
{
	if (!less_values(c, a, b, ret))
		return false;
	return *ret || equal_values(c, a, b, ret);
}

static bool builtin_eq(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value a = inside(args[0]);
	bool equal = false;

	if (n == 1)
		return call_fail(c, "missing argument for comparison");
	for (size_t i = 1; i < n && !equal; i++)
		if (!equal_values(c, a, inside(args[i]), &equal))
			return false;
	*ret = value_bool(equal);
	return true;
}

static bool builtin_ne(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	bool equal;

	(void)n;
	if (!equal_values(c, inside(args[0]), inside(args[1]), &equal))
		return false;
	*ret = value_bool(!equal);
	return true;
}

static bool builtin_lt(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	bool less;

	(void)n;
	if (!less_values(c, inside(args[0]), inside(args[1]), &less))
		return false;
	*ret = value_bool(less);
	return true;
}

static bool builtin_ge(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	if (!builtin_lt(c, args, n, ret))
		return false;
	ret->b = !ret->b;
	return true;
}

static bool builtin_le(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	bool less;

	(void)n;
	if (!less_or_equal(c, inside(args[0]), inside(args[1]), &less))
		return false;
	*ret = value_bool(less);
	return true;
}

static bool builtin_gt(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	if (!builtin_le(c, args, n, ret))
		return false;
	ret->b = !ret->b;
	return true;
}

static bool builtin_not(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	(void)c;
	(void)n;
	*ret = value_bool(!value_truth(args[0]));
	return true;
}

/* --- index, len ------------------------------------------------------------------- */

/* An index into something of which cap is the largest valid one. */
static bool index_argument(struct call *c, struct value index, size_t cap, size_t *ret)
{
	enum basic kind = basic_kind(index);

	if (value_kind(index) == KIND_INVALID)
		return call_fail(c, "cannot index slice/array with nil");
	if (kind != BASIC_INT && kind != BASIC_UINT)
		return call_fail(
			c, "cannot index slice/array with type %s", value_type(index)->name);
	if (index.i < 0 || index.u > cap)
		return call_fail(c, "index out of range: %lld", (long long)index.i);
	*ret = (size_t)index.u;
	return true;
}

static bool index_sequence(struct call *c, struct value item, struct value index, struct value *ret)
{
	bool string = value_type(item)->kind == KIND_STRING;
	size_t n = string ? value_len(item) : slice_len(item), i = 0;

	if (!index_argument(c, index, n, &i))
		return false;
	if (i == n)
		return call_fail(c, "reflect: %s index out of range",
			string				       ? "string"
			: value_type(item)->kind == KIND_ARRAY ? "array"
							       : "slice");
	if (string)
		*ret = (struct value){
			.head = TYPE_HEAD(&type_uint8), .u = (unsigned char)item.s[i]};
	else
		*ret = slice_at(item, i);
	return true;
}

static bool is_integer(const struct type *t)
{
	return t->kind >= KIND_INT && t->kind <= KIND_UINTPTR;
}

/* An index as a key of the map type; integers are converted. */
static bool key_argument(
	struct call *c, struct value index, const struct type *key, struct value *ret)
{
	if (value_is_none(index)) {
		if (!type_can_be_nil(key))
			return call_fail(c, "value is nil; should be of type %s", key->name);
		*ret = type_zero(c->arena, key);
		return true;
	}
	*ret = index;
	*ret = value_plain(*ret);
	if (type_assignable(value_type(index), key))
		return true;
	*ret = value_as(*ret, key);
	if (is_integer(value_type(index)) && is_integer(key))
		return true;
	return call_fail(c, "value has type %s; should be %s", value_type(index)->name, key->name);
}

static bool index_map(struct call *c, struct value item, struct value index, struct value *ret)
{
	struct value key;

	if (!key_argument(c, index, value_type(item)->key, &key))
		return false;
	*ret = map_get(item, key);
	if (value_is_none(*ret))
		*ret = type_zero(c->arena, value_type(item)->elem);
	return true;
}

static bool builtin_index(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value item = inside(args[0]);

	if (value_is_none(item))
		return call_fail(c, "index of untyped nil");
	for (size_t i = 1; i < n; i++) {
		struct value index = inside(args[i]), next;

		if (!value_indirect(&item))
			return call_fail(c, "index of nil pointer");
		item.head &= ~(uint64_t)VALUE_IFACE;
		if (value_type(item)->kind == KIND_MAP) {
			if (!index_map(c, item, index, &next))
				return false;
		} else if (value_type(item)->kind == KIND_SLICE ||
			   value_type(item)->kind == KIND_ARRAY ||
			   value_type(item)->kind == KIND_STRING) {
			if (!index_sequence(c, item, index, &next))
				return false;
		} else {
			return call_fail(c, "can't index item of type %s", value_type(item)->name);
		}
		item = next;
	}
	*ret = item;
	return true;
}

static bool builtin_len(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value item = args[0];

	(void)n;
	if (value_is_none(item))
		return call_fail(c, "reflect: call of reflect.Value.Type on zero Value");
	if (!value_indirect(&item))
		return call_fail(c, "len of nil pointer");
	if (value_type(item)->kind == KIND_STRING)
		*ret = value_int(value_len(item));
	else if (value_type(item)->kind == KIND_MAP)
		*ret = value_int((int64_t)map_len(item));
	else if (value_type(item)->kind == KIND_SLICE || value_type(item)->kind == KIND_ARRAY)
		*ret = value_int((int64_t)slice_len(item));
	else
		return call_fail(c, "len of type %s", value_type(item)->name);
	return true;
}

/* --- print and escape ---------------------------------------------------------------------- */

/* The text of a printed list of arguments. */
static bool return_printed(
	struct call *c, bool ok, struct buf *out, struct error *why, struct value *ret)
{
	if (!ok)
		return call_fail_error(c, why);
	return call_return_buf(c, out, ret);
}

static bool builtin_print(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct format f = {call_buf(c), c->arena};
	struct error why = ERROR_INIT;

	return return_printed(c, format_print(&f, args, n, &why), f.out, &why, ret);
}

static bool builtin_println(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct format f = {call_buf(c), c->arena};
	struct error why = ERROR_INIT;

	return return_printed(c, format_println(&f, args, n, &why), f.out, &why, ret);
}

static bool builtin_printf(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct format f = {call_buf(c), c->arena};
	struct error why = ERROR_INIT;
	bool ok = format_printf(&f, value_as_str(args[0]), args + 1, n - 1, &why);

	return return_printed(c, ok, f.out, &why, ret);
}

/* The arguments as one text, escaped. */
static bool escape_arguments(struct call *c, const struct value *args, size_t n,
	void (*escape)(struct buf *out, struct str s), struct value *ret)
{
	struct format f = {call_buf(c), c->arena};
	struct error why = ERROR_INIT;
	struct buf *out = call_buf(c);

	if (!format_escape_args(&f, args, n, &why))
		return call_fail_error(c, &why);
	escape(out, buf_str(f.out));
	out->full |= f.out->full;
	return call_return_buf(c, out, ret);
}

static bool builtin_html(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return escape_arguments(c, args, n, escape_html, ret);
}

static bool builtin_js(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return escape_arguments(c, args, n, escape_js, ret);
}

static bool builtin_urlquery(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return escape_arguments(c, args, n, escape_query, ret);
}

#define VALUE  &type_reflect_value
#define VALUES &type_reflect_value, &type_reflect_value

static const struct func rows[] = {
	{STR_INIT("and"), NULL, FUNC_REST(VALUES), VALUE, FUNC_AND},
	{STR_INIT("call"), NULL, FUNC_REST(VALUES), VALUE, FUNC_CALL},
	{STR_INIT("eq"), builtin_eq, FUNC_REST(VALUES), &type_bool, 0},
	{STR_INIT("ge"), builtin_ge, FUNC_ARGS(VALUES), &type_bool, 0},
	{STR_INIT("gt"), builtin_gt, FUNC_ARGS(VALUES), &type_bool, 0},
	{STR_INIT("html"), builtin_html, FUNC_REST(&type_any), &type_string, 0},
	{STR_INIT("index"), builtin_index, FUNC_REST(VALUES), VALUE, 0},
	{STR_INIT("js"), builtin_js, FUNC_REST(&type_any), &type_string, 0},
	{STR_INIT("le"), builtin_le, FUNC_ARGS(VALUES), &type_bool, 0},
	{STR_INIT("len"), builtin_len, FUNC_ARGS(VALUE), &type_int, 0},
	{STR_INIT("lt"), builtin_lt, FUNC_ARGS(VALUES), &type_bool, 0},
	{STR_INIT("ne"), builtin_ne, FUNC_ARGS(VALUES), &type_bool, 0},
	{STR_INIT("not"), builtin_not, FUNC_ARGS(VALUE), &type_bool, 0},
	{STR_INIT("or"), NULL, FUNC_REST(VALUES), VALUE, FUNC_OR},
	{STR_INIT("print"), builtin_print, FUNC_REST(&type_any), &type_string, 0},
	{STR_INIT("printf"), builtin_printf, FUNC_REST(&type_string, &type_any), &type_string, 0},
	{STR_INIT("println"), builtin_println, FUNC_REST(&type_any), &type_string, 0},
	{STR_INIT("urlquery"), builtin_urlquery, FUNC_REST(&type_any), &type_string, 0},
};

const struct func_table funcs_builtin = {rows, ARRAY_LEN(rows)};
