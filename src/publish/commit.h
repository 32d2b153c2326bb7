/* SPDX-License-Identifier: MIT
 *
 * Putting a candidate in place, and taking it back. Everything here may block: it runs on the
 * worker. The ways to do it are rows of a table; the row "rename" makes dest, at any moment and
 * whatever happens, the old file or the new one, whole.
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

/* Puts the candidate in dest's place. On failure dest is as it was and the candidate is gone. */
bool commit_candidate(struct candidate *c, bool keep_old, struct error *err) MUSTCHECK;
/* The new file is good: removes the old one. */
void commit_accept(const struct candidate *c);
/* The new file is not good: puts the old one back, or removes dest if there was none. */
bool commit_restore(const struct candidate *c, struct error *err) MUSTCHECK;
/* At start: puts back an old file that was still kept; *ret_restored says whether there was one. */
bool commit_recover(const char *dest, bool *ret_restored, struct error *err) MUSTCHECK;

#endif
