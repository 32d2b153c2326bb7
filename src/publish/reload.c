/* SPDX-License-Identifier: MIT
 *
 * Sharing reloads, see reload.h.
 *
 * Invariant: while ask is set some members are RUNNING, and asker, whose proxy carries it, is one.
 */
#include "config.h"

#include "publish/reload.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>

/* Names of outputs in one environment variable. */
#define NAMES_MAX ((size_t)32 * 1024)

struct reload_group {
	TAILQ_ENTRY(reload_group) link;
	TAILQ_HEAD(member_list, reload_member) members;
	char *key;
	struct proxy_ask *ask; /* the reload that runs */
	struct reload_member *asker;
};

static bool any_in(const struct reload_group *g, enum reload_state state)
{
	struct reload_member *m;

	TAILQ_FOREACH(m, &g->members, link)
	if (m->state == state)
		return true;
	return false;
}

static void move_all(struct reload_group *g, enum reload_state from, enum reload_state to)
{
	struct reload_member *m;

	TAILQ_FOREACH(m, &g->members, link)
	if (m->state == from)
		m->state = to;
}

static struct reload_member *first_in(struct reload_group *g, enum reload_state state)
{
	struct reload_member *m;

	TAILQ_FOREACH(m, &g->members, link)
	if (m->state == state)
		return m;
	return NULL;
}

static void poke(struct reload_group *g);

/* The reload ended. Members may ask again, or begin a cycle, from within their callbacks. */
static void group_on_answer(void *arg, const struct proxy_answer *answer)
{
	struct reload_group *g = arg;
	struct reload_member *m;

	g->ask = NULL;
	g->asker = NULL;
	move_all(g, RELOAD_RUNNING, RELOAD_ANSWERED);
	TAILQ_FOREACH(m, &g->members, link)
	m->any_reload(m->arg);
	while ((m = first_in(g, RELOAD_ANSWERED)) != NULL) {
		m->state = RELOAD_IDLE;
		m->reloaded(m->arg, answer);
	}
	poke(g);
}

/* The outputs that a reload is for. */
static void join_names(struct reload_group *g, struct buf *outputs, struct buf *dests)
{
	struct reload_member *m;

	TAILQ_FOREACH(m, &g->members, link)
	{
		if (m->state != RELOAD_RUNNING)
			continue;
		buf_add_fmt(outputs, "%s%s", outputs->len ? " " : "", m->context.output);
		buf_add_fmt(dests, "%s%s", dests->len ? ":" : "", m->context.dest);
	}
}

/* Starts the reload for all that wait, unless one runs or somebody is still about to ask. */
static void poke(struct reload_group *g)
{
	struct proxy_context context;
	struct buf outputs, dests;

	if (g->ask || any_in(g, RELOAD_PREPARING) || any_in(g, RELOAD_ANSWERED) ||
		!any_in(g, RELOAD_WAITING))
		return;
	move_all(g, RELOAD_WAITING, RELOAD_RUNNING);
	g->asker = first_in(g, RELOAD_RUNNING);
	buf_init(&outputs, NAMES_MAX);
	buf_init(&dests, NAMES_MAX);
	join_names(g, &outputs, &dests);
	context = g->asker->context;
	context.output = buf_cstr(&outputs);
	context.dest = buf_cstr(&dests);
	g->ask = proxy_ask(g->asker->proxy, PROXY_RELOAD, &context, group_on_answer, g);
	buf_release(&outputs);
	buf_release(&dests);
}

static struct reload_group *find_group(struct reload_groups *groups, const char *key)
{
	struct reload_group *g;

	TAILQ_FOREACH(g, groups, link)
	if (strcmp(g->key, key) == 0)
		return g;
	g = xcalloc(1, sizeof(*g));
	g->key = xstrdup(key);
	TAILQ_INIT(&g->members);
	TAILQ_INSERT_TAIL(groups, g, link);
	return g;
}

void reload_join(struct reload_groups *groups, const char *key, struct reload_member *member)
{
	member->state = RELOAD_IDLE;
	member->group = key ? find_group(groups, key) : NULL;
	if (member->group)
		TAILQ_INSERT_TAIL(&member->group->members, member, link);
}

void reload_leave(struct reload_groups *groups, struct reload_member *member)
{
	struct reload_group *g = member->group;

	if (!g)
		return;
	TAILQ_REMOVE(&g->members, member, link);
	member->group = NULL;
	if (g->asker == member) {
		/* Those that ran with it are asked for again. */
		proxy_cancel(g->ask);
		g->ask = NULL;
		g->asker = NULL;
		move_all(g, RELOAD_RUNNING, RELOAD_WAITING);
	}
	if (TAILQ_EMPTY(&g->members)) {
		TAILQ_REMOVE(groups, g, link);
		free(g->key);
		free(g);
		return;
	}
	poke(g);
}

void reload_prepare(struct reload_member *member)
{
	if (member->group)
		member->state = RELOAD_PREPARING;
}

void reload_ask(
	struct reload_member *member, struct proxy *proxy, const struct proxy_context *context)
{
	member->proxy = proxy;
	member->context = *context;
	member->state = RELOAD_WAITING;
	poke(member->group);
}

void reload_pass(struct reload_member *member)
{
	if (!member->group || member->state == RELOAD_IDLE)
		return;
	member->state = RELOAD_IDLE;
	poke(member->group);
}
