/* SPDX-License-Identifier: MIT
 *
 * Tables of the engine's JSON, see inspect.h.
 */
#include "config.h"

#include "model/inspect.h"

#define STRING(type, member, json) SHAPE_FIELD(struct type, member, json, &shape_string)
#define BOOL(type, member, json)   SHAPE_FIELD(struct type, member, json, &shape_bool)
#define INT(type, member, json)    SHAPE_FIELD(struct type, member, json, &shape_int)
#define ARRAY_OF(id, member) \
	static const struct shape id = {.kind = SHAPE_ARRAY, .elem = &(member)}
#define DICT_OF(id, member) static const struct shape id = {.kind = SHAPE_DICT, .elem = &(member)}
#define POINTER_TO(id, to) \
	static const struct shape id = {.kind = SHAPE_POINTER, .elem = &(to)}

static const struct shape_field binding_fields[] = {
	STRING(inspect_binding, host_ip, "HostIp"),
	STRING(inspect_binding, host_port, "HostPort"),
};
static const struct shape shape_binding = SHAPE_OF(struct inspect_binding, binding_fields);
ARRAY_OF(shape_bindings, shape_binding);
DICT_OF(shape_ports, shape_bindings);
DICT_OF(shape_exposed, shape_empty);
DICT_OF(shape_bool_dict, shape_bool);

static const struct shape_field network_fields[] = {
	SHAPE_FIELD(struct inspect_network, aliases, "Aliases", &shape_strings),
	STRING(inspect_network, id, "NetworkID"),
	STRING(inspect_network, endpoint_id, "EndpointID"),
	STRING(inspect_network, gateway, "Gateway"),
	STRING(inspect_network, ip, "IPAddress"),
	INT(inspect_network, prefix_len, "IPPrefixLen"),
	STRING(inspect_network, ipv6_gateway, "IPv6Gateway"),
	STRING(inspect_network, global_ipv6, "GlobalIPv6Address"),
	INT(inspect_network, global_ipv6_prefix_len, "GlobalIPv6PrefixLen"),
	STRING(inspect_network, mac, "MacAddress"),
};
static const struct shape shape_network = SHAPE_OF(struct inspect_network, network_fields);
DICT_OF(shape_networks, shape_network);

static const struct shape_field network_settings_fields[] = {
	SHAPE_FIELD(struct inspect_network_settings, networks, "Networks", &shape_networks),
	SHAPE_FIELD(struct inspect_network_settings, ports, "Ports", &shape_ports),
	STRING(inspect_network_settings, ip, "IPAddress"),
	STRING(inspect_network_settings, gateway, "Gateway"),
	STRING(inspect_network_settings, global_ipv6, "GlobalIPv6Address"),
	STRING(inspect_network_settings, link_local_ipv6, "LinkLocalIPv6Address"),
};
static const struct shape shape_network_settings =
	SHAPE_OF(struct inspect_network_settings, network_settings_fields);
POINTER_TO(shape_network_settings_pointer, shape_network_settings);

static const struct shape_field config_fields[] = {
	STRING(inspect_config, hostname, "Hostname"),
	STRING(inspect_config, image, "Image"),
	STRING(inspect_config, stop_signal, "StopSignal"),
	SHAPE_FIELD(struct inspect_config, env, "Env", &shape_strings),
	SHAPE_FIELD(struct inspect_config, labels, "Labels", &shape_string_dict),
	SHAPE_FIELD(struct inspect_config, exposed_ports, "ExposedPorts", &shape_exposed),
};
static const struct shape shape_config = SHAPE_OF(struct inspect_config, config_fields);
POINTER_TO(shape_config_pointer, shape_config);

static const struct shape_field device_fields[] = {
	STRING(inspect_device, path_on_host, "PathOnHost"),
	STRING(inspect_device, path_in_container, "PathInContainer"),
	STRING(inspect_device, permissions, "CgroupPermissions"),
};
static const struct shape shape_device = SHAPE_OF(struct inspect_device, device_fields);
ARRAY_OF(shape_devices, shape_device);

static const struct shape_field host_config_fields[] = {
	STRING(inspect_host_config, network_mode, "NetworkMode"),
	SHAPE_FIELD(struct inspect_host_config, devices, "Devices", &shape_devices),
};
static const struct shape shape_host_config =
	SHAPE_OF(struct inspect_host_config, host_config_fields);
POINTER_TO(shape_host_config_pointer, shape_host_config);

static const struct shape_field mount_fields[] = {
	STRING(inspect_mount, type, "Type"),
	STRING(inspect_mount, name, "Name"),
	STRING(inspect_mount, source, "Source"),
	STRING(inspect_mount, destination, "Destination"),
	STRING(inspect_mount, driver, "Driver"),
	STRING(inspect_mount, mode, "Mode"),
	BOOL(inspect_mount, rw, "RW"),
};
static const struct shape shape_mount = SHAPE_OF(struct inspect_mount, mount_fields);
ARRAY_OF(shape_mounts, shape_mount);

static const struct shape_field health_fields[] = {
	STRING(inspect_health, status, "Status"),
};
static const struct shape shape_health = SHAPE_OF(struct inspect_health, health_fields);
POINTER_TO(shape_health_pointer, shape_health);

static const struct shape_field state_fields[] = {
	STRING(inspect_state, status, "Status"),
	BOOL(inspect_state, running, "Running"),
	BOOL(inspect_state, paused, "Paused"),
	BOOL(inspect_state, restarting, "Restarting"),
	STRING(inspect_state, started, "StartedAt"),
	INT(inspect_state, exit_code, "ExitCode"),
	SHAPE_FIELD(struct inspect_state, health, "Health", &shape_health),
};
static const struct shape shape_state = SHAPE_OF(struct inspect_state, state_fields);

