/* SPDX-License-Identifier: MIT
 *
 * The row "command": whatever the user wrote as check = and reload =. Exit status 0 is yes,
 * anything else no. In the words of a command {candidate} and {dest} stand for the files; outside
 * of a check both are dest. A shell's line gets them quoted.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/argv.h"
#include "base/child.h"
#include "base/vec.h"
#include "config/config.h"
#include "proxy/complaint.h"
#include "proxy/row.h"

#include <stdlib.h>

#define CANDIDATE "{candidate}"
#define DEST	  "{dest}"

static const struct config_command *command_of(const struct proxy *p, enum proxy_act act)
{
	switch (act) {
	case PROXY_CHECK:
		return &p->output->check;
	case PROXY_RELOAD:
		return &p->output->reload;
	case PROXY_VERIFY:
		return &p->output->verify;
	case PROXY_APPLY:
		return NULL;
	}
	return NULL;
}

static int64_t timeout_of(const struct proxy *p, enum proxy_act act)
{
	switch (act) {
	case PROXY_CHECK:
		return p->output->check_timeout_ns;
	case PROXY_VERIFY:
		return p->output->verify_timeout_ns;
	case PROXY_RELOAD:
	case PROXY_APPLY:
		break;
	}
	return p->output->reload_timeout_ns;
}

static bool command_can(const struct proxy *p, enum proxy_act act)
{
	const struct config_command *command = command_of(p, act);

	return command && command->argv;
}

static bool mentions(const struct config_command *command, const char *what)
{
	for (char **word = command->argv; word && *word; word++)
		if (strstr(*word, what))
			return true;
	return false;
}

static bool command_checks_candidate(const struct proxy *p, bool dest_exists UNUSED)
{
	return mentions(&p->output->check, CANDIDATE);
}

/* Equal words, and an equal dest where the words name it, are the same reload. */
static char *reload_key(const struct proxy *p)
{
	const struct config_command *reload = &p->output->reload;

	if (!reload->argv)
		return NULL;
	return xasprintf(
		"command\n%s\n%s", reload->text, mentions(reload, DEST) ? p->output->dest : "");
}

static bool command_open(struct proxy *p, struct error *err)
{
	if (mentions(&p->output->reload, CANDIDATE) || mentions(&p->output->verify, CANDIDATE))
		return error_set(err,
			"[output %s] %s: " CANDIDATE " is in place by then: use " DEST,
			p->output->name,
			mentions(&p->output->reload, CANDIDATE) ? "reload" : "verify");
	p->check_key = p->output->check.text;
	p->reload_key = reload_key(p);
	return true;
}

/* A word of the command with the files' names put in. Owned by the caller. */
static char *expand_word(const char *word, const struct proxy_ask *ask, bool quote)
{
	const char *file = ask->candidate ? ask->candidate : ask->dest;
	char *candidate = quote ? argv_quote(file) : xstrdup(file);
	char *dest = quote ? argv_quote(ask->dest) : xstrdup(ask->dest);
	char *half = complaint_rename(str_from(word), CANDIDATE, candidate);
	char *whole = complaint_rename(str_from(half), DEST, dest);

	free(candidate);
	free(dest);
	free(half);
	return whole;
}

static char **expand(const struct config_command *command, const struct proxy_ask *ask)
{
	VEC(char *) argv = VEC_INIT;

	for (char **word = command->argv; *word; word++)
		vec_push(&argv, expand_word(*word, ask, command->shell));
	vec_push(&argv, NULL);
	return argv.v;
}

/* "exit status 1: nginx: [emerg] …" */
static char *refusal(const struct child_result *result)
{
	char *how = child_describe(result), *line, *text;

	line = result->end == CHILD_NOT_STARTED ? NULL : complaint_line(result->output);
	text = line ? xasprintf("%s: %s", how, line) : xstrdup(how);
	free(line);
	free(how);
	return text;
}

static void command_on_end(void *arg, const struct child_result *result)
{
	struct proxy_ask *ask = arg;
	enum proxy_verdict verdict = result->end == CHILD_EXITED ? PROXY_REFUSED : PROXY_BROKEN;
	char *text;

	ask->child = NULL;
	if (result->end == CHILD_EXITED && result->code == 0) {
		ask_end(ask, PROXY_GOOD, NULL, result->output, result->ns);
		return;
	}
	text = refusal(result);
	ask_end(ask, verdict, text, result->output, result->ns);
	free(text);
}

/* NAME=value; nothing for a value that there is none of. */
static char *variable(const char *name, const char *value)
{
	return xasprintf("UPSTREAMD_%s=%s", name, value ? value : "");
}

static void command_act(struct proxy_ask *ask)
{
	const struct config_command *command = command_of(ask->proxy, ask->act);
	char **argv = expand(command, ask);
	char *env[] = {variable("OUTPUT", ask->output), variable("DEST", ask->dest),
		variable("CAUSE", ask->event), variable("CONTAINER", ask->container), NULL};
	struct child_spec spec = {.argv = argv,
		.env = (const char *const *)env,
		.timeout_ns = timeout_of(ask->proxy, ask->act),
		.output_max = CHILD_OUTPUT_MAX,
		.done = command_on_end,
		.arg = ask};

	ask->child = child_start(ask->proxy->services.children, &spec);
	argv_free(argv);
	for (size_t i = 0; env[i]; i++)
		free(env[i]);
}

static void command_cancel(struct proxy_ask *ask)
{
	child_cancel(ask->child);
}

const struct proxy_row proxy_command = {
	.name = "command",
	.open = command_open,
	.can = command_can,
	.checks_candidate = command_checks_candidate,
	.acts = {[PROXY_CHECK] = command_act,
		[PROXY_RELOAD] = command_act,
		[PROXY_VERIFY] = command_act},
	.cancel = command_cancel,
};
