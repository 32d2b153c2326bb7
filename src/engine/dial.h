/* SPDX-License-Identifier: MIT
 *
 * Opens connections to an endpoint. Every transport is a row in dial.c and gives a wire: a
 * bufferevent that is connected or connecting, with what belongs to it (a TLS session, an ssh
 * process). What is written to it before goes out once it is connected. Nothing here blocks: names
 * are looked up by evdns.
 */
#ifndef UD_ENGINE_DIAL_H
#define UD_ENGINE_DIAL_H

#include "base/base.h"
#include "base/error.h"
#include "engine/endpoint.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct bufferevent;
struct children;
struct dialer;
struct event_base;
struct recorder;
struct replay;
struct tls;
struct wire;

struct dialer_options {
	int64_t liveness_ns;       /* a TCP peer that vanished is found within about this; 0: never */
	struct tls *tls;           /* for ENDPOINT_TLS; taken over */
	struct children *children; /* for ENDPOINT_SSH; outlives the dialer */
	struct replay *replay;     /* for ENDPOINT_REPLAY; taken over */
	struct recorder *recorder; /* of all connections, or NULL; taken over */
};

/* Takes what *ep owns. */
struct dialer *dialer_new(struct event_base *base, struct endpoint *ep,
	const struct dialer_options *options);
/* After all its wires. */
void dialer_free(struct dialer *d);
struct event_base *dialer_base(const struct dialer *d);
/* The endpoint for messages: as given, or where a search has found the engine. */
const char *dialer_name(const struct dialer *d);
struct recorder *dialer_recorder(const struct dialer *d);
/* Before a new session: resolv.conf, hosts and certificates are read anew, and a search begins at
 * its first place. */
void dialer_refresh(struct dialer *d);

/* A new connection; the path or name is looked up anew. NULL and an error that names the endpoint,
 * what is wrong and what to do about it. */
struct wire *dial(struct dialer *d, struct error *err) MUSTCHECK;
void wire_free(struct wire *w);
/* Owned by the wire; the caller sets its callbacks and enables it. */
struct bufferevent *wire_bev(const struct wire *w);
/* False if BEV_EVENT_CONNECTED or BEV_EVENT_ERROR will tell. */
bool wire_is_connected(const struct wire *w);
/* What looks connected may still be connecting behind the scenes: allow more time for the first
 * answer. */
bool wire_is_slow(const struct wire *w);
/* Sends what a connected socket takes at once, without waiting for a turn of the loop; the number of
 * bytes, also 0. The rest is for wire_bev. */
size_t wire_send(const struct wire *w, const char *bytes, size_t len);
/* Reads what is there when wire_bev's buffer is empty; the number of bytes. 0: nothing more, or only
 * wire_bev can read it; it also tells of the end. -1: the connection broke, see errno. */
ssize_t wire_recv(const struct wire *w, char *bytes, size_t len);
/* To be called at BEV_EVENT_CONNECTED. */
void wire_connected(struct wire *w);
/* Sets the error for a BEV_EVENT_ERROR or BEV_EVENT_EOF while connecting; code is the errno value
 * then. */
void wire_explain(struct wire *w, int code, struct error *err);
/* The same for a connection that breaks later, or that ends before it answered anything. False, and
 * no error, if the transport has nothing to say about it. */
bool wire_explain_end(struct wire *w, int code, struct error *err);

#endif
