/* SPDX-License-Identifier: MIT
 *
 * argv to options, see cli.h. Commands and options are rows of two tables, from which parsing,
 * --help and suggestions come. Accepted: --name VALUE, --name=VALUE, -x VALUE, -xVALUE; "--" ends
 * the options. A command, if there is one, is the first argument that is no option.
 */
#include "config.h"

#include "cli.h"

#include <stddef.h>

/* More edits than this are no slip of the pen. */
#define SUGGEST_DISTANCE_MAX 2

/* Where the help of an option starts. */
#define HELP_COLUMN 26

struct command {
	const char *name;
	enum cli_action action;
	const char *help;
};

static const struct command commands[] = {
	{"run", CLI_RUN, "keep the outputs true to the containers (the default)"},
};

struct option {
	const char *name;
	char letter;     /* 0: none */
	const char *arg; /* name of its value, NULL if it takes none: then action counts */
	size_t offset;   /* of the const char * in struct cli_options */
	const char *key; /* global key of the configuration that it stands for, or NULL */
	enum cli_action action;
	const char *help;
};

#define TAKES(argument, member) .arg = (argument), .offset = offsetof(struct cli_options, member)

static const struct option options[] = {
	{"config", 'c', TAKES("FILE", config_path),
		.help = "configuration file\n[" CONFIG_DEFAULT_PATH "]"},
	{"log-level", 'l', TAKES("LEVEL", log_level), .key = "log_level",
		.help = "error, warn, info or debug; before the file's"},
	{"log-format", 0, TAKES("FORMAT", log_format), .key = "log_format",
		.help = "text or json; before the file's"},
	{"record", 0, TAKES("FILE", record_path),
		.help = "write all that the engine says to FILE, which\nendpoint = replay:FILE plays again"},
	{"check-config", 't', .action = CLI_CHECK_CONFIG,
		.help = "check the configuration and its files, then exit"},
	{"print-config", 0, .action = CLI_PRINT_CONFIG,
		.help = "print the configuration with all defaults, then exit"},
	{"help", 'h', .action = CLI_HELP, .help = "print this, then exit"},
	{"version", 'V', .action = CLI_VERSION, .help = "print the version, then exit"},
};

/* The arguments and what was found so far. */
struct parser {
	const char *const *argv; /* the next argument */
	size_t left;
	struct cli_options *result;
	bool has_action, has_command;
	const char *action; /* the option that asked for result->action */
};

static const char *next_arg(struct parser *p)
{
	if (p->left == 0)
		return NULL;
	p->left--;
	return *p->argv++;
}

static const struct option *find_option(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (str_eqz(name, options[i].name))
			return &options[i];
	return NULL;
}

static const struct option *find_letter(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (options[i].letter == letter && letter)
			return &options[i];
	return NULL;
}

static const struct option *suggest_option(struct str name)
{
	unsigned best = SUGGEST_DISTANCE_MAX + 1;
	const struct option *found = NULL;

	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		unsigned d = str_distance(name, str_from(options[i].name));

		if (d < best && d * 2 <= name.len) {
			best = d;
			found = &options[i];
		}
	}
	return found;
}

/* "--log-levl", "-version": the dashes do not count for the guess. */
static bool unknown_option(const char *arg, struct error *err)
{
	struct str name = str_from(arg), value;
	const struct option *near;

	while (str_has_prefix(name, STR("-")))
		name = str_sub(name, 1, name.len);
	str_cut(name, '=', &name, &value);
	near = suggest_option(name);
	error_set(err, "unknown option %s", arg);
	if (near)
		error_append(err, "; did you mean --%s?", near->name);
	return false;
}

static bool set_value(
	struct parser *p, const struct option *o, const char *value, struct error *err)
{
	const char **field = (const char **)(void *)((char *)p->result + o->offset);
	struct config scratch = {.path = NULL};

