/* SPDX-License-Identifier: MIT
 *
 * What is refused, with which messages, and where the limits are.
 */
#include "config.h"

#include "base/clock.h"
#include "config/config.h"
#include "config/keys.h"
#include "unit/config/support.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>

Test(config, all_errors_of_a_file_come_at_once_in_the_order_of_lines)
{
	assert_errors(
		"[output web]\ntemplate = /t\nwiat = 1s\n[upstreamd]\nlog_level = loud\n  x\n",
		"1: [output web] dest: missing; expected a file\n"
		"3: [output web] wiat: unknown key; did you mean wait?\n"
		"5: [upstreamd] log_level: \"loud\" is not known; expected one of error, warn, "
		"info, "
		"debug\n"
		"6: the line is indented; keys and sections start in the first column (a list is "
		"the "
		"same key on several lines)\n");
}

Test(config, an_unknown_key_is_refused_with_a_guess_where_there_is_one)
{
	assert_errors(TEST_OUTPUT "only_expose = yes\nfrobnicate = 1\nlog_level = info\n",
		"4: [output web] only_expose: unknown key; did you mean only_exposed?\n"
		"5: [output web] frobnicate: unknown key; [output NAME] has no such key\n"
		"6: [output web] log_level: belongs in [upstreamd]\n");
}

Test(config, keys_are_told_apart_by_case)
{
	assert_error_in(TEST_OUTPUT "Wait = 1s\n", "Wait: unknown key; did you mean wait?");
}

Test(config, an_unknown_section_is_refused_and_its_keys_are_not_judged)
{
	assert_errors("[outptu web]\ndest = /d\nnonsense = 1\n[global]\nx = 1\n",
		"1: [outptu web]: unknown section; did you mean [output NAME]?\n"
		"4: [global]: unknown section; expected [upstreamd], [engine NAME] or [output "
		"NAME]\n");
}

Test(config, a_key_above_any_section_is_refused)
{
	assert_errors("log_level = info\n" TEST_OUTPUT,
		"1: log_level: stands above any section; write [upstreamd] above it\n");
}

Test(config, a_repeated_key_is_refused_unless_it_is_a_list)
{
	assert_errors(TEST_OUTPUT "wait = 1s\nwait = 1s\n",
		"5: [output web] wait: given again; it is on line 4 already\n");
}

Test(config, repeated_sections_are_refused_even_if_empty)
{
	assert_errors("[upstreamd]\n[upstreamd]\n[engine]\n[engine default]\n" TEST_OUTPUT
		      "[output web]\n",
		"2: [upstreamd]: given again; it is on line 1 already\n"
		"4: [engine default]: an engine of this name is on line 3 already\n"
		"8: [output web]: an output of this name is on line 5 already\n");
}

Test(config, an_empty_output_section_misses_its_required_keys)
{
	assert_errors("[output web]\n", "1: [output web] template: missing; expected a file\n"
					"1: [output web] dest: missing; expected a file\n");
}

Test(config, a_file_without_an_output_is_refused)
{
	assert_errors("",
		" no output; expected at least one section [output NAME] with template and dest\n");
	assert_errors("[upstreamd]\n",
		" no output; expected at least one section [output NAME] with template and dest\n");
}

Test(config, names_of_sections_are_checked)
{
	assert_errors("[upstreamd x]\n[output]\n[output a b]\n[output -a]\n[output a/b]\n"
		      "[output n23456789012345678901234567890123]\n",
		"1: [upstreamd x]: a section without a name; expected [upstreamd]\n"
		"2: [output]: without a name; expected [output NAME]\n"
		"3: [output a b]: a name that is not usable; expected at most 32 letters, digits, "
		"'-', "
		"'_', '.'\n"
		"4: [output -a]: a name that is not usable; expected at most 32 letters, digits, "
		"'-', "
		"'_', '.'\n"
		"5: [output a/b]: a name that is not usable; expected at most 32 letters, digits, "
		"'-', "
		"'_', '.'\n"
		"6: [output n23456789012345678901234567890123]: a name that is not usable; "
		"expected at "
		"most 32 letters, digits, '-', '_', '.'\n");
}

