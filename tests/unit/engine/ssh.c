/* SPDX-License-Identifier: MIT
 *
 * ssh:// with a program in ssh's place, and the search for a socket.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/child.h"
#include "base/file.h"
#include "engine/fake.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fake fake;

static void set_up(void)
{
	fake_init(&fake, true);
	fake.options.children = children_new(fake.base);
}

static int remove_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return ftw->level == 0 ? 0 : type == FTW_DP ? rmdir(path) : unlink(path);
}

static void tear_down(void)
{
	engine_free(fake.engine);
	fake.engine = NULL;
	children_free(fake.options.children);
	nftw(fake.dir, remove_file, 4, FTW_DEPTH | FTW_PHYS);
	fake_release(&fake);
}

TestSuite(ssh, .init = set_up, .fini = tear_down);
TestSuite(search, .init = set_up, .fini = tear_down);

/* Makes ssh a script that notes its arguments, one a line, and goes on with last. */
static void place_ssh(const char *last)
{
	char *path = xasprintf("%s/ssh", fake.dir);
	FILE *f = fopen(path, "w");

	fprintf(f, "#!/bin/sh\nprintf '%%s\\n' \"$@\" >%s/args\n%s\n", fake.dir, last);
	fclose(f);
	chmod(path, 0700);
	free(path);
	setenv("PATH", fake.dir, 1);
}

/* An ssh that reaches the fake engine. */
static void place_working_ssh(void)
{
	const char *built = getenv("top_builddir");
	char *last = xasprintf("exec %s/tests/unit/engine/dial-stdio %s", built ? built : ".",
		fake.path);

	place_ssh(last);
	free(last);
}

static void assert_arguments(const char *want)
{
	struct error err = ERROR_INIT;
	struct buf args;
	char *path = xasprintf("%s/args", fake.dir);

	buf_init(&args, 10000);
	cr_assert(file_read(path, 10000, &args, &err), "%s", error_text(&err));
	cr_assert_str_eq(buf_cstr(&args), want);
	buf_release(&args);
	free(path);
}

Test(ssh, carries_the_stream_and_calls)
{
	struct record r;

	place_working_ssh();
	fake.options.endpoint = "ssh://me@host.example:2222";
	fake_bring_up(&fake);
	assert_arguments("-T\n-oBatchMode=yes\n-oConnectTimeout=30\n-oServerAliveInterval=5\n"
			 "-oServerAliveCountMax=2\n-l\nme\n-p\n2222\n--\nhost.example\n"
			 "docker system dial-stdio\n");
	fake_event(&fake, "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"a\"}}");
	loop_until(&fake, fake.events, 1);
	record_init(&r, &fake);
	record_get(&r, "/x");
	loop_until(&fake, r.done, 1);
	cr_assert_eq(r.status, 404);
	record_release(&r);
	fake_close(fake.stream);
	loop_until(&fake, fake.ups, 2);
}

Test(ssh, quotes_the_socket_for_the_other_sides_shell)
{
	place_working_ssh();
	fake.options.endpoint = "ssh://host/run/it's/a.sock";
	fake_bring_up(&fake);
	assert_arguments("-T\n-oBatchMode=yes\n-oConnectTimeout=30\n-oServerAliveInterval=5\n"
			 "-oServerAliveCountMax=2\n--\nhost\n"
			 "docker --host='unix:///run/it'\\''s/a.sock' system dial-stdio\n");
}

Test(ssh, what_it_says_explains_a_failure)
{
	place_ssh("echo 'Warning: x' >&2\necho 'Permission denied (publickey).' >&2\nexit 255");
	fake.options.endpoint = "ssh://host";
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 2);
	cr_assert(strstr(buf_cstr(&fake.text),
			  "ssh://host: ping: Warning: x; Permission denied (publickey).\n"),
		"%s", buf_cstr(&fake.text));
}

Test(ssh, a_missing_program_is_told)
{
	setenv("PATH", fake.dir, 1);
	fake.options.endpoint = "ssh://host";
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(strstr(buf_cstr(&fake.text), "ssh: not found in PATH"), "%s",
		buf_cstr(&fake.text));
}

Test(ssh, needs_somebody_who_cares_for_processes)
{
	struct children *children = fake.options.children;

	fake.options.children = NULL;
	fake.options.endpoint = "ssh://host";
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(strstr(buf_cstr(&fake.text), "ssh is not available here"));
	fake.options.children = children;
}

/* Makes HOME and XDG_RUNTIME_DIR places below the test's directory. False if an engine of this
 * machine would be found before them. */
static bool hide_engines(void)
{
	static const char *const fixed[] = {"/var/run/docker.sock", "/run/podman/podman.sock"};
	char *home = xasprintf("%s/home", fake.dir), *runtime = xasprintf("%s/run", fake.dir);

	mkdir(home, 0700);
	mkdir(runtime, 0700);
	setenv("HOME", home, 1);
	setenv("XDG_RUNTIME_DIR", runtime, 1);
	free(home);
	free(runtime);
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		if (access(fixed[i], F_OK) == 0)
			return false;
	return true;
}

/* Lets the fake engine listen at dir/path. */
static void listen_at(const char *path)
{
	char *dir;

	snprintf(fake.path, sizeof(fake.path), "%s%s", fake.dir, path);
	dir = file_dirname(fake.path);
	mkdir(dir, 0700);
	free(dir);
	fake_listen(&fake);
}

Test(search, takes_the_first_place_where_an_engine_answers)
{
	char want[128];

	if (!hide_engines())
		cr_skip_test("this machine has an engine");
	listen_at("/run/podman/podman.sock");
	fake.options.endpoint = "auto";
	fake_start_engine(&fake);
	loop_until(&fake, fake.ups, 1);
	snprintf(want, sizeof(want), "unix://%s", fake.path);
	cr_assert_str_eq(engine_endpoint(fake.engine), want);
}

Test(search, begins_anew_with_each_session)
{
	if (!hide_engines())
		cr_skip_test("this machine has an engine");
	listen_at("/run/podman/podman.sock");
	fake.options.endpoint = "auto";
	fake_start_engine(&fake);
	loop_until(&fake, fake.ups, 1);
	fake_deafen(&fake, true);
	listen_at("/run/docker.sock");
	fake_close(fake.stream);
	loop_until(&fake, fake.ups, 2);
	cr_assert(str_has_suffix(str_from(engine_endpoint(fake.engine)), STR("/run/docker.sock")));
}

Test(search, names_every_place_and_what_refused_there)
{
	const char *text;

	if (!hide_engines())
		cr_skip_test("this machine has an engine");
	fake.options.endpoint = "auto";
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	text = buf_cstr(&fake.text);
	cr_assert(strstr(text, "no container engine found at /var/run/docker.sock, /"), "%s", text);
	cr_assert(strstr(text, "/run/docker.sock, "), "%s", text);
	cr_assert(strstr(text, "/home/.docker/run/docker.sock, /run/podman/podman.sock, "), "%s", text);
	cr_assert(strstr(text, "/run/podman/podman.sock (is one running?"), "%s", text);
	listen_at("/run/docker.sock");
	fake_deafen(&fake, false);
	loop_until(&fake, fake.retries, 4);
	text = buf_cstr(&fake.text);
	cr_assert(strstr(text, "; /tmp/"), "%s", text);
	cr_assert(strstr(text, "/run/docker.sock: Connection refused (nobody listens"), "%s", text);
}
