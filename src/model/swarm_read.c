/* SPDX-License-Identifier: MIT
 *
 * Tables of the manager's JSON, see swarm.h.
 */
#include "config.h"

#include "model/swarm.h"

#define STRING(type, member, json) SHAPE_FIELD(type, member, json, &shape_string)
#define BOOL(type, member, json)   SHAPE_FIELD(type, member, json, &shape_bool)
#define INT(type, member, json)	   SHAPE_FIELD(type, member, json, &shape_int)
#define MEMBER(type, member)	   typeof(((struct type *)0)->member)
#define ARRAY_OF(id, member)	   static const struct shape id = {.kind = SHAPE_ARRAY, .elem = &(member)}
#define EACH(id, member)                                                                           \
	const struct shape id = {.kind = SHAPE_ARRAY, .each = true, .elem = &(member)}

/* --- services --------------------------------------------------------------------------- */

static const struct shape_field port_fields[] = {
	STRING(struct swarm_port, proto, "Protocol"),
	STRING(struct swarm_port, mode, "PublishMode"),
	INT(struct swarm_port, target, "TargetPort"),
	INT(struct swarm_port, published, "PublishedPort"),
};
static const struct shape shape_port = SHAPE_OF(struct swarm_port, port_fields);
ARRAY_OF(shape_ports, shape_port);

static const struct shape_field vip_fields[] = {
	STRING(struct swarm_vip, network, "NetworkID"),
	STRING(struct swarm_vip, address, "Addr"),
};
static const struct shape shape_vip = SHAPE_OF(struct swarm_vip, vip_fields);
ARRAY_OF(shape_vips, shape_vip);

typedef MEMBER(swarm_service, spec) service_spec;
static const struct shape_field service_spec_fields[] = {
	STRING(service_spec, name, "Name"),
	SHAPE_FIELD(service_spec, labels, "Labels", &shape_string_dict),
};
static const struct shape shape_service_spec = SHAPE_OF(service_spec, service_spec_fields);

typedef MEMBER(swarm_service, endpoint) service_endpoint;
static const struct shape_field endpoint_fields[] = {
	SHAPE_FIELD(service_endpoint, ports, "Ports", &shape_ports),
	SHAPE_FIELD(service_endpoint, vips, "VirtualIPs", &shape_vips),
};
static const struct shape shape_endpoint = SHAPE_OF(service_endpoint, endpoint_fields);

static const struct shape_field service_fields[] = {
	STRING(struct swarm_service, id, "ID"),
	SHAPE_FIELD(struct swarm_service, spec, "Spec", &shape_service_spec),
	SHAPE_FIELD(struct swarm_service, endpoint, "Endpoint", &shape_endpoint),
};
static const struct shape shape_service = SHAPE_OF(struct swarm_service, service_fields);
EACH(swarm_services, shape_service);

/* --- nodes ------------------------------------------------------------------------------- */

typedef MEMBER(swarm_node, spec) node_spec;
static const struct shape_field node_spec_fields[] = {
	STRING(node_spec, availability, "Availability"),
};
static const struct shape shape_node_spec = SHAPE_OF(node_spec, node_spec_fields);

typedef MEMBER(swarm_node, description) node_description;
static const struct shape_field description_fields[] = {
	STRING(node_description, hostname, "Hostname"),
};
static const struct shape shape_description = SHAPE_OF(node_description, description_fields);

typedef MEMBER(swarm_node, status) node_status;
static const struct shape_field node_status_fields[] = {
	STRING(node_status, state, "State"),
	STRING(node_status, address, "Addr"),
};
static const struct shape shape_node_status = SHAPE_OF(node_status, node_status_fields);

typedef MEMBER(swarm_node, manager) node_manager;
static const struct shape_field manager_fields[] = {
	STRING(node_manager, address, "Addr"),
};
static const struct shape shape_manager = SHAPE_OF(node_manager, manager_fields);

static const struct shape_field node_fields[] = {
	STRING(struct swarm_node, id, "ID"),
	SHAPE_FIELD(struct swarm_node, spec, "Spec", &shape_node_spec),
	SHAPE_FIELD(struct swarm_node, description, "Description", &shape_description),
	SHAPE_FIELD(struct swarm_node, status, "Status", &shape_node_status),
	SHAPE_FIELD(struct swarm_node, manager, "ManagerStatus", &shape_manager),
};
static const struct shape shape_node = SHAPE_OF(struct swarm_node, node_fields);
EACH(swarm_nodes, shape_node);

