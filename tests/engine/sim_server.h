/* SPDX-License-Identifier: MIT
 *
 * The emulated engine's sockets and its connections.
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "engine/sim_conn.h"

struct sim_server_options {
	const char *path; /* of the unix socket, NULL: none */
	int port;	  /* on 127.0.0.1, 0: any, -1: none */
	int64_t idle_ns;  /* a connection without a request is closed after that, 0: never */
};

struct sim_server *sim_server_new(
	struct sim *s, const struct sim_server_options *o, struct error *err) MUSTCHECK;
void sim_server_free(struct sim_server *sv);
/* Opens the sockets again (a new inode each time). */
bool sim_server_listen(struct sim_server *sv, struct error *err) MUSTCHECK;
/* Closes the listening sockets. unlink_path: as an engine that ends in peace does; otherwise the
 * path stays and refuses. */
void sim_server_refuse(struct sim_server *sv, bool unlink_path);
/* The number of the loopback port, 0 without one. */
int sim_server_port(const struct sim_server *sv);
/* Closes what no request is waiting on; the number of connections. */
size_t sim_server_close_idle(struct sim_server *sv);
/* Ends every connection once what it holds is written; last_chunk: streams with their end. */
void sim_server_end_all(struct sim_server *sv, bool last_chunk);
/* Ends every connection at once. */
void sim_server_close_all(struct sim_server *sv);
size_t sim_server_connections(const struct sim_server *sv);

#endif
