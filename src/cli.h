/* SPDX-License-Identifier: MIT
 *
 * The command line: argv to a command with its options by two tables, and what the program does
 * with them.
 *
 *      struct cli_options options;
 *      if (!cli_parse(argc, argv, &options, &err)) …usage error…
 *
 * cli_parse is pure: it reads argv and nothing else. cli_main does a whole program run and is what
 * main() calls. What a command does is in commands/.
 */
#ifndef UD_CLI_H
#define UD_CLI_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses; documented, scripts rely on them. A command that a signal ends exits with 128 plus
 * its number, as shells have it. */
enum cli_exit {
	CLI_EXIT_OK = 0,
	CLI_EXIT_FAILURE = 1,  /* something failed while running */
	CLI_EXIT_USAGE = 2,    /* the command line is wrong */
	CLI_EXIT_CONFIG = 3,   /* the configuration is wrong or unreadable */
	CLI_EXIT_ENGINE = 4,   /* no answer from the engine; of run: as long as exit_after says */
	CLI_EXIT_TEMPLATE = 5, /* a template is missing, wrong, or failed */
	CLI_EXIT_SIGNAL = 128,
};

/* In the order in which --help shows them. */
enum cli_command {
	CLI_RUN,
	CLI_CHECK,
	CLI_CONFIG,
	CLI_RENDER,
	CLI_SNAPSHOT,
	CLI_RECORD,
	CLI_HELP, /* shows that of options.about */
	CLI_VERSION,
};
#define CLI_COMMANDS (CLI_VERSION + 1)

/* Values of one option that may be repeated. */
#define CLI_LIST_MAX 64
/* Arguments of a command that are no options. */
#define CLI_OPERANDS_MAX 2
/* How often render renders at the most. */
#define CLI_REPEAT_MAX ((uint64_t)1000000000)
/* How long a command that asks the engine waits for the whole answer. */
#define CLI_TIMEOUT_DEFAULT_NS (30 * (int64_t)1000000000)

struct cli_list {
	const char *v[CLI_LIST_MAX];
	size_t n;
};

/* Strings are borrowed from argv or are literals; NULL or 0: not given. */
struct cli_options {
	enum cli_command command;
	enum cli_command about; /* of CLI_HELP; CLI_HELP itself: the program */
	struct cli_list operands;
	const char *config_path; /* never NULL */
	bool config_given;       /* by -c; else it is the default's */
	const char *log_level;   /* checked */
	const char *log_format;
	const char *record_path;
	const char *endpoint;
	const char *engine, *output; /* names of sections */
	const char *from;
	struct cli_list templates; /* besides the operand */
	struct cli_list filters;   /* KEY=VALUE */
	bool only_exposed, only_published, include_stopped, keep_blank_lines;
	bool redact;
	uint64_t repeat;
	int64_t timeout_ns; /* never 0 */
};

/* argv[0] is skipped. *err says what is wrong and, where it can be guessed, what was meant. */
bool cli_parse(int argc, const char *const *argv, struct cli_options *ret_options,
	struct error *err) MUSTCHECK;
/* Appends what --help shows; about CLI_HELP is the program, else that command. */
void cli_help(enum cli_command about, struct buf *out);
/* What the options and the environment say about the configuration to load. */
struct config_input cli_config_input(const struct cli_options *options);
/* Does what argv asks for and returns the exit status; run is called for CLI_RUN. */
int cli_main(int argc, const char *const *argv, int (*run)(const struct cli_options *options));

#endif
