/* SPDX-License-Identifier: MIT
 *
 * The answers that depend on the emulated engine's state: which members of a recorded answer are
 * written anew, and how.
 */
#ifndef SIM_FIELDS_H
#define SIM_FIELDS_H

#include "engine/sim_capture.h"
#include "engine/sim_template.h"

/* Heads (and some bodies) of recorded answers, by file. */
enum sim_head {
	HEAD_PING,
	HEAD_PING_HEAD,
	HEAD_JSON, /* of every answer in JSON */
	HEAD_EVENTS,
	HEAD_404, /* no such container */
	HEAD_PATH_404,
	HEAD_VERSION_400,
	HEAD_FILTER_400,
	HEAD_FILTER_500,
	HEAD_N
};

struct sim_templates {
	struct capture heads[HEAD_N];
	struct capture version;
	struct program *inspect, *list, *endpoint, *list_endpoint, *network, *network_item, *info;
	struct program *bridge_item, *host_item, *none_item, *mount;
};

/* Reads the flavour's recordings from folder dir/FLAVOUR. */
bool sim_templates_load(struct sim *s, const char *dir, struct error *err) MUSTCHECK;
void sim_templates_free(struct sim_templates *t);

void sim_write_inspect(struct sim *s, const struct sim_container *c, struct buf *out);
void sim_write_list_item(struct sim *s, const struct sim_container *c, struct buf *out);
void sim_write_network(struct sim *s, const struct sim_network *net, bool list, struct buf *out);
void sim_write_info(struct sim *s, struct buf *out);
/* The lower-case word of the API. */
const char *sim_status_name(enum sim_status status);

#endif
