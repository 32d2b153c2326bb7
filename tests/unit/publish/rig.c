/* SPDX-License-Identifier: MIT
 *
 * See rig.h.
 */
#include "config.h"

#include "unit/publish/rig.h"

#include "base/alloc.h"
#include "base/child.h"
#include "base/file.h"
#include "base/log.h"
#include "config/command.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct rig rig;
struct buf rig_log;

static void rig_on_log(enum log_level level, const char *line)
{
	buf_add_cstr(&rig_log, line);
	buf_add_char(&rig_log, '\n');
}

static bool rig_on_take(void *arg, struct target_view *view)
{
	if (rig.no_state)
		return false;
	rig.taken++;
	*view = (struct target_view){.ref = &rig,
		.hash = rig.hash ? rig.hash : str_hash(str_from(rig.text)),
		.containers = rig.containers};
	return true;
}

static void rig_on_drop(void *arg, void *ref)
{
	cr_assert_eq(ref, &rig);
	rig.taken--;
}

static bool rig_on_prepare(void *arg UNUSED, bool *ret_slow, struct error *err UNUSED)
{
	*ret_slow = rig.slow;
	return true;
}

static bool rig_on_render(void *arg, void *ref, int64_t give_up_ns, bool *ret_gave_up,
	struct buf *out, struct error *err)
{
	if (rig.gives_up && give_up_ns) {
		buf_add_cstr(out, "half of it");
		*ret_gave_up = true;
		return error_set(err, "gave up");
	}
	++*rig.renders;
	if (rig.hook)
		rig.hook(out);
	if (rig.broken)
		return error_set(err, "%s", rig.broken);
	buf_add_cstr(out, rig.text);
	if (rig.bad_dest && strcmp(arg, rig.bad_dest) == 0)
		buf_add_cstr(out, "bad\n");
	return true;
}

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static void rig_on_cycle(void *arg, const struct target_cycle *c)
{
	vec_push(&rig.cycles, (struct rig_cycle){.result = c->result,
				      .output = copy(c->output),
				      .what = copy(c->what),
				      .error = copy(c->error),
				      .event = copy(c->event),
				      .container = copy(c->container),
				      .causes = c->causes,
				      .containers = c->containers,
				      .bytes = c->bytes,
				      .render_ns = c->render_ns,
				      .check_ns = c->check_ns,
				      .commit_ns = c->commit_ns,
				      .reload_ns = c->reload_ns});
}

void rig_setup(void)
{
	struct error err = ERROR_INIT;

	memset(&rig, 0, sizeof(rig));
	buf_init(&rig_log, SIZE_MAX);
	log_set_sink(rig_on_log);
	strcpy(rig.dir, "/tmp/publish-test-XXXXXX");
	cr_assert_not_null(mkdtemp(rig.dir));
	rig.base = event_base_new();
	rig.children = children_new(rig.base);
	rig.pub = publisher_new(
		&(struct proxy_services){.base = rig.base, .children = rig.children}, &err);
	cr_assert_not_null(rig.pub);
	publisher_on_cycle(rig.pub, rig_on_cycle, NULL);
	publisher_set_retry(rig.pub, 20 * MS, 100 * MS);
	rig_output(&rig.output, "dest");
	rig.text = "one\n";
	rig.renders = mmap(NULL, sizeof(*rig.renders), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(rig.renders, MAP_FAILED);
}

static void remove_dir(const char *path)
{
	DIR *dir = opendir(path);

	for (struct dirent *e; dir && (e = readdir(dir)) != NULL;) {
		char full[1024];

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(full, sizeof(full), "%s/%s", path, e->d_name);
		if (unlink(full) != 0)
			remove_dir(full);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void rig_teardown(void)
{
	target_free(rig.target);
	publisher_free(rig.pub);
	children_free(rig.children);
	event_base_free(rig.base);
	cr_assert_eq(rig.taken, 0, "a view was not given back");
	munmap(rig.renders, sizeof(*rig.renders));
	for (size_t i = 0; i < rig.cycles.n; i++) {
		struct rig_cycle *c = &rig.cycles.v[i];

		free(c->output);
		free(c->what);
		free(c->error);
		free(c->event);
		free(c->container);
	}
	vec_release(&rig.cycles);
	rig_output_release(&rig.output);
	remove_dir(rig.dir);
	log_set_sink(NULL);
	buf_release(&rig_log);
}

const char *rig_path(const char *name)
{
	static char paths[4][512];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", rig.dir, name);
	return path;
}

void rig_write(const char *name, const char *text)
{
	FILE *f = fopen(rig_path(name), "we");

	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
}

const char *rig_script(const char *name, const char *body)
{
	const char *path = rig_path(name);
	FILE *f = fopen(path, "we");

	cr_assert_not_null(f);
	fprintf(f, "#!/bin/sh\ncd %s\n%s\n", rig.dir, body);
	fclose(f);
	chmod(path, 0755);
	return path;
}

const char *rig_read(const char *name)
{
	static struct buf b;

	if (!b.max)
		buf_init(&b, (size_t)1 << 24);
	buf_clear(&b);
	if (!file_read(rig_path(name), (size_t)1 << 20, &b, NULL))
		buf_clear(&b);
	return buf_cstr(&b);
}

bool rig_exists(const char *name)
{
	return access(rig_path(name), F_OK) == 0;
}

size_t rig_count(const char *prefix)
{
	DIR *dir = opendir(rig.dir);
	size_t n = 0;

	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		n += strncmp(e->d_name, prefix, strlen(prefix)) == 0;
	closedir(dir);
	return n;
}

size_t rig_lines(const char *name)
{
	const char *p = rig_read(name);
	size_t n = 0;

	for (; *p; p++)
		n += *p == '\n';
	return n;
}

void rig_set_command(struct config_command *command, const char *text)
{
	struct error err = ERROR_INIT;

	command_release(command);
	cr_assert(command_parse(str_from(text), command, &err), "%s", error_text(&err));
}

void rig_output(struct config_output *output, const char *name)
{
	*output = (struct config_output){.name = xstrdup(name),
		.dest = xstrdup(rig_path(name)),
		.check_timeout_ns = 20000 * MS,
		.reload_timeout_ns = 20000 * MS,
		.verify_timeout_ns = 20000 * MS,
		.render_timeout_ns = 20000 * MS};
}

void rig_output_release(struct config_output *output)
{
	free(output->name);
	free(output->dest);
	command_release(&output->check);
	command_release(&output->reload);
}

struct target *rig_new_target(const struct config_output *output)
{
	struct target_source source = {.take = rig_on_take,
		.drop = rig_on_drop,
		.prepare = rig_on_prepare,
		.render = rig_on_render,
		.arg = output->name};
	struct error err = ERROR_INIT;
	struct target *t = target_new(rig.pub, output, &source, &err);

	cr_assert_not_null(t, "%s", error_text(&err));
	return t;
}

void rig_target(void)
{
	rig.target = rig_new_target(&rig.output);
}

void rig_notify(const char *event, const char *container)
{
	struct target_cause cause = {.event = event, .container = container};

	publisher_notify(rig.pub, &cause, false);
}

void rig_wait_idle(void)
{
	loop_until(rig.base, !publisher_busy(rig.pub));
}

const struct rig_cycle *rig_cycle(void)
{
	rig_notify("start", "web-1");
	rig_wait_idle();
	cr_assert_gt(rig.cycles.n, 0);
	return &rig.cycles.v[rig.cycles.n - 1];
}
