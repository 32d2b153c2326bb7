/* SPDX-License-Identifier: MIT
 *
 * PEM blocks (RFC 7468) as Go's encoding/pem reads and writes them.
 */
#ifndef UD_TEMPLATE_PEM_H
#define UD_TEMPLATE_PEM_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

/* The first block of text: its type, borrowed, and its bytes appended to out. False if there is
 * none; blocks that are malformed are passed over. */
bool pem_read(struct str text, struct str *ret_type, struct buf *out) MUSTCHECK;
void pem_add(struct buf *out, const char *type, struct str bytes);

#endif
