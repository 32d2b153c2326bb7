/* SPDX-License-Identifier: MIT
 *
 * Processes of this machine. Programs of our own stand in for proxies: sleep under another name.
 */
#include "config.h"

#include "proxy/processes.h"
#include "unit/publish/rig.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

/* Runs sleep as a program that is called NAME. */
static void start(const char *name)
{
	const char *path = rig_path(name);

	cr_assert_eq(symlink("/bin/sleep", path), 0);
	child = fork();
	cr_assert_geq(child, 0);
	if (child == 0) {
		execl(path, name, "60", (char *)NULL);
		_exit(127);
	}
}

static void tear_down(void)
{
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	rig_teardown();
}

TestSuite(processes, .init = rig_setup, .fini = tear_down);

static const struct control_process *find(struct arena *a, const char *name)
{
	const struct control_process *processes;
	size_t n;

	cr_assert(processes_list(a, name, &processes, &n, NULL));
	for (size_t i = 0; i < n; i++)
		if (processes[i].pid == child)
			return &processes[i];
	return NULL;
}

/* The child has become the program. */
static bool is_ready(const char *name)
{
	struct arena a;
	bool found;

	arena_init(&a);
	found = find(&a, name) != NULL;
	arena_release(&a);
	return found;
}

Test(processes, those_of_a_name_are_listed_with_parent_and_command_line)
{
	const struct control_process *p;
	struct arena a;

	start("ud-proxy");
	loop_until(rig.base, is_ready("ud-proxy"));
	arena_init(&a);
	p = find(&a, "ud-proxy");
	cr_assert_eq(p->parent, getpid());
	cr_assert(str_eqz(p->command, "ud-proxy 60"), "%.*s", STR_ARG(p->command));
	cr_assert_null(find(&a, "another"));
	arena_release(&a);
}

static void check_pid_file(const char *text, const char *name, const char *want)
{
	struct error err = ERROR_INIT;
	int64_t pid = 0;

	rig_write("pid", text);
	if (!want) {
		cr_assert(processes_from_pid_file(rig_path("pid"), name, &pid, &err), "%s",
			error_text(&err));
		cr_assert_eq(pid, child);
		return;
	}
	cr_assert_not(processes_from_pid_file(rig_path("pid"), name, &pid, &err), "%s", text);
	cr_assert_not_null(strstr(error_text(&err), want), "%s", error_text(&err));
	error_clear(&err);
}

Test(processes, a_pid_file_must_name_the_program)
{
	char text[64];

	start("ud-proxy");
	loop_until(rig.base, is_ready("ud-proxy"));
	snprintf(text, sizeof(text), "%d\n", (int)child);
	check_pid_file(text, "ud-proxy", NULL);
	check_pid_file(text, "nginx", "is no nginx");
	check_pid_file("", "ud-proxy", "is no process id");
	check_pid_file("-1\n", "ud-proxy", "is no process id");
	check_pid_file("0\n", "ud-proxy", "is no process id");
	check_pid_file("1 2\n", "ud-proxy", "is no process id");
	check_pid_file("99999999999999\n", "ud-proxy", "is no process id");
	snprintf(text, sizeof(text), "%d\n", (int)getpid());
	check_pid_file(text, "publish.test", "is no publish.test");
	unlink(rig_path("pid"));
	cr_assert_not(processes_from_pid_file(rig_path("pid"), "ud-proxy", &(int64_t){0}, NULL));
}

Test(processes, a_signal_reaches_the_program_and_nobody_else)
{
	struct error err = ERROR_INIT;
	int status;

	start("ud-proxy");
	loop_until(rig.base, is_ready("ud-proxy"));
	cr_assert_not(processes_signal(child, "nginx", SIGKILL, &err));
	cr_assert_not_null(strstr(error_text(&err), "is no nginx any more"));
	cr_assert_eq(waitpid(child, &status, WNOHANG), 0);
	error_clear(&err);
	cr_assert(processes_signal(child, "ud-proxy", SIGUSR2, &err), "%s", error_text(&err));
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(WTERMSIG(status), SIGUSR2);
	child = 0;
}
