/* SPDX-License-Identifier: MIT
 *
 * A JSON text with its secrets masked (secret.h): values of members whose name looks secret, strings
 * of the form NAME=VALUE, arguments behind an option such as --password, and what gives itself away in
 * any string. All else stays byte for byte.
 */
#ifndef UD_COMMANDS_REDACT_H
#define UD_COMMANDS_REDACT_H

#include "base/buf.h"
#include "base/str.h"

/* Appends json, which is valid, masked. */
void redact_json(struct str json, struct buf *out);

#endif
