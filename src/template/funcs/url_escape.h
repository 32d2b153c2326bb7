/* SPDX-License-Identifier: MIT
 *
 * Percent escapes within the parts of a URL, by Go's rules for each part.
 */
#ifndef UD_TEMPLATE_URL_ESCAPE_H
#define UD_TEMPLATE_URL_ESCAPE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

enum url_part { URL_PATH, URL_HOST, URL_ZONE, URL_USER, URL_FRAGMENT };

/* Appends s with what the part cannot hold escaped. */
void url_escape(struct buf *out, struct str s, enum url_part part);
/* The text behind the escapes, in the arena or s itself. The error names the escape, or what a host
 * must not hold. */
bool url_unescape(struct arena *a, struct str s, enum url_part part, struct str *ret,
	struct error *err) MUSTCHECK;

#endif
