/* SPDX-License-Identifier: MIT
 *
 * sprig's lists. They take slices of any type and give new []interface {}; only slice shares its
 * argument's storage, and sortAlpha sorts a []string in place. Each function has a twin whose name
 * starts with "must": in a template both fail with the same text.
 */
#include "config.h"

#include "template/funcs/list.h"

#include "template/funcs/cast.h"
#include "template/funcs/strval.h"

#include <math.h>
#include <stdlib.h>

/* Whether v is a slice or array; nil fails, all else is told by *ret. */
static bool list_is(struct call *c, struct value v, bool *ret)
{
	enum kind kind = value_kind(v);

	*ret = kind == KIND_SLICE || kind == KIND_ARRAY;
	return !value_is_nil_interface(v) || call_fail_nil_pointer(c);
}

bool list_check(struct call *c, const char *what, struct value v)
{
	bool is_list;

	if (!list_is(c, v, &is_list))
		return false;
	return is_list || call_fail(c, "Cannot %s type %s", what, kind_name(value_type(v)->kind));
}

struct value list_new_appended(struct call *c, size_t n)
{
	return slice_new(c->arena, &type_any_slice, 0, slice_appended_cap(n, GO_INTERFACE_SIZE));
}

/* A []interface {} with room for exactly n members. */
static struct value list_new(struct call *c, size_t n)
{
	return slice_new(c->arena, &type_any_slice, 0, n);
}

/* Adds members from..to of list. */
static void add_members(struct value to, struct value list, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++)
		slice_push(to, list_at(list, i));
}

static struct value nil_list(void)
{
	return (struct value){.head = TYPE_HEAD(&type_any_slice)};
}

/* --- making ----------------------------------------------------------------------------- */

static bool list_list(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value list = list_new(c, n);

	for (size_t i = 0; i < n; i++)
		slice_push(list, args[i]);
	*ret = list;
	return true;
}

static bool list_push(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value list;
	size_t len;

	if (!list_check(c, "push on", args[0]))
		return false;
	len = slice_len(args[0]);
	list = list_new(c, slice_grown_cap(len, len + 1, GO_INTERFACE_SIZE));
	add_members(list, args[0], 0, len);
	slice_push(list, args[1]);
	*ret = list;
	return true;
}

static bool list_prepend(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value list;
	size_t len;

	if (!list_check(c, "prepend on", args[0]))
		return false;
	len = slice_len(args[0]);
	list = list_new(c, slice_grown_cap(1, len + 1, GO_INTERFACE_SIZE));
	slice_push(list, args[1]);
	add_members(list, args[0], 0, len);
	*ret = list;
	return true;
}

static bool list_concat(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	size_t total = 0;
	struct value list;

	for (size_t i = 0; i < n; i++) {
		bool is_list;

		if (!list_is(c, args[i], &is_list))
			return false;
		if (!is_list)
			return call_fail(c, "Cannot concat type %s as list",
				kind_name(value_type(args[i])->kind));
		total += slice_len(args[i]);
	}
	*ret = nil_list();
	if (total == 0)
		return true;
	if (total > VALUE_LEN_MAX)
		return call_fail(c, "list too long");
	list = list_new_appended(c, total);
	for (size_t i = 0; i < n; i++)
		add_members(list, args[i], 0, slice_len(args[i]));
	*ret = list;
	return true;
}

/* --- taking ------------------------------------------------------------------------------ */

static bool list_first(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	if (!list_check(c, "find first on", args[0]))
		return false;
	*ret = slice_len(args[0]) ? list_at(args[0], 0) : value_nil();
	return true;
}

static bool list_last(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	size_t len;

	if (!list_check(c, "find last on", args[0]))
		return false;
	len = slice_len(args[0]);
	*ret = len ? list_at(args[0], len - 1) : value_nil();
	return true;
}

/* Members from..to of a list that has some; of an empty one the nil list. */
static bool part_of(struct call *c, const char *what, struct value v, size_t from, size_t to_end,
	struct value *ret)
{
	struct value list;
	size_t len;

	if (!list_check(c, what, v))
		return false;
	len = slice_len(v);
	*ret = nil_list();
	if (len == 0)
		return true;
	list = list_new(c, len - 1);
	add_members(list, v, from, len - to_end);
	*ret = list;
	return true;
}

static bool list_rest(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return part_of(c, "find rest on", args[0], 1, 0, ret);
}

static bool list_initial(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return part_of(c, "find initial on", args[0], 0, 1, ret);
}

