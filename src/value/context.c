/* SPDX-License-Identifier: MIT
 *
 * The field tables of context.h. Order and names are docker-gen's; the last rows of a table,
 * counted by n_extra, are ours.
 */
#include "config.h"

#include "value/context.h"

#define FIELD(rec, member, go, t)                                                                  \
	{                                                                                          \
		.name = STR_INIT(go), .type = &(t), .offset = offsetof(struct rec, member)         \
	}
#define METHODS(table) .methods = (table), .n_methods = ARRAY_LEN(table)
/* A struct type over a table whose last extra rows are ours. */
#define RECORD(id, rec, go, table, extra, ...)                                                     \
	const struct type type_##id = {.kind = KIND_STRUCT,                                        \
		.size = sizeof(struct rec),                                                        \
		.name = (go),                                                                      \
		.fields = (table),                                                                 \
		.n_fields = ARRAY_LEN(table) - (extra),                                            \
		.n_extra = (extra),                                                                \
		__VA_ARGS__}
#define SLICE_OF(id, go, member)                                                                   \
	static const struct type type_##id = {                                                     \
		.kind = KIND_SLICE,                                                                \
		.size = sizeof(struct slice),                                                      \
		.name = (go),                                                                      \
		.elem = &(member),                                                                 \
	}

/* --- methods ------------------------------------------------------------------------ */

static bool call_string(struct call *call UNUSED, struct value recv,
	const struct value *args UNUSED, size_t n UNUSED, struct value *ret)
{
	const struct rec_image *i = recv.rec;

	*ret = value_str(i->reference);
	return true;
}

/* RuntimeContainer.Equals: the same container with the same image. */
static bool call_equals(struct call *call UNUSED, struct value recv, const struct value *args,
	size_t n UNUSED, struct value *ret)
{
	const struct rec_container *a = recv.rec, *b = args[0].rec;

	*ret = value_bool(str_eq(a->id, b->id) && str_eq(a->image.registry, b->image.registry) &&
			  str_eq(a->image.repository, b->image.repository) &&
			  str_eq(a->image.tag, b->image.tag));
	return true;
}

static bool call_docker(struct call *call UNUSED, struct value recv,
	const struct value *args UNUSED, size_t n UNUSED, struct value *ret)
{
	const struct rec_root *root = recv.rec;

	*ret = value_rec(&type_docker, &root->docker);
	return true;
}

static bool call_env(struct call *call UNUSED, struct value recv, const struct value *args UNUSED,
	size_t n UNUSED, struct value *ret)
{
	const struct rec_root *root = recv.rec;

	*ret = (struct value){.head = TYPE_HEAD(&type_string_map), .m = root->env};
	return true;
}

static bool call_current(struct call *call UNUSED, struct value recv,
	const struct value *args UNUSED, size_t n UNUSED, struct value *ret)
{
	const struct rec_root *root = recv.rec;

	*ret = value_rec(&type_container_pointer, root->current);
	return true;
}

/* What {{.Image}} prints; String belongs to the pointer, so {{print .Image}} prints a struct. */
static struct str image_string(struct arena *a UNUSED, struct value v)
{
	const struct rec_image *i = v.rec;

	return i->reference;
}

static const struct method image_methods[] = {
	{.name = STR_INIT("String"),
		.call = call_string,
		.result = &type_string,
		.on_pointer = true},
};
static const struct type *const equals_in[] = {&type_container};
static const struct method container_methods[] = {
	{.name = STR_INIT("Equals"),
		.call = call_equals,
		.in = equals_in,
		.n_in = 1,
		.result = &type_bool,
		.on_pointer = true},
};
static const struct method context_methods[] = {
	{.name = STR_INIT("CurrentContainer"),
		.call = call_current,
		.result = &type_container_pointer,
		.on_pointer = true},
	{.name = STR_INIT("Docker"),
		.call = call_docker,
		.result = &type_docker,
		.on_pointer = true},
	{.name = STR_INIT("Env"), .call = call_env, .result = &type_string_map, .on_pointer = true},
};

/* --- types ---------------------------------------------------------------------------- */

static const struct field address_fields[] = {
	FIELD(rec_address, ip, "IP", type_string),
	FIELD(rec_address, ip6_link_local, "IP6LinkLocal", type_string),
	FIELD(rec_address, ip6_global, "IP6Global", type_string),
	FIELD(rec_address, port, "Port", type_string),
	FIELD(rec_address, host_port, "HostPort", type_string),
	FIELD(rec_address, proto, "Proto", type_string),
	FIELD(rec_address, host_ip, "HostIP", type_string),
	FIELD(rec_address, container_port, "ContainerPort", type_string),
};
RECORD(address, rec_address, "context.Address", address_fields, 1);

