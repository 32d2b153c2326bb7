/* SPDX-License-Identifier: MIT
 *
 * Reading of HTTP/1.x requests.
 */
#ifndef SIM_REQUEST_H
#define SIM_REQUEST_H

#include "engine/sim_conn.h"

struct evbuffer;

enum sim_request_result { SIM_REQUEST_MORE, SIM_REQUEST_READY, SIM_REQUEST_BAD };

/* Takes one request from in once it is there whole; its body is skipped. */
enum sim_request_result sim_request_read(struct sim_request *rq, struct evbuffer *in);
void sim_request_clear(struct sim_request *rq);
/* The decoded query parameter of a target, owned by the caller; NULL if it is absent. */
char *sim_query(const char *target, const char *key);

#endif