static bool list_reverse(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value list;
	size_t len;

	if (!list_check(c, "find reverse on", args[0]))
		return false;
	len = slice_len(args[0]);
	list = list_new(c, len);
	for (size_t i = len; i > 0; i--)
		slice_push(list, list_at(args[0], i - 1));
	*ret = list;
	return true;
}

/* args: the list, from, to; the part shares the list's storage and may reach up to its capacity. */
static bool list_slice(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	int64_t from = n > 1 ? cast_int(args[1]) : 0, to;
	bool is_list;

	if (!list_is(c, args[0], &is_list))
		return false;
	if (!is_list)
		return call_fail(c, "list should be type of slice or array but %s",
			kind_name(value_type(args[0])->kind));
	*ret = value_nil();
	if (slice_len(args[0]) == 0)
		return true;
	to = n > 2 ? cast_int(args[2]) : (int64_t)slice_len(args[0]);
	if (from < 0 || from > to || to > (int64_t)args[0].sl->cap)
		return call_fail(c, "reflect.Value.Slice: slice index out of bounds");
	*ret = slice_sub(c->arena, args[0], (size_t)from, (size_t)to);
	return true;
}

/* Lists of size members each, the last with the rest. Sizes below one are computed as sprig does,
 * in floats; they fail but for few. */
static bool list_chunk(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	double size = (double)args[0].i, len;
	struct value chunks;
	int64_t count;

	if (!list_check(c, "chunk", args[1]))
		return false;
	len = (double)slice_len(args[1]);
	count = cast_float_to_int(floor((len - 1) / size) + 1);
	if (count < 0)
		return call_fail(c, "runtime error: makeslice: len out of range");
	chunks = slice_new(c->arena, &type_any_slices, 0, (size_t)count);
	for (int64_t i = 0; i < count; i++) {
		int64_t length = args[0].i;
		struct value chunk;

		if (i == count - 1 && (length = cast_float_to_int(floor(fmod(len, size)))) == 0)
			length = args[0].i;
		if (length < 0)
			return call_fail(c, "runtime error: makeslice: len out of range");
		chunk = list_new(c, (size_t)length);
		add_members(
			chunk, args[1], (size_t)(i * args[0].i), (size_t)(i * args[0].i + length));
		slice_push(chunks, chunk);
	}
	*ret = chunks;
	return true;
}

/* --- choosing ------------------------------------------------------------------------------- */

static bool has_member(struct value list, struct value v)
{
	for (size_t i = 0; i < slice_len(list); i++)
		if (value_deep_equal(v, list_at(list, i)))
			return true;
	return false;
}

static bool has_argument(const struct value *args, size_t n, struct value v)
{
	for (size_t i = 0; i < n; i++)
		if (value_deep_equal(v, args[i]))
			return true;
	return false;
}

/* A copy of what was chosen with the capacity that it has in Go. */
static struct value chosen(struct call *c, struct value list)
{
	size_t len = slice_len(list);
	struct value copy = list_new_appended(c, len);

	add_members(copy, list, 0, len);
	return copy;
}

static bool list_has(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(false);
	if (value_is_nil_interface(args[1]))
		return true;
	if (!list_check(c, "find has on", args[1]))
		return false;
	*ret = value_bool(has_member(args[1], args[0]));
	return true;
}

static bool list_uniq(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value list;

	if (!list_check(c, "find uniq on", args[0]))
		return false;
	list = list_new(c, slice_len(args[0]));
	for (size_t i = 0; i < slice_len(args[0]); i++)
		if (!call_spend(c, slice_len(list)))
			return false;
		else if (!has_member(list, list_at(args[0], i)))
			slice_push(list, list_at(args[0], i));
	*ret = chosen(c, list);
	return true;
}

static bool list_without(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value list;

	if (!list_check(c, "find without on", args[0]) ||
		!call_spend(c, slice_len(args[0]) * (uint64_t)n))
		return false;
	list = list_new(c, slice_len(args[0]));
	for (size_t i = 0; i < slice_len(args[0]); i++)
		if (!has_argument(args + 1, n - 1, list_at(args[0], i)))
			slice_push(list, list_at(args[0], i));
	*ret = chosen(c, list);
	return true;
}

static bool list_compact(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value list;

	if (!list_check(c, "compact on", args[0]))
		return false;
	list = list_new(c, slice_len(args[0]));
	for (size_t i = 0; i < slice_len(args[0]); i++)
		if (!value_is_empty(list_at(args[0], i)))
			slice_push(list, list_at(args[0], i));
	*ret = chosen(c, list);
	return true;
}

