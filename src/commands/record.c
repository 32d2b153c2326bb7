/* SPDX-License-Identifier: MIT
 *
 * upstreamd record: follows an engine and keeps all that it says.
 */
#include "config.h"

#include "cli.h"
#include "commands/commands.h"
#include "commands/live.h"
#include "config/config.h"
#include "settings.h"

int command_record(const struct cli_options *options)
{
	struct config *config = settings_load_engine(options);
	int status;

	if (!config)
		return CLI_EXIT_CONFIG;
	status = live_record(options, config);
	config_free(config);
	return status;
}
