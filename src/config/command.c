/* SPDX-License-Identifier: MIT
 *
 * Commands of the ini file, see command.h.
 */
#include "config.h"

#include "config/command.h"

#include "base/alloc.h"
#include "base/argv.h"

#include <stdlib.h>

bool command_parse(struct str text, struct config_command *ret_command, struct error *err)
{
	struct config_command command = {.text = xmemdup0(text.p, text.len)};

	command.shell = argv_needs_shell(command.text);
	if (command.shell) {
		command.argv = argv_shell(command.text);
	} else if (!argv_split(command.text, &command.argv, err)) {
		free(command.text);
		return false;
	} else if (command.argv[0][0] == '\0') {
		command_release(&command);
		return error_set(err, "the name of the program is empty");
	}
	*ret_command = command;
	return true;
}

void command_release(struct config_command *command)
{
	argv_free(command->argv);
	free(command->text);
	*command = (struct config_command){.text = NULL};
}
