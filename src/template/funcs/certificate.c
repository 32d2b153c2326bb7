/* SPDX-License-Identifier: MIT
 *
 * X.509 certificates by OpenSSL, see certificate.h. Extensions, their order and encoding are those
 * of Go's x509.CreateCertificate. No arena is used here.
 */
#include "config.h"

#include "template/funcs/certificate.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "template/format/quote.h"
#include "template/funcs/pem.h"
#include "template/funcs/random.h"

#include <openssl/sha.h>
#include <openssl/x509v3.h>

#define SERIAL_BYTES  16
#define KEY_ID_BYTES  20
#define SECONDS_A_DAY 86400
#define VERSION_3     2

/* --- reading -------------------------------------------------------------------------------- */

/* A DER element at the start of s with this tag: its contents, and its whole length. */
static bool read_element(struct str s, unsigned char tag, struct str *ret, size_t *ret_len)
{
	const unsigned char *p = (const unsigned char *)s.p;
	long len;
	int found_tag, class;

	if (s.len == 0 || (unsigned char)s.p[0] != tag)
		return false;
	/* Bit 0x80: an error, or more than there is. */
	if (ASN1_get_object(&p, &len, &found_tag, &class, (long)s.len) & 0x81)
		return false;
	*ret = str_n((const char *)p, (size_t)len);
	*ret_len = (size_t)((const char *)p - s.p) + (size_t)len;
	return true;
}

#define TAG_SEQUENCE 0x30

bool certificate_read(struct str der, X509 **ret, struct error *err)
{
	const unsigned char *p = (const unsigned char *)der.p;
	struct str outer, tbs;
	size_t len, tbs_len;

	if (!read_element(der, TAG_SEQUENCE, &outer, &len))
		return error_set(err, "x509: malformed certificate");
	if (len != der.len)
		return error_set(err, "x509: trailing data");
	if (!read_element(outer, TAG_SEQUENCE, &tbs, &tbs_len))
		return error_set(err, "x509: malformed tbs certificate");
	*ret = d2i_X509(NULL, &p, (long)der.len);
	return *ret || error_set(err, "x509: malformed certificate");
}

/* --- parts -------------------------------------------------------------------------------------
 */

static bool set_serial(X509 *x)
{
	unsigned char bytes[SERIAL_BYTES];
	BIGNUM *number;
	bool ok;

	random_bytes(bytes, sizeof(bytes));
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
	BN_free(number);
	return ok;
}

/* Whether a text can be a PrintableString, by Go's idea of one. */
static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    (c && strchr(" '()+,-./:=?", c))))
			return false;
	}
	return true;
}

static bool set_subject(X509 *x, struct str name)
{
	int type = is_printable(name) ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;
	X509_NAME *subject = X509_get_subject_name(x);

	return name.len == 0 || X509_NAME_add_entry_by_NID(subject, NID_commonName, type,
					(const unsigned char *)name.p, (int)name.len, -1, 0);
}

/* Go multiplies days by nanoseconds, which may wrap around. */
static bool set_validity(X509 *x, int64_t days)
{
	int64_t now = clock_real_ns() / NS_PER_S;
	int64_t ns = (int64_t)((uint64_t)days * SECONDS_A_DAY * NS_PER_S);

	return ASN1_TIME_set(X509_getm_notBefore(x), (time_t)now) &&
	       ASN1_TIME_set(X509_getm_notAfter(x), (time_t)(now + ns / NS_PER_S));
}

static bool add_extension(X509 *x, int nid, void *value, bool critical)
{
	return value && X509_add1_ext_i2d(x, nid, value, critical, X509V3_ADD_APPEND) == 1;
}

/* Bits are counted from the most significant one of the first byte. */
static bool add_key_usage(X509 *x, bool is_ca)
{
	ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
	bool ok = usage && ASN1_BIT_STRING_set_bit(usage, 0, 1) &&
		  ASN1_BIT_STRING_set_bit(usage, 2, 1) &&
		  (!is_ca || ASN1_BIT_STRING_set_bit(usage, 5, 1)) &&
		  add_extension(x, NID_key_usage, usage, true);

	ASN1_BIT_STRING_free(usage);
	return ok;
}

