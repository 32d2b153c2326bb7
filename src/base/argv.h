/* SPDX-License-Identifier: MIT
 *
 * A command line as a shell would split it, without the shell: words are separated by white space;
 * '…' is literal, in "…" a backslash escapes " \ $ and `, elsewhere it escapes any character.
 * Nothing is expanded. A line that means more than words to a shell is given to one:
 *
 *	char **argv;
 *	if (argv_needs_shell(line))
 *		argv = argv_shell(line);
 *	else if (!argv_split(line, &argv, err))
 *		return false;
 *	…
 *	argv_free(argv);
 */
#ifndef UD_ARGV_H
#define UD_ARGV_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#define ARGV_WORDS_MAX ((size_t)256)
#define ARGV_LINE_MAX  ((size_t)64 * 1024)

/* The words of line, NULL-terminated. No word, an unclosed quote, a lone backslash at the end and
 * more than the limits are errors. */
bool argv_split(const char *line, char ***ret_argv, struct error *err) MUSTCHECK;
/* Whether line uses, outside quotes, what only a shell understands: | & ; < > ( ) $ ` * ? [ # ~ !,
 * a newline, or NAME=value in front; $ and ` count within "…" too. */
bool argv_needs_shell(const char *line);
/* { "/bin/sh", "-c", line, NULL } */
char **argv_shell(const char *line);
/* s as one word of a shell's line: as it is where that is safe, otherwise in single quotes. Owned
 * by the caller. */
char *argv_quote(const char *s);
void argv_free(char **argv);

#endif
