/* SPDX-License-Identifier: MIT
 *
 * The inside of a location, shared by the files that read and look up zones; see zone.h.
 */
#ifndef UD_TEMPLATE_FORMAT_ZONE_DATA_H
#define UD_TEMPLATE_FORMAT_ZONE_DATA_H

#include "template/format/zone.h"

/* Before and after all moments. */
#define ZONE_ALPHA INT64_MIN
#define ZONE_OMEGA INT64_MAX

struct zone_kind {
	struct str name;
	int offset;
	bool dst;
};

struct zone_change {
	int64_t when;
	unsigned kind; /* that holds from then on */
};

struct location {
	struct str name;
	struct zone_kind *kinds; /* at least one unless the location is UTC */
	size_t n_kinds;
	struct zone_change *changes; /* ascending */
	size_t n_changes;
	struct str rule; /* POSIX rule for what follows the last change, may be empty */
};

/* Reads the contents of a zone file into a new location in a; NULL if they are malformed. */
struct location *zone_file_parse(struct arena *a, struct str name, struct str data);
/* What rule says about sec; last is the moment of the last change. False if it is malformed. */
bool zone_rule_lookup(struct str rule, int64_t last, int64_t sec, struct zone *ret) MUSTCHECK;

#endif
