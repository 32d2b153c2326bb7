/* SPDX-License-Identifier: MIT
 *
 * upstreamd.ini(5) against src/config/keys.def: every key is in the page, in the list of its
 * section, with its type, default and limits and an example that can be read; and nothing else is.
 */
#include "config.h"

#include "unit/man/page.h"

#include "base/alloc.h"
#include "config/config.h"
#include "config/keys.h"
#include "config/types.h"

#include <criterion/criterion.h>

#define PAGE "upstreamd.ini.5"

/* What stands behind "key =" in the page. An enum's words, and yes and no, are made from the table.
 */
static const struct type_word {
	const struct key_type *type;
	const char *word;
} type_words[] = {
	{&key_type_BOOL, "Cm yes | no"},
	{&key_type_NUMBER, "Ar number"},
	{&key_type_MODE, "Ar mode"},
	{&key_type_DURATION, "Ar duration"},
	{&key_type_WAIT, "Ar min Ns Op : Ns Ar max"},
	{&key_type_ENDPOINT, "Ar endpoint"},
	{&key_type_ADDRESS, "Cm container | published Ar host"},
	{&key_type_NAME, "Ar name"},
	{&key_type_NAMES, "Ar section"},
	{&key_type_CONTAINER, "Ar container"},
	{&key_type_PATH, "Ar file"},
	{&key_type_PATHS, "Ar file"},
	{&key_type_DIRS, "Ar directory"},
	{&key_type_COMMAND, "Ar command"},
	{&key_type_FILTERS, "Ar key Ns = Ns Ar value"},
};

static void add_type_word(const struct key *key, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(type_words); i++) {
		if (key->type == type_words[i].type) {
			buf_add_cstr(out, type_words[i].word);
			return;
		}
	}
	cr_assert(key->names,
		"the type of %s is new: give it a row in type_words of tests/unit/man/keys.c, and "
		"an "
		"item under \"Values\" in man/" PAGE,
		key->name);
	buf_add_cstr(out, "Cm");
	for (size_t i = 0; key->names[i]; i++)
		buf_add_fmt(out, "%s %s", i ? " |" : "", key->names[i]);
}

/* ".It Ic resync No = Ar duration" */
static void add_head(const struct key *key, struct buf *out)
{
	buf_add_fmt(out, ".It Ic %s No = ", key->name);
	add_type_word(key, out);
}

/* "Default 5m; from 1s to 24h." */
static void add_default(const struct key *key, struct buf *out)
{
	if (!key->fallback)
		buf_add_cstr(out, "Required");
	else if (!*key->fallback)
		buf_add_cstr(out, "Not set by default");
	else
		buf_add_fmt(out, "Default %s", key->fallback);
	if (key->max != 0) {
		buf_add_cstr(out, "; from ");
		key->type->add_limit(key->min, out);
		buf_add_cstr(out, " to ");
		key->type->add_limit(key->max, out);
	}
	if (key->type->list)
		buf_add_cstr(out, "; may be repeated");
	buf_add_char(out, '.');
}

/* The lines of a section: from its .Ss to the next. */
static void find_section(
	const struct page *page, enum key_section section, size_t *ret_start, size_t *ret_end)
{
	char *head = xasprintf(".Ss %s ", section_info(section)->shape);
	size_t start = page_find_prefix(page, 0, head), end;

	cr_assert_neq(start, PAGE_NONE, "man/" PAGE " has no \"%s\"", head);
	end = page_find_prefix(page, start + 1, ".S");
	*ret_start = start;
	*ret_end = end == PAGE_NONE ? page->lines.n : end;
	free(head);
}

/* Whether the item from line start to end has an example of key, which must be readable. */
static bool has_example(const struct page *page, const struct key *key, size_t start, size_t end)
{
	const struct key_place place = {.dir = "/conf", .line = 1};
	struct display d;
	bool found = false;

	while (!found && page_next_display(page, start, end, &d)) {
		struct str rest = buf_str(&d.text), line, name, value;

		while (!found && rest.len) {
			union {
				struct config global;
				struct config_engine engine;
				struct config_output output;
			} base = {.global = {.path = NULL}};
			struct error err = ERROR_INIT;

			str_cut(rest, '\n', &line, &rest);
			if (!str_cut(line, '=', &name, &value) ||
				!str_eqz(str_trim(name), key->name))
				continue;
			memset(&base, 0, sizeof(base));
			cr_expect(key_parse(key, str_trim(value), &place, &base, &err),
				"man/" PAGE ": the example \"%.*s\": %s", STR_ARG(line),
				error_text(&err));
			keys_release(key->section, &base);
			error_clear(&err);
			found = true;
		}
		start = d.end;
		display_release(&d);
	}
	return found;
}

