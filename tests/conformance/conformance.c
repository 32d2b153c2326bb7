/* SPDX-License-Identifier: MIT
 *
 * Runs the conformance cases of a directory:
 *
 *	conformance DIR [--only PREFIX] [--quiet]
 *
 * Failing cases are printed with what was wanted and what came, then one line for each file, then
 * "N passed, N failed". The exit status is 0 if nothing failed. Cases run in a child process that
 * counts in shared memory; when one kills it (a crash, or SECONDS_MAX passed), that case has failed
 * and a new child goes on with the next.
 */
#include "config.h"

#include "conformance/corpus.h"
#include "conformance/judge.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* For one case. */
#define SECONDS_MAX 120

struct options {
	const char *dir;
	struct str only; /* beginning of the ids to run */
	bool quiet;
};

/* Shared with the child that runs a file. */
struct progress {
	size_t at; /* line that runs */
	size_t passed, failed;
};

/* The id of a line without reading it. */
static struct str line_id(struct str line)
{
	static const struct str before = STR_INIT("{\"id\": \"");
	struct str id, rest;

	if (!str_has_prefix(line, before))
		return str_n("", 0);
	str_cut(str_sub(line, before.len, line.len), '"', &id, &rest);
	return id;
}

static void run_lines(const struct corpus *c, const struct corpus_file *f,
	const struct options *options, struct progress *p)
{
	for (; p->at < f->lines.n; p->at++) {
		struct str line = f->lines.v[p->at];

		if (!str_has_prefix(line_id(line), options->only))
			continue;
		alarm(SECONDS_MAX);
		if (judge_line(c, line, options->quiet))
			p->passed++;
		else
			p->failed++;
		alarm(0);
	}
	fflush(stdout);
}

/* Runs the rest of a file in a child. False if the child did not come to the end. */
static bool run_child(const struct corpus *c, const struct corpus_file *f,
	const struct options *options, struct progress *p)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(2);
	}
	if (pid == 0) {
		run_lines(c, f, options, p);
		exit(0);
	}
	if (waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	p->failed++;
	if (WIFSIGNALED(status))
		printf("%.*s\n  ended by signal %d (%s)\n", STR_ARG(line_id(f->lines.v[p->at])),
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		printf("%.*s\n  ended the program with status %d\n",
			STR_ARG(line_id(f->lines.v[p->at])), WEXITSTATUS(status));
	p->at++;
	return false;
}

static void run_file(const struct corpus *c, const struct corpus_file *f,
	const struct options *options, struct progress *p)
{
	*p = (struct progress){.at = 0};
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (!run_child(c, f, options, p))
		;
}

static bool read_options(int argc, char **argv, struct options *ret)
{
	*ret = (struct options){.only = STR_INIT("")};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--quiet") == 0)
			ret->quiet = true;
		else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
			ret->only = str_from(argv[++i]);
		else if (argv[i][0] != '-' && !ret->dir)
			ret->dir = argv[i];
		else
			return false;
	}
	return ret->dir;
}

static int run_corpus(const struct corpus *c, const struct options *options)
{
	struct progress *p =
		mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	size_t passed = 0, failed = 0;

	if (p == MAP_FAILED) {
		perror("mmap");
		return 2;
	}
	for (size_t i = 0; i < c->files.n; i++) {
		run_file(c, &c->files.v[i], options, p);
		if (p->passed + p->failed)
			printf("%s: %zu passed, %zu failed\n", c->files.v[i].name, p->passed,
				p->failed);
		passed += p->passed;
		failed += p->failed;
	}
	munmap(p, sizeof(*p));
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed || passed == 0;
}

int main(int argc, char **argv)
{
	struct error err = ERROR_INIT;
	struct options options;
	struct corpus corpus;
	int status = 2;

	if (!read_options(argc, argv, &options)) {
		fprintf(stderr, "usage: %s DIR [--only PREFIX] [--quiet]\n", argv[0]);
		return 2;
	}
	setenv("TZ", "UTC", 1);
	tzset();
	unsetenv("TZ");
	if (corpus_read(&corpus, options.dir, &err))
		status = run_corpus(&corpus, &options);
	else
		fprintf(stderr, "%s\n", error_text(&err));
	error_clear(&err);
	corpus_release(&corpus);
	return status;
}
