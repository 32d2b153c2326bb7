/* SPDX-License-Identifier: MIT
 *
 * Inside of base/: how child.c starts what a spec says. The child is the leader of a process group
 * of its own.
 */
#ifndef UD_CHILD_START_H
#define UD_CHILD_START_H

#include "base/base.h"
#include "base/child.h"

#include <sys/types.h>

/* Starts argv with its output going to the descriptor; 0 or an errno value. */
int child_spawn(const struct child_spec *spec, int output, pid_t *ret_pid);
/* Runs spec->run in a copy of the process; 0 or an errno value. */
int child_fork(const struct child_spec *spec, int output, pid_t *ret_pid);
/* Why it could not be started, in words that help. Owned by the caller. */
char *child_start_reason(const struct child_spec *spec, int code);

#endif
