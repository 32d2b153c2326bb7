/* SPDX-License-Identifier: MIT
 *
 * sprig's functions that go through nested dictionaries: merge and its kin, deepCopy, dig.
 *
 * A merge changes its first argument and the dictionaries within it, but never what belongs to the
 * model: a map of another type than map[string]interface {} is merged into a copy, and what
 * pointers lead to stays as it is.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/list.h"
#include "value/time.h"

/* Values within each other; a map that holds itself ends here. */
#define NESTING_MAX 2000

/* --- merge -------------------------------------------------------------------------------- */

enum merge_result {
	MERGE_OK,
	MERGE_MISMATCH, /* an error, which only the functions named must… tell */
	MERGE_PANIC,	/* an error of the call, set */
};

struct merge {
	struct call *c;
	bool overwrite;
	bool typed; /* what the source's members are; nil in an interface is no nil member */
	unsigned depth;
};

/* What merging takes for empty: it looks behind pointers, and a struct never is. */
static bool is_empty(struct value v)
{
	while (value_kind(v) == KIND_POINTER && v.rec)
		v = value_load(value_type(v)->elem, v.rec);
	return value_is_none(v) || value_is_empty(v);
}

static enum merge_result merge_panic(
	struct merge *m, const char *where, const struct type *from, const struct type *to)
{
	call_fail(m->c, "reflect.Value.%s: value of type %s is not assignable to type %s", where,
		from->name, to->name);
	return MERGE_PANIC;
}

static bool fits(const struct type *from, const struct type *to)
{
	return from == to || to->kind == KIND_INTERFACE;
}

/* Whether merging looks into structs of type t: it sees exported fields only. */
static bool has_exported_fields(const struct type *t)
{
	for (size_t i = 0; i < t->n_fields; i++)
		if (t->fields[i].name.p[0] >= 'A' && t->fields[i].name.p[0] <= 'Z')
			return true;
	return false;
}

static enum merge_result merge_maps(struct merge *m, struct value dst, struct value src);

static struct value copy_map(struct call *c, struct value map)
{
	struct value copy = map_new(c->arena, value_type(map), map_len(map)), key, v;
	size_t pos = 0;

	while (map_next(map, &pos, &key, &v))
		map_set(copy, key, v);
	return copy;
}

/* Merges src, a struct, pointer or map, into what dst[key] is: *at, which a copy may replace. */
static enum merge_result merge_into(
	struct merge *m, struct value dst, struct value key, struct value *at, struct value src)
{
	enum kind kind = value_kind(*at), from = value_kind(src);

	if (kind == KIND_MAP && from == KIND_MAP && at->m) {
		if (value_type(*at) != &type_any_map) {
			*at = copy_map(m->c, *at);
			map_set(dst, key, *at);
		}
		return merge_maps(m, *at, src);
	}
	if (kind == KIND_STRUCT && from != KIND_STRUCT && has_exported_fields(value_type(*at))) {
		call_fail(
			m->c, "reflect: call of reflect.Value.Field on %s Value", kind_name(from));
		return MERGE_PANIC;
	}
	if (kind == KIND_POINTER && at->rec && from != KIND_POINTER && src.rec && !m->overwrite &&
		value_type(*at)->elem != value_type(src))
		return MERGE_MISMATCH;
	return MERGE_OK;
}

/* One entry of src into dst, where it is at, if it is there. */
static enum merge_result merge_entry(
	struct merge *m, struct value dst, struct value key, struct value at, struct value v)
{
	enum kind kind = value_kind(v);
	bool present = !value_is_none(at);

	if (value_is_nil_interface(v) ||
		(m->typed && (kind == KIND_MAP || kind == KIND_SLICE) && !v.rec)) {
		if (m->overwrite)
			map_set(dst, key, v);
		return MERGE_OK;
	}
	if ((kind == KIND_STRUCT || kind == KIND_POINTER || kind == KIND_MAP) && present) {
		enum merge_result result = merge_into(m, dst, key, &at, v);

		if (result != MERGE_OK)
			return result;
	}
	if (!is_empty(at) && kind == KIND_MAP && value_kind(at) == KIND_MAP)
		return MERGE_OK;
	if (m->overwrite || is_empty(at))
		map_set(dst, key, v);
	return MERGE_OK;
}

static enum merge_result merge_maps(struct merge *m, struct value dst, struct value src)
{
	struct value key, v;
	size_t pos = 0;

	if (++m->depth > NESTING_MAX) {
		call_fail(m->c, "dictionaries are nested too deeply to be merged");
		return MERGE_PANIC;
	}
	map_reserve(dst, map_len(src));
	while (map_next(src, &pos, &key, &v)) {
		enum merge_result result;

		key = value_plain(key);
		v = value_plain(v);
		m->typed = value_type(src)->elem->kind != KIND_INTERFACE;
		if (!fits(value_type(src)->key, value_type(dst)->key))
			return merge_panic(
				m, "MapIndex", value_type(src)->key, value_type(dst)->key);
		if (!fits(value_type(src)->elem, value_type(dst)->elem))
			return merge_panic(
				m, "SetMapIndex", value_type(src)->elem, value_type(dst)->elem);
		result = merge_entry(m, dst, key, map_get(dst, key), v);
		if (result != MERGE_OK)
			return result;
	}
	m->depth--;
	return MERGE_OK;
}

/* args: the dictionary that the further ones are merged into. */
static enum merge_result merge_all(
	struct call *c, bool overwrite, const struct value *args, size_t n, struct value *ret)
{
	struct merge m = {.c = c, .overwrite = overwrite};
	enum merge_result result = MERGE_OK;

