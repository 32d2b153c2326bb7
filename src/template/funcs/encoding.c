/* SPDX-License-Identifier: MIT
 *
 * sprig's base64 and base32. What cannot be decoded gives the text of the error as the result.
 */
#include "config.h"

#include "template/funcs/encoding.h"

#include "template/funcs.h"

#define PAD	 '='
#define NO_DIGIT 0xff

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char digits32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static unsigned char digit_of(const char *digits, char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (unsigned char)(at - digits) : NO_DIGIT;
}

static bool fail_at(struct error *err, const char *what, size_t at)
{
	return error_set(err, "illegal %s data at input byte %zu", what, at);
}

/* --- base64 -------------------------------------------------------------------------------- */

void base64_add(struct buf *out, struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0; i < s.len && !out->full; i += 3) {
		unsigned bits = (unsigned)p[i] << 16 |
				(i + 1 < s.len ? (unsigned)p[i + 1] << 8 : 0) |
				(i + 2 < s.len ? p[i + 2] : 0);

		buf_add_char(out, digits64[bits >> 18]);
		buf_add_char(out, digits64[bits >> 12 & 63]);
		buf_add_char(out, i + 1 < s.len ? digits64[bits >> 6 & 63] : PAD);
		buf_add_char(out, i + 2 < s.len ? digits64[bits & 63] : PAD);
	}
}

static size_t skip_newlines(struct str s, size_t at)
{
	while (at < s.len && (s.p[at] == '\n' || s.p[at] == '\r'))
		at++;
	return at;
}

/* The padding at *at - 1, behind n digits; it must be the end of s. */
static bool read_padding64(struct str s, size_t *at, unsigned n, struct error *err)
{
	if (n < 2)
		return fail_at(err, "base64", *at - 1);
	if (n == 2) {
		*at = skip_newlines(s, *at);
		if (*at == s.len)
			return fail_at(err, "base64", s.len);
		if (s.p[*at] != PAD)
			return fail_at(err, "base64", *at - 1);
		++*at;
	}
	*at = skip_newlines(s, *at);
	return *at == s.len || fail_at(err, "base64", *at);
}

/* Four digits, fewer before padding; *n is 0 at the end. */
static bool read_group64(
	struct str s, size_t *at, unsigned char group[4], unsigned *n, struct error *err)
{
	*n = 0;
	while (*n < 4) {
		char c;

		if (*at == s.len)
			return *n == 0 || fail_at(err, "base64", *at - *n);
		c = s.p[(*at)++];
		group[*n] = digit_of(digits64, c);
		if (group[*n] != NO_DIGIT)
			++*n;
		else if (c == PAD)
			return read_padding64(s, at, *n, err);
		else if (c != '\n' && c != '\r')
			return fail_at(err, "base64", *at - 1);
	}
	return true;
}

bool base64_undo(struct buf *out, struct str s, struct error *err)
{
	unsigned n = 1;

	for (size_t at = 0; n;) {
		unsigned char group[4] = {0};
		unsigned bits;
		char bytes[3];

		if (!read_group64(s, &at, group, &n, err))
			return false;
		for (unsigned i = n; i < 4; i++)
			group[i] = 0;
		bits = (unsigned)group[0] << 18 | (unsigned)group[1] << 12 |
		       (unsigned)group[2] << 6 | group[3];
		bytes[0] = (char)(bits >> 16);
		bytes[1] = (char)(bits >> 8);
		bytes[2] = (char)bits;
		buf_add(out, bytes, n ? n - 1 : 0);
	}
	return true;
}

/* --- base32 --------------------------------------------------------------------------------- */

static void base32_add(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len && !out->full; i += 5) {
		size_t n = s.len - i < 5 ? s.len - i : 5;
		uint64_t bits = 0;

		for (size_t j = 0; j < 5; j++)
			bits = bits << 8 | (j < n ? (unsigned char)s.p[i + j] : 0);
		for (unsigned j = 0; j < 8; j++)
			buf_add_char(
				out, j * 5 < n * 8 ? digits32[bits >> (35 - 5 * j) & 31] : PAD);
	}
}

