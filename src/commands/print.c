/* SPDX-License-Identifier: MIT
 *
 * Writes what a command made, see print.h; files by the same steps as the daemon's outputs.
 */
#include "config.h"

#include "commands/print.h"

#include "base/log.h"
#include "publish/candidate.h"
#include "publish/commit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

bool print_bytes(struct str bytes, struct error *err)
{
	bool ok = bytes.len == 0 || fwrite(bytes.p, 1, bytes.len, stdout) == bytes.len;

	if (fflush(stdout) != 0 || !ok)
		return error_errno(err, errno, "cannot write to standard output");
	return true;
}

static bool replace(const char *path, mode_t mode, struct str bytes, struct error *err)
{
	struct candidate_options options = {.mode = mode, .mode_set = mode != 0};
	struct candidate c;
	bool equal, ok = true;

	if (!candidate_prepare(path, &options, bytes, &c, &equal, err))
		return false;
	if (c.note)
		log_warn("%s", c.note);
	if (!equal)
		ok = commit_candidate(&c, false, err);
	if (ok)
		log_info("%s: %s, %zu bytes", path, equal ? "unchanged" : "written", bytes.len);
	candidate_release(&c);
	return ok;
}

bool print_file(const char *path, mode_t mode, struct str bytes, struct error *err)
{
	sigset_t ending, before;
	bool ok;

	if (!path || strcmp(path, "-") == 0)
		return print_bytes(bytes, err);
	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigprocmask(SIG_BLOCK, &ending, &before);
	ok = replace(path, mode, bytes, err);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ok;
}
