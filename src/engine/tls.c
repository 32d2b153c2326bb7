/* SPDX-License-Identifier: MIT
 *
 * OpenSSL's client side, see tls.h. The context is made from the files at first, and again for the
 * first session after tls_refresh, so that renewed certificates are taken up at the next connect.
 */
#include "config.h"

#include "engine/tls.h"

#include "base/alloc.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

/* Names and dates of a certificate in a message. */
#define TLS_WORDS_MAX 160

struct tls {
	char *ca, *cert, *key, *name;
	SSL_CTX *ctx;   /* NULL: to be made */
	char *refusal;  /* why the engine's certificate was refused last, in words */
};

/* The first reason in OpenSSL's queue, which is emptied: what the system said, if it was that. */
static const char *first_reason(void)
{
	unsigned long code = ERR_peek_error();
	const char *reason = ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code))
						    : ERR_reason_error_string(code);

	ERR_clear_error();
	return reason ? reason : "unknown error";
}

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static void add_date(const ASN1_TIME *time, struct error *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char words[TLS_WORDS_MAX];
	int n;

	ASN1_TIME_print(bio, time);
	n = BIO_read(bio, words, sizeof(words) - 1);
	BIO_free(bio);
	if (n > 0)
		error_append(err, " (%.*s)", n, words);
}

/* What the check found, with what a person needs to repair it. */
static void describe_refusal(const struct tls *t, int code, X509 *cert, struct error *err)
{
	char subject[TLS_WORDS_MAX] = "unknown";

	if (cert)
		X509_NAME_oneline(X509_get_subject_name(cert), subject, sizeof(subject));
	error_set(err, "the engine's certificate (%s) is refused: %s", subject,
		X509_verify_cert_error_string(code));
	if (cert && code == X509_V_ERR_CERT_HAS_EXPIRED)
		add_date(X509_get0_notAfter(cert), err);
	else if (cert && code == X509_V_ERR_CERT_NOT_YET_VALID)
		add_date(X509_get0_notBefore(cert), err);
	else if (code == X509_V_ERR_HOSTNAME_MISMATCH || code == X509_V_ERR_IP_ADDRESS_MISMATCH)
		error_append(err, " (it is not for %s)", t->name);
	else if (code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
		code == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
		code == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
		code == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE)
		error_append(err, " (its CA is not in %s)", t->ca ? t->ca : "the system's CAs");
}

/* Called for each certificate of the chain; remembers the first refusal of a connection. */
static int tls_on_verify(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	struct error err = ERROR_INIT;

	if (ok)
		return 1;
	describe_refusal(t, X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_current_cert(store),
		&err);
	free(t->refusal);
	t->refusal = err.text;
	return 0;
}

static bool load_own(const struct tls *t, SSL_CTX *ctx, struct error *err)
{
	if (!t->cert && !t->key)
		return true;
	if (!t->cert || !t->key)
		return error_set(err, "a client certificate needs its key, and a key its certificate");
	if (SSL_CTX_use_certificate_chain_file(ctx, t->cert) != 1)
		return error_set(err, "client certificate %s: %s", t->cert, first_reason());
	if (SSL_CTX_use_PrivateKey_file(ctx, t->key, SSL_FILETYPE_PEM) != 1)
		return error_set(err, "client key %s: %s", t->key, first_reason());
	if (SSL_CTX_check_private_key(ctx) != 1)
		return error_set(err, "client key %s does not belong to certificate %s", t->key,
			t->cert);
	return true;
}

static bool load_ca(const struct tls *t, SSL_CTX *ctx, struct error *err)
{
	if (!t->ca)
		return SSL_CTX_set_default_verify_paths(ctx) == 1 ||
			error_set(err, "the system's CAs: %s", first_reason());
	if (SSL_CTX_load_verify_locations(ctx, t->ca, NULL) != 1)
		return error_set(err, "CA file %s: %s", t->ca, first_reason());
	return true;
}

static bool make_context(struct tls *t, struct error *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (!ctx)
		return error_set(err, "cannot begin TLS: %s", first_reason());
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, tls_on_verify);
	SSL_CTX_set_app_data(ctx, t);
	if (!load_ca(t, ctx, err) || !load_own(t, ctx, err)) {
		SSL_CTX_free(ctx);
		return false;
	}
	SSL_CTX_free(t->ctx);
	t->ctx = ctx;
	return true;
}

struct tls *tls_new(const struct tls_options *options, const char *host, struct error *err)
{
	struct tls *t = xcalloc(1, sizeof(*t));

	t->ca = copy(options->ca);
	t->cert = copy(options->cert);
	t->key = copy(options->key);
	t->name = xstrdup(options->server_name ? options->server_name : host);
	if (make_context(t, err))
		return t;
	tls_free(t);
	return NULL;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	SSL_CTX_free(t->ctx);
	free(t->ca);
	free(t->cert);
	free(t->key);
	free(t->name);
	free(t->refusal);
	free(t);
}

void tls_refresh(struct tls *t)
{
	SSL_CTX_free(t->ctx);
	t->ctx = NULL;
}

static bool is_address(const char *name)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

struct ssl_st *tls_session(struct tls *t, struct error *err)
{
	SSL *ssl;
	int ok;

	free(t->refusal);
	t->refusal = NULL;
	if (!t->ctx && !make_context(t, err))
		return NULL;
	ERR_clear_error();
	ssl = SSL_new(t->ctx);
	if (!ssl) {
		error_set(err, "cannot begin TLS: %s", first_reason());
		return NULL;
	}
	if (is_address(t->name))
		ok = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), t->name);
	else
		ok = SSL_set1_host(ssl, t->name) && SSL_set_tlsext_host_name(ssl, t->name);
	if (ok)
		return ssl;
	error_set(err, "TLS name %s: %s", t->name, first_reason());
	SSL_free(ssl);
	return NULL;
}

/* Alerts that the engine sends for want of a good certificate of ours, and what one gets from a
 * port that speaks something else. */
static const struct {
	int reason;
	const char *words;
} meanings[] = {
	{SSL_R_WRONG_VERSION_NUMBER, "the port does not speak TLS"},
	{SSL_R_HTTP_REQUEST, "the port does not speak TLS"},
	{SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, "the engine wants a client certificate"},
	{SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "the engine does not accept our client certificate"},
	{SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "our client certificate has expired"},
	{SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, "the engine does not accept our client certificate"},
	{SSL_R_TLSV1_ALERT_UNKNOWN_CA, "the engine does not know the CA of our client certificate"},
	{SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, "the engine refused the TLS handshake"},
};

int tls_errno(unsigned long error)
{
	return ERR_SYSTEM_ERROR(error) ? ERR_GET_REASON(error) : 0;
}

bool tls_explain(struct tls *t, unsigned long error, struct error *err)
{
	const char *words = NULL, *reason;

	if (t->refusal) {
		error_set(err, "%s", t->refusal);
		return true;
	}
	/* libevent passes SSL_get_error's result off as an error where OpenSSL has none. */
	if (ERR_GET_LIB(error) == 0 || ERR_SYSTEM_ERROR(error))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
		if (meanings[i].reason == ERR_GET_REASON(error))
			words = meanings[i].words;
	reason = ERR_reason_error_string(error);
	error_set(err, "%s (TLS: %s)", words ? words : "the TLS connection failed",
		reason ? reason : "unknown error");
	if (words && !t->cert && ERR_GET_REASON(error) != SSL_R_WRONG_VERSION_NUMBER &&
		ERR_GET_REASON(error) != SSL_R_HTTP_REQUEST)
		error_append(err, "; none is configured");
	return true;
}
