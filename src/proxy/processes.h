/* SPDX-License-Identifier: MIT
 *
 * The processes of a proxy on this machine, from /proc, and signals to them.
 */
#ifndef UD_PROXY_PROCESSES_H
#define UD_PROXY_PROCESSES_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "engine/control.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of a command line that are read. */
#define PROCESSES_COMMAND_MAX 1024

/* All processes whose program is called name, as far as this process may see them. What they are
 * called is their command line with blanks between the words. In arena. */
bool processes_list(struct arena *a, const char *name, const struct control_process **ret,
	size_t *ret_n, struct error *err) MUSTCHECK;
/* The process that path, a pid file, names; it must be one of a program called name, in our own
 * pid namespace: the number in a file of another one says 1, which may be ourselves. */
bool processes_from_pid_file(
	const char *path, const char *name, int64_t *ret_pid, struct error *err) MUSTCHECK;
/* Sends a signal to pid if it still is a process of a program called name. */
bool processes_signal(
	int64_t pid, const char *name, int signal_number, struct error *err) MUSTCHECK;

#endif
