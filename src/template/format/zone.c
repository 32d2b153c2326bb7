/* SPDX-License-Identifier: MIT
 *
 * Finds, keeps and looks up time zones, see zone.h.
 */
#include "config.h"

#include "template/format/zone.h"

#include "base/file.h"
#include "base/map.h"
#include "template/format/wrap.h"
#include "template/format/zone_data.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* Where zone files are looked for, in this order. */
static const char *const zone_dirs[] = {
	"/usr/share/zoneinfo",
	"/usr/share/lib/zoneinfo",
	"/usr/lib/locale/TZ",
	"/etc/zoneinfo",
};

/* Locations that were loaded, by name, and their memory. */
static struct smap loaded = SMAP_INIT;
static struct arena loaded_arena;
static struct location *local;

/* Reads the zone file at path; NULL if there is none or, told by *malformed, it is malformed. */
static struct location *read_file(const char *path, struct str name, bool *malformed)
{
	struct arena_mark mark = arena_mark(&loaded_arena);
	struct location *loc = NULL;
	struct buf data;

	buf_init(&data, ZONE_FILE_MAX);
	if (file_read(path, ZONE_FILE_MAX, &data, NULL)) {
		loc = zone_file_parse(&loaded_arena, name, buf_str(&data));
		*malformed = !loc;
	}
	if (!loc)
		arena_reset(&loaded_arena, mark);
	buf_release(&data);
	return loc;
}

static struct location *read_from_dirs(struct str name, bool *malformed)
{
	for (size_t i = 0; i < ARRAY_LEN(zone_dirs); i++) {
		char path[PATH_MAX];
		struct location *loc;

		snprintf(path, sizeof(path), "%s/%.*s", zone_dirs[i], STR_ARG(name));
		loc = read_file(path, name, malformed);
		if (loc)
			return loc;
	}
	return NULL;
}

/* A name must not lead out of the directories. */
static bool name_is_safe(struct str name)
{
	return name.len > 0 && name.len <= ZONE_NAME_MAX && name.p[0] != '/' && name.p[0] != '\\' &&
	       str_find(name, STR("..")) < 0 && !memchr(name.p, '\0', name.len);
}

bool zone_load(struct str name, const struct location **ret, struct error *err)
{
	bool malformed = false;
	struct location *loc;

	if (name.len == 0 || str_eqz(name, "UTC")) {
		*ret = NULL;
		return true;
	}
	if (str_eqz(name, "Local")) {
		*ret = zone_local();
		return true;
	}
	if (!name_is_safe(name))
		return error_set(err, "time: invalid location name");
	loc = smap_get(&loaded, name);
	if (!loc && loaded.n < ZONES_MAX) {
		loc = read_from_dirs(name, &malformed);
		if (loc)
			smap_put(&loaded, name, loc);
	}
	if (!loc && malformed)
		return error_set(err, "malformed time zone information");
	if (!loc)
		return error_set(err, "unknown time zone %.*s", STR_ARG(name));
	*ret = loc;
	return true;
}

/* The location that $TZ names; NULL if it is not usable, which means UTC. */
static struct location *read_from_environment(const char *tz)
{
	struct location *loc;
	bool malformed;

	if (tz[0] == ':')
		tz++;
	if (tz[0] == '\0' || strcmp(tz, "UTC") == 0)
		return NULL;
	if (tz[0] != '/')
		return name_is_safe(str_from(tz)) ? read_from_dirs(str_from(tz), &malformed) : NULL;
	loc = read_file(tz, str_from(tz), &malformed);
	if (loc && strcmp(tz, "/etc/localtime") == 0)
		loc->name = STR("Local");
	return loc;
}

const struct location *zone_local(void)
{
	const char *tz = getenv("TZ");
	bool malformed;

	if (local)
		return local;
	local = tz ? read_from_environment(tz)
		   : read_file("/etc/localtime", STR("Local"), &malformed);
	if (!local) {
		local = arena_new(&loaded_arena, struct location);
		local->name = STR("UTC");
	}
	return local;
}

