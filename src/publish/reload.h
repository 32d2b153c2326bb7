/* SPDX-License-Identifier: MIT
 *
 * Reloads that outputs share. All members of a group have the same reload; it runs once for those
 * that ask for it together, after every member that is about to write has written, and never twice
 * at a time. Calling sequence:
 *
 *	me->member.reloaded = me_on_reloaded; …
 *	reload_join(&groups, key, &me->member);
 *	reload_prepare(&me->member);       a cycle begins: the others wait for us …
 *	reload_ask(&me->member, proxy, &context);   … until we ask too; me_on_reloaded(me, answer)
 *	reload_pass(&me->member);          … or need no reload after all
 *	reload_leave(&me->member);
 */
#ifndef UD_RELOAD_H
#define UD_RELOAD_H

#include "base/base.h"
#include "proxy/proxy.h"

#include <stdbool.h>
#include <sys/queue.h>

struct reload_group;

TAILQ_HEAD(reload_groups, reload_group);

enum reload_state {
	RELOAD_IDLE,
	RELOAD_PREPARING, /* may ask soon */
	RELOAD_WAITING,	  /* asked */
	RELOAD_RUNNING,
	RELOAD_ANSWERED /* about to be told */
};

struct reload_member {
	TAILQ_ENTRY(reload_member) link;
	struct reload_group *group; /* NULL: nothing to reload */
	enum reload_state state;
	struct proxy *proxy; /* while waiting or running; borrowed, as the context */
	struct proxy_context context;
	proxy_answer_cb *reloaded;     /* the answer to its own question */
	void (*any_reload)(void *arg); /* the group's reload ended, whoever asked */
	void *arg;
};

/* key NULL: the member has nothing to reload. */
void reload_join(struct reload_groups *groups, const char *key, struct reload_member *member);
/* What it asked for is answered to nobody. */
void reload_leave(struct reload_groups *groups, struct reload_member *member);
void reload_prepare(struct reload_member *member);
/* context is borrowed until the answer. */
void reload_ask(
	struct reload_member *member, struct proxy *proxy, const struct proxy_context *context);
void reload_pass(struct reload_member *member);

#endif
