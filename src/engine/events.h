/* SPDX-License-Identifier: MIT
 *
 * The body of GET /events, cut into events. Bytes go in as they come, in pieces of any size; each
 * event that matters comes out as a struct engine_event. Calling sequence:
 *
 *	struct events *es = events_new(&handlers, arg);
 *	events_feed(es, bytes, len);        as often as bytes come
 *	events_reset(es);                   another stream begins
 *	events_free(es);
 *
 * A frame is one JSON object at depth 0, whatever is between two of them (newline, 0x1e of
 * json-seq). Which event it is, its top-level Type and Action decide, never anything nested: labels
 * can carry any key. Events that nobody asks for (exec_*, images, volumes) are dropped once these
 * two are read and cost neither memory nor a parser. A bad or oversized event is counted, skipped
 * and reported by on_lost; the stream goes on.
 *
 * Pure: touches no descriptor, never logs. on_event and on_lost may not call events_* functions.
 */
#ifndef UD_ENGINE_EVENTS_H
#define UD_ENGINE_EVENTS_H

#include "base/base.h"
#include "base/str.h"

#include <stdint.h>

/* Largest event that is read; a larger one is lost (on_lost). Labels of 100 kB are seen in the
 * wild. Dropped events may have any size. */
#define EVENT_BYTES_MAX ((size_t)1 << 20)
/* Deepest nesting of an event; the engines' own have three levels. */
#define EVENT_DEPTH_MAX 32

/* One sorted table in event_table.c gives these to the engines' words. */
enum engine_event_kind {
	ENGINE_CONTAINER_CREATE,
	ENGINE_CONTAINER_DESTROY, /* podman: remove */
	ENGINE_CONTAINER_DIE,     /* podman 4: died */
	ENGINE_CONTAINER_HEALTH,  /* health_status; .health says which */
	ENGINE_CONTAINER_KILL,    /* a signal was sent; .signal, absent with podman */
	ENGINE_CONTAINER_OOM,
	ENGINE_CONTAINER_PAUSE,
	ENGINE_CONTAINER_RENAME,
	ENGINE_CONTAINER_RESTART,
	ENGINE_CONTAINER_START,
	ENGINE_CONTAINER_STOP,
	ENGINE_CONTAINER_UNPAUSE,
	ENGINE_CONTAINER_UPDATE,
	ENGINE_NETWORK_CONNECT,
	ENGINE_NETWORK_DISCONNECT,
	ENGINE_NETWORK_DESTROY,   /* podman: remove; .id is empty, .network the network's id */
	ENGINE_NODE_CREATE,       /* swarm; .id is the node's */
	ENGINE_NODE_REMOVE,
	ENGINE_NODE_UPDATE,
	ENGINE_SERVICE_CREATE,    /* swarm; .id is the service's */
	ENGINE_SERVICE_REMOVE,
	ENGINE_SERVICE_UPDATE,
};
#define ENGINE_EVENT_KINDS (ENGINE_SERVICE_UPDATE + 1)

/* Strings are borrowed for the length of on_event and empty (len 0) when the engine gave none.
 * All but id, name, image and health come from attributes that a label of the same name
 * overwrites: signal may be forged by the container that it is about, and by no other. */
struct engine_event {
	enum engine_event_kind kind;
	struct str id;           /* the container's, for network connect and disconnect too */
	struct str network;      /* the network's id; empty with podman */
	struct str network_name; /* empty with podman 4 */
	struct str name;         /* the container's, without a slash; for services the service's */
	struct str image;
	struct str signal;       /* of a kill, as the engine writes it: "15", "9" */
	struct str health;       /* "healthy", "unhealthy", "starting" */
	int64_t time_nano;       /* engine's clock, nanoseconds since 1970; 0 if absent */
	const char *action;      /* static text for logs: "start", "network connect" */
};

struct events_handlers {
	void (*on_event)(const struct engine_event *event, void *arg);
	/* An event could not be read: what it said is unknown, so look at everything anew. */
	void (*on_lost)(const char *why, void *arg);
};

struct events_counts {
	uint64_t bytes;   /* fed */
	uint64_t seen;    /* given to on_event */
	uint64_t dropped; /* whole, but of no interest */
	uint64_t lost;    /* bad or oversized */
};

struct events;

/* handlers is copied, arg goes to each of them. */
struct events *events_new(const struct events_handlers *handlers, void *arg);
void events_free(struct events *es);
void events_feed(struct events *es, const char *bytes, size_t len);
/* Forgets a partial event; the counts go on. */
void events_reset(struct events *es);
const struct events_counts *events_counts(const struct events *es);
/* The word for kind in logs: "start", "network connect". */
const char *engine_event_text(enum engine_event_kind kind);

#endif
