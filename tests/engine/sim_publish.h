/* SPDX-License-Identifier: MIT
 *
 * Delivery of events to the clients of /events. As in dockerd, each client has a queue of events;
 * while one is full the publisher waits for it up to 100 ms (--patience-ms), then goes on without
 * it: that client has lost the event, and everybody has waited.
 */
#ifndef SIM_PUBLISH_H
#define SIM_PUBLISH_H

#include "engine/sim_conn.h"
#include "engine/sim_event.h"

/* What goes wrong with the events of a disturbed engine. */
enum sim_disturbance {
	SIM_UNDISTURBED,
	SIM_LOSE,  /* they are never told */
	SIM_LATE,  /* they are told after the last of them, in the reversed order */
	SIM_AGAIN, /* they are told, and after the last of them once more */
};

struct sim_publisher *sim_publisher_new(struct sim *s);
/* The next n events are disturbed; what an earlier disturbance has held back is told now. */
void sim_publisher_disturb(struct sim *s, enum sim_disturbance disturbance, uint64_t n);
void sim_publisher_free(struct sim_publisher *p);
/* Takes the reference. */
void sim_publish(struct sim *s, struct sim_event *ev);
void sim_publisher_add(struct sim *s, struct sim_conn *conn);
void sim_publisher_remove(struct sim *s, struct sim_conn *conn);
/* Gives everything to the connections now, however slow their clients are. */
void sim_publisher_flush(struct sim *s);
/* A client has taken events from its queue. */
void sim_publisher_room(struct sim *s);
/* The clients of /events, to walk over. */
size_t sim_publisher_streams(const struct sim *s);
struct sim_conn *sim_publisher_stream(const struct sim *s, size_t i);
/* Emits n events, made by make, as fast as the clients take them; done is called after the last
 * was taken by all. One burst at a time: false if one is running. */
bool sim_burst(struct sim *s, uint64_t n, void (*make)(struct sim *s, void *arg, uint64_t i),
	void (*done)(struct sim *s, void *arg), void *arg);
/* Events that have not reached a client's connection yet. */
size_t sim_publisher_pending(const struct sim *s);

#endif
