/* SPDX-License-Identifier: MIT
 *
 * The limits that the pages tell are the constants of the program.
 */
#include "config.h"

#include "unit/man/page.h"

#include "base/alloc.h"
#include "config/config.h"
#include "config/ini.h"
#include "template/template.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>

#define MIB(bytes) ((size_t)(bytes) >> 20)

/* The page has this sentence, wherever its lines end; sentence is freed. */
static void assert_says(const char *name, char *sentence)
{
	struct page page;

	page_open(&page, name);
	for (size_t i = 0; i < page.text.len; i++)
		if (page.text.data[i] == '\n')
			page.text.data[i] = ' ';
	cr_expect_geq(str_find(buf_str(&page.text), str_from(sentence)), 0,
		"man/%s does not say \"%s\", as the program's constants have it", name, sentence);
	free(sentence);
	page_close(&page);
}

Test(man_limits, limits_of_templates_are_those_of_the_page)
{
	static const char page[] = "upstreamd-templates.7";

	assert_says(page, xasprintf("%zu MiB of one template's text", MIB(TEMPLATE_TEXT_MAX)));
	cr_expect_eq(
		TEMPLATE_PARENS_MAX, TEMPLATE_BLOCKS_MAX, "man/%s has one number for both", page);
	assert_says(
		page, xasprintf("%d parentheses or blocks within each other", TEMPLATE_PARENS_MAX));
	assert_says(page, xasprintf("%d commands in one pipeline", TEMPLATE_COMMANDS_MAX));
	assert_says(page, xasprintf("%d templates that call each other", TEMPLATE_DEPTH_MAX));
	assert_says(page, xasprintf("%d calls of .Li eval within each other", TEMPLATE_EVAL_MAX));
	assert_says(page, xasprintf("%" PRIu64 " rounds of loops and calls", TEMPLATE_STEPS_MAX));
	assert_says(page, xasprintf("%zu MiB of output", MIB(TEMPLATE_OUTPUT_MAX)));
	assert_says(page, xasprintf("%zu GiB of memory besides", MIB(TEMPLATE_MEMORY_MAX) >> 10));
	assert_says(page, xasprintf("%zu MiB for one string", MIB(TEMPLATE_STRING_MAX)));
}

Test(man_limits, limits_of_the_configuration_are_those_of_the_page)
{
	static const char page[] = "upstreamd.ini.5";

	assert_says(page, xasprintf("A line has at most %d bytes", INI_LINE_MAX));
	assert_says(page, xasprintf("a file %zu MiB", MIB(CONFIG_FILE_MAX)));
	assert_says(page, xasprintf("one value on each line, of at most %d", CONFIG_LIST_MAX));
	assert_says(page, xasprintf("A name has at most %d letters", CONFIG_NAME_MAX));
	assert_says(page, xasprintf("There may be %d engines", CONFIG_ENGINES_MAX));
	assert_says(
		page, xasprintf("at least one output, and there may be %d", CONFIG_OUTPUTS_MAX));
}
