/* SPDX-License-Identifier: MIT
 *
 * Lists of objects and values by path, see entries.h.
 */
#include "config.h"

#include "template/funcs/entries.h"

#include "template/format/number.h"


/* What a pointer points to; no value for the nil pointer. */
static struct value pointee(struct value v)
{
	return v.rec ? value_load(value_type(v)->elem, v.rec) : VALUE_NONE;
}

bool entries_list(struct call *c, const char *func, struct value v, struct value *ret)
{
	struct value list = v;
	enum kind kind;
	struct str text;

	if (value_kind(list) == KIND_POINTER)
		list = pointee(list);
	kind = value_kind(list);
	if (kind == KIND_SLICE || kind == KIND_ARRAY) {
		*ret = list;
		return true;
	}
	if (kind == KIND_INTERFACE)
		kind = KIND_INVALID;
	if (!call_sprint(c, v, &text))
		return false;
	return call_fail(c, "must pass an array or slice to '%s'; received %.*s; kind %s", func,
		STR_ARG(text), kind_name(kind));
}

struct value entries_at(struct value list, size_t i)
{
	struct value v = slice_at(list, i);

	v = value_plain(v);
	return v;
}

/* What v.Interface() gives in Go: nothing is the nil interface. */
static struct value as_any(struct value v)
{
	if (value_is_none(v))
		return value_nil();
	v = value_plain(v);
	return v;
}

/* The first name of path, the rest behind it; false when there is no more. */
static bool next_name(struct str *path, bool *more, struct str *name)
{
	if (!*more)
		return false;
	*more = str_cut(*path, '.', name, path);
	return true;
}

/* The value of a key that starts at the beginning of path; path is what remains after the key. */
static bool get_by_key(struct value map, struct str *path, bool *more, struct value *ret)
{
	struct str whole = *path;

	/* The key is the shortest run of names that there is. */
	for (struct str name; next_name(path, more, &name);) {
		size_t length = (size_t)(name.p - whole.p) + name.len;
		struct value key = value_str(str_sub(whole, 0, length));

		*ret = map_get(map, key);
		if (!value_is_none(*ret))
			return true;
	}
	return false;
}

static bool get_by_index(struct value list, struct str name, struct value *ret)
{
	int64_t i;

	if (int_parse(name, 10, 32, &i) != NUMBER_OK || i < 0 || (size_t)i >= slice_len(list))
		return false;
	*ret = slice_at(list, (size_t)i);
	return true;
}

static bool get_by_name(struct value record, struct str name, struct value *ret)
{
	const struct field *f = type_field(value_type(record), name);

	if (!f)
		return false;
	*ret = record_field(record, f);
	return true;
}

bool entries_get(struct call *c, struct value item, struct str path, struct value *ret)
{
	bool more = path.len > 0;
	struct str name;

	if (str_has_prefix(path, STR(".")))
		path = str_sub(path, 1, path.len);
	while (more) {
		bool found = false;

		if (value_kind(item) == KIND_POINTER && !(item.head & VALUE_IFACE))
			item = pointee(item);
		if (value_is_none(item) || (item.head & VALUE_IFACE))
			break;
		if (value_type(item)->kind == KIND_MAP) {
			const struct type *key = value_type(item)->key;

			if (key->kind != KIND_STRING && key->kind != KIND_INTERFACE)
				return call_fail(c,
					"reflect.Value.MapIndex: value of type string is not "
					"assignable to type %s",
					key->name);
			found = get_by_key(item, &path, &more, &item);
		} else if (next_name(&path, &more, &name)) {
			if (value_type(item)->kind == KIND_STRUCT)
				found = get_by_name(item, name, &item);
			else if (value_type(item)->kind == KIND_SLICE ||
				 value_type(item)->kind == KIND_ARRAY)
				found = get_by_index(item, name, &item);
		}
		if (!found) {
			item = VALUE_NONE;
			break;
		}
	}
	/* An interface with names left over holds nothing that they could be found in. */
	*ret = more ? value_nil() : as_any(item);
	return true;
}

bool entries_not_string(struct call *c, struct value v)
{
	if (value_is_nil_interface(v))
		return call_fail(c, "interface conversion: interface {} is nil, not string");
	return call_fail(
		c, "interface conversion: interface {} is %s, not string", format_type_name(v));
}

bool entries_get_string(
	struct call *c, struct value item, struct str path, struct str *ret, bool *ret_found)
{
	struct value v;

	if (!entries_get(c, item, path, &v))
		return false;
	*ret_found = !value_is_nil_interface(v);
	if (!*ret_found)
		return true;
	if (value_type(v) != &type_string)
		return entries_not_string(c, v);
	*ret = value_as_str(v);
	return true;
}

struct value entries_groups(struct call *c)
{
	return map_new(c->arena, &type_any_slice_map, 0);
}

/* Lists grow as Go's append makes them: what is left over of an old one stays in the arena. */
void entries_group_add(struct call *c, struct value groups, struct str key, struct value item)
{
	struct value members = map_get_str(groups, key);

	if (value_is_none(members) || members.sl->len == members.sl->cap) {
		size_t len = !value_is_none(members) ? members.sl->len : 0;
		struct value more = slice_new(c->arena, &type_any_slice, 0,
			slice_grown_cap(len, len + 1, GO_INTERFACE_SIZE));

		for (size_t i = 0; i < len; i++)
			slice_push(more, slice_at(members, i));
		map_set_str(groups, key, more);
		members = more;
	}
	slice_push(members, item);
}
