/* SPDX-License-Identifier: MIT
 *
 * argv to a command and its options, see cli.h; the rows are in cli_table.c. Accepted: --name VALUE,
 * --name=VALUE, -x VALUE, -xVALUE, before and after the command; "--" ends the options. The command
 * is the first argument that is no option; what belongs to which command is judged at the end.
 */
#include "config.h"

#include "cli.h"

#include "cli_table.h"
#include "config/duration.h"

#include <stddef.h>

/* More edits than this are no slip of the pen. */
#define SUGGEST_DISTANCE_MAX 2
/* Rows of options at the most: a bit each. */
#define ROWS_MAX 64

/* The arguments and what was found so far. */
struct parser {
	const char *const *argv; /* the next argument */
	size_t left;
	struct cli_options *result;
	bool has_command;
	const struct cli_option_row *instead; /* the option that asks for another command */
	uint64_t given;                       /* bit of each row of cli_option_rows */
};

static const char *next_arg(struct parser *p)
{
	if (p->left == 0)
		return NULL;
	p->left--;
	return *p->argv++;
}

/* --- names and guesses ---------------------------------------------------------------------- */

static const struct cli_option_row *find_option(struct str name)
{
	for (size_t i = 0; i < cli_option_rows_n; i++)
		if (str_eqz(name, cli_option_rows[i].name))
			return &cli_option_rows[i];
	return NULL;
}

static const struct cli_option_row *find_letter(char letter)
{
	for (size_t i = 0; i < cli_option_rows_n; i++)
		if (cli_option_rows[i].letter == letter && letter)
			return &cli_option_rows[i];
	return NULL;
}

/* Whether candidate is near to name, and nearer than *best, which becomes its distance. */
static bool is_nearer(struct str name, const char *candidate, unsigned *best)
{
	unsigned d = str_distance(name, str_from(candidate));

	if (d >= *best || d * 2 > name.len)
		return false;
	*best = d;
	return true;
}

/* "--log-levl", "-version": the dashes do not count for the guess. */
static bool unknown_option(const char *arg, struct error *err)
{
	unsigned best = SUGGEST_DISTANCE_MAX + 1;
	struct str name = str_from(arg), value;
	const char *near = NULL;

	while (str_has_prefix(name, STR("-")))
		name = str_sub(name, 1, name.len);
	str_cut(name, '=', &name, &value);
	for (size_t i = 0; i < cli_option_rows_n; i++)
		if (is_nearer(name, cli_option_rows[i].name, &best))
			near = cli_option_rows[i].name;
	error_set(err, "unknown option %s", arg);
	if (near)
		error_append(err, "; did you mean --%s?", near);
	return false;
}

static bool find_command(const char *word, enum cli_command *ret)
{
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		if (cli_commands[i].name && strcmp(word, cli_commands[i].name) == 0) {
			*ret = (enum cli_command)i;
			return true;
		}
	}
	return false;
}

static bool unknown_command(const char *word, struct error *err)
{
	unsigned best = SUGGEST_DISTANCE_MAX + 1;
	const char *near = NULL;

	for (size_t i = 0; i < CLI_COMMANDS; i++)
		if (cli_commands[i].name && is_nearer(str_from(word), cli_commands[i].name, &best))
			near = cli_commands[i].name;
	error_set(err, "unknown command %s", word);
	if (near)
		return error_append(err, "; did you mean %s?", near);
	error_append(err, "; expected");
	for (size_t i = 0; i < CLI_COMMANDS; i++)
		if (cli_commands[i].name)
			error_append(err, "%s %s", i ? "," : "", cli_commands[i].name);
	if (strchr(word, '/') || strchr(word, '.'))
		error_append(err, " (a configuration file is given by -c, a template to render)");
	return false;
}

/* --- values --------------------------------------------------------------------------------- */

static bool set_text(const struct cli_option_row *o, void *member, const char *value,
	struct error *err)
{
	struct config scratch = {.path = NULL};