static const struct field network_fields[] = {
	FIELD(rec_network, ip, "IP", type_string),
	FIELD(rec_network, name, "Name", type_string),
	FIELD(rec_network, aliases, "Aliases", type_string_slice),
	FIELD(rec_network, gateway, "Gateway", type_string),
	FIELD(rec_network, endpoint_id, "EndpointID", type_string),
	FIELD(rec_network, ipv6_gateway, "IPv6Gateway", type_string),
	FIELD(rec_network, global_ipv6_address, "GlobalIPv6Address", type_string),
	FIELD(rec_network, mac_address, "MacAddress", type_string),
	FIELD(rec_network, global_ipv6_prefix_len, "GlobalIPv6PrefixLen", type_int),
	FIELD(rec_network, ip_prefix_len, "IPPrefixLen", type_int),
	FIELD(rec_network, internal, "Internal", type_bool),
	FIELD(rec_network, id, "ID", type_string),
	FIELD(rec_network, vip, "VIP", type_string),
};
RECORD(network, rec_network, "context.Network", network_fields, 2);

static const struct field device_fields[] = {
	FIELD(rec_device, path_on_host, "PathOnHost", type_string),
	FIELD(rec_device, path_in_container, "PathInContainer", type_string),
	FIELD(rec_device, permissions, "Permissions", type_string),
};
RECORD(device, rec_device, "context.Device", device_fields, 0);

static const struct field volume_fields[] = {
	FIELD(rec_volume, path, "Path", type_string),
	FIELD(rec_volume, host_path, "HostPath", type_string),
	FIELD(rec_volume, read_write, "ReadWrite", type_bool),
};
RECORD(volume, rec_volume, "context.Volume", volume_fields, 0);

static const struct field health_fields[] = {
	FIELD(rec_health, status, "Status", type_string),
};
RECORD(health, rec_health, "context.Health", health_fields, 0);

static const struct field state_fields[] = {
	FIELD(rec_state, running, "Running", type_bool),
	FIELD(rec_state, health, "Health", type_health),
	FIELD(rec_state, status, "Status", type_string),
	FIELD(rec_state, stopping, "Stopping", type_bool),
	FIELD(rec_state, paused, "Paused", type_bool),
};
RECORD(state, rec_state, "context.State", state_fields, 3);

static const struct field image_fields[] = {
	FIELD(rec_image, registry, "Registry", type_string),
	FIELD(rec_image, repository, "Repository", type_string),
	FIELD(rec_image, tag, "Tag", type_string),
};
RECORD(image, rec_image, "context.DockerImage", image_fields, 0, METHODS(image_methods),
	.stringer = image_string);

static const struct field node_fields[] = {
	FIELD(rec_node, id, "ID", type_string),
	FIELD(rec_node, name, "Name", type_string),
	FIELD(rec_node, address, "Address", type_address),
};
RECORD(node, rec_node, "context.SwarmNode", node_fields, 0);

static const struct field mount_fields[] = {
	FIELD(rec_mount, name, "Name", type_string),
	FIELD(rec_mount, source, "Source", type_string),
	FIELD(rec_mount, destination, "Destination", type_string),
	FIELD(rec_mount, driver, "Driver", type_string),
	FIELD(rec_mount, mode, "Mode", type_string),
	FIELD(rec_mount, rw, "RW", type_bool),
	FIELD(rec_mount, type, "Type", type_string),
};
RECORD(mount, rec_mount, "context.Mount", mount_fields, 1);

static const struct field compose_fields[] = {
	FIELD(rec_compose, project, "Project", type_string),
	FIELD(rec_compose, service, "Service", type_string),
	FIELD(rec_compose, number, "Number", type_string),
};
RECORD(compose, rec_compose, "upstreamd.Compose", compose_fields, 0);

static const struct field engine_fields[] = {
	FIELD(rec_engine, name, "Name", type_string),
	FIELD(rec_engine, address, "Address", type_string),
};
RECORD(engine, rec_engine, "upstreamd.Engine", engine_fields, 0);

