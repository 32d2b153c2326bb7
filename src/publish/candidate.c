/* SPDX-License-Identifier: MIT
 *
 * Writing candidates, see candidate.h. Their name is ".NAME.upstreamd-XXXXXX", in dest's directory
 * because a rename must not cross file systems.
 */
#include "config.h"

#include "publish/candidate.h"

#include "base/alloc.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MARK	   ".upstreamd-"
#define RANDOM	   "XXXXXX"
#define RANDOM_LEN (sizeof(RANDOM) - 1)
/* The longest part of dest's name that leaves room for the rest. */
#define NAME_KEPT ((int)(NAME_MAX - sizeof("." MARK RANDOM)))

#define READ_STEP ((size_t)32 * 1024)

/* What helps, by cause. */
static const struct {
	int code;
	const char *advice;
} advices[] = {
	{ENOENT, "create or mount the directory"},
	{EACCES, "give this process's user the right to write there"},
	{EPERM, "give this process's user the right to write there"},
	{EROFS, "mount it writable"},
	{ENOSPC, "free some space"},
	{EDQUOT, "free some space"},
};

/* An error about making a file beside dest, with what to do about it. */
static bool write_error(struct error *err, int code, const char *what, const char *dest)
{
	char *dir = file_dirname(dest);

	error_errno(err, code, "cannot write %s: cannot %s in %s", dest, what, dir);
	free(dir);
	for (size_t i = 0; i < ARRAY_LEN(advices); i++)
		if (advices[i].code == code)
			error_append(err, " (%s)", advices[i].advice);
	return false;
}

/* DIR/.NAME.upstreamd-SUFFIX */
static char *beside(const char *dest, const char *suffix)
{
	char *dir = file_dirname(dest);
	char *path = xasprintf("%s/.%.*s" MARK "%s", dir, NAME_KEPT, file_basename(dest), suffix);

	free(dir);
	return path;
}

char *candidate_old_path(const char *dest)
{
	return beside(dest, "old");
}

char *candidate_journal_path(const char *state)
{
	return beside(state, "journal");
}

/* The path as a name: slashes and percent signs are escaped. */
char *candidate_state_path(const char *dest, const char *state_dir)
{
	struct buf name;

	if (!state_dir)
		return xstrdup(dest);
	buf_init(&name, SIZE_MAX);
	buf_add_fmt(&name, "%s/", state_dir);
	for (const char *p = dest; *p; p++) {
		if (*p == '/' || *p == '%')
			buf_add_fmt(&name, "%%%02X", (unsigned)(unsigned char)*p);
		else
			buf_add_char(&name, *p);
	}
	return buf_take(&name, NULL);
}

/* Whether no rename can put a file in dest's place: a mount point, or a directory that is not ours
 * to write. Where that cannot be told the rename tells. */
static bool needs_in_place(const char *dest)
{
	char *dir = file_dirname(dest);
	bool writable = access(dir, W_OK | X_OK) == 0;
	bool mounted = false;
#ifdef STATX_ATTR_MOUNT_ROOT
	struct statx stx;

	mounted = statx(AT_FDCWD, dest, 0, 0, &stx) == 0 &&
		  (stx.stx_attributes & stx.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT);
#endif
	free(dir);
	return mounted || !writable;
}

/* Where the link at path points to, seen from path's directory. NULL with errno. */
static char *read_link(const char *path)
{
	char target[PATH_MAX], *dir, *joined;
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n < 0)
		return NULL;
	target[n] = '\0';
	if (target[0] == '/')
		return xstrdup(target);
	dir = file_dirname(path);
	joined = xasprintf("%s/%s", dir, target);
	free(dir);
	return joined;
}

bool candidate_resolve(const char *path, char **ret_dest, struct error *err)
{
	char *at = xstrdup(path);

	for (int links = 0; links <= CANDIDATE_LINKS_MAX; links++) {
		char *next = read_link(at);

		if (!next && (errno == EINVAL || errno == ENOENT)) {
			*ret_dest = at;
			return true;
		}
		if (!next) {
			error_errno(err, errno, "cannot look at %s", at);
			free(at);
			return false;
		}
		free(at);
		at = next;
	}
	free(at);
	return error_set(
		err, "%s: more than %d symbolic links to follow", path, CANDIDATE_LINKS_MAX);
}

/* Whether the rest of fd is exactly bytes; -1 with errno. */
static int same_contents(int fd, struct str bytes)
{
	char data[READ_STEP];
	size_t at = 0;

	for (;;) {
		ssize_t n = read(fd, data, sizeof(data));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			return at == bytes.len;
		if ((size_t)n > bytes.len - at || memcmp(data, bytes.p + at, (size_t)n) != 0)
			return 0;
		at += (size_t)n;
	}
}

/* Stats dest, and compares it with bytes. *ret_st.st_nlink is 0 if it does not exist. */
static bool compare(
	const char *dest, struct str bytes, struct stat *ret_st, bool *ret_equal, struct error *err)
{
	int fd = open(dest, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), same = 0;

	*ret_equal = false;
	memset(ret_st, 0, sizeof(*ret_st));
	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0)
		return error_errno(err, errno, "cannot read %s to compare it", dest);
	if (fstat(fd, ret_st) != 0) {
		error_errno(err, errno, "cannot look at %s", dest);
		close(fd);
		return false;
	}
	if (!S_ISREG(ret_st->st_mode)) {
		close(fd);
		return error_set(err, "cannot write %s: it is %s, not a regular file", dest,
			S_ISDIR(ret_st->st_mode) ? "a directory" : "a device, pipe or socket");
	}
	if ((uint64_t)ret_st->st_size == bytes.len)
		same = same_contents(fd, bytes);
	if (same < 0)
		error_errno(err, errno, "cannot read %s to compare it", dest);
	close(fd);
	*ret_equal = same > 0;
	return same >= 0;
}