Test(config, a_name_as_long_as_possible_is_taken)
{
	struct config *c =
		load_good("[output n2345678901234567890.2-4567_9012]\ntemplate = t\ndest = d\n");

	cr_assert_eq(strlen(c->outputs.v[0].name), CONFIG_NAME_MAX);
	config_free(c);
}

Test(config, a_key_without_a_value_is_refused_unless_unset_is_its_default)
{
	assert_errors(TEST_OUTPUT "wait =\n[output b]\ntemplate =\ndest = /e\n",
		"4: [output web] wait: no value; expected MIN or MIN:MAX, durations such as 500ms, "
		"10s "
		"or 1m30s (whole milliseconds), from 0s to 1h\n"
		"6: [output b] template: no value; expected a file\n");
	config_free(load_good(TEST_OUTPUT "check =\nreload =\nmode =\ncontainer_filter =\n"));
}

Test(config, values_of_the_wrong_type_are_refused_with_what_was_expected)
{
	assert_errors("[engine]\nmax_connections = many\n" TEST_OUTPUT
		      "mode = rw\nonly_exposed = maybe\nmin_interval = 1\ncontainer_filter = x\n",
		"2: [engine] max_connections: \"many\" is not a whole number; expected a whole "
		"number, "
		"from 1 to 64\n"
		"6: [output web] mode: \"rw\" is no file mode; expected an octal file mode such as "
		"0644, "
		"at most 0777\n"
		"7: [output web] only_exposed: \"maybe\" is neither yes nor no; expected yes or "
		"no\n"
		"8: [output web] min_interval: \"1\" is no duration; expected a duration such as "
		"500ms, "
		"10s or 1m30s (whole milliseconds), from 0s to 1h\n"
		"9: [output web] container_filter: \"x\" is no filter; expected KEY=VALUE\n");
}

Test(config, modes_beyond_permissions_are_refused)
{
	const char *bad[] = {
		"1777", "4755", "77", "6", "0o644", "888", "00000000000000000644", "-644"};
	char text[128];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(text, sizeof(text), TEST_OUTPUT "mode = %s\n", bad[i]);
		if (strcmp(bad[i], "00000000000000000644") == 0)
			config_free(load_good(text));
		else
			assert_error_in(text, "is no file mode");
	}
}

Test(config, endpoints_with_white_space_are_refused)
{
	assert_errors("[engine]\nendpoint = tcp://a b\n" TEST_OUTPUT,
		"2: [engine] endpoint: \"tcp://a b\" is no endpoint: white space; expected "
		"unix:///PATH, tcp://HOST:PORT, tls://HOST:PORT, ssh://HOST or auto\n");
}

Test(config, a_wait_whose_max_is_below_its_min_is_refused)
{
	assert_error_in(TEST_OUTPUT "wait = 2s:1s\n", "\"2s:1s\" is a MAX below its MIN");
	assert_error_in(TEST_OUTPUT "wait = 2s:\n", "\"2s:\" is no duration");
	assert_error_in(TEST_OUTPUT "wait = :1s\n", "\":1s\" is no duration");
	assert_error_in(TEST_OUTPUT "wait = 1s:2s:3s\n", "\"1s:2s:3s\" is no duration");
}

Test(config, paths_that_name_directories_are_refused)
{
	const char *bad[] = {"/", ".", "..", "a/", "a/.", "/a/.."};
	char text[128];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(text, sizeof(text), "[output a]\ntemplate = /t\ndest = %s\n", bad[i]);
		assert_error_in(text, "is a directory; expected a file");
	}
}

Test(config, two_outputs_on_one_file_are_refused)
{
	assert_errors(
		"[output a]\ntemplate = t\ndest = /conf/x\n[output b]\ntemplate = t\ndest = ./x\n",
		"4: [output b] dest: /conf/x is the dest of [output a] already\n");
}

Test(config, an_output_over_its_own_template_is_refused)
{
	assert_errors("[output a]\ntemplate = t\ntemplate = u\ndest = u\n",
		"1: [output a] dest: /conf/u is its template, which would be overwritten\n");
}

