/* SPDX-License-Identifier: MIT
 *
 * One client's connection: requests in, answers or an event stream out.
 *
 * A connection reads one request at a time: pipelined ones wait in its input until the answer is
 * written (pipelined-ping-inspect-404-list). It is freed from a deferred event, never inside one of
 * its own callbacks.
 */
#ifndef SIM_CONN_H
#define SIM_CONN_H

#include "engine/sim_event.h"
#include "engine/sim_filter.h"

#include <event2/bufferevent.h>

#define SIM_STREAM_QUEUE 1024 /* events that wait for one client, as in dockerd */

enum sim_endpoint_name {
	EP_PING,
	EP_VERSION,
	EP_INFO,
	EP_EVENTS,
	EP_LIST,
	EP_INSPECT,
	EP_NETWORKS,
	EP_NETWORK,
	EP_OTHER,
	EP_N
};

struct sim_request {
	char *method, *target;
	bool http10, close, json_seq;
	size_t body; /* bytes of the request's body that are still to be skipped */
};

/* What a fault does to the answer that is being written. */
struct sim_twist {
	int64_t cut;	    /* bytes of the answer until the connection is cut; -1: never */
	bool reset;	    /* cut by a reset */
	bool malformed;	    /* a byte of the body is no JSON */
	size_t header;	    /* bytes of an additional header */
	size_t trickle;	    /* bytes at a time */
	int64_t trickle_ns; /* and the time between */
	bool close;	    /* the connection ends after the answer, unannounced */
};

enum sim_cut_at { CUT_NOTHING, CUT_BYTES, CUT_CHUNK, CUT_JSON };

/* The state of a connection that has become an event stream. */
struct sim_stream {
	bool on;
	bool modern, json_seq;
	struct sim_filter filter;
	int64_t after; /* ns; events up to it came from the history, or never */
	struct event *until;
	struct sim_event *queue[SIM_STREAM_QUEUE];
	size_t head, n;
	enum sim_cut_at cut_at;
	int64_t cut; /* CUT_BYTES: bytes to go */
	bool cut_reset;
};

struct sim_conn {
	struct sim *sim;
	struct bufferevent *bev;
	struct sim_request request;
	bool in_request;  /* the head is read, its answer is not finished */
	bool close_after; /* when the output is written */
	bool reset_after;
	bool dead; /* waits to be freed */
	struct sim_twist twist;
	struct buf trickle_left;
	struct event *timer; /* delays, trickling */
	struct event *reap;
	void (*on_timer)(struct sim_conn *conn);
	struct sim_stream stream;
	uint64_t written; /* of this answer */
};

/* sim_server.c */
void sim_conn_write(struct sim_conn *conn, const void *data, size_t len);
/* The answer is complete: the next request may be read, or the connection closed. */
void sim_conn_done(struct sim_conn *conn);
/* Closes when everything is written; reset: with what the client has sent left unread. */
void sim_conn_close(struct sim_conn *conn, bool reset);
void sim_conn_delay(struct sim_conn *conn, int64_t ns, void (*then)(struct sim_conn *conn));

/* sim_stream.c */
void sim_stream_begin(struct sim_conn *conn);
/* Sends the history from that time on; before sim_stream_begin. */
void sim_stream_replay(struct sim_conn *conn, int64_t since, int64_t until);
/* Frees its queue; the connection lives on. */
void sim_stream_end(struct sim_conn *conn);
/* Ends it as an engine does that was asked to: with the last chunk. */
void sim_stream_finish(struct sim_conn *conn);
/* Hands its whole queue to the connection. */
void sim_stream_flush(struct sim_conn *conn);
bool sim_stream_full(const struct sim_conn *conn);
void sim_stream_push(struct sim_conn *conn, struct sim_event *ev);
/* The connection's output was written: moves on what waits. */
void sim_stream_drain(struct sim_conn *conn);
size_t sim_stream_pending(const struct sim_conn *conn);
size_t sim_stream_pending_bytes(const struct sim_conn *conn);

/* sim_api.c: answers conn->request. */
void sim_api_answer(struct sim_conn *conn);
enum sim_endpoint_name sim_api_endpoint(const char *target);
const char *sim_endpoint_word(enum sim_endpoint_name ep);

#endif
