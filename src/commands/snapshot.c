/* SPDX-License-Identifier: MIT
 *
 * upstreamd snapshot: what the engine tells, into a file.
 */
#include "config.h"

#include "base/buf.h"
#include "cli.h"
#include "commands/commands.h"
#include "commands/print.h"
#include "commands/redact.h"
#include "commands/say.h"
#include "commands/survey.h"
#include "config/config.h"
#include "model/snapshot_file.h"
#include "settings.h"

/* It holds what containers keep in their variables. */
#define SNAPSHOT_MODE 0600

/* Masks secrets in text, if that is asked for. */
static bool redact(const struct cli_options *options, struct buf *text, struct error *err)
{
	struct buf masked;

	if (!options->redact)
		return true;
	buf_init(&masked, text->max);
	redact_json(buf_str(text), &masked);
	buf_release(text);
	*text = masked;
	return !text->full || error_set(err, "the snapshot is larger than %zu bytes", text->max);
}

static int write_out(const struct cli_options *options, struct buf *text)
{
	struct error err = ERROR_INIT;

	if (redact(options, text, &err) &&
		print_file(options->operands.v[0], SNAPSHOT_MODE, buf_str(text), &err))
		return CLI_EXIT_OK;
	return say_error(&err, CLI_EXIT_FAILURE);
}

int command_snapshot(const struct cli_options *options)
{
	struct config *config = settings_load_engine(options);
	struct buf text;
	int status;

	if (!config)
		return CLI_EXIT_CONFIG;
	buf_init(&text, SNAPSHOT_FILE_MAX);
	status = survey_take(options, config, &text);
	if (status == CLI_EXIT_OK)
		status = write_out(options, &text);
	buf_release(&text);
	config_free(config);
	return status;
}