Test(config, a_hostile_value_stays_in_its_message)
{
	assert_errors("[output %s%n]\n[upstreamd]\nlog_level = %s%n\n",
		"1: [output %s%n]: a name that is not usable; expected at most 32 letters, digits, "
		"'-', '_', '.'\n"
		"3: [upstreamd] log_level: \"%s%n\" is not known; expected one of error, warn, "
		"info, "
		"debug\n");
}

/* --- every limit of a key is in force --------------------------------------------------------- */

/* Writes a section that has only key = value (and what an output needs) to text. */
static void one_key(const struct key *key, const char *value, char *text, size_t size)
{
	const char *word = section_info(key->section)->word;

	if (key->section == SECTION_OUTPUT)
		snprintf(text, size, TEST_OUTPUT "%s = %s\n", key->name, value);
	else
		snprintf(text, size, "[%s]\n%s = %s\n" TEST_OUTPUT, word, key->name, value);
}

Test(config, limits_of_every_key_are_inclusive_and_in_force)
{
	size_t limited = 0;

	for (size_t i = 0; i < config_keys_n; i++) {
		const struct key *key = &config_keys[i];
		int64_t step =
			strcmp(key->type->expected ? key->type->expected : "", "a whole number")
				? NS_PER_MS
				: 1;
		const int64_t good[] = {key->min, key->max};
		const int64_t bad[] = {key->min - step, key->max + step};
		struct buf value;
		char text[256];

		if (key->max == 0)
			continue;
		limited++;
		buf_init(&value, 64);
		for (size_t j = 0; j < 2; j++) {
			buf_clear(&value);
			key->type->add_limit(good[j], &value);
			one_key(key, buf_cstr(&value), text, sizeof(text));
			config_free(load_good(text));
			if (bad[j] < 0)
				continue;
			buf_clear(&value);
			key->type->add_limit(bad[j], &value);
			one_key(key, buf_cstr(&value), text, sizeof(text));
			assert_error_in(text, "is out of range");
		}
		buf_release(&value);
	}
	cr_assert_gt(limited, 5);
}

/* --- limits ------------------------------------------------------------------------------------
 */

/* head and then line n times with its number. Owned by the caller. */
static char *repeat(const char *head, const char *line, size_t n)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, head);
	for (size_t i = 0; i < n; i++)
		buf_add_fmt(&b, line, i, i);
	return buf_take(&b, NULL);
}

Test(config, lists_are_limited)
{
	char *good = repeat(TEST_OUTPUT, "container_filter = a%zu=b\n", CONFIG_LIST_MAX);
	char *bad = repeat(TEST_OUTPUT, "container_filter = a%zu=b\n", CONFIG_LIST_MAX + 1);
	char *paths = repeat(TEST_OUTPUT, "template = a%zu\n", CONFIG_LIST_MAX);
	char *dirs = repeat(TEST_OUTPUT, "template_files = a%zu\n", CONFIG_LIST_MAX + 1);

	config_free(load_good(good));
	assert_errors(bad, "68: [output web] container_filter: given more than 64 times\n");
	assert_errors(dirs, "68: [output web] template_files: given more than 64 times\n");
	assert_errors(paths, "67: [output web] template: given more than 64 times\n");
	free(good);
	free(bad);
	free(paths);
	free(dirs);
}

Test(config, paths_are_limited_when_they_are_absolute)
{
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;
	char path[PATH_MAX + 8];

	/* The directory and "/ab" have PATH_MAX bytes, "/a" has one less. */
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	strcpy(path + PATH_MAX - 3, "/x.ini");
	cr_assert(config_parse(STR("[output a]\ntemplate = /t\ndest = a\n"),
		&(struct config_input){.path = path}, &config, &errors));
	cr_assert_eq(strlen(config->outputs.v[0].dest), PATH_MAX - 1);
	config_free(config);
	cr_assert(!config_parse(STR("[output a]\ntemplate = /t\ndest = ab\n"),
		&(struct config_input){.path = path}, &config, &errors));
	cr_assert_eq(errors.n, 1);
	cr_assert(strstr(errors.v[0], "the path is longer than 4095 bytes"));
	config_errors_release(&errors);
}