	if (*field)
		return error_set(err, "--%s is given twice", o->name);
	if (!*value)
		return error_set(err, "--%s needs a %s", o->name, o->arg);
	if (o->key && !config_set_global(&scratch, o->key, value, err))
		return error_prepend(err, "--%s: ", o->name);
	*field = value;
	return true;
}

static bool set_action(struct parser *p, const struct option *o, struct error *err)
{
	if (p->has_action && p->result->action != o->action)
		return error_set(err, "--%s and --%s exclude each other", p->action, o->name);
	p->has_action = true;
	p->action = o->name;
	p->result->action = o->action;
	return true;
}

/* Applies o; value is what was attached to it, NULL if nothing. */
static bool apply_option(
	struct parser *p, const struct option *o, const char *value, struct error *err)
{
	if (!o->arg && value)
		return error_set(err, "--%s takes no value", o->name);
	if (!o->arg)
		return set_action(p, o, err);
	if (!value)
		value = next_arg(p);
	if (!value)
		return error_set(err, "--%s needs a %s", o->name, o->arg);
	return set_value(p, o, value, err);
}

static bool parse_long(struct parser *p, const char *arg, struct error *err)
{
	struct str name, value;
	bool attached = str_cut(str_from(arg + 2), '=', &name, &value);
	const struct option *o = find_option(name);

	if (!o)
		return unknown_option(arg, err);
	return apply_option(p, o, attached ? value.p : NULL, err);
}

static bool parse_short(struct parser *p, const char *arg, struct error *err)
{
	const struct option *o = find_letter(arg[1]);

	if (!o || (!o->arg && arg[2]))
		return unknown_option(arg, err);
	return apply_option(p, o, arg[2] ? arg + 2 : NULL, err);
}

static bool parse_command(struct parser *p, const char *arg, struct error *err)
{
	if (p->has_command)
		return error_set(err, "unexpected argument %s", arg);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(arg, commands[i].name) == 0) {
			p->has_command = true;
			return true;
		}
	}
	error_set(err, "unknown command %s; expected", arg);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		error_append(err, "%s %s", i ? "," : "", commands[i].name);
	if (strchr(arg, '/') || strchr(arg, '.'))
		error_append(err, " (a configuration file is given by -c)");
	return false;
}

bool cli_parse(
	int argc, const char *const *argv, struct cli_options *ret_options, struct error *err)
{
	struct cli_options result = {.action = CLI_RUN};
	struct parser p = {.argv = argv, .left = argc > 0 ? (size_t)argc : 0, .result = &result};
	const char *arg;
	bool only_operands = false, ok = true;

	next_arg(&p);
	while (ok && (arg = next_arg(&p))) {
		if (only_operands || arg[0] != '-' || !arg[1])
			ok = parse_command(&p, arg, err);
		else if (strcmp(arg, "--") == 0)
			only_operands = true;
		else if (arg[1] == '-')
			ok = parse_long(&p, arg, err);
		else
			ok = parse_short(&p, arg, err);
	}
	if (!ok)
		return false;
	if (!result.config_path)
		result.config_path = CONFIG_DEFAULT_PATH;
	*ret_options = result;
	return true;
}

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

static void add_option_help(struct buf *out, const struct option *o)
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

void cli_help(struct buf *out)
{
	buf_add_cstr(out, "Usage: upstreamd [COMMAND] [OPTION]...\n"
			  "Keeps a load balancer's configuration true to the containers that run.\n"
			  "\nCommands:\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		buf_add_cstr(out, "  ");
		buf_add_fmt(out, "%-*s%s\n", HELP_COLUMN - 2, commands[i].name, commands[i].help);
	}
	buf_add_cstr(out, "\nOptions:\n");
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		add_option_help(out, &options[i]);
	buf_add_fmt(out,
		"\nExit status: %d good, %d failed, %d wrong usage, %d wrong configuration.\n",
		CLI_EXIT_OK, CLI_EXIT_FAILURE, CLI_EXIT_USAGE, CLI_EXIT_CONFIG);
}
