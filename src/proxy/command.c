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

static bool command_check_config(const struct config_output *o, struct error *err)
{
	const char *key = o->proxy_container	  ? "proxy_container"
			  : o->proxy_command.text ? "proxy_command"
			  : o->proxy_pid_file	  ? "proxy_pid_file"
			  : o->proxy_log	  ? "proxy_log"
			  : o->proxy_socket	  ? "proxy_socket"
						  : NULL;

	if (key)
		return error_set(
			err, "%s: says nothing without a proxy such as \"proxy = nginx\"", key);
	key = mentions(&o->reload, CANDIDATE)	? "reload"
	      : mentions(&o->verify, CANDIDATE) ? "verify"
						: NULL;
	if (key)
		return error_set(err, "%s: " CANDIDATE " is in place by then: use " DEST, key);
	return true;
}

static void command_open(struct proxy *p)
{
	p->check_key = p->output->check.text ? xstrdup(p->output->check.text) : NULL;
	p->reload_key = reload_key(p);
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

static void command_act(struct proxy_ask *ask)
{
	const struct config_command *command = command_of(ask->proxy, ask->act);
	char **argv = expand(command, ask);

	ask_run(ask, (const char *const *)argv, timeout_of(ask->proxy, ask->act));
	argv_free(argv);
}

const struct proxy_row proxy_command = {
	.name = "command",
	.check_config = command_check_config,
	.open = command_open,
	.can = command_can,
	.checks_candidate = command_checks_candidate,
	.acts = {[PROXY_CHECK] = command_act,
		[PROXY_RELOAD] = command_act,
		[PROXY_VERIFY] = command_act},
};
