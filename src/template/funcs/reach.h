/* SPDX-License-Identifier: MIT
 *
 * Opening the files that a template names, within the directories that the render allows. With none
 * named, whatever the process may open. Otherwise a path is first resolved (symbolic links, "..",
 * the working directory), and what it then is must lie in one of the directories, themselves
 * resolved. It is opened from that directory, name by name, following no link: a link that is put
 * in the way in between is an error, never a way out.
 *
 * What remains: hard links and mounts in a directory count as lying in it, as does what is moved
 * out of it while it is opened; and whoever may exchange the parents of an allowed directory
 * decides what it is.
 */
#ifndef UD_TEMPLATE_FUNCS_REACH_H
#define UD_TEMPLATE_FUNCS_REACH_H

#include "base/base.h"
#include "template/funcs.h"

#include <stdbool.h>

/* Longest path. */
#define REACH_PATH_MAX 4096

/* Opens path, as open(2) with these flags (never to write), close-on-exec. *ret_fd: the descriptor,
 * or -1 with *ret_errno. False, with an error of the call that names the path and the key, if the
 * path leads out of the directories. */
bool reach_open(struct call *c, const char *path, int flags, int *ret_fd, int *ret_errno) MUSTCHECK;

#endif
