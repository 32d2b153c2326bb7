/* SPDX-License-Identifier: MIT
 *
 * Formatted appends to a buffer, see buf.h. Conversions are the C library's, one at a time, but for
 * "%.*s": that takes as many bytes as it is told, NULs too, for what is quoted may be hostile.
 * Known are the conversions that messages use; the compiler checks arguments against the format.
 */
#include "config.h"

#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>

/* A conversion with its flags, width and precision written out. */
#define SPEC_MAX 48

struct spec {
	char text[SPEC_MAX];
	size_t n;
	bool counted; /* the precision was an argument: how many bytes a text has */
	int count;
	char length; /* 0, 'l', 'L' for "ll", 'z' or 'j' */
};

static void spec_add(struct spec *s, const char *part, size_t n)
{
	if (s->n + n < sizeof(s->text)) {
		memcpy(s->text + s->n, part, n);
		s->n += n;
		s->text[s->n] = '\0';
	}
}

/* The flags, width, precision and length from *at, which moves behind them. */
static void read_spec(struct spec *s, const char **at, va_list *ap)
{
	bool precision = false;

	for (;; ++*at) {
		char digits[16];
		int i;

		if (**at == '*') {
			i = va_arg(*ap, int);
			s->counted = precision;
			s->count = i < 0 ? 0 : i;
			spec_add(s, digits, (size_t)snprintf(digits, sizeof(digits), "%d", i));
		} else if (**at && strchr("-+ #.0123456789", **at)) {
			precision = precision || **at == '.';
			spec_add(s, *at, 1);
		} else if (**at && strchr("lzj", **at)) {
			s->length = s->length == 'l' ? 'L' : **at;
		} else {
			return;
		}
	}
}

static intmax_t next_signed(const struct spec *s, va_list *ap)
{
	switch (s->length) {
	case 'l':
		return va_arg(*ap, long);
	case 'L':
		return va_arg(*ap, long long);
	case 'z':
		return va_arg(*ap, ssize_t);
	case 'j':
		return va_arg(*ap, intmax_t);
	default:
		return va_arg(*ap, int);
	}
}

static uintmax_t next_unsigned(const struct spec *s, va_list *ap)
{
	switch (s->length) {
	case 'l':
		return va_arg(*ap, unsigned long);
	case 'L':
		return va_arg(*ap, unsigned long long);
	case 'z':
		return va_arg(*ap, size_t);
	case 'j':
		return va_arg(*ap, uintmax_t);
	default:
		return va_arg(*ap, unsigned);
	}
}

/* Adds arg in the one conversion of spec; a buffer has room for the NUL behind what it holds. */
#define ADD_CONVERTED(b, spec, arg)                                                                \
	do {                                                                                       \
		int length_ = snprintf(NULL, 0, (spec)->text, arg);                                \
		char *room_ = length_ > 0 ? buf_reserve(b, (size_t)length_) : NULL;                \
		if (room_) {                                                                       \
			snprintf(room_, (size_t)length_ + 1, (spec)->text, arg);                   \
			(b)->len += (size_t)length_;                                               \
		}                                                                                  \
	} while (0)

static void add_text(struct buf *b, struct spec *s, const char *text)
{
	if (s->counted) {
		buf_add(b, text, (size_t)s->count);
		return;
	}
	spec_add(s, "s", 1);
	ADD_CONVERTED(b, s, text);
}

static void add_signed(struct buf *b, struct spec *s, intmax_t i)
{
	spec_add(s, "jd", 2);
	ADD_CONVERTED(b, s, i);
}

static void add_unsigned(struct buf *b, struct spec *s, char verb, uintmax_t u)
{
	spec_add(s, "j", 1);
	spec_add(s, &verb, 1);
	ADD_CONVERTED(b, s, u);
}

static void add_double(struct buf *b, struct spec *s, char verb, double d)
{
	spec_add(s, &verb, 1);
	ADD_CONVERTED(b, s, d);
}

static void add_pointer(struct buf *b, struct spec *s, const void *p)
{
	spec_add(s, "p", 1);
	ADD_CONVERTED(b, s, p);
}

static void add_conversion(struct buf *b, struct spec *s, char verb, va_list *ap)
{
	switch (verb) {
	case '%':
		buf_add_char(b, '%');
		break;
	case 'c':
		buf_add_char(b, (char)va_arg(*ap, int));
		break;
	case 'd':
		add_signed(b, s, next_signed(s, ap));
		break;
	case 'p':
		add_pointer(b, s, va_arg(*ap, void *));
		break;
	case 's':
		add_text(b, s, va_arg(*ap, const char *));
		break;
	case 'e':
	case 'f':
	case 'g':
		add_double(b, s, verb, va_arg(*ap, double));
		break;
	default:
		add_unsigned(b, s, verb, next_unsigned(s, ap));
		break;
	}
}

void buf_add_vfmt(struct buf *b, const char *fmt, va_list ap)
{
	size_t before = b->len;
	va_list args;

	va_copy(args, ap);
	while (*fmt) {
		size_t plain = strcspn(fmt, "%");
		struct spec s = {.text = "%", .n = 1};

		buf_add(b, fmt, plain);
		fmt += plain;
		if (!*fmt)
			break;
		fmt++;
		read_spec(&s, &fmt, &args);
		if (*fmt)
			add_conversion(b, &s, *fmt++, &args);
	}
	va_end(args);
	if (b->full)
		b->len = before;
}

void buf_add_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_add_vfmt(b, fmt, ap);
	va_end(ap);
}
