/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/certs.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	cr_assert_not_null(ext);
	X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
}

static X509 *new_cert(EVP_PKEY *key, const char *name, int days_from, int days_to)
{
	static long serial = 1;
	X509 *cert = X509_new();
	X509_NAME *subject = X509_get_subject_name(cert);

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
	X509_gmtime_adj(X509_getm_notBefore(cert), (long)days_from * 86400);
	X509_gmtime_adj(X509_getm_notAfter(cert), (long)days_to * 86400);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1,
		0);
	return cert;
}

static void write_pem(const char *path, X509 *cert, EVP_PKEY *key)
{
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f);
	if (cert)
		PEM_write_X509(f, cert);
	if (key)
		PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
}

void ca_init(struct ca *ca, const char *dir, const char *name)
{
	ca->key = EVP_EC_gen("P-256");
	ca->cert = new_cert(ca->key, name, -1, 10);
	X509_set_issuer_name(ca->cert, X509_get_subject_name(ca->cert));
	add_extension(ca->cert, ca->cert, NID_basic_constraints, "critical,CA:TRUE");
	X509_sign(ca->cert, ca->key, EVP_sha256());
	ca->file = xasprintf("%s/%s.pem", dir, name);
	write_pem(ca->file, ca->cert, NULL);
}

void ca_release(struct ca *ca)
{
	EVP_PKEY_free(ca->key);
	X509_free(ca->cert);
	free(ca->file);
}

void ca_issue(const struct ca *ca, const char *dir, const char *name, const char *subject_alt_name,
	int days_from, int days_to)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = new_cert(key, name, days_from, days_to);
	char *cert_file = xasprintf("%s/%s-cert.pem", dir, name);
	char *key_file = xasprintf("%s/%s-key.pem", dir, name);

	X509_set_issuer_name(cert, X509_get_subject_name(ca->cert));
	if (subject_alt_name)
		add_extension(cert, ca->cert, NID_subject_alt_name, subject_alt_name);
	X509_sign(cert, ca->key, EVP_sha256());
	write_pem(cert_file, cert, NULL);
	write_pem(key_file, NULL, key);
	free(cert_file);
	free(key_file);
	X509_free(cert);
	EVP_PKEY_free(key);
}

SSL_CTX *server_context(const char *dir, const char *name, const char *client_ca)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	char *cert_file = xasprintf("%s/%s-cert.pem", dir, name);
	char *key_file = xasprintf("%s/%s-key.pem", dir, name);

	cr_assert_eq(SSL_CTX_use_certificate_chain_file(ctx, cert_file), 1);
	cr_assert_eq(SSL_CTX_use_PrivateKey_file(ctx, key_file, SSL_FILETYPE_PEM), 1);
	if (client_ca) {
		cr_assert_eq(SSL_CTX_load_verify_locations(ctx, client_ca, NULL), 1);
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	}
	free(cert_file);
	free(key_file);
	return ctx;
}
