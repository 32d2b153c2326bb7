/* SPDX-License-Identifier: MIT
 *
 * URLs taken apart and put together as Go's net/url does it.
 */
#ifndef UD_TEMPLATE_URL_PARSE_H
#define UD_TEMPLATE_URL_PARSE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>

/* The parts, without their escapes but for the query; all in the arena or borrowed. */
struct url {
	struct str scheme, opaque;
	bool has_user, has_password;
	struct str user, password;
	struct str host; /* with its port */
	struct str path, query, fragment;
};

/* The error is Go's: `parse "TEXT": …`. */
bool url_parse(struct arena *a, struct str text, struct url *ret, struct error *err) MUSTCHECK;
/* The host without port and brackets. */
struct str url_hostname(const struct url *u);
/* Appends user and password, escaped. */
void url_add_user(struct buf *out, const struct url *u);
/* Appends the whole. */
void url_add(struct buf *out, const struct url *u);

#endif
