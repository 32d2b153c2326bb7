/* SPDX-License-Identifier: MIT
 *
 * See page.h.
 */
#include "config.h"

#include "unit/man/page.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define PAGE_MAX ((size_t)4 << 20)

void page_open(struct page *page, const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path = xasprintf("%s/man/%s", top ? top : ".", name);
	struct error err = ERROR_INIT;
	struct str line, rest;

	*page = (struct page){.name = name};
	buf_init(&page->text, PAGE_MAX);
	cr_assert(file_read(path, PAGE_MAX, &page->text, &err), "%s", error_text(&err));
	free(path);
	rest = buf_str(&page->text);
	while (rest.len) {
		str_cut(rest, '\n', &line, &rest);
		vec_push(&page->lines, line);
	}
}

void page_close(struct page *page)
{
	vec_release(&page->lines);
	buf_release(&page->text);
}

size_t page_find(const struct page *page, size_t start, const char *text)
{
	for (size_t i = start; i < page->lines.n; i++)
		if (str_eqz(page->lines.v[i], text))
			return i;
	return PAGE_NONE;
}

size_t page_find_prefix(const struct page *page, size_t start, const char *text)
{
	for (size_t i = start; i < page->lines.n; i++)
		if (str_has_prefix(page->lines.v[i], str_from(text)))
			return i;
	return PAGE_NONE;
}

static bool begins(struct str line, const char *macro)
{
	return str_has_prefix(line, str_from(macro));
}

size_t page_item_end(const struct page *page, size_t i)
{
	size_t depth = 0;

	for (i++; i < page->lines.n; i++) {
		struct str line = page->lines.v[i];

		if (begins(line, ".Sh") || begins(line, ".Ss"))
			break;
		if (depth == 0 && (begins(line, ".It ") || begins(line, ".El")))
			break;
		if (begins(line, ".Bl "))
			depth++;
		if (begins(line, ".El"))
			depth--;
	}
	return i;
}

static const struct escape {
	struct str source;
	const char *text;
} escapes[] = {
	{STR_INIT("\\e"), "\\"},
	{STR_INIT("\\-"), "-"},
	{STR_INIT("\\&"), ""},
	{STR_INIT("\\(aq"), "'"},
	{STR_INIT("\\(ga"), "`"},
	{STR_INIT("\\(ha"), "^"},
	{STR_INIT("\\(ti"), "~"},
	{STR_INIT("\\(dq"), "\""},
	{STR_INIT("\\(->"), "->"},
};

static const struct escape *escape_find(struct str at)
{
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++)
		if (str_has_prefix(at, escapes[i].source))
			return &escapes[i];
	return NULL;
}

void page_add_text(const struct page *page, struct str line, struct buf *out)
{
	while (line.len) {
		const struct escape *e;

		if (line.p[0] != '\\') {
			buf_add_char(out, line.p[0]);
			line = str_sub(line, 1, line.len);
			continue;
		}
		e = escape_find(line);
		cr_assert(e, "%s: the escape at \"%.*s\" is none of those in tests/unit/man/page.c",
			page->name, STR_ARG(line));
		buf_add_cstr(out, e->text);
		line = str_sub(line, e->source.len, line.len);
	}
}

bool page_next_display(const struct page *page, size_t start, size_t end, struct display *ret)
{
	size_t i = page_find_prefix(page, start, ".Bd -literal");

	if (i >= end)
		return false;
	ret->line = i;
	buf_init(&ret->text, PAGE_MAX);
	for (i++; i < page->lines.n && !str_eqz(page->lines.v[i], ".Ed"); i++) {
		cr_assert(!begins(page->lines.v[i], ".") && !begins(page->lines.v[i], "'"),
			"%s:%zu: a line of a literal display that roff would take for a request: "
			"put \\& in front",
			page->name, i + 1);
		page_add_text(page, page->lines.v[i], &ret->text);
		buf_add_char(&ret->text, '\n');
	}
	ret->end = i + 1;
	return true;
}

void display_release(struct display *d)
{
	buf_release(&d->text);
}
