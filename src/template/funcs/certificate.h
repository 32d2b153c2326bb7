/* SPDX-License-Identifier: MIT
 *
 * X.509 certificates as Go's crypto/x509 makes them for sprig.
 */
#ifndef UD_TEMPLATE_CERTIFICATE_H
#define UD_TEMPLATE_CERTIFICATE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "template/funcs/ip_address.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a certificate is to say. */
struct certificate_request {
	struct str name; /* common name, may be empty */
	const struct ip_address *ips;
	size_t n_ips;
	const struct str *dns;
	size_t n_dns;
	int64_t days;
	bool is_ca;
};

/* Appends a certificate for key as PEM, signed by signer in the name of issuer; NULL: by itself. */
bool certificate_add(struct buf *out, const struct certificate_request *request, EVP_PKEY *key,
	const X509 *issuer, EVP_PKEY *signer, struct error *err) MUSTCHECK;
/* Reads the bytes of a certificate; the caller frees *ret, which may be NULL. */
bool certificate_read(struct str der, X509 **ret, struct error *err) MUSTCHECK;

#endif
