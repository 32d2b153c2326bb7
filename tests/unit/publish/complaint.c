/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "proxy/complaint.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void line_is(const char *output, const char *want)
{
	char *line = complaint_line(str_from(output));

	if (want)
		cr_assert_str_eq(line, want);
	else
		cr_assert_null(line);
	free(line);
}

Test(complaint, the_marked_line_is_the_one)
{
	line_is("nginx: [warn] conflicting server name\n"
		"nginx: [emerg] unknown directive \"foo\" in /etc/nginx/conf.d/a.conf:3\n"
		"nginx: configuration file /etc/nginx/nginx.conf test failed\n",
		"nginx: [emerg] unknown directive \"foo\" in /etc/nginx/conf.d/a.conf:3");
	line_is("[NOTICE]   (12) : haproxy version is 2.6.12-1\n"
		"[ALERT]    (12) : config : parsing [/a.cfg:7] : unknown keyword 'x'\n"
		"[ALERT]    (12) : config : Error(s) found in configuration file : /a.cfg\n",
		"[ALERT] config : parsing [/a.cfg:7] : unknown keyword 'x'");
}

Test(complaint, the_same_complaint_is_the_same_text_at_another_time)
{
	line_is("2026/11/20 18:15:47 [emerg] 77#77: unknown directive \"x\" in /a:3\n",
		"[emerg] unknown directive \"x\" in /a:3");
	line_is("[emerg] 1: no pid\n", "[emerg] 1: no pid");
	line_is("2026/11/20 [emerg] odd\n", "2026/11/20 [emerg] odd");
	line_is("[ALERT] (12 : odd\n", "[ALERT] (12 : odd");
	line_is("[emerg]\n", "[emerg]");
}

Test(complaint, a_mark_beats_a_word_that_comes_first)
{
	line_is("error_log is relative\n[emerg] real\n", "[emerg] real");
}

Test(complaint, a_word_beats_chatter)
{
	line_is("checking a\nFATAL: b is wrong\nbye\n", "FATAL: b is wrong");
}

Test(complaint, without_any_of_them_the_last_line_counts)
{
	line_is("usage: x\n  try again \n\n", "try again");
}

Test(complaint, silence_has_no_line)
{
	line_is("", NULL);
	line_is(" \n\n", NULL);
}

Test(complaint, a_line_is_cut)
{
	char text[COMPLAINT_LINE_MAX + 100];
	char *line;

	memset(text, 'x', sizeof(text));
	line = complaint_line(str_n(text, sizeof(text)));
	cr_assert_eq(strlen(line), COMPLAINT_LINE_MAX);
	free(line);
}

Test(complaint, every_name_is_replaced)
{
	char *text = complaint_rename(STR("/d/.a.tmp:1, /d/.a.tmp:2"), "/d/.a.tmp", "/d/a");

	cr_assert_str_eq(text, "/d/a:1, /d/a:2");
	free(text);
	text = complaint_rename(STR("same"), "", "x");
	cr_assert_str_eq(text, "same");
	free(text);
}
