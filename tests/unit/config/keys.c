/* SPDX-License-Identifier: MIT
 *
 * The table of keys itself.
 */
#include "config.h"

#include "config/keys.h"

#include "config/config.h"

#include <criterion/criterion.h>
#include <stdio.h>

union any_section {
	struct config global;
	struct config_engine engine;
	struct config_output output;
};

Test(keys, every_default_is_printed_as_it_is_written)
{
	const struct key_place place = {.dir = "/conf", .line = 1};

	for (size_t i = 0; i < config_keys_n; i++) {
		const struct key *key = &config_keys[i];
		union any_section base;
		struct error err = ERROR_INIT;
		struct buf out, expected;

		if (!key->fallback || !*key->fallback)
			continue;
		memset(&base, 0, sizeof(base));
		buf_init(&out, SIZE_MAX);
		buf_init(&expected, SIZE_MAX);
		cr_assert(key_parse(key, str_from(key->fallback), &place, &base, &err), "%s: %s",
			key->name, error_text(&err));
		key_print(key, &base, "/conf", &out);
		buf_add_fmt(&expected, "%s = %s\n", key->name, key->fallback);
		cr_assert_str_eq(buf_cstr(&out), buf_cstr(&expected));
		keys_release(key->section, &base);
		buf_release(&out);
		buf_release(&expected);
	}
}

Test(keys, every_key_has_a_help_and_says_what_it_expects)
{
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct key *key = &config_keys[i];
		struct error err = ERROR_INIT;

		cr_assert_gt(strlen(key->help), 10, "%s", key->name);
		cr_assert(!key_expected(key, &err));
		cr_assert(str_has_prefix(str_from(error_text(&err)), STR("; expected ")));
		cr_assert_eq(key->max != 0, key->type->add_limit != NULL, "%s", key->name);
		error_clear(&err);
	}
}

Test(keys, no_key_is_in_two_places)
{
	for (size_t i = 0; i < config_keys_n; i++)
		for (size_t j = 0; j < i; j++)
			cr_assert_str_neq(config_keys[i].name, config_keys[j].name);
}

Test(keys, a_guess_needs_more_than_half_of_the_letters)
{
	cr_assert_str_eq(key_suggest(SECTION_OUTPUT, STR("desti"))->name, "dest");
	cr_assert_null(key_suggest(SECTION_OUTPUT, STR("d")));
	cr_assert_null(key_suggest(SECTION_OUTPUT, STR("")));
	cr_assert_null(key_suggest(SECTION_GLOBAL, STR("dest")));
	cr_assert_str_eq(section_suggest(STR("outputs"))->word, "output");
	cr_assert_null(section_suggest(STR("x")));
}

Test(keys, a_global_value_is_set_alone)
{
	struct config globals = {.log_level = LOG_DEBUG};
	struct error err = ERROR_INIT;

	cr_assert(config_set_global(&globals, "log_format", "json", &err));
	cr_assert_eq(globals.log_format, LOG_JSON);
	cr_assert_eq(globals.log_level, LOG_DEBUG);
	cr_assert(!config_set_global(&globals, "log_format", "xml", &err));
	cr_assert_str_eq(error_text(&err), "\"xml\" is not known; expected one of text, json");
	error_clear(&err);
}
