/* SPDX-License-Identifier: MIT
 *
 * docker-gen's sorting functions: objects by what lies at a path, and strings in place.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/format/number.h"
#include "template/funcs/entries.h"
#include "value/time.h"

#include <stdlib.h>

/* One object with the text that it is sorted by. */
struct sort_item {
	struct value item;
	struct str text;
	int64_t number;
	bool is_number;
};

/* The text of what lies at the path; "" for whatever has none. */
static bool sort_text(struct call *c, struct value v, struct str *ret)
{
	*ret = STR("");
	if (value_type(v) == &type_string) {
		*ret = value_as_str(v);
		return true;
	}
	if (value_type(v) == &type_bool) {
		*ret = v.b ? STR("true") : STR("false");
		return true;
	}
	if (value_type(v) == &type_int || value_type(v) == &type_int32 ||
		value_type(v) == &type_int64 || value_type(v) == &type_time)
		return call_sprint(c, v, ret);
	return true;
}

static bool sort_before(const struct sort_item *a, const struct sort_item *b)
{
	if (a->is_number && b->is_number)
		return a->number < b->number;
	return str_cmp(a->text, b->text) < 0;
}

/* Go's sort.Stable: insertion sort of blocks, then merges of neighbours by rotation. The order is
 * not transitive where numbers and texts mix, so that only the same steps give the same result. */
#define SORT_BLOCK 20

static bool sort_less_by(const struct sort_item *a, const struct sort_item *b, bool descending)
{
	return descending ? sort_before(b, a) : sort_before(a, b);
}

static void sort_swap(struct sort_item *a, struct sort_item *b)
{
	struct sort_item t = *a;

	*a = *b;
	*b = t;
}

static void sort_insertion(struct sort_item *v, size_t from, size_t to, bool descending)
{
	for (size_t i = from + 1; i < to; i++)
		for (size_t j = i; j > from && sort_less_by(&v[j], &v[j - 1], descending); j--)
			sort_swap(&v[j], &v[j - 1]);
}

/* Exchanges the neighbours v[from, middle) and v[middle, to). */
static void sort_rotate(struct call *c, struct sort_item *v, size_t from, size_t middle, size_t to)
{
	size_t left = middle - from, right = to - middle;
	struct arena_mark mark = arena_mark(c->arena);
	struct sort_item *kept = arena_array(c->arena, struct sort_item, left ? left : 1);

	memcpy(kept, v + from, left * sizeof(*v));
	memmove(v + from, v + middle, right * sizeof(*v));
	memcpy(v + from + right, kept, left * sizeof(*v));
	arena_reset(c->arena, mark);
}

/* Where the single v[at] belongs within [from, to): the lowest place whose item is not before it.
 */
static size_t sort_place_of_first(
	const struct sort_item *v, size_t at, size_t from, size_t to, bool descending)
{
	while (from < to) {
		size_t h = from + (to - from) / 2;

		if (sort_less_by(&v[h], &v[at], descending))
			from = h + 1;
		else
			to = h;
	}
	return from;
}

/* The lowest place of [from, to) whose item is behind v[at]. */
static size_t sort_place_of_last(
	const struct sort_item *v, size_t at, size_t from, size_t to, bool descending)
{
	while (from < to) {
		size_t h = from + (to - from) / 2;

		if (!sort_less_by(&v[at], &v[h], descending))
			from = h + 1;
		else
			to = h;
	}
	return from;
}

/* Merges the sorted neighbours v[a, m) and v[m, b) (the SymMerge algorithm of Kim and Kutzner).
 * Depth is the logarithm of b - a. */
static void sort_merge(
	struct call *c, struct sort_item *v, size_t a, size_t m, size_t b, bool descending)
{
	size_t mid, n, start, r, p, end;

