/* SPDX-License-Identifier: MIT
 *
 * The `filters` parameter: {"key":["value",…]} or {"key":{"value":true,…}} (filters.txt).
 */
#ifndef SIM_FILTER_H
#define SIM_FILTER_H

#include "engine/sim_event.h"

struct sim_filter_key {
	char *key;
	VEC(char *) values;
};

struct sim_filter {
	VEC(struct sim_filter_key) keys;
};

/* An empty text is no filter. The error's text is that of Go's JSON decoder. */
bool sim_filter_parse(struct sim_filter *f, const char *json, struct error *err) MUSTCHECK;
void sim_filter_release(struct sim_filter *f);
/* The first key that /events (of engines that mind) does not know, NULL if there is none. */
const char *sim_filter_unknown_event_key(const struct sim_filter *f);
bool sim_filter_event(struct sim *s, const struct sim_filter *f, const struct sim_event *ev);
/* Checks keys and values of a list's filter; the error's text is the engine's. */
bool sim_filter_check_list(struct sim *s, const struct sim_filter *f, struct error *err) MUSTCHECK;
bool sim_filter_container(struct sim *s, const struct sim_filter *f, const struct sim_container *c);
/* True: the filter names states, so the list holds stopped containers too. */
bool sim_filter_has(const struct sim_filter *f, const char *key);

#endif
