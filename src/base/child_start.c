/* SPDX-License-Identifier: MIT
 *
 * How a child comes to be: a command by posix_spawn, a function by fork. See child_start.h.
 */
#include "config.h"

#include "base/child_start.h"

#include "base/alloc.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char **environ;

/* --- commands -------------------------------------------------------------------------- */

/* Why argv[0] could not be started, in words that help. */
static char *reason_of_program(const char *program, int code)
{
	const char *path = getenv("PATH");

	if (code == ENOENT && !strchr(program, '/'))
		return xasprintf(
			"%s: not found in PATH (%s)", program, path ? path : "PATH is not set");
	if (code == ENOENT && access(program, F_OK) == 0)
		return xasprintf(
			"%s: the interpreter that its first line names does not exist", program);
	if (code == ENOEXEC)
		return xasprintf("%s: neither a program nor a script with a #! line", program);
	return xasprintf("%s: %s", program, strerror(code));
}

static bool env_replaced(const char *entry, const char *const *more)
{
	size_t name = strcspn(entry, "=");

	for (; more && *more; more++)
		if (strncmp(entry, *more, name) == 0 && (*more)[name] == '=')
			return true;
	return false;
}

/* environ with more added or put in place; only the array is owned by the caller. */
static char **build_env(const char *const *more)
{
	VEC(char *) env = VEC_INIT;

	for (char **e = environ; *e; e++)
		if (!env_replaced(*e, more))
			vec_push(&env, *e);
	for (; more && *more; more++)
		vec_push(&env, (char *)(uintptr_t)*more);
	vec_push(&env, NULL);
	return env.v;
}

/* In the child: own group, all signals as a fresh program expects them. */
static void set_attributes(posix_spawnattr_t *attr)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setpgroup(attr, 0);
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setflags(
		attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

/* The output first: the write end may itself be one of 0, 1 and 2. */
static void set_files(posix_spawn_file_actions_t *files, int output, int io)
{
	posix_spawn_file_actions_adddup2(files, output, STDERR_FILENO);
	posix_spawn_file_actions_adddup2(files, io ? io : output, STDOUT_FILENO);
	if (io)
		posix_spawn_file_actions_adddup2(files, io, STDIN_FILENO);
	else
		posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
	/* Ours are all close-on-exec; this is for what a library forgot. */
	posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
#endif
}

/* The parent is held only until the exec, and its memory is not copied. */
int child_spawn(const struct child_spec *spec, int output, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	char **env = build_env(spec->env);
	int code;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	set_files(&files, output, spec->io);
	set_attributes(&attr);
	code = posix_spawnp(ret_pid, spec->argv[0], &files, &attr, spec->argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	free(env);
	return code;
}

/* --- functions --------------------------------------------------------------------------- */

/* Closes all descriptors from first to last. */
static void close_from_to(unsigned first, unsigned last)
{
	long max = sysconf(_SC_OPEN_MAX);

#ifdef HAVE_CLOSE_RANGE
	if (first <= last && close_range(first, last, 0) == 0)
		return;
#endif
	for (unsigned fd = first; fd <= last && (long)fd < max; fd++)
		close((int)fd);
}

/* Lets go of what is the parent's: its connections would not end while we hold them. Standard error
 * stays, for last words. Gives the descriptor that output has become. */
static int keep_only(int output)
{
	int out = fcntl(output, F_DUPFD, STDERR_FILENO + 1), null;

	if (out < 0)
		_exit(EXIT_FAILURE);
	close_from_to(STDERR_FILENO + 1, (unsigned)out - 1);
	close_from_to((unsigned)out + 1, ~0U);
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (null > STDERR_FILENO)
		close(null);
	return out;
}

/* In the child: the parent's handlers would write to its pipes. */
static void reset_signals(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &standard, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

NORETURN static void run_forked(const struct child_spec *spec, int output, pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	output = keep_only(output);
	reset_signals();
	spec->run(spec->run_arg, output);
	/* Nothing is freed and no handler runs: all of it is the parent's. */
	_exit(EXIT_SUCCESS);
}

int child_fork(const struct child_spec *spec, int output, pid_t *ret_pid)
{
	pid_t parent = getpid(), pid;
	sigset_t all, before;
	int code;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	code = errno;
	if (pid == 0)
		run_forked(spec, output, parent);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		return code;
	/* The child does so, too: whoever comes first. */
	setpgid(pid, pid);
	*ret_pid = pid;
	return 0;
}

/* --- errors ------------------------------------------------------------------------------ */

char *child_start_reason(const struct child_spec *spec, int code)
{
	if (spec->run)
		return xasprintf("a process: %s", strerror(code));
	return reason_of_program(spec->argv[0], code);
}