	if (m - a == 1) {
		size_t i = sort_place_of_first(v, a, m, b, descending);

		for (size_t k = a; k + 1 < i; k++)
			sort_swap(&v[k], &v[k + 1]);
		return;
	}
	if (b - m == 1) {
		size_t i = sort_place_of_last(v, m, a, m, descending);

		for (size_t k = m; k > i; k--)
			sort_swap(&v[k], &v[k - 1]);
		return;
	}
	mid = a + (b - a) / 2;
	n = mid + m;
	start = m > mid ? n - b : a;
	r = m > mid ? mid : m;
	p = n - 1;
	while (start < r) {
		size_t h = start + (r - start) / 2;

		if (!sort_less_by(&v[p - h], &v[h], descending))
			start = h + 1;
		else
			r = h;
	}
	end = n - start;
	if (start < m && m < end)
		sort_rotate(c, v, start, m, end);
	if (a < start && start < mid)
		sort_merge(c, v, a, start, mid, descending);
	if (mid < end && end < b)
		sort_merge(c, v, mid, end, b, descending);
}

static void sort_stable(struct call *c, struct sort_item *v, size_t n, bool descending)
{
	size_t block = SORT_BLOCK, a;

	for (a = 0; a + block <= n; a += block)
		sort_insertion(v, a, a + block, descending);
	sort_insertion(v, a, n, descending);
	for (; block < n; block *= 2) {
		for (a = 0; a + 2 * block <= n; a += 2 * block)
			sort_merge(c, v, a, a + block, a + 2 * block, descending);
		if (a + block < n)
			sort_merge(c, v, a, a + block, n, descending);
	}
}

static bool sort_objects(struct call *c, const char *func, const struct value *args,
	bool descending, struct value *ret)
{
	struct value list, sorted;
	struct sort_item *items;
	size_t n;

	if (!entries_list(c, func, args[0], &list))
		return false;
	n = slice_len(list);
	items = arena_array(c->arena, struct sort_item, n);
	for (size_t i = 0; i < n; i++) {
		struct sort_item *it = &items[i];
		struct value at_path;

		it->item = entries_at(list, i);
		if (!entries_get(c, it->item, value_as_str(args[1]), &at_path) ||
			!sort_text(c, at_path, &it->text))
			return false;
		it->is_number = int_parse(it->text, 10, 64, &it->number) == NUMBER_OK;
	}
	sort_stable(c, items, n, descending);
	sorted = slice_new(c->arena, &type_any_slice, 0, n);
	for (size_t i = 0; i < n; i++)
		slice_push(sorted, items[i].item);
	*ret = sorted;
	return true;
}

static bool sort_objects_asc(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return sort_objects(c, "sortObjsByKeys", args, false, ret);
}

static bool sort_objects_desc(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return sort_objects(c, "sortObjsByKey", args, true, ret);
}

/* --- strings --------------------------------------------------------------------------- */

static int order_ascending(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int order_descending(const void *a, const void *b)
{
	return order_ascending(b, a);
}

/* Equal strings look alike, so any algorithm gives Go's result. */
static bool sort_strings(
	struct value v, int (*order)(const void *a, const void *b), struct value *ret)
{
	if (slice_len(v) > 1)
		qsort(v.sl->data, v.sl->len, sizeof(struct str), order);
	*ret = v;
	return true;
}

static bool sort_strings_asc(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return sort_strings(args[0], order_ascending, ret);
}

static bool sort_strings_desc(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return sort_strings(args[0], order_descending, ret);
}

/* --- table ----------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("sortObjectsByKeysAsc"), sort_objects_asc, FUNC_ARGS(&type_any, &type_string),
		&type_any_slice, 0},
	{STR_INIT("sortObjectsByKeysDesc"), sort_objects_desc, FUNC_ARGS(&type_any, &type_string),
		&type_any_slice, 0},
	{STR_INIT("sortStringsAsc"), sort_strings_asc, FUNC_ARGS(&type_string_slice),
		&type_string_slice, FUNC_CHANGES},
	{STR_INIT("sortStringsDesc"), sort_strings_desc, FUNC_ARGS(&type_string_slice),
		&type_string_slice, FUNC_CHANGES},
};

const struct func_table funcs_sort = {rows, ARRAY_LEN(rows)};