	if (o->key && !config_set_global(&scratch, o->key, value, err))
		return error_prepend(err, "--%s: ", o->name);
	*(const char **)member = value;
	return true;
}

static bool set_list(const struct cli_option_row *o, void *member, const char *value,
	struct error *err)
{
	struct cli_list *list = member;

	if (list->n == CLI_LIST_MAX)
		return error_set(err, "--%s is given more than %d times", o->name, CLI_LIST_MAX);
	list->v[list->n++] = value;
	return true;
}

static bool set_count(const struct cli_option_row *o, void *member, const char *value,
	struct error *err)
{
	uint64_t n;

	if (!str_to_u64(str_from(value), CLI_REPEAT_MAX, &n) || n == 0)
		return error_set(err, "--%s: \"%s\" is no number from 1 to %llu", o->name, value,
			(unsigned long long)CLI_REPEAT_MAX);
	*(uint64_t *)member = n;
	return true;
}

static bool set_duration(const struct cli_option_row *o, void *member, const char *value,
	struct error *err)
{
	int64_t ns;

	if (!duration_parse(str_from(value), &ns) || ns <= 0)
		return error_set(err, "--%s: \"%s\" is no duration such as 500ms, 10s or 1m30s",
			o->name, value);
	*(int64_t *)member = ns;
	return true;
}

typedef bool set_fn(const struct cli_option_row *o, void *member, const char *value,
	struct error *err);

/* By kind; those that take no value have none. */
static set_fn *const set_fns[] = {
	[CLI_TEXT] = set_text,
	[CLI_LIST] = set_list,
	[CLI_COUNT] = set_count,
	[CLI_DURATION] = set_duration,
	[CLI_INSTEAD] = NULL,
};

/* The options that ask for a command; --help and --version go before the others. */
static bool set_instead(struct parser *p, const struct cli_option_row *o, struct error *err)
{
	const struct cli_option_row *before = p->instead;

	if (before && before->command >= CLI_HELP)
		return true;
	if (before && before != o && o->command < CLI_HELP)
		return error_set(
			err, "--%s and --%s exclude each other", before->name, o->name);
	p->instead = o;
	return true;
}

/* Applies o; value is what was attached to it, NULL if nothing. */
static bool apply_option(
	struct parser *p, const struct cli_option_row *o, const char *value, struct error *err)
{
	uint64_t bit = UINT64_C(1) << (o - cli_option_rows);
	void *member = (char *)p->result + o->offset;
	bool again = p->given & bit;

	p->given |= bit;
	if (!o->arg && value)
		return error_set(err, "--%s takes no value", o->name);
	if (o->kind == CLI_INSTEAD)
		return set_instead(p, o, err);
	if (o->kind == CLI_FLAG) {
		*(bool *)member = true;
		return true;
	}
	if (!value)
		value = next_arg(p);
	if (!value || !*value)
		return error_set(err, "--%s needs a %s", o->name, o->arg);
	if (again && o->kind != CLI_LIST)
		return error_set(err, "--%s is given twice", o->name);
	return set_fns[o->kind](o, member, value, err);
}

/* --- arguments ------------------------------------------------------------------------------- */

static bool parse_long(struct parser *p, const char *arg, struct error *err)
{
	struct str name, value;
	bool attached = str_cut(str_from(arg + 2), '=', &name, &value);
	const struct cli_option_row *o = find_option(name);

	if (!o)
		return unknown_option(arg, err);
	return apply_option(p, o, attached ? value.p : NULL, err);
}

static bool parse_short(struct parser *p, const char *arg, struct error *err)
{
	const struct cli_option_row *o = find_letter(arg[1]);

	if (!o || (!o->arg && arg[2]))
		return unknown_option(arg, err);
	return apply_option(p, o, arg[2] ? arg + 2 : NULL, err);
}

static bool parse_operand(struct parser *p, const char *arg, struct error *err)
{
	struct cli_list *operands = &p->result->operands;

	if (!p->has_command) {
		p->has_command = true;
		return find_command(arg, &p->result->command) || unknown_command(arg, err);
	}
	if (operands->n >= cli_commands[p->result->command].operands_max)
		return error_set(err, "unexpected argument %s", arg);
	operands->v[operands->n++] = arg;
	return true;
}

