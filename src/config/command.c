/* SPDX-License-Identifier: MIT
 *
 * Splitting commands into words, see command.h. The quoting rules are those of POSIX's shell
 * (XCU 2.2): in '…' everything is literal; in "…" a backslash escapes $ ` " \ and is itself
 * elsewhere; outside of quotes it escapes any byte.
 */
#include "config.h"

#include "config/command.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/vec.h"

#include <ctype.h>
#include <stdlib.h>

#define COMMAND_SHELL "/bin/sh"
/* What a shell acts on outside of quotes, and inside of double quotes. */
#define SHELL_SPECIAL	     "|&;<>()$`*?["
#define SHELL_SPECIAL_QUOTED "$`"

struct splitter {
	struct str rest;
	struct buf word;
	struct config_command *command;
	size_t cap;
	struct error *err;
};

static bool needs_shell(struct splitter *s, struct str what)
{
	return error_set(s->err,
		"'%.*s' means something to a shell only; quote it, or begin the value with "
		"\"sh:\" to have %s run it",
		STR_ARG(what), COMMAND_SHELL);
}

static char take(struct splitter *s)
{
	char c = s->rest.p[0];

	s->rest = str_sub(s->rest, 1, s->rest.len);
	return c;
}

/* single: "'" anything but "'" … "'"; the first quote is taken. */
static bool split_single(struct splitter *s)
{
	ssize_t end = str_chr(s->rest, '\'');

	if (end < 0)
		return error_set(s->err, "a ' without its closing '");
	buf_add(&s->word, s->rest.p, (size_t)end);
	s->rest = str_sub(s->rest, (size_t)end + 1, s->rest.len);
	return true;
}

/* double: '"' … '"'; the first quote is taken. */
static bool split_double(struct splitter *s)
{
	while (s->rest.len) {
		char c = take(s);

		if (c == '"')
			return true;
		if (strchr(SHELL_SPECIAL_QUOTED, c))
			return needs_shell(s, str_n(&c, 1));
		if (c == '\\' && s->rest.len && strchr("$`\"\\", s->rest.p[0]))
			c = take(s);
		buf_add_char(&s->word, c);
	}
	return error_set(s->err, "a \" without its closing \"");
}

/* One byte outside of quotes, or a quoted part. */
static bool split_part(struct splitter *s, bool first)
{
	char c = take(s);

	if (c == '\'')
		return split_single(s);
	if (c == '"')
		return split_double(s);
	if (strchr(SHELL_SPECIAL, c) || (first && (c == '~' || c == '#')))
		return needs_shell(s, str_n(&c, 1));
	if (c == '\\') {
		if (s->rest.len == 0)
			return error_set(s->err, "a backslash at the end");
		c = take(s);
	}
	buf_add_char(&s->word, c);
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void add_word(struct splitter *s, char *word)
{
	struct config_command *c = s->command;

	if (c->argc + 1 >= s->cap) {
		s->cap = grow_capacity(s->cap, c->argc + 2, 8);
		c->argv = xreallocarray(c->argv, s->cap, sizeof(*c->argv));
	}
	c->argv[c->argc++] = word;
	c->argv[c->argc] = NULL;
}

/* NAME=… in front of a command, a shell's way to set an environment variable */
static bool is_assignment(struct str word)
{
	size_t n = 0;

	while (n < word.len && (isalnum((unsigned char)word.p[n]) || word.p[n] == '_'))
		n++;
	return n > 0 && n < word.len && word.p[n] == '=';
}

/* word: part … up to white space or the end */
static bool split_word(struct splitter *s)
{
	struct str from = s->rest;

	for (bool first = true; s->rest.len && !is_blank(s->rest.p[0]); first = false)
		if (!split_part(s, first))
			return false;
	if (s->command->argc == CONFIG_ARGV_MAX)
		return error_set(s->err, "more than %d words", CONFIG_ARGV_MAX);
	from = str_sub(from, 0, from.len - s->rest.len);
	if (s->command->argc == 0 && is_assignment(from))
		return needs_shell(s, from);
	add_word(s, buf_take(&s->word, NULL));
	return true;
}

static bool split_words(struct splitter *s)
{
	for (;;) {
		while (s->rest.len && is_blank(s->rest.p[0]))
			take(s);
		if (s->rest.len == 0)
			return true;
		if (!split_word(s))
			return false;
	}
}

static bool parse_shell(struct splitter *s)
{
	struct str script = str_trim(str_sub(s->rest, 3, s->rest.len));

	if (script.len == 0)
		return error_set(s->err, "nothing after \"sh:\"");
	s->command->shell = true;
	add_word(s, xstrdup(COMMAND_SHELL));
	add_word(s, xstrdup("-c"));
	add_word(s, xmemdup0(script.p, script.len));
	return true;
}

bool command_parse(struct str text, struct config_command *ret_command, struct error *err)
{
	struct config_command command = {.text = xmemdup0(text.p, text.len)};
	struct splitter s = {.rest = text, .command = &command, .err = err};
	bool ok;

	buf_init(&s.word, text.len);
	ok = str_has_prefix(text, STR("sh:")) ? parse_shell(&s) : split_words(&s);
	if (ok && command.argc == 0)
		ok = error_set(err, "an empty command");
	if (ok && command.argv[0][0] == '\0')
		ok = error_set(err, "an empty program name");
	buf_release(&s.word);
	if (ok)
		*ret_command = command;
	else
		command_release(&command);
	return ok;
}

void command_release(struct config_command *command)
{
	for (size_t i = 0; i < command->argc; i++)
		free(command->argv[i]);
	free(command->argv);
	free(command->text);
	*command = (struct config_command){.text = NULL};
}
