/* SPDX-License-Identifier: MIT
 *
 * sprig's passwords and ciphers: bcrypt (libcrypt), htpasswd, derivePassword (the Master Password
 * algorithm), AES (OpenSSL). What cannot be encrypted gives a text that says so as the result.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/encoding.h"
#include "template/funcs/random.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

/* --- bcrypt -------------------------------------------------------------------------------- */

#define BCRYPT_COST	  10
#define BCRYPT_BYTES_MAX  72
#define BCRYPT_SALT_BYTES 16
#define BCRYPT_PREFIX	  "$2b$"
#define BCRYPT_FAILED	  "failed to encrypt string with bcrypt: "

/* The hash into a buffer of CRYPT_OUTPUT_SIZE bytes; NULL, or why there is none. Versions a and b
 * of the format differ by name only: Go says a. */
static const char *bcrypt_hash(struct str password, char *out)
{
	char text[BCRYPT_BYTES_MAX + 1], salt[BCRYPT_SALT_BYTES],
		setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *data;
	const char *hash;

	if (password.len > BCRYPT_BYTES_MAX)
		return "bcrypt: password length exceeds 72 bytes";
	if (password.len && memchr(password.p, '\0', password.len))
		return "the password holds a NUL byte";
	memcpy(text, password.len ? password.p : "", password.len);
	text[password.len] = '\0';
	random_bytes(salt, sizeof(salt));
	data = calloc(1, sizeof(*data));
	hash = data && crypt_gensalt_rn(BCRYPT_PREFIX, BCRYPT_COST, salt, sizeof(salt), setting,
			       sizeof(setting))
		       ? crypt_rn(text, setting, data, sizeof(*data))
		       : NULL;
	if (hash) {
		memcpy(out, hash, strlen(hash) + 1);
		out[2] = 'a';
	}
	free(data);
	OPENSSL_cleanse(text, sizeof(text));
	return hash ? NULL : "bcrypt is not available";
}

static void add_bcrypt(struct buf *b, struct str password)
{
	char hash[CRYPT_OUTPUT_SIZE];
	const char *why = bcrypt_hash(password, hash);

	if (why) {
		buf_add_cstr(b, BCRYPT_FAILED);
		buf_add_cstr(b, why);
	} else {
		buf_add_cstr(b, hash);
	}
}

static bool crypto_bcrypt(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	add_bcrypt(b, value_as_str(args[0]));
	return call_return_buf(c, b, ret);
}

/* A line of a password file. */
static bool crypto_htpasswd(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str user = value_as_str(args[0]);
	struct buf *b = call_buf(c);

	if (str_chr(user, ':') >= 0) {
		buf_add_cstr(b, "invalid username: ");
		buf_add_str(b, user);
		return call_return_buf(c, b, ret);
	}
	buf_add_str(b, user);
	buf_add_char(b, ':');
	add_bcrypt(b, value_as_str(args[1]));
	return call_return_buf(c, b, ret);
}

/* --- derivePassword --------------------------------------------------------------------------- */

/* The algorithm's parameters for scrypt, and what it may take: 128 * N * r bytes and a little. */
#define SCRYPT_N      32768
#define SCRYPT_R      8
#define SCRYPT_P      2
#define SCRYPT_MEMORY ((uint64_t)64 << 20)
#define MASTER_BYTES  64
#define SITE_BYTES    32
#define SCOPE	      "com.lyndir.masterpassword"

/* The kinds of passwords; a template is a text of character classes. */
static const struct password_kind {
	const char *name;
	const char *templates[22];
} password_kinds[] = {
	{"maximum", {"anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"}},
	{"long", {"CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv",
			 "CvccCvcvnoCvcv", "CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv",
			 "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno",
			 "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno", "CvcvnoCvccCvcc",
			 "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
			 "CvccCvcvCvccno"}},
	{"medium", {"CvcnoCvc", "CvcCvcno"}},
	{"short", {"Cvcn"}},
	{"basic", {"aaanaaan", "aannaaan", "aaannaaa"}},
	{"pin", {"nnnn"}},
};

