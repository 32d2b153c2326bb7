/* SPDX-License-Identifier: MIT
 *
 * Escapers, see escape.h. Each walks its input once and copies what needs no escape in one piece.
 */
#include "config.h"

#include "template/format/escape.h"

#include "base/utf8.h"
#include "template/format/unicode.h"

struct replacement {
	char c;
	const char *text;
};

static const char *find_replacement(const struct replacement *table, size_t n, char c)
{
	for (size_t i = 0; i < n; i++)
		if (table[i].c == c)
			return table[i].text;
	return NULL;
}

void escape_html(struct buf *out, struct str s)
{
	static const struct replacement table[] = {
		{'\0', "\xef\xbf\xbd"},
		{'"', "&#34;"},
		{'\'', "&#39;"},
		{'&', "&amp;"},
		{'<', "&lt;"},
		{'>', "&gt;"},
	};
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char *text = find_replacement(table, ARRAY_LEN(table), s.p[i]);

		if (!text)
			continue;
		buf_add_str(out, str_sub(s, from, i));
		buf_add_cstr(out, text);
		from = i + 1;
	}
	buf_add_str(out, str_sub(s, from, s.len));
}

/* One ASCII character of a JavaScript string. */
static void escape_js_ascii(struct buf *out, char c)
{
	static const struct replacement table[] = {
		{'\\', "\\\\"},
		{'\'', "\\'"},
		{'"', "\\\""},
		{'<', "\\u003C"},
		{'>', "\\u003E"},
		{'&', "\\u0026"},
		{'=', "\\u003D"},
	};
	const char *text = find_replacement(table, ARRAY_LEN(table), c);

	if (text)
		buf_add_cstr(out, text);
	else if ((unsigned char)c < ' ')
		buf_add_fmt(out, "\\u00%02X", (unsigned)c);
	else
		buf_add_char(out, c);
}

void escape_js(struct buf *out, struct str s)
{
	while (s.len && !out->full) {
		size_t width;
		uint32_t rune = utf8_decode(s, &width);

		if (rune < 0x80)
			escape_js_ascii(out, s.p[0]);
		else if (rune_is_print(rune))
			/* Bytes that are not UTF-8 count as U+FFFD, which prints, and stay. */
			buf_add(out, s.p, width);
		else
			buf_add_fmt(out, "\\u%04X", (unsigned)rune);
		s = str_n(s.p + width, s.len - width);
	}
}

static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Percent-encodes what is neither alphanumeric nor in safe. */
static void escape_url(struct buf *out, struct str s, const char *safe, bool plus)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_alphanumeric(s.p[i]) || (c && strchr(safe, c))) {
			buf_add_char(out, s.p[i]);
		} else if (plus && c == ' ') {
			buf_add_char(out, '+');
		} else {
			char text[3] = {
				'%', "0123456789ABCDEF"[c >> 4], "0123456789ABCDEF"[c & 15]};

			buf_add(out, text, sizeof(text));
		}
	}
}

void escape_query(struct buf *out, struct str s)
{
	escape_url(out, s, "-_.~", true);
}

void escape_path(struct buf *out, struct str s)
{
	escape_url(out, s, "-_.~$&+:=@", false);
}