const struct location *zone_utc(void)
{
	static const struct location utc = {.name = STR_INIT("UTC")};

	return &utc;
}

const struct location *zone_fixed(struct arena *a, struct str name, int offset)
{
	struct location *loc = arena_new(a, struct location);

	loc->name = arena_str(a, name);
	loc->kinds = arena_new(a, struct zone_kind);
	loc->kinds[0] = (struct zone_kind){.name = loc->name, .offset = offset};
	loc->n_kinds = 1;
	loc->changes = arena_new(a, struct zone_change);
	loc->changes[0] = (struct zone_change){.when = ZONE_ALPHA, .kind = 0};
	loc->n_changes = 1;
	return loc;
}

struct str zone_location_name(const struct location *loc)
{
	return loc ? loc->name : STR("UTC");
}

/* What holds before the first change: the first kind if no change leads to it, else standard time
 * from before the first change, else any standard time. */
static const struct zone_kind *first_kind(const struct location *loc)
{
	bool used = false;

	for (size_t i = 0; i < loc->n_changes; i++)
		used |= loc->changes[i].kind == 0;
	if (!used)
		return &loc->kinds[0];
	if (loc->n_changes > 0 && loc->kinds[loc->changes[0].kind].dst)
		for (size_t i = loc->changes[0].kind; i-- > 0;)
			if (!loc->kinds[i].dst)
				return &loc->kinds[i];
	for (size_t i = 0; i < loc->n_kinds; i++)
		if (!loc->kinds[i].dst)
			return &loc->kinds[i];
	return &loc->kinds[0];
}

static void set_zone(struct zone *ret, const struct zone_kind *kind, int64_t start, int64_t end)
{
	*ret = (struct zone){
		.name = kind->name,
		.offset = kind->offset,
		.dst = kind->dst,
		.start = start,
		.end = end,
	};
}

void zone_lookup(const struct location *loc, int64_t sec, struct zone *ret)
{
	size_t lo = 0, hi;

	if (!loc || loc->n_kinds == 0) {
		*ret = (struct zone){.name = STR("UTC"), .start = ZONE_ALPHA, .end = ZONE_OMEGA};
		return;
	}
	if (sec < loc->changes[0].when) {
		set_zone(ret, first_kind(loc), ZONE_ALPHA, loc->changes[0].when);
		return;
	}
	/* Invariant: the change that counts is one of lo..hi-1. */
	for (hi = loc->n_changes; hi - lo > 1;) {
		size_t mid = lo + (hi - lo) / 2;

		if (sec < loc->changes[mid].when)
			hi = mid;
		else
			lo = mid;
	}
	set_zone(ret, &loc->kinds[loc->changes[lo].kind], loc->changes[lo].when,
		hi < loc->n_changes ? loc->changes[hi].when : ZONE_OMEGA);
	if (lo + 1 == loc->n_changes && loc->rule.len > 0) {
		struct zone by_rule;

		if (zone_rule_lookup(loc->rule, ret->start, sec, &by_rule))
			*ret = by_rule;
	}
}

bool zone_find_name(const struct location *loc, struct str name, int64_t moment, int *ret_offset)
{
	size_t n = loc ? loc->n_kinds : 0;

	/* One that held at the moment, if there is such a one, else any of that name. */
	for (size_t i = 0; i < n; i++) {
		struct zone z;

		if (!str_eq(loc->kinds[i].name, name))
			continue;
		zone_lookup(loc, wrap_sub(moment, loc->kinds[i].offset), &z);
		if (str_eq(z.name, name)) {
			*ret_offset = z.offset;
			return true;
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (str_eq(loc->kinds[i].name, name)) {
			*ret_offset = loc->kinds[i].offset;
			return true;
		}
	}
	return false;
}

int zone_offset_of_clock(const struct location *loc, int64_t moment)
{
	struct zone z;
	int64_t utc;

	zone_lookup(loc, moment, &z);
	if (z.offset == 0)
		return 0;
	utc = wrap_sub(moment, z.offset);
	if (utc < z.start || utc >= z.end)
		zone_lookup(loc, utc, &z);
	return z.offset;
}