static bool add_extended_usage(X509 *x)
{
	EXTENDED_KEY_USAGE *usage = EXTENDED_KEY_USAGE_new();
	bool ok = usage && sk_ASN1_OBJECT_push(usage, OBJ_nid2obj(NID_server_auth)) &&
		  sk_ASN1_OBJECT_push(usage, OBJ_nid2obj(NID_client_auth)) &&
		  add_extension(x, NID_ext_key_usage, usage, false);

	EXTENDED_KEY_USAGE_free(usage);
	return ok;
}

static bool add_basic_constraints(X509 *x, bool is_ca)
{
	BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
	bool ok;

	if (constraints)
		constraints->ca = is_ca ? 0xff : 0;
	ok = add_extension(x, NID_basic_constraints, constraints, true);
	BASIC_CONSTRAINTS_free(constraints);
	return ok;
}

/* The first bytes of SHA-256 of the public key (RFC 7093). */
static bool add_key_id(X509 *x)
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(x);
	ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
	unsigned char digest[SHA256_DIGEST_LENGTH];
	bool ok = key && id &&
		  SHA256(ASN1_STRING_get0_data(key), (size_t)ASN1_STRING_length(key), digest) &&
		  ASN1_OCTET_STRING_set(id, digest, KEY_ID_BYTES) &&
		  add_extension(x, NID_subject_key_identifier, id, false);

	ASN1_OCTET_STRING_free(id);
	return ok;
}

/* The issuer's key identifier, if it has one. */
static bool add_authority(X509 *x, const X509 *issuer)
{
	int at = X509_get_ext_by_NID(issuer, NID_subject_key_identifier, -1);
	ASN1_OCTET_STRING *id = at < 0 ? NULL : X509V3_EXT_d2i(X509_get_ext(issuer, at));
	AUTHORITY_KEYID *authority;
	bool ok;

	if (!id)
		return true;
	authority = AUTHORITY_KEYID_new();
	if (authority)
		authority->keyid = id;
	else
		ASN1_OCTET_STRING_free(id);
	ok = add_extension(x, NID_authority_key_identifier, authority, false);
	AUTHORITY_KEYID_free(authority);
	return ok;
}

/* --- names and addresses ------------------------------------------------------------------------
 */

static bool push_name(GENERAL_NAMES *names, int type, ASN1_STRING *value, const void *p, size_t n)
{
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (!name || !value || !ASN1_STRING_set(value, p, (int)n)) {
		GENERAL_NAME_free(name);
		ASN1_STRING_free(value);
		return false;
	}
	GENERAL_NAME_set0_value(name, type, value);
	if (sk_GENERAL_NAME_push(names, name))
		return true;
	GENERAL_NAME_free(name);
	return false;
}

/* ::ffff:a.b.c.d is IPv4 to Go. */
static bool is_mapped_v4(const struct ip_address *ip)
{
	static const unsigned char prefix[12] = {[10] = 0xff, [11] = 0xff};

	return !ip->is_v4 && memcmp(ip->bytes, prefix, sizeof(prefix)) == 0;
}

static bool push_address(GENERAL_NAMES *names, const struct ip_address *ip)
{
	ASN1_STRING *value = ASN1_OCTET_STRING_new();

	if (is_mapped_v4(ip))
		return push_name(names, GEN_IPADD, value, ip->bytes + 12, 4);
	return push_name(names, GEN_IPADD, value, ip->bytes, ip->is_v4 ? 4 : 16);
}