static void check_item(const struct page *page, const struct key *key, size_t head,
	const char *wanted, size_t section_end)
{
	size_t end = page_item_end(page, head);
	size_t words = 0;

	cr_expect_leq(end, section_end);
	cr_expect(head + 1 < end && str_eqz(page->lines.v[head + 1], wanted),
		"man/" PAGE ":%zu: under the head of %s must stand the line\n%s", head + 2,
		key->name, wanted);
	for (size_t i = head + 2; i < end; i++)
		if (page->lines.v[i].len && page->lines.v[i].p[0] != '.')
			words++;
	cr_expect_gt(words, 1, "man/" PAGE ":%zu: say what %s does", head + 1, key->name);
	cr_expect(has_example(page, key, head, end),
		"man/" PAGE
		":%zu: %s has no example: a display .Bd -literal with a line \"%s = …\"",
		head + 1, key->name, key->name);
}

static void check_key(const struct page *page, const struct key *key)
{
	size_t start, section_end, head;
	struct buf line, second;

	buf_init(&line, SIZE_MAX);
	buf_init(&second, SIZE_MAX);
	add_head(key, &line);
	add_default(key, &second);
	find_section(page, key->section, &start, &section_end);
	head = page_find(page, start, buf_cstr(&line));
	cr_expect_lt(head, section_end,
		"%s of src/config/keys.def is not in man/" PAGE ", or its type there is another. "
		"Under %s must stand these lines, then what the key does, then an "
		"example:\n%s\n%s\n"
		"…\n.Bd -literal\n%s = …\n.Ed",
		key->name, section_info(key->section)->shape, buf_cstr(&line), buf_cstr(&second),
		key->name);
	if (head < section_end)
		check_item(page, key, head, buf_cstr(&second), section_end);
	buf_release(&line);
	buf_release(&second);
}

Test(man_keys, page_describes_every_key_as_the_program_reads_it)
{
	struct page page;

	page_open(&page, PAGE);
	for (size_t i = 0; i < config_keys_n; i++)
		check_key(&page, &config_keys[i]);
	page_close(&page);
}

/* The key that an item's head names; p is NULL if line is no such head. */
static struct str head_key(struct str line)
{
	static const struct str head = STR_INIT(".It Ic ");
	struct str name, rest;

	if (!str_has_prefix(line, head))
		return str_n(NULL, 0);
	str_cut(str_sub(line, head.len, line.len), ' ', &name, &rest);
	return name;
}

Test(man_keys, page_describes_no_key_that_there_is_not)
{
	struct page page;

	page_open(&page, PAGE);
	for (size_t s = 0; s < config_sections_n; s++) {
		enum key_section section = config_sections[s].section;
		size_t start, end;

		find_section(&page, section, &start, &end);
		for (size_t i = start; i < end; i++) {
			struct str name = head_key(page.lines.v[i]);

			cr_expect(!name.p || key_find(section, name),
				"man/" PAGE
				":%zu: %.*s is no key of %s in src/config/keys.def: take "
				"the item out of the page",
				i + 1, STR_ARG(name), config_sections[s].shape);
		}
	}
	page_close(&page);
}

Test(man_keys, whole_files_in_the_page_can_be_read)
{
	struct config_input in = {.path = "/conf/x.ini"};
	struct page page;
	struct display d;
	size_t start = 0, files = 0;

	page_open(&page, PAGE);
	while (page_next_display(&page, start, page.lines.n, &d)) {
		struct config_errors errors = CONFIG_ERRORS_INIT;
		struct config *config = NULL;

		if (str_has_prefix(buf_str(&d.text), STR("["))) {
			files++;
			cr_expect(config_parse(buf_str(&d.text), &in, &config, &errors),
				"man/" PAGE ":%zu: %s", d.line + 1, errors.n ? errors.v[0] : "");
			config_errors_release(&errors);
			config_free(config);
		}
		start = d.end;
		display_release(&d);
	}
	cr_expect_geq(files, 2);
	page_close(&page);
}
