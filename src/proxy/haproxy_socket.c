/* SPDX-License-Identifier: MIT
 *
 * A reload by the master's socket: look at the processes, "reload", look until a new worker runs or
 * the failure is counted. From 2.7 on the answer to "reload" tells the outcome (Success=1 or 0, and
 * what was logged); 2.6 gives none, and its socket refuses or answers nothing while it reloads.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "proxy/complaint.h"
#include "proxy/haproxy.h"

#include <stdlib.h>

#define LOOK_PAUSE_NS (20 * (int64_t)NS_PER_MS)

static void ask_master(struct haproxy_reload *r, const char *command, haproxy_cli_cb *answer)
{
	r->cli = haproxy_cli(r->ask->proxy->services.base, r->ask->proxy->output->proxy_socket,
		command, proxy_time_left(r->deadline), answer, r);
}

/* The master said no. */
static void refused(struct haproxy_reload *r, struct str log)
{
	char *line = complaint_line(log);

	haproxy_end(r, PROXY_REFUSED,
		line ? line : "HAProxy did not take the file: its log says why", log);
	free(line);
}

static void haproxy_on_reload(void *arg, struct str answer, const struct error *err UNUSED)
{
	struct haproxy_reload *r = arg;

	r->cli = NULL;
	if (str_find(answer, STR("Success=0")) >= 0)
		refused(r, answer);
	else
		haproxy_look_later(r);
}

static void look_after(struct haproxy_reload *r, struct str answer)
{
	struct haproxy_proc now;

	if (!haproxy_proc_read(answer, &now, NULL))
		haproxy_look_later(r);
	else if (haproxy_proc_has_new(&r->proc, &now))
		haproxy_end(r, PROXY_GOOD, NULL, STR(""));
	else if (haproxy_proc_has_failed(&r->proc, &now))
		refused(r, STR(""));
	else
		haproxy_look_later(r);
}

static void haproxy_on_proc(void *arg, struct str answer, const struct error *err)
{
	struct haproxy_reload *r = arg;
	struct error why = ERROR_INIT;

	r->cli = NULL;
	if (r->told) {
		look_after(r, answer);
	} else if (err) {
		haproxy_end(r, PROXY_BROKEN, error_text(err), STR(""));
	} else if (!haproxy_proc_read(answer, &r->proc, &why)) {
		haproxy_end(r, PROXY_BROKEN, error_text(&why), STR(""));
	} else {
		r->told = true;
		ask_master(r, "reload", haproxy_on_reload);
	}
	error_clear(&why);
}

static void socket_look(struct haproxy_reload *r)
{
	ask_master(r, "show proc", haproxy_on_proc);
}

const struct haproxy_way haproxy_by_socket = {.look = socket_look, .pause_ns = LOOK_PAUSE_NS};
