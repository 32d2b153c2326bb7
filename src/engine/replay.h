/* SPDX-License-Identifier: MIT
 *
 * A recording (record.h) as what an engine would answer: its exchanges, found by method and path.
 * A bare capture, a file that begins with an HTTP answer, counts as the recording of an event stream
 * on an engine without containers. Pure but for the reading of the file.
 *
 *	struct replay *p = replay_load("bug.rec", &err);
 *	const struct replay_exchange *x = replay_next(p, STR("GET"), STR("/v1.44/events?filters=…"));
 */
#ifndef UD_ENGINE_REPLAY_H
#define UD_ENGINE_REPLAY_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* A part of an answer, so long after its request. */
struct replay_piece {
	int64_t after_ns;
	struct str bytes;
};

struct replay_exchange {
	struct str method, path; /* path as replay_next compares it */
	const struct replay_piece *pieces;
	size_t n;
	bool ends; /* the connection was closed so long after the request */
	int64_t end_after_ns;
};

struct replay;

/* NULL and an error that names the file and where in it something is wrong. */
struct replay *replay_load(const char *path, struct error *err) MUSTCHECK;
/* The same from the bytes of a file called name. */
struct replay *replay_read(struct str bytes, const char *name, struct error *err) MUSTCHECK;
void replay_free(struct replay *p);
/* What was answered to this request: to the first one first, to the second one then, and when the
 * recording has no more, its last answer again; but a stream of events is told once and silent from
 * then on. Versions in the path and the filter of /events do not count. NULL if it was never asked. */
const struct replay_exchange *replay_next(struct replay *p, struct str method, struct str path);

#endif
