/* SPDX-License-Identifier: MIT
 *
 * Acts on containers: what real engines answered (tests/captures/ENGINE/control) is served to them
 * byte for byte.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/file.h"
#include "engine/control.h"
#include "engine/fake.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_NS (20 * (int64_t)1000000000)

/* The capture that answers each request; NULL: the request is answered with nothing. */
struct script {
	const char *create, *start, *look, *top, *logs, *kill, *restart;
	const char *look_first; /* answers the first look only */
};

static struct fake fake;
static const char *engine_dir;
static struct script script;
static unsigned answers, looks;
static char *error, *output;
static int status, exit_code;
static struct buf processes;
static struct control *control;

static void set_up(void)
{
	fake_init(&fake, true);
	buf_init(&processes, 1 << 20);
	script = (struct script){.create = NULL};
	answers = looks = 0;
}

static void tear_down(void)
{
	fake_release(&fake);
	buf_release(&processes);
	free(error);
	free(output);
}

TestSuite(control, .init = set_up, .fini = tear_down);

static void serve_capture(struct fake_conn *c, const char *name)
{
	const char *top = getenv("top_srcdir");
	struct error err = ERROR_INIT;
	struct buf bytes;
	char *path;

	if (!name)
		return;
	path = xasprintf("%s/tests/captures/%s/control/%s.http", top ? top : ".", engine_dir, name);
	buf_init(&bytes, 1 << 20);
	cr_assert(file_read(path, 1 << 20, &bytes, &err), "%s", error_text(&err));
	fake_send_n(c, bytes.data, bytes.len);
	fake_end(c);
	buf_release(&bytes);
	free(path);
}

static void serve_script(struct fake_conn *c, const char *method, const char *path)
{
	const char *end = strrchr(path, '/');

	if (strcmp(method, "POST") == 0 && strcmp(end, "/exec") == 0)
		serve_capture(c, script.create);
	else if (strcmp(end, "/start") == 0)
		serve_capture(c, script.start);
	else if (strcmp(end, "/json") == 0)
		serve_capture(c, looks++ || !script.look_first ? script.look : script.look_first);
	else if (strncmp(end, "/top", 4) == 0)
		serve_capture(c, script.top);
	else if (strncmp(end, "/logs", 5) == 0)
		serve_capture(c, script.logs);
	else if (strncmp(end, "/kill", 5) == 0)
		serve_capture(c, script.kill);
	else
		serve_capture(c, script.restart);
}

static void start(const char *dir, const char *api_version)
{
	engine_dir = dir;
	fake.api_version = api_version;
	fake.answer = serve_script;
	fake_bring_up(&fake);
}

static void on_answer(void *arg, const struct control_answer *answer)
{
	answers++;
	free(error);
	free(output);
	error = answer->err ? xstrdup(error_text(answer->err)) : NULL;
	output = xasprintf("%.*s", STR_ARG(answer->output));
	status = answer->status;
	exit_code = answer->exit_code;
	for (size_t i = 0; i < answer->n_processes; i++)
		buf_add_fmt(&processes, "%lld %lld %.*s\n", (long long)answer->processes[i].pid,
			(long long)answer->processes[i].parent,
			STR_ARG(answer->processes[i].command));
	control = NULL;
}

static void exec_nginx(int64_t timeout_ns)
{
	static const char *const argv[] = {"nginx", "-t", NULL};

	control = control_exec(fake.engine, "web", argv, timeout_ns, on_answer, NULL);
	loop_until(&fake, answers, 1);
}

struct flavour {
	char dir[32], version[64];
	bool podman;
};

static struct criterion_test_params flavours(void)
{
	static struct flavour all[] = {
		{"docker-20.10.24", "1.41", false},
		{"docker-29.7.2", "1.55", false},
		{"podman-4.3.1", "1.41\r\nLibpod-Api-Version: 4.3.1", true},
		{"podman-5.8.6", "1.44\r\nLibpod-Api-Version: 5.8.6", true},
	};

	return cr_make_param_array(struct flavour, all, sizeof(all) / sizeof(all[0]));
}

ParameterizedTestParameters(control, a_command_gives_its_output_and_exit_code)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, a_command_gives_its_output_and_exit_code)
{
	start(f->dir, f->version);
	script = (struct script){.create = "exec-create",
		.start = "exec-start-plain",
		.look = "exec-inspect-after-plain"};
	exec_nginx(TIMEOUT_NS);
	cr_assert_null(error, "%s", error);
	cr_assert_eq(exit_code, 3);
	cr_assert_not_null(strstr(output, "to-stdout\n"));
	cr_assert_not_null(strstr(output, "to-stderr\n"));
	cr_assert_eq(strlen(output), 20);
}

