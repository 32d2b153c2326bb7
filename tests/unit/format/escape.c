/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/format/escape.h"

#include <criterion/criterion.h>

#define OUT_MAX 4096

static void assert_escaped(
	void (*escape)(struct buf *out, struct str s), struct str s, const char *want)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	escape(&out, s);
	cr_assert_str_eq(buf_cstr(&out), want);
	buf_release(&out);
}

Test(escape, html_replaces_markup_and_nul)
{
	assert_escaped(
		escape_html, STR("a<b>&\"'\0z\xff"), "a&lt;b&gt;&amp;&#34;&#39;\xef\xbf\xbdz\xff");
	assert_escaped(escape_html, STR(""), "");
}

Test(escape, js_hides_what_could_end_a_string_or_a_script)
{
	assert_escaped(escape_js, STR("'\"\\<>&=\n\x1f\x7f"),
		"\\'\\\"\\\\\\u003C\\u003E\\u0026\\u003D\\u000A\\u001F\x7f");
	assert_escaped(escape_js, STR("\xc3\xa9\xe2\x80\xa8\xff"), "\xc3\xa9\\u2028\xff");
}

Test(escape, query_and_path_differ_in_space_and_reserved_characters)
{
	assert_escaped(escape_query, STR("a b/c?d=e&f+g-_.~\xc3\xa9"),
		"a+b%2Fc%3Fd%3De%26f%2Bg-_.~%C3%A9");
	assert_escaped(escape_path, STR("a b/c?d=e&f+g:@$;,\0"), "a%20b%2Fc%3Fd=e&f+g:@$%3B%2C%00");
}
