/* SPDX-License-Identifier: MIT
 *
 * One sequence of the property test: an emulated engine, the engine connection and the model that
 * follow it, in one event loop, and a seed that decides everything.
 *
 *	property.c         the program; a sequence from its begin to its verdict
 *	property_steps.c   what may happen in it
 *	property_check.c   what must hold
 *	property_clock.c   time
 */
#ifndef PROPERTY_H
#define PROPERTY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "engine/engine.h"
#include "engine/property_clock.h"
#include "engine/sim_setup.h"
#include "model/inventory_impl.h"

/* How bad it gets, and so how soon all must be well after the healing. */
enum weather {
	CALM,	/* nothing fails: events alone keep the model true */
	FAULTS, /* no event is lost without a sign of it: no resync is needed */
	STORM,	/* one resync is */
	WEATHERS
};

struct property {
	uint64_t seed, random;
	enum weather weather;
	struct event_base *base;
	struct sim sim;
	struct engine *engine;
	struct inventory *inv;
	struct event *timer; /* the next step */
	unsigned steps;	     /* still to come */
	bool wants_stopped, wants_counts;
	bool healed;
	bool down, refusing;	/* the emulated engine */
	unsigned names;		/* that containers were given so far */
	struct smap known;	/* id to struct incarnation, see property_check.c */
	struct buf story, told; /* told: the running containers at the last on_change */
	struct error failure;	/* the first one */
};

/* 0..n-1 */
uint64_t property_pick(struct property *p, uint64_t n);
/* Does something at random; the time in ns until the next step. */
int64_t property_step(struct property *p);
/* Takes back whatever is wrong with the engine. */
void property_heal(struct property *p);
/* A line of the story, with its time. */
void property_tell(struct property *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Containers that the model knew and that have run ever since must still run in it. */
void property_check_kept(struct property *p);
/* The model is the emulator's truth, and the last on_change has told it. */
void property_check_truth(struct property *p);
/* Appends the running containers of the model, a line each. */
void property_describe(const struct property *p, struct buf *out);
void property_check_release(struct property *p);

#endif
