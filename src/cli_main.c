/* SPDX-License-Identifier: MIT
 *
 * A whole program run, see cli.h: options are parsed and the action that they ask for is done.
 * What a user asked to see goes to standard output, everything else to the log.
 */
#include "config.h"

#include "cli.h"

#include "base/log.h"
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>

#define OUTPUT_MAX ((size_t)16 << 20)

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
	};
}

/* Writes out to standard output and releases it. */
static int print_and_release(struct buf *out)
{
	bool ok = !out->full && fwrite(out->data, 1, out->len, stdout) == out->len;

	ok = fflush(stdout) == 0 && ok;
	buf_release(out);
	if (!ok)
		log_error("cannot write to standard output");
	return ok ? CLI_EXIT_OK : CLI_EXIT_FAILURE;
}

static int show_help(const struct cli_options *options UNUSED)
{
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	cli_help(&out);
	return print_and_release(&out);
}

static int show_version(const struct cli_options *options UNUSED)
{
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	buf_add_cstr(&out, PACKAGE_NAME " " PACKAGE_VERSION "\n");
	return print_and_release(&out);
}

/* Needs neither the engine nor the files that the configuration names. */
static int print_config(const struct cli_options *options)
{
	struct config_input in = cli_config_input(options);
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;
	struct buf out;

	if (!config_load(&in, &config, &errors)) {
		settings_log_errors(&errors);
		return CLI_EXIT_CONFIG;
	}
	buf_init(&out, OUTPUT_MAX);
	config_print(config, &out);
	config_free(config);
	return print_and_release(&out);
}

static int check_config(const struct cli_options *options)
{
	struct config *config = settings_load(options);
	struct config_errors errors = CONFIG_ERRORS_INIT;
	bool ok;

	if (!config)
		return CLI_EXIT_CONFIG;
	ok = settings_check_templates(config, &errors);
	if (ok)
		log_info("%s: good, %zu %s", config->path, config->outputs.n,
			config->outputs.n == 1 ? "output" : "outputs");
	settings_log_errors(&errors);
	config_free(config);
	return ok ? CLI_EXIT_OK : CLI_EXIT_CONFIG;
}

/* What the command line says about the log holds before the file is read, too. */
static void use_log(const struct cli_options *options)
{
	struct config globals = {.log_level = LOG_INFO, .log_format = LOG_TEXT};

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
	int (*const actions[])(const struct cli_options *) = {
		[CLI_RUN] = run,
		[CLI_CHECK_CONFIG] = check_config,
		[CLI_PRINT_CONFIG] = print_config,
		[CLI_HELP] = show_help,
		[CLI_VERSION] = show_version,
	};
	struct cli_options options;
	struct error err = ERROR_INIT;

	if (!cli_parse(argc, argv, &options, &err)) {
		log_error("%s (--help lists what there is)", error_text(&err));
		error_clear(&err);
		return CLI_EXIT_USAGE;
	}
	use_log(&options);
	return actions[options.action](&options);
}
