/* SPDX-License-Identifier: MIT
 *
 * docker-gen's functions that pick and group containers by a label. The ones that pick take the
 * context itself (or what another of them gave) and give a context again; the ones that group take
 * any list of containers.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/entries.h"
#include "template/regexp/regexp.h"
#include "value/context.h"

/* The label of a container; no value if it has none of this name. */
static struct value label_of(const struct rec_container *container, struct value name)
{
	struct value labels = {.head = TYPE_HEAD(&type_string_map), .m = container->labels};

	return map_get_str(labels, value_as_str(name));
}

/* --- where ------------------------------------------------------------------------ */

/* Whether a container with this label (no value: without it) is taken; *ret is the answer. */
typedef bool (*label_test)(struct call *c, struct value label, const void *arg, bool *ret);

/* args: context, name of the label, what the caller needs. */
static bool where_label(struct call *c, const struct value *args, label_test test, const void *arg,
	struct value *ret)
{
	size_t n = slice_len(args[0]);
	struct value selection = slice_new(c->arena, &type_context, 0, n);

	for (size_t i = 0; i < n; i++) {
		struct value container = slice_at(args[0], i);
		bool take;

		if (!test(c, label_of(container.rec, args[1]), arg, &take))
			return false;
		if (take)
			slice_push(selection, container);
	}
	*ret = selection;
	return true;
}

static bool test_exists(
	struct call *c UNUSED, struct value label, const void *arg UNUSED, bool *ret)
{
	*ret = !value_is_none(label);
	return true;
}

static bool test_not_exists(
	struct call *c UNUSED, struct value label, const void *arg UNUSED, bool *ret)
{
	*ret = value_is_none(label);
	return true;
}

static bool test_matches(struct call *c, struct value label, const void *arg, bool *ret)
{
	struct error err = ERROR_INIT;
	struct regexp_text text;

	*ret = false;
	if (value_is_none(label))
		return true;
	text = regexp_text(value_as_str(label));
	return regexp_match(arg, &text, 0, NULL, ret, &err) || call_fail_error(c, &err);
}

static bool label_where_exists(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return where_label(c, args, test_exists, NULL, ret);
}

static bool label_where_not_exists(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return where_label(c, args, test_not_exists, NULL, ret);
}

static bool label_where_matches(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	const struct regexp *re = regexp_get(value_as_str(args[2]), &err);

	if (!re)
		return call_fail_error(c, &err);
	return where_label(c, args, test_matches, re, ret);
}

/* --- groupBy ----------------------------------------------------------------------- */

/* The container that an item of a list is; NULL and a failure if it is none. */
static const struct rec_container *item_container(struct call *c, struct value item)
{
	struct str text;

	if (value_type(item) == &type_container_pointer && !item.rec) {
		call_fail(c, "runtime error: invalid memory address or nil pointer dereference");
		return NULL;
	}
	if (value_type(item) == &type_container_pointer)
		return item.rec;
	if (call_sprint(c, item, &text))
		call_fail(c,
			"must pass an array or slice of *RuntimeContainer to 'groupByLabel'; "
			"received %.*s",
			STR_ARG(text));
	return NULL;
}

/* The groups of args[0] by the label args[1]; containers without it are in none, or in the group
 * by_default. */
static bool group_by_label(struct call *c, const char *func, const struct value *args,
	struct value by_default, struct value *ret)
{
	struct value list, groups = entries_groups(c);

	if (!entries_list(c, func, args[0], &list))
		return false;
	for (size_t i = 0; i < slice_len(list); i++) {
		struct value item = entries_at(list, i), label;
		const struct rec_container *container = item_container(c, item);

		if (!container)
			return false;
		label = label_of(container, args[1]);
		if (value_is_none(label))
			label = by_default;
		if (!value_is_none(label))
			entries_group_add(c, groups, value_as_str(label), item);
	}
	*ret = groups;
	return true;
}

static bool label_group_by(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return group_by_label(c, "groupByLabel", args, VALUE_NONE, ret);
}

static bool label_group_by_with_default(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return group_by_label(c, "groupByLabelWithDefault", args, args[2], ret);
}

/* --- table --------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("groupByLabel"), label_group_by, FUNC_ARGS(&type_any, &type_string),
		&type_any_slice_map, 0},
	{STR_INIT("groupByLabelWithDefault"), label_group_by_with_default,
		FUNC_ARGS(&type_any, &type_string, &type_string), &type_any_slice_map, 0},
	{STR_INIT("whereLabelDoesNotExist"), label_where_not_exists,
		FUNC_ARGS(&type_context, &type_string), &type_context, 0},
	{STR_INIT("whereLabelExists"), label_where_exists, FUNC_ARGS(&type_context, &type_string),
		&type_context, 0},
	{STR_INIT("whereLabelValueMatches"), label_where_matches,
		FUNC_ARGS(&type_context, &type_string, &type_string), &type_context, 0},
};

const struct func_table funcs_labels = {rows, ARRAY_LEN(rows)};
