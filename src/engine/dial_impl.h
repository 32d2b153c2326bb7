/* SPDX-License-Identifier: MIT
 *
 * What the transports share; included by dial*.c alone.
 */
#ifndef UD_ENGINE_DIAL_IMPL_H
#define UD_ENGINE_DIAL_IMPL_H

#include "engine/dial.h"

struct child;
struct evdns_base;
struct player;

struct dialer {
	struct event_base *base;
	struct endpoint endpoint;
	struct dialer_options options;
	struct evdns_base *dns; /* NULL until a name is looked up */
	char *found;            /* ENDPOINT_SEARCH: the place that answered, as an endpoint's text */
};

struct wire {
	struct dialer *dialer;
	struct bufferevent *bev;
	bool connected;
	struct child *child; /* ENDPOINT_SSH: NULL when it has ended */
	char *words;         /* what it said before that */
	struct player *player; /* ENDPOINT_REPLAY: the engine */
};

/* A row: dial fills w->bev and w->connected; the others may be NULL. */
struct transport {
	bool (*dial)(struct wire *w, struct error *err);
	void (*connected)(struct wire *w);
	void (*explain)(struct wire *w, int code, struct error *err);
	bool (*explain_end)(struct wire *w, int code, struct error *err);
	void (*close)(struct wire *w);
	bool slow; /* is connected before the other side is */
	bool bare; /* a socket without anything in front of it */
};

extern const struct transport transport_unix, transport_search, transport_tcp, transport_tls,
	transport_ssh, transport_replay;

#endif
