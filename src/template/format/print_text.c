/* SPDX-License-Identifier: MIT
 *
 * Strings under the flags of a verb: padding, precision, hexadecimal and quotes; see printer.h.
 */
#include "config.h"

#include "template/format/printer.h"

#include "base/utf8.h"
#include "template/format/quote.h"

void printer_clear_flags(struct printer *p)
{
	*p = (struct printer){
		.out = p->out,
		.arena = p->arena,
		.erroring = p->erroring,
		.too_deep = p->too_deep,
		.nesting = p->nesting,
	};
}

void printer_fill(struct printer *p, int n)
{
	char *room;

	if (n <= 0)
		return;
	room = buf_reserve(p->out, (size_t)n);
	if (!room)
		return;
	/* Zeros go to the left only. */
	memset(room, p->zero && !p->minus ? '0' : ' ', (size_t)n);
	p->out->len += (size_t)n;
}

void printer_pad(struct printer *p, size_t start)
{
	size_t len = p->out->len - start, runes;
	int missing;

	if (!p->has_width || p->width == 0 || p->out->full)
		return;
	runes = utf8_count(str_sub(buf_str(p->out), start, p->out->len));
	if (runes >= (size_t)p->width)
		return;
	missing = p->width - (int)runes;
	printer_fill(p, missing);
	if (!p->minus && !p->out->full) {
		char *at = p->out->data + start, fill = at[len];

		memmove(at + missing, at, len);
		memset(at, fill, (size_t)missing);
	}
}

void printer_add_padded(struct printer *p, const char *text)
{
	size_t start = p->out->len;

	buf_add_cstr(p->out, text);
	printer_pad(p, start);
}

/* The first runes of s, as many as the precision allows. */
static struct str cut_to_precision(const struct printer *p, struct str s)
{
	size_t at = 0;

	if (!p->has_precision || s.len <= (size_t)p->precision)
		return s;
	for (int n = 0; n < p->precision && at < s.len; n++) {
		size_t width;

		utf8_decode(str_n(s.p + at, s.len - at), &width);
		at += width;
	}
	return str_n(s.p, at);
}

void printer_add_string(struct printer *p, struct str s)
{
	size_t start = p->out->len;

	buf_add_str(p->out, cut_to_precision(p, s));
	printer_pad(p, start);
}

void printer_add_hex(struct printer *p, struct str s, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	const char *prefix = upper ? "0X" : "0x";
	size_t start = p->out->len;

	if (p->has_precision && (size_t)p->precision < s.len)
		s.len = (size_t)p->precision;
	if (s.len == 0) {
		printer_fill(p, p->has_width ? p->width : 0);
		return;
	}
	for (size_t i = 0; i < s.len && !p->out->full; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (p->space && i > 0)
			buf_add_char(p->out, ' ');
		if (p->sharp && (p->space || i == 0))
			buf_add_cstr(p->out, prefix);
		buf_add_char(p->out, digits[c >> 4]);
		buf_add_char(p->out, digits[c & 15]);
	}
	printer_pad(p, start);
}

void printer_add_quoted(struct printer *p, struct str s)
{
	size_t start = p->out->len;

	s = cut_to_precision(p, s);
	if (p->sharp && quote_can_backquote(s)) {
		buf_add_char(p->out, '`');
		buf_add_str(p->out, s);
		buf_add_char(p->out, '`');
	} else {
		quote_add(p->out, s, p->plus ? QUOTE_ASCII : QUOTE_PRINT);
	}
	printer_pad(p, start);
}
