/* SPDX-License-Identifier: MIT
 *
 * An error of a template for people: the line of the source that it names, and a mark below the
 * column. The texts of errors stay as they are; what they name is read out of them:
 *
 *	for (at = 0; source_place_next(text, &at, &place);)
 *		if (…the source of place.name is at hand…)
 *			source_view_add(&out, source, &place, colour);
 *
 * Pure.
 */
#ifndef UD_TEMPLATE_SOURCE_VIEW_H
#define UD_TEMPLATE_SOURCE_VIEW_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Columns of the screen that a line of the source takes; of a longer one the part around the mark is
 * shown. */
#define SOURCE_VIEW_COLUMNS 100
/* Columns from one tab stop to the next. */
#define SOURCE_VIEW_TAB 4

struct source_place {
	struct str name; /* of the template; borrowed from the text */
	uint32_t line;   /* from 1 */
	uint32_t column; /* bytes from 0, if it has one */
	bool has_column;
};

/* The next place that text names behind offset *at, which moves on. What a template's name could be
 * is not known here: compare it with those that there are. */
bool source_place_next(struct str text, size_t *at, struct source_place *ret);
/* Appends the line and, if the place has a column, one with a mark; nothing if source has no such
 * line. Tabs are spread, control characters replaced. */
void source_view_add(struct buf *out, struct str source, const struct source_place *place,
	bool colour);
/* The line alone, without white space around it. */
struct str source_line(struct str source, uint32_t line);

#endif
