/* SPDX-License-Identifier: MIT
 *
 * sprig's digests of texts, in hexadecimal but for Adler-32.
 */
#include "config.h"

#include "template/funcs.h"

#include <openssl/evp.h>

static bool hex_digest(struct call *c, struct str s, const EVP_MD *md, struct value *ret)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct buf *b = call_buf(c);
	unsigned len;

	if (!EVP_Digest(s.p, s.len, digest, &len, md, NULL))
		return call_fail(c, "the cryptographic library cannot compute this digest");
	for (unsigned i = 0; i < len; i++)
		buf_add_fmt(b, "%02x", digest[i]);
	return call_return_buf(c, b, ret);
}

static bool digest_sha1(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return hex_digest(c, value_as_str(args[0]), EVP_sha1(), ret);
}

static bool digest_sha256(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return hex_digest(c, value_as_str(args[0]), EVP_sha256(), ret);
}

static bool digest_sha512(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return hex_digest(c, value_as_str(args[0]), EVP_sha512(), ret);
}

/* RFC 1950, 9: two sums modulo the largest prime below 2^16, as a decimal number. */
static bool digest_adler32(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	const uint32_t prime = 65521;
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < s.len; i++) {
		a = (a + (unsigned char)s.p[i]) % prime;
		b = (b + a) % prime;
	}
	*ret = value_str(arena_fmt(c->arena, "%u", b << 16 | a));
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

#define TEXT FUNC_ARGS(&type_string)

static const struct func rows[] = {
	{STR_INIT("adler32sum"), digest_adler32, TEXT, &type_string, 0},
	{STR_INIT("sha1"), digest_sha1, TEXT, &type_string, 0},
	{STR_INIT("sha1sum"), digest_sha1, TEXT, &type_string, 0},
	{STR_INIT("sha256sum"), digest_sha256, TEXT, &type_string, 0},
	{STR_INIT("sha512sum"), digest_sha512, TEXT, &type_string, 0},
};

const struct func_table funcs_digest = {rows, ARRAY_LEN(rows)};
