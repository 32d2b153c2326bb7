/* SPDX-License-Identifier: MIT
 *
 * The front of proxy/, see proxy.h: finds the row for an output and keeps the asks.
 */
#include "config.h"

#include "proxy/proxy.h"

#include "base/alloc.h"
#include "base/child.h"
#include "config/config.h"
#include "engine/control.h"
#include "proxy/complaint.h"
#include "proxy/row.h"

#include <stdlib.h>

/* By the value of the key proxy. */
static const struct proxy_row *const rows[] = {
	[CONFIG_PROXY_COMMAND] = &proxy_command,
	[CONFIG_PROXY_NGINX] = &proxy_nginx,
	[CONFIG_PROXY_HAPROXY] = &proxy_haproxy,
};

bool proxy_check_config(const struct config_output *output, struct error *err)
{
	return rows[output->proxy]->check_config(output, err) ||
	       error_prepend(err, "[output %s] ", output->name);
}

struct proxy *proxy_new(const struct config_output *output, const struct proxy_services *services,
	struct error *err)
{
	struct proxy *p;

	if (!proxy_check_config(output, err))
		return NULL;
	p = xcalloc(1, sizeof(*p));
	p->row = rows[output->proxy];
	p->output = output;
	p->services = *services;
	p->row->open(p);
	return p;
}

void proxy_free(struct proxy *p)
{
	if (!p)
		return;
	free(p->check_key);
	free(p->reload_key);
	free(p);
}

bool proxy_can(const struct proxy *p, enum proxy_act act)
{
	return p->row->acts[act] && (!p->row->can || p->row->can(p, act));
}

bool proxy_checks_candidate(const struct proxy *p, bool dest_exists)
{
	return p->row->checks_candidate(p, dest_exists);
}

bool proxy_reload_proves(const struct proxy *p)
{
	return p->row->reload_proves && proxy_can(p, PROXY_RELOAD);
}

const char *proxy_check_key(const struct proxy *p)
{
	return p->check_key;
}

const char *proxy_reload_key(const struct proxy *p)
{
	return p->reload_key;
}

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

struct proxy_ask *proxy_ask(struct proxy *p, enum proxy_act act,
	const struct proxy_context *context, proxy_answer_cb *answer, void *arg)
{
	struct proxy_ask *ask = xcalloc(1, sizeof(*ask));

	ask->proxy = p;
	ask->act = act;
	ask->output = copy(context->output);
	ask->dest = copy(context->dest);
	ask->candidate = copy(context->candidate);
	ask->event = copy(context->event);
	ask->container = copy(context->container);
	ask->answer = answer;
	ask->arg = arg;
	p->row->acts[act](ask);
	return ask;
}

static void ask_free(struct proxy_ask *ask)
{
	free(ask->output);
	free(ask->dest);
	free(ask->candidate);
	free(ask->event);
	free(ask->container);
	free(ask);
}

void ask_end(struct proxy_ask *ask, enum proxy_verdict verdict, const char *text, struct str output,
	int64_t ns)
{
	const char *name = ask->candidate ? ask->candidate : "";
	char *said = complaint_rename(output, name, ask->dest);
	char *why = text ? complaint_rename(str_from(text), name, ask->dest) : NULL;
	struct proxy_answer answer = {.verdict = verdict, .text = why, .output = said, .ns = ns};

	ask->answer(ask->arg, &answer);
	free(said);
	free(why);
	ask_free(ask);
}

void proxy_cancel(struct proxy_ask *ask)
{
	if (!ask)
		return;
	child_cancel(ask->child);
	control_cancel(ask->control);
	if (ask->state)
		ask->proxy->row->cancel(ask);
	ask_free(ask);
}
