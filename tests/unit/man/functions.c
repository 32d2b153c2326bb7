/* SPDX-License-Identifier: MIT
 *
 * upstreamd-templates(7) against the tables of template functions: each function that a template
 * can call has one item, whose head has its arguments and result as the table has them, a sentence
 * and an example that calls it; and no item describes a function that there is not.
 */
#include "config.h"

#include "unit/man/page.h"

#include "template/funcs.h"

#include <criterion/criterion.h>

#define PAGE  "upstreamd-templates.7"
#define HEAD  ".It Ic "
#define ARGS  " Ar "
#define GIVES " No \\(-> "

/* Go's name of a type as the page writes it: "any" for the empty interface. */
static void add_type(const struct type *t, struct buf *out)
{
	static const struct str empty = STR_INIT("interface {}");
	struct str name = str_from(t == &type_reflect_value ? "value" : t->name);
	ssize_t at;

	while ((at = str_find(name, empty)) >= 0) {
		buf_add_str(out, str_sub(name, 0, (size_t)at));
		buf_add_cstr(out, "any");
		name = str_sub(name, (size_t)at + empty.len, name.len);
	}
	buf_add_str(out, name);
}

/* "int string... -> []any": what an item's head says without the arguments' names. */
static void add_signature(const struct func *f, struct buf *out)
{
	for (unsigned i = 0; i < f->n_in; i++) {
		add_type(f->in[i], out);
		buf_add_cstr(out, f->variadic && i + 1 == f->n_in ? "... " : " ");
	}
	buf_add_cstr(out, "-> ");
	add_type(f->result, out);
}

/* The same of a head, whose arguments are NAME:TYPE. */
static void add_head_signature(struct str head, struct buf *out)
{
	ssize_t args = str_find(head, STR(ARGS)), gives = str_find(head, STR(GIVES));
	struct str rest, word, name, type;

	if (gives < 0)
		return;
	if (args >= 0 && args < gives) {
		rest = str_sub(head, (size_t)args + sizeof(ARGS) - 1, (size_t)gives);
		while (rest.len) {
			str_cut(rest, ' ', &word, &rest);
			if (!str_cut(word, ':', &name, &type))
				type = STR("?");
			buf_add_fmt(out, "%.*s ", STR_ARG(type));
		}
	}
	buf_add_fmt(out, "-> %.*s",
		STR_ARG(str_sub(head, (size_t)gives + sizeof(GIVES) - 1, head.len)));
}

/* The function that a line is the head of; p is NULL if it is none. */
static struct str head_name(const struct page *page, size_t i)
{
	struct str name, rest;

	if (!str_has_prefix(page->lines.v[i], STR(HEAD)))
		return str_n(NULL, 0);
	rest = str_sub(page->lines.v[i], sizeof(HEAD) - 1, page->lines.v[i].len);
	str_cut(rest, ' ', &name, &rest);
	return str_has_prefix(name, STR("\\&")) ? str_sub(name, 2, name.len) : name;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Whether text has name as a word of its own. */
static bool has_word(struct str text, struct str name)
{
	ssize_t at;

	while ((at = str_find(text, name)) >= 0) {
		size_t start = (size_t)at, end = start + name.len;

		if ((start == 0 || !is_name_byte(text.p[start - 1])) &&
			(end == text.len || !is_name_byte(text.p[end])))
			return true;
		text = str_sub(text, start + 1, text.len);
	}
	return false;
}

/* Whether the item at line i has an example that calls the function. */
static bool has_example(const struct page *page, size_t i, struct str name)
{
	size_t end = page_item_end(page, i);
	struct display d;
	bool found = false;

	while (!found && page_next_display(page, i, end, &d)) {
		found = has_word(buf_str(&d.text), name) &&
			str_find(buf_str(&d.text), STR("\n" PAGE_ARROW)) >= 0;
		i = d.end;
		display_release(&d);
	}
	return found;
}

static void check_item(const struct page *page, size_t i, const struct func *f)
{
	struct buf wanted, got;

	buf_init(&wanted, SIZE_MAX);
	buf_init(&got, SIZE_MAX);
	add_signature(f, &wanted);
	add_head_signature(page->lines.v[i], &got);
	cr_expect_str_eq(buf_cstr(&got), buf_cstr(&wanted),
		"man/" PAGE ":%zu: the head of %.*s has the types \"%s\", its row in "
		"src/template/funcs/ \"%s\"",
		i + 1, STR_ARG(f->name), buf_cstr(&got), buf_cstr(&wanted));
	cr_expect(i + 1 < page->lines.n && page->lines.v[i + 1].len &&
			  !str_has_prefix(page->lines.v[i + 1], STR(".Bd")),
		"man/" PAGE ":%zu: say what %.*s does", i + 1, STR_ARG(f->name));
	cr_expect(has_example(page, i, f->name),
		"man/" PAGE
		":%zu: %.*s has no example: a display .Bd -literal with a line that calls "
		"it and a line \"\\(-> RESULT\"",
		i + 1, STR_ARG(f->name));
	buf_release(&wanted);
	buf_release(&got);
}

/* The only item of a function; PAGE_NONE if there is none. */
static size_t find_item(const struct page *page, struct str name)
{
	size_t found = PAGE_NONE;

	for (size_t i = 0; i < page->lines.n; i++) {
		if (!str_eq(head_name(page, i), name))
			continue;
		cr_expect_eq(found, PAGE_NONE, "man/" PAGE ":%zu: %.*s has an item already", i + 1,
			STR_ARG(name));
		found = i;
	}
	return found;
}

static void check_function(const struct page *page, const struct func *f)
{
	size_t i = find_item(page, f->name);
	struct buf types;

	if (i != PAGE_NONE) {
		check_item(page, i, f);
		return;
	}
	buf_init(&types, SIZE_MAX);
	add_signature(f, &types);
	cr_expect(false,
		"%.*s (%s) of src/template/funcs/ is not in man/" PAGE
		". Add to the list of its family "
		"an item like this one:\n" HEAD "trunc" ARGS "count:int text:string" GIVES
		"string\n"
		"What it does, in a sentence.\n.Bd -literal\n{{ trunc 5 \"hello world\" }}\n"
		"\\(-> hello\n.Ed",
		STR_ARG(f->name), buf_cstr(&types));
	buf_release(&types);
}

Test(man_functions, page_describes_every_function_as_it_is_declared)
{
	size_t n, rows = 0;
	const struct func_table *const *tables = func_tables(&n);
	struct page page;

	page_open(&page, PAGE);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < tables[i]->n; j++) {
			const struct func *f = &tables[i]->rows[j];

			/* One that an earlier table has cannot be called. */
			if (func_find(f->name) == f) {
				check_function(&page, f);
				rows++;
			}
		}
	}
	cr_expect_gt(rows, 200);
	page_close(&page);
}

Test(man_functions, page_describes_no_function_that_there_is_not)
{
	struct page page;

	page_open(&page, PAGE);
	for (size_t i = 0; i < page.lines.n; i++) {
		struct str name = head_name(&page, i);

		cr_expect(!name.p || func_find(name),
			"man/" PAGE
			":%zu: there is no function %.*s: take the item out of the page",
			i + 1, STR_ARG(name));
	}
	page_close(&page);
}
