/* SPDX-License-Identifier: MIT
 *
 * Which container the program runs in. Its id comes from what the kernel shows inside it: the
 * mounts of /etc/hostname, hosts and resolv.conf (/proc/self/mountinfo) if the hostname confirms
 * it, else the control group, else the mounts alone; where none of them shows one, a hostname that
 * is the beginning of an id.
 *
 * A container that shares another one's network has that one's files and hostname, so that the
 * other's id is what is found. docker-gen, and so most templates, live with the other, whose
 * networks are the right ones. self_choose can tell them apart: by the control group where it is
 * visible, by the directory that the root of the filesystem writes to, else by what is mounted.
 */
#ifndef UD_MODEL_SELF_H
#define UD_MODEL_SELF_H

#include "base/base.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define SELF_ID_LEN 64

struct container;

/* What is known of us. Texts may be empty. */
struct self {
	struct str given; /* what the user says: an id, its beginning, or a name; then nothing else
			   * counts */
	char id[SELF_ID_LEN + 1];  /* found; empty if none */
	char own[SELF_ID_LEN + 1]; /* the control group's, which is the truth; empty if hidden */
	struct str hostname, mountinfo;
	bool apart;  /* not the container whose network is shared */
	char *texts; /* owned: where the texts lie; NULL: elsewhere */
};

/* Finds an id in the texts of mountinfo, cgroup and cpuset (each may be empty); hostname is that of
 * the container, maybe set by its user. ret_own: that of the control group, or empty. Pure. */
bool self_id_parse(struct str mountinfo, struct str cgroup, struct str cpuset, struct str hostname,
	char ret_id[SELF_ID_LEN + 1], char ret_own[SELF_ID_LEN + 1]) MUSTCHECK;
/* The id alone; false: this process runs in no container that shows one. */
bool self_id(char ret_id[SELF_ID_LEN + 1]) MUSTCHECK;
/* What this process can see of itself. Owned by *ret, which self_release frees; given is borrowed.
 */
void self_look(struct self *ret);
void self_release(struct self *self);
/* A copy, for self_release too, which owns given as well. */
void self_copy(struct self *to, const struct self *from);
/* Which of the containers we are; NULL if none, or none for sure. Pure. */
const struct container *self_choose(const struct self *self, struct container *const *v, size_t n);

#endif
