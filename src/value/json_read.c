/* SPDX-License-Identifier: MIT
 *
 * The JSON reader, see json_read.h. As in Go the whole text is checked first (check_*), so that a
 * bad one gives nothing; the decoder (read_*) then need not look for errors. Both recurse at most
 * JSON_DEPTH_MAX deep.
 */
#include "config.h"

#include "value/json_read.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Digits of an integer that a double holds exactly. */
#define EXACT_DIGITS 15
/* Numbers up to this length are read without memory from the arena. */
#define NUMBER_SHORT 64
#define STACK_FLOOR  16

/* What may come next, while a text is checked. */
enum expect { VALUE, VALUE_OR_END, KEY, KEY_OR_END, AFTER_VALUE };

struct checker {
	const char *at, *end;
	struct error *err;
	unsigned depth;
	bool is_object[JSON_DEPTH_MAX + 1]; /* of each level that is open */
};

/* --- checking -------------------------------------------------------------------- */

/* A character as Go quotes it in JSON errors; it is taken for a code point, whatever follows. */
static void quote_char(unsigned char c, char out[16])
{
	static const char escapes[][3] = {
		['\a'] = "\\a",
		['\b'] = "\\b",
		['\f'] = "\\f",
		['\n'] = "\\n",
		['\r'] = "\\r",
		['\t'] = "\\t",
		['\v'] = "\\v",
	};

	if (c == '\'')
		snprintf(out, 16, "\\'");
	else if (c == '\\')
		snprintf(out, 16, "\\\\");
	else if (c < sizeof(escapes) / sizeof(escapes[0]) && escapes[c][0])
		snprintf(out, 16, "%s", escapes[c]);
	else if (c < 0x20 || c == 0x7f)
		snprintf(out, 16, "\\x%02x", c);
	else if (c < 0x80)
		snprintf(out, 16, "%c", c);
	else if (c < 0xa1 || c == 0xad)
		snprintf(out, 16, "\\u%04x", c);
	else
		snprintf(out, 16, "%c%c", 0xc0 | c >> 6, 0x80 | (c & 0x3f));
}

/* Fails at the current character; the end of the text counts as a space first. */
static bool fail_at(struct checker *k, const char *context)
{
	char quoted[16];

	quote_char(k->at < k->end ? (unsigned char)*k->at : ' ', quoted);
	return error_set(k->err, "invalid character '%s' %s", quoted, context);
}

static bool fail_end(struct checker *k)
{
	return error_set(k->err, "unexpected end of JSON input");
}

static void skip_space(struct checker *k)
{
	while (k->at < k->end &&
		(*k->at == ' ' || *k->at == '\t' || *k->at == '\r' || *k->at == '\n'))
		k->at++;
}

static bool at_digit(const struct checker *k)
{
	return k->at < k->end && *k->at >= '0' && *k->at <= '9';
}

static void skip_digits(struct checker *k)
{
	while (at_digit(k))
		k->at++;
}

static bool check_exponent(struct checker *k)
{
	k->at++;
	if (k->at < k->end && (*k->at == '+' || *k->at == '-'))
		k->at++;
	if (!at_digit(k))
		return fail_at(k, "in exponent of numeric literal");
	skip_digits(k);
	return true;
}

static bool check_number(struct checker *k)
{
	if (*k->at == '-')
		k->at++;
	if (!at_digit(k))
		return fail_at(k, "in numeric literal");
	if (*k->at == '0')
		k->at++;
	else
		skip_digits(k);
	if (k->at < k->end && *k->at == '.') {
		k->at++;
		if (!at_digit(k))
			return fail_at(k, "after decimal point in numeric literal");
		skip_digits(k);
	}
	if (k->at < k->end && (*k->at == 'e' || *k->at == 'E'))
		return check_exponent(k);
	return true;
}

static bool check_escape(struct checker *k)
{
	k->at++;
	if (k->at == k->end)
		return fail_at(k, "in string escape code");
	if (*k->at != 'u') {
		if (!*k->at || !strchr("bfnrt\\/\"", *k->at))
			return fail_at(k, "in string escape code");
		k->at++;
		return true;
	}
	k->at++;
	for (int i = 0; i < 4; i++, k->at++)
		if (k->at == k->end || !strchr("0123456789abcdefABCDEF", *k->at) || !*k->at)
			return fail_at(k, "in \\u hexadecimal character escape");
	return true;
}

static bool check_string(struct checker *k)
{
	k->at++;
	while (k->at < k->end && *k->at != '"') {
		if ((unsigned char)*k->at < 0x20)
			return fail_at(k, "in string literal");
		if (*k->at == '\\') {
			if (!check_escape(k))
				return false;
		} else {
			k->at++;
		}
	}
	if (k->at == k->end)
		return fail_end(k);
	k->at++;
	return true;
}

