/* SPDX-License-Identifier: MIT
 *
 * Every command and every option, one row each: parsing, --help and suggestions come from here.
 *
 * To add a command: a value of enum cli_command, a row here, a function in commands/ and its place
 * in cli_main.c. To add an option: a row here and a member of struct cli_options. Both are
 * described in man/upstreamd.8; a test compares that with --help.
 */
#include "config.h"

#include "cli_table.h"

#include <stddef.h>

const struct cli_command_row cli_commands[CLI_COMMANDS] = {
	[CLI_RUN] = {.name = "run",
		.summary = "keep the outputs true to the containers (the default)",
		.about = "SIGHUP reads the configuration again, SIGTERM and SIGINT end it.\n"},
	[CLI_CHECK] = {.name = "check",
		.summary = "name everything that is wrong with the configuration",
		.about = "Changes nothing and asks no engine: sections, keys and values, files, and\n"
			 "templates, each error with its line.\n"},
	[CLI_CONFIG] = {.name = "config",
		.summary = "print the configuration with all defaults",
		.about = "What it prints is a configuration file that means the same.\n"},
	[CLI_RENDER] = {.name = "render",
		.operands = "TEMPLATE [DEST]",
		.operands_max = 2,
		.summary = "print what a template makes of the containers",
		.about = "Shows the result, or writes it to DEST, swapped in whole. TEMPLATE is a file,\n"
			 "\"-\" (standard input), or several joined by \";\", of which the first is the\n"
			 "main one. With --output no TEMPLATE is given.\n"},
	[CLI_SNAPSHOT] = {.name = "snapshot",
		.operands = "[FILE]",
		.operands_max = 1,
		.summary = "write what the engine tells, for render --from",
		.about = "One JSON object: containers, networks, info and version in the engine's own\n"
			 "words, env and current_id of this process. It holds the variables of the\n"
			 "containers: only its owner may read FILE. --redact masks the values of\n"
			 "variables, labels and options whose names look secret (PASSWORD, TOKEN,\n"
			 "SECRET, KEY, AUTH and such), passwords in URLs, hashes of passwords, and\n"
			 "private keys. It guesses: look through FILE before you pass it on.\n"},
	[CLI_RECORD] = {.name = "record",
		.operands = "FILE",
		.operands_min = 1,
		.operands_max = 1,
		.summary = "write all that the engine says to FILE, until SIGINT",
		.about = "Follows the engine as run does, without any output. --endpoint replay:FILE\n"
			 "plays it again. It holds the variables of the containers.\n"},
	[CLI_HELP] = {.name = "help",
		.operands = "[COMMAND]",
		.operands_max = 1,
		.summary = "say what a command does and takes"},
};

#define ALL     (CLI_BIT(CLI_COMMANDS) - 1)
#define RUN     CLI_BIT(CLI_RUN)
#define CHECK   CLI_BIT(CLI_CHECK)
#define CONFIG  CLI_BIT(CLI_CONFIG)
#define RENDER  CLI_BIT(CLI_RENDER)
#define ENGINE  (CLI_BIT(CLI_RENDER) | CLI_BIT(CLI_SNAPSHOT) | CLI_BIT(CLI_RECORD))

#define MEMBER(member) .offset = offsetof(struct cli_options, member)
#define TEXT(member, name)     .kind = CLI_TEXT, .arg = (name), MEMBER(member)
#define LIST(member, name)     .kind = CLI_LIST, .arg = (name), MEMBER(member)
#define COUNT(member, name)    .kind = CLI_COUNT, .arg = (name), MEMBER(member)
#define DURATION(member, name) .kind = CLI_DURATION, .arg = (name), MEMBER(member)
#define FLAG(member)           .kind = CLI_FLAG, MEMBER(member)
#define INSTEAD(command_)      .kind = CLI_INSTEAD, .command = (command_)

const struct cli_option_row cli_option_rows[] = {
	{"template", 0, LIST(templates, "FILE"), .commands = RENDER,
		.help = "a further template, may be repeated"},
	{"output", 0, TEXT(output, "NAME"), .commands = RENDER,
		.help = "templates, filters and settings of [output NAME]"},
	{"from", 'f', TEXT(from, "FILE"), .commands = RENDER,
		.help = "ask no engine, read what snapshot wrote"},
	{"container-filter", 0, LIST(filters, "K=V"), .commands = RENDER,
		.help = "only containers that match, may be repeated"},
	{"only-exposed", 0, FLAG(only_exposed), .commands = RENDER,
		.help = "leave out containers that expose no port"},
	{"only-published", 0, FLAG(only_published), .commands = RENDER,
		.help = "leave out containers that publish no port"},
	{"include-stopped", 0, FLAG(include_stopped),
		.commands = RENDER | CLI_BIT(CLI_RECORD),
		.help = "with containers that do not run"},
	{"keep-blank-lines", 0, FLAG(keep_blank_lines), .commands = RENDER,
		.help = "keep empty lines of the result"},
	{"repeat", 0, COUNT(repeat, "N"), .commands = RENDER,
		.help = "render N times, say how long one takes"},
	{"redact", 0, FLAG(redact), .commands = CLI_BIT(CLI_SNAPSHOT),
		.help = "mask what looks secret"},
	{"endpoint", 'e', TEXT(endpoint, "URL"), .commands = ENGINE,
		.help = "the engine; else as configured, or DOCKER_HOST"},
	{"engine", 0, TEXT(engine, "NAME"),
		.commands = CLI_BIT(CLI_SNAPSHOT) | CLI_BIT(CLI_RECORD),
		.help = "of several engines, another than the first"},
	{"timeout", 0, DURATION(timeout_ns, "TIME"),
		.commands = CLI_BIT(CLI_RENDER) | CLI_BIT(CLI_SNAPSHOT),
		.help = "wait no longer for the engine [30s]"},
	{"record", 0, TEXT(record_path, "FILE"), .commands = RUN,
		.help = "write all that the engine says to FILE, too"},
	{"config", 'c', TEXT(config_path, "FILE"), .commands = RUN | CHECK | CONFIG | ENGINE | CLI_BIT(CLI_HELP),
		.help = "configuration file [" CONFIG_DEFAULT_PATH "]"},
	{"log-level", 'l', TEXT(log_level, "LEVEL"), .commands = ALL, .key = "log_level",
		.help = "error, warn, info or debug"},
	{"log-format", 0, TEXT(log_format, "FORMAT"), .commands = ALL, .key = "log_format",
		.help = "text or json"},
	{"check-config", 't', INSTEAD(CLI_CHECK), .commands = RUN,
		.help = "the same as the command check"},
	{"print-config", 0, INSTEAD(CLI_CONFIG), .commands = RUN,
		.help = "the same as the command config"},
	{"help", 'h', INSTEAD(CLI_HELP), .commands = ALL, .help = "say this, then exit"},
	{"version", 'V', INSTEAD(CLI_VERSION), .commands = RUN | CLI_BIT(CLI_HELP),
		.help = "print the version, then exit"},
};
const size_t cli_option_rows_n = ARRAY_LEN(cli_option_rows);