#define VOWELS_UPPER	 "AEIOU"
#define VOWELS_LOWER	 "aeiou"
#define CONSONANTS_UPPER "BCDFGHJKLMNPQRSTVWXYZ"
#define CONSONANTS_LOWER "bcdfghjklmnpqrstvwxyz"
#define LETTERS		 VOWELS_UPPER VOWELS_LOWER CONSONANTS_UPPER CONSONANTS_LOWER

static const char *class_characters(char class)
{
	switch (class) {
	case 'V':
		return VOWELS_UPPER;
	case 'C':
		return CONSONANTS_UPPER;
	case 'v':
		return VOWELS_LOWER;
	case 'c':
		return CONSONANTS_LOWER;
	case 'a':
		return LETTERS;
	case 'n':
		return "0123456789";
	case 'o':
		return "@&%?,=[]_:-+*$#!'^~;()/.";
	default:
		return LETTERS "0123456789!@#$%^&*()";
	}
}

static const struct password_kind *find_kind(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(password_kinds); i++)
		if (str_eqz(name, password_kinds[i].name))
			return &password_kinds[i];
	return NULL;
}

static void add_uint32(struct buf *b, uint32_t u)
{
	const char bytes[4] = {(char)(u >> 24), (char)(u >> 16), (char)(u >> 8), (char)u};

	buf_add(b, bytes, sizeof(bytes));
}

/* The algorithm's scope, and a text with its length before it. */
static void set_scoped(struct buf *b, struct str s)
{
	buf_clear(b);
	buf_add_cstr(b, SCOPE);
	add_uint32(b, (uint32_t)s.len);
	buf_add_str(b, s);
}

/* The bytes that tell a site's password. scratch is for texts. */
static bool site_seed(struct buf *scratch, const struct value *args, unsigned char out[SITE_BYTES])
{
	struct str password = value_as_str(args[2]);
	unsigned char master[MASTER_BYTES];
	unsigned len = SITE_BYTES;
	bool ok;

	set_scoped(scratch, value_as_str(args[3]));
	ok = !scratch->full && EVP_PBE_scrypt(password.len ? password.p : "", password.len,
				       (const unsigned char *)scratch->data, scratch->len, SCRYPT_N,
				       SCRYPT_R, SCRYPT_P, SCRYPT_MEMORY, master, sizeof(master));
	set_scoped(scratch, value_as_str(args[4]));
	add_uint32(scratch, (uint32_t)args[0].u);
	ok = ok && !scratch->full &&
	     HMAC(EVP_sha256(), master, sizeof(master), (const unsigned char *)scratch->data,
		     scratch->len, out, &len);
	OPENSSL_cleanse(master, sizeof(master));
	return ok;
}

/* args: counter, kind, password, user, site. */
static bool crypto_derive_password(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	const struct password_kind *kind = find_kind(value_as_str(args[1]));
	unsigned char seed[SITE_BYTES];
	struct buf *b = call_buf(c);
	const char *template;
	size_t count = 0;

	if (!kind) {
		buf_add_cstr(b, "cannot find password template ");
		buf_add_str(b, value_as_str(args[1]));
		return call_return_buf(c, b, ret);
	}
	if (!site_seed(call_buf(c), args, seed))
		return call_fail(c, "failed to derive password");
	while (kind->templates[count])
		count++;
	template = kind->templates[seed[0] % count];
	for (size_t i = 0; template[i]; i++) {
		const char *class = class_characters(template[i]);

		buf_add_char(b, class[seed[i + 1] % strlen(class)]);
	}
	return call_return_buf(c, b, ret);
}

/* --- AES -------------------------------------------------------------------------------------- */

#define AES_KEY_BYTES	32
#define AES_BLOCK_BYTES 16

/* A password as a key: cut, or filled up with zeros. */
static void make_key(struct str password, unsigned char key[AES_KEY_BYTES])
{
	memset(key, 0, AES_KEY_BYTES);
	if (password.len)
		memcpy(key, password.p,
			password.len < AES_KEY_BYTES ? password.len : AES_KEY_BYTES);
}

/* Appends in, enciphered or deciphered by AES-256 in CBC mode. With padding the text may have any
 * length, without it must be whole blocks. */
