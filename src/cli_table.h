/* SPDX-License-Identifier: MIT
 *
 * The rows of the command line, for those who read them: parsing (cli.c) and help (cli_help.c).
 */
#ifndef UD_CLI_TABLE_H
#define UD_CLI_TABLE_H

#include "cli.h"

struct cli_command_row {
	const char *name; /* NULL: asked for by an option only */
	const char *operands; /* as --help shows them */
	size_t operands_min, operands_max;
	const char *summary; /* one line */
	const char *about;   /* what --help says beyond the options; lines */
};

enum cli_kind {
	CLI_TEXT,     /* const char * */
	CLI_LIST,     /* struct cli_list */
	CLI_FLAG,     /* bool */
	CLI_COUNT,    /* uint64_t, 1 to CLI_REPEAT_MAX */
	CLI_DURATION, /* int64_t, nanoseconds */
	CLI_INSTEAD,  /* no member: asks for a command */
};

struct cli_option_row {
	const char *name;
	char letter; /* 0: none */
	enum cli_kind kind;
	unsigned commands;   /* bits of those that take it */
	const char *arg;     /* name of its value; NULL: it takes none */
	size_t offset;       /* of the member of struct cli_options */
	const char *key;     /* global key of the configuration that it stands for, or NULL */
	enum cli_command command; /* of CLI_INSTEAD */
	const char *help;    /* lines; "" or more */
};

#define CLI_BIT(command) (1u << (command))

/* Indexed by enum cli_command. */
extern const struct cli_command_row cli_commands[CLI_COMMANDS];
extern const struct cli_option_row cli_option_rows[];
extern const size_t cli_option_rows_n;

#endif
