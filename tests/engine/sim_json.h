/* SPDX-License-Identifier: MIT
 *
 * JSON as Go's encoder writes it, and small helpers over yajl's tree.
 */
#ifndef SIM_JSON_H
#define SIM_JSON_H

#include "base/buf.h"
#include "base/error.h"

#include <yajl/yajl_tree.h>

/* A quoted string; html: '<', '>' and '&' become \u003c and so on, as json.Marshal does. */
void json_string(struct buf *out, struct str s, bool html);
void json_cstring(struct buf *out, const char *s, bool html);
/* A value as compact JSON; members keep their order, numbers their text. */
void json_value(struct buf *out, yajl_val v, bool html);
/* Parses a whole document; freed by yajl_tree_free. */
bool json_parse(const char *text, size_t len, yajl_val *ret, struct error *err) MUSTCHECK;
/* The member of that name, NULL if v is no object or has none. */
yajl_val json_member(yajl_val v, const char *key);

#endif