/* --- sorting ------------------------------------------------------------------------------ */

static int string_order(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void list_sort_strings(struct value list)
{
	if (slice_len(list) > 1)
		qsort(list.sl->data, slice_len(list), sizeof(struct str), string_order);
}

/* The members as strings, sorted. What is no list becomes a list of its text. */
static bool list_sort_alpha(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	enum kind kind = value_kind(args[0]);
	struct str text;

	if (kind != KIND_SLICE && kind != KIND_ARRAY) {
		if (!call_strval(c, args[0], &text))
			return false;
		*ret = slice_new(c->arena, &type_string_slice, 0, 1);
		slice_push(*ret, value_str(text));
		return true;
	}
	if (!call_strings(c, args[0], ret))
		return false;
	list_sort_strings(*ret);
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

#define LIST	     FUNC_ARGS(&type_any)
#define LIST_MEMBER  FUNC_ARGS(&type_any, &type_any)
#define LIST_MEMBERS FUNC_REST(&type_any, &type_any)
#define CHUNKS	     FUNC_ARGS(&type_int, &type_any)

static const struct func rows[] = {
	{STR_INIT("append"), list_push, LIST_MEMBER, &type_any_slice, 0},
	{STR_INIT("chunk"), list_chunk, CHUNKS, &type_any_slices, 0},
	{STR_INIT("compact"), list_compact, LIST, &type_any_slice, 0},
	{STR_INIT("concat"), list_concat, FUNC_REST(&type_any), &type_any, 0},
	{STR_INIT("first"), list_first, LIST, &type_any, 0},
	{STR_INIT("has"), list_has, LIST_MEMBER, &type_bool, 0},
	{STR_INIT("initial"), list_initial, LIST, &type_any_slice, 0},
	{STR_INIT("last"), list_last, LIST, &type_any, 0},
	{STR_INIT("list"), list_list, FUNC_REST(&type_any), &type_any_slice, 0},
	{STR_INIT("mustAppend"), list_push, LIST_MEMBER, &type_any_slice, 0},
	{STR_INIT("mustChunk"), list_chunk, CHUNKS, &type_any_slices, 0},
	{STR_INIT("mustCompact"), list_compact, LIST, &type_any_slice, 0},
	{STR_INIT("mustFirst"), list_first, LIST, &type_any, 0},
	{STR_INIT("mustHas"), list_has, LIST_MEMBER, &type_bool, 0},
	{STR_INIT("mustInitial"), list_initial, LIST, &type_any_slice, 0},
	{STR_INIT("mustLast"), list_last, LIST, &type_any, 0},
	{STR_INIT("mustPrepend"), list_prepend, LIST_MEMBER, &type_any_slice, 0},
	{STR_INIT("mustPush"), list_push, LIST_MEMBER, &type_any_slice, 0},
	{STR_INIT("mustRest"), list_rest, LIST, &type_any_slice, 0},
	{STR_INIT("mustReverse"), list_reverse, LIST, &type_any_slice, 0},
	{STR_INIT("mustSlice"), list_slice, LIST_MEMBERS, &type_any, 0},
	{STR_INIT("mustUniq"), list_uniq, LIST, &type_any_slice, 0},
	{STR_INIT("mustWithout"), list_without, LIST_MEMBERS, &type_any_slice, 0},
	{STR_INIT("prepend"), list_prepend, LIST_MEMBER, &type_any_slice, 0},
	{STR_INIT("push"), list_push, LIST_MEMBER, &type_any_slice, 0},
	{STR_INIT("rest"), list_rest, LIST, &type_any_slice, 0},
	{STR_INIT("reverse"), list_reverse, LIST, &type_any_slice, 0},
	{STR_INIT("slice"), list_slice, LIST_MEMBERS, &type_any, 0},
	{STR_INIT("sortAlpha"), list_sort_alpha, LIST, &type_string_slice, FUNC_CHANGES},
	{STR_INIT("tuple"), list_list, FUNC_REST(&type_any), &type_any_slice, 0},
	{STR_INIT("uniq"), list_uniq, LIST, &type_any_slice, 0},
	{STR_INIT("without"), list_without, LIST_MEMBERS, &type_any_slice, 0},
};

const struct func_table funcs_list = {rows, ARRAY_LEN(rows)};
