/* SPDX-License-Identifier: MIT
 *
 * Reads format strings and hands each operand to the printer, see format.h. A format string that
 * is malformed is never an error: what is wrong is told in the text that comes out.
 */
#include "config.h"

#include "template/format/format.h"

#include "base/utf8.h"
#include "template/format/printer.h"
#include "template/format/unicode.h"

/* Reading position in a format string and the operands. */
struct scan {
	struct str text;
	size_t at;
	const struct value *args;
	size_t n, arg;	  /* operands, and the next to print */
	bool reordered;	  /* an index [n] was seen somewhere */
	bool index_ok;	  /* of this verb: all its indexes were right */
	bool after_index; /* an index stands directly before */
};

static struct printer printer_of(const struct format *f)
{
	return (struct printer){.out = f->out, .arena = f->arena};
}

static bool finish(const struct printer *p, struct error *err)
{
	if (p->too_deep)
		return error_set(err, "value is nested too deeply to print (over %d levels)",
			FORMAT_DEPTH_MAX);
	return true;
}

/* The byte at the reading position, '\0' at the end. */
static char peek(const struct scan *s)
{
	return s->at < s->text.len ? s->text.p[s->at] : '\0';
}

static void scan_flags(struct scan *s, struct printer *p)
{
	for (;; s->at++) {
		switch (peek(s)) {
		case '#':
			p->sharp = true;
			break;
		case '0':
			p->zero = true;
			break;
		case '+':
			p->plus = true;
			break;
		case '-':
			p->minus = true;
			break;
		case ' ':
			p->space = true;
			break;
		default:
			return;
		}
	}
}

/* Decimal digits up to end; false if there are none. A number that is too large is none, and
 * reading goes on at end. */
static bool scan_number(struct scan *s, size_t end, int *ret)
{
	bool any = false;
	int n = 0;

	for (; s->at < end && s->text.p[s->at] >= '0' && s->text.p[s->at] <= '9'; s->at++) {
		if (n > FORMAT_NUMBER_MAX) {
			s->at = end;
			*ret = 0;
			return false;
		}
		n = n * 10 + (s->text.p[s->at] - '0');
		any = true;
	}
	*ret = n;
	return any;
}

/* [n]: the next operand is the nth. */
static void scan_index(struct scan *s)
{
	struct str rest = str_sub(s->text, s->at, s->text.len);
	ssize_t close = rest.len >= 3 ? str_chr(rest, ']') : -1;
	size_t end = s->at + (size_t)close;
	bool is_number;
	int n;

	s->after_index = false;
	if (peek(s) != '[')
		return;
	s->reordered = true;
	s->at++;
	if (close < 0) {
		s->index_ok = false;
		return;
	}
	is_number = scan_number(s, end, &n) && s->at == end;
	s->at = end + 1;
	s->after_index = is_number;
	if (is_number && n >= 1 && (size_t)n <= s->n)
		s->arg = (size_t)n - 1;
	else
		s->index_ok = false;
}

/* The next operand as a width or precision; false if it is no integer of usable size. */
static bool take_integer(struct scan *s, int *ret)
{
	struct value v = s->arg < s->n ? s->args[s->arg] : VALUE_NONE;
	enum kind kind = value_kind(v);
	int64_t i = v.i;

	*ret = 0;
	if (s->arg >= s->n)
		return false;
	s->arg++;
	if (kind < KIND_INT || kind > KIND_UINTPTR)
		return false;
	if (i > FORMAT_NUMBER_MAX || i < -FORMAT_NUMBER_MAX || (kind >= KIND_UINT && i < 0))
		return false;
	*ret = (int)i;
	return true;
}

static void scan_width(struct scan *s, struct printer *p)
{
	if (peek(s) != '*') {
		p->has_width = scan_number(s, s->text.len, &p->width);
		if (s->after_index && p->has_width)
			s->index_ok = false;
		return;
	}
	s->at++;
	p->has_width = take_integer(s, &p->width);
	if (!p->has_width)
		buf_add_cstr(p->out, "%!(BADWIDTH)");
	if (p->width < 0) {
		p->width = -p->width;
		p->minus = true;
		p->zero = false;
	}
	s->after_index = false;
}

static void scan_precision(struct scan *s, struct printer *p)
{
	/* A point at the very end is taken for a verb. */
	if (s->at + 1 >= s->text.len || peek(s) != '.')
		return;
	s->at++;
	if (s->after_index)
		s->index_ok = false;
	scan_index(s);
	if (peek(s) != '*') {
		/* A point alone is a precision of 0. */
		if (!scan_number(s, s->text.len, &p->precision))
			p->precision = 0;
		p->has_precision = true;
		return;
	}
	s->at++;
	p->has_precision = take_integer(s, &p->precision);
	if (p->precision < 0) {
		p->precision = 0;
		p->has_precision = false;
	}
	if (!p->has_precision)
		buf_add_cstr(p->out, "%!(BADPREC)");
	s->after_index = false;
}

static void add_complaint(struct printer *p, uint32_t verb, const char *text)
{
	buf_add_cstr(p->out, "%!");
	buf_add_rune(p->out, verb);
	buf_add_cstr(p->out, text);
}

