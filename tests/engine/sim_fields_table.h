/* SPDX-License-Identifier: MIT
 *
 * The tables of members that are written anew, for sim_templates.c, and the writers that
 * sim_fields.c and sim_network_fields.c share.
 */
#ifndef SIM_FIELDS_TABLE_H
#define SIM_FIELDS_TABLE_H

#include "engine/sim_template.h"

extern const struct field sim_inspect_fields[], sim_list_fields[], sim_endpoint_fields[],
	sim_network_fields[], sim_info_fields[], sim_mount_fields[];
extern const size_t sim_inspect_fields_n, sim_list_fields_n, sim_endpoint_fields_n,
	sim_network_fields_n, sim_info_fields_n, sim_mount_fields_n;

void sim_put_endpoint_id(const struct render *r);
void sim_put_gateway(const struct render *r);
void sim_put_ip(const struct render *r);
void sim_put_prefix(const struct render *r);
void sim_put_mac(const struct render *r);

/* sim_port_fields.c */
bool sim_has_ports(const struct render *r);
void sim_put_exposed_ports(const struct render *r);
void sim_put_port_bindings(const struct render *r);
void sim_put_ports(const struct render *r);
void sim_put_list_ports(const struct render *r);
/* The container whose network r->c shares, NULL if it has its own or that one is gone. */
const struct sim_container *sim_joined(const struct render *r);

#endif
