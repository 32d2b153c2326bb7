/* SPDX-License-Identifier: MIT
 *
 * A configuration that can be used: read, whole, and checked by the rooms that its values are for.
 * The daemon's start and reload and check load theirs here, so that they agree.
 */
#ifndef UD_SETTINGS_H
#define UD_SETTINGS_H

#include "base/base.h"

#include <stdbool.h>

struct cli_options;
struct config;
struct config_engine;
struct config_errors;
struct engine_options;
struct inventory_options;
struct self;

/* The configuration that the options and the environment ask for, to be freed by config_free; NULL
 * if anything is wrong with it: then all errors are logged, one line each. */
struct config *settings_load(const struct cli_options *options);
/* For a command that needs an engine only: as settings_load, but outputs are not judged; without a
 * file where none is asked for: --endpoint, or no -c and no file at the default's place. */
struct config *settings_load_engine(const struct cli_options *options);
/* The one engine that --engine names, or the main one. config is of settings_load_engine. */
const struct config_engine *settings_engine_of(
	const struct cli_options *options, const struct config *config);
/* Whether endpoints and filters can be used, templates read and dests written to; adds to errors
 * what is not so. */
bool settings_check(const struct config *config, struct config_errors *errors) MUSTCHECK;
/* What an [engine NAME] section says, as the engine's room wants it; borrows from engine. */
struct engine_options settings_engine(const struct config_engine *engine);
/* What config says of an inventory of that engine; borrows from both. self, env and callbacks are left
 * to the caller. */
struct inventory_options settings_inventory(
	const struct config *config, const struct config_engine *engine);
/* Which container of that engine we are; to be released. */
void settings_self(
	const struct config *config, const struct config_engine *engine, struct self *ret);
/* Logs errors and frees them. */
void settings_log_errors(struct config_errors *errors);

#endif
