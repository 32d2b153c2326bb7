/* SPDX-License-Identifier: MIT
 *
 * What templates see of the live engine: a snapshot, made as the daemon makes it.
 */
#ifndef UD_COMMANDS_LIVE_H
#define UD_COMMANDS_LIVE_H

#include <stdbool.h>

struct cli_options;
struct config;
struct snapshot;

/* stopped: containers that do not run, too. Returns an exit status; anything but CLI_EXIT_OK was
 * logged, and leaves *ret untouched. */
int live_snapshot(const struct cli_options *options, const struct config *config, bool stopped,
	struct snapshot **ret);
/* Follows the engine and records what it says to options->operands, until a signal. */
int live_record(const struct cli_options *options, const struct config *config);

#endif
