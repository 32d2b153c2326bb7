/* SPDX-License-Identifier: MIT
 *
 * String and character literals, see quote.h.
 */
#include "config.h"

#include "template/format/quote.h"

#include "base/utf8.h"
#include "template/format/unicode.h"

#define BYTE_ORDER_MARK 0xFEFFu

/* One-letter escapes: the letter stands for the byte at the same place. */
static const char escape_letters[] = "abfnrtv";
static const char escape_bytes[] = "\a\b\f\n\r\t\v";

static void add_hex(struct buf *out, const char *prefix, uint32_t u, unsigned digits)
{
	buf_add_cstr(out, prefix);
	while (digits-- > 0)
		buf_add_char(out, "0123456789abcdef"[u >> digits * 4 & 15]);
}

static bool stays(uint32_t rune, enum quote_style style)
{
	switch (style) {
	case QUOTE_ASCII:
		return rune < 0x80 && rune_is_print(rune);
	case QUOTE_GRAPHIC:
		return rune_is_graphic(rune);
	case QUOTE_PRINT:
		break;
	}
	return rune_is_print(rune);
}

/* Appends a valid rune, escaped if it has to be. */
static void add_escaped(struct buf *out, uint32_t rune, char quote, enum quote_style style)
{
	const char *letter = rune && rune < 0x20 ? strchr(escape_bytes, (int)rune) : NULL;

	if (rune == (unsigned char)quote || rune == '\\') {
		buf_add_char(out, '\\');
		buf_add_char(out, (char)rune);
	} else if (stays(rune, style)) {
		buf_add_rune(out, rune);
	} else if (letter) {
		buf_add_char(out, '\\');
		buf_add_char(out, escape_letters[letter - escape_bytes]);
	} else if (rune < ' ' || rune == 0x7f) {
		add_hex(out, "\\x", rune, 2);
	} else if (rune < 0x10000) {
		add_hex(out, "\\u", rune, 4);
	} else {
		add_hex(out, "\\U", rune, 8);
	}
}

void quote_add(struct buf *out, struct str s, enum quote_style style)
{
	buf_add_char(out, '"');
	while (s.len && !out->full) {
		size_t width;
		uint32_t rune = utf8_decode(s, &width);

		if (rune == RUNE_ERROR && width == 1)
			add_hex(out, "\\x", (unsigned char)s.p[0], 2);
		else
			add_escaped(out, rune, '"', style);
		s = str_n(s.p + width, s.len - width);
	}
	buf_add_char(out, '"');
}

void quote_add_rune(struct buf *out, uint32_t rune, enum quote_style style)
{
	buf_add_char(out, '\'');
	add_escaped(out, utf8_valid_rune(rune) ? rune : RUNE_ERROR, '\'', style);
	buf_add_char(out, '\'');
}

bool quote_can_backquote(struct str s)
{
	while (s.len) {
		size_t width;
		uint32_t rune = utf8_decode(s, &width);

		if (width == 1 && (rune == RUNE_ERROR || rune == '`' || rune == 0x7f))
			return false;
		if (rune == BYTE_ORDER_MARK || (rune < ' ' && rune != '\t'))
			return false;
		s = str_n(s.p + width, s.len - width);
	}
	return true;
}

static unsigned hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* Reads n digits of a base (8 or 16) at p. */
static bool read_digits(const char *p, size_t n, unsigned base, uint32_t *ret)
{
	uint32_t u = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned digit = hex_value(p[i]);

		if (digit >= base)
			return false;
		u = u * base + digit;
	}
	*ret = u;
	return true;
}

/* An escape with the number of a byte or a character, as undo_escape. */
static bool undo_number(struct str s, char c, uint32_t *rune, bool *multibyte, size_t *len)
{
	size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;

	if (c >= '0' && c <= '7') {
		*len = 4;
		return s.len >= *len && read_digits(s.p + 1, 3, 8, rune) && *rune <= 0xff;
	}
	*len = 2 + digits;
	*multibyte = c != 'x';
	return s.len >= *len && read_digits(s.p + 2, digits, 16, rune) &&
	       (c == 'x' || utf8_valid_rune(*rune));
}

/* The escape at the front of s; *len is its length with the backslash. */
static bool undo_escape(struct str s, char quote, uint32_t *rune, bool *multibyte, size_t *len)
{
	char c = s.len > 1 ? s.p[1] : '\0';
	const char *letter = c ? strchr(escape_letters, c) : NULL;

	*multibyte = false;
	*len = 2;
	if (letter) {
		*rune = (unsigned char)escape_bytes[letter - escape_letters];
		return true;
	}
	if (c == '\\' || ((c == '\'' || c == '"') && c == quote)) {
		*rune = (unsigned char)c;
		return true;
	}
	if (c && strchr("xuU01234567", c))
		return undo_number(s, c, rune, multibyte, len);
	return false;
}

bool quote_undo_char(struct str *s, char quote, uint32_t *rune, bool *multibyte)
{
	size_t len = 1;

	if (s->len == 0 || (s->p[0] == quote && (quote == '\'' || quote == '"')))
		return false;
	if (s->p[0] == '\\') {
		if (!undo_escape(*s, quote, rune, multibyte, &len))
			return false;
	} else {
		*rune = utf8_decode(*s, &len);
		*multibyte = (unsigned char)s->p[0] >= 0x80;
	}
	*s = str_sub(*s, len, s->len);
	return true;
}

/* The inside of a backquoted literal: carriage returns do not count. */
static bool undo_raw(struct buf *out, struct str s)
{
	if (str_chr(s, '`') >= 0)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '\r')
			buf_add_char(out, s.p[i]);
	return true;
}

/* The inside of a literal in double or single quotes. */
static bool undo_interpreted(struct buf *out, struct str s, char quote)
{
	size_t start = out->len, n = 0;

	for (; s.len; n++) {
		uint32_t rune;
		bool multibyte;

		if (s.p[0] == '\n' || !quote_undo_char(&s, quote, &rune, &multibyte)) {
			out->len = start;
			return false;
		}
		if (multibyte)
			buf_add_rune(out, rune);
		else
			buf_add_char(out, (char)rune);
	}
	/* Go takes '' for the empty string. */
	if (quote == '\'' && n > 1) {
		out->len = start;
		return false;
	}
	return true;
}

bool quote_undo(struct buf *out, struct str s)
{
	struct str inner;

	if (s.len < 2 || s.p[0] != s.p[s.len - 1])
		return false;
	inner = str_sub(s, 1, s.len - 1);
	switch (s.p[0]) {
	case '`':
		return undo_raw(out, inner);
	case '"':
	case '\'':
		return undo_interpreted(out, inner, s.p[0]);
	default:
		return false;
	}
}