/* --- tasks --------------------------------------------------------------------------------- */

typedef MEMBER(swarm_task, spec.container) task_container;
static const struct shape_field container_fields[] = {
	STRING(task_container, image, "Image"),
	STRING(task_container, hostname, "Hostname"),
	STRING(task_container, stop_signal, "StopSignal"),
	SHAPE_FIELD(task_container, labels, "Labels", &shape_string_dict),
	SHAPE_FIELD(task_container, env, "Env", &shape_strings),
};
static const struct shape shape_container = SHAPE_OF(task_container, container_fields);

typedef MEMBER(swarm_task, spec) task_spec;
static const struct shape_field task_spec_fields[] = {
	SHAPE_FIELD(task_spec, container, "ContainerSpec", &shape_container),
};
static const struct shape shape_task_spec = SHAPE_OF(task_spec, task_spec_fields);

typedef MEMBER(swarm_task, status.container) status_container;
static const struct shape_field status_container_fields[] = {
	STRING(status_container, id, "ContainerID"),
};
static const struct shape shape_status_container =
	SHAPE_OF(status_container, status_container_fields);

typedef MEMBER(swarm_task, status.port) status_port;
static const struct shape_field status_port_fields[] = {
	SHAPE_FIELD(status_port, ports, "Ports", &shape_ports),
};
static const struct shape shape_status_port = SHAPE_OF(status_port, status_port_fields);

typedef MEMBER(swarm_task, status) task_status;
static const struct shape_field task_status_fields[] = {
	STRING(task_status, state, "State"),
	SHAPE_FIELD(task_status, container, "ContainerStatus", &shape_status_container),
	SHAPE_FIELD(task_status, port, "PortStatus", &shape_status_port),
};
static const struct shape shape_task_status = SHAPE_OF(task_status, task_status_fields);

static const struct shape_field subnet_fields[] = {
	STRING(struct swarm_subnet, gateway, "Gateway"),
};
static const struct shape shape_subnet = SHAPE_OF(struct swarm_subnet, subnet_fields);
ARRAY_OF(shape_subnets, shape_subnet);

typedef MEMBER(swarm_attachment, network.spec) network_spec;
static const struct shape_field network_spec_fields[] = {
	STRING(network_spec, name, "Name"),
	BOOL(network_spec, ingress, "Ingress"),
	BOOL(network_spec, internal, "Internal"),
};
static const struct shape shape_network_spec = SHAPE_OF(network_spec, network_spec_fields);

typedef MEMBER(swarm_attachment, network.ipam) network_ipam;
static const struct shape_field ipam_fields[] = {
	SHAPE_FIELD(network_ipam, configs, "Configs", &shape_subnets),
};
static const struct shape shape_ipam = SHAPE_OF(network_ipam, ipam_fields);

typedef MEMBER(swarm_attachment, network) attached_network;
static const struct shape_field attached_fields[] = {
	STRING(attached_network, id, "ID"),
	SHAPE_FIELD(attached_network, spec, "Spec", &shape_network_spec),
	SHAPE_FIELD(attached_network, ipam, "IPAMOptions", &shape_ipam),
};
static const struct shape shape_attached = SHAPE_OF(attached_network, attached_fields);

static const struct shape_field attachment_fields[] = {
	SHAPE_FIELD(struct swarm_attachment, network, "Network", &shape_attached),
	SHAPE_FIELD(struct swarm_attachment, addresses, "Addresses", &shape_strings),
};
static const struct shape shape_attachment = SHAPE_OF(struct swarm_attachment, attachment_fields);
ARRAY_OF(shape_attachments, shape_attachment);

static const struct shape_field task_fields[] = {
	STRING(struct swarm_task, id, "ID"),
	STRING(struct swarm_task, service, "ServiceID"),
	STRING(struct swarm_task, node, "NodeID"),
	STRING(struct swarm_task, desired_state, "DesiredState"),
	SHAPE_FIELD(struct swarm_task, created, "CreatedAt", &shape_time),
	INT(struct swarm_task, slot, "Slot"),
	SHAPE_FIELD(struct swarm_task, spec, "Spec", &shape_task_spec),
	SHAPE_FIELD(struct swarm_task, status, "Status", &shape_task_status),
	SHAPE_FIELD(struct swarm_task, attachments, "NetworksAttachments", &shape_attachments),
};
static const struct shape shape_task = SHAPE_OF(struct swarm_task, task_fields);
EACH(swarm_tasks, shape_task);
