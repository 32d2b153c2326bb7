/* SPDX-License-Identifier: MIT
 *
 * Writing in place, see inplace.h. A journal is one line, the path of dest, and the old bytes:
 *
 *	upstreamd-inplace 1 DEST-LENGTH NEW-LENGTH NEW-HASH KEEP
 *
 * It comes to its name by a rename, so that it is there whole or not at all.
 */
#include "config.h"

#include "publish/inplace.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_FORMAT "upstreamd-inplace 1 %zu %zu %016" PRIx64 " %d\n"
#define HEAD_SCAN   "upstreamd-inplace 1 %zu %zu %" SCNx64 " %d%c"
#define HEAD_MAX    128

struct journal {
	struct buf text; /* all of it */
	struct str dest, old;
	size_t new_len;
	uint64_t new_hash;
	bool keep;
};

/* FNV-1a, 64 bits: the same in each process, as a journal outlives one. */
static uint64_t hash_of(struct str s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return h;
}

static bool sync_parent(const char *path)
{
	char *dir = file_dirname(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

	if (fd >= 0)
		close(fd);
	free(dir);
	return ok;
}

/* Bytes from the file's start, and nothing behind them. */
static bool overwrite(int fd, struct str bytes)
{
	size_t at = 0;

	while (at < bytes.len) {
		ssize_t n = pwrite(fd, bytes.p + at, bytes.len - at, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += (size_t)n;
	}
	return ftruncate(fd, (off_t)bytes.len) == 0 && fsync(fd) == 0;
}

static bool overwrite_path(const char *path, struct str bytes, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int code = 0;

	if (fd < 0 || !overwrite(fd, bytes))
		code = errno;
	if (fd >= 0)
		close(fd);
	return code == 0 || error_errno(err, code, "cannot write %s in place", path);
}

/* --- the journal ---------------------------------------------------------------------------- */

/* The name of a journal that is not yet whole. */
static char *fresh_path(const char *journal)
{
	return xasprintf("%s.new", journal);
}

static bool write_journal(const char *path, const char *dest, struct str bytes, struct str old,
	bool keep, struct error *err)
{
	char *fresh = fresh_path(path);
	struct buf text;
	int fd, code = 0;

	buf_init(&text, INPLACE_JOURNAL_MAX + HEAD_MAX);
	buf_add_fmt(&text, HEAD_FORMAT, strlen(dest), bytes.len, hash_of(bytes), keep);
	buf_add_cstr(&text, dest);
	buf_add_str(&text, old);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || text.full || !overwrite(fd, buf_str(&text)) || rename(fresh, path) != 0 ||
		!sync_parent(path))
		code = text.full ? EFBIG : errno;
	if (fd >= 0)
		close(fd);
	if (code) {
		error_errno(err, code, "cannot keep the old bytes of %s in %s", dest, path);
		unlink(fresh);
	}
	buf_release(&text);
	free(fresh);
	return code == 0;
}

/* false without an error if there is none. */
static bool read_journal(const char *path, const char *dest, struct journal *ret, struct error *err)
{
	struct journal j = {.keep = false};
	size_t dest_len, head;
	char line_end;
	const char *text;
	int keep;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return false;
	buf_init(&j.text, INPLACE_JOURNAL_MAX + HEAD_MAX);
	if (!file_read(path, INPLACE_JOURNAL_MAX, &j.text, err))
		goto fail;
	text = buf_cstr(&j.text);
	if (sscanf(text, HEAD_SCAN, &dest_len, &j.new_len, &j.new_hash, &keep, &line_end) != 5 ||
		line_end != '\n') {
		error_set(err, "%s is no journal of this program: move it away", path);
		goto fail;
	}
	head = (size_t)(strchr(text, '\n') - text) + 1;
	j.keep = keep;
	j.dest = str_sub(buf_str(&j.text), head, head + dest_len);
	j.old = str_sub(buf_str(&j.text), head + dest_len, j.text.len);
	if (!str_eqz(j.dest, dest)) {
		error_set(err, "%s is the journal of another file (%.*s): move it away", path,
			STR_ARG(j.dest));
		goto fail;
	}
	*ret = j;
	return true;
fail:
	buf_release(&j.text);
	return false;
}

/* --- acts ------------------------------------------------------------------------------------- */

bool inplace_commit(
	const char *dest, const char *journal, struct str bytes, bool keep, struct error *err)
{
	struct error again = ERROR_INIT;
	struct buf old;
	bool ok;

	buf_init(&old, INPLACE_JOURNAL_MAX);
	ok = file_read(dest, INPLACE_JOURNAL_MAX, &old, err) &&
	     write_journal(journal, dest, bytes, buf_str(&old), keep, err);
	if (ok && !overwrite_path(dest, bytes, err)) {
		ok = false;
		if (overwrite_path(dest, buf_str(&old), &again))
			unlink(journal);
		else
			error_append(err, ", and its old bytes are in %s only: %s", journal,
				error_text(&again));
	}
	if (ok && !keep)
		unlink(journal);
	error_clear(&again);
	buf_release(&old);
	return ok;
}

void inplace_accept(const char *journal)
{
	unlink(journal);
}

bool inplace_restore(const char *dest, const char *journal, struct error *err)
{
	struct journal j;
	bool ok;

	if (!read_journal(journal, dest, &j, err))
		return error_is_set(err) ? false : error_set(err, "%s is gone", journal);
	ok = overwrite_path(dest, j.old, err);
	if (ok)
		unlink(journal);
	buf_release(&j.text);
	return ok;
}

bool inplace_recover(const char *dest, const char *journal, bool *ret_restored, struct error *err)
{
	struct error why = ERROR_INIT;
	bool ok = true, is_old, is_new;
	char *fresh = fresh_path(journal);
	struct journal j;
	struct buf now;

	unlink(fresh);
	free(fresh);
	if (!read_journal(journal, dest, &j, &why)) {
		*ret_restored = false;
		return error_is_set(&why) ? error_move(err, &why) : true;
	}
	buf_init(&now, INPLACE_JOURNAL_MAX);
	if (!file_read(dest, INPLACE_JOURNAL_MAX, &now, &why))
		error_clear(&why);
	is_old = str_eq(buf_str(&now), j.old);
	is_new = now.len == j.new_len && hash_of(buf_str(&now)) == j.new_hash;
	*ret_restored = !is_old && (j.keep || !is_new);
	if (*ret_restored)
		ok = overwrite_path(dest, j.old, err);
	if (ok)
		unlink(journal);
	buf_release(&now);
	buf_release(&j.text);
	return ok;
}
