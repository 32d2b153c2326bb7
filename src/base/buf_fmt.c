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
/* The longest number: a double in %f with a long fraction. */
#define NUMBER_MAX 512

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

static void add_text(struct buf *b, struct spec *s, va_list *ap)
{
	const char *text = va_arg(*ap, const char *);
	char *room;
	int n;

	if (s->counted) {
		buf_add(b, text, (size_t)s->count);
		return;
	}
	spec_add(s, "s", 1);
	n = snprintf(NULL, 0, s->text, text);
	room = n > 0 ? buf_reserve(b, (size_t)n) : NULL;
	if (room) {
		/* A buffer has room for a NUL behind what it holds. */
		snprintf(room, (size_t)n + 1, s->text, text);
		b->len += (size_t)n;
	}
}

static void add_conversion(struct buf *b, struct spec *s, char verb, va_list *ap)
{
	char text[NUMBER_MAX];
	int n = 0;

	if (strchr("duxXo", verb))
		spec_add(s, "j", 1);
	spec_add(s, &verb, 1);
	if (verb == 'd')
		n = snprintf(text, sizeof(text), s->text, next_signed(s, ap));
	else if (strchr("uxXo", verb))
		n = snprintf(text, sizeof(text), s->text, next_unsigned(s, ap));
	else if (strchr("efg", verb))
		n = snprintf(text, sizeof(text), s->text, va_arg(*ap, double));
	else if (verb == 'c')
		n = snprintf(text, sizeof(text), s->text, va_arg(*ap, int));
	else if (verb == 'p')
		n = snprintf(text, sizeof(text), s->text, va_arg(*ap, void *));
	if (n > 0)
		buf_add(b, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
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
		if (*fmt == 's')
			add_text(b, &s, &args);
		else if (*fmt == '%')
			buf_add_char(b, '%');
		else
			add_conversion(b, &s, *fmt, &args);
		fmt += *fmt != '\0';
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
