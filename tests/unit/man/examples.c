/* SPDX-License-Identifier: MIT
 *
 * Every example of upstreamd-templates(7) gives what the page says. Examples are the literal
 * displays that have an arrow: the lines of a template, then "-> " and the first line of its
 * result, then the other lines of it, two blanks further in. "-> error: TEXT" is a render that
 * fails with an error that ends with TEXT. New lines at the end of a result do not count. The data
 * is the display under EXAMPLE DATA.
 */
#include "config.h"

#include "unit/man/page.h"

#include "base/error.h"
#include "model/expose.h"
#include "model/snapshot_file.h"
#include "template/template.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define PAGE "upstreamd-templates.7"

struct example {
	size_t line; /* of the display, counted from 1 */
	struct buf template, result;
};

struct rig {
	struct page page;
	struct snapshot *snapshot;
	size_t examples;
};

static void rig_init(struct rig *r)
{
	struct error err = ERROR_INIT;
	struct display d;
	size_t section;

	*r = (struct rig){.snapshot = NULL};
	page_open(&r->page, PAGE);
	section = page_find(&r->page, 0, ".Sh EXAMPLE DATA");
	cr_assert(page_next_display(&r->page, section, r->page.lines.n, &d),
		"man/" PAGE " has no EXAMPLE DATA with a display");
	r->snapshot = snapshot_from_json(buf_str(&d.text), NULL, NULL, &err);
	cr_assert(r->snapshot, "man/" PAGE ":%zu: %s", d.line + 1, error_text(&err));
	display_release(&d);
	cr_assert_eq(setenv("TZ", "UTC", 1), 0);
}

static void rig_release(struct rig *r)
{
	snapshot_unref(r->snapshot);
	page_close(&r->page);
}

/* Renders to out, or an error's text as the page has it. */
static void render(const struct rig *r, struct str text, struct buf *out)
{
	const struct template_options options = {.env = snapshot_env(r->snapshot)};
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;
	struct arena arena;

	arena_init(&arena);
	if (!template_parse(set, "t", text, &err) ||
		!template_render(set, STR("t"), snapshot_root(r->snapshot, NULL, &arena), &options,
			out, &err)) {
		buf_clear(out);
		buf_add_fmt(out, "error: %s", error_text(&err));
		error_clear(&err);
	}
	arena_release(&arena);
	template_set_free(set);
}

static struct str without_line_ends(struct str s)
{
	while (str_has_suffix(s, STR("\n")))
		s.len--;
	return s;
}

/* A failure is known by the end of its text: the page leaves out where it happened. */
static bool same_result(struct str got, struct str wanted)
{
	static const struct str error = STR_INIT("error: ");

	if (str_has_prefix(wanted, error) && str_has_prefix(got, error))
		return str_has_suffix(got, str_sub(wanted, error.len, wanted.len));
	return str_eq(got, wanted);
}

static void check_example(struct rig *r, const struct example *e)
{
	struct str text = without_line_ends(buf_str(&e->template));
	struct str wanted = without_line_ends(buf_str(&e->result)), got;
	struct buf out;

	buf_init(&out, TEMPLATE_OUTPUT_MAX);
	render(r, text, &out);
	got = without_line_ends(buf_str(&out));
	cr_expect(same_result(got, wanted),
		"man/" PAGE ":%zu: the example\n%.*s\ngives\n%.*s\nand not\n%.*s", e->line,
		STR_ARG(text), STR_ARG(got), STR_ARG(wanted));
	buf_release(&out);
	r->examples++;
}

/* Ends the example at hand, if there is one. */
static void end_example(struct rig *r, struct example *e)
{
	if (e->result.len)
		check_example(r, e);
	buf_clear(&e->template);
	buf_clear(&e->result);
}

static void check_display(struct rig *r, const struct display *d)
{
	static const struct str arrow = STR_INIT(PAGE_ARROW), inset = STR_INIT("  ");
	struct str rest = buf_str(&d->text), line;
	struct example e = {.line = d->line + 1};

	buf_init(&e.template, SIZE_MAX);
	buf_init(&e.result, SIZE_MAX);
	while (rest.len) {
		bool goes_on;

		str_cut(rest, '\n', &line, &rest);
		goes_on = e.result.len && (line.len == 0 || str_has_prefix(line, inset));
		if (!goes_on && e.result.len)
			end_example(r, &e);
		if (str_has_prefix(line, arrow))
			buf_add_str(&e.result, str_sub(line, arrow.len + 1, line.len));
		else if (goes_on)
			buf_add_str(&e.result, str_sub(line, inset.len, line.len));
		else
			buf_add_str(&e.template, line);
		buf_add_char(e.result.len || str_has_prefix(line, arrow) ? &e.result : &e.template,
			'\n');
	}
	end_example(r, &e);
	buf_release(&e.template);
	buf_release(&e.result);
}

Test(man_examples, every_example_gives_what_the_page_says, .timeout = 120)
{
	struct display d;
	struct rig r;
	size_t start = 0;

	rig_init(&r);
	while (page_next_display(&r.page, start, r.page.lines.n, &d)) {
		if (str_find(buf_str(&d.text), STR("\n" PAGE_ARROW)) >= 0)
			check_display(&r, &d);
		start = d.end;
		display_release(&d);
	}
	cr_expect_gt(r.examples, 250);
	rig_release(&r);
}
