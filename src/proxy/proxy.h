/* SPDX-License-Identifier: MIT
 *
 * What is special about whoever reads an output: how its configuration is checked, applied, and
 * proved to be live. The kinds are rows of a table; an act that a row lacks cannot be done and is
 * skipped. Every act is asked for and answered later, from the loop:
 *
 *	struct proxy *p = proxy_new(output, children, err);
 *	if (proxy_can(p, PROXY_CHECK))
 *		me->ask = proxy_ask(p, PROXY_CHECK, &context, me_on_answer, me);
 *	…   me_on_answer(me, answer): me->ask is gone from here on
 *	proxy_cancel(me->ask);             or this: no answer comes any more
 *	proxy_free(p);                     after all of its asks
 */
#ifndef UD_PROXY_H
#define UD_PROXY_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

struct children;
struct config_output;
struct engine;
struct event_base;
struct proxy;
struct proxy_ask;

enum proxy_act {
	PROXY_CHECK,  /* is this file good? asks about the candidate, or about dest */
	PROXY_APPLY,  /* make the change in the running process, without a reload */
	PROXY_RELOAD, /* read dest again */
	PROXY_VERIFY  /* does the new configuration run? */
};
#define PROXY_ACTS 4

enum proxy_verdict {
	PROXY_GOOD,
	PROXY_REFUSED, /* it was asked and said no */
	PROXY_BROKEN   /* it could not be asked: timed out, not started, killed */
};

/* What an act is about; copied. The strings may be NULL but for output and dest. */
struct proxy_context {
	const char *output, *dest;
	const char *candidate; /* the file to check while it is not yet in place */
	const char *event, *container;
};

/* Borrowed, valid during the callback. Names of the candidate have become dest's. */
struct proxy_answer {
	enum proxy_verdict verdict;
	const char *text;   /* why not, one line; NULL when PROXY_GOOD */
	const char *output; /* all that was said */
	int64_t ns;
};

typedef void proxy_answer_cb(void *arg, const struct proxy_answer *answer);

/* What acts need. Copied; what it points to must outlive the proxies. */
struct proxy_services {
	struct event_base *base;
	struct children *children;
	/* The engine that acts on containers are asked of; NULL if there is none. It outlives every
	 * ask. The function may be NULL. */
	struct engine *(*engine)(void *arg);
	void *arg;
};

/* Whether the keys of output go together. */
bool proxy_check_config(const struct config_output *output, struct error *err) MUSTCHECK;
/* output is borrowed and must outlive it. NULL if it cannot be used as it is configured. */
struct proxy *proxy_new(const struct config_output *output, const struct proxy_services *services,
	struct error *err) MUSTCHECK;
void proxy_free(struct proxy *p);
bool proxy_can(const struct proxy *p, enum proxy_act act);
/* Whether PROXY_CHECK looks at a candidate; otherwise it can only see what is in place. It may
 * depend on there being a file to be replaced. */
bool proxy_checks_candidate(const struct proxy *p, bool dest_exists);
/* Whether the answer to PROXY_RELOAD tells if the new configuration runs; PROXY_REFUSED then means
 * that the one before still does. */
bool proxy_reload_proves(const struct proxy *p);
/* Outputs with equal keys are seen by the same check; NULL if there is none. Borrowed. */
const char *proxy_check_key(const struct proxy *p);
/* Outputs with equal keys share their reload; NULL if there is none. Borrowed. */
const char *proxy_reload_key(const struct proxy *p);
/* Only for an act that proxy_can. Never answers from within. */
struct proxy_ask *proxy_ask(struct proxy *p, enum proxy_act act,
	const struct proxy_context *context, proxy_answer_cb *answer, void *arg);
/* NULL is allowed. */
void proxy_cancel(struct proxy_ask *ask);

#endif
