/* SPDX-License-Identifier: MIT
 *
 * The limits of template functions: each is an error of the render that hits it, and says how much
 * is possible.
 */
#include "config.h"

#include "base/alloc.h"
#include "rendering.h"
#include "template/format/format.h"
#include "template/funcs/reach.h"
#include "template/funcs/semver_parse.h"
#include "template/json_write.h"
#include "template/regexp/re2.h"
#include "template/regexp/regexp.h"
#include "template/yaml/yaml_write.h"

#include <criterion/criterion.h>

static void clear_cache(void)
{
	regexp_cache_clear();
}

TestSuite(function_limits, .fini = clear_cache);

/* {{ CALL }} fails, and error is the end of its text; both are freed. */
static void assert_call_fails(char *call, char *error)
{
	char *text = xasprintf("{{%s}}", call);
	char *whole = xasprintf("template: t:1:2: executing \"t\" at <%s>: error calling %.*s: %s",
		call, (int)strcspn(call, " "), call, error);

	assert_fails(text, "null", "", whole);
	free(whole);
	free(text);
	free(error);
	free(call);
}

static void assert_says(const char *call, const char *error)
{
	assert_call_fails(xstrdup(call), xstrdup(error));
}

Test(function_limits, eval_is_nested_only_so_deep)
{
	static const char step[] = "template: t:1:18: executing \"e\" at <eval \"e\" .>: "
				   "error calling eval: ";
	struct buf error;

	buf_init(&error, SIZE_MAX);
	buf_add_cstr(&error, "template: t:1:41: executing \"t\" at <eval \"e\" 1>: "
			     "error calling eval: ");
	for (int i = 0; i < TEMPLATE_EVAL_MAX; i++)
		buf_add_cstr(&error, step);
	buf_add_fmt(&error, "templates evaluate each other more than %d deep", TEMPLATE_EVAL_MAX);
	assert_fails("{{define \"e\"}}{{- eval \"e\" .}}{{end}}{{- eval \"e\" 1}}", "null", "",
		buf_cstr(&error));
	buf_release(&error);
}

Test(function_limits, sequences_have_only_so_many_members)
{
	assert_says("until 10000001",
		"sequence of 10000001 numbers is too long, the most are 10000000");
	assert_says("until -9223372036854775807", "sequence of 9223372036854775807 numbers is too "
						  "long, the most are 10000000");
	assert_says("untilStep 0 20000002 2",
		"sequence of 10000001 numbers is too long, the most are 10000000");
	assert_says(
		"seq 10000001", "sequence of 10000001 numbers is too long, the most are 10000000");
	assert_says("seq 0 2 20000000",
		"sequence of 10000001 numbers is too long, the most are 10000000");
	assert_renders("{{len (until 10000000)}}", "null", "10000000");
}

Test(function_limits, strings_have_only_so_many_bytes)
{
	char *error = xasprintf("string is longer than %zu bytes", TEMPLATE_STRING_MAX);

	assert_call_fails(xasprintf("repeat %zu \"a\"", TEMPLATE_STRING_MAX + 1), xstrdup(error));
	assert_call_fails(xstrdup("repeat 100000000 \"ab\""), xstrdup(error));
	assert_call_fails(xstrdup("indent 1000000000 \"ab\""), error);
	assert_fails_limited("{{replace (repeat 300 \"a\") \"a\" \"bbbb\" -1}}", "null",
		(&(struct template_limits){.string = 1000}),
		"template: t:1:2: executing \"t\" at <replace (repeat 300 \"a\") \"a\" \"bbbb\" "
		"-1>: "
		"error calling replace: string is longer than 1000 bytes");
}

Test(function_limits, random_texts_have_only_so_many_characters)
{
	static const char *const functions[] = {
		"randAlpha", "randAlphaNum", "randAscii", "randNumeric", "randBytes"};

	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		assert_call_fails(xasprintf("%s 1048577", functions[i]),
			xstrdup("1048577 random characters are too many, the most are 1048576"));
	assert_renders("{{len (randAlpha 1048576)}}", "null", "1048576");
}

Test(function_limits, lists_are_compared_with_each_other_only_for_so_long)
{
	assert_fails_limited("{{uniq (until 2000)}}", "null",
		(&(struct template_limits){.steps = 100000}),
		"template: t:1:2: executing \"t\" at <uniq (until 2000)>: error calling uniq: too "
		"many loop rounds and template calls");
}

Test(function_limits, versions_and_constraints_have_only_so_many_bytes)
{
	char *version = xmalloc(SEMVER_TEXT_MAX + 2);

	memset(version, '1', SEMVER_TEXT_MAX + 1);
	version[SEMVER_TEXT_MAX + 1] = '\0';
	assert_call_fails(xasprintf("semver \"%s\"", version),
		xasprintf("version is longer than %d bytes", SEMVER_TEXT_MAX));
	assert_call_fails(xasprintf("semverCompare \"%s\" \"1.0\"", version),
		xasprintf("constraint is longer than %d bytes", SEMVER_TEXT_MAX));
	free(version);
}

Test(function_limits, names_of_hosts_have_only_so_many_bytes)
{
	assert_says("getHostByName (repeat 256 \"a\")", "invalid argument to Intn");
	assert_says("getHostByName \"a\\x00b\"", "invalid argument to Intn");
}

Test(function_limits, certificates_have_only_so_many_names)
{
	struct buf names;

	buf_init(&names, SIZE_MAX);
	for (int i = 0; i < 1001; i++)
		buf_add_cstr(&names, " \"a\"");
	assert_call_fails(xasprintf("genSelfSignedCert \"a\" (list) (list%s) 1", buf_cstr(&names)),
		xstrdup("a certificate has at most 1000 names and addresses"));
	buf_release(&names);
}

