/* SPDX-License-Identifier: MIT
 *
 * Faults: rules that a test adds over the control socket, each for an endpoint and a number of
 * requests. The first rule that fits a request is applied. They are the tests' doing, not an
 * engine's.
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "engine/sim_conn.h"

/* Adds a rule from "KIND", "key=value" …; the kinds are listed by `enginesim help`. */
bool sim_fault_add(struct sim *s, const char *const *args, size_t n, struct error *err) MUSTCHECK;
void sim_fault_clear(struct sim *s);
/* A line for each rule. */
void sim_fault_list(struct sim *s, struct buf *out);
/* Counts the request and answers it, with the rule that fits it. */
void sim_fault_request(struct sim_conn *conn);
/* Writes a whole answer as the connection's twist wants it. */
void sim_fault_write(struct sim_conn *conn, struct buf *answer);

#endif
