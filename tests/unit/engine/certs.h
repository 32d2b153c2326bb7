/* SPDX-License-Identifier: MIT
 *
 * Certificates for tests, made on the spot: a CA signs what the test asks for; everything is a PEM
 * file in the directory that the test gives.
 */
#ifndef UD_TEST_CERTS_H
#define UD_TEST_CERTS_H

#include <openssl/ssl.h>

struct ca {
	EVP_PKEY *key;
	X509 *cert;
	char *file;
};

/* Writes DIR/NAME.pem. */
void ca_init(struct ca *ca, const char *dir, const char *name);
void ca_release(struct ca *ca);
/* Writes DIR/NAME-cert.pem and DIR/NAME-key.pem; subject_alt_name as "IP:127.0.0.1,DNS:x", valid
 * from days_from to days_to, counted from today. */
void ca_issue(const struct ca *ca, const char *dir, const char *name, const char *subject_alt_name,
	int days_from, int days_to);
/* A server that uses those files and, with client_ca, wants clients that it signed. */
SSL_CTX *server_context(const char *dir, const char *name, const char *client_ca);

#endif
