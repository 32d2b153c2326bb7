/* SPDX-License-Identifier: MIT
 *
 * Private keys, see private_key.h.
 */
#include "config.h"

#include "template/funcs/private_key.h"

#include "template/funcs/pem.h"

#include <openssl/x509.h>

#define RSA_BITS   4096
#define DSA_BITS   2048
#define DSA_Q_BITS 256

/* --- making --------------------------------------------------------------------------------- */

EVP_PKEY *private_key_generate_rsa(unsigned bits)
{
	return EVP_RSA_gen(bits);
}

static EVP_PKEY *generate_rsa(void)
{
	return private_key_generate_rsa(RSA_BITS);
}

static EVP_PKEY *generate_ecdsa(void)
{
	return EVP_EC_gen("P-256");
}

static EVP_PKEY *generate_ed25519(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

/* Parameters of a group of their own for each key. */
static EVP_PKEY *generate_dsa_group(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	EVP_PKEY *group = NULL;

	if (!ctx || EVP_PKEY_paramgen_init(ctx) <= 0 ||
		EVP_PKEY_CTX_set_dsa_paramgen_bits(ctx, DSA_BITS) <= 0 ||
		EVP_PKEY_CTX_set_dsa_paramgen_q_bits(ctx, DSA_Q_BITS) <= 0 ||
		EVP_PKEY_generate(ctx, &group) <= 0)
		group = NULL;
	EVP_PKEY_CTX_free(ctx);
	return group;
}

static EVP_PKEY *generate_dsa(void)
{
	EVP_PKEY *group = generate_dsa_group(), *key = NULL;
	EVP_PKEY_CTX *ctx = group ? EVP_PKEY_CTX_new_from_pkey(NULL, group, NULL) : NULL;

	if (!ctx || EVP_PKEY_keygen_init(ctx) <= 0 || EVP_PKEY_generate(ctx, &key) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(group);
	return key;
}

static const struct {
	const char *type;
	EVP_PKEY *(*generate)(void);
} generators[] = {
	{"", generate_rsa},
	{"rsa", generate_rsa},
	{"dsa", generate_dsa},
	{"ecdsa", generate_ecdsa},
	{"ed25519", generate_ed25519},
};

EVP_PKEY *private_key_generate(struct str type, bool *ret_known)
{
	*ret_known = true;
	for (size_t i = 0; i < ARRAY_LEN(generators); i++)
		if (str_eqz(type, generators[i].type))
			return generators[i].generate();
	*ret_known = false;
	return NULL;
}

/* --- reading -------------------------------------------------------------------------------- */

static EVP_PKEY *read_traditional(int type, struct str der)
{
	const unsigned char *p = (const unsigned char *)der.p;

	return d2i_PrivateKey(type, NULL, &p, (long)der.len);
}

static EVP_PKEY *read_rsa(struct str der)
{
	return read_traditional(EVP_PKEY_RSA, der);
}

static EVP_PKEY *read_ec(struct str der)
{
	return read_traditional(EVP_PKEY_EC, der);
}

static EVP_PKEY *read_dsa(struct str der)
{
	return read_traditional(EVP_PKEY_DSA, der);
}

static EVP_PKEY *read_pkcs8(struct str der)
{
	const unsigned char *p = (const unsigned char *)der.p;
	PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.len);
	EVP_PKEY *key = info ? EVP_PKCS82PKEY(info) : NULL;

	PKCS8_PRIV_KEY_INFO_free(info);
	return key;
}

/* The forms of keys by the type of their block. */
static const struct form {
	const char *block;
	EVP_PKEY *(*read)(struct str der);
	const char *context;  /* before the error */
	const char *function; /* Go's name of the one that reads it; errors advise it */
} forms[] = {
	{"PRIVATE KEY", read_pkcs8, "decoding PEM as PKCS#8", "ParsePKCS8PrivateKey"},
	{"RSA PRIVATE KEY", read_rsa, "parsing RSA private key from PEM", "ParsePKCS1PrivateKey"},
	{"EC PRIVATE KEY", read_ec, "parsing EC private key from PEM", "ParseECPrivateKey"},
	{"DSA PRIVATE KEY", read_dsa, "parsing DSA private key from PEM", NULL},
};

/* Says why the bytes are no key of this form: perhaps they are one of another. */
static bool fail_form(const struct form *form, struct str der, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		EVP_PKEY *key = &forms[i] != form && forms[i].function && form->function
					? forms[i].read(der)
					: NULL;

		if (!key)
			continue;
		EVP_PKEY_free(key);
		return error_set(err,
			"%s: x509: failed to parse private key (use %s instead for this key "
			"format)",
			form->context, forms[i].function);
	}
	return error_set(err, "%s: %s%s", form->context,
		form->read == read_ec ? "x509: failed to parse EC private key: " : "",
		der.len ? "asn1: structure error: malformed key"
			: "asn1: syntax error: sequence truncated");
}

bool private_key_read(struct str text, struct buf *scratch, EVP_PKEY **ret, struct error *err)
{
	struct str type, der;

	buf_clear(scratch);
	if (!pem_read(text, &type, scratch))
		return error_set(err, "no PEM data in input");
	der = buf_str(scratch);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (!str_eqz(type, forms[i].block))
			continue;
		*ret = der.len ? forms[i].read(der) : NULL;
		return *ret || fail_form(&forms[i], der, err);
	}
	if (!str_has_suffix(type, STR(" PRIVATE KEY")))
		return error_set(
			err, "no private key data in PEM block of type %.*s", STR_ARG(type));
	return error_set(err, "invalid private key type %.*s", STR_ARG(type));
}

/* --- writing -------------------------------------------------------------------------------- */

/* The key's bytes, allocated by OpenSSL, and the type of their block. */
static int encode(EVP_PKEY *key, unsigned char **ret, const char **ret_type)
{
	PKCS8_PRIV_KEY_INFO *info;
	int len;

	*ret_type = EVP_PKEY_is_a(key, "RSA")	? "RSA PRIVATE KEY"
		    : EVP_PKEY_is_a(key, "EC")	? "EC PRIVATE KEY"
		    : EVP_PKEY_is_a(key, "DSA") ? "DSA PRIVATE KEY"
						: NULL;
	if (*ret_type)
		return i2d_PrivateKey(key, ret);
	*ret_type = "PRIVATE KEY";
	info = EVP_PKEY2PKCS8(key);
	len = info ? i2d_PKCS8_PRIV_KEY_INFO(info, ret) : -1;
	PKCS8_PRIV_KEY_INFO_free(info);
	return len;
}

bool private_key_add(struct buf *out, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	const char *type;
	int len = encode(key, &der, &type);

	if (len > 0)
		pem_add(out, type, str_n((const char *)der, (size_t)len));
	if (der)
		OPENSSL_clear_free(der, len > 0 ? (size_t)len : 0);
	return len > 0;
}
