/* SPDX-License-Identifier: MIT
 *
 * The containers of a Docker Swarm, as its manager tells of them: each running task is one, with
 *the service's labels, its node, and its addresses in the networks that it shares with other
 *services.
 *
 *	swarm.c       when services, nodes and tasks are asked for, and what follows from the
 *answers swarm_read.c  what of the answers is read swarm_task.c  how a task becomes a container
 *
 * What happens on other nodes gives no events, so the lists are asked for again and again, at once
 * after an event of a service or node. A round takes services and nodes first, tasks last, and
 *counts only if it is complete. For the files of the inventory and their tests only.
 */
#ifndef UD_MODEL_SWARM_H
#define UD_MODEL_SWARM_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "base/map.h"
#include "model/inspect.h"

#include <stdbool.h>
#include <stdint.h>

struct container;
struct cause;
struct engine_event;
struct intern_pool;
struct inventory;

/* After an event tasks change for a while: they are asked for this often, for that long. */
#define SWARM_SOON_NS (500 * (int64_t)1000000)
#define SWARM_HOT_NS  (15 * (int64_t)1000000000)
/* Containers that are kept in mind as dead until the manager knows it as well. */
#define SWARM_DEAD_MAX 10000
/* Bytes of one list. */
#define SWARM_BYTES_MAX ((size_t)256 * 1024 * 1024)

/* --- swarm_read.c ----------------------------------------------------------------------- */

struct swarm_port {
	struct str proto, mode; /* mode: "ingress", "host" */
	int64_t target, published;
};

struct swarm_vip {
	struct str network, address; /* the network's id; with a prefix length */
};

/* A member of GET /services. */
struct swarm_service {
	struct str id;
	struct {
		struct str name;
		struct shape_list labels; /* dict of struct str */
	} spec;
	struct {
		struct shape_list ports; /* struct swarm_port */
		struct shape_list vips;	 /* struct swarm_vip */
	} endpoint;
};

/* A member of GET /nodes. */
struct swarm_node {
	struct str id;
	struct {
		struct str availability;
	} spec;
	struct {
		struct str hostname;
	} description;
	struct {
		struct str state, address;
	} status;
	struct {
		struct str address; /* with a port */
	} manager;
};

/* A member of a task's NetworksAttachments. */
struct swarm_attachment {
	struct {
		struct str id;
		struct {
			struct str name;
			bool ingress, internal;
		} spec;
		struct {
			struct shape_list configs; /* struct swarm_subnet */
		} ipam;
	} network;
	struct shape_list addresses; /* struct str, with a prefix length */
};

struct swarm_subnet {
	struct str gateway;
};

/* A member of GET /tasks. */
struct swarm_task {
	struct str id, service, node, desired_state;
	struct shape_time created;
	int64_t slot;
	struct {
		struct {
			struct str image, hostname, stop_signal;
			struct shape_list labels; /* dict of struct str */
			struct shape_list env;	  /* struct str */
		} container;
	} spec;
	struct {
		struct str state;
		struct {
			struct str id;
		} container;
		struct {
			struct shape_list ports; /* struct swarm_port */
		} port;
	} status;
	struct shape_list attachments; /* struct swarm_attachment */
};

extern const struct shape swarm_services, swarm_nodes, swarm_tasks; /* each */

/* --- swarm_task.c ------------------------------------------------------------------------- */

/* Copies that live in arena. */
struct swarm_service *swarm_service_copy(struct arena *arena, const struct swarm_service *s);
struct swarm_node *swarm_node_copy(struct arena *arena, const struct swarm_node *n);
/* The manager wants the task to run, and it does. */
bool swarm_task_runs(const struct swarm_task *t);
/* The node can be reached and may have tasks. One that the manager has not heard of yet (it is new
 * in office) counts. */
bool swarm_node_works(const struct swarm_node *n);
/* The task as a container, sealed, one reference. */
struct container *swarm_container(const struct swarm_task *t, const struct swarm_service *s,
	const struct swarm_node *n, struct intern_pool *pool, struct str engine);

/* --- swarm.c ------------------------------------------------------------------------------ */

struct swarm;

/* NULL is allowed by swarm_free. */
struct swarm *swarm_new(struct inventory *inv);
void swarm_free(struct swarm *s);
/* Asks for everything as soon as no request is under way; event says why, static. */
void swarm_sync(struct swarm *s, const char *event);
/* Forgets what is under way: the connection is a new one. */
void swarm_cancel(struct swarm *s);
void swarm_on_event(struct swarm *s, const struct engine_event *event, const struct cause *cause);

#endif
