/* SPDX-License-Identifier: MIT
 *
 * What commands say of what went wrong with templates: the error, and the lines that it names.
 */
#ifndef UD_COMMANDS_SAY_H
#define UD_COMMANDS_SAY_H

#include "base/error.h"

struct templates;

/* Logs err, which is of templates, and prints to standard error the lines that it names. */
void say_template_error(const struct templates *t, const struct error *err);
/* Logs err and clears it; returns status. */
int say_error(struct error *err, int status);

#endif