Test(config, outputs_are_limited)
{
	const char *output = "[output o%zu]\ntemplate = /t\ndest = /d%zu\n";
	char *good = repeat("", output, CONFIG_OUTPUTS_MAX);
	char *bad = repeat("", output, CONFIG_OUTPUTS_MAX + 1);

	config_free(load_good(good));
	assert_errors(bad, "769: [output o256]: too many outputs; at most 256 are possible\n");
	free(good);
	free(bad);
}

Test(config, engines_are_limited)
{
	const char *engine = "[engine e%zu]\nendpoint = tcp://h%zu:1\n";
	char *good = repeat(TEST_OUTPUT, engine, CONFIG_ENGINES_MAX);
	char *bad = repeat(TEST_OUTPUT, engine, CONFIG_ENGINES_MAX + 1);

	config_free(load_good(good));
	assert_errors(bad, "36: [engine e16]: too many engines; at most 16 are possible\n");
	free(good);
	free(bad);
}

Test(config, engines_have_an_endpoint_each)
{
	assert_errors("[engine a]\nendpoint = tcp://h:1\n[engine b]\nendpoint = tcp://h:1\n"
		      "[engine c]\n[engine d]\n" TEST_OUTPUT,
		"3: [engine b] endpoint: tcp://h:1 is the endpoint of [engine a] already; "
		"expected one of its own for each engine\n"
		"6: [engine d] endpoint: auto is the endpoint of [engine c] already; "
		"expected one of its own for each engine\n");
}

Test(config, addresses_of_engines_are_checked)
{
	assert_errors("[engine]\naddress = public h\n" TEST_OUTPUT,
		"2: [engine] address: \"public h\" is no address; expected container, or published "
		"HOST\n");
	assert_errors("[engine]\naddress = published\n" TEST_OUTPUT,
		"2: [engine] address: \"\" is no host name; expected container, or published HOST\n");
	assert_errors("[engine]\naddress = published a b\n" TEST_OUTPUT,
		"2: [engine] address: \"a b\" is no host name; expected container, or published "
		"HOST\n");
	assert_errors("[engine]\naddress = published h:80\nhost_address = /x\n" TEST_OUTPUT,
		"2: [engine] address: \"h:80\" is no host name, nor an IPv6 address; expected "
		"container, or published HOST\n"
		"3: [engine] host_address: \"/x\" is no host name; expected a host name or an "
		"address\n");
}

Test(config, host_names_are_limited)
{
	char text[CONFIG_HOST_MAX + 64], name[CONFIG_HOST_MAX + 2];
	struct config *c;

	memset(name, 'h', sizeof(name));
	name[CONFIG_HOST_MAX + 1] = '\0';
	snprintf(text, sizeof(text), "[engine]\ntls_name = %s\n" TEST_OUTPUT, name);
	assert_errors(text, "2: [engine] tls_name: 151 bytes long, at most 150 are possible\n");
	snprintf(text, sizeof(text), "[engine]\ntls_name = %s\n" TEST_OUTPUT, name + 1);
	c = load_good(text);
	cr_assert_eq(strlen(c->engines.v[0].tls_name), CONFIG_HOST_MAX);
	config_free(c);
}

Test(config, an_output_names_engines_that_there_are)
{
	assert_errors("[engine a]\n" TEST_OUTPUT "engine = a\nengine = b\n",
		"2: [output web] engine: there is no section [engine b]\n");
}

Test(config, errors_are_limited_and_the_rest_is_counted)
{
	char *bad = repeat(TEST_OUTPUT, "x%zu = 1\n", CONFIG_ERRORS_MAX + 5);
	char *got = load_bad(bad);
	size_t lines = 0;

	for (const char *p = got; (p = strchr(p, '\n')); p++)
		lines++;
	cr_assert_eq(lines, CONFIG_ERRORS_MAX + 1);
	cr_assert(strstr(got, " 5 more errors\n"));
	free(got);
	free(bad);
}
