/* SPDX-License-Identifier: MIT
 *
 * Commands as acts: run here as a child, or in a container by the engine. Both end in a verdict: an
 * exit status other than 0 is a refusal, with the line of the output that says why.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/child.h"
#include "base/clock.h"
#include "config/config.h"
#include "engine/control.h"
#include "proxy/complaint.h"
#include "proxy/row.h"

#include <stdlib.h>

/* Exit statuses of a shell, and of an engine, for a program that cannot be run. */
#define EXIT_CANNOT_RUN 126
#define EXIT_NOT_FOUND	127

/* "exit status 1: nginx: [emerg] …". Owned by the caller. */
static char *refusal(const char *how, struct str output)
{
	char *line = complaint_line(output);
	char *text = line ? xasprintf("%s: %s", how, line) : xstrdup(how);

	free(line);
	return text;
}

static void ask_on_child(void *arg, const struct child_result *result)
{
	struct proxy_ask *ask = arg;
	enum proxy_verdict verdict = result->end == CHILD_EXITED ? PROXY_REFUSED : PROXY_BROKEN;
	char *how, *text;

	ask->child = NULL;
	if (result->end == CHILD_EXITED && result->code == 0) {
		ask_end(ask, PROXY_GOOD, NULL, result->output, result->ns);
		return;
	}
	how = child_describe(result);
	text = refusal(how, result->end == CHILD_NOT_STARTED ? STR("") : result->output);
	ask_end(ask, verdict, text, result->output, result->ns);
	free(text);
	free(how);
}

/* NAME=value; nothing for a value that there is none of. */
static char *variable(const char *name, const char *value)
{
	return xasprintf("UPSTREAMD_%s=%s", name, value ? value : "");
}

void ask_run(struct proxy_ask *ask, const char *const *argv, int64_t timeout_ns)
{
	char *env[] = {variable("OUTPUT", ask->output), variable("DEST", ask->dest),
		variable("CAUSE", ask->event), variable("CONTAINER", ask->container), NULL};
	struct child_spec spec = {.argv = (char *const *)argv,
		.env = (const char *const *)env,
		.timeout_ns = timeout_ns,
		.output_max = CHILD_OUTPUT_MAX,
		.done = ask_on_child,
		.arg = ask};

	ask->child = child_start(ask->proxy->services.children, &spec);
	for (size_t i = 0; env[i]; i++)
		free(env[i]);
}

static void ask_on_exec(void *arg, const struct control_answer *answer)
{
	struct proxy_ask *ask = arg;
	bool ran = !answer->err && answer->exit_code != EXIT_CANNOT_RUN &&
		   answer->exit_code != EXIT_NOT_FOUND;
	char *how, *text;

	ask->control = NULL;
	if (ran && answer->exit_code == 0) {
		ask_end(ask, PROXY_GOOD, NULL, answer->output, answer->ns);
		return;
	}
	how = answer->err ? xstrdup(error_text(answer->err))
			  : xasprintf("exit status %d in container %s", answer->exit_code,
				    ask->proxy->output->proxy_container);
	text = answer->err ? xstrdup(how) : refusal(how, answer->output);
	ask_end(ask, ran ? PROXY_REFUSED : PROXY_BROKEN, text, answer->output, answer->ns);
	free(text);
	free(how);
}

void ask_exec(struct proxy_ask *ask, const char *const *argv, int64_t timeout_ns)
{
	ask->control = control_exec(ask_engine(ask), ask->proxy->output->proxy_container, argv,
		timeout_ns, ask_on_exec, ask);
}

bool proxy_runs_here(const struct proxy *p)
{
	return !p->output->proxy_container;
}

bool proxy_has_own_way(const struct config_output *output, const char *kind, struct error *err)
{
	const char *key = output->check.text	? "check"
			  : output->reload.text ? "reload"
			  : output->verify.text ? "verify"
						: NULL;

	return !key || error_set(err, "%s: \"proxy = %s\" has its own way: remove one of the two",
			       key, kind);
}

int64_t proxy_time_left(int64_t deadline)
{
	int64_t ns = deadline - clock_mono_ns();

	return ns > NS_PER_S ? ns : NS_PER_S;
}

struct engine *ask_engine(const struct proxy_ask *ask)
{
	const struct proxy_services *services = &ask->proxy->services;

	return services->engine(services->arg);
}
