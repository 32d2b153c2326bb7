/* SPDX-License-Identifier: MIT
 *
 * sprig's functions that give something else at each call.
 */
#include "config.h"

#include "template/funcs/random.h"

#include "template/format/unicode.h"
#include "template/funcs.h"
#include "template/funcs/encoding.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Most characters of a random text, and most bytes of randBytes. */
#define RANDOM_TEXT_MAX (1 << 20)
/* What getentropy gives at once. */
#define ENTROPY_MAX 256

void random_bytes(void *p, size_t n)
{
	for (char *at = p; n;) {
		size_t some = n < ENTROPY_MAX ? n : ENTROPY_MAX;

		/* Fails only where the system has no random source at all. */
		if (getentropy(at, some) != 0)
			abort();
		at += some;
		n -= some;
	}
}

uint64_t random_below(uint64_t n)
{
	uint64_t top = UINT64_MAX - UINT64_MAX % n, r;

	do
		random_bytes(&r, sizeof(r));
	while (r >= top);
	return r % n;
}

/* --- texts ----------------------------------------------------------------------------- */

static bool check_count(struct call *c, int64_t count)
{
	if (count <= RANDOM_TEXT_MAX)
		return true;
	return call_fail(c, "%lld random characters are too many, the most are %d",
		(long long)count, RANDOM_TEXT_MAX);
}

/* count characters of those given; none if count is negative. */
static bool random_text(struct call *c, int64_t count, struct str of, struct value *ret)
{
	struct buf *b = call_buf(c);

	if (!check_count(c, count))
		return false;
	for (int64_t i = 0; i < count && !b->full; i++)
		buf_add_char(b, of.p[random_below(of.len)]);
	return call_return_buf(c, b, ret);
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"

static bool random_alpha(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return random_text(c, args[0].i, STR(LETTERS), ret);
}

static bool random_alpha_num(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return random_text(c, args[0].i, STR(LETTERS DIGITS), ret);
}

static bool random_numeric(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return random_text(c, args[0].i, STR(DIGITS), ret);
}

static bool random_ascii(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return random_text(c, args[0].i,
		STR(" !\"#$%&'()*+,-./" DIGITS ":;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
		    "abcdefghijklmnopqrstuvwxyz{|}~"),
		ret);
}

/* The characters of a text in random order. */
static bool random_shuffle(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	uint32_t *runes = arena_array(c->arena, uint32_t, s.len);
	struct buf *b = call_buf(c);
	size_t count = 0;

	while (s.len) {
		size_t width;

		runes[count++] = utf8_decode(s, &width);
		s = str_sub(s, width, s.len);
	}
	for (size_t left = count; left > 0; left--) {
		size_t at = (size_t)random_below(left);

		buf_add_rune(b, runes[at]);
		runes[at] = runes[left - 1];
	}
	return call_return_buf(c, b, ret);
}

/* count random bytes in base64. */
static bool random_rand_bytes(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);
	char *bytes;

	if (args[0].i < 0)
		return call_fail(c, "runtime error: makeslice: len out of range");
	if (!check_count(c, args[0].i))
		return false;
	bytes = arena_alloc(c->arena, (size_t)args[0].i);
	random_bytes(bytes, (size_t)args[0].i);
	base64_add(b, str_n(bytes, (size_t)args[0].i));
	return call_return_buf(c, b, ret);
}

/* --- numbers, identifiers -------------------------------------------------------------------- */

/* args: the least, and the first that is too large. */
static bool random_int(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	uint64_t range = (uint64_t)args[1].i - (uint64_t)args[0].i;

	if ((int64_t)range <= 0)
		return call_fail(c, "invalid argument to Intn");
	*ret = value_int((int64_t)((uint64_t)args[0].i + random_below(range)));
	return true;
}

/* A random UUID (RFC 9562, version 4). */
static bool random_uuid(
	struct call *c, const struct value *args UNUSED, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);
	unsigned char bytes[16];

	random_bytes(bytes, sizeof(bytes));
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (size_t i = 0; i < sizeof(bytes); i++)
		buf_add_fmt(b, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
	return call_return_buf(c, b, ret);
}

/* --- table ----------------------------------------------------------------------------- */

#define COUNT FUNC_ARGS(&type_int)

static const struct func rows[] = {
	{STR_INIT("randAlpha"), random_alpha, COUNT, &type_string, FUNC_VOLATILE},
	{STR_INIT("randAlphaNum"), random_alpha_num, COUNT, &type_string, FUNC_VOLATILE},
	{STR_INIT("randAscii"), random_ascii, COUNT, &type_string, FUNC_VOLATILE},
	{STR_INIT("randBytes"), random_rand_bytes, COUNT, &type_string, FUNC_VOLATILE},
	{STR_INIT("randInt"), random_int, FUNC_ARGS(&type_int, &type_int), &type_int,
		FUNC_VOLATILE},
	{STR_INIT("randNumeric"), random_numeric, COUNT, &type_string, FUNC_VOLATILE},
	{STR_INIT("shuffle"), random_shuffle, FUNC_ARGS(&type_string), &type_string, FUNC_VOLATILE},
	{STR_INIT("uuidv4"), random_uuid, FUNC_NONE, &type_string, FUNC_VOLATILE},
};

const struct func_table funcs_random = {rows, ARRAY_LEN(rows)};
