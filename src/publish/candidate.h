/* SPDX-License-Identifier: MIT
 *
 * The file beside dest that is to take its place: whole, synced, with dest's mode and owner, under
 * a name that no include of *.conf takes in. Everything here may block: it runs on the worker.
 *
 *	struct candidate c;
 *	bool equal;
 *	if (!candidate_prepare(path, &options, bytes, &c, &equal, err)) …
 *	if (!equal)
 *		commit_candidate(&c, …)      see commit.h; or candidate_discard(&c)
 *	candidate_release(&c);
 *
 * Errors name the path and the cause; dest is as it was.
 */
#ifndef UD_CANDIDATE_H
#define UD_CANDIDATE_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <sys/stat.h>

/* Of a file that did not exist before. */
#define CANDIDATE_NEW_MODE 0644
/* Symbolic links that are followed from dest. */
#define CANDIDATE_LINKS_MAX 40

/* How dest gets its new bytes. */
enum candidate_write {
	CANDIDATE_AUTO, /* by rename, in place where that cannot be done */
	CANDIDATE_RENAME,
	CANDIDATE_INPLACE
};

struct candidate_options {
	bool mode_set;
	mode_t mode; /* when mode_set; otherwise dest's, or CANDIDATE_NEW_MODE */
	enum candidate_write write;
	const char *state_dir; /* for what is needed to write in place; NULL: beside dest */
	bool backup;	       /* keep the file before as DEST.bak */
};

struct candidate {
	char *dest;  /* where it goes: the path with symbolic links followed */
	char *path;  /* the candidate, NULL if there is none */
	char *state; /* where files for writing in place are, as dest is for a rename */
	char *old;   /* where the old file, or the journal, is until it is known to be unneeded */
	char *note;  /* what a person should know though all went well; NULL = nothing */
	bool dest_exists;
	bool in_place;	      /* dest is, or was, written in place */
	bool may_be_in_place; /* if it cannot be renamed */
	bool backup;
};

/* Compares dest with bytes, and writes the candidate unless they are equal. */
bool candidate_prepare(const char *path, const struct candidate_options *options, struct str bytes,
	struct candidate *ret, bool *ret_equal, struct error *err) MUSTCHECK;
/* Removes the candidate's file, if it is still there. */
void candidate_discard(struct candidate *c);
/* Frees the memory; files stay. */
void candidate_release(struct candidate *c);

/* Follows symbolic links; the last part need not exist. Owned by the caller. */
bool candidate_resolve(const char *path, char **ret_dest, struct error *err) MUSTCHECK;
/* What stands for dest in state_dir, or dest itself if that is NULL. Owned by the caller. */
char *candidate_state_path(const char *dest, const char *state_dir);
/* The name for the old file of dest. Owned by the caller. */
char *candidate_old_path(const char *dest);
/* The name for the journal of a file whose candidate_state_path is state. Owned by the caller. */
char *candidate_journal_path(const char *state);
/* Removes candidates of dest that an earlier process left; their number. */
size_t candidate_sweep(const char *dest);
/* Writes bytes to a new file beside dest, synced, with mode and owner of like (NULL: a new file's).
 * *ret_owner_lost: it could not be given that owner, and anybody may read it. */
bool candidate_write(const char *dest, struct str bytes, const struct stat *like, mode_t mode,
	char **ret_path, bool *ret_owner_lost, struct error *err) MUSTCHECK;

#endif
