/* SPDX-License-Identifier: MIT
 *
 * sprig's digests of texts, in hexadecimal but for Adler-32.
 */
#include "config.h"

#include "template/funcs.h"

#include <openssl/evp.h>

/* Bytes of a text that is remembered. */
#define REMEMBERED_MAX 128

/* A digest by name, looked up in the library once, and a context for it: both cost more than the
 * digest of a short text. The last text is remembered, because templates ask for the digest of one
 * path several times in a row. */
struct digest {
	const char *name;
	EVP_MD *md; /* NULL until the first use, then kept for ever */
	EVP_MD_CTX *ctx;
	bool remembers; /* that digest is the one of text */
	char text[REMEMBERED_MAX];
	size_t text_len;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len;
};

static bool digest_compute(struct digest *d, struct str s)
{
	if (d->remembers && str_eq(s, str_n(d->text, d->text_len)))
		return true;
	d->remembers = false;
	if (!d->md)
		d->md = EVP_MD_fetch(NULL, d->name, NULL);
	if (!d->ctx)
		d->ctx = EVP_MD_CTX_new();
	if (!d->md || !d->ctx || !EVP_DigestInit_ex(d->ctx, d->md, NULL) ||
		!EVP_DigestUpdate(d->ctx, s.p, s.len) ||
		!EVP_DigestFinal_ex(d->ctx, d->digest, &d->len))
		return false;
	if (s.len && s.len <= REMEMBERED_MAX) {
		memcpy(d->text, s.p, s.len);
		d->text_len = s.len;
		d->remembers = true;
	}
	return true;
}

static bool hex_digest(struct call *c, struct str s, struct digest *d, struct value *ret)
{
	static const char digits[] = "0123456789abcdef";
	char *text;

	if (!digest_compute(d, s))
		return call_fail(c, "the cryptographic library cannot compute this digest");
	text = arena_alloc(c->arena, (size_t)d->len * 2);
	for (unsigned i = 0; i < d->len; i++) {
		text[2 * i] = digits[d->digest[i] >> 4];
		text[2 * i + 1] = digits[d->digest[i] & 15];
	}
	*ret = value_str(str_n(text, (size_t)d->len * 2));
	return true;
}

static bool digest_sha1(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	static struct digest sha1 = {.name = "SHA1"};

	return hex_digest(c, value_as_str(args[0]), &sha1, ret);
}

static bool digest_sha256(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	static struct digest sha256 = {.name = "SHA256"};

	return hex_digest(c, value_as_str(args[0]), &sha256, ret);
}

static bool digest_sha512(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	static struct digest sha512 = {.name = "SHA512"};

	return hex_digest(c, value_as_str(args[0]), &sha512, ret);
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
