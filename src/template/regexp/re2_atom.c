/* SPDX-License-Identifier: MIT
 *
 * The atoms of RE2's syntax: runes, escapes, character classes; see re2.c.
 */
#include "config.h"

#include "template/regexp/re2_parser.h"

#include "base/utf8.h"
#include "template/regexp/re2_class.h"

#include <string.h>

static bool push_leaf(struct parser *p)
{
	return re2_push(p, (struct cost){.size = 1, .product = 1, .height = 1});
}

/* --- atoms ----------------------------------------------------------------------- */

static void write_fold(struct parser *p)
{
	if (p->written_fold == p->flags.fold)
		return;
	buf_add_cstr(p->out, p->flags.fold ? "(?i)" : "(?-i)");
	p->written_fold = p->flags.fold;
}

bool re2_add_rune(struct parser *p, uint32_t rune)
{
	write_fold(p);
	if (utf8_valid_rune(rune))
		buf_add_fmt(p->out, "\\x{%x}", rune);
	else
		buf_add_cstr(p->out, "(?:(?!))"); /* a surrogate stands in no text */
	return push_leaf(p);
}

bool re2_add_atom(struct parser *p, const char *pcre, size_t length)
{
	buf_add_cstr(p->out, pcre);
	p->at += length;
	return push_leaf(p);
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

static int hex_value(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)c - '0';
	if (c >= 'a' && c <= 'f')
		return (int)c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return (int)c - 'A' + 10;
	return -1;
}

/* hex = "{" hexdigit { hexdigit } "}" | hexdigit hexdigit */
static bool parse_hex(struct parser *p, size_t from, uint32_t *ret)
{
	uint32_t c, rune = 0;
	int x, y;

	if (p->at == p->expr.len)
		return re2_fail(p, "invalid escape sequence", from, p->at);
	if (!re2_next_rune(p, &c))
		return false;
	if (c == '{') {
		for (size_t digits = 0;; digits++) {
			if (p->at == p->expr.len)
				return re2_fail(p, "invalid escape sequence", from, p->at);
			if (!re2_next_rune(p, &c))
				return false;
			if (c == '}' && digits > 0)
				break;
			if (hex_value(c) < 0)
				return re2_fail(p, "invalid escape sequence", from, p->at);
			rune = rune * 16 + (uint32_t)hex_value(c);
			if (rune > RUNE_MAX)
				return re2_fail(p, "invalid escape sequence", from, p->at);
		}
		*ret = rune;
		return true;
	}
	x = hex_value(c);
	if (p->at == p->expr.len)
		/* An empty rest decodes as an invalid rune of width 0, which is no UTF-8 error. */
		return re2_fail(p, "invalid escape sequence", from, p->at);
	if (!re2_next_rune(p, &c))
		return false;
	y = hex_value(c);
	if (x < 0 || y < 0)
		return re2_fail(p, "invalid escape sequence", from, p->at);
	*ret = (uint32_t)(x * 16 + y);
	return true;
}

static uint32_t parse_octal(struct parser *p, uint32_t first)
{
	uint32_t rune = first - '0';

	for (int i = 1; i < 3 && is_octal(re2_peek(p, 0)); i++)
		rune = rune * 8 + (uint32_t)(p->expr.p[p->at++] - '0');
	return rune;
}

/* escape = "\" ( punctuation | octal | "x" hex | "a" | "f" | "n" | "r" | "t" | "v" ) */
static bool parse_escape(struct parser *p, uint32_t *ret)
{
	static const char letters[] = "afnrtv", runes[] = "\a\f\n\r\t\v";
	size_t from = p->at++;
	const char *letter;
	uint32_t c;

	if (p->at == p->expr.len)
		return re2_fail(p, "trailing backslash at end of expression", p->at, p->at);
	if (!re2_next_rune(p, &c))
		return false;
	if (c == 'x')
		return parse_hex(p, from, ret);
	if (c == '0' || (c >= '1' && c <= '7' && is_octal(re2_peek(p, 0)))) {
		*ret = parse_octal(p, c);
		return true;
	}
	letter = c && c < 0x80 ? strchr(letters, (int)c) : NULL;
	if (letter)
		*ret = (unsigned char)runes[letter - letters];
	else if (c < 0x80 && !re2_is_alnum(c))
		*ret = c;
	else
		return re2_fail(p, "invalid escape sequence", from, p->at);
	return true;
}

/* --- classes ----------------------------------------------------------------------- */

/* \pN, \p{Name}, \P…, \p{^Name}: written as part of a class. */
static bool parse_unicode_class(struct parser *p)
{
	size_t from = p->at, end;
	bool negated = re2_peek(p, 1) == 'P';
	struct str name;
	uint32_t c;

	p->at += 2;
	if (p->at == p->expr.len)
		return re2_fail(p, "invalid character class range", from, p->at);
	if (!re2_next_rune(p, &c))
		return false;
	if (c == '{') {
		ssize_t close = str_chr(re2_rest(p), '}');

		if (close < 0)
			return re2_check_utf8(p, from, p->expr.len) &&
				re2_fail(p, "invalid character class range", from, p->expr.len);
		end = p->at + (size_t)close;
		name = str_sub(p->expr, p->at, end);
		if (!re2_check_utf8(p, p->at, end))
			return false;
		p->at = end + 1;
	} else {
		name = str_sub(p->expr, from + 2, p->at);
	}
	if (name.len && name.p[0] == '^') {
		negated = !negated;
		name = str_sub(name, 1, name.len);
	}
	if (!re2_class_add_unicode(p->out, name, negated))
		return re2_fail(p, "invalid character class range", from, p->at);
	return true;
}