static const struct field swarm_fields[] = {
	FIELD(rec_swarm, service, "Service", type_string),
	FIELD(rec_swarm, service_id, "ServiceID", type_string),
	FIELD(rec_swarm, task_id, "TaskID", type_string),
	FIELD(rec_swarm, node_id, "NodeID", type_string),
	FIELD(rec_swarm, slot, "Slot", type_int),
	FIELD(rec_swarm, vip, "VIP", type_string),
};
RECORD(swarm, rec_swarm, "upstreamd.Swarm", swarm_fields, 0);

SLICE_OF(address_slice, "[]context.Address", type_address);
SLICE_OF(network_slice, "[]context.Network", type_network);
SLICE_OF(device_slice, "[]context.Device", type_device);
SLICE_OF(mount_slice, "[]context.Mount", type_mount);

const struct type type_volume_map = {
	.kind = KIND_MAP,
	.size = sizeof(struct map *),
	.name = "map[string]context.Volume",
	.key = &type_string,
	.elem = &type_volume,
};

static const struct field container_fields[] = {
	FIELD(rec_container, id, "ID", type_string),
	FIELD(rec_container, created, "Created", type_time),
	FIELD(rec_container, addresses, "Addresses", type_address_slice),
	FIELD(rec_container, networks, "Networks", type_network_slice),
	FIELD(rec_container, devices, "Devices", type_device_slice),
	FIELD(rec_container, gateway, "Gateway", type_string),
	FIELD(rec_container, name, "Name", type_string),
	FIELD(rec_container, hostname, "Hostname", type_string),
	FIELD(rec_container, network_mode, "NetworkMode", type_string),
	FIELD(rec_container, image, "Image", type_image),
	FIELD(rec_container, env, "Env", type_string_map),
	FIELD(rec_container, volumes, "Volumes", type_volume_map),
	FIELD(rec_container, node, "Node", type_node),
	FIELD(rec_container, labels, "Labels", type_string_map),
	FIELD(rec_container, ip, "IP", type_string),
	FIELD(rec_container, ip6_link_local, "IP6LinkLocal", type_string),
	FIELD(rec_container, ip6_global, "IP6Global", type_string),
	FIELD(rec_container, mounts, "Mounts", type_mount_slice),
	FIELD(rec_container, state, "State", type_state),
	FIELD(rec_container, compose, "Compose", type_compose),
	FIELD(rec_container, engine, "Engine", type_engine),
	FIELD(rec_container, swarm, "Swarm", type_swarm),
};
RECORD(container, rec_container, "context.RuntimeContainer", container_fields, 3,
	METHODS(container_methods));

static const struct field docker_fields[] = {
	FIELD(rec_docker, name, "Name", type_string),
	FIELD(rec_docker, num_containers, "NumContainers", type_int),
	FIELD(rec_docker, num_images, "NumImages", type_int),
	FIELD(rec_docker, version, "Version", type_string),
	FIELD(rec_docker, api_version, "ApiVersion", type_string),
	FIELD(rec_docker, go_version, "GoVersion", type_string),
	FIELD(rec_docker, operating_system, "OperatingSystem", type_string),
	FIELD(rec_docker, architecture, "Architecture", type_string),
	FIELD(rec_docker, current_container_id, "CurrentContainerID", type_string),
};
RECORD(docker, rec_docker, "context.Docker", docker_fields, 0);

static const struct type type_image_pointer = {
	.kind = KIND_POINTER,
	.size = sizeof(void *),
	.name = "*context.DockerImage",
	.elem = &type_image,
	METHODS(image_methods),
};

const struct type type_container_pointer = {
	.kind = KIND_POINTER,
	.size = sizeof(void *),
	.name = "*context.RuntimeContainer",
	.elem = &type_container,
	METHODS(container_methods),
};

const struct type type_context = {
	.kind = KIND_SLICE,
	.size = sizeof(struct slice),
	.name = "context.Context",
	.elem = &type_container_pointer,
	METHODS(context_methods),
};

const struct type type_context_pointer = {
	.kind = KIND_POINTER,
	.size = sizeof(void *),
	.name = "*context.Context",
	.elem = &type_context,
	METHODS(context_methods),
};

void record_types_register(void)
{
	static const struct type *const types[] = {
		&type_address_slice,
		&type_network_slice,
		&type_device_slice,
		&type_mount_slice,
		&type_volume_map,
		&type_image_pointer,
		&type_container_pointer,
		&type_context_pointer,
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		type_register(types[i]);
}
