/* SPDX-License-Identifier: MIT
 *
 * The id of the container that the program runs in, from what the kernel shows inside it: its
 * control group where that is visible (it is the truth), else the mounts of /etc/hostname, hosts
 * and resolv.conf (/proc/self/mountinfo), of several the one that the hostname confirms. A
 * container that shares another one's network has that one's files and hostname: if its control
 * group is hidden, the other's id is what is found, and the user must give the right one.
 */
#ifndef UD_MODEL_SELF_H
#define UD_MODEL_SELF_H

#include "base/base.h"
#include "base/str.h"

#include <stdbool.h>

#define SELF_ID_LEN 64

/* Finds an id in the texts of mountinfo, cgroup and cpuset (each may be empty); hostname is that of
 * the container, maybe set by its user. Pure. */
bool self_id_parse(struct str mountinfo, struct str cgroup, struct str cpuset, struct str hostname,
	char ret_id[SELF_ID_LEN + 1]) MUSTCHECK;
/* Of this process. False: it runs in no container that shows its id. */
bool self_id(char ret_id[SELF_ID_LEN + 1]) MUSTCHECK;

#endif
