/* SPDX-License-Identifier: MIT
 *
 * sprig's functions that make private keys and certificates: a sprig.certificate has the fields
 * Cert and Key, both PEM. They take long and give something else at each call.
 *
 * OpenSSL's objects live only between the reading of the arguments and the making of the result,
 * which are the parts that use the arena.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/certificate.h"
#include "template/funcs/encoding.h"
#include "template/funcs/list.h"
#include "template/funcs/pem.h"
#include "template/funcs/private_key.h"

#include <stddef.h>

/* Names and addresses of one certificate. */
#define NAMES_MAX 1000

struct certificate_value {
	struct str cert, key;
};

static const struct field certificate_fields[] = {
	{STR_INIT("Cert"), &type_string, offsetof(struct certificate_value, cert)},
	{STR_INIT("Key"), &type_string, offsetof(struct certificate_value, key)},
};

static const struct type type_certificate = {
	.kind = KIND_STRUCT,
	.size = sizeof(struct certificate_value),
	.name = "sprig.certificate",
	.fields = certificate_fields,
	.n_fields = ARRAY_LEN(certificate_fields),
};

static bool return_certificate(
	struct call *c, const struct buf *cert, const struct buf *key, struct value *ret)
{
	struct certificate_value *v = arena_new(c->arena, struct certificate_value);

	if (!call_take_buf(c, cert, &v->cert) || !call_take_buf(c, key, &v->key))
		return false;
	*ret = value_rec(&type_certificate, v);
	return true;
}

/* --- arguments -------------------------------------------------------------------------------- */

/* Member i of a list, which must be a string; the error begins with what it is for. */
static bool string_at(
	struct call *c, struct value list, size_t i, const char *what, struct str *ret)
{
	struct value v = list_at(list, i);
	struct str text;

	if (value_type(v) == &type_string) {
		*ret = value_as_str(v);
		return true;
	}
	if (!call_sprint(c, v, &text))
		return false;
	return call_fail(c, "%s: %.*s is not a string", what, STR_ARG(text));
}

static bool read_addresses(struct call *c, struct value list, struct certificate_request *r)
{
	struct ip_address *ips = arena_array(c->arena, struct ip_address, slice_len(list));

	for (size_t i = 0; i < slice_len(list); i++) {
		struct str text;

		if (!string_at(c, list, i, "error parsing ip", &text))
			return false;
		if (!ip_address_parse(text, &ips[i], NULL) || ips[i].zone.len)
			return call_fail(c, "error parsing ip: %.*s", STR_ARG(text));
	}
	r->ips = ips;
	r->n_ips = slice_len(list);
	return true;
}

static bool read_names(struct call *c, struct value list, struct certificate_request *r)
{
	struct str *dns = arena_array(c->arena, struct str, slice_len(list));

	for (size_t i = 0; i < slice_len(list); i++)
		if (!string_at(c, list, i, "error processing alternate dns name", &dns[i]))
			return false;
	r->dns = dns;
	r->n_dns = slice_len(list);
	return true;
}

/* args: common name, addresses, DNS names, days. */
static bool read_request(struct call *c, const struct value *args, struct certificate_request *r)
{
	*r = (struct certificate_request){.name = value_as_str(args[0]), .days = args[3].i};
	if (slice_len(args[1]) + slice_len(args[2]) > NAMES_MAX)
		return call_fail(c, "a certificate has at most %d names and addresses", NAMES_MAX);
	return read_addresses(c, args[1], r) && read_names(c, args[2], r);
}

/* --- making
 * --------------------------------------------------------------------------------------- */

/* What a certificate is made of besides the request; the texts are of arguments. */
struct making {
	const struct certificate_request *request;
	const struct str *key_pem;		/* NULL: a new key */
	const struct certificate_value *issuer; /* NULL: signed by itself */
	struct buf *cert, *key;			/* results */
	struct buf *scratch;
};

static bool take_key(const struct making *m, EVP_PKEY **ret, struct error *err)
{
	if (!m->key_pem) {
		*ret = private_key_generate_rsa(PRIVATE_KEY_CERT_BITS);
		return *ret || error_set(err, "error generating rsa key: the cryptographic "
					      "library cannot make it");
	}
	if (private_key_read(*m->key_pem, m->scratch, ret, err))
		return true;
	return error_prepend(err, "parsing private key: ");
}

static bool take_issuer(
	const struct making *m, X509 **ret_cert, EVP_PKEY **ret_key, struct error *err)
{
	struct str type;

	buf_clear(m->scratch);
	if (!pem_read(m->issuer->cert, &type, m->scratch))
		return error_set(err, "unable to decode certificate");
	if (!certificate_read(buf_str(m->scratch), ret_cert, err))
		return error_prepend(err, "error parsing certificate: decodedCert.Bytes: ");
	if (!private_key_read(m->issuer->key, m->scratch, ret_key, err))
		return error_prepend(err, "error parsing private key: ");
	return true;
}

/* Holds OpenSSL's objects; allocates nothing else but buffers and the error. */
static bool make(const struct making *m, struct error *err)
{
	EVP_PKEY *key = NULL, *issuer_key = NULL;
	X509 *issuer = NULL;
	bool ok = take_key(m, &key, err);

	if (ok && m->issuer)
		ok = take_issuer(m, &issuer, &issuer_key, err);
	ok = ok &&
	     certificate_add(m->cert, m->request, key, issuer, m->issuer ? issuer_key : key, err);
	if (ok && !private_key_add(m->key, key))
		ok = error_set(err, "error pem-encoding key");
	EVP_PKEY_free(key);
	EVP_PKEY_free(issuer_key);
	X509_free(issuer);
	return ok;
}

