/* SPDX-License-Identifier: MIT
 *
 * What of the engine's JSON is read: shapes (see shape.h) of GET /containers/ID/json and of the other
 * answers, with the structs they fill. Names and types follow the engine's API; a field of another
 * type makes its container unreadable, as it does for docker-gen.
 */
#ifndef UD_MODEL_INSPECT_H
#define UD_MODEL_INSPECT_H

#include "model/shape.h"

/* Member of NetworkSettings.Ports: the key is "80/tcp", v holds struct inspect_binding. */
struct inspect_binding {
	struct str host_ip, host_port;
};

/* Value of NetworkSettings.Networks; the key is the network's name. */
struct inspect_network {
	struct shape_list aliases; /* struct str */
	struct str id, endpoint_id, gateway, ip, ipv6_gateway, global_ipv6, mac;
	struct str vip; /* of a task's service; no inspect has it */
	int64_t prefix_len, global_ipv6_prefix_len;
};

struct inspect_network_settings {
	struct str ip, gateway, global_ipv6, link_local_ipv6; /* p NULL: not sent any more */
	struct shape_list ports;    /* dict of shape_list of inspect_binding */
	struct shape_list networks; /* dict of inspect_network */
};

struct inspect_config {
	struct str hostname, image, stop_signal;
	struct shape_list env;           /* struct str */
	struct shape_list labels;        /* dict of struct str */
	struct shape_list exposed_ports; /* dict of anything */
};

struct inspect_device {
	struct str path_on_host, path_in_container, permissions;
};

struct inspect_host_config {
	struct str network_mode;
	struct shape_list devices; /* struct inspect_device */
};

struct inspect_mount {
	struct str type, name, source, destination, driver, mode;
	bool rw;
};

struct inspect_health {
	struct str status;
};

struct inspect_state {
	struct str status, started; /* started: RFC 3339 */
	bool running, paused, restarting;
	int64_t exit_code;
	struct inspect_health health;
};

struct inspect_node {
	struct str id, ip, name;
};

struct inspect {
	struct str id, name, image; /* image: its id, "sha256:..." */
	struct shape_time created;
	struct inspect_state state;
	struct inspect_config *config;
	struct inspect_host_config *host_config;
	struct inspect_network_settings *network_settings;
	struct inspect_node *node;
	struct {
		struct {
			struct str upper_dir;
		} data;
	} driver; /* of the root filesystem */
	struct shape_list mounts;     /* struct inspect_mount */
	struct shape_list volumes;    /* dict of struct str: engines before 1.8 */
	struct shape_list volumes_rw; /* dict of bool */
};

/* A member of GET /containers/json. */
struct inspect_row {
	struct str id;
	struct str state;         /* "running"; empty before API 1.23 */
	struct str status;        /* for people: "Up 5 seconds (healthy)" */
	struct shape_list names;  /* struct str, with a slash */
	struct shape_list ports;  /* struct inspect_row_port */
	struct inspect_health *health;
	struct inspect_row_networks *network_settings;
};

struct inspect_row_port {
	int64_t port, host_port; /* host_port 0: not published */
	struct str proto;
};

struct inspect_row_network {
	struct str id, ip, global_ipv6, endpoint_id;
};

struct inspect_row_networks {
	struct shape_list networks; /* dict of inspect_row_network */
};

/* A member of GET /networks, and GET /networks/ID. */
struct inspect_network_info {
	struct str id, name;
	bool internal;
};

struct inspect_info {
	struct str name;
	int64_t containers, images;
};

struct inspect_version {
	struct str version, api_version, go_version, os, arch;
};

extern const struct shape shape_inspect, shape_row, shape_rows /* each */, shape_network_info,
	shape_network_infos /* each */, shape_info, shape_version;

/* Sizes of the entries of dicts, for shape_list_at. */
#define SHAPE_ENTRY_SIZE(type) ((SHAPE_ELEM + sizeof(type) + 7) & ~(size_t)7)

#endif
