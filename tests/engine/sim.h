/* SPDX-License-Identifier: MIT
 *
 * The engine emulator's shared types. One struct sim is one emulated engine: its containers and
 * networks (sim_model.c), the events that it has emitted (sim_event.c), its clients (sim_server.c)
 * and the faults that tests have asked for (sim_fault.c). What an engine says and how it says it
 * comes from recorded answers of real engines (sim_capture.c, sim_template.c, sim_fields.c) and
 * from one table row per engine (sim_flavour.c).
 *
 * Ownership: struct sim owns everything reachable from it; sim_release frees it.
 */
#ifndef SIM_H
#define SIM_H

#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

#include <event2/event.h>

#define SIM_ID_LEN	   64	  /* hex digits of a container's, network's or endpoint's id */
#define SIM_SHORT_ID_LEN   12	  /* of a host name */
#define SIM_CONTAINERS_MAX 100000 /* one generated subnet holds no more */
#define SIM_BODY_MAX	   ((size_t)512 << 20)

enum sim_status { SIM_CREATED, SIM_RUNNING, SIM_PAUSED, SIM_RESTARTING, SIM_EXITED };
enum sim_mode { SIM_MODE_NETWORK, SIM_MODE_HOST, SIM_MODE_NONE, SIM_MODE_CONTAINER };

struct sim_pair {
	char *key, *value;
};
typedef VEC(struct sim_pair) sim_pairs;

struct sim_port {
	unsigned port;
	char *proto;
	unsigned host_port; /* 0: exposed only */
	char *host_ip;	    /* empty: all addresses */
};

struct sim_network {
	char id[SIM_ID_LEN + 1];
	char *name;
	const char *driver;
	bool hidden; /* podman 5: host and none are shown by containers only */
	sim_pairs labels;
	uint32_t subnet; /* host byte order */
	unsigned prefix; /* 0: has no addresses */
	uint32_t next;	 /* host part that the next endpoint gets */
	int64_t created;
};

struct sim_endpoint {
	struct sim_network *net;
	char id[SIM_ID_LEN + 1];
	uint32_t ip; /* 0 while the container does not run */
	char *alias; /* NULL: none */
};

struct sim_container {
	char id[SIM_ID_LEN + 1];
	char *name;
	char *image;
	enum sim_status status;
	enum sim_mode mode;
	char *joined; /* the id of the container whose network this one shares */
	sim_pairs labels, env;
	sim_pairs volumes; /* name, directory */
	VEC(struct sim_port) ports;
	VEC(struct sim_endpoint) endpoints; /* by network name */
	char *health;			    /* NULL: has no health check */
	bool always;			    /* restart policy */
	char *stop_signal;		    /* NULL: the engine's default */
	int64_t created, started, finished; /* ns since 1970; 0: never */
	int exit_code;
	unsigned pid;
	uint64_t inspects; /* answered so far */
};

struct sim_counters {
	uint64_t requests, connections, streams, refused;
	uint64_t bytes_written;
	uint64_t events_emitted; /* by the engine */
	uint64_t events_sent;	 /* to streams */
	uint64_t events_lost;	 /* a stream's queue was full for too long */
	uint64_t pending_max;	 /* most bytes that waited for one stream's client */
	uint64_t faults_fired;
};

struct flavour;
struct sim_templates;
struct sim_event;
struct sim_server;
struct sim_control;
struct sim_fault;
struct sim_conn;
struct waiter;

struct sim {
	struct event_base *base;
	const struct flavour *fl;
	struct sim_templates *templates;
	VEC(struct sim_container *) containers; /* oldest first */
	struct smap by_id, by_name;
	VEC(struct sim_network *) networks;
	uint64_t random; /* state of the id generator */
	unsigned next_pid;
	int64_t patience_ns; /* how long a full client is waited for */
	int64_t last_nano;   /* time of the newest event */

	VEC(struct sim_event *) history; /* oldest first */
	struct sim_publisher *publisher;
	VEC(struct sim_fault *) faults;
	VEC(struct waiter *) waiters; /* clients of the control socket that wait for a counter */
	VEC(char *) requests;	      /* the newest request lines */
	VEC(uint64_t) by_endpoint;
	struct sim_counters count;

	struct sim_server *server;
	struct sim_control *control;
};

#endif