static const struct shape_field node_fields[] = {
	STRING(inspect_node, id, "ID"),
	STRING(inspect_node, ip, "IP"),
	STRING(inspect_node, name, "Name"),
};
static const struct shape shape_node = SHAPE_OF(struct inspect_node, node_fields);
POINTER_TO(shape_node_pointer, shape_node);

typedef typeof(((struct inspect *)0)->driver.data) driver_data;
static const struct shape_field driver_data_fields[] = {
	SHAPE_FIELD(driver_data, upper_dir, "UpperDir", &shape_string),
};
static const struct shape shape_driver_data = SHAPE_OF(driver_data, driver_data_fields);

typedef typeof(((struct inspect *)0)->driver) driver;
static const struct shape_field driver_fields[] = {
	SHAPE_FIELD(driver, data, "Data", &shape_driver_data),
};
static const struct shape shape_driver = SHAPE_OF(driver, driver_fields);

static const struct shape_field inspect_fields[] = {
	SHAPE_FIELD(struct inspect, driver, "GraphDriver", &shape_driver),
	STRING(inspect, id, "Id"),
	SHAPE_FIELD(struct inspect, created, "Created", &shape_time),
	SHAPE_FIELD(struct inspect, config, "Config", &shape_config_pointer),
	SHAPE_FIELD(struct inspect, state, "State", &shape_state),
	STRING(inspect, image, "Image"),
	SHAPE_FIELD(struct inspect, node, "Node", &shape_node_pointer),
	SHAPE_FIELD(struct inspect, network_settings, "NetworkSettings",
		&shape_network_settings_pointer),
	STRING(inspect, name, "Name"),
	SHAPE_FIELD(struct inspect, mounts, "Mounts", &shape_mounts),
	SHAPE_FIELD(struct inspect, volumes, "Volumes", &shape_string_dict),
	SHAPE_FIELD(struct inspect, volumes_rw, "VolumesRW", &shape_bool_dict),
	SHAPE_FIELD(struct inspect, host_config, "HostConfig", &shape_host_config_pointer),
};
const struct shape shape_inspect = SHAPE_OF(struct inspect, inspect_fields);

static const struct shape_field row_network_fields[] = {
	STRING(inspect_row_network, id, "NetworkID"),
	STRING(inspect_row_network, ip, "IPAddress"),
	STRING(inspect_row_network, global_ipv6, "GlobalIPv6Address"),
	STRING(inspect_row_network, endpoint_id, "EndpointID"),
};
static const struct shape shape_row_network =
	SHAPE_OF(struct inspect_row_network, row_network_fields);
DICT_OF(shape_row_network_dict, shape_row_network);
static const struct shape_field row_networks_fields[] = {
	SHAPE_FIELD(struct inspect_row_networks, networks, "Networks", &shape_row_network_dict),
};
static const struct shape shape_row_networks =
	SHAPE_OF(struct inspect_row_networks, row_networks_fields);
POINTER_TO(shape_row_networks_pointer, shape_row_networks);

static const struct shape_field row_port_fields[] = {
	INT(inspect_row_port, port, "PrivatePort"),
	INT(inspect_row_port, host_port, "PublicPort"),
	STRING(inspect_row_port, proto, "Type"),
};
static const struct shape shape_row_port = SHAPE_OF(struct inspect_row_port, row_port_fields);
ARRAY_OF(shape_row_ports, shape_row_port);

static const struct shape_field row_fields[] = {
	STRING(inspect_row, id, "Id"),
	STRING(inspect_row, state, "State"),
	STRING(inspect_row, status, "Status"),
	SHAPE_FIELD(struct inspect_row, names, "Names", &shape_strings),
	SHAPE_FIELD(struct inspect_row, ports, "Ports", &shape_row_ports),
	SHAPE_FIELD(struct inspect_row, health, "Health", &shape_health_pointer),
	SHAPE_FIELD(struct inspect_row, network_settings, "NetworkSettings",
		&shape_row_networks_pointer),
};
const struct shape shape_row = SHAPE_OF(struct inspect_row, row_fields);
const struct shape shape_rows = {.kind = SHAPE_ARRAY, .each = true, .elem = &shape_row};

static const struct shape_field network_info_fields[] = {
	STRING(inspect_network_info, id, "Id"),
	STRING(inspect_network_info, name, "Name"),
	BOOL(inspect_network_info, internal, "Internal"),
};
const struct shape shape_network_info =
	SHAPE_OF(struct inspect_network_info, network_info_fields);
const struct shape shape_network_infos = {
	.kind = SHAPE_ARRAY, .each = true, .elem = &shape_network_info};

static const struct shape_field info_fields[] = {
	STRING(inspect_info, name, "Name"),
	INT(inspect_info, containers, "Containers"),
	INT(inspect_info, images, "Images"),
};
const struct shape shape_info = SHAPE_OF(struct inspect_info, info_fields);

static const struct shape_field version_fields[] = {
	STRING(inspect_version, version, "Version"),
	STRING(inspect_version, api_version, "ApiVersion"),
	STRING(inspect_version, go_version, "GoVersion"),
	STRING(inspect_version, os, "Os"),
	STRING(inspect_version, arch, "Arch"),
};
const struct shape shape_version = SHAPE_OF(struct inspect_version, version_fields);
