/* SPDX-License-Identifier: MIT
 *
 * The id of the container that the program runs in, from what the kernel shows inside it. Hints, in
 * the order of their worth: the mounts of /etc/hostname, hosts and resolv.conf (/proc/self/mountinfo),
 * the control group (/proc/self/cgroup), with the hostname to choose between several. A container
 * that shares another one's network sees that one's files: its own id then cannot be known.
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
