/* SPDX-License-Identifier: MIT
 *
 * Character classes of RE2 as parts of a PCRE2 class; used by re2.c only.
 */
#ifndef UD_TEMPLATE_RE2_CLASS_H
#define UD_TEMPLATE_RE2_CLASS_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Writes the range lo..hi of runes as part of a class. Surrogates, which no text holds, are left
 * out; false if nothing is left. */
bool re2_class_add_range(struct buf *out, uint32_t lo, uint32_t hi);
/* Writes the class called name (`\d`, `\W`, `[:alpha:]`, `[:^word:]`) as parts of a class; false if
 * there is none of that name. fold: case does not count. */
bool re2_class_add_named(struct buf *out, struct str name, bool fold);
/* Writes the Unicode class called name (Greek, Lu, Letter, Any), negated or not, as part of a
 * class; false if there is none of that name. */
bool re2_class_add_unicode(struct buf *out, struct str name, bool negated);

#endif
