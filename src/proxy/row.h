/* SPDX-License-Identifier: MIT
 *
 * Inside of proxy/: what a kind of proxy brings, and what it gets. An act starts something for the
 * ask it is given and ends, later and once, in ask_end; cancel stops it.
 */
#ifndef UD_PROXY_ROW_H
#define UD_PROXY_ROW_H

#include "proxy/proxy.h"

struct child;
struct control;

struct proxy_row {
	const char *name;
	/* Whether the keys of output go together; the error begins with the key. */
	bool (*check_config)(const struct config_output *output, struct error *err);
	/* Sets the keys of checks and reloads. */
	void (*open)(struct proxy *p);
	/* NULL: each act of the row can be done. */
	bool (*can)(const struct proxy *p, enum proxy_act act);
	bool (*checks_candidate)(const struct proxy *p, bool dest_exists);
	/* The answer to a reload tells whether the new configuration runs. */
	bool reload_proves;
	void (*acts[PROXY_ACTS])(struct proxy_ask *ask);
	/* Frees ask->state, if there is any; what ask_run and ask_exec started ends by itself. NULL
	 * for a row that has none. */
	void (*cancel)(struct proxy_ask *ask);
};

struct proxy {
	const struct proxy_row *row;
	const struct config_output *output;
	struct proxy_services services;
	char *check_key;  /* NULL if nothing is checked */
	char *reload_key; /* NULL if nothing is to be reloaded */
};

struct proxy_ask {
	struct proxy *proxy;
	enum proxy_act act;
	char *output, *dest, *candidate, *event, *container;
	proxy_answer_cb *answer;
	void *arg;
	struct child *child;	 /* of ask_run */
	struct control *control; /* of ask_exec */
	void *state;		 /* the row's */
};

/* Whether the proxy runs on this machine, not in a container. */
bool proxy_runs_here(const struct proxy *p);
/* For a kind that knows what to do: that no commands say so besides; the error begins with the key.
 */
bool proxy_has_own_way(
	const struct config_output *output, const char *kind, struct error *err) MUSTCHECK;
/* The time for one act until a deadline; never too short to be tried. */
int64_t proxy_time_left(int64_t deadline);

/* A command line that is put together. */
struct words {
	const char **v;
	size_t n, cap;
};

/* Runs argv (NULL at the end; copied) on this machine, with variables that say what it is about,
 * and ends the ask with its exit status. */
void ask_run(struct proxy_ask *ask, const char *const *argv, int64_t timeout_ns);
/* The same in the output's proxy_container, without the variables. */
void ask_exec(struct proxy_ask *ask, const char *const *argv, int64_t timeout_ns);
/* The engine for acts on containers. Only where there is a proxy_container. */
struct engine *ask_engine(const struct proxy_ask *ask);

/* Answers and frees the ask. text is used for verdicts other than PROXY_GOOD. */
void ask_end(struct proxy_ask *ask, enum proxy_verdict verdict, const char *text, struct str output,
	int64_t ns);

extern const struct proxy_row proxy_command, proxy_haproxy, proxy_nginx;

#endif
