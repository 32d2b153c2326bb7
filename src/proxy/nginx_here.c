/* SPDX-License-Identifier: MIT
 *
 * An nginx on this machine, or in a container whose pid namespace we share: pid file, /proc, and
 * the error log where it can be read.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "proxy/nginx.h"
#include "proxy/processes.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define PROGRAM	      "nginx"
#define PID_FILE      "/run/nginx.pid"
#define LOG_FILE      "/var/log/nginx/error.log"
#define LOG_BYTES     ((size_t)64 * 1024) /* of the log that are looked at */
#define LOOK_PAUSE_NS (20 * (int64_t)NS_PER_MS)

static const char *log_path(const struct nginx_reload *r)
{
	const char *path = r->ask->proxy->output->proxy_log;

	return path ? path : LOG_FILE;
}

/* Where the log ends; -1 if it cannot be read. */
static int64_t log_end(const struct nginx_reload *r)
{
	FILE *f = fopen(log_path(r), "re");
	long end = -1;

	if (!f)
		return -1;
	if (fseek(f, 0, SEEK_END) == 0)
		end = ftell(f);
	fclose(f);
	return end;
}

static void here_list(struct nginx_reload *r)
{
	const struct control_process *processes;
	struct error err = ERROR_INIT;
	struct arena arena;
	size_t n;

	arena_init(&arena);
	if (processes_list(&arena, PROGRAM, &processes, &n, &err))
		nginx_on_list(r, processes, n);
	else
		nginx_on_trouble(r, error_text(&err));
	arena_release(&arena);
	error_clear(&err);
}

static void here_tell(struct nginx_reload *r)
{
	struct error err = ERROR_INIT;

	r->log_at = log_end(r);
	if (processes_signal(r->master, PROGRAM, SIGHUP, &err))
		nginx_on_told(r);
	else
		nginx_on_trouble(r, error_text(&err));
	error_clear(&err);
}

/* What came to the log since; a log that got shorter was rotated. */
static void here_read_log(struct nginx_reload *r)
{
	int64_t end = log_end(r), at = end < r->log_at ? 0 : r->log_at;
	char *text = NULL;
	size_t n = 0;
	FILE *f;

	if (r->log_at >= 0 && end > at && (f = fopen(log_path(r), "re")) != NULL) {
		text = xmalloc(LOG_BYTES);
		if (fseek(f, (long)at, SEEK_SET) == 0)
			n = fread(text, 1, LOG_BYTES, f);
		fclose(f);
	}
	nginx_on_log(r, str_n(text, n));
	free(text);
}

/* The master is named by its pid file before the processes are looked at. */
static void here_first_list(struct nginx_reload *r)
{
	const char *path = r->ask->proxy->output->proxy_pid_file;
	struct error err = ERROR_INIT;

	if (!r->master &&
		!processes_from_pid_file(path ? path : PID_FILE, PROGRAM, &r->master, &err))
		nginx_on_trouble(r, error_text(&err));
	else
		here_list(r);
	error_clear(&err);
}

const struct nginx_place nginx_here = {.list = here_first_list,
	.tell = here_tell,
	.read_log = here_read_log,
	.pause_ns = LOOK_PAUSE_NS};
