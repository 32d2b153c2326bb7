/* SPDX-License-Identifier: MIT
 *
 * Reads zone files in the TZif format, RFC 8536: a header with counts, then the data in 32 bits;
 * since version 2 header and data follow once more in 64 bits, then a line with a POSIX rule.
 * Every count is checked against what the file holds.
 */
#include "config.h"

#include "template/format/zone_data.h"

#define MAGIC_SIZE 4
/* Version and reserved bytes. */
#define RESERVED_SIZE 16
/* Offset, daylight flag and index of the name. */
#define KIND_SIZE 6

/* The order of the counts in the header. */
enum count { N_UTC, N_STD, N_LEAP, N_CHANGE, N_KIND, N_CHAR, N_COUNTS };

/* What has not been read yet; broken once more was asked for than there is. */
struct reader {
	struct str rest;
	bool broken;
};

static struct str take(struct reader *r, size_t n)
{
	struct str s;

	if (r->broken || n > r->rest.len) {
		r->broken = true;
		return STR("");
	}
	s = str_n(r->rest.p, n);
	r->rest = str_sub(r->rest, n, r->rest.len);
	return s;
}

/* The big-endian integer of size bytes at p. */
static uint64_t read_big(const char *p, size_t size)
{
	uint64_t u = 0;

	for (size_t i = 0; i < size; i++)
		u = u << 8 | (unsigned char)p[i];
	return u;
}

/* Reads a header; returns its version or 0. */
static char take_header(struct reader *r, size_t counts[N_COUNTS])
{
	struct str magic = take(r, MAGIC_SIZE), reserved = take(r, RESERVED_SIZE);
	struct str numbers = take(r, (size_t)N_COUNTS * 4);

	if (r->broken || !str_eqz(magic, "TZif"))
		return 0;
	for (size_t i = 0; i < N_COUNTS; i++)
		counts[i] = (size_t)read_big(numbers.p + i * 4, 4);
	return reserved.p[0] == 0 ? '1' : reserved.p[0];
}

/* Bytes of the data after a header; counts are below 2^32, so that nothing overflows. */
static size_t data_size(const size_t counts[N_COUNTS], size_t time_size)
{
	return counts[N_CHANGE] * (time_size + 1) + counts[N_KIND] * KIND_SIZE + counts[N_CHAR] +
	       counts[N_LEAP] * (time_size + 4) + counts[N_STD] + counts[N_UTC];
}

/* The string that begins at offset at of s, to its NUL. */
static struct str name_at(struct str s, size_t at)
{
	struct str rest = str_sub(s, at, s.len);
	const char *end = memchr(rest.p, '\0', rest.len);

	return end ? str_n(rest.p, (size_t)(end - rest.p)) : rest;
}

static bool read_kinds(struct arena *a, struct location *loc, struct str data, struct str names)
{
	loc->kinds = arena_array(a, struct zone_kind, loc->n_kinds);
	for (size_t i = 0; i < loc->n_kinds; i++) {
		const char *p = data.p + i * KIND_SIZE;
		size_t name = (unsigned char)p[5];

		if (name >= names.len)
			return false;
		loc->kinds[i] = (struct zone_kind){
			.name = arena_str(a, name_at(names, name)),
			.offset = (int)(int32_t)read_big(p, 4),
			.dst = p[4] != 0,
		};
	}
	return true;
}

static bool read_changes(
	struct arena *a, struct location *loc, struct str times, struct str kinds, size_t time_size)
{
	loc->changes = arena_array(a, struct zone_change, loc->n_changes + 1);
	for (size_t i = 0; i < loc->n_changes; i++) {
		uint64_t u = read_big(times.p + i * time_size, time_size);

		loc->changes[i].when = time_size == 4 ? (int64_t)(int32_t)u : (int64_t)u;
		loc->changes[i].kind = (unsigned char)kinds.p[i];
		if (loc->changes[i].kind >= loc->n_kinds)
			return false;
	}
	if (loc->n_changes == 0) {
		/* A place whose clock was never changed. */
		loc->changes[0] = (struct zone_change){.when = ZONE_ALPHA, .kind = 0};
		loc->n_changes = 1;
	}
	return true;
}

struct location *zone_file_parse(struct arena *a, struct str name, struct str data)
{
	struct reader r = {.rest = data};
	size_t counts[N_COUNTS] = {0}, time_size = 4;
	struct location *loc = arena_new(a, struct location);
	struct str times, change_kinds, kinds, names;
	char version = take_header(&r, counts);

	if (version >= '2') {
		take(&r, data_size(counts, 4));
		time_size = 8;
		if (!take_header(&r, counts))
			return NULL;
	} else if (version != '1') {
		return NULL;
	}
	times = take(&r, counts[N_CHANGE] * time_size);
	change_kinds = take(&r, counts[N_CHANGE]);
	kinds = take(&r, counts[N_KIND] * KIND_SIZE);
	names = take(&r, counts[N_CHAR]);
	take(&r, counts[N_LEAP] * (time_size + 4) + counts[N_STD] + counts[N_UTC]);
	if (r.broken || counts[N_KIND] == 0)
		return NULL;
	loc->name = arena_str(a, name);
	loc->n_kinds = counts[N_KIND];
	loc->n_changes = counts[N_CHANGE];
	if (!read_kinds(a, loc, kinds, names) ||
		!read_changes(a, loc, times, change_kinds, time_size))
		return NULL;
	if (r.rest.len > 2 && r.rest.p[0] == '\n' && r.rest.p[r.rest.len - 1] == '\n')
		loc->rule = arena_str(a, str_sub(r.rest, 1, r.rest.len - 1));
	return loc;
}
