/* SPDX-License-Identifier: MIT
 *
 * Reads recordings, see replay.h. All strings point into the file's bytes, which the replay keeps.
 */
#include "config.h"

#include "engine/replay.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "engine/record.h"

#include <stdlib.h>

/* Connections of a recording; more are no recording of ours. */
#define REPLAY_CONNECTIONS_MAX 100000

struct entry {
	struct replay_exchange exchange;
	VEC(struct replay_piece) pieces;
	int64_t asked_ns;
	bool stream; /* of events */
	bool told;
};

/* A stream on which nothing happens. */
static const struct replay_piece silence = {.bytes = STR_INIT(
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")};
static const struct replay_exchange silent_stream = {.pieces = &silence, .n = 1};

struct replay {
	struct buf bytes;
	VEC(struct entry *) entries;     /* in the order of the requests */
	VEC(struct entry *) connections; /* by number: the exchange under way, or NULL */
};

/* The path as exchanges are compared by it. */
static struct str plain_path(struct str path)
{
	ssize_t slash = str_chr(str_sub(path, 1, path.len), '/'), query;

	if (str_has_prefix(path, STR("/v")) && slash > 0 && path.p[2] >= '0' && path.p[2] <= '9')
		path = str_sub(path, (size_t)slash + 1, path.len);
	query = str_chr(path, '?');
	if (query >= 0 && str_eqz(str_sub(path, 0, (size_t)query), "/events"))
		path = str_sub(path, 0, (size_t)query);
	return path;
}

static struct entry *add_entry(struct replay *p, struct str method, struct str path, int64_t now)
{
	struct entry *e = xcalloc(1, sizeof(*e));

	e->exchange.method = method;
	e->exchange.path = plain_path(path);
	e->stream = str_eqz(e->exchange.path, "/events");
	e->asked_ns = now;
	vec_push(&p->entries, e);
	return e;
}

static void add_piece(struct entry *e, int64_t now, struct str bytes)
{
	struct replay_piece piece = {.after_ns = now - e->asked_ns, .bytes = bytes};

	vec_push(&e->pieces, piece);
}

/* One record of a recording. */
struct record {
	uint64_t ms, connection, length;
	char direction;
	struct str bytes;
};

/* record = ms SP connection SP ( "x" / ( ( ">" / "<" ) SP length LF bytes ) ) LF */
static bool take_record(struct str *rest, struct record *ret, struct error *err)
{
	struct str line, ms, connection, direction, length;

	if (!str_cut(str_sub(*rest, 0, RECORD_LINE_MAX), '\n', &line, &length))
		return error_set(err, "a record's line has no end");
	*rest = str_sub(*rest, line.len + 1, rest->len);
	str_cut(line, ' ', &ms, &line);
	str_cut(line, ' ', &connection, &line);
	str_cut(line, ' ', &direction, &length);
	if (!str_to_u64(ms, INT64_MAX / NS_PER_MS, &ret->ms) ||
		!str_to_u64(connection, REPLAY_CONNECTIONS_MAX, &ret->connection) ||
		direction.len != 1 || !strchr("<>x", direction.p[0]))
		return error_set(err, "a record's line cannot be understood");
	ret->direction = direction.p[0];
	ret->bytes = str_n(NULL, 0);
	if (ret->direction == 'x')
		return true;
	if (!str_to_u64(length, RECORD_BYTES_MAX, &ret->length) || ret->length >= rest->len ||
		rest->p[ret->length] != '\n')
		return error_set(err, "a record is cut, or its length is wrong");
	ret->bytes = str_sub(*rest, 0, ret->length);
	*rest = str_sub(*rest, ret->length + 1, rest->len);
	return true;
}

/* request = method SP path SP "HTTP/1.1" … */
static bool begin_exchange(struct replay *p, const struct record *r, int64_t now, struct error *err)
{
	struct str method, path, rest;

	if (!str_cut(r->bytes, ' ', &method, &rest) || !str_cut(rest, ' ', &path, &rest) ||
		path.len == 0 || path.p[0] != '/')
		return error_set(err, "a request has no method or path");
	p->connections.v[r->connection] = add_entry(p, method, path, now);
	return true;
}

static bool apply(struct replay *p, const struct record *r, struct error *err)
{
	int64_t now = (int64_t)r->ms * NS_PER_MS;
	struct entry *under_way;

	while (p->connections.n <= r->connection)
		vec_push(&p->connections, NULL);
	under_way = p->connections.v[r->connection];
	if (r->direction == '>')
		return begin_exchange(p, r, now, err);
	if (r->direction == '<') {
		if (!under_way)
			return error_set(err, "an answer without a request");
		add_piece(under_way, now, r->bytes);
		return true;
	}
	if (under_way) {
		under_way->exchange.ends = true;
		under_way->exchange.end_after_ns = now - under_way->asked_ns;
	}
	p->connections.v[r->connection] = NULL;
	return true;
}

static bool read_records(struct replay *p, struct error *err)
{
	struct str all = buf_str(&p->bytes), rest = all;

	rest = str_sub(rest, strlen(RECORD_FIRST_LINE), rest.len);
	while (rest.len) {
		size_t at = all.len - rest.len;
		struct record r;

		if (!take_record(&rest, &r, err) || !apply(p, &r, err))
			return error_append(err, " (at byte %zu)", at);
	}
	return true;
}

/* What an engine without containers answers, around the capture of a stream. */
static void wrap_capture(struct replay *p)
{
	static const struct {
		struct str path, answer;
	} around[] = {
		{STR_INIT("/_ping"), STR_INIT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")},
		{STR_INIT("/containers/json"),
			STR_INIT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")},
		{STR_INIT("/containers/json?all=1"),
			STR_INIT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")},
		{STR_INIT("/networks"), STR_INIT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")},
	};

	for (size_t i = 0; i < ARRAY_LEN(around); i++)
		add_piece(add_entry(p, STR("GET"), around[i].path, 0), 0, around[i].answer);
	add_piece(add_entry(p, STR("GET"), STR("/events"), 0), 0, buf_str(&p->bytes));
}

static void finish_entries(struct replay *p)
{
	for (size_t i = 0; i < p->entries.n; i++) {
		struct entry *e = p->entries.v[i];

		e->exchange.pieces = e->pieces.v;
		e->exchange.n = e->pieces.n;
	}
	vec_release(&p->connections);
}

static bool understand(struct replay *p, struct error *err)
{
	struct str bytes = buf_str(&p->bytes);

	if (str_has_prefix(bytes, STR(RECORD_FIRST_LINE)))
		return read_records(p, err);
	if (!str_has_prefix(bytes, STR("HTTP/1.")))
		return error_set(err, "neither a recording nor a captured HTTP answer");
	wrap_capture(p);
	return true;
}

/* Takes what *bytes owns. */
static struct replay *make(struct buf *bytes, const char *name, struct error *err)
{
	struct replay *p = xcalloc(1, sizeof(*p));

	p->bytes = *bytes;
	if (understand(p, err)) {
		finish_entries(p);
		return p;
	}
	error_prepend(err, "%s: ", name);
	replay_free(p);
	return NULL;
}

struct replay *replay_read(struct str bytes, const char *name, struct error *err)
{
	struct buf copy;

	buf_init(&copy, RECORD_BYTES_MAX);
	buf_add_str(&copy, bytes);
	return make(&copy, name, err);
}

struct replay *replay_load(const char *path, struct error *err)
{
	struct buf bytes;

	buf_init(&bytes, RECORD_BYTES_MAX);
	if (file_read(path, RECORD_BYTES_MAX, &bytes, err))
		return make(&bytes, path, err);
	buf_release(&bytes);
	return NULL;
}

void replay_free(struct replay *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->entries.n; i++) {
		vec_release(&p->entries.v[i]->pieces);
		free(p->entries.v[i]);
	}
	vec_release(&p->entries);
	vec_release(&p->connections);
	buf_release(&p->bytes);
	free(p);
}

const struct replay_exchange *replay_next(struct replay *p, struct str method, struct str path)
{
	struct entry *last = NULL;

	path = plain_path(path);
	for (size_t i = 0; i < p->entries.n; i++) {
		struct entry *e = p->entries.v[i];

		if (!str_eq(e->exchange.method, method) || !str_eq(e->exchange.path, path))
			continue;
		last = e;
		if (!e->told)
			break;
	}
	if (!last)
		return NULL;
	if (last->told && last->stream)
		return &silent_stream;
	last->told = true;
	return &last->exchange;
}