static bool parse_all(struct parser *p, struct error *err)
{
	bool only_operands = false, ok = true;
	const char *arg;

	next_arg(p);
	while (ok && (arg = next_arg(p))) {
		if (only_operands || arg[0] != '-' || !arg[1])
			ok = parse_operand(p, arg, err);
		else if (strcmp(arg, "--") == 0)
			only_operands = true;
		else if (arg[1] == '-')
			ok = parse_long(p, arg, err);
		else
			ok = parse_short(p, arg, err);
	}
	return ok;
}

/* --- the whole ---------------------------------------------------------------------------------- */

/* An option of another command. */
static bool misplaced(const struct parser *p, const struct cli_option_row *o, struct error *err)
{
	bool first = true;

	error_set(err, "--%s is an option of", o->name);
	for (size_t i = 0; i < CLI_COMMANDS; i++) {
		if (!cli_commands[i].name || !(o->commands & CLI_BIT(i)))
			continue;
		error_append(err, "%s %s", first ? "" : ",", cli_commands[i].name);
		first = false;
	}
	return error_append(err, ", not of %s", cli_commands[p->result->command].name);
}

static bool check_options(const struct parser *p, struct error *err)
{
	for (size_t i = 0; i < cli_option_rows_n; i++) {
		const struct cli_option_row *o = &cli_option_rows[i];

		if ((p->given & UINT64_C(1) << i) && !(o->commands & CLI_BIT(p->result->command)))
			return misplaced(p, o, err);
	}
	return true;
}

/* What render is to render: files, or a section of the configuration. */
static bool check_render(const struct cli_options *o, struct error *err)
{
	if (o->output && o->templates.n)
		return error_set(err, "--output names its templates: leave --template out");
	if (o->output && o->operands.n > 1)
		return error_set(err, "--output names its templates: only a DEST may be given");
	if (!o->output && o->operands.n == 0)
		return error_set(err, "render needs a TEMPLATE, or --output NAME");
	if (o->from && o->endpoint)
		return error_set(err, "--from and --endpoint exclude each other");
	return true;
}

static bool check_operands(const struct cli_options *o, struct error *err)
{
	const struct cli_command_row *row = &cli_commands[o->command];

	if (o->operands.n < row->operands_min)
		return error_set(err, "%s needs a %s", row->name, row->operands);
	return o->command != CLI_RENDER || check_render(o, err);
}

/* help COMMAND */
static bool take_about(struct cli_options *o, struct error *err)
{
	o->about = CLI_HELP;
	return o->operands.n == 0 || find_command(o->operands.v[0], &o->about) ||
		unknown_command(o->operands.v[0], err);
}

static bool finish(struct parser *p, struct error *err)
{
	struct cli_options *o = p->result;
	enum cli_command about = p->has_command ? o->command : CLI_HELP;

	if (p->instead && p->instead->command >= CLI_HELP) {
		o->command = p->instead->command;
		o->about = about;
		return true;
	}
	if (!check_options(p, err))
		return false;
	if (o->command == CLI_HELP)
		return take_about(o, err);
	if (p->instead)
		o->command = p->instead->command;
	return check_operands(o, err);
}

bool cli_parse(
	int argc, const char *const *argv, struct cli_options *ret_options, struct error *err)
{
	struct cli_options result = {.command = CLI_RUN};
	struct parser p = {.argv = argv, .left = argc > 0 ? (size_t)argc : 0, .result = &result};

	if (!parse_all(&p, err) || !finish(&p, err))
		return false;
	result.config_given = result.config_path;
	if (!result.config_path)
		result.config_path = CONFIG_DEFAULT_PATH;
	if (result.timeout_ns == 0)
		result.timeout_ns = CLI_TIMEOUT_DEFAULT_NS;
	*ret_options = result;
	return true;
}
