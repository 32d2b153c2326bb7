/* SPDX-License-Identifier: MIT
 *
 * Answers: a recorded head, the transfer's own header lines, a body that is chunked or not as the
 * engine would do it.
 */
#ifndef SIM_REPLY_H
#define SIM_REPLY_H

#include "engine/sim_conn.h"
#include "engine/sim_fields.h"

/* Status and head of the recording, with body; body is emptied. */
void sim_reply(struct sim_conn *conn, enum sim_head head, struct buf *body);
/* The head of an answer without a body's end: an event stream. */
void sim_reply_stream(struct sim_conn *conn, const char *content_type);
/* An error in the engine's way of writing one. */
void sim_reply_error(struct sim_conn *conn, int status, const char *message);
/* As sim_reply_error with a cause of its own, which podman shows. */
void sim_reply_cause(struct sim_conn *conn, int status, const char *cause, const char *message);

#endif
