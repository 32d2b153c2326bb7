/* SPDX-License-Identifier: MIT
 *
 * Putting a candidate in place, and taking it back. Everything here may block: it runs on the
 * worker. By a rename dest is, at any moment and whatever happens, the old file or the new one,
 * whole; in place, see inplace.h, a crash is healed by commit_recover.
 *
 * With keep_old the old file stays under candidate.old until commit_accept or commit_restore; one
 * that is found there by commit_recover was left by a process that died before it knew whether the
 * new file is good.
 */
#ifndef UD_COMMIT_H
#define UD_COMMIT_H

#include "base/base.h"
#include "base/error.h"
#include "publish/candidate.h"

/* What the backup's name has behind dest's: nothing that an include of *.conf or *.cfg takes in. */
#define COMMIT_BACKUP ".bak"

/* Puts the candidate in dest's place. On failure dest is as it was and the candidate is gone. */
bool commit_candidate(struct candidate *c, bool keep_old, struct error *err) MUSTCHECK;
/* The new file is good: removes the old one. */
void commit_accept(const struct candidate *c);
/* The new file is not good: puts the old one back, or removes dest if there was none. */
bool commit_restore(const struct candidate *c, struct error *err) MUSTCHECK;
/* At start: puts back an old file that was still kept, or heals one that was half written in place;
 * *ret_restored says whether there was one. */
bool commit_recover(
	const char *dest, const char *state_dir, bool *ret_restored, struct error *err) MUSTCHECK;

#endif
