/* SPDX-License-Identifier: MIT
 *
 * PEM blocks, see pem.h.
 */
#include "config.h"

#include "template/funcs/pem.h"

#include "template/funcs/encoding.h"

#define BEGIN	  STR("-----BEGIN ")
#define NEW_BEGIN STR("\n-----BEGIN ")
#define END	  STR("-----END ")
#define NEW_END	  STR("\n-----END ")
#define DASHES	  STR("-----")
/* Characters of base64 in a line. */
#define LINE 64

/* The first line of *s without white space at its end, which is taken off *s. */
static struct str take_line(struct str *s)
{
	struct str line;

	if (!str_cut(*s, '\n', &line, s))
		*s = str_sub(*s, s->len, s->len);
	while (line.len && (line.p[line.len - 1] == ' ' || line.p[line.len - 1] == '\t' ||
				   line.p[line.len - 1] == '\r'))
		line.len--;
	return line;
}

/* Goes behind the next "-----BEGIN ", which begins a line. */
static bool skip_begin(struct str *s)
{
	ssize_t at;

	if (str_has_prefix(*s, BEGIN)) {
		*s = str_sub(*s, BEGIN.len, s->len);
		return true;
	}
	at = str_find(*s, NEW_BEGIN);
	if (at < 0)
		return false;
	*s = str_sub(*s, (size_t)at + NEW_BEGIN.len, s->len);
	return true;
}

/* Takes header lines off *s; whether there were any. False in *ret_more: the text ended. */
static bool skip_headers(struct str *s, bool *ret_more)
{
	bool any = false;

	for (;;) {
		struct str rest = *s, line;

		*ret_more = s->len > 0;
		if (!*ret_more)
			return any;
		line = take_line(&rest);
		if (str_chr(line, ':') < 0)
			return any;
		*s = rest;
		any = true;
	}
}

/* The base64 before the end line of a block of this type, at the beginning of s. */
static bool find_end(struct str s, struct str type, bool headers, struct str *ret_body)
{
	struct str rest;
	ssize_t at;

	if (!headers && str_has_prefix(s, END)) {
		*ret_body = str_sub(s, 0, 0);
		rest = str_sub(s, END.len, s.len);
	} else {
		at = str_find(s, NEW_END);
		if (at < 0)
			return false;
		*ret_body = str_sub(s, 0, (size_t)at);
		rest = str_sub(s, (size_t)at + NEW_END.len, s.len);
	}
	if (!str_has_prefix(rest, type))
		return false;
	rest = str_sub(rest, type.len, rest.len);
	if (!str_has_prefix(rest, DASHES))
		return false;
	rest = str_sub(rest, DASHES.len, rest.len);
	return take_line(&rest).len == 0;
}

/* Appends the bytes of a body, in which spaces and tabs do not count. */
static bool decode_body(struct str body, struct buf *out)
{
	size_t start = out->len;
	struct buf text;
	bool ok;

	buf_init(&text, body.len + 1);
	for (size_t i = 0; i < body.len; i++)
		if (body.p[i] != ' ' && body.p[i] != '\t')
			buf_add_char(&text, body.p[i]);
	ok = base64_undo(out, buf_str(&text), NULL);
	buf_release(&text);
	if (!ok)
		out->len = start;
	return ok;
}

bool pem_read(struct str text, struct str *ret_type, struct buf *out)
{
	while (skip_begin(&text)) {
		struct str type = take_line(&text), body;
		bool headers, more;

		if (!str_has_suffix(type, DASHES))
			continue;
		type.len -= DASHES.len;
		headers = skip_headers(&text, &more);
		if (!more)
			return false;
		if (!find_end(text, type, headers, &body) || !decode_body(body, out))
			continue;
		*ret_type = type;
		return true;
	}
	return false;
}

void pem_add(struct buf *out, const char *type, struct str bytes)
{
	buf_add_fmt(out, "-----BEGIN %s-----\n", type);
	for (size_t i = 0; i < bytes.len; i += LINE / 4 * 3) {
		base64_add(out, str_sub(bytes, i, i + LINE / 4 * 3));
		buf_add_char(out, '\n');
	}
	buf_add_fmt(out, "-----END %s-----\n", type);
}
