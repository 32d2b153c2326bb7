/* SPDX-License-Identifier: MIT
 *
 * Commands of the ini file: words run as they are, or a line for a shell where only a shell
 * understands it (base/argv.h says what that is).
 */
#ifndef UD_CONFIG_COMMAND_H
#define UD_CONFIG_COMMAND_H

#include "base/error.h"
#include "base/str.h"
#include "config/config.h"

/* Fills the empty *ret_command; to be freed by command_release. */
bool command_parse(
	struct str text, struct config_command *ret_command, struct error *err) MUSTCHECK;
void command_release(struct config_command *command);

#endif
