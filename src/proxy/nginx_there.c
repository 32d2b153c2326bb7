/* SPDX-License-Identifier: MIT
 *
 * An nginx in another container, through the engine: SIGHUP by its kill, processes by its top, and
 * the log by its logs, for which nginx must log to standard error as its image does.
 */
#include "config.h"

#include "base/clock.h"
#include "config/config.h"
#include "proxy/nginx.h"

#define LOOK_PAUSE_NS (50 * (int64_t)NS_PER_MS)

static const char *container(const struct nginx_reload *r)
{
	return r->ask->proxy->output->proxy_container;
}

static void nginx_on_top(void *arg, const struct control_answer *answer)
{
	struct nginx_reload *r = arg;

	r->control = NULL;
	if (answer->err)
		nginx_on_trouble(r, error_text(answer->err));
	else
		nginx_on_list(r, answer->processes, answer->n_processes);
}

static void there_list(struct nginx_reload *r)
{
	r->control = control_top(
		ask_engine(r->ask), container(r), proxy_time_left(r->deadline), nginx_on_top, r);
}

static void nginx_on_killed(void *arg, const struct control_answer *answer)
{
	struct nginx_reload *r = arg;

	r->control = NULL;
	if (answer->err)
		nginx_on_trouble(r, error_text(answer->err));
	else
		nginx_on_told(r);
}

static void there_tell(struct nginx_reload *r)
{
	r->control = control_kill(ask_engine(r->ask), container(r), "HUP",
		proxy_time_left(r->deadline), nginx_on_killed, r);
}

/* A log that cannot be read (driver none) is an empty one. */
static void nginx_on_logs(void *arg, const struct control_answer *answer)
{
	struct nginx_reload *r = arg;

	r->control = NULL;
	nginx_on_log(r, answer->err ? STR("") : answer->output);
}

static void there_read_log(struct nginx_reload *r)
{
	r->control = control_logs(ask_engine(r->ask), container(r), r->told_real,
		proxy_time_left(r->deadline), nginx_on_logs, r);
}

const struct nginx_place nginx_there = {.list = there_list,
	.tell = there_tell,
	.read_log = there_read_log,
	.pause_ns = LOOK_PAUSE_NS};