ParameterizedTestParameters(control, a_check_that_refuses_says_why)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, a_check_that_refuses_says_why)
{
	start(f->dir, f->version);
	script = (struct script){.create = "exec-create",
		.start = "exec-nginx-t-nohost-plain",
		.look = "exec-nginx-t-nohost-inspect"};
	exec_nginx(TIMEOUT_NS);
	cr_assert_null(error, "%s", error);
	cr_assert_eq(exit_code, 1);
	cr_assert_not_null(strstr(output, "[emerg]"), "%s", output);
	cr_assert_not_null(strstr(output, "host not found in upstream"), "%s", output);
}

ParameterizedTestParameters(control, a_command_that_is_not_there_fails_by_its_exit_code)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, a_command_that_is_not_there_fails_by_its_exit_code)
{
	start(f->dir, f->version);
	script = (struct script){.create = "exec-create",
		.start = "exec-nosuchcmd-plain",
		.look = "exec-nosuchcmd-plain-inspect"};
	exec_nginx(TIMEOUT_NS);
	cr_assert_null(error, "%s", error);
	cr_assert(exit_code == 126 || exit_code == 127, "%d", exit_code);
	cr_assert_not_null(strstr(output, "no such file or directory"), "%s", output);
}

ParameterizedTestParameters(control, a_command_that_seems_to_run_is_looked_at_again)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, a_command_that_seems_to_run_is_looked_at_again)
{
	start(f->dir, f->version);
	script = (struct script){.create = "exec-create",
		.start = "exec-start-plain",
		.look_first = "exec-inspect-running",
		.look = "exec-inspect-after-plain"};
	exec_nginx(TIMEOUT_NS);
	cr_assert_null(error, "%s", error);
	cr_assert_eq(exit_code, 3);
	cr_assert_eq(looks, 2);
}

ParameterizedTestParameters(control, what_the_engine_refuses_is_an_error_with_its_words)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, what_the_engine_refuses_is_an_error_with_its_words)
{
	start(f->dir, f->version);
	script = (struct script){.create = "exec-create-paused", .kill = "kill-404"};
	exec_nginx(TIMEOUT_NS);
	cr_assert_eq(status, 409);
	cr_assert_not_null(strstr(error, "paused"), "%s", error);
	control = control_kill(fake.engine, "no such", "HUP", TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 2);
	cr_assert_eq(status, 404);
	cr_assert_not_null(strstr(buf_cstr(&fake.log), "/containers/no%20such/kill?signal=HUP\n"));
}

ParameterizedTestParameters(control, signals_and_restarts_are_done_when_the_engine_says_so)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, signals_and_restarts_are_done_when_the_engine_says_so)
{
	start(f->dir, f->version);
	script = (struct script){.kill = "kill-HUP", .restart = "restart-running"};
	control = control_kill(fake.engine, "web", "HUP", TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 1);
	cr_assert_null(error, "%s", error);
	control = control_restart(fake.engine, "web", TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 2);
	cr_assert_null(error, "%s", error);
	script.kill = "kill-stopped-409";
	control = control_kill(fake.engine, "web", "HUP", TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 3);
	cr_assert_not_null(error);
	cr_assert_neq(status, 0);
}

ParameterizedTestParameters(control, processes_come_with_parent_and_command)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, processes_come_with_parent_and_command)
{
	start(f->dir, f->version);
	script.top = f->podman ? "top-args-descriptors" : "top-args-eo-pid-ppid-args";
	control = control_top(fake.engine, "web", TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 1);
	cr_assert_null(error, "%s", error);
	cr_assert_not_null(strstr(
		buf_cstr(&processes), " nginx: master process /usr/sbin/nginx -g daemon off;\n"));
	cr_assert_not_null(strstr(buf_cstr(&processes), " nginx: worker process\n"));
	cr_assert_not_null(
		strstr(buf_cstr(&fake.log), f->podman ? "/top?ps_args=pid%2Cppid%2Cargs"
						      : "/top?ps_args=-eo%20pid%2Cppid%2Cargs"));
}

ParameterizedTestParameters(control, a_stopped_container_has_no_processes)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, a_stopped_container_has_no_processes)
{
	start(f->dir, f->version);
	script.top = "top-stopped";
	control = control_top(fake.engine, "web", TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 1);
	cr_assert_not_null(error);
}

