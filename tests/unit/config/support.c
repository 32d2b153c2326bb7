/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "unit/config/support.h"

#include <criterion/criterion.h>

struct config *load_good(const char *text)
{
	struct config_input in = {.path = TEST_PATH};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config = NULL;
	bool ok = config_parse(str_from(text), &in, &config, &errors);

	cr_assert(ok, "%s", errors.n ? errors.v[0] : "no message");
	cr_assert_eq(errors.n, 0);
	return config;
}

char *load_bad(const char *text)
{
	struct config_input in = {.path = TEST_PATH};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config = NULL;
	struct buf out;

	cr_assert(!config_parse(str_from(text), &in, &config, &errors));
	cr_assert_null(config);
	cr_assert_gt(errors.n, 0);
	buf_init(&out, SIZE_MAX);
	for (size_t i = 0; i < errors.n; i++) {
		struct str line = str_from(errors.v[i]);

		cr_assert(str_has_prefix(line, STR(TEST_PATH ":")));
		buf_add_str(&out, str_sub(line, sizeof(TEST_PATH ":") - 1, line.len));
		buf_add_char(&out, '\n');
	}
	config_errors_release(&errors);
	return buf_take(&out, NULL);
}

char *print_text(const char *text)
{
	struct config *config = load_good(text);
	struct buf out;

	buf_init(&out, SIZE_MAX);
	config_print(config, &out);
	config_free(config);
	return buf_take(&out, NULL);
}

void assert_errors(const char *text, const char *expected)
{
	char *got = load_bad(text);

	cr_assert_str_eq(got, expected);
	free(got);
}

void assert_error_in(const char *text, const char *expected)
{
	char *got = load_bad(text);

	cr_assert(strstr(got, expected), "no \"%s\" in \"%s\"", expected, got);
	free(got);
}
