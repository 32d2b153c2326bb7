/* SPDX-License-Identifier: MIT
 *
 * upstreamd-templates(7) against the records that templates see: each field is an item, with its
 * type and whether it is ours, under the header of its record; nothing else is there.
 */
#include "config.h"

#include "unit/man/page.h"

#include "value/context.h"

#include <criterion/criterion.h>

#define PAGE "upstreamd-templates.7"

static const struct type *const records[] = {&type_container, &type_address, &type_network,
	&type_state, &type_health, &type_image, &type_mount, &type_compose, &type_engine, &type_swarm,
	&type_volume, &type_device, &type_node, &type_docker};

/* The lines of a record: from its header, which ends with ": " and the type's name, to the next. */
static void find_record(
	const struct page *page, const struct type *t, size_t *ret_start, size_t *ret_end)
{
	struct buf end_of_head;
	size_t i;

	buf_init(&end_of_head, SIZE_MAX);
	buf_add_fmt(&end_of_head, ": %s", t->name);
	for (i = 0; i < page->lines.n; i++)
		if (str_has_prefix(page->lines.v[i], STR(".Ss ")) &&
			str_has_suffix(page->lines.v[i], buf_str(&end_of_head)))
			break;
	cr_assert_lt(
		i, page->lines.n, "man/" PAGE " has no header .Ss … %s", buf_cstr(&end_of_head));
	*ret_start = i;
	*ret_end = page_find_prefix(page, i + 1, ".S");
	buf_release(&end_of_head);
}

static void add_head(const struct field *f, bool ours, struct buf *out)
{
	buf_add_fmt(out, ".It Li .%.*s No %s%s", STR_ARG(f->name), f->type->name,
		ours ? " Pq ours" : "");
}

static void check_record(const struct page *page, const struct type *t)
{
	size_t start, end, heads = 0, fields = t->n_fields + t->n_extra;
	struct buf head;

	find_record(page, t, &start, &end);
	buf_init(&head, SIZE_MAX);
	for (size_t i = 0; i < fields; i++) {
		buf_clear(&head);
		add_head(&t->fields[i], i >= t->n_fields, &head);
		cr_expect_lt(page_find(page, start, buf_cstr(&head)), end,
			"a field of src/value/context.c is not in man/" PAGE
			". Under .Ss … %s must "
			"stand this line, and below it what the field is:\n%s",
			t->name, buf_cstr(&head));
	}
	for (size_t i = start; i < end; i++)
		heads += str_has_prefix(page->lines.v[i], STR(".It "));
	cr_expect_eq(heads, fields,
		"man/" PAGE ":%zu: %zu fields are described under %s, which has %zu", start + 1,
		heads, t->name, fields);
	buf_release(&head);
}

Test(man_records, page_describes_every_field_of_a_record)
{
	struct page page;

	page_open(&page, PAGE);
	for (size_t i = 0; i < ARRAY_LEN(records); i++)
		check_record(&page, records[i]);
	page_close(&page);
}

/* A record that a field has is described as well. */
Test(man_records, no_record_is_left_out)
{
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		const struct type *t = records[i];

		for (size_t j = 0; j < (size_t)t->n_fields + t->n_extra; j++) {
			const struct type *member = t->fields[j].type;
			bool found = false;

			while (member->kind == KIND_SLICE || member->kind == KIND_MAP)
				member = member->elem;
			for (size_t k = 0; k < ARRAY_LEN(records); k++)
				found |= records[k] == member;
			cr_expect(found || member->kind != KIND_STRUCT || member == &type_time,
				"%s is a record in a field of %s: describe it in man/" PAGE
				" and add it to tests/unit/man/records.c",
				member->name, t->name);
		}
	}
}
