/* SPDX-License-Identifier: MIT
 *
 * One visit to an engine: a loop of its own that runs until somebody has what he wanted, something
 * went wrong, the time is over, or a signal ends it. Unlike the daemon, a visit does not try again.
 *
 *	visit_init(&v, &options);
 *	if (visit_open(&v, &handlers, arg, &err))
 *		end = visit_run(&v, &err);          handlers call visit_done or visit_fail
 *	visit_release(&v);
 *
 * An error names the engine and the cause.
 */
#ifndef UD_COMMANDS_VISIT_H
#define UD_COMMANDS_VISIT_H

#include "base/base.h"
#include "base/error.h"
#include "engine/engine.h"

#include <stdbool.h>

struct children;
struct config_engine;
struct event;
struct event_base;

enum visit_end { VISIT_RUNS, VISIT_DONE, VISIT_FAILED, VISIT_SIGNAL };

struct visit_options {
	const struct config_engine *engine;
	const char *record; /* see struct engine_options */
	int64_t timeout_ns; /* 0: as long as it takes */
	bool lasting;       /* trouble with the engine is waited out and logged, as the daemon does */
};

struct visit {
	struct event_base *base;
	struct children *children;
	struct engine *engine;
	struct event *on_int, *on_term, *on_timeout;
	struct visit_options options;
	struct engine_handlers handlers; /* of whoever visits */
	void *arg;
	enum visit_end end;
	int signal; /* of VISIT_SIGNAL */
	void (*sigpipe_before)(int);
	struct error err;
	const char *waiting_for; /* what the error of a timeout says */
};

/* Makes the loop; before anything that needs its base. */
void visit_init(struct visit *v, const struct visit_options *options);
/* The engine with its handlers (copied), to be started by visit_run. */
bool visit_open(struct visit *v, const struct engine_handlers *handlers, void *arg,
	struct error *err) MUSTCHECK;
/* VISIT_DONE, VISIT_SIGNAL (v->signal says which), or VISIT_FAILED with *err. */
enum visit_end visit_run(struct visit *v, struct error *err) MUSTCHECK;
/* The exit status for an end; logs *err, and clears it. */
int visit_status(const struct visit *v, enum visit_end how, struct error *err);
/* From within visit_run: it is over. */
void visit_done(struct visit *v);
/* Likewise, because of err, which is copied. */
void visit_fail(struct visit *v, const struct error *err);
/* Frees the engine: whatever its calls refer to can be freed afterwards. */
void visit_leave(struct visit *v);
/* Frees all. */
void visit_release(struct visit *v);

#endif
