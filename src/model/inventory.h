/* SPDX-License-Identifier: MIT
 *
 * What is true about the containers of one engine. It lists when the engine's event stream is open,
 * inspects what is new or changed, and from then on follows the events: one inspect for a container
 * that starts, one for one that stops, which nothing waits for. Calling sequence:
 *
 *	struct inventory_options options = {.on_change = inventory_on_change, .arg = arg};
 *	struct inventory *inv = inventory_new(base, &options);
 *	struct engine *e = engine_new(base, &engine_options, inventory_engine_handlers(), inv, &err);
 *	inventory_set_engine(inv, e);
 *	engine_start(e);
 *	...on_change: s = inventory_snapshot(inv); render; snapshot_unref(s);
 *	engine_free(e); inventory_free(inv);        in this order
 *
 * Nothing shrinks on doubt: an engine that is gone, a list that fails and an inspect that gives
 * anything but 404 leave what is known, and are asked again with backoff. What stops or is removed
 * leaves at once, and an inspect afterwards confirms it; an event that is older than the container's
 * last start is only a reason to inspect.
 *
 * The room logs what it decides (a container that cannot be read, a list that fails), once each.
 */
#ifndef UD_MODEL_INVENTORY_H
#define UD_MODEL_INVENTORY_H

#include "base/base.h"
#include "base/str.h"
#include "model/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;
struct engine_handlers;
struct error;
struct event_base;
struct inventory;
struct self;
struct snapshot;

/* Defaults of the options. */
#define INVENTORY_RESYNC_NS         (300 * (int64_t)1000000000)
#define INVENTORY_REFRESH_NS        (5 * (int64_t)1000000000)
#define INVENTORY_FIRST_DEADLINE_NS (10 * (int64_t)1000000000)
/* Containers of one engine; more are left out, with an error in the log. */
#define INVENTORY_CONTAINERS_MAX 100000
/* Inspects under way at once; others wait for their turn. */
#define INVENTORY_INSPECTS_MAX 16
/* Of these, those that confirm a removal: they give way to all others. */
#define INVENTORY_CONFIRMS_MAX 2
/* A removal acts at once; so long after the last sign of it an inspect confirms it. */
#define INVENTORY_CONFIRM_NS (1 * (int64_t)1000000000)
/* The first inspect of a container waits no longer for its answer, so that a few that cannot be
 * inspected do not hold up the others; later ones have the engine's request timeout. */
#define INVENTORY_PATIENCE_NS (5 * (int64_t)1000000000)
/* A disconnect is the first sign of a stop: its inspect waits this long for the die event. */
#define INVENTORY_DISCONNECT_NS (50 * (int64_t)1000000)
/* Lists follow each other no faster than this, whatever asks for them. */
#define INVENTORY_LIST_GAP_NS (1 * (int64_t)1000000000)
/* Pauses before a failed list or inspect is asked again: the first, doubled up to the last. */
#define INVENTORY_RETRY_MIN_NS (200 * (int64_t)1000000)
#define INVENTORY_RETRY_MAX_NS (30 * (int64_t)1000000000)

/* Why a snapshot changed: the last event that led to it. Strings are borrowed for the call. */
struct inventory_change {
	const char *event;   /* "start", "die", "network connect", "first list", "resync", ... */
	const char *name;    /* the container's; NULL when it is about none or several */
	struct str id;       /* likewise; empty */
	int64_t at_mono_ns;  /* when the event was read: clock_mono_ns */
	int64_t engine_ns;   /* the engine's own time of the event, 0 if it has none */
	unsigned containers; /* that changed since the last call */
	bool urgent;         /* a container is about to stop or has: do not wait for quiet */
};

/* 0 or NULL means the default. Everything is copied. */
struct inventory_options {
	const char *name;          /* of the engine, for logs and .Engine.Name */
	int64_t resync_ns;         /* compare with the engine's list this often */
	int64_t first_deadline_ns; /* the first snapshot waits no longer for the next answer */
	int64_t ttl_ns;            /* an engine that is away that long has no containers; 0: keep
				    * them for ever */
	int64_t absent_ns;         /* call on_absent after that long without an engine; 0: never */
	bool swarm;                /* the engine is a swarm's manager: its tasks, not containers */
	int64_t refresh_ns;        /* ask for tasks this often */
	bool wants_stopped;        /* an output shows containers that do not run */
	bool wants_counts;         /* a template reads what GET /info counts: ask at each change */
	struct address_rules addresses; /* see model/address.h */
	const struct self *self;   /* which container we run in; NULL: none */
	const char *const *env;    /* KEY=VALUE for .Env, NULL at the end; NULL: empty */
	/* There is a new snapshot. Called from the loop; may not free the inventory. */
	void (*on_change)(const struct inventory_change *change, void *arg);
	/* The engine is away since absent_ns, or was never there. Likewise. May be NULL. */
	void (*on_absent)(void *arg);
	/* A list failed. It is asked for again all the same, but not logged. May be NULL. */
	void (*on_trouble)(const struct error *why, void *arg);
	void *arg;
};

struct inventory *inventory_new(struct event_base *base, const struct inventory_options *options);
void inventory_free(struct inventory *inv);
/* What engine_new needs; the inventory is the arg. Static. */
const struct engine_handlers *inventory_engine_handlers(void);
/* The engine whose handlers these are; borrowed, freed before the inventory. */
void inventory_set_engine(struct inventory *inv, struct engine *engine);

/* The newest snapshot, one reference; NULL until the first is complete (or its deadline over). It is
 * made when it is asked for, and kept until something changes. */
struct snapshot *inventory_snapshot(struct inventory *inv);
/* List again now (SIGHUP, a lost event). */
void inventory_resync(struct inventory *inv);
/* New settings of outputs. */
void inventory_set_wants(struct inventory *inv, bool stopped, bool counts);

/* For whoever shows them. */
struct inventory_counts {
	size_t containers, running;
	uint64_t lists, inspects, networks, infos; /* requests */
	uint64_t events;                           /* seen */
	uint64_t changes;                          /* snapshots made */
	uint64_t unreadable;                       /* inspects that could not be decoded */
	int64_t synced_mono_ns;                    /* end of the last complete list; 0: none yet */
};

void inventory_get_counts(const struct inventory *inv, struct inventory_counts *ret);

#endif
