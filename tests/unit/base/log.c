/* SPDX-License-Identifier: MIT
 *
 * Lines as the sink gets them. Text lines start with 24 bytes of time, a space and the level.
 */
#include "config.h"

#include "base/log.h"

#include "base/clock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yajl/yajl_tree.h>

#define TIME_LEN 24

static char *last;
static enum log_level last_level;
static int lines;

static void keep(enum log_level level, const char *line)
{
	free(last);
	last = strdup(line);
	last_level = level;
	lines++;
}

static void start(void)
{
	log_set_sink(keep);
	log_set_level(LOG_DEBUG);
	log_set_format(LOG_TEXT);
}

static void stop(void)
{
	log_set_sink(NULL);
	free(last);
	last = NULL;
}

TestSuite(log, .init = start, .fini = stop);

/* The last line is text whose part after the time is expected. */
static void assert_text(const char *expected)
{
	cr_assert_gt(strlen(last), TIME_LEN);
	cr_assert_eq(last[TIME_LEN - 1], 'Z');
	cr_assert_str_eq(last + TIME_LEN, expected);
	cr_assert_null(strpbrk(last, "\n\r\x1b"));
}

/* The string (or number) of a key in the last line, which must be one JSON object. */
static void assert_json(const char *key, const char *expected)
{
	const char *path[] = {key, NULL};
	char message[128];
	yajl_val tree = yajl_tree_parse(last, message, sizeof(message)), v;

	cr_assert(tree, "%s in %s", message, last);
	v = yajl_tree_get(tree, path, yajl_t_any);
	cr_assert(v, "no %s in %s", key, last);
	cr_assert_str_eq(YAJL_IS_STRING(v) ? v->u.string : v->u.number.r, expected);
	yajl_tree_free(tree);
	cr_assert_null(strpbrk(last, "\n\r\x1b"));
}

Test(log, a_text_line_has_time_level_and_message)
{
	log_error("%s: %d", "disk", 5);
	assert_text(" error disk: 5");
	cr_assert_eq(last_level, LOG_ERROR);
	log_warn("w");
	assert_text(" warn  w");
	log_info("i");
	assert_text(" info  i");
	log_debug("d");
	assert_text(" debug d");
}

Test(log, lines_below_the_level_are_not_written)
{
	log_set_level(LOG_WARN);
	log_info("x");
	log_event(LOG_DEBUG, "x", LOG_INT("n", 1));
	cr_assert_eq(lines, 0);
	cr_assert(!log_enabled(LOG_INFO));
	log_warn("x");
	log_error("x");
	cr_assert_eq(lines, 2);
}

Test(log, fields_follow_the_text)
{
	log_event(LOG_INFO, "applied", LOG_STR("output", "web"), LOG_INT("bytes", -5),
		LOG_MS("render", 1234567));
	assert_text(" info  applied output=web bytes=-5 render=1.2ms");
}

Test(log, strings_that_could_be_mistaken_are_quoted)
{
	log_event(LOG_INFO, "m", LOG_STR("a", "x y"), LOG_STR("b", "p=q"), LOG_STR("c", "\""),
		LOG_STR("d", ""), LOG_STR("e", "\\"));
	assert_text(" info  m a=\"x y\" b=\"p=q\" c=\"\\\"\" d=\"\" e=\\");
}

Test(log, hostile_text_stays_one_line)
{
	log_warn("%s", "a\nb\r\x1b[31m\x7f\xc2\x9b\xff\t\xc3\xa4");
	assert_text(" warn  a\\nb\\x0d\\x1b[31m\\x7f\\x9b\xef\xbf\xbd\\x09\xc3\xa4");
}

Test(log, hostile_fields_stay_fields)
{
	log_event(LOG_INFO, "m", LOG_STR("name", "x\nfake=1 \x1b"));
	assert_text(" info  m name=\"x\\nfake=1 \\u001b\"");
}

Test(log, a_json_line_is_an_object_with_all_fields)
{
	log_set_format(LOG_JSON);
	log_event(LOG_WARN, "applied", LOG_STR("output", "web"), LOG_INT("bytes", 1 << 20),
		LOG_MS("render", 1234567));
	assert_json("level", "warn");
	assert_json("msg", "applied");
	assert_json("output", "web");
	assert_json("bytes", "1048576");
	assert_json("render", "1.235");
}

Test(log, hostile_strings_survive_json)
{
	log_set_format(LOG_JSON);
	log_event(LOG_INFO, "a\"b\\c\n\x1b", LOG_STR("s", "\",\"level\":\"x\xff\x7f"));
	assert_json("level", "info");
	assert_json("msg", "a\"b\\c\n\x1b");
	assert_json("s", "\",\"level\":\"x\xef\xbf\xbd\x7f");
}

/* n bytes of c. */
static char *many(char c, size_t n)
{
	char *s = malloc(n + 1);

	memset(s, c, n);
	s[n] = '\0';
	return s;
}

Test(log, a_huge_string_is_cut_and_the_line_stays_whole)
{
	char *x = many('x', 1 << 20), *quotes = many('"', 1 << 20);

	log_set_format(LOG_JSON);
	log_event(LOG_INFO, x, LOG_STR("quotes", quotes), LOG_STR("after", "y"));
	assert_json("after", "y");
	cr_assert_lt(strlen(last), 32768);
	cr_assert(strstr(last, "xxx...\""));
	free(x);
	free(quotes);
}

Test(log, a_string_just_short_enough_is_whole)
{
	char *x = many('x', 8192);

	log_info("%s", x);
	cr_assert_null(strstr(last, "..."));
	cr_assert(strstr(last, x));
	free(x);
}

/* What the body of a child process writes to its standard error. */
static void read_stderr(void (*body)(void), char *out, size_t size)
{
	int fds[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	cr_assert_eq(pipe(fds), 0);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		log_set_sink(NULL);
		body();
		_exit(0);
	}
	close(fds[1]);
	while (n < size - 1 && (got = read(fds[0], out + n, size - 1 - n)) > 0)
		n += (size_t)got;
	out[n] = '\0';
	close(fds[0]);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
}

static void log_two_lines(void)
{
	unsetenv("JOURNAL_STREAM");
	log_info("one");
	log_event(LOG_INFO, "two", LOG_INT("n", 2));
}

Test(log, without_a_sink_lines_go_to_stderr)
{
	char text[256];

	read_stderr(log_two_lines, text, sizeof(text));
	cr_assert_str_eq(strchr(text, '\n') + 1 + TIME_LEN, " info  two n=2\n");
	cr_assert_eq(strncmp(text + TIME_LEN, " info  one\n", 11), 0);
}

static void log_to_journal(void)
{
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_error("bad");
	log_debug("fine");
}

Test(log, the_journal_gets_priorities_and_no_time)
{
	char text[256];

	read_stderr(log_to_journal, text, sizeof(text));
	cr_assert_str_eq(text, "<3>bad\n<7>fine\n");
}
