/* SPDX-License-Identifier: MIT
 *
 * Durations as people write them: "500ms", "1.5s", "1m30s", "0".
 */
#ifndef UD_CONFIG_DURATION_H
#define UD_CONFIG_DURATION_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define DURATION_MAX_NS (INT64_C(366) * 24 * 3600 * 1000000000)

/* Numbers with unit (ms, s, m, h), one or several, whole milliseconds in all and at most
 * DURATION_MAX_NS; a 0 needs no unit. */
bool duration_parse(struct str text, int64_t *ret_ns) MUSTCHECK;
/* Appends ns (whole milliseconds, not negative) as duration_parse reads it. */
void duration_print(int64_t ns, struct buf *out);

#endif