	*ret = args[0];
	for (size_t i = 1; i < n && result == MERGE_OK; i++) {
		if (!ret->m && args[i].m)
			*ret = map_new(c->arena, &type_any_map, map_len(args[i]));
		result = merge_maps(&m, *ret, args[i]);
	}
	return result;
}

/* merge and mergeOverwrite give "" when values do not fit together. */
static bool merge_silent(
	struct call *c, bool overwrite, const struct value *args, size_t n, struct value *ret)
{
	enum merge_result result = merge_all(c, overwrite, args, n, ret);

	if (result == MERGE_MISMATCH)
		*ret = value_str(STR(""));
	return result != MERGE_PANIC;
}

static bool merge_must(
	struct call *c, bool overwrite, const struct value *args, size_t n, struct value *ret)
{
	enum merge_result result = merge_all(c, overwrite, args, n, ret);

	if (result == MERGE_MISMATCH)
		return call_fail(c, "src and dst must be of same type");
	return result == MERGE_OK;
}

static bool merge_merge(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return merge_silent(c, false, args, n, ret);
}

static bool merge_overwrite(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return merge_silent(c, true, args, n, ret);
}

static bool merge_must_merge(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return merge_must(c, false, args, n, ret);
}

static bool merge_must_overwrite(
	struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return merge_must(c, true, args, n, ret);
}

/* --- deepCopy ------------------------------------------------------------------------------- */

static bool copy_value(struct call *c, struct value v, unsigned depth, struct value *ret);

static bool copy_slice(struct call *c, struct value v, unsigned depth, struct value *ret)
{
	struct value copy = slice_new(c->arena, value_type(v), 0, v.sl->cap), member;

	for (size_t i = 0; i < slice_len(v); i++) {
		if (!copy_value(c, list_at(v, i), depth, &member))
			return false;
		slice_push(copy, member);
	}
	*ret = copy;
	return true;
}

static bool copy_deep_map(struct call *c, struct value v, unsigned depth, struct value *ret)
{
	struct value copy = map_new(c->arena, value_type(v), map_len(v)), key, member;
	size_t pos = 0;

	while (map_next(v, &pos, &key, &member)) {
		key = value_plain(key);
		member = value_plain(member);
		if (!copy_value(c, member, depth, &member))
			return false;
		map_set(copy, key, member);
	}
	*ret = copy;
	return true;
}

/* Whether a pointer leads to a struct of which copying sees nothing; moments are copied whole. */
static bool points_to_opaque(struct value v)
{
	const struct type *t = value_kind(v) == KIND_POINTER && v.rec ? value_type(v)->elem : NULL;

	return t && t->kind == KIND_STRUCT && t != &type_time && t->size && !has_exported_fields(t);
}

/* Structs and what pointers lead to cannot be changed by a template: they need no copy, but copies
 * have no unexported fields. */
static bool copy_value(struct call *c, struct value v, unsigned depth, struct value *ret)
{
	if (depth > NESTING_MAX)
		return call_fail(c, "value is nested too deeply to be copied");
	if (value_kind(v) == KIND_MAP && v.m)
		return copy_deep_map(c, v, depth + 1, ret);
	if (value_kind(v) == KIND_SLICE && v.sl && v.sl->data)
		return copy_slice(c, v, depth + 1, ret);
	*ret = v;
	if (points_to_opaque(v))
		ret->rec = memset(arena_alloc(c->arena, value_type(v)->elem->size), 0,
			value_type(v)->elem->size);
	return true;
}

static bool merge_deep_copy(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	if (value_is_nil_interface(args[0]))
		return call_fail(c, "reflect: call of reflect.Value.Type on zero Value");
	return copy_value(c, args[0], 0, ret);
}

/* --- dig -------------------------------------------------------------------------------------- */

/* Fails unless v is of type t, with the text of Go's type assertion. */
static bool assert_type(struct call *c, struct value v, const struct type *t)
{
	if (value_type(v) == t)
		return true;
	return call_fail(c, "interface conversion: interface {} is %s, not %s",
		value_is_nil_interface(v) ? "nil" : format_type_name(v), t->name);
}

/* dig key … default dict: the value under the keys, one within the other. */
static bool merge_dig(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value at;

	if (n < 3)
		return call_fail(c, "dig needs at least three arguments");
	at = args[n - 1];
	if (!assert_type(c, at, &type_any_map))
		return false;
	for (size_t i = 0; i < n - 2; i++)
		if (!assert_type(c, args[i], &type_string))
			return false;
	for (size_t i = 0; i < n - 2; i++) {
		if (i > 0 && !assert_type(c, at, &type_any_map))
			return false;
		at = map_get(at, args[i]);
		at = value_plain(at);
		if (value_is_none(at)) {
			at = args[n - 2];
			break;
		}
	}
	*ret = at;
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

#define DICTS FUNC_REST(&type_any_map, &type_any_map)

static const struct func rows[] = {
	{STR_INIT("deepCopy"), merge_deep_copy, FUNC_ARGS(&type_any), &type_any, 0},
	{STR_INIT("dig"), merge_dig, FUNC_REST(&type_any), &type_any, 0},
	{STR_INIT("merge"), merge_merge, DICTS, &type_any, FUNC_CHANGES},
	{STR_INIT("mergeOverwrite"), merge_overwrite, DICTS, &type_any, FUNC_CHANGES},
	{STR_INIT("mustDeepCopy"), merge_deep_copy, FUNC_ARGS(&type_any), &type_any, 0},
	{STR_INIT("mustMerge"), merge_must_merge, DICTS, &type_any, FUNC_CHANGES},
	{STR_INIT("mustMergeOverwrite"), merge_must_overwrite, DICTS, &type_any, FUNC_CHANGES},
};

const struct func_table funcs_merge = {rows, ARRAY_LEN(rows)};