static bool add_names(X509 *x, const struct certificate_request *r)
{
	GENERAL_NAMES *names;
	bool ok;

	if (r->n_dns + r->n_ips == 0)
		return true;
	names = GENERAL_NAMES_new();
	ok = names != NULL;
	for (size_t i = 0; i < r->n_dns && ok; i++)
		ok = push_name(names, GEN_DNS, ASN1_IA5STRING_new(), r->dns[i].p, r->dns[i].len);
	for (size_t i = 0; i < r->n_ips && ok; i++)
		ok = push_address(names, &r->ips[i]);
	/* Without a subject the names are all there is to tell whose it is. */
	ok = ok && add_extension(x, NID_subject_alt_name, names, r->name.len == 0);
	GENERAL_NAMES_free(names);
	return ok;
}

static bool check_names(const struct certificate_request *r, struct error *err)
{
	struct buf b;

	for (size_t i = 0; i < r->n_dns; i++) {
		bool ascii = true;

		for (size_t j = 0; j < r->dns[i].len; j++)
			ascii &= (unsigned char)r->dns[i].p[j] < 0x80;
		if (ascii)
			continue;
		buf_init(&b, SIZE_MAX);
		quote_add(&b, r->dns[i], QUOTE_PRINT);
		error_set(err,
			"error creating certificate: x509: %s cannot be encoded as an IA5String",
			buf_cstr(&b));
		buf_release(&b);
		return false;
	}
	if (utf8_valid(r->name))
		return true;
	return error_set(err, "error creating certificate: asn1: string not valid UTF-8");
}

/* --- signing
 * --------------------------------------------------------------------------------------- */

/* The digest that goes with the signer's key; NULL where the algorithm has its own. */
static bool find_digest(EVP_PKEY *signer, const EVP_MD **ret)
{
	int bits = EVP_PKEY_get_bits(signer);

	*ret = EVP_sha256();
	if (EVP_PKEY_is_a(signer, "ED25519"))
		*ret = NULL;
	else if (EVP_PKEY_is_a(signer, "EC"))
		*ret = bits > 384 ? EVP_sha512() : bits > 256 ? EVP_sha384() : EVP_sha256();
	else
		return EVP_PKEY_is_a(signer, "RSA");
	return true;
}

static bool fill(X509 *x, const struct certificate_request *r, EVP_PKEY *key, const X509 *issuer)
{
	return X509_set_version(x, VERSION_3) && set_serial(x) && set_subject(x, r->name) &&
	       X509_set_issuer_name(
		       x, issuer ? X509_get_subject_name(issuer) : X509_get_subject_name(x)) &&
	       set_validity(x, r->days) && X509_set_pubkey(x, key) && add_key_usage(x, r->is_ca) &&
	       add_extended_usage(x) && add_basic_constraints(x, r->is_ca) &&
	       (!r->is_ca || add_key_id(x)) && (!issuer || add_authority(x, issuer)) &&
	       add_names(x, r);
}

static bool add_pem(struct buf *out, const X509 *x)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x, &der);

	if (len > 0)
		pem_add(out, "CERTIFICATE", str_n((const char *)der, (size_t)len));
	OPENSSL_free(der);
	return len > 0;
}

bool certificate_add(struct buf *out, const struct certificate_request *request, EVP_PKEY *key,
	const X509 *issuer, EVP_PKEY *signer, struct error *err)
{
	const EVP_MD *digest;
	X509 *x;
	bool ok;

	if (!check_names(request, err))
		return false;
	if (!find_digest(signer, &digest))
		return error_set(err, "error creating certificate: x509: certificate private key "
				      "does not implement crypto.Signer");
	if (issuer && EVP_PKEY_eq(X509_get0_pubkey(issuer), signer) != 1)
		return error_set(err, "error creating certificate: x509: provided PrivateKey "
				      "doesn't match parent's PublicKey");
	x = X509_new();
	ok = x && fill(x, request, key, issuer) && X509_sign(x, signer, digest) > 0 &&
	     add_pem(out, x);
	X509_free(x);
	return ok || error_set(err, "error creating certificate: the cryptographic library "
				    "cannot make it");
}
