/* SPDX-License-Identifier: MIT
 *
 * What the files of the inventory share; for them and their tests only.
 *
 *	inventory.c   events of the engine, changes, snapshots
 *	inspects.c    entries and their inspects: the queue, one in flight per id, the dirty bit
 *	removals.c    containers that stop or go, and the inspects that confirm it afterwards
 *	absence.c     an engine that stays away
 *	listing.c     lists: when, what differs, what is gone
 *	facts.c       networks, GET /info and /version
 *	swarm.c       instead of lists and inspects: the tasks of a swarm
 *	show.c        snapshots: what templates see of all that
 *
 * Order of things: inv->seq counts everything that happens. An entry that an event touched after a
 * list was asked for is not judged by that list; an inspect that was asked for before a container
 * stopped cannot make it run again, and an event from before its last start cannot stop it.
 */
#ifndef UD_MODEL_INVENTORY_IMPL_H
#define UD_MODEL_INVENTORY_IMPL_H

#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"
#include "engine/engine.h"
#include "model/inventory.h"
#include "model/self.h"
#include "model/swarm.h"
#include "value/context.h"

#include <sys/queue.h>

struct container;
struct decoder;
struct event;
struct intern_pool;
struct shape_decoder;

/* Longest id that is taken; the engines' have 64 digits. */
#define ENTRY_ID_MAX 128

/* How requests are made; the engine's own functions but for tests. */
struct inventory_io {
	struct engine_call *(*call)(struct engine *e, const struct engine_request *request,
		const struct engine_call_handlers *handlers, void *arg);
	void (*cancel)(struct engine_call *call);
};

/* The event that an entry's next change answers. */
struct cause {
	const char *event; /* static */
	int64_t at_mono_ns, engine_ns;
};

/* One container by its id. */
struct entry {
	struct inventory *inv;
	struct container *c;     /* what is known; NULL until the first inspect */
	struct container *fresh; /* inspected, waits for its networks */
	/* What templates see: shown, made of shown_of and maybe shown_via; all NULL: not made yet. */
	struct container *shown, *shown_of, *shown_via;
	TAILQ_ENTRY(entry) queue;
	struct entry_queue *queued; /* waits there for its turn to be inspected; NULL: does not */
	bool confirm;            /* the timer is for an inspect that confirms a removal */
	bool dirty;              /* something happened since the inspect in flight was asked for */
	bool first;              /* the first snapshot waits for it */
	bool owed;               /* an inspect failed and will be asked again */
	struct engine_call *call;
	struct decoder *decoder;
	struct error decode_error;
	uint64_t asked_seq;      /* the inspect in flight or in fresh */
	uint64_t touched_seq;    /* the last event about it */
	uint64_t stopped_seq;    /* the last event that says it does not run */
	uint64_t listed;         /* number of the last list that names it */
	int64_t started_ns;      /* its last start, by the engine's clock; 0: unknown */
	unsigned failures;
	struct event *timer;     /* of a retry or a delayed inspect; NULL if none was ever needed */
	struct cause cause;
	uint64_t unreadable;     /* hash of the last reason that was logged */
	size_t id_len;
	char id[];
};

TAILQ_HEAD(entry_queue, entry);

/* A request whose answer is read by a shape. */
struct fact {
	struct inventory *inv;
	const struct fact_row *row;
	struct engine_call *call;
	struct shape_decoder *decoder;
	struct error error; /* of decoding */
	bool again;         /* ask once more when this one is done */
	bool reading;       /* its answer is being used: the decoder is not free yet */
	char *network;      /* of a single network: its id */
	TAILQ_ENTRY(fact) link;
};

enum fact_kind { FACT_NETWORKS, FACT_INFO, FACT_VERSION, FACT_NETWORK };
#define FACTS_AT_START 3 /* asked at each connect; the others when they are needed */

TAILQ_HEAD(fact_list, fact);

/* What is known of a network. */
struct network {
	bool internal;
	bool refused; /* asked for and not found */
	char name[];
};

struct inventory {
	struct event_base *base;
	struct engine *engine;
	const struct inventory_io *io;
	char *name, **env, *address_text;
	struct self self;
	struct inventory_options options; /* strings are NULL: see above */
	struct intern_pool *pool;
	struct smap entries; /* id to struct entry */
	uint64_t seq;
	bool up, closing;
	struct inventory_counts counts;

	struct entry_queue queue;
	struct entry_queue confirms; /* come after all of the queue */
	unsigned in_flight;
	size_t first_left; /* entries that the first snapshot waits for */

	struct engine_call *list_call;
	struct shape_decoder *list_decoder;
	struct error list_error;
	uint64_t list_number, list_seq;
	bool list_again, listed_once;
	bool catching_up; /* connected, but not listed since: events may be of before */
	int64_t list_ended_ns;
	unsigned list_failures;
	const char *list_event; /* why: "first list", "reconnect", "resync" */
	struct event *list_timer, *resync_timer, *deadline_timer;
	struct event *ttl_timer, *absent_timer;

	struct swarm *swarm; /* NULL: containers are listed and inspected */

