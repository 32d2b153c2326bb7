/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/argv.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* The words of line joined by "|", or "error: …". Owned by the caller. */
static char *split(const char *line)
{
	struct error err = ERROR_INIT;
	struct buf out;
	char **argv;

	buf_init(&out, SIZE_MAX);
	if (!argv_split(line, &argv, &err)) {
		buf_add_fmt(&out, "error: %s", error_text(&err));
		error_clear(&err);
		return buf_take(&out, NULL);
	}
	for (char **a = argv; *a; a++)
		buf_add_fmt(&out, "%s%s", a == argv ? "" : "|", *a);
	argv_free(argv);
	return buf_take(&out, NULL);
}

#define assert_splits(line, want)                                                                  \
	do {                                                                                       \
		char *got_ = split(line);                                                          \
		cr_assert_str_eq(got_, want, "%s: %s", line, got_);                                \
		free(got_);                                                                        \
	} while (0)

Test(argv, words_are_separated_by_white_space)
{
	assert_splits("nginx -s reload", "nginx|-s|reload");
	assert_splits("  a\t b\n", "a|b");
}

Test(argv, quotes_join_and_escape_as_in_a_shell)
{
	assert_splits("a 'b c' \"d e\"", "a|b c|d e");
	assert_splits("a'b'\"c\"d", "abcd");
	assert_splits("'a\\b' \"a\\b\" \"\\\"\\$\\`\\\\\"", "a\\b|a\\b|\"$`\\");
	assert_splits("a\\ b \\'", "a b|'");
	assert_splits("'' x \"\"", "|x|");
}

Test(argv, what_cannot_be_split_is_an_error)
{
	assert_splits("", "error: the command is empty");
	assert_splits(" \t", "error: the command is empty");
	assert_splits("a 'b", "error: a quote is opened but not closed: 'b");
	assert_splits("a \"b\\\"", "error: a quote is opened but not closed: \"b\\\"");
	assert_splits("a \\", "error: a backslash at the end escapes nothing");
}

Test(argv, words_are_limited)
{
	char line[2 * ARGV_WORDS_MAX + 3];

	for (size_t i = 0; i <= ARGV_WORDS_MAX; i++)
		memcpy(line + 2 * i, "x ", 2);
	line[2 * ARGV_WORDS_MAX + 2] = '\0';
	assert_splits(line, "error: a command of more than 256 words");
	line[2 * ARGV_WORDS_MAX] = '\0';
	char *got = split(line);
	cr_assert_eq(strlen(got), 2 * ARGV_WORDS_MAX - 1);
	free(got);
}

Test(argv, length_is_limited)
{
	char *line = malloc(ARGV_LINE_MAX + 2);

	memset(line, 'x', ARGV_LINE_MAX + 1);
	line[ARGV_LINE_MAX + 1] = '\0';
	assert_splits(line, "error: a command of more than 65536 bytes");
	line[ARGV_LINE_MAX] = '\0';
	assert_splits(line, line);
	free(line);
}

Test(argv, a_plain_command_needs_no_shell)
{
	cr_assert(!argv_needs_shell("haproxy -c -f {candidate}"));
	cr_assert(!argv_needs_shell("echo 'a | b' \"x ; y\" \\& --opt=1"));
	cr_assert(!argv_needs_shell("echo \"\\$HOME\""));
	cr_assert(!argv_needs_shell("echo 'not closed | "));
}

Test(argv, what_only_a_shell_understands_needs_one)
{
	static const char *const lines[] = {"a | b", "a && b", "a; b", "a > b", "kill $(cat pid)",
		"echo $HOME", "echo \"$HOME\"", "echo \"`id`\"", "ls *.conf", "X=1 env", "a\nb"};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		cr_assert(argv_needs_shell(lines[i]), "%s", lines[i]);
}

Test(argv, a_quoted_word_comes_back_whole)
{
	static const char *const words[] = {"/etc/a.conf", "a b", "it's", "", "$x `y` \"z\"", "*"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		char *quoted = argv_quote(words[i]), **argv;

		cr_assert(!argv_needs_shell(quoted), "%s", quoted);
		cr_assert(argv_split(quoted, &argv, NULL));
		cr_assert_str_eq(argv[0], words[i]);
		cr_assert_null(argv[1]);
		argv_free(argv);
		free(quoted);
	}
}

Test(argv, a_safe_word_is_not_quoted)
{
	char *quoted = argv_quote("/etc/nginx/conf.d/web.conf");

	cr_assert_str_eq(quoted, "/etc/nginx/conf.d/web.conf");
	free(quoted);
}
