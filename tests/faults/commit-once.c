/* SPDX-License-Identifier: MIT
 *
 * What the daemon does to one file in one cycle, as a program that can be killed at each of its
 * system calls:
 *
 *	commit-once DEST STATE-DIR auto|rename|inplace TEXT      as at start, then writes TEXT
 *	commit-once DEST STATE-DIR auto|rename|inplace TEXT keep  keeps the old file until it is
 *accepted commit-once DEST STATE-DIR                                as at start only
 */
#include "config.h"

#include "publish/commit.h"

#include <stdio.h>
#include <string.h>

static enum candidate_write write_named(const char *name)
{
	return strcmp(name, "inplace") == 0  ? CANDIDATE_INPLACE
	       : strcmp(name, "rename") == 0 ? CANDIDATE_RENAME
					     : CANDIDATE_AUTO;
}

static bool put(char **argv, bool keep, struct error *err)
{
	struct candidate_options options = {.write = write_named(argv[3]), .state_dir = argv[2]};
	struct candidate c;
	bool equal, ok = true;

	if (!candidate_prepare(argv[1], &options, str_from(argv[4]), &c, &equal, err))
		return false;
	if (!equal)
		ok = commit_candidate(&c, keep, err);
	if (!equal && ok && keep)
		commit_accept(&c);
	if (ok && c.note)
		fprintf(stderr, "%s\n", c.note);
	candidate_release(&c);
	return ok;
}

int main(int argc, char **argv)
{
	struct error err = ERROR_INIT;
	bool restored = false, ok;

	if (argc != 3 && argc != 5 && argc != 6)
		return 2;
	ok = commit_recover(argv[1], argv[2], &restored, &err);
	if (ok)
		candidate_sweep(argv[1]);
	if (ok && argc > 3)
		ok = put(argv, argc == 6, &err);
	if (!ok)
		fprintf(stderr, "%s\n", error_text(&err));
	error_clear(&err);
	return ok ? 0 : 1;
}