	struct fact facts[FACTS_AT_START];
	struct fact_list network_facts; /* single networks that are being asked for */
	struct smap networks;           /* by id, and by name, to struct network */
	VEC(struct network *) network_list;
	bool networks_fresh;            /* they are of the list that was asked for last */
	bool networks_refused;
	struct rec_docker docker;       /* strings owned, see docker_set */

	bool ready;             /* there may be snapshots */
	bool deadline_over;
	struct snapshot *snapshot; /* NULL: to be made */
	uint64_t generation;
	struct inventory_change pending; /* waits for /info; containers 0: none */
	char *pending_name, *pending_id; /* owned, what pending points to */
	bool full_logged;
};

/* For tests, before the engine is set. */
void inventory_set_io(struct inventory *inv, const struct inventory_io *io);

/* --- inventory.c ------------------------------------------------------------------ */

/* Whether an output may show c, which may be NULL. */
bool inventory_shows(const struct inventory *inv, const struct container *c);
/* The visible state changed, because of e, which is (or was) the container c, and cause. */
void inventory_changed(struct inventory *inv, const struct entry *e, const struct container *c,
	const struct cause *cause, bool urgent);
/* Something changed that no output can see. */
void inventory_stale(struct inventory *inv);
/* Something that the first snapshot waits for has ended. */
void inventory_check_ready(struct inventory *inv);
/* The first snapshot waits for further answers: begins the deadline anew. */
void inventory_wait(struct inventory *inv);
/* /info was asked for because of a change, and answered. */
void inventory_counted(struct inventory *inv);

/* --- show.c -------------------------------------------------------------------------- */

/* Forgets what was shown of it. */
void entry_unshow(struct entry *e);

/* --- inspects.c --------------------------------------------------------------------- */

struct entry *entry_get(struct inventory *inv, struct str id);
/* The same, made if it is not there; NULL when there are too many or the id is none. */
struct entry *entry_make(struct inventory *inv, struct str id);
void entry_free(struct entry *e);
bool entry_runs(const struct entry *e);
/* Inspect it, now or, if an inspect is in flight, after that; cause may be NULL. */
void entry_inspect(struct entry *e, const struct cause *cause);
/* The same after a while, unless something else happens to it first. */
void entry_inspect_later(struct entry *e, const struct cause *cause, int64_t delay_ns);
/* The same when nothing else is to be inspected. */
void entry_inspect_last(struct entry *e);
/* Starts the timer whose end inspects it; it is one of a removal's confirmation if confirm. */
void entry_timer(struct entry *e, int64_t delay_ns, bool confirm);
/* Ends the inspect in flight without its answer. */
void entry_cancel(struct entry *e);
/* Takes it out of the queue that it waits in. */
void entry_unqueue(struct entry *e);
/* What is known of it gives way to c, whose reference is taken. */
void entry_replace(struct entry *e, struct container *c, const struct cause *cause, bool urgent);
/* Sends what waits, as far as there is room. */
void entries_run(struct inventory *inv);
/* Takes what was inspected if all its networks are known now. */
void entry_settle(struct entry *e);
/* entry_settle for all that wait. */
void entries_settle(struct inventory *inv);
/* Entries whose inspect failed are asked again. */
void entries_retry(struct inventory *inv);
/* Whether the first snapshot waits for it. */
void entry_set_first(struct entry *e, bool first);

/* --- removals.c ----------------------------------------------------------------------- */

/* It does not run any more: that counts at once, and is confirmed later. */
void entry_stopped(struct entry *e, const struct cause *cause, struct str status);
/* It was removed: likewise. */
void entry_removed(struct entry *e, const struct cause *cause);
/* The engine does not know it; e is freed. */
void entry_gone(struct entry *e, const struct cause *cause);

/* --- absence.c ------------------------------------------------------------------------ */

void absence_init(struct inventory *inv);
void absence_release(struct inventory *inv);
/* The engine is away, from now on. Starts the times that were configured, if they do not run. */
void absence_begin(struct inventory *inv);
void absence_end(struct inventory *inv);

/* --- listing.c ------------------------------------------------------------------------ */

void listing_init(struct inventory *inv);
void listing_release(struct inventory *inv);
/* List as soon as it is allowed; event says why. */
void listing_start(struct inventory *inv, const char *event);
/* Forgets a list that is under way; the next one waits for no gap. */
void listing_cancel(struct inventory *inv);

/* --- facts.c ---------------------------------------------------------------------------- */

void facts_init(struct inventory *inv);
void facts_release(struct inventory *inv);
/* Asks for everything anew. */
void facts_start(struct inventory *inv);
/* Asks again for what was refused. */
void facts_resync(struct inventory *inv);
/* Asks for the counts of /info. */
void facts_count(struct inventory *inv);
/* None of those asked at the start is under way. */
bool facts_idle(const struct inventory *inv);
/* Whether a network is internal. False if that is not known yet: it was asked for, and entries_settle
 * follows. */
bool facts_network(struct inventory *inv, struct str id, struct str name, bool *ret_internal);
/* No container waits for networks any more; those that turn out to be internal are inspected again. */
void facts_give_up(struct inventory *inv);
/* The engine removed it. */
void facts_forget_network(struct inventory *inv, struct str id);

/* The pause before what failed that often is asked again. */
int64_t inventory_retry_delay(unsigned failures);

#endif
