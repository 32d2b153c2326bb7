/* SPDX-License-Identifier: MIT
 *
 * Putting candidates in place, see commit.h.
 */
#include "config.h"

#include "publish/commit.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "publish/inplace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OLD_FILE_MAX ((size_t)1 << 30)

/* Makes renames in dest's directory last. File systems that cannot sync a directory say EINVAL. */
static bool sync_directory(const char *dest, struct error *err)
{
	char *dir = file_dirname(dest);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code = 0;

	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
		code = errno;
	if (fd >= 0)
		close(fd);
	if (code)
		error_errno(err, code, "cannot sync the directory %s", dir);
	free(dir);
	return code == 0;
}

/* *ret_code is the cause of a failure. */
static bool commit_by_rename(struct candidate *c, int *ret_code, struct error *err)
{
	*ret_code = rename(c->path, c->dest) == 0 ? 0 : errno;
	if (!*ret_code)
		return true;
	error_errno(err, *ret_code, "cannot write %s: cannot rename %s to it", c->dest, c->path);
	if (*ret_code == EBUSY)
		error_append(err, " (it is a mount point: mount its directory instead of the file, "
				  "or allow \"write = inplace\")");
	return false;
}

static void note_in_place(struct candidate *c)
{
	free(c->note);
	c->note =
		xasprintf("%s is written in place, for it can only be replaced if its directory is "
			  "mounted and writable: who reads it meanwhile may see a part of it",
			c->dest);
}

static bool commit_in_place(struct candidate *c, bool keep_old, struct error *err)
{
	struct buf bytes;
	bool ok;

	buf_init(&bytes, OLD_FILE_MAX);
	ok = file_read(c->path, OLD_FILE_MAX, &bytes, err) &&
	     inplace_commit(c->dest, c->old, buf_str(&bytes), keep_old, err);
	buf_release(&bytes);
	if (!ok)
		return false;
	unlink(c->path);
	note_in_place(c);
	return true;
}

/* Goes over to writing in place. */
static void switch_to_in_place(struct candidate *c)
{
	free(c->old);
	c->old = candidate_journal_path(c->state);
	c->in_place = true;
}

/* Copies dest to path, for file systems and owners that allow no second name. */
static bool copy_dest(const struct candidate *c, const char *path, struct error *err)
{
	struct stat st;
	struct buf bytes;
	char *copy;
	bool lost, ok;

	buf_init(&bytes, OLD_FILE_MAX);
	ok = file_read(c->dest, OLD_FILE_MAX, &bytes, err);
	if (ok && stat(c->dest, &st) != 0)
		ok = error_errno(err, errno, "cannot look at %s", c->dest);
	if (ok && candidate_write(
			  c->dest, buf_str(&bytes), &st, st.st_mode & 07777, &copy, &lost, err)) {
		ok = rename(copy, path) == 0 ||
		     error_errno(err, errno, "cannot keep the old file as %s", path);
		if (!ok)
			unlink(copy);
		free(copy);
	} else {
		ok = false;
	}
	buf_release(&bytes);
	return ok;
}

/* Gives the old file a second name. */
static bool keep_old_file(const struct candidate *c, struct error *err)
{
	unlink(c->old);
	if (link(c->dest, c->old) != 0 && !copy_dest(c, c->old, err))
		return error_prepend(err, "cannot write %s: ", c->dest);
	return sync_directory(c->dest, err);
}

/* A copy, as a second name would change with what is written in place. */
static bool back_up(const struct candidate *c, struct error *err)
{
	char *path = xasprintf("%s" COMMIT_BACKUP, c->dest);
	bool ok = copy_dest(c, path, err);

	free(path);
	return ok || error_prepend(err, "no backup of %s, so it is not written: ", c->dest);
}

/* The new file is in place, for all to see; that a power cut may undo it is worth a note only. */
static void note_unsynced(struct candidate *c)
{
	struct error err = ERROR_INIT;

	if (sync_directory(c->dest, &err))
		return;
	free(c->note);
	c->note = xasprintf("%s is written, but %s", c->dest, error_text(&err));
	error_clear(&err);
}

/* Replaces dest, or finds that only writing in place can. */
static bool commit_by_replacing(struct candidate *c, bool keep_old, struct error *err)
{
	bool kept = keep_old && c->dest_exists;
	struct error why = ERROR_INIT;
	int code = 0;

	if (kept && !keep_old_file(c, err))
		return false;
	if (commit_by_rename(c, &code, &why)) {
		note_unsynced(c);
		return true;
	}
	if (kept)
		unlink(c->old);
	if (!c->may_be_in_place || (code != EBUSY && code != EXDEV))
		return error_move(err, &why);
	error_clear(&why);
	switch_to_in_place(c);
	return commit_in_place(c, keep_old, err);
}

bool commit_candidate(struct candidate *c, bool keep_old, struct error *err)
{
	bool ok = (!c->backup || !c->dest_exists || back_up(c, err)) &&
		  (c->in_place ? commit_in_place(c, keep_old, err)
			       : commit_by_replacing(c, keep_old, err));

	if (!ok) {
		candidate_discard(c);
		return false;
	}
	free(c->path);
	c->path = NULL;
	return true;
}

void commit_accept(const struct candidate *c)
{
	unlink(c->old);
}

bool commit_restore(const struct candidate *c, struct error *err)
{
	if (c->in_place)
		return inplace_restore(c->dest, c->old, err);
	if (!c->dest_exists && unlink(c->dest) != 0 && errno != ENOENT)
		return error_errno(err, errno, "cannot remove %s again", c->dest);
	if (c->dest_exists && rename(c->old, c->dest) != 0)
		return error_errno(
			err, errno, "cannot put the old %s back from %s", c->dest, c->old);
	return sync_directory(c->dest, err);
}

/* What a journal says of dest. */
static bool recover_in_place(
	const char *dest, const char *state_dir, bool *ret_restored, struct error *err)
{
	char *state = candidate_state_path(dest, state_dir),
	     *journal = candidate_journal_path(state);
	bool ok;

	candidate_sweep(state);
	ok = inplace_recover(dest, journal, ret_restored, err);
	free(journal);
	free(state);
	return ok;
}

bool commit_recover(const char *dest, const char *state_dir, bool *ret_restored, struct error *err)
{
	char *old = candidate_old_path(dest);
	bool restored = rename(old, dest) == 0, ok = true, healed = false;

	if (!restored && errno != ENOENT && errno != ENOTDIR && errno != EACCES)
		ok = error_errno(err, errno, "cannot put the old %s back from %s", dest, old);
	/* While both names were one file the rename did nothing. */
	if (restored)
		unlink(old);
	free(old);
	if (ok && restored)
		ok = sync_directory(dest, err);
	if (ok)
		ok = recover_in_place(dest, state_dir, &healed, err);
	if (ok)
		*ret_restored = restored || healed;
	return ok;
}
