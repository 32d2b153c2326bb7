/* SPDX-License-Identifier: MIT
 *
 * upstreamd.ini(5) tells every key of container_filter that there is, in heads of the form
 * ".It Li before , since", and no other.
 */
#include "config.h"

#include "unit/man/page.h"

#include "model/filter_impl.h"

#include <criterion/criterion.h>

#define PAGE "upstreamd.ini.5"
#define HEAD ".It Li "

static bool is_key(struct str name)
{
	for (size_t i = 0; i < FILTER_KEYS; i++)
		if (str_eqz(name, filter_keys[i].name))
			return true;
	return false;
}

Test(man_filters, page_tells_every_key_of_a_filter)
{
	struct buf heads;
	struct str rest, name;
	struct page page;
	size_t item, end, keys = 0;

	page_open(&page, PAGE);
	buf_init(&heads, SIZE_MAX);
	item = page_find_prefix(&page, 0, ".It Ic container_filter ");
	cr_assert_neq(item, PAGE_NONE);
	end = page_item_end(&page, item);
	for (size_t i = item; i < end; i++) {
		struct str line = page.lines.v[i];

		if (!str_has_prefix(line, STR(HEAD)))
			continue;
		page_add_text(&page, str_sub(line, sizeof(HEAD) - 1, line.len), &heads);
		buf_add_char(&heads, ' ');
	}
	for (rest = buf_str(&heads); rest.len;) {
		str_cut(rest, ' ', &name, &rest);
		if (name.len == 0 || str_eqz(name, ","))
			continue;
		keys++;
		cr_expect(is_key(name), "man/" PAGE ": %.*s is no key of a filter", STR_ARG(name));
	}
	cr_expect_eq(keys, (size_t)FILTER_KEYS,
		"man/" PAGE " has %zu keys under container_filter, src/model/filter_keys.c %d",
		keys, (int)FILTER_KEYS);
	buf_release(&heads);
	page_close(&page);
}
