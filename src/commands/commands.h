/* SPDX-License-Identifier: MIT
 *
 * What each command does, one file each. A command gets checked options, says what is wrong in the
 * log and returns an exit status of enum cli_exit; what the user asked to see goes to standard
 * output.
 */
#ifndef UD_COMMANDS_H
#define UD_COMMANDS_H

struct cli_options;

int command_check(const struct cli_options *options);
int command_config(const struct cli_options *options);
int command_record(const struct cli_options *options);
int command_render(const struct cli_options *options);
int command_snapshot(const struct cli_options *options);

#endif
