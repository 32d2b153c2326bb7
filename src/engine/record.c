/* SPDX-License-Identifier: MIT
 *
 * Writes recordings, see record.h. A recorder that cannot write says so once and is silent from
 * then on: the work goes on without it.
 */
#include "config.h"

#include "engine/record.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct recorder {
	FILE *file; /* NULL after a failure */
	char *path;
	int64_t began;
	size_t bytes;
	unsigned connections;
};

struct recorder *recorder_new(const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct recorder *r;

	if (fd < 0) {
		error_errno(err, errno, "recording %s", path);
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->file = fdopen(fd, "w");
	if (!r->file)
		abort();
	r->path = xstrdup(path);
	r->began = clock_mono_ns();
	fputs(RECORD_FIRST_LINE, r->file);
	return r;
}

static void stop(struct recorder *r, const char *why)
{
	log_warn("recording %s ends here: %s", r->path, why);
	fclose(r->file);
	r->file = NULL;
}

void recorder_free(struct recorder *r)
{
	if (!r)
		return;
	if (r->file && fclose(r->file) != 0)
		log_warn("recording %s: %s", r->path, strerror(errno));
	free(r->path);
	free(r);
}

unsigned recorder_connection(struct recorder *r)
{
	return ++r->connections;
}

static long long now_ms(const struct recorder *r)
{
	return (long long)((clock_mono_ns() - r->began) / NS_PER_MS);
}

static void add_bytes(struct recorder *r, unsigned connection, char direction, struct str bytes)
{
	if (!r->file)
		return;
	if (bytes.len + RECORD_LINE_MAX > RECORD_BYTES_MAX - r->bytes) {
		stop(r, "it is too large");
		return;
	}
	r->bytes += bytes.len + RECORD_LINE_MAX;
	fprintf(r->file, "%lld %u %c %zu\n", now_ms(r), connection, direction, bytes.len);
	fwrite(bytes.p, 1, bytes.len, r->file);
	fputc('\n', r->file);
	if (fflush(r->file) != 0)
		stop(r, strerror(errno));
}

void recorder_request(struct recorder *r, unsigned connection, struct str bytes)
{
	add_bytes(r, connection, '>', bytes);
}

void recorder_answer(struct recorder *r, unsigned connection, struct str bytes)
{
	add_bytes(r, connection, '<', bytes);
}

void recorder_end(struct recorder *r, unsigned connection)
{
	if (!r->file)
		return;
	fprintf(r->file, "%lld %u x\n", now_ms(r), connection);
	fflush(r->file);
}