static bool check_literal(struct checker *k, const char *word)
{
	char context[48];

	for (const char *p = word + 1; *p; p++) {
		k->at++;
		if (k->at == k->end || *k->at != *p) {
			snprintf(context, sizeof(context), "in literal %s (expecting '%c')", word,
				*p);
			return fail_at(k, context);
		}
	}
	k->at++;
	return true;
}

static bool check_scalar(struct checker *k)
{
	switch (*k->at) {
	case '"':
		return check_string(k);
	case 't':
		return check_literal(k, "true");
	case 'f':
		return check_literal(k, "false");
	case 'n':
		return check_literal(k, "null");
	case '-':
	case '0' ... '9':
		return check_number(k);
	default:
		return fail_at(k, "looking for beginning of value");
	}
}

/* The begin of a value: a whole scalar, or the bracket that opens a level. */
static bool check_value(struct checker *k, enum expect *next)
{
	bool object = *k->at == '{';

	if (!object && *k->at != '[') {
		*next = AFTER_VALUE;
		return check_scalar(k);
	}
	if (k->depth == JSON_DEPTH_MAX)
		return fail_at(k, "exceeded max depth");
	k->is_object[++k->depth] = object;
	k->at++;
	*next = object ? KEY_OR_END : VALUE_OR_END;
	return true;
}

static bool check_key(struct checker *k, enum expect *next)
{
	if (*k->at != '"')
		return fail_at(k, "looking for beginning of object key string");
	if (!check_string(k))
		return false;
	skip_space(k);
	if (k->at == k->end)
		return fail_end(k);
	if (*k->at != ':')
		return fail_at(k, "after object key");
	k->at++;
	*next = VALUE;
	return true;
}

/* What follows a value within a level: a comma or the closing bracket. */
static bool check_after_value(struct checker *k, enum expect *next)
{
	bool object = k->is_object[k->depth];

	if (*k->at == ',') {
		*next = object ? KEY : VALUE;
	} else if (*k->at == (object ? '}' : ']')) {
		k->depth--;
		*next = AFTER_VALUE;
	} else {
		return fail_at(k, object ? "after object key:value pair" : "after array element");
	}
	k->at++;
	return true;
}

static bool check_next(struct checker *k, enum expect *next)
{
	char c = *k->at;

	if ((*next == VALUE_OR_END && c == ']') || (*next == KEY_OR_END && c == '}'))
		*next = AFTER_VALUE;
	if (*next == AFTER_VALUE)
		return check_after_value(k, next);
	if (*next == KEY || *next == KEY_OR_END)
		return check_key(k, next);
	return check_value(k, next);
}

static bool check_text(struct str text, struct error *err)
{
	struct checker k = {.at = text.p, .end = text.p + text.len, .err = err};
	enum expect next = VALUE;

	do {
		skip_space(&k);
		if (k.at == k.end)
			return fail_end(&k);
		if (!check_next(&k, &next))
			return false;
	} while (k.depth > 0 || next != AFTER_VALUE);
	skip_space(&k);
	return k.at == k.end || fail_at(&k, "after top-level value");
}

/* --- decoding --------------------------------------------------------------------- */

struct reader {
	const char *at, *end;
	struct arena *arena;
	struct value *stack; /* members of arrays that are not complete */
	size_t n, cap;
	struct error *err;
	bool out_of_range; /* err is set: a number was none of float64 */
};

static struct value read_value(struct reader *rd);

static void reader_skip_space(struct reader *rd)
{
	while (rd->at < rd->end && (unsigned char)*rd->at <= ' ')
		rd->at++;
}

/* Takes white space, and c if it comes next. */
static bool reader_accept(struct reader *rd, char c)
{
	reader_skip_space(rd);
	if (*rd->at != c)
		return false;
	rd->at++;
	return true;
}

static void push(struct reader *rd, struct value v)
{
	struct value *more;

	if (rd->n == rd->cap) {
		rd->cap = rd->cap ? rd->cap * 2 : STACK_FLOOR;
		more = arena_array(rd->arena, struct value, rd->cap);
		if (rd->n)
			memcpy(more, rd->stack, rd->n * sizeof(*more));
		rd->stack = more;
	}
	rd->stack[rd->n++] = v;
}

