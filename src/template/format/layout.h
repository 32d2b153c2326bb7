/* SPDX-License-Identifier: MIT
 *
 * Takes time layouts apart into literal text and elements. Shared by writing and reading of times.
 */
#ifndef UD_TEMPLATE_FORMAT_LAYOUT_H
#define UD_TEMPLATE_FORMAT_LAYOUT_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

enum layout_element {
	LAYOUT_NONE, /* the end */
	LAYOUT_LONG_MONTH,
	LAYOUT_MONTH,
	LAYOUT_NUM_MONTH,
	LAYOUT_ZERO_MONTH,
	LAYOUT_LONG_WEEKDAY,
	LAYOUT_WEEKDAY,
	LAYOUT_DAY,
	LAYOUT_SPACE_DAY,
	LAYOUT_ZERO_DAY,
	LAYOUT_SPACE_YEAR_DAY,
	LAYOUT_ZERO_YEAR_DAY,
	LAYOUT_HOUR,
	LAYOUT_HOUR12,
	LAYOUT_ZERO_HOUR12,
	LAYOUT_MINUTE,
	LAYOUT_ZERO_MINUTE,
	LAYOUT_SECOND,
	LAYOUT_ZERO_SECOND,
	LAYOUT_LONG_YEAR,
	LAYOUT_YEAR,
	LAYOUT_PM,
	LAYOUT_LOWER_PM,
	LAYOUT_ZONE_NAME,
	LAYOUT_OFFSET,
	LAYOUT_FRACTION,      /* zeros: all digits */
	LAYOUT_FRACTION_TRIM, /* nines: no trailing zeros */
};

/* One element with the literal text before it. */
struct layout_part {
	struct str literal;
	enum layout_element element;
	struct str text; /* of the element as it stands in the layout */
	/* LAYOUT_OFFSET: */
	bool z;	      /* UTC shows as Z */
	bool colon;   /* between hours, minutes and seconds */
	bool minutes; /* shown */
	bool seconds; /* shown */
	/* LAYOUT_FRACTION, LAYOUT_FRACTION_TRIM: */
	size_t digits;
};

/* Takes the next part from the front of *layout; the last one has LAYOUT_NONE. */
struct layout_part layout_next(struct str *layout);

/* Appends s in double quotes as Go's package time does in its errors: what is not ASCII as \xNN. */
void layout_quote(struct buf *out, struct str s);

#endif
