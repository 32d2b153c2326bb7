/* SPDX-License-Identifier: MIT
 *
 * An inventory on a visit's engine, see live.h.
 */
#include "config.h"

#include "commands/live.h"

#include "base/log.h"
#include "cli.h"
#include "commands/visit.h"
#include "config/config.h"
#include "model/expose.h"
#include "model/inventory.h"
#include "model/self.h"
#include "settings.h"

#include <unistd.h>

/* Until all containers are known, the end of a visit comes before that of the inventory's patience:
 * a part of them is no result. */
#define PATIENCE_NS (INT64_C(366) * 24 * 3600 * 1000000000)

struct live {
	struct visit visit;
	struct inventory *inventory;
	struct snapshot *snapshot;
};

/* The first snapshot is complete. */
static void live_on_change(const struct inventory_change *change UNUSED, void *arg)
{
	struct live *l = arg;

	if (!l->snapshot)
		l->snapshot = inventory_snapshot(l->inventory);
	visit_done(&l->visit);
}

/* The list of containers failed. */
static void live_on_trouble(const struct error *why, void *arg)
{
	struct live *l = arg;

	visit_fail(&l->visit, why);
}

static void record_on_change(const struct inventory_change *change, void *arg UNUSED)
{
	log_event(LOG_INFO, "the containers changed", LOG_STR("event", change->event),
		LOG_STR("container", change->name ? change->name : ""));
}

static bool live_open(struct live *l, const struct config *config,
	const struct visit_options *visit, struct inventory_options *inventory, struct error *err)
{
	struct self self;

	visit_init(&l->visit, visit);
	l->visit.waiting_for = "the containers";
	settings_self(config, visit->engine, &self);
	inventory->self = &self;
	inventory->env = (const char *const *)environ;
	inventory->arg = l;
	l->inventory = inventory_new(l->visit.base, inventory);
	self_release(&self);
	if (!visit_open(&l->visit, inventory_engine_handlers(), l->inventory, err))
		return false;
	inventory_set_engine(l->inventory, l->visit.engine);
	return true;
}

static void live_close(struct live *l)
{
	visit_leave(&l->visit);
	inventory_free(l->inventory);
	visit_release(&l->visit);
	snapshot_unref(l->snapshot);
}

/* What one engine shows. */
static int visit_one(const struct cli_options *options, const struct config *config,
	const struct config_engine *engine, bool stopped, struct snapshot **ret)
{
	struct visit_options visit = {.engine = engine, .timeout_ns = options->timeout_ns};
	struct inventory_options inventory = settings_inventory(config, engine);
	struct error err = ERROR_INIT;
	enum visit_end end = VISIT_FAILED;
	struct live l = {.snapshot = NULL};
	int status;

	inventory.wants_stopped = stopped;
	inventory.first_deadline_ns = PATIENCE_NS;
	inventory.absent_ns = 0;
	inventory.on_change = live_on_change;
	inventory.on_trouble = live_on_trouble;
	if (live_open(&l, config, &visit, &inventory, &err))
		end = visit_run(&l.visit, &err);
	status = visit_status(&l.visit, end, &err);
	if (status == CLI_EXIT_OK)
		*ret = snapshot_ref(l.snapshot);
	live_close(&l);
	return status;
}

/* One after the other: each opens and closes a loop of its own. */
int live_snapshot(const struct cli_options *options, const struct config *config, bool stopped,
	struct snapshot **ret)
{
	struct snapshot *parts[CONFIG_ENGINES_MAX] = {NULL};
	int status = CLI_EXIT_OK;
	size_t n = 0;

	for (size_t i = 0; i < config->engines.n && status == CLI_EXIT_OK; i++) {
		status = visit_one(options, config, &config->engines.v[i], stopped, &parts[n]);
		n += status == CLI_EXIT_OK;
	}
	if (status == CLI_EXIT_OK)
		*ret = n == 1 ? snapshot_ref(parts[0]) : snapshot_merge(parts, n, 1);
	for (size_t i = 0; i < n; i++)
		snapshot_unref(parts[i]);
	return status;
}

int live_record(const struct cli_options *options, const struct config *config)
{
	struct visit_options visit = {.engine = settings_engine_of(options, config),
		.record = options->operands.v[0],
		.lasting = true};
	struct inventory_options inventory = settings_inventory(config, visit.engine);
	struct error err = ERROR_INIT;
	enum visit_end end = VISIT_FAILED;
	struct live l = {.snapshot = NULL};
	int status;

	inventory.wants_stopped = options->include_stopped;
	inventory.absent_ns = 0;
	inventory.on_change = record_on_change;
	if (live_open(&l, config, &visit, &inventory, &err)) {
		log_info("recording to %s until SIGINT or SIGTERM", options->operands.v[0]);
		end = visit_run(&l.visit, &err);
	}
	/* A signal is the way to end it. */
	status = end == VISIT_SIGNAL ? CLI_EXIT_OK : visit_status(&l.visit, end, &err);
	live_close(&l);
	return status;
}
