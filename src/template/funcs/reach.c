/* SPDX-License-Identifier: MIT
 *
 * Paths within allowed directories, see reach.h.
 */
#include "config.h"

#include "template/funcs/reach.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The part of path behind dir, both resolved; NULL if path does not lie in dir. */
static const char *part_within(const char *dir, const char *path)
{
	size_t n = strlen(dir);

	if (strcmp(dir, "/") == 0)
		return path + 1;
	if (strncmp(dir, path, n) != 0)
		return NULL;
	if (path[n] == '/')
		return path + n + 1;
	return path[n] == '\0' ? path + n : NULL;
}

/* Opens rest, plain names and slashes, from the open directory at, which is closed. */
static int walk(int at, const char *rest, int flags)
{
	char name[REACH_PATH_MAX];

	while (at >= 0) {
		size_t n = strcspn(rest, "/");
		int next, code;

		memcpy(name, rest, n);
		name[n] = '\0';
		next = openat(at, n ? name : ".",
			rest[n] ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
				: flags | O_NOFOLLOW | O_CLOEXEC);
		code = errno;
		close(at);
		errno = code;
		if (!rest[n])
			return next;
		at = next;
		rest += n + 1;
	}
	return -1;
}

/* The allowed directory that path, resolved, lies in: resolved, owned by the caller; NULL if there
 * is none. */
static char *directory_of(const struct template_options *options, const char *path)
{
	for (size_t i = 0; i < options->n_file_dirs; i++) {
		char *dir = realpath(options->file_dirs[i], NULL);

		if (dir && part_within(dir, path))
			return dir;
		free(dir);
	}
	return NULL;
}

/* Whether what there is of path, which could not be resolved, lies in an allowed directory. */
static bool begins_within(const struct template_options *options, const char *path)
{
	char *parent = xstrdup(path), *slash, *resolved = NULL, *dir;

	while (!resolved && (slash = strrchr(parent, '/')) != NULL) {
		*slash = '\0';
		resolved = realpath(*parent ? parent : "/", NULL);
	}
	if (!resolved)
		resolved = realpath(".", NULL);
	dir = resolved ? directory_of(options, resolved) : NULL;
	free(resolved);
	free(parent);
	free(dir);
	return dir;
}

/* path is not allowed; resolved is what it leads to, or NULL. */
static bool fail_outside(struct call *c, const char *path, const char *resolved)
{
	struct buf *b = call_buf(c);

	buf_add_cstr(b, path);
	if (resolved && strcmp(resolved, path) != 0)
		buf_add_fmt(b, " leads to %s, which", resolved);
	buf_add_cstr(b, " is in none of the directories that template_files allows (");
	for (size_t i = 0; i < c->options->n_file_dirs; i++)
		buf_add_fmt(b, "%s%s", i ? ", " : "", c->options->file_dirs[i]);
	buf_add_char(b, ')');
	return call_fail_str(c, buf_str(b));
}

bool reach_open(struct call *c, const char *path, int flags, int *ret_fd, int *ret_errno)
{
	char resolved[PATH_MAX], *dir;
	bool known;

	*ret_fd = -1;
	/* No path at all is nowhere, so not outside. */
	if (c->options->n_file_dirs == 0 || !*path) {
		*ret_fd = open(path, flags | O_CLOEXEC);
		*ret_errno = errno;
		return true;
	}
	known = realpath(path, resolved) != NULL;
	*ret_errno = errno;
	if (!known)
		return begins_within(c->options, path) || fail_outside(c, path, NULL);
	dir = directory_of(c->options, resolved);
	if (!dir)
		return fail_outside(c, path, resolved);
	*ret_fd = walk(
		open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), part_within(dir, resolved), flags);
	*ret_errno = errno;
	free(dir);
	return true;
}
