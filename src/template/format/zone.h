/* SPDX-License-Identifier: MIT
 *
 * Time zones, read from the system's zone files (RFC 8536) as Go's package time reads them; the
 * process's own time zone state (TZ, tzset) is never touched. A location is what value/time.h
 * points to; NULL is UTC. Loaded locations live as long as the process, because values of every
 * render may point to them, and there are at most as many as the system has zone files.
 */
#ifndef UD_TEMPLATE_FORMAT_ZONE_H
#define UD_TEMPLATE_FORMAT_ZONE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Largest zone file that is read, longest name of one, and most that are kept. */
#define ZONE_FILE_MAX (256 * 1024)
#define ZONE_NAME_MAX 255
#define ZONES_MAX     2048

struct location;

/* What holds in a location at a moment. */
struct zone {
	struct str name; /* abbreviation, "" for a nameless fixed offset */
	int offset;	 /* seconds east of UTC */
	bool dst;
	int64_t start, end; /* it holds from start until before end */
};

/* The location of a name like "Europe/Berlin" to *ret; "" and "UTC" are NULL, "Local" is
 * zone_local. Errors have the text of Go's LoadLocation. */
bool zone_load(struct str name, const struct location **ret, struct error *err) MUSTCHECK;
/* UTC as a location, for those who need an object. */
const struct location *zone_utc(void);
/* The system's location, told by $TZ and /etc/localtime when first asked. Never NULL. */
const struct location *zone_local(void);
/* A location that is always offset seconds east of UTC; name may be "". Lives in a. */
const struct location *zone_fixed(struct arena *a, struct str name, int offset);
/* The location's own name: "UTC", "Local", "Europe/Berlin". */
struct str zone_location_name(const struct location *loc);
/* What holds at sec (since 1970-01-01 UTC). */
void zone_lookup(const struct location *loc, int64_t sec, struct zone *ret);
/* The offset that abbreviation name stands for at a moment, given as if local time were UTC; false
 * if the location does not know it. */
bool zone_find_name(
	const struct location *loc, struct str name, int64_t local, int *ret_offset) MUSTCHECK;
/* The offset of the location's clock when it shows local, given as if it were UTC. */
int zone_offset_of_clock(const struct location *loc, int64_t local);

#endif
