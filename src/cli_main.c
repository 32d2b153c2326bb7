/* SPDX-License-Identifier: MIT
 *
 * A whole program run, see cli.h: options are parsed and the command that they ask for is done.
 * What a user asked to see goes to standard output, everything else to the log.
 */
#include "config.h"

#include "cli.h"

#include "base/log.h"
#include "commands/commands.h"
#include "commands/print.h"
#include "commands/say.h"

#include <stdlib.h>

#define HELP_MAX ((size_t)1 << 20)

struct config_input cli_config_input(const struct cli_options *options)
{
	return (struct config_input){
		.path = options->config_path,
		.docker_host = getenv("DOCKER_HOST"),
		.docker_tls_verify = getenv("DOCKER_TLS_VERIFY"),
		.docker_cert_path = getenv("DOCKER_CERT_PATH"),
		.home = getenv("HOME"),
		.log_level = options->log_level,
		.log_format = options->log_format,
		.endpoint = options->endpoint,
	};
}

static int show_help(const struct cli_options *options)
{
	struct error err = ERROR_INIT;
	struct buf out;
	bool ok;

	buf_init(&out, HELP_MAX);
	cli_help(options->about, &out);
	ok = print_bytes(buf_str(&out), &err);
	buf_release(&out);
	return ok ? CLI_EXIT_OK : say_error(&err, CLI_EXIT_FAILURE);
}

static int show_version(const struct cli_options *options UNUSED)
{
	struct error err = ERROR_INIT;

	if (!print_bytes(STR(PACKAGE_NAME " " PACKAGE_VERSION "\n"), &err))
		return say_error(&err, CLI_EXIT_FAILURE);
	return CLI_EXIT_OK;
}

/* How much of its log a command shows if nothing is said about it. The daemon's log is that of the
 * configuration, and until that is read: */
static enum log_level default_level(enum cli_command command)
{
	return command == CLI_RUN || command == CLI_CHECK || command == CLI_RECORD ? LOG_INFO
										   : LOG_WARN;
}

/* What the command line says about the log holds before the file is read, too. */
static void use_log(const struct cli_options *options)
{
	struct config globals = {.log_level = default_level(options->command),
		.log_format = options->command == CLI_RUN || options->command == CLI_RECORD
			? LOG_TEXT
			: LOG_PLAIN};

	if (options->log_level &&
		!config_set_global(&globals, "log_level", options->log_level, NULL))
		return;
	if (options->log_format &&
		!config_set_global(&globals, "log_format", options->log_format, NULL))
		return;
	log_set_level(globals.log_level);
	log_set_format(globals.log_format);
}

int cli_main(int argc, const char *const *argv, int (*run)(const struct cli_options *options))
{
	int (*const commands[CLI_COMMANDS])(const struct cli_options *) = {
		[CLI_RUN] = run,
		[CLI_CHECK] = command_check,
		[CLI_CONFIG] = command_config,
		[CLI_RENDER] = command_render,
		[CLI_SNAPSHOT] = command_snapshot,
		[CLI_RECORD] = command_record,
		[CLI_HELP] = show_help,
		[CLI_VERSION] = show_version,
	};
	struct cli_options options;
	struct error err = ERROR_INIT;

	if (!cli_parse(argc, argv, &options, &err)) {
		log_set_format(LOG_PLAIN);
		error_append(&err, " (--help lists what there is)");
		return say_error(&err, CLI_EXIT_USAGE);
	}
	use_log(&options);
	return commands[options.command](&options);
}
