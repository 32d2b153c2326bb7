/* SPDX-License-Identifier: MIT
 *
 * Format strings and operands: nothing may crash, and output stays within its bound. The input is
 * the number of operands, the operands (a kind and some bytes each), then the format string.
 * Strings and floats among the operands are also written and read back, which must give the same.
 */
#include "config.h"

#include "fuzz/fuzz.h"
#include "template/format/escape.h"
#include "template/format/format.h"
#include "template/format/number.h"
#include "template/format/quote.h"

#define OPERANDS_MAX 8
#define OUT_MAX	     (1 << 21)
#define NEST_MAX     4

/* The rest of the input. */
struct input {
	const char *p;
	size_t len;
};

static struct arena arena;

static unsigned take_byte(struct input *in)
{
	if (!in->len)
		return 0;
	in->len--;
	return (unsigned char)*in->p++;
}

static struct str take_bytes(struct input *in, size_t n)
{
	struct str s = str_n(in->p, n < in->len ? n : in->len);

	in->p += s.len;
	in->len -= s.len;
	return s;
}

static uint64_t take_u64(struct input *in)
{
	struct str s = take_bytes(in, 8);
	uint64_t u = 0;

	for (size_t i = 0; i < s.len; i++)
		u = u << 8 | (unsigned char)s.p[i];
	return u;
}

static double take_float(struct input *in)
{
	union {
		uint64_t u;
		double d;
	} bits = {.u = take_u64(in)};

	return bits.d;
}

/* A string and its literal, escaped or not, are the same text. */
static void check_string(struct str s)
{
	struct buf quoted, plain;

	buf_init(&quoted, OUT_MAX);
	buf_init(&plain, OUT_MAX);
	for (int style = QUOTE_PRINT; style <= QUOTE_GRAPHIC; style++) {
		buf_clear(&quoted);
		buf_clear(&plain);
		quote_add(&quoted, s, (enum quote_style)style);
		FUZZ_CHECK(quote_undo(&plain, buf_str(&quoted)));
		FUZZ_CHECK(str_eq(buf_str(&plain), s));
	}
	buf_clear(&plain);
	escape_html(&plain, s);
	escape_js(&plain, s);
	escape_query(&plain, s);
	FUZZ_CHECK(!quote_undo(&plain, s) || s.len >= 2);
	buf_release(&quoted);
	buf_release(&plain);
}

/* The shortest text of a float is the float. */
static void check_float(double f)
{
	struct buf text;
	double again;

	buf_init(&text, OUT_MAX);
	float_add(&text, f, 'g', FLOAT_SHORTEST, 64);
	FUZZ_CHECK(float_parse(buf_str(&text), 64, &again) == NUMBER_OK);
	FUZZ_CHECK(f != f || f == again);
	buf_clear(&text);
	float_add(&text, f, 'x', FLOAT_SHORTEST, 64);
	FUZZ_CHECK(float_parse(buf_str(&text), 64, &again) == NUMBER_OK);
	FUZZ_CHECK(f != f || f == again);
	buf_release(&text);
}

static struct value take_value(struct input *in, int depth);

static struct value take_list(struct input *in, int depth)
{
	size_t n = take_byte(in) % 5;
	struct value v = slice_new(&arena, &type_any_slice, 0, n);

	for (size_t i = 0; i < n; i++)
		slice_push(v, take_value(in, depth + 1));
	return v;
}

static struct value take_map(struct input *in, int depth)
{
	size_t n = take_byte(in) % 5;
	struct value v = map_new(&arena, &type_any_map, n);

	for (size_t i = 0; i < n; i++) {
		struct str key = take_bytes(in, take_byte(in) % 8);

		map_set_str(v, key, take_value(in, depth + 1));
	}
	return v;
}

static struct value take_complex(struct input *in)
{
	struct complex128 *c = arena_new(&arena, struct complex128);

	c->re = take_float(in);
	c->im = take_float(in);
	return (struct value){.head = TYPE_HEAD(&type_complex128), .c = c};
}

static struct value take_value(struct input *in, int depth)
{
	struct value v = value_nil();

	switch (take_byte(in) % (depth < NEST_MAX ? 12 : 8)) {
	case 0:
		return v;
	case 1:
		return value_bool(take_byte(in) & 1);
	case 2:
		return value_int((int64_t)take_u64(in));
	case 3:
		return value_int((int8_t)take_byte(in));
	case 4:
		return (struct value){.head = TYPE_HEAD(&type_uint64), .u = take_u64(in)};
	case 5:
		v = value_float(take_float(in));
		check_float(v.f);
		return v;
	case 6:
		return take_complex(in);
	case 7:
		v = value_str(take_bytes(in, take_byte(in) % 32));
		check_string(value_as_str(v));
		return v;
	case 8:
	case 9:
		return take_list(in, depth);
	case 10:
		return take_map(in, depth);
	default:
		v = slice_new(&arena, &type_bytes, 3, 4);
		memcpy(v.sl->data,
			"\xff"
			"a\n",
			3);
		return v;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {(const char *)data, size};
	struct value args[OPERANDS_MAX];
	size_t n = take_byte(&in) % (OPERANDS_MAX + 1);
	struct buf out;
	struct format f = {&out, &arena};

	arena_init(&arena);
	buf_init(&out, OUT_MAX);
	for (size_t i = 0; i < n; i++)
		args[i] = take_value(&in, 0);
	FUZZ_CHECK(format_printf(&f, str_n(in.p, in.len), args, n, NULL));
	FUZZ_CHECK(out.len <= OUT_MAX);
	buf_clear(&out);
	FUZZ_CHECK(format_print(&f, args, n, NULL));
	buf_clear(&out);
	FUZZ_CHECK(format_println(&f, args, n, NULL));
	buf_release(&out);
	arena_release(&arena);
	return 0;
}