static int write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.p, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes = str_n(bytes.p + n, bytes.len - (size_t)n);
	}
	return 0;
}

/* Gives fd the owner and mode. A mode by which anybody may read makes a lost owner harmless. */
static bool set_attributes(int fd, const char *dest, const struct stat *like, mode_t mode,
	bool *ret_owner_lost, struct error *err)
{
	struct stat st;

	*ret_owner_lost = false;
	if (like && fstat(fd, &st) == 0 &&
		(st.st_uid != like->st_uid || st.st_gid != like->st_gid) &&
		fchown(fd, like->st_uid, like->st_gid) != 0) {
		if (!(mode & S_IROTH))
			return error_errno(err, errno,
				"cannot write %s: cannot keep its owner %u:%u, and its mode %04o "
				"would lock its reader out (run as that user, or set mode)",
				dest, (unsigned)like->st_uid, (unsigned)like->st_gid,
				(unsigned)mode);
		*ret_owner_lost = true;
	}
	if (fchmod(fd, mode) != 0)
		return write_error(err, errno, "set the mode of a file", dest);
	return true;
}

bool candidate_write(const char *dest, struct str bytes, const struct stat *like, mode_t mode,
	char **ret_path, bool *ret_owner_lost, struct error *err)
{
	char *path = beside(dest, RANDOM);
	int fd = mkostemp(path, O_CLOEXEC);
	bool ok;

	if (fd < 0) {
		write_error(err, errno, "create a file", dest);
		free(path);
		return false;
	}
	ok = set_attributes(fd, dest, like, mode, ret_owner_lost, err);
	if (ok && write_all(fd, bytes) != 0)
		ok = write_error(err, errno, "write a file", dest);
	if (ok && fsync(fd) != 0)
		ok = write_error(err, errno, "sync a file", dest);
	if (close(fd) != 0 && ok)
		ok = write_error(err, errno, "close a file", dest);
	if (!ok) {
		unlink(path);
		free(path);
		return false;
	}
	*ret_path = path;
	return true;
}

bool candidate_prepare(const char *path, const struct candidate_options *options, struct str bytes,
	struct candidate *ret, bool *ret_equal, struct error *err)
{
	struct candidate c = {.path = NULL};
	struct stat st;
	mode_t mode;
	bool equal, owner_lost = false;

	if (!candidate_resolve(path, &c.dest, err))
		return false;
	if (!compare(c.dest, bytes, &st, &equal, err))
		goto fail;
	c.dest_exists = st.st_nlink > 0;
	c.backup = options->backup;
	c.may_be_in_place = options->write == CANDIDATE_AUTO && c.dest_exists;
	c.in_place = c.dest_exists && (options->write == CANDIDATE_INPLACE ||
					      (c.may_be_in_place && needs_in_place(c.dest)));
	c.state = candidate_state_path(c.dest, options->state_dir);
	mode = options->mode_set ? options->mode
	       : c.dest_exists	 ? st.st_mode & 07777
				 : CANDIDATE_NEW_MODE;
	if (c.dest_exists && !c.in_place && mode != (st.st_mode & 07777))
		equal = false;
	if (!equal && !candidate_write(c.in_place ? c.state : c.dest, bytes,
			      c.dest_exists ? &st : NULL, mode, &c.path, &owner_lost, err)) {
		if (c.in_place && !options->state_dir)
			error_append(err, "; or give a state_dir, to write the file in place");
		goto fail;
	}
	if (owner_lost)
		c.note =
			xasprintf("%s: cannot keep its owner %u:%u (its mode lets anybody read it)",
				c.dest, (unsigned)st.st_uid, (unsigned)st.st_gid);
	c.old = c.in_place ? candidate_journal_path(c.state) : candidate_old_path(c.dest);
	*ret = c;
	*ret_equal = equal;
	return true;
fail:
	free(c.dest);
	free(c.state);
	return false;
}

void candidate_discard(struct candidate *c)
{
	if (c->path)
		unlink(c->path);
	free(c->path);
	c->path = NULL;
}

void candidate_release(struct candidate *c)
{
	free(c->dest);
	free(c->path);
	free(c->state);
	free(c->old);
	free(c->note);
	*c = (struct candidate){.dest = NULL};
}

/* Whether name is a candidate's: the prefix and as many letters and digits as mkostemp makes. */
static bool is_left_over(const char *name, struct str prefix)
{
	struct str s = str_from(name);

	if (!str_has_prefix(s, prefix) || s.len != prefix.len + RANDOM_LEN)
		return false;
	for (size_t i = prefix.len; i < s.len; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
			    ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z')))
			return false;
	return true;
}

size_t candidate_sweep(const char *dest)
{
	char *dir_path = file_dirname(dest), *full = beside(dest, "");
	struct str prefix = str_from(file_basename(full));
	DIR *dir = opendir(dir_path);
	size_t n = 0;

	if (dir) {
		for (struct dirent *e; (e = readdir(dir)) != NULL;)
			if (is_left_over(e->d_name, prefix) &&
				unlinkat(dirfd(dir), e->d_name, 0) == 0)
				n++;
		closedir(dir);
	}
	free(full);
	free(dir_path);
	return n;
}
