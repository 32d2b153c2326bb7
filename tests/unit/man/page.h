/* SPDX-License-Identifier: MIT
 *
 * Reading a manual page of man/ as far as the tests that compare it with the program need it: its
 * lines, and what a line of text says once the escapes of roff are resolved. Calling sequence:
 *
 *	struct page page;
 *	page_open(&page, "upstreamd.ini.5");
 *	for (size_t i = 0; i < page.lines.n; i++) … page.lines.v[i] …
 *	page_close(&page);
 */
#ifndef UD_TESTS_PAGE_H
#define UD_TESTS_PAGE_H

#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>

struct page {
	const char *name;
	struct buf text;
	VEC(struct str) lines;
};

#define PAGE_NONE SIZE_MAX
/* What stands before the result of an example, as page_add_text writes it. */
#define PAGE_ARROW "->"

/* The test fails if the page cannot be read. */
void page_open(struct page *page, const char *name);
void page_close(struct page *page);
/* The place of the first line from start on that is, or begins with, text; PAGE_NONE if there is
 * none. */
size_t page_find(const struct page *page, size_t start, const char *text);
size_t page_find_prefix(const struct page *page, size_t start, const char *text);
/* Where the item or section that starts at line i ends: the next item of its list, the end of
 * that list, or a header. Lists within it are passed over. */
size_t page_item_end(const struct page *page, size_t i);
/* Appends line with its escapes resolved. An escape that the tests do not know fails the test. */
void page_add_text(const struct page *page, struct str line, struct buf *out);

/* The text of a literal display, between .Bd -literal and .Ed, with escapes resolved. */
struct display {
	size_t line; /* of .Bd, counted from 0 */
	size_t end;  /* the line after .Ed */
	struct buf text;
};

/* The first literal display from line start on, and before end; false if there is none. To be
 * released by display_release. */
bool page_next_display(const struct page *page, size_t start, size_t end, struct display *ret);
void display_release(struct display *d);

#endif
