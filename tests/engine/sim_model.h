/* SPDX-License-Identifier: MIT
 *
 * The emulated engine's containers and networks as data: no events come from here (see
 * sim_action.h). Ids come from a seeded generator, so two runs of one script see the same ones.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "engine/sim.h"

/* The next 64 hex digits of the generator, NUL-terminated. */
void sim_random_id(struct sim *s, char id[SIM_ID_LEN + 1]);

/* Sets key; a NULL value removes it. Pairs stay sorted by key. */
void sim_pairs_set(sim_pairs *pairs, const char *key, const char *value);
const char *sim_pairs_get(const sim_pairs *pairs, const char *key);
void sim_pairs_release(sim_pairs *pairs);

/* A container in state created without options, called name; an error if the name is taken. */
bool sim_container_new(
	struct sim *s, const char *name, struct sim_container **ret, struct error *err) MUSTCHECK;
/* Applies one "key=value" option; the keys are listed by `enginesim help`. */
bool sim_container_option(
	struct sim *s, struct sim_container *c, const char *option, struct error *err) MUSTCHECK;
/* Forgets the container. */
void sim_container_remove(struct sim *s, struct sim_container *c);
bool sim_container_rename(
	struct sim *s, struct sim_container *c, const char *name, struct error *err) MUSTCHECK;
/* By id, name (with or without its slash) or an id's unambiguous beginning; NULL if there is none.
 */
struct sim_container *sim_container_find(struct sim *s, const char *ref);
/* Gives addresses to the endpoints, or takes them away. */
void sim_container_addresses(struct sim *s, struct sim_container *c, bool up);
bool sim_container_is_up(const struct sim_container *c);
struct sim_endpoint *sim_endpoint_find(struct sim_container *c, const struct sim_network *net);
struct sim_endpoint *sim_endpoint_add(
	struct sim *s, struct sim_container *c, struct sim_network *net);
void sim_endpoint_remove(struct sim_container *c, const struct sim_network *net);

/* By name, id or the beginning of an id. */
struct sim_network *sim_network_find(struct sim *s, const char *ref);
/* A bridge network with a subnet of its own. */
struct sim_network *sim_network_new(struct sim *s, const char *name);
void sim_network_remove(struct sim *s, struct sim_network *net);
/* host, none and the default network, as an engine has them after its first start. */
void sim_networks_init(struct sim *s);
void sim_model_release(struct sim *s);

#endif