Test(function_limits, passwords_of_bcrypt_have_only_so_many_bytes)
{
	assert_renders("{{bcrypt (repeat 73 \"a\")}}", "null",
		"failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes");
}

Test(function_limits, decimals_have_only_so_many_digits)
{
	struct buf call;

	buf_init(&call, SIZE_MAX);
	buf_add_cstr(&call, "mulf");
	for (int i = 0; i < 20000 / 300 + 1; i++)
		buf_add_cstr(&call, " 1e300");
	assert_call_fails(xstrdup(buf_cstr(&call)),
		xstrdup("a decimal has too many digits, the most are about 20000"));
	buf_release(&call);
}

/* A map that holds itself. */
#define KNOT "{{$d := dict}}{{$_ := set $d \"d\" $d}}{{$e := dict}}{{$_ := set $e \"d\" $e}}"

static void assert_knot_fails(const char *call, char *error)
{
	char *text = xasprintf(KNOT "{{%s}}", call);
	char *whole = xasprintf("template: t:1:76: executing \"t\" at <%s>: error calling %.*s: %s",
		call, (int)strcspn(call, " "), call, error);

	assert_fails(text, "null", "", whole);
	free(whole);
	free(text);
	free(error);
}

Test(function_limits, values_are_taken_apart_only_so_deep)
{
	assert_knot_fails("deepCopy $d", xstrdup("value is nested too deeply to be copied"));
	assert_knot_fails(
		"merge $d $e", xstrdup("dictionaries are nested too deeply to be merged"));
	assert_knot_fails(
		"print $d", xasprintf("value is nested too deeply to print (over %d levels)",
				    FORMAT_DEPTH_MAX));
	assert_knot_fails(
		"toYaml $d", xasprintf("value is nested more than %d deep", YAML_WRITE_DEPTH_MAX));
	assert_knot_fails("json $d", xstrdup("json: unsupported value: encountered a cycle via "
					     "map[string]interface {}"));
	assert_renders(KNOT "{{deepEqual $d $e}}", "null", "false");
}

Test(function_limits, lists_are_written_as_json_only_so_deep)
{
	char *text = xasprintf("{{$l := list}}{{range %d}}{{$l = list $l}}{{end}}{{mustToJson $l}}",
		JSON_WRITE_DEPTH_MAX);
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;
	struct buf out;

	buf_init(&out, 1 << 20);
	cr_assert(template_parse(set, "t", str_from(text), &err));
	cr_assert(!template_render(set, STR("t"), value_nil(), NULL, &out, &err));
	cr_assert(strstr(error_text(&err), "error calling mustToJson: "), "%s", error_text(&err));
	error_clear(&err);
	buf_release(&out);
	template_set_free(set);
	free(text);
}

Test(function_limits, paths_have_only_so_many_bytes)
{
	assert_call_fails(xasprintf("exists (repeat %d \"0\")", REACH_PATH_MAX),
		xasprintf("stat %0*d: file name too long", REACH_PATH_MAX, 0));
}

Test(function_limits, expressions_repeat_only_so_often)
{
	assert_call_fails(xasprintf("mustRegexMatch \"x{%d}\" \"x\"", RE2_REPEAT_MAX + 1),
		xasprintf(
			"error parsing regexp: invalid repeat count: `{%d}`", RE2_REPEAT_MAX + 1));
}

Test(function_limits, matches_take_only_so_many_steps)
{
	assert_says("regexMatch \"(a|aa)+$\" (print (repeat 60 \"a\") \"b\")",
		"regexp: `(a|aa)+$` takes too long or too much memory on 61 bytes: match limit "
		"exceeded");
}

Test(function_limits, widths_are_only_so_large)
{
	char *wide = xasprintf("{{printf \"%%*d\" %d 1}}", FORMAT_NUMBER_MAX + 1);

	assert_renders(wide, "null", "%!(BADWIDTH)1");
	free(wide);
}

/* Renders text with a time that has passed already; the error's text, owned by the caller. */
static char *render_late(const char *text, bool *ret_gave_up)
{
	struct template_options options = {.give_up_ns = 1, .ret_gave_up = ret_gave_up};
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;
	struct buf out;
	char *got;

	*ret_gave_up = false;
	buf_init(&out, 1 << 20);
	cr_assert(template_parse(set, "t", str_from(text), &err), "%s", error_text(&err));
	if (template_render(set, STR("t"), value_nil(), &options, &out, &err))
		got = xstrdup(buf_cstr(&out));
	else
		got = xstrdup(error_text(&err));
	error_clear(&err);
	buf_release(&out);
	template_set_free(set);
	return got;
}

Test(function_limits, render_whose_time_is_over_gives_up)
{
	static const char *const texts[] = {"{{range 1000}}{{end}}",
		"{{define \"r\"}}{{template \"r\"}}{{end}}{{template \"r\"}}",
		"{{uniq (until 1000)}}",
		"{{define \"e\"}}{{range 1000}}{{end}}{{end}}{{eval \"e\"}}"};
	bool gave_up;
	char *got;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		got = render_late(texts[i], &gave_up);
		cr_assert(gave_up, "%s", texts[i]);
		cr_assert(
			str_has_suffix(str_from(got), STR("the render takes too long")), "%s", got);
		free(got);
	}
	got = render_late("{{upper \"a\"}}", &gave_up);
	cr_assert(!gave_up);
	cr_assert_str_eq(got, "A");
	free(got);
}
