/* SPDX-License-Identifier: MIT
 *
 * Splitting a command line into words, see argv.h. The rules are those of the shell's quoting
 * (POSIX XCU 2.2), without any expansion.
 */
#include "config.h"

#include "base/argv.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/vec.h"

#include <stdlib.h>

#define BLANKS		 " \t\n"
#define SHELL_CHARACTERS "|&;<>()$`*?[#~!\n"
#define QUOTE_ESCAPES	 "\"\\$`"
#define SAFE_PUNCTUATION "_./-+:@%,="
#define NAME_CHARACTERS	 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

/* '…': everything up to the next quote. p is after the first quote; NULL if it is not closed. */
static const char *take_single(const char *p, struct buf *word)
{
	const char *end = strchr(p, '\'');

	if (!end)
		return NULL;
	buf_add(word, p, (size_t)(end - p));
	return end + 1;
}

/* "…": a backslash escapes only what would be special inside. */
static const char *take_double(const char *p, struct buf *word)
{
	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && is_one_of(p[1], QUOTE_ESCAPES))
			p++;
		buf_add_char(word, *p);
	}
	return *p ? p + 1 : NULL;
}

/* One word from p on into word; the place after it, or NULL with an error. */
static const char *take_word(const char *p, struct buf *word, struct error *err)
{
	while (*p && !is_one_of(*p, BLANKS)) {
		const char *start = p;

		if (*p == '\'' || *p == '"') {
			p = *p == '"' ? take_double(p + 1, word) : take_single(p + 1, word);
			if (!p) {
				error_set(err, "a quote is opened but not closed: %.40s", start);
				return NULL;
			}
			continue;
		}
		if (*p == '\\' && *++p == '\0') {
			error_set(err, "a backslash at the end escapes nothing");
			return NULL;
		}
		buf_add_char(word, *p++);
	}
	return p;
}

bool argv_split(const char *line, char ***ret_argv, struct error *err)
{
	VEC(char *) argv = VEC_INIT;
	struct buf word;
	const char *p = line;

	if (strlen(line) > ARGV_LINE_MAX)
		return error_set(err, "a command of more than %zu bytes", ARGV_LINE_MAX);
	buf_init(&word, ARGV_LINE_MAX + 1);
	while (p && *(p += strspn(p, BLANKS)) != '\0') {
		if (argv.n == ARGV_WORDS_MAX) {
			error_set(err, "a command of more than %zu words", ARGV_WORDS_MAX);
			p = NULL;
			break;
		}
		p = take_word(p, &word, err);
		if (p)
			vec_push(&argv, xstrdup(buf_cstr(&word)));
		buf_clear(&word);
	}
	buf_release(&word);
	if (p && argv.n == 0) {
		error_set(err, "the command is empty");
		p = NULL;
	}
	vec_push(&argv, NULL);
	if (!p) {
		argv_free(argv.v);
		return false;
	}
	*ret_argv = argv.v;
	return true;
}

/* Whether the text between double quotes from p on holds an expansion; *ret_end is after it. */
static bool double_needs_shell(const char *p, const char **ret_end)
{
	bool expands = false;

	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '$' || *p == '`')
			expands = true;
	}
	*ret_end = *p ? p + 1 : p;
	return expands;
}

/* NAME=value in front of a command sets a variable for it. */
static bool starts_with_assignment(const char *line)
{
	size_t name;

	line += strspn(line, BLANKS);
	name = strspn(line, NAME_CHARACTERS);
	return name > 0 && line[name] == '=';
}

bool argv_needs_shell(const char *line)
{
	const char *p = line;

	if (starts_with_assignment(line))
		return true;
	while (*p) {
		if (*p == '\'') {
			p = strchr(p + 1, '\'');
			if (!p)
				return false;
			p++;
		} else if (*p == '"') {
			if (double_needs_shell(p + 1, &p))
				return true;
		} else if (*p == '\\' && p[1]) {
			p += 2;
		} else if (is_one_of(*p++, SHELL_CHARACTERS)) {
			return true;
		}
	}
	return false;
}

char **argv_shell(const char *line)
{
	char **argv = xcalloc(4, sizeof(*argv));

	argv[0] = xstrdup("/bin/sh");
	argv[1] = xstrdup("-c");
	argv[2] = xstrdup(line);
	return argv;
}

char *argv_quote(const char *s)
{
	struct buf b;

	if (*s && strspn(s, NAME_CHARACTERS SAFE_PUNCTUATION) == strlen(s))
		return xstrdup(s);
	buf_init(&b, SIZE_MAX);
	buf_add_char(&b, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			buf_add_cstr(&b, "'\\''");
		else
			buf_add_char(&b, *s);
	}
	buf_add_char(&b, '\'');
	return buf_take(&b, NULL);
}

void argv_free(char **argv)
{
	for (char **a = argv; a && *a; a++)
		free(*a);
	free(argv);
}
