/* SPDX-License-Identifier: MIT
 *
 * The command line: argv to options by one table, and what the program does with them.
 *
 *      struct cli_options options;
 *      if (!cli_parse(argc, argv, &options, &err)) …usage error…
 *
 * cli_parse is pure: it reads argv and nothing else. cli_main does a whole program run and is what
 * main() calls.
 */
#ifndef UD_CLI_H
#define UD_CLI_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"

#include <stdbool.h>

/* Exit statuses; documented, scripts rely on them. */
enum cli_exit {
	CLI_EXIT_OK = 0,
	CLI_EXIT_FAILURE = 1, /* something failed while running */
	CLI_EXIT_USAGE = 2,   /* the command line is wrong */
	CLI_EXIT_CONFIG = 3,  /* the configuration file is wrong or unreadable */
	CLI_EXIT_ABSENT = 4,  /* no engine for as long as exit_after says */
};

enum cli_action { CLI_RUN, CLI_CHECK_CONFIG, CLI_PRINT_CONFIG, CLI_HELP, CLI_VERSION };

/* Strings are borrowed from argv or are literals. */
struct cli_options {
	enum cli_action action;
	const char *config_path; /* never NULL */
	const char *log_level;   /* NULL: as the configuration says; checked */
	const char *log_format;
	const char *record_path; /* NULL: nothing is recorded */
};

/* argv[0] is skipped. *err says what is wrong and, where it can be guessed, what was meant. */
bool cli_parse(int argc, const char *const *argv, struct cli_options *ret_options,
	struct error *err) MUSTCHECK;
/* Appends what --help shows. */
void cli_help(struct buf *out);
/* What the options and the environment say about the configuration to load. */
struct config_input cli_config_input(const struct cli_options *options);
/* Does what argv asks for and returns the exit status; run is called for CLI_RUN. */
int cli_main(int argc, const char *const *argv, int (*run)(const struct cli_options *options));

#endif