ParameterizedTestParameters(control, a_log_comes_without_frames_from_pipes_and_terminals)
{
	return flavours();
}

ParameterizedTest(struct flavour *f, control, a_log_comes_without_frames_from_pipes_and_terminals)
{
	start(f->dir, f->version);
	script.logs = "logs-all";
	control =
		control_logs(fake.engine, "web", 1795198558581011057, TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 1);
	cr_assert_null(error, "%s", error);
	cr_assert_not_null(strstr(output, "[emerg]"), "%s", output);
	cr_assert_eq(strlen(output), strcspn(output, "\1\2\3"));
	cr_assert_not_null(strstr(buf_cstr(&fake.log), "since=1795198558.581011057"));
	script.logs = "logs-tty";
	control = control_logs(fake.engine, "web", 0, TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 2);
	cr_assert_str_eq(output, "out\r\nerr\r\n");
}

Test(control, an_engine_that_says_nothing_is_given_up_at_the_deadline)
{
	start("docker-29.7.2", "1.55");
	script.create = "exec-create";
	exec_nginx(100000000);
	cr_assert_not_null(error);
	cr_assert_not_null(
		strstr(error, "no end within 0.1 s; the command may still run"), "%s", error);
}

Test(control, a_cancelled_act_is_not_answered)
{
	static const char *const argv[] = {"nginx", "-t", NULL};

	start("docker-29.7.2", "1.55");
	script = (struct script){.create = "exec-create", .kill = "kill-HUP"};
	control_cancel(control_exec(fake.engine, "web", argv, TIMEOUT_NS, on_answer, NULL));
	control_cancel(NULL);
	control_kill(fake.engine, "web", "HUP", TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 1);
	cr_assert_null(error, "%s", error);
	cr_assert_eq(answers, 1);
}

Test(control, a_signal_is_not_sent_over_a_connection_that_rested)
{
	start("docker-29.7.2", "1.55");
	script = (struct script){.kill = "kill-HUP"};
	for (unsigned i = 1; i <= 3; i++) {
		size_t before = fake.conns.n;

		control_kill(fake.engine, "web", "HUP", TIMEOUT_NS, on_answer, NULL);
		loop_until(&fake, answers, i);
		cr_assert_eq(fake.conns.n, before + 1);
	}
}

static void serve_garbage(struct fake_conn *c, const char *method, const char *path)
{
	static const char *const bodies[] = {"", "[]", "{}", "{\"Id\":1}", "{\"Id\":\"\"}", "{\"Id",
		"{\"Processes\":1}", "{\"Processes\":[1]}", "{\"Processes\":[[]]}",
		"{\"Processes\":[[\"1\",\"x\",\"y\"]]}", "{\"Processes\":[[\"-1 2 y\"]]}"};

	fake_reply(c, 200, bodies[answers % (sizeof(bodies) / sizeof(bodies[0]))]);
}

Test(control, answers_that_make_no_sense_are_errors)
{
	static const char *const argv[] = {"nginx", NULL};

	start("docker-29.7.2", "1.55");
	fake.answer = serve_garbage;
	for (unsigned i = 1; i <= 11; i++) {
		control_exec(fake.engine, "web", argv, TIMEOUT_NS, on_answer, NULL);
		loop_until(&fake, answers, i);
		cr_assert_not_null(error, "answer %u", i);
	}
	for (unsigned i = 12; i <= 22; i++) {
		control_top(fake.engine, "web", TIMEOUT_NS, on_answer, NULL);
		loop_until(&fake, answers, i);
		cr_assert_not_null(error, "answer %u", i);
	}
}

static void serve_flood(struct fake_conn *c, const char *method, const char *path)
{
	static char megabyte[1 << 20];

	memset(megabyte, 'x', sizeof(megabyte));
	fake_send(c, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
	for (int i = 0; i < 3; i++)
		fake_send_n(c, megabyte, sizeof(megabyte));
	fake_end(c);
}

Test(control, of_a_long_output_the_first_bytes_are_kept)
{
	start("docker-29.7.2", "1.55");
	fake.answer = serve_flood;
	control_logs(fake.engine, "web", 0, TIMEOUT_NS, on_answer, NULL);
	loop_until(&fake, answers, 1);
	cr_assert_null(error, "%s", error);
	cr_assert_eq(strlen(output), CONTROL_OUTPUT_MAX);
}
