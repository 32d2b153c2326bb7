/* SPDX-License-Identifier: MIT
 *
 * Private keys as sprig makes, reads and writes them. The objects are OpenSSL's and owned by the
 * caller, who must not allocate from an arena while holding one.
 */
#ifndef UD_TEMPLATE_PRIVATE_KEY_H
#define UD_TEMPLATE_PRIVATE_KEY_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <openssl/evp.h>
#include <stdbool.h>

/* Bits of RSA keys of certificates. */
#define PRIVATE_KEY_CERT_BITS 2048

/* A key of this type ("" and "rsa", "dsa", "ecdsa", "ed25519"); NULL if there is no such type, or
 * if *ret_known is true because it cannot be made. */
EVP_PKEY *private_key_generate(struct str type, bool *ret_known);
EVP_PKEY *private_key_generate_rsa(unsigned bits);
/* Reads the first PEM block of text; scratch's contents are lost. The error is sprig's. */
bool private_key_read(
	struct str text, struct buf *scratch, EVP_PKEY **ret, struct error *err) MUSTCHECK;
/* Appends the key as PEM in the form that belongs to its type. */
bool private_key_add(struct buf *out, EVP_PKEY *key) MUSTCHECK;

#endif
