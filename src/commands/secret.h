/* SPDX-License-Identifier: MIT
 *
 * What looks like a secret, and how it is masked: values by the name that they have, and what gives
 * itself away (passwords in URLs, private keys, hashes of passwords). A guess: a secret under a
 * harmless name stays. Pure.
 */
#ifndef UD_COMMANDS_SECRET_H
#define UD_COMMANDS_SECRET_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

/* What stands in place of a secret. */
#define SECRET_MASK "REDACTED"

/* Whether a variable, label or option of that name looks as if its value were secret: one of its words
 * is such a word ("DB_PASS", "apiKey", "traefik.basicauth.users"). */
bool secret_is_name(struct str name);
/* Whether the value of such a name is one: not empty, and no path of a file that holds the secret. */
bool secret_is_value(struct str name, struct str value);
/* Appends text with what looks secret in it masked. */
void secret_mask(struct str text, struct buf *out);

#endif