static bool make_certificate(struct call *c, const struct certificate_request *request,
	const struct value *key_pem, const struct value *issuer, struct value *ret)
{
	struct str pem = key_pem ? value_as_str(*key_pem) : STR("");
	struct making m = {.request = request,
		.key_pem = key_pem ? &pem : NULL,
		.issuer = issuer ? issuer->rec : NULL,
		.cert = call_buf(c),
		.key = call_buf(c),
		.scratch = call_buf(c)};
	struct error err = ERROR_INIT;

	if (!make(&m, &err))
		return call_fail_error(c, &err);
	return return_certificate(c, m.cert, m.key, ret);
}

/* --- functions
 * ------------------------------------------------------------------------------------ */

/* args: common name, days, with a key too. */
static bool make_ca(struct call *c, const struct value *args, bool with_key, struct value *ret)
{
	struct certificate_request r = {
		.name = value_as_str(args[0]), .days = args[1].i, .is_ca = true};

	return make_certificate(c, &r, with_key ? &args[2] : NULL, NULL, ret);
}

static bool certificates_ca(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return make_ca(c, args, false, ret);
}

static bool certificates_ca_with_key(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return make_ca(c, args, true, ret);
}

static bool certificates_self_signed(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct certificate_request r;

	return read_request(c, args, &r) && make_certificate(c, &r, NULL, NULL, ret);
}

static bool certificates_self_signed_with_key(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct certificate_request r;

	return read_request(c, args, &r) && make_certificate(c, &r, &args[4], NULL, ret);
}

static bool certificates_signed(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct certificate_request r;

	return read_request(c, args, &r) && make_certificate(c, &r, NULL, &args[4], ret);
}

static bool certificates_signed_with_key(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct certificate_request r;

	return read_request(c, args, &r) && make_certificate(c, &r, &args[5], &args[4], ret);
}

/* Checks a certificate and a key, both as base64 of PEM. */
static bool check_pair(
	const struct buf *cert, const struct buf *key, struct buf *scratch, struct error *err)
{
	EVP_PKEY *pkey = NULL;
	struct str type;
	X509 *x = NULL;
	bool ok;

	if (!pem_read(buf_str(cert), &type, scratch))
		return error_set(err, "unable to decode certificate");
	ok = certificate_read(buf_str(scratch), &x, err) ||
	     error_prepend(err, "error parsing certificate: decodedCert.Bytes: ");
	if (ok && !private_key_read(buf_str(key), scratch, &pkey, err))
		ok = error_prepend(err, "error parsing private key: ");
	X509_free(x);
	EVP_PKEY_free(pkey);
	return ok;
}

static bool certificates_build(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *cert = call_buf(c), *key = call_buf(c);
	struct error err = ERROR_INIT;

	if (!base64_undo(cert, value_as_str(args[0]), NULL))
		return call_fail(c, "unable to decode base64 certificate");
	if (!base64_undo(key, value_as_str(args[1]), NULL))
		return call_fail(c, "unable to decode base64 private key");
	if (!check_pair(cert, key, call_buf(c), &err))
		return call_fail_error(c, &err);
	return return_certificate(c, cert, key, ret);
}

static bool certificates_private_key(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);
	bool known;
	EVP_PKEY *key = private_key_generate(value_as_str(args[0]), &known);
	bool ok = key && private_key_add(b, key);

	EVP_PKEY_free(key);
	if (!known) {
		buf_add_cstr(b, "Unknown type ");
		buf_add_str(b, value_as_str(args[0]));
	} else if (!ok) {
		buf_clear(b);
		buf_add_cstr(b, "failed to generate private key");
	}
	return call_return_buf(c, b, ret);
}

/* --- table ----------------------------------------------------------------------------- */

#define SLOW	FUNC_SLOW | FUNC_VOLATILE
#define REQUEST &type_string, &type_any_slice, &type_any_slice, &type_int

static const struct func rows[] = {
	{STR_INIT("buildCustomCert"), certificates_build, FUNC_ARGS(&type_string, &type_string),
		&type_certificate, 0},
	{STR_INIT("genCA"), certificates_ca, FUNC_ARGS(&type_string, &type_int), &type_certificate,
		SLOW},
	{STR_INIT("genCAWithKey"), certificates_ca_with_key,
		FUNC_ARGS(&type_string, &type_int, &type_string), &type_certificate, SLOW},
	{STR_INIT("genPrivateKey"), certificates_private_key, FUNC_ARGS(&type_string), &type_string,
		SLOW},
	{STR_INIT("genSelfSignedCert"), certificates_self_signed, FUNC_ARGS(REQUEST),
		&type_certificate, SLOW},
	{STR_INIT("genSelfSignedCertWithKey"), certificates_self_signed_with_key,
		FUNC_ARGS(REQUEST, &type_string), &type_certificate, SLOW},
	{STR_INIT("genSignedCert"), certificates_signed, FUNC_ARGS(REQUEST, &type_certificate),
		&type_certificate, SLOW},
	{STR_INIT("genSignedCertWithKey"), certificates_signed_with_key,
		FUNC_ARGS(REQUEST, &type_certificate, &type_string), &type_certificate, SLOW},
};

const struct func_table funcs_certificates = {rows, ARRAY_LEN(rows)};
