/* SPDX-License-Identifier: MIT
 *
 * Reading whole files, see file.h.
 */
#include "config.h"

#include "base/file.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_READ_STEP ((size_t)65536)

/* As file_read_fd; chunk has room for FILE_READ_STEP bytes. */
static bool read_rest(
	int fd, const char *path, size_t max, char *chunk, struct buf *out, struct error *err)
{
	size_t total = 0;

	for (;;) {
		ssize_t n = read(fd, chunk, FILE_READ_STEP);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, errno, "cannot read %s", path);
		if (n == 0)
			return true;
		if ((size_t)n > max - total)
			return error_set(err, "%s: longer than %zu bytes", path, max);
		total += (size_t)n;
		buf_add(out, chunk, (size_t)n);
		if (out->full)
			return error_set(
				err, "%s: longer than the %zu bytes that fit", path, out->max);
	}
}

bool file_read_fd(int fd, const char *path, size_t max, struct buf *out, struct error *err)
{
	size_t before = out->len;
	char *chunk = xmalloc(FILE_READ_STEP);
	bool ok = read_rest(fd, path, max, chunk, out, err);

	free(chunk);
	if (!ok) {
		out->len = before;
		out->full = false;
	}
	return ok;
}

bool file_read(const char *path, size_t max, struct buf *out, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool ok;

	if (fd < 0)
		return error_errno(err, errno, "cannot read %s", path);
	ok = file_read_fd(fd, path, max, out, err);
	close(fd);
	return ok;
}

char *file_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	if (slash == path)
		return xstrdup("/");
	return xmemdup0(path, (size_t)(slash - path));
}

const char *file_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