/* A class that stands for itself inside or outside brackets. *ret: there was one. */
static bool parse_class_escape(struct parser *p, bool *ret)
{
	*ret = false;
	if (re2_peek(p, 0) != '\\' || p->at + 1 >= p->expr.len)
		return true;
	if (re2_peek(p, 1) == 'p' || re2_peek(p, 1) == 'P') {
		*ret = true;
		return parse_unicode_class(p);
	}
	if (re2_class_add_named(p->out, str_sub(p->expr, p->at, p->at + 2), p->flags.fold)) {
		*ret = true;
		p->at += 2;
	}
	return true;
}

/* [:name:] within brackets. *ret: there was one. */
static bool parse_posix_class(struct parser *p, bool *ret)
{
	struct str name;
	ssize_t end;

	*ret = false;
	if (re2_peek(p, 0) != '[' || re2_peek(p, 1) != ':' || p->at + 2 >= p->expr.len)
		return true;
	end = str_find(str_sub(p->expr, p->at + 2, p->expr.len), STR(":]"));
	if (end < 0)
		return true;
	name = str_sub(p->expr, p->at, p->at + (size_t)end + 4);
	if (!re2_class_add_named(p->out, name, p->flags.fold))
		return re2_fail(p, "invalid character class range", p->at, p->at + name.len);
	p->at += name.len;
	*ret = true;
	return true;
}

static bool parse_class_rune(struct parser *p, size_t class_from, uint32_t *ret)
{
	if (p->at == p->expr.len)
		return re2_fail(p, "missing closing ]", class_from, p->expr.len);
	if (re2_peek(p, 0) == '\\')
		return parse_escape(p, ret);
	return re2_next_rune(p, ret);
}

/* range = rune [ "-" rune ] */
static bool parse_class_range(struct parser *p, size_t class_from)
{
	size_t from = p->at;
	uint32_t lo, hi;

	if (!parse_class_rune(p, class_from, &lo))
		return false;
	hi = lo;
	if (re2_peek(p, 0) == '-' && p->at + 1 < p->expr.len && re2_peek(p, 1) != ']') {
		p->at++;
		if (!parse_class_rune(p, class_from, &hi))
			return false;
		if (hi < lo)
			return re2_fail(p, "invalid character class range", from, p->at);
	}
	re2_class_add_range(p->out, lo, hi);
	return true;
}

/* class = "[" [ "^" ] { range | posix class | class escape } "]" */
bool re2_atom_class(struct parser *p)
{
	size_t from = p->at++, items;
	bool negated = re2_peek(p, 0) == '^', done;

	write_fold(p);
	buf_add_cstr(p->out, negated ? "[^" : "[");
	items = p->out->len;
	p->at += negated;
	for (bool first = true; p->at == p->expr.len || re2_peek(p, 0) != ']' || first; first = false) {
		if (!parse_posix_class(p, &done))
			return false;
		if (!done && !parse_class_escape(p, &done))
			return false;
		if (!done && !parse_class_range(p, from))
			return false;
	}
	p->at++;
	if (p->out->len == items) {
		/* Only surrogates: matches nothing, or anything. */
		p->out->len -= negated ? 2 : 1;
		buf_add_cstr(p->out, negated ? "[\\s\\S]" : "(?:(?!))");
	} else {
		buf_add_char(p->out, ']');
	}
	return push_leaf(p);
}

/* --- escapes and runes outside of classes ---------------------------------------------- */

/* \Q text \E */
static bool parse_quoted(struct parser *p)
{
	ssize_t length;
	size_t end;

	p->at += 2;
	length = str_find(re2_rest(p), STR("\\E"));
	end = length < 0 ? p->expr.len : p->at + (size_t)length;
	while (p->at < end) {
		uint32_t c;

		if (!re2_next_rune(p, &c) || !re2_add_rune(p, c))
			return false;
	}
	if (length >= 0)
		p->at += 2;
	return true;
}

bool re2_atom_backslash(struct parser *p)
{
	size_t before = p->out->len;
	bool fold_before = p->written_fold, done;
	uint32_t rune;

	switch (re2_peek(p, 1)) {
	case 'A':
		return re2_add_atom(p, "(?:\\A)", 2);
	case 'b':
		return re2_add_atom(p, "(?:\\b)", 2);
	case 'B':
		return re2_add_atom(p, "(?:\\B)", 2);
	case 'z':
		return re2_add_atom(p, "(?:\\z)", 2);
	case 'Q':
		return parse_quoted(p);
	default:
		break;
	}
	write_fold(p);
	buf_add_char(p->out, '[');
	if (!parse_class_escape(p, &done))
		return false;
	if (done) {
		buf_add_char(p->out, ']');
		return push_leaf(p);
	}
	p->out->len = before;
	p->written_fold = fold_before;
	return parse_escape(p, &rune) && re2_add_rune(p, rune);
}

bool re2_atom_rune(struct parser *p)
{
	uint32_t rune;

	return re2_next_rune(p, &rune) && re2_add_rune(p, rune);
}
