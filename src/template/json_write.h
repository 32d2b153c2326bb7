/* SPDX-License-Identifier: MIT
 *
 * Values to JSON as Go's encoding/json writes them: keys sorted, struct fields in the order of
 * their declaration, floats in the shortest form, bytes that are not UTF-8 as \ufffd.
 *
 * It stands here and not in value/ because it writes numbers by template/format/.
 */
#ifndef UD_TEMPLATE_JSON_WRITE_H
#define UD_TEMPLATE_JSON_WRITE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "value/value.h"

#include <stdbool.h>

/* Arrays, objects and structs within each other; a map that holds itself ends here. */
#define JSON_WRITE_DEPTH_MAX 2000

struct json_style {
	const char *indent; /* for one level, NULL: all on one line without spaces */
	bool escape_html;   /* < > & as \u003c … */
};

/* Appends v. The error is Go's: a function, a complex number, NaN … has no JSON. arena is for the
 * texts of types that write themselves. */
bool json_write(struct buf *out, struct arena *arena, struct value v,
	const struct json_style *style, struct error *err) MUSTCHECK;

#endif