static bool aes_cbc(
	struct buf *out, bool encrypt, struct str password, const char *iv, struct str in)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char *room = (unsigned char *)buf_reserve(out, in.len + AES_BLOCK_BYTES);
	unsigned char key[AES_KEY_BYTES];
	int len = 0, more = 0;
	bool ok;

	make_key(password, key);
	ok = ctx && room && in.len <= INT32_MAX / 2 &&
	     EVP_CipherInit_ex(
		     ctx, EVP_aes_256_cbc(), NULL, key, (const unsigned char *)iv, encrypt) &&
	     EVP_CIPHER_CTX_set_padding(ctx, encrypt) &&
	     EVP_CipherUpdate(ctx, room, &len, (const unsigned char *)in.p, (int)in.len) &&
	     EVP_CipherFinal_ex(ctx, room + len, &more);
	EVP_CIPHER_CTX_free(ctx);
	OPENSSL_cleanse(key, sizeof(key));
	if (ok)
		out->len += (size_t)len + (size_t)more;
	return ok;
}

/* args: password, text. The result is base64 of a random block and what is enciphered with it. */
static bool crypto_encrypt_aes(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c), *cipher = call_buf(c);
	char iv[AES_BLOCK_BYTES];

	*ret = args[1];
	if (value_len(args[1]) == 0)
		return true;
	random_bytes(iv, sizeof(iv));
	buf_add(cipher, iv, sizeof(iv));
	if (!aes_cbc(cipher, true, value_as_str(args[0]), iv, value_as_str(args[1])))
		return call_fail(c, "the text cannot be encrypted");
	base64_add(b, buf_str(cipher));
	return call_return_buf(c, b, ret);
}

/* The text without its padding, whose length its last byte tells; Go checks no more. */
static bool remove_padding(struct call *c, struct buf *plain)
{
	size_t padding;

	if (plain->len == 0)
		return call_fail(c, "runtime error: index out of range [-1]");
	padding = (unsigned char)plain->data[plain->len - 1];
	if (padding > plain->len)
		return call_fail(c, "runtime error: slice bounds out of range [:-%zu]",
			padding - plain->len);
	plain->len -= padding;
	return true;
}

static bool crypto_decrypt_aes(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *plain = call_buf(c), *cipher = call_buf(c);
	struct str text = value_as_str(args[1]), blocks;
	size_t capacity = text.len / 4 * 3; /* of the bytes that Go decodes into */
	struct error err = ERROR_INIT;

	*ret = args[1];
	if (text.len == 0)
		return true;
	if (!base64_undo(cipher, text, &err))
		return call_fail_error(c, &err);
	if (capacity < AES_BLOCK_BYTES)
		return call_fail(c,
			"runtime error: slice bounds out of range [:%d] with capacity %zu",
			AES_BLOCK_BYTES, capacity);
	if (cipher->len < AES_BLOCK_BYTES)
		return call_fail(c, "runtime error: slice bounds out of range [%d:%zu]",
			AES_BLOCK_BYTES, cipher->len);
	blocks = str_sub(buf_str(cipher), AES_BLOCK_BYTES, cipher->len);
	if (blocks.len % AES_BLOCK_BYTES)
		return call_fail(c, "crypto/cipher: input not full blocks");
	if (!aes_cbc(plain, false, value_as_str(args[0]), cipher->data, blocks))
		return call_fail(c, "the text cannot be decrypted");
	return remove_padding(c, plain) && call_return_buf(c, plain, ret);
}

/* --- table ----------------------------------------------------------------------------- */

#define TWO_TEXTS FUNC_ARGS(&type_string, &type_string)

static const struct func rows[] = {
	{STR_INIT("bcrypt"), crypto_bcrypt, FUNC_ARGS(&type_string), &type_string,
		FUNC_SLOW | FUNC_VOLATILE},
	{STR_INIT("decryptAES"), crypto_decrypt_aes, TWO_TEXTS, &type_string, 0},
	{STR_INIT("derivePassword"), crypto_derive_password,
		FUNC_ARGS(&type_uint32, &type_string, &type_string, &type_string, &type_string),
		&type_string, FUNC_SLOW},
	{STR_INIT("encryptAES"), crypto_encrypt_aes, TWO_TEXTS, &type_string, FUNC_VOLATILE},
	{STR_INIT("htpasswd"), crypto_htpasswd, TWO_TEXTS, &type_string, FUNC_SLOW | FUNC_VOLATILE},
};

const struct func_table funcs_crypto = {rows, ARRAY_LEN(rows)};
