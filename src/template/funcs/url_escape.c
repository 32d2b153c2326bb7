/* SPDX-License-Identifier: MIT
 *
 * Percent escapes, see url_escape.h. Which characters stand for themselves is a table of sets.
 */
#include "config.h"

#include "template/funcs/url_escape.h"

#include "template/format/quote.h"

/* Besides letters and digits. */
static const char *const plain[] = {
	[URL_PATH] = "-_.~$&+,/:;=@",
	[URL_HOST] = "-_.~!$&'()*+,;=:[]<>\"",
	[URL_ZONE] = "-_.~!$&'()*+,;=:[]<>\"",
	[URL_USER] = "-_.~$&+,;=",
	[URL_FRAGMENT] = "-_.~$&+,/:;=?@!()*",
};

static bool must_escape(unsigned char c, enum url_part part)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return false;
	return c == 0 || c >= 0x80 || !strchr(plain[part], c);
}

void url_escape(struct buf *out, struct str s, enum url_part part)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (must_escape(c, part))
			buf_add_fmt(out, "%%%02X", c);
		else
			buf_add_char(out, (char)c);
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool fail_quoted(struct error *err, const char *before, struct str what, const char *after)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, before);
	quote_add(&b, what, QUOTE_PRINT);
	buf_add_cstr(&b, after);
	error_set_str(err, buf_str(&b));
	buf_release(&b);
	return false;
}

/* The byte that the escape at s stands for. A host may only escape what is not ASCII, and the
 * percent sign before a zone; a zone also what it could hold as it is, and spaces. */
static bool read_escape(struct str s, enum url_part part, unsigned char *ret, struct error *err)
{
	struct str escape = str_sub(s, 0, 3);
	bool ok = escape.len == 3 && hex_digit(s.p[1]) >= 0 && hex_digit(s.p[2]) >= 0;
	unsigned char c = 0;

	if (ok) {
		c = (unsigned char)(hex_digit(s.p[1]) << 4 | hex_digit(s.p[2]));
		if (part == URL_HOST)
			ok = c >= 0x80 || c == '%';
		else if (part == URL_ZONE)
			ok = c == '%' || c == ' ' || !must_escape(c, URL_HOST);
	}
	*ret = c;
	return ok || fail_quoted(err, "invalid URL escape ", escape, "");
}

bool url_unescape(
	struct arena *a, struct str s, enum url_part part, struct str *ret, struct error *err)
{
	bool is_host = part == URL_HOST || part == URL_ZONE;
	char *out = arena_alloc(a, s.len);
	size_t n = 0;

	for (size_t i = 0; i < s.len;) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '%') {
			if (!read_escape(str_sub(s, i, s.len), part, &c, err))
				return false;
			i += 3;
		} else {
			if (is_host && c < 0x80 && must_escape(c, part))
				return fail_quoted(err, "invalid character ", str_sub(s, i, i + 1),
					" in host name");
			i++;
		}
		out[n++] = (char)c;
	}
	*ret = str_n(out, n);
	return true;
}
