/* SPDX-License-Identifier: MIT
 *
 * Reading whole files, see file.h.
 */
#include "config.h"

#include "base/file.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_READ_STEP ((size_t)65536)

bool file_read(const char *path, size_t max, struct buf *out, struct error *err)
{
	size_t before = out->len, total = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return error_errno(err, errno, "cannot read %s", path);
	for (;;) {
		char *room = buf_reserve(out, FILE_READ_STEP);
		ssize_t n;

		if (!room) {
			error_set(err, "%s: longer than %zu bytes", path, max);
			break;
		}
		n = read(fd, room, FILE_READ_STEP);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			error_errno(err, errno, "cannot read %s", path);
			break;
		}
		if (n == 0) {
			close(fd);
			return true;
		}
		out->len += (size_t)n;
		total += (size_t)n;
		if (total > max) {
			error_set(err, "%s: longer than %zu bytes", path, max);
			break;
		}
	}
	close(fd);
	out->len = before;
	out->full = false;
	return false;
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
