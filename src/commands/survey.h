/* SPDX-License-Identifier: MIT
 *
 * All that an engine tells, once, in the words of the engine: the file that snapshot writes and
 * model/snapshot_file.h reads. The bytes of each answer go into it as they are.
 */
#ifndef UD_COMMANDS_SURVEY_H
#define UD_COMMANDS_SURVEY_H

#include "base/buf.h"

struct cli_options;
struct config;

/* Appends one JSON object to out. Containers are in the order in which templates see them. Returns an
 * exit status; anything but CLI_EXIT_OK was logged. What an engine (or a proxy before it) refuses to
 * tell beside its containers is left empty, with a warning. */
int survey_take(const struct cli_options *options, const struct config *config, struct buf *out);

#endif
