/* SPDX-License-Identifier: MIT
 *
 * Commands of the ini file. A value that starts with "sh:" is given to /bin/sh -c as it stands.
 * Any other one is run without a shell: it is split into words at white space, with a shell's
 * quotes and backslashes; what only a shell could do ($, globs, pipes, VAR=x) is an error and
 * never passed on as text.
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
