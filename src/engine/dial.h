/* SPDX-License-Identifier: MIT
 *
 * Opens connections to an endpoint. Every transport is a row in dial.c and gives a bufferevent that
 * is connected or connecting; what is written to it before goes out once it is. Nothing here
 * blocks: names are looked up by evdns.
 */
#ifndef UD_ENGINE_DIAL_H
#define UD_ENGINE_DIAL_H

#include "base/base.h"
#include "base/error.h"
#include "engine/endpoint.h"

#include <stdint.h>

struct bufferevent;
struct dialer;
struct event_base;

/* Takes what *ep owns. */
struct dialer *dialer_new(struct event_base *base, struct endpoint *ep);
void dialer_free(struct dialer *d);
const struct endpoint *dialer_endpoint(const struct dialer *d);
struct event_base *dialer_base(const struct dialer *d);
/* A TCP peer that vanished is found within about this long; 0: never. */
void dialer_set_liveness(struct dialer *d, int64_t ns);
/* Reads resolv.conf and hosts anew at the next look-up. */
void dialer_refresh(struct dialer *d);

/* A new connection, owned by the caller; disabled for reading. The path or name is looked up anew.
 * *ret_connected: false if BEV_EVENT_CONNECTED or BEV_EVENT_ERROR will tell. An error names the
 * endpoint, what is wrong and what to do about it. */
bool dial(struct dialer *d, struct bufferevent **ret, bool *ret_connected,
	struct error *err) MUSTCHECK;
/* To be called at BEV_EVENT_CONNECTED. */
void dial_connected(struct dialer *d, struct bufferevent *bev);
/* The error for a BEV_EVENT_ERROR while connecting; code is the errno value then. */
void dial_explain(struct dialer *d, struct bufferevent *bev, int code, struct error *err);

#endif
