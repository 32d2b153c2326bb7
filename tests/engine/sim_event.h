/* SPDX-License-Identifier: MIT
 *
 * Events as the emulated engine writes them, and the history that `since` asks for. Delivery to
 * the clients is sim_publish.h's.
 */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include "engine/sim.h"

struct sim_event {
	unsigned refs;
	const char *type; /* "container" or "network" */
	char *action;
	char *id;
	char *image; /* member "from"; NULL: none */
	sim_pairs attributes;
	char *health; /* podman's HealthStatus; NULL: none */
	int64_t nano;
	char *raw;	    /* a test's own text instead of all this */
	struct buf text[2]; /* once written: [0] old, [1] modern API */
};

/* An event about the container with its labels as attributes, which the engine's own attributes
 * do not replace but for image and name (events-label-spoof). The caller owns one reference. */
struct sim_event *sim_event_container(
	struct sim *s, const struct sim_container *c, const char *action);
/* An event about a network; c is the container it concerns, NULL for create and destroy. */
struct sim_event *sim_event_network(struct sim *s, const struct sim_network *net,
	const struct sim_container *c, const char *action);
/* An event whose text is given as it is: tests of bad events. */
struct sim_event *sim_event_raw(const char *text);
/* Adds an attribute unless a label has taken its name. */
void sim_event_attribute(struct sim_event *ev, const char *key, const char *value);
void sim_event_unref(struct sim_event *ev);
struct sim_event *sim_event_ref(struct sim_event *ev);
/* The JSON text with its newline. */
struct str sim_event_text(struct sim *s, struct sim_event *ev, bool modern);
/* Gives it the time and puts it into the history and to the clients; takes the reference. */
void sim_emit(struct sim *s, struct sim_event *ev);
/* Time and history only. */
void sim_event_stamp(struct sim *s, struct sim_event *ev);
void sim_history_clear(struct sim *s);

#endif
