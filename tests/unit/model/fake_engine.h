/* SPDX-License-Identifier: MIT
 *
 * An engine for the inventory's tests that answers what a test says, when the test says it, and
 * counts every request. It stands in for the functions of engine.h (struct inventory_io).
 */
#ifndef UD_TEST_FAKE_ENGINE_H
#define UD_TEST_FAKE_ENGINE_H

#include "base/buf.h"
#include "model/inventory_impl.h"

#include <event2/event.h>

#define FAKE_CALLS_MAX 4096

/* Two containers that most tests are about. */
#define A      "aaaa"
#define B      "bbbb"
#define PATH_A "/containers/aaaa/json"
#define PATH_B "/containers/bbbb/json"

struct fake_engine {
	struct event_base *base;
	struct inventory *inv;
	struct engine_call *calls[FAKE_CALLS_MAX]; /* all so far; those that ended are NULL */
	char *paths[FAKE_CALLS_MAX];
	size_t n;
	unsigned changes; /* calls of on_change */
	struct inventory_change last; /* name and id: see below */
	char last_name[256], last_id[128];
};

/* A fake engine and an inventory on it; options may be NULL. */
void fake_start(struct fake_engine *f, const struct inventory_options *options);
void fake_stop(struct fake_engine *f);
/* The same, and the inventory has seen the containers of the list (a JSON array): networks, info
 * and version are answered, inspects are not. */
void fake_up(struct fake_engine *f, const char *list);

/* An inventory that knows A, which runs, and nothing else. */
void fake_start_with_a(struct fake_engine *f, const struct inventory_options *options);
/* Turns the loop for that long. */
void fake_advance(struct fake_engine *f, int64_t ns);
/* What the inventory logs goes nowhere. */
void fake_quiet(void);
/* Since fake_quiet, the last line that it logged. */
const char *fake_said(void);

/* Requests whose path begins with that, those that ended included. */
size_t fake_count(const struct fake_engine *f, const char *path);
/* Requests for that path that wait for an answer. */
size_t fake_waiting(const struct fake_engine *f, const char *path);
/* Answers the oldest of them. A status of 0 is a connection that broke. Fails if there is none. */
void fake_answer(struct fake_engine *f, const char *path, int status, const char *body);

/* An event; name may be NULL. */
void fake_event(struct fake_engine *f, enum engine_event_kind kind, const char *id);
/* With the engine's time of it; fake_event takes one that is never too old. */
void fake_event_at(
	struct fake_engine *f, enum engine_event_kind kind, const char *id, int64_t nano);
void fake_health(struct fake_engine *f, const char *id, const char *health);

/* What an inspect says; in a static buffer that the next call overwrites. */
const char *fake_inspect(const char *id, const char *name, const char *status, const char *ip);
/* The same with any further fields, a comma before them. */
const char *fake_inspect_with(const char *id, const char *name, const char *status, const char *ip,
	const char *state, const char *more);
/* One row of a list. */
const char *fake_row(const char *id, const char *name, const char *status, const char *ip);

/* Names of the running containers of the newest snapshot, sorted, with spaces between; "none" if
 * there is no snapshot. */
const char *fake_running(struct fake_engine *f);

#endif
