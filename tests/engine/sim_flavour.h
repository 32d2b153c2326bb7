/* SPDX-License-Identifier: MIT
 *
 * One row per emulated engine: everything that engines do differently. Each value was seen in a
 * recorded answer of that engine; sim_flavour.c names the file.
 */
#ifndef SIM_FLAVOUR_H
#define SIM_FLAVOUR_H

#include <stdbool.h>
#include <stddef.h>

/* What can be done to a container; a row holds the events that each causes, in order. */
enum sim_act {
	ACT_CREATE,
	ACT_START,
	ACT_STOP,      /* the process ends at its stop signal */
	ACT_STOP_HARD, /* it ignores the stop signal and is killed */
	ACT_KILL,      /* by a signal that ends it */
	ACT_DIE,       /* it ends by itself */
	ACT_RESTART,
	ACT_RESTART_HARD,
	ACT_RESTART_STOPPED,
	ACT_REMOVE,
	ACT_REMOVE_RUNNING,
	ACT_START_FAILS,
	ACT_LOOP, /* it dies and its restart policy starts it again */
	ACT_N
};

struct flavour {
	const char *name;      /* of --flavour */
	const char *captures;  /* folder of the recorded answers */
	unsigned api, api_min; /* 141 is 1.41 */
	bool podman;
	const char *sequence[ACT_N]; /* words of sim_action.c */

	/* events */
	unsigned modern_api;   /* from this version events have no status, id and from; 0: always */
	bool disconnect_twice; /* a disconnect by hand is emitted twice */
	bool exec_duration;    /* die has the attribute execDuration */
	bool always_exit_code; /* every event has containerExitCode */
	bool network_attribute; /* connect names the network by an attribute of its own */
	bool stop_ends_chunks;	/* an engine that stops ends its streams with the last chunk */
	size_t history_max;	/* events kept for since; 0: all */
	const char
		*unknown_event_filter; /* error text; NULL: ignored; "": the stream ends at once */
	bool event_prefix_match;       /* event=health_status matches "health_status: healthy",
					  container=pre */
	bool label_needs_value;	       /* label=key matches nothing */

	/* lists and inspects */
	size_t chunk; /* bytes of a body's chunks; 0: all in one */
	bool list_escapes_html;
	bool ports_on_any_ip6;	    /* a published port without an address appears for :: too */
	bool any_ip_is_empty;	    /* and its IPv4 address is left out */
	bool bindings_show_exposed; /* PortBindings holds exposed ports as null */
	bool shows_modes;	    /* host and none appear as networks, podman's way */
	bool list_ip_always;	    /* an exposed port has "IP":"" in the list */
	bool health_in_status;	    /* the list's Status ends in (healthy) */
	bool health_always;	    /* State.Health is there without a health check */
	bool alias_short_id;	    /* aliases hold the short id */
	bool list_aliases;	    /* the list shows aliases and DNS names */
	bool network_id_is_name;
	bool created_has_network_id;
	bool null_containers;	  /* GET /networks: "Containers":null */
	bool null_subnets;	  /* networks without addresses: "Config":null */
	bool list_has_containers; /* GET /networks shows each network's containers */
	const char *default_network;
	const char *default_mode; /* HostConfig.NetworkMode of a container that asked for none */
	const char *image_prefix; /* what an image name without a host gets */
	const char *filter_json_error; /* with a %s for the JSON error; NULL: the error itself */
	int list_json_status, events_json_status, filter_status;
	const char *filter_error; /* of an unknown filter, with a %s */
	const char *status_error; /* of an unknown status, with two %s */
};

/* The row of that name, NULL if there is none. */
const struct flavour *flavour_find(const char *name);
/* The names in one line, for a message. */
const char *flavour_names(void);

#endif
