/* SPDX-License-Identifier: MIT
 *
 * Inside of the kind nginx: a reload, and where nginx runs. nginx.c knows what a reload of nginx
 * looks like and drives it; a place lists the processes, sends the signal and reads the log, here
 * or in a container, and goes on by calling back. What nginx does on SIGHUP: the master reads the
 * configuration; if it is good, new workers are started and the old ones are told to finish ("is
 * shutting down"); if not, a line marked [emerg] goes to the log and nothing else happens.
 */
#ifndef UD_PROXY_NGINX_H
#define UD_PROXY_NGINX_H

#include "base/str.h"
#include "base/vec.h"
#include "engine/control.h"
#include "proxy/row.h"

#include <stdint.h>

struct nginx_reload;

struct nginx_place {
	/* Each starts something, and calls, now or later, one of the functions below. */
	void (*list)(struct nginx_reload *r);
	void (*tell)(struct nginx_reload *r);
	void (*read_log)(struct nginx_reload *r);
	int64_t pause_ns; /* between two looks */
};

extern const struct nginx_place nginx_here, nginx_there;

struct nginx_reload {
	struct proxy_ask *ask;
	const struct nginx_place *place;
	struct event *timer;
	int64_t started, deadline;
	int64_t told_real;   /* when the signal was about to be sent, 0 before */
	int64_t master;	     /* its process id */
	VEC(int64_t) before; /* the workers that ran before */

	int64_t log_at;		 /* here: where the log ended before the signal; -1 = not read */
	struct control *control; /* there: what runs */
};

void nginx_on_list(struct nginx_reload *r, const struct control_process *processes, size_t n);
void nginx_on_told(struct nginx_reload *r);
/* What was logged since the signal. */
void nginx_on_log(struct nginx_reload *r, struct str log);
/* It could not be done. text is borrowed. */
void nginx_on_trouble(struct nginx_reload *r, const char *text);

#endif
