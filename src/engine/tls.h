/* SPDX-License-Identifier: MIT
 *
 * TLS towards an engine: which certificates are used, whom we believe, and what a failure means.
 * Chain and host name of the engine's certificate are always verified. Calling sequence:
 *
 *	struct tls *t = tls_new(&options, host, &err);
 *	SSL *ssl = tls_session(t, &err);        one for each connection, owned by the caller
 *	tls_explain(t, openssl_error, &err);    when a connection fails
 *	tls_free(t);
 */
#ifndef UD_ENGINE_TLS_H
#define UD_ENGINE_TLS_H

#include "base/base.h"
#include "base/error.h"

#include <stdbool.h>

struct ssl_st;
struct tls;

/* Paths of PEM files; NULL where there is none. All is copied. */
struct tls_options {
	const char *ca;          /* whom to believe; the system's CAs if NULL */
	const char *cert, *key;  /* ours, both or neither */
	const char *server_name; /* the name in the engine's certificate; the host if NULL */
};

/* Reads the files; an error names the file. */
struct tls *tls_new(const struct tls_options *options, const char *host, struct error *err) MUSTCHECK;
void tls_free(struct tls *t);
/* The files may have been renewed: the next session reads them again. */
void tls_refresh(struct tls *t);
/* NULL if the files cannot be read any more. */
struct ssl_st *tls_session(struct tls *t, struct error *err) MUSTCHECK;
/* The errno value behind an OpenSSL error code; 0: it is no error of the system. */
int tls_errno(unsigned long error);
/* Says in words why a connection failed: from the certificate's check, or from error, an OpenSSL
 * error code (0: none). False if neither says anything. */
bool tls_explain(struct tls *t, unsigned long error, struct error *err);

#endif
