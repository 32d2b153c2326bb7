/* SPDX-License-Identifier: MIT
 *
 * Putting candidates in place, see commit.h.
 */
#include "config.h"

#include "publish/commit.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define OLD_FILE_MAX ((size_t)1 << 30)

/* A way to put a candidate in place. */
struct commit_way {
	const char *name;
	bool (*commit)(struct candidate *c, struct error *err);
};

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

static bool commit_by_rename(struct candidate *c, struct error *err)
{
	int code;

	if (rename(c->path, c->dest) == 0)
		return true;
	code = errno;
	error_errno(err, code, "cannot write %s: cannot rename %s to it", c->dest, c->path);
	if (code == EBUSY)
		error_append(
			err, " (it is a mount point: mount its directory instead of the file)");
	return false;
}

static const struct commit_way ways[] = {
	{"rename", commit_by_rename},
};

/* Copies dest to c->old, for file systems and owners that allow no second name. */
static bool copy_old(const struct candidate *c, struct error *err)
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
		ok = rename(copy, c->old) == 0 ||
		     error_errno(err, errno, "cannot keep the old file as %s", c->old);
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
	if (link(c->dest, c->old) != 0 && !copy_old(c, err))
		return error_prepend(err, "cannot write %s: ", c->dest);
	return sync_directory(c->dest, err);
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

bool commit_candidate(struct candidate *c, bool keep_old, struct error *err)
{
	bool kept = keep_old && c->dest_exists;

	if ((kept && !keep_old_file(c, err)) || !ways[0].commit(c, err)) {
		candidate_discard(c);
		if (kept)
			unlink(c->old);
		return false;
	}
	free(c->path);
	c->path = NULL;
	note_unsynced(c);
	return true;
}

void commit_accept(const struct candidate *c)
{
	unlink(c->old);
}

bool commit_restore(const struct candidate *c, struct error *err)
{
	if (!c->dest_exists && unlink(c->dest) != 0 && errno != ENOENT)
		return error_errno(err, errno, "cannot remove %s again", c->dest);
	if (c->dest_exists && rename(c->old, c->dest) != 0)
		return error_errno(
			err, errno, "cannot put the old %s back from %s", c->dest, c->old);
	return sync_directory(c->dest, err);
}

bool commit_recover(const char *dest, bool *ret_restored, struct error *err)
{
	char *old = candidate_old_path(dest);
	bool restored = rename(old, dest) == 0, ok = true;

	if (!restored && errno != ENOENT && errno != ENOTDIR && errno != EACCES)
		ok = error_errno(err, errno, "cannot put the old %s back from %s", dest, old);
	/* While both names were one file the rename did nothing. */
	if (restored)
		unlink(old);
	free(old);
	if (ok && restored)
		ok = sync_directory(dest, err);
	if (ok)
		*ret_restored = restored;
	return ok;
}
