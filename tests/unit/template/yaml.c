/* SPDX-License-Identifier: MIT
 *
 * YAML where the conformance corpus does not reach: limits, and what hostile texts do.
 */
#include "config.h"

#include "rendering.h"

#include "base/alloc.h"
#include "template/yaml_read.h"
#include "template/yaml_write.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Reads text and checks the error, NULL for none. */
static void assert_reads(struct str text, const char *error)
{
	struct error err = ERROR_INIT;
	struct arena arena;
	struct buf scratch;
	struct value v;
	bool ok;

	arena_init(&arena);
	buf_init(&scratch, (size_t)64 << 20);
	ok = yaml_read(&arena, &scratch, text, &v, &err);
	if (error)
		cr_assert_str_eq(error_text(&err), error);
	else
		cr_assert(ok, "%s", error_text(&err));
	error_clear(&err);
	buf_release(&scratch);
	arena_release(&arena);
}

/* n times text. */
static struct str repeated(const char *text, size_t n)
{
	struct buf b;
	size_t len;
	char *p;

	buf_init(&b, (size_t)64 << 20);
	while (n--)
		buf_add_cstr(&b, text);
	p = buf_take(&b, &len);
	return str_n(p, len);
}

static void assert_reads_repeated(const char *text, size_t n, const char *error)
{
	struct str all = repeated(text, n);

	assert_reads(all, error);
	free((char *)(uintptr_t)all.p);
}

Test(yaml, text_longer_than_the_limit_is_refused)
{
	assert_reads_repeated("x", YAML_TEXT_MAX, NULL);
	assert_reads_repeated("x", YAML_TEXT_MAX + 1, "yaml: text is longer than 8388608 bytes");
}

Test(yaml, collections_deeper_than_the_limit_are_refused)
{
	assert_reads_repeated("[", YAML_DEPTH_MAX, "yaml: line 1: did not find expected node content");
	assert_reads_repeated("[", YAML_DEPTH_MAX + 1, "yaml: exceeded max depth of 2000");
	assert_reads_repeated("- ", YAML_DEPTH_MAX, NULL);
	assert_reads_repeated("- ", YAML_DEPTH_MAX + 1, "yaml: exceeded max depth of 2000");
}

Test(yaml, aliases_do_not_make_documents_larger_than_they_look)
{
	assert_reads(STR("a: &a [1,1,1,1,1,1,1,1,1,1]\n"
			 "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
			 "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
			 "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
			 "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
			 "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"),
		"yaml: document contains excessive aliasing");
}

Test(yaml, mapping_that_merges_itself_is_refused)
{
	assert_reads(STR("a: &a\n  <<: *a\n"), "yaml: anchor 'a' value contains itself");
	assert_reads(STR("a: &a\n  <<: [*a]\n"), "yaml: anchor 'a' value contains itself");
}

Test(yaml, only_so_many_keys_are_listed_as_defined_twice)
{
	struct str all = repeated("a: 1\n", 1000);
	struct error err = ERROR_INIT;
	struct arena arena;
	struct buf scratch;
	struct value v;
	size_t lines = 0;

	arena_init(&arena);
	buf_init(&scratch, (size_t)64 << 20);
	cr_assert(!yaml_read(&arena, &scratch, all, &v, &err));
	for (const char *p = error_text(&err); (p = strchr(p, '\n')); p++)
		lines++;
	cr_assert_eq(lines, YAML_ERRORS_MAX);
	error_clear(&err);
	buf_release(&scratch);
	arena_release(&arena);
	free((char *)(uintptr_t)all.p);
}

Test(yaml, slash_is_no_escape_wherever_it_stands)
{
	assert_reads(STR("\"a\\\\/b\""), NULL);
	assert_reads(STR("\xef\xbb\xbf- \"\xc3\xa9\"\n- \"\\/\""),
		"yaml: line 2: found unknown escape character");
	assert_reads(STR("'\\/'"), NULL);
}

Test(yaml, values_deeper_than_the_limit_are_not_written)
{
	assert_fails("{{$l := list}}{{range until 2001}}{{$l = list $l}}{{end}}{{toYaml $l}}", "null",
		"",
		"template: t:1:59: executing \"t\" at <toYaml $l>: error calling toYaml: value is "
		"nested more than 2000 deep");
	assert_fails("{{$d := dict}}{{$_ := set $d \"d\" $d}}{{toYaml $d}}", "null", "",
		"template: t:1:39: executing \"t\" at <toYaml $d>: error calling toYaml: value is "
		"nested more than 2000 deep");
}

Test(yaml, long_binary_texts_are_broken_into_lines)
{
	assert_renders("{{toYaml (printf \"\\xff%50s\" \"\")}}", "null",
		"!!binary /yAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\n");
	assert_renders("{{toYaml (printf \"\\xff%60s\" \"\")}}", "null",
		"!!binary |\n"
		"    /yAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC\n"
		"    AgICAgICAgIA==\n");
}
