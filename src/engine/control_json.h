/* SPDX-License-Identifier: MIT
 *
 * What is said to the engine about execs, and its answers about them and about processes. Pure.
 */
#ifndef UD_ENGINE_CONTROL_JSON_H
#define UD_ENGINE_CONTROL_JSON_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "engine/control.h"

#include <stdbool.h>

/* Longest id of an exec. */
#define CONTROL_ID_MAX 128

/* The body that creates an exec of argv (NULL at the end) with both outputs attached. */
void control_write_exec(struct buf *b, const char *const *argv);
/* The answer to an exec's creation: its id, a part of arena or body. */
bool control_read_id(
	struct arena *a, struct str body, struct str *ret, struct error *err) MUSTCHECK;
/* The state of an exec; the exit code counts when it does not run. */
bool control_read_exec(struct arena *a, struct str body, bool *ret_running, int *ret_exit_code,
	struct error *err) MUSTCHECK;
/* The table of processes; its columns may come as one, as podman does where it runs the
 * container's own ps. */
bool control_read_top(struct arena *a, struct str body, const struct control_process **ret,
	size_t *ret_n, struct error *err) MUSTCHECK;

#endif