/* Prints the next operand, or what is wrong with it. */
static void add_operand(struct scan *s, struct printer *p, uint32_t verb)
{
	if (verb == '%') {
		buf_add_char(p->out, '%');
	} else if (!s->index_ok) {
		add_complaint(p, verb, "(BADINDEX)");
	} else if (s->arg >= s->n) {
		add_complaint(p, verb, "(MISSING)");
	} else {
		if (verb == 'v' || verb == 'w') {
			p->sharp_v = p->sharp;
			p->plus_v = p->plus;
			p->sharp = p->plus = false;
		}
		printer_add_value(p, s->args[s->arg], verb);
		s->arg++;
	}
}

/* The commonest of all: %s without flags of a plain string. */
static bool scan_plain(struct scan *s, struct printer *p)
{
	if (peek(s) != 's' || s->arg >= s->n || value_type(s->args[s->arg]) != &type_string)
		return false;
	buf_add_str(p->out, value_as_str(s->args[s->arg++]));
	s->at++;
	return true;
}

/* What follows a %; false at the end of the text. */
static bool scan_verb(struct scan *s, struct printer *p)
{
	uint32_t verb;
	size_t width;

	printer_clear_flags(p);
	s->index_ok = true;
	scan_flags(s, p);
	scan_index(s);
	scan_width(s, p);
	scan_precision(s, p);
	if (!s->after_index)
		scan_index(s);
	if (s->at >= s->text.len) {
		buf_add_cstr(p->out, "%!(NOVERB)");
		return false;
	}
	verb = utf8_decode(str_sub(s->text, s->at, s->text.len), &width);
	s->at += width;
	add_operand(s, p, verb);
	return true;
}

/* Operands that no verb took. */
static void add_extra(struct scan *s, struct printer *p)
{
	printer_clear_flags(p);
	buf_add_cstr(p->out, "%!(EXTRA ");
	for (size_t i = s->arg; i < s->n && !p->out->full; i++) {
		if (i > s->arg)
			buf_add_cstr(p->out, ", ");
		if (printer_is_nil(s->args[i])) {
			buf_add_cstr(p->out, "<nil>");
			continue;
		}
		buf_add_fmt(p->out, "%s=", value_type(s->args[i])->name);
		printer_add_value(p, s->args[i], 'v');
	}
	buf_add_char(p->out, ')');
}

bool format_printf(const struct format *f, struct str text, const struct value *args, size_t n,
	struct error *err)
{
	struct scan s = {.text = text, .args = args, .n = n};
	struct printer p = printer_of(f);

	while (s.at < text.len && !p.out->full) {
		struct str rest = str_sub(text, s.at, text.len);
		ssize_t percent = str_chr(rest, '%');

		if (percent < 0) {
			buf_add_str(p.out, rest);
			break;
		}
		buf_add_str(p.out, str_sub(rest, 0, (size_t)percent));
		s.at += (size_t)percent + 1;
		if (!scan_plain(&s, &p) && !scan_verb(&s, &p))
			break;
	}
	if (!s.reordered && s.arg < n)
		add_extra(&s, &p);
	return finish(&p, err);
}

bool format_print(const struct format *f, const struct value *args, size_t n, struct error *err)
{
	struct printer p = printer_of(f);
	bool after_string = true;

	for (size_t i = 0; i < n && !p.out->full; i++) {
		bool is_string = value_kind(args[i]) == KIND_STRING;

		if (!after_string && !is_string)
			buf_add_char(p.out, ' ');
		printer_add_value(&p, args[i], 'v');
		after_string = is_string;
	}
	return finish(&p, err);
}

bool format_println(const struct format *f, const struct value *args, size_t n, struct error *err)
{
	struct printer p = printer_of(f);

	for (size_t i = 0; i < n && !p.out->full; i++) {
		if (i > 0)
			buf_add_char(p.out, ' ');
		printer_add_value(&p, args[i], 'v');
	}
	buf_add_char(p.out, '\n');
	return finish(&p, err);
}

bool format_action(const struct format *f, struct value v, struct error *err)
{
	struct printer p = printer_of(f);

	printer_add_action(&p, v);
	return finish(&p, err);
}

bool format_is_printable(struct value v)
{
	return value_kind(v) != KIND_FUNC;
}

bool format_escape_args(
	const struct format *f, const struct value *args, size_t n, struct error *err)
{
	struct printer p = printer_of(f);
	bool after_string = true;

	for (size_t i = 0; i < n && !p.out->full; i++) {
		struct value v = args[i];
		bool is_string;

		while (value_kind(v) == KIND_POINTER && v.rec)
			v = value_load(value_type(v)->elem, v.rec);
		/* "<no value>" is a string like any other. */
		is_string = printer_is_nil(v) || value_type(v)->kind == KIND_STRING;
		if (!after_string && !is_string)
			buf_add_char(p.out, ' ');
		printer_add_action(&p, args[i]);
		after_string = is_string;
	}
	return finish(&p, err);
}

const char *format_type_name(struct value v)
{
	return printer_is_nil(v) ? "<nil>" : value_type(v)->name;
}
