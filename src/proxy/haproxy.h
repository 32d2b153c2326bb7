/* SPDX-License-Identifier: MIT
 *
 * Inside of the kind haproxy: a reload, and the ways to ask for it. haproxy.c has the row; a way
 * looks at the processes, asks for the reload, looks again, and ends it by haproxy_end.
 */
#ifndef UD_PROXY_HAPROXY_H
#define UD_PROXY_HAPROXY_H

#include "base/str.h"
#include "base/vec.h"
#include "engine/control.h"
#include "proxy/haproxy_cli.h"
#include "proxy/haproxy_proc.h"
#include "proxy/row.h"

#include <stdint.h>

struct event;

struct haproxy_reload {
	struct proxy_ask *ask;
	const struct haproxy_way *way;
	struct event *timer; /* calls way->look */
	int64_t started, deadline;
	bool told; /* the reload was asked for */

	struct haproxy_cli *cli; /* by the master's socket: what runs */
	struct haproxy_proc proc;

	struct control *control; /* by a signal: what runs */
	int64_t master, fresh;	 /* process ids; fresh is a worker that was seen once */
	VEC(int64_t) before;	 /* the workers that ran before */
};

struct haproxy_way {
	void (*look)(struct haproxy_reload *r);
	int64_t pause_ns;
};

/* By the master's socket; by SIGUSR2, here and in a container. */
extern const struct haproxy_way haproxy_by_socket, haproxy_by_signal;

/* Looks again after the pause, or gives up if it is too late. */
void haproxy_look_later(struct haproxy_reload *r);
/* Answers and frees. */
void haproxy_end(
	struct haproxy_reload *r, enum proxy_verdict verdict, const char *text, struct str output);

#endif
