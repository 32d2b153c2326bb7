/* SPDX-License-Identifier: MIT
 *
 * The fields of a time while its text is read, and the reading of each element of a layout. Shared
 * by the two files that read times; see time.h.
 */
#ifndef UD_TEMPLATE_FORMAT_TIME_FIELDS_H
#define UD_TEMPLATE_FORMAT_TIME_FIELDS_H

#include "base/base.h"
#include "base/str.h"
#include "template/format/layout.h"

#include <stdbool.h>
#include <stdint.h>

struct time_fields {
	struct str text;	  /* what is left */
	struct str layout;	  /* likewise */
	const char *out_of_range; /* name of a field whose value is none */
	int64_t year;
	int month, day, year_day; /* -1: not seen */
	int hour, minute, second, nsec;
	bool am, pm;
	bool utc;
	int offset;	 /* seconds east of UTC, -1: not seen */
	struct str zone; /* abbreviation */
};

/* Takes the text of an element from the front of p->text into its field. False if it is malformed
 * or, then p->out_of_range is set, no value of that field; the latter may also come with true. */
bool time_read_element(struct time_fields *p, const struct layout_part *part) MUSTCHECK;
/* A decimal number with an optional sign that fills s, of few digits. */
bool time_read_integer(struct str s, int *ret) MUSTCHECK;

#endif
