/* SPDX-License-Identifier: MIT
 *
 * Writing a file where it is, for places that no rename can reach: a file that is itself a mount
 * point, or a directory that is not ours to write. Its readers may see it half written, and a crash
 * may leave it so; a journal beside it or in the state directory, synced before the first byte,
 * heals that at the next start: it holds the old bytes, and what the new ones are. Everything here
 * may block: it runs on the worker. Calling sequence:
 *
 *	inplace_commit(dest, journal, bytes, keep, &err)     dest is new; with keep:
 *	inplace_accept(journal)                               it is good
 *	inplace_restore(dest, journal, &err)                  or it is not
 *	inplace_recover(dest, journal, &restored, &err)       at start
 */
#ifndef UD_INPLACE_H
#define UD_INPLACE_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>

/* Bytes of a journal: of an old file with a little more. */
#define INPLACE_JOURNAL_MAX ((size_t)1 << 30)

/* Writes bytes into dest, which exists. On failure dest has its old bytes again, as far as that can
 * be done; err says so if not. Without keep the journal is gone afterwards. */
bool inplace_commit(const char *dest, const char *journal, struct str bytes, bool keep,
	struct error *err) MUSTCHECK;
void inplace_accept(const char *journal);
/* Writes the old bytes back. */
bool inplace_restore(const char *dest, const char *journal, struct error *err) MUSTCHECK;
/* If there is a journal: writes the old bytes back unless dest has them, or has the new ones whole
 * and they were not to be kept. *ret_restored says whether that was done. */
bool inplace_recover(
	const char *dest, const char *journal, bool *ret_restored, struct error *err) MUSTCHECK;

#endif
