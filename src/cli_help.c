/* SPDX-License-Identifier: MIT
 *
 * What --help shows, out of the rows of cli_table.c: of the program the commands, of a command its
 * arguments and options. Each fits a screen.
 */
#include "config.h"

#include "cli.h"

#include "cli_table.h"

/* Where the help of a command or an option starts. */
#define HELP_COLUMN 29
#define COMMAND_COLUMN 12

static const char exit_statuses[] =
	"\nExit status: 0 good, 1 failed, 2 wrong usage, 3 wrong configuration,\n"
	"4 no answer from the engine, 5 wrong template.\n";

/* Appends left and its help, whose further lines start in the same column. */
static void add_help_row(struct buf *out, const char *left, const char *help)
{
	struct str line, rest = str_from(help);

	buf_add_fmt(out, "%-*s", HELP_COLUMN, left);
	for (;;) {
		bool more = str_cut(rest, '\n', &line, &rest);

		buf_add_str(out, line);
		buf_add_char(out, '\n');
		if (!more)
			return;
		buf_add_fmt(out, "%-*s", HELP_COLUMN, "");
	}
}

static void add_option_help(struct buf *out, const struct cli_option_row *o)
{
	struct buf left;

	buf_init(&left, 64);
	if (o->letter)
		buf_add_fmt(&left, "  -%c, ", o->letter);
	else
		buf_add_cstr(&left, "      ");
	buf_add_fmt(&left, "--%s", o->name);
	if (o->arg)
		buf_add_fmt(&left, " %s", o->arg);
	add_help_row(out, buf_cstr(&left), o->help);
	buf_release(&left);
}

static void add_options(struct buf *out, enum cli_command command)
{
	buf_add_cstr(out, "\nOptions:\n");
	for (size_t i = 0; i < cli_option_rows_n; i++)
		if (cli_option_rows[i].commands & CLI_BIT(command))
			add_option_help(out, &cli_option_rows[i]);
}

static void program_help(struct buf *out)
{
	buf_add_cstr(out, "Usage: upstreamd [COMMAND] [OPTION]...\n"
			  "Keeps a load balancer's configuration true to the containers that run.\n"
			  "\nCommands (upstreamd COMMAND --help says more):\n");
	for (size_t i = 0; i < CLI_COMMANDS; i++)
		if (cli_commands[i].name)
			buf_add_fmt(out, "  %-*s%s\n", COMMAND_COLUMN - 2, cli_commands[i].name,
				cli_commands[i].summary);
	add_options(out, CLI_HELP);
	buf_add_cstr(out, exit_statuses);
}

void cli_help(enum cli_command about, struct buf *out)
{
	const struct cli_command_row *row = &cli_commands[about];

	if (about == CLI_HELP) {
		program_help(out);
		return;
	}
	buf_add_fmt(out, "Usage: upstreamd %s [OPTION]...", row->name);
	if (row->operands)
		buf_add_fmt(out, " %s", row->operands);
	buf_add_fmt(out, "\n%c%s.\n", row->summary[0] - 'a' + 'A', row->summary + 1);
	if (row->about)
		buf_add_str(out, str_from(row->about));
	add_options(out, about);
}
