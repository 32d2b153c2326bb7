/* SPDX-License-Identifier: MIT
 *
 * The structs that templates see, and their types: what docker-gen hands to its templates
 * (package context: RuntimeContainer, Address, Network, ...), field for field, so that templates
 * written for it print, compare and fail in the same way. Fields of our own stand behind the ones
 * that are printed (struct type, n_extra): a template that names one finds it, nothing else does.
 *
 * The memory of a record belongs to a struct container or a struct snapshot.
 */
#ifndef UD_CONTEXT_H
#define UD_CONTEXT_H

#include "base/str.h"
#include "value/time.h"
#include "value/value.h"

#include <stdbool.h>
#include <stdint.h>

struct rec_address {
	struct str ip, ip6_link_local, ip6_global;
	struct str port; /* as the engine writes it, "80" */
	struct str host_port, proto, host_ip;
	/* Ours. */
	struct str container_port; /* within the container, whatever port is */
};

struct rec_network {
	struct str ip, name;
	struct slice aliases; /* []string */
	struct str gateway, endpoint_id, ipv6_gateway, global_ipv6_address, mac_address;
	int64_t global_ipv6_prefix_len, ip_prefix_len;
	bool internal;
	/* Ours. */
	struct str id;
	struct str vip; /* the virtual address of a task's service in it */
};

struct rec_device {
	struct str path_on_host, path_in_container, permissions;
};

struct rec_volume {
	struct str path, host_path;
	bool read_write;
};

struct rec_health {
	struct str status; /* "starting", "healthy", "unhealthy"; "" without a healthcheck */
};

struct rec_state {
	bool running;
	struct rec_health health;
	/* Ours. */
	struct str status; /* the engine's word: "running", "paused", "exited", ... */
	bool stopping;     /* told to stop and still running: a load balancer may drain it */
	bool paused;
};

struct rec_image {
	struct str registry, repository, tag;
	struct str reference; /* what String() gives: "registry/repository:tag" */
};

struct rec_node {
	struct str id, name;
	struct rec_address address;
};

struct rec_mount {
	struct str name, source, destination, driver, mode;
	bool rw;
	/* Ours. */
	struct str type; /* "volume", "bind", "tmpfs" */
};

struct rec_compose {
	struct str project, service;
	struct str number; /* of the container within its service, "1" */
};

/* Of a swarm's task; empty for any other container. */
struct rec_swarm {
	struct str service, service_id, task_id, node_id;
	int64_t slot;   /* 0 for a service that has a task on each node */
	struct str vip; /* that of the first network that has one; only if a manager is asked */
};

struct rec_engine {
	struct str name;    /* the section of the configuration, or the endpoint */
	struct str address; /* "published" where .Addresses are the host's, else "container" */
};

struct rec_container {
	struct str id;
	struct go_time created;
	struct slice addresses, networks, devices;
	struct str gateway, name, hostname, network_mode;
	struct rec_image image;
	struct map *env, *volumes; /* map[string]string, map[string]context.Volume */
	struct rec_node node;
	struct map *labels; /* map[string]string; NULL if the engine gave none */
	struct str ip, ip6_link_local, ip6_global;
	struct slice mounts;
	struct rec_state state;
	/* Ours. */
	struct rec_compose compose;
	struct rec_engine engine;
	struct rec_swarm swarm;
};

struct rec_docker {
	struct str name;
	int64_t num_containers, num_images;
	struct str version, api_version, go_version, operating_system, architecture;
	struct str current_container_id;
};

/* The root of a template. Its first member is what the pointer's element type describes. */
struct rec_root {
	struct slice containers; /* []*context.RuntimeContainer */
	struct rec_docker docker;
	struct map *env; /* map[string]string */
	const struct rec_container *current;
};

extern const struct type type_address, type_network, type_device, type_volume, type_health,
	type_state, type_image, type_node, type_mount, type_compose, type_engine, type_swarm, type_container,
	type_docker, type_container_pointer /* *context.RuntimeContainer */,
	type_context /* context.Context */, type_context_pointer /* *context.Context */,
	type_volume_map /* map[string]context.Volume */;

/* Makes the types known to type_pointer_to and its like. Call before a template is parsed; calls
 * after the first do nothing. */
void record_types_register(void);

#endif