static uint32_t hex_digit(char c)
{
	return (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* The code unit of \uXXXX, of which p is at the first digit. */
static uint32_t code_unit(const char *p)
{
	return hex_digit(p[0]) << 12 | hex_digit(p[1]) << 8 | hex_digit(p[2]) << 4 |
	       hex_digit(p[3]);
}

/* A \u escape, at its u, or two that are a surrogate pair. */
static char *read_unicode(const char **at, const char *end, char *out)
{
	uint32_t r = code_unit(*at + 1), low;

	*at += 5;
	if (r >= 0xd800 && r < 0xdc00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
		low = code_unit(*at + 2);
		if (low >= 0xdc00 && low < 0xe000) {
			r = 0x10000 + ((r - 0xd800) << 10) + (low - 0xdc00);
			*at += 6;
		}
	}
	return out + utf8_encode(r, out);
}

/* Text with escapes or bytes that are no UTF-8: at most three times as long as it was written. */
static struct str unescape(struct arena *a, const char *at, const char *end)
{
	static const char codes[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	char *text = arena_alloc(a, (size_t)(end - at) * 3 + UTF8_MAX), *out = text;
	const char *code;
	size_t width;

	while (at < end) {
		if (*at != '\\') {
			out += utf8_encode(utf8_decode(str_n(at, (size_t)(end - at)), &width), out);
			at += width;
			continue;
		}
		at++;
		if (*at == 'u') {
			out = read_unicode(&at, end, out);
			continue;
		}
		code = strchr(codes, *at);
		*out++ = code ? bytes[code - codes] : *at;
		at++;
	}
	return str_n(text, (size_t)(out - text));
}

static struct str read_string(struct reader *rd)
{
	const char *start = ++rd->at;
	bool plain = true;
	struct str s;

	for (; *rd->at != '"'; rd->at++) {
		if (*rd->at == '\\') {
			plain = false;
			rd->at++;
		}
	}
	s = str_n(start, (size_t)(rd->at++ - start));
	if (plain && utf8_valid(s))
		return s;
	return unescape(rd->arena, s.p, s.p + s.len);
}

static struct value fail_range(struct reader *rd, struct str number)
{
	if (!rd->out_of_range)
		error_set(rd->err,
			"json: cannot unmarshal number %.*s into Go value of type float64",
			STR_ARG(number));
	rd->out_of_range = true;
	return value_nil();
}

static struct value read_number(struct reader *rd)
{
	const char *start = rd->at;
	char text[NUMBER_SHORT];
	bool integer = *start != '-';
	int64_t i = 0;
	struct str s;
	double f;

	for (; rd->at < rd->end && *rd->at && strchr("+-.eE0123456789", *rd->at); rd->at++) {
		integer = integer && *rd->at >= '0' && *rd->at <= '9' &&
			  rd->at - start < EXACT_DIGITS;
		i = integer ? i * 10 + (*rd->at - '0') : 0;
	}
	if (integer)
		return value_float((double)i);
	s = str_n(start, (size_t)(rd->at - start));
	if (s.len < sizeof(text)) {
		memcpy(text, s.p, s.len);
		text[s.len] = '\0';
		f = strtod(text, NULL);
	} else {
		f = strtod(arena_str(rd->arena, s).p, NULL);
	}
	return isinf(f) ? fail_range(rd, s) : value_float(f);
}

static struct value read_array(struct reader *rd)
{
	size_t start = rd->n, n;
	struct value v;

	if (!reader_accept(rd, ']')) {
		do {
			v = read_value(rd);
			push(rd, v);
		} while (reader_accept(rd, ','));
		reader_accept(rd, ']');
	}
	n = rd->n - start;
	v = slice_new(rd->arena, &type_any_slice, 0, slice_appended_cap(n, GO_INTERFACE_SIZE));
	for (size_t i = 0; i < n; i++)
		slice_push(v, rd->stack[start + i]);
	rd->n = start;
	return v;
}

static struct value read_object(struct reader *rd)
{
	struct value m = map_new(rd->arena, &type_any_map, 0);
	struct str key;

	if (reader_accept(rd, '}'))
		return m;
	do {
		reader_skip_space(rd);
		key = read_string(rd);
		reader_accept(rd, ':');
		map_set_str(m, key, read_value(rd));
	} while (reader_accept(rd, ','));
	reader_accept(rd, '}');
	return m;
}

static struct value read_value(struct reader *rd)
{
	reader_skip_space(rd);
	switch (*rd->at) {
	case '{':
		rd->at++;
		return read_object(rd);
	case '[':
		rd->at++;
		return read_array(rd);
	case '"':
		return value_str(read_string(rd));
	case 't':
		rd->at += strlen("true");
		return value_bool(true);
	case 'f':
		rd->at += strlen("false");
		return value_bool(false);
	case 'n':
		rd->at += strlen("null");
		return value_nil();
	default:
		return read_number(rd);
	}
}

bool json_read(struct arena *a, struct str text, struct value *ret, struct error *err)
{
	struct reader rd = {.arena = a, .err = err};

	if (!text.p)
		text = STR(""); /* nothing has no address */
	if (!check_text(text, err))
		return false;
	rd.at = text.p;
	rd.end = text.p + text.len;
	*ret = read_value(&rd);
	return !rd.out_of_range;
}