/* The padding at at - 1, behind n digits; the whole of it must be there. */
static bool read_padding32(struct str s, size_t at, unsigned n, struct error *err)
{
	size_t left = s.len - at;

	if (left + n < 7)
		return fail_at(err, "base32", s.len);
	for (size_t k = 0; k + n < 7; k++)
		if (left > k && s.p[at + k] != PAD)
			return fail_at(err, "base32", at + k - 1);
	if (n == 3 || n == 6)
		return fail_at(err, "base32", at - 1);
	return true;
}

/* Eight digits, fewer before padding, which ends the text. */
static bool read_group32(
	struct str s, size_t *at, unsigned char group[8], unsigned *n, struct error *err)
{
	*n = 0;
	while (*n < 8) {
		char c;

		if (*at == s.len)
			return fail_at(err, "base32", *at - *n);
		c = s.p[(*at)++];
		if (c == PAD && *n >= 2 && s.len - *at < 8) {
			if (!read_padding32(s, *at, *n, err))
				return false;
			*at = s.len;
			return true;
		}
		group[*n] = digit_of(digits32, c);
		if (group[*n] == NO_DIGIT)
			return fail_at(err, "base32", *at - 1);
		++*n;
	}
	return true;
}

/* s has no newlines. */
static bool base32_undo(struct buf *out, struct str s, struct error *err)
{
	for (size_t at = 0; at < s.len;) {
		unsigned char group[8] = {0};
		uint64_t bits = 0;
		unsigned n;

		if (!read_group32(s, &at, group, &n, err))
			return false;
		for (unsigned i = 0; i < 8; i++)
			bits = bits << 5 | (i < n ? group[i] : 0);
		for (unsigned i = 0; i < n * 5 / 8; i++)
			buf_add_char(out, (char)(bits >> (32 - 8 * i)));
	}
	return true;
}

static void add_without_newlines(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '\n' && s.p[i] != '\r')
			buf_add_char(out, s.p[i]);
}

/* --- functions ---------------------------------------------------------------------------------
 */

/* The decoded text, or that of the error. */
static bool return_decoded(
	struct call *c, bool ok, struct buf *b, struct error *err, struct value *ret)
{
	if (!ok) {
		buf_clear(b);
		buf_add_str(b, error_str(err));
		error_clear(err);
	}
	return call_return_buf(c, b, ret);
}

static bool encoding_b64enc(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	base64_add(b, value_as_str(args[0]));
	return call_return_buf(c, b, ret);
}

static bool encoding_b64dec(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	struct buf *b = call_buf(c);

	return return_decoded(c, base64_undo(b, value_as_str(args[0]), &err), b, &err, ret);
}

static bool encoding_b32enc(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	base32_add(b, value_as_str(args[0]));
	return call_return_buf(c, b, ret);
}

static bool encoding_b32dec(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c), *text = call_buf(c);
	struct error err = ERROR_INIT;

	add_without_newlines(text, value_as_str(args[0]));
	return return_decoded(c, base32_undo(b, buf_str(text), &err), b, &err, ret);
}

/* --- table ----------------------------------------------------------------------------- */

#define TEXT FUNC_ARGS(&type_string)

static const struct func rows[] = {
	{STR_INIT("b32dec"), encoding_b32dec, TEXT, &type_string, 0},
	{STR_INIT("b32enc"), encoding_b32enc, TEXT, &type_string, 0},
	{STR_INIT("b64dec"), encoding_b64dec, TEXT, &type_string, 0},
	{STR_INIT("b64enc"), encoding_b64enc, TEXT, &type_string, 0},
};

const struct func_table funcs_encoding = {rows, ARRAY_LEN(rows)};
