/* SPDX-License-Identifier: MIT
 *
 * Base64 with the standard alphabet and padding, as Go's encoding/base64 reads and writes it.
 */
#ifndef UD_TEMPLATE_ENCODING_H
#define UD_TEMPLATE_ENCODING_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

void base64_add(struct buf *out, struct str s);
/* Appends what s encodes; newlines in it do not count. The error is Go's and tells the place. */
bool base64_undo(struct buf *out, struct str s, struct error *err) MUSTCHECK;

#endif
