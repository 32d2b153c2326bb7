/* SPDX-License-Identifier: MIT
 *
 * Inside of proxy/: what a kind of proxy brings, and what it gets. An act starts something for the
 * ask it is given and ends, later and once, in ask_end; cancel stops it.
 */
#ifndef UD_PROXY_ROW_H
#define UD_PROXY_ROW_H

#include "proxy/proxy.h"

struct child;

struct proxy_row {
	const char *name;
	/* Looks at the configuration; sets the keys. */
	bool (*open)(struct proxy *p, struct error *err);
	bool (*can)(const struct proxy *p, enum proxy_act act);
	bool (*checks_candidate)(const struct proxy *p, bool dest_exists);
	/* The answer to a reload tells whether the new configuration runs. */
	bool reload_proves;
	void (*acts[PROXY_ACTS])(struct proxy_ask *ask);
	void (*cancel)(struct proxy_ask *ask);
};

struct proxy {
	const struct proxy_row *row;
	const struct config_output *output;
	struct proxy_services services;
	const char *check_key; /* borrowed from output; NULL if nothing is checked */
	char *reload_key;      /* NULL if nothing is to be reloaded */
};

struct proxy_ask {
	struct proxy *proxy;
	enum proxy_act act;
	char *output, *dest, *candidate, *event, *container;
	proxy_answer_cb *answer;
	void *arg;
	struct child *child;
};

/* Answers and frees the ask. text is used for verdicts other than PROXY_GOOD. */
void ask_end(struct proxy_ask *ask, enum proxy_verdict verdict, const char *text, struct str output,
	int64_t ns);

extern const struct proxy_row proxy_command;

#endif
