/* SPDX-License-Identifier: MIT
 *
 * What happens to containers, with the events that the emulated engine reports for it, in its
 * order. Each returns an error's text where an engine would refuse.
 */
#ifndef SIM_ACTION_H
#define SIM_ACTION_H

#include "engine/sim.h"
#include "engine/sim_flavour.h"

/* Joins the default network if no option chose one, and emits create. */
void sim_create(struct sim *s, struct sim_container *c);
bool sim_start(struct sim *s, struct sim_container *c, struct error *err) MUSTCHECK;
/* hard: the process ignores its stop signal and is killed. */
bool sim_stop(struct sim *s, struct sim_container *c, bool hard, struct error *err) MUSTCHECK;
/* A signal that ends the process, or (harmless) does not. */
bool sim_kill(struct sim *s, struct sim_container *c, const char *signal, bool harmless,
	struct error *err) MUSTCHECK;
bool sim_die(struct sim *s, struct sim_container *c, int code, struct error *err) MUSTCHECK;
/* It dies and its restart policy starts it again. */
bool sim_loop(struct sim *s, struct sim_container *c, int code, struct error *err) MUSTCHECK;
void sim_restart(struct sim *s, struct sim_container *c, bool hard);
bool sim_start_fails(struct sim *s, struct sim_container *c, struct error *err) MUSTCHECK;
/* Kills it first if it runs, as with force. */
void sim_remove(struct sim *s, struct sim_container *c);
bool sim_pause(struct sim *s, struct sim_container *c, bool pause, struct error *err) MUSTCHECK;
bool sim_rename(
	struct sim *s, struct sim_container *c, const char *name, struct error *err) MUSTCHECK;
/* An event without a change: update, top, … */
void sim_simple(struct sim *s, struct sim_container *c, const char *action);
void sim_health(struct sim *s, struct sim_container *c, const char *status);
/* The events of one exec, as a health probe makes them; the number of them. */
unsigned sim_exec(struct sim *s, struct sim_container *c, const char *command, int code);
bool sim_connect(struct sim *s, struct sim_container *c, struct sim_network *net,
	struct error *err) MUSTCHECK;
bool sim_disconnect(struct sim *s, struct sim_container *c, struct sim_network *net,
	struct error *err) MUSTCHECK;
struct sim_network *sim_network_create(struct sim *s, const char *name);
void sim_network_destroy(struct sim *s, struct sim_network *net);

#endif
