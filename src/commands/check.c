/* SPDX-License-Identifier: MIT
 *
 * upstreamd check and upstreamd config: what is wrong with a configuration, and what it means.
 */
#include "config.h"

#include "base/log.h"
#include "cli.h"
#include "commands/commands.h"
#include "commands/print.h"
#include "commands/say.h"
#include "config/config.h"
#include "publish/templates.h"
#include "settings.h"

#define CONFIG_TEXT_MAX ((size_t)16 << 20)

/* Whether a template can be parsed; says why not. A running daemon lives with one that cannot: the
 * file that is there stays. */
static bool check_template(const struct config *config, const struct config_output *output,
	char *const *path)
{
	struct templates *t = templates_new(NULL, path, 1, NULL, NULL);
	struct error err = ERROR_INIT;
	bool ok = templates_prepare(t, &err);

	if (!ok) {
		error_prepend(&err, "%s:%u: [output %s] template: ", config->path, output->line,
			output->name);
		say_template_error(t, &err);
	}
	error_clear(&err);
	templates_free(t);
	return ok;
}

static bool check_templates(const struct config *config, const struct config_output *output)
{
	bool ok = true;

	for (size_t i = 0; i < output->templates.n; i++)
		ok &= check_template(config, output, &output->templates.v[i]);
	return ok;
}

int command_check(const struct cli_options *options)
{
	struct config *config = settings_load(options);
	bool ok = true;

	if (!config)
		return CLI_EXIT_CONFIG;
	for (size_t i = 0; i < config->outputs.n; i++)
		ok &= check_templates(config, &config->outputs.v[i]);
	if (ok)
		log_info("%s: good, %zu %s", config->path, config->outputs.n,
			config->outputs.n == 1 ? "output" : "outputs");
	config_free(config);
	return ok ? CLI_EXIT_OK : CLI_EXIT_CONFIG;
}

/* Needs neither the engine nor the files that the configuration names. */
int command_config(const struct cli_options *options)
{
	struct config_input in = cli_config_input(options);
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct error err = ERROR_INIT;
	struct config *config;
	struct buf out;
	bool ok;

	if (!config_load(&in, &config, &errors)) {
		settings_log_errors(&errors);
		return CLI_EXIT_CONFIG;
	}
	buf_init(&out, CONFIG_TEXT_MAX);
	config_print(config, &out);
	config_free(config);
	ok = print_bytes(buf_str(&out), &err);
	buf_release(&out);
	return ok ? CLI_EXIT_OK : say_error(&err, CLI_EXIT_FAILURE);
}
