/* SPDX-License-Identifier: MIT
 *
 * The inventory's front: what each event of the engine means, when there is a snapshot, and who is
 * told that it changed. See inventory.h and inventory_impl.h.
 */
#include "config.h"

#include "model/inventory.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/container.h"
#include "model/expose.h"
#include "model/intern.h"
#include "model/inventory_impl.h"

#include <event2/event.h>
#include <stdlib.h>

/* Of a container's name in a change. */
#define NAME_SHOWN_MAX 255

static const struct inventory_io engine_io = {.call = engine_call, .cancel = engine_call_cancel};

/* --- changes ---------------------------------------------------------------------- */

void inventory_stale(struct inventory *inv)
{
	snapshot_unref(inv->snapshot);
	inv->snapshot = NULL;
}

/* Tells of the pending change. */
static void change_tell(struct inventory *inv)
{
	struct inventory_change change = inv->pending;
	char *name = inv->pending_name, *id = inv->pending_id;

	inv->pending.containers = 0;
	inv->pending_name = inv->pending_id = NULL;
	inv->counts.changes++;
	if (inv->options.on_change)
		inv->options.on_change(&change, inv->options.arg);
	free(name);
	free(id);
}

bool inventory_shows(const struct inventory *inv, const struct container *c)
{
	return c && (c->rec.state.running || inv->options.wants_stopped);
}

/* Adds a change of n containers to what is pending: of e, which is c, or of several (NULL). */
static void change_add(struct inventory *inv, const struct entry *e, const struct container *c,
	const struct cause *cause, size_t n, bool urgent)
{
	struct inventory_change *p = &inv->pending;
	bool more = p->containers > 0;

	free(inv->pending_name);
	free(inv->pending_id);
	inv->pending_name = inv->pending_id = NULL;
	if (e && !more) {
		inv->pending_name =
			xmemdup0(c->rec.name.p, str_sub(c->rec.name, 0, NAME_SHOWN_MAX).len);
		inv->pending_id = xmemdup0(e->id, e->id_len);
	}
	if (!more)
		*p = (struct inventory_change){.event = cause->event,
			.at_mono_ns = cause->at_mono_ns,
			.engine_ns = cause->engine_ns};
	p->name = inv->pending_name;
	p->id = str_from(inv->pending_id);
	p->containers += (unsigned)n;
	p->urgent = p->urgent || urgent;
}

void inventory_changed(struct inventory *inv, const struct entry *e, const struct container *c,
	const struct cause *cause, bool urgent)
{
	struct cause why = *cause;

	inventory_stale(inv);
	if (!inv->ready)
		return;
	if (!why.event)
		why = (struct cause){.event = inv->list_event, .at_mono_ns = clock_mono_ns()};
	change_add(inv, e, c, &why, 1, urgent);
	if (inv->options.wants_counts)
		facts_count(inv);
	else
		change_tell(inv);
}

void inventory_counted(struct inventory *inv)
{
	inventory_stale(inv);
	if (inv->ready && inv->pending.containers)
		change_tell(inv);
}

void inventory_check_ready(struct inventory *inv)
{
	struct cause cause = {.event = "first list", .at_mono_ns = clock_mono_ns()};
	bool complete = inv->first_left == 0 && facts_idle(inv);

	if (inv->ready || !inv->listed_once || (!complete && !inv->deadline_over))
		return;
	if (!complete)
		log_warn("%s: the first snapshot waits no longer, %zu containers are not known yet",
			inv->name, inv->first_left);
	inv->ready = true;
	event_del(inv->deadline_timer);
	change_add(inv, NULL, NULL, &cause, inv->entries.n ? inv->entries.n : 1, false);
	change_tell(inv);
}

static bool anything_known(const struct inventory *inv)
{
	struct map_entry *m;

	map_each(&inv->entries, m)
	{
		const struct entry *e = m->value;

		if (e->c || e->fresh)
			return true;
	}
	return inv->entries.n == 0;
}

/* No inspect was answered for that long. A snapshot without any container would be worse than none,
 * as long as the engine says that there are some. */
static void deadline_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct inventory *inv = arg;

	if (!anything_known(inv)) {
		inventory_wait(inv);
		return;
	}
	inv->deadline_over = true;
	facts_give_up(inv);
	inventory_check_ready(inv);
}

void inventory_wait(struct inventory *inv)
{
	struct timeval tv = clock_timeval(inv->options.first_deadline_ns);

	if (!inv->ready && !inv->deadline_over && inv->listed_once)
		evtimer_add(inv->deadline_timer, &tv);
}

int64_t inventory_retry_delay(unsigned failures)
{
	int64_t delay = INVENTORY_RETRY_MIN_NS;

	for (unsigned i = 0; i < failures && delay < INVENTORY_RETRY_MAX_NS; i++)
		delay *= 2;
	return delay < INVENTORY_RETRY_MAX_NS ? delay : INVENTORY_RETRY_MAX_NS;
}

/* --- events of the engine -------------------------------------------------------------- */

/* What to do about one kind of event. */
typedef void event_fn(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause);

static struct entry *touched(struct inventory *inv, struct entry *e)
{
	if (e)
		e->touched_seq = ++inv->seq;
	return e;
}

static void on_started(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause)
{
	struct entry *e = touched(inv, entry_make(inv, event->id));

	if (e)
		entry_inspect(e, cause);
}

/* A new container does not run yet; its start is what counts. */
static void on_created(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause)
{
	if (inv->options.wants_stopped)
		on_started(inv, event, cause);
}

/* An event may be of a time before the container's last start: told again, told late, or of the time
 * that we were away. */
static bool is_of_before(const struct entry *e, const struct engine_event *event)
{
	return e->inv->catching_up || (event->time_nano && event->time_nano < e->started_ns);
}

static void on_stopped(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause)
{
	struct entry *e = touched(inv, entry_get(inv, event->id));

	if (e && is_of_before(e, event))
		entry_inspect(e, cause);
	else if (e)
		entry_stopped(e, cause, STR("exited"));
}

static void on_destroyed(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause)
{
	struct entry *e = touched(inv, entry_get(inv, event->id));

	if (e)
		entry_removed(e, cause);
}

/* It may look different now: only what an output can show is asked for. Where nothing is asked, a list
 * may know more. */
static void on_altered(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause)
{
	struct entry *e = entry_get(inv, event->id);

	if (e && (entry_runs(e) || e->call || e->fresh || inv->options.wants_stopped))
		entry_inspect(touched(inv, e), cause);
}

/* Podman tells the health at every probe: only another one is news. */
static void on_health(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause)
{
	struct entry *e = entry_get(inv, event->id);

	if (e && e->c && !e->call && !e->fresh && event->health.len &&
		str_eq(event->health, e->c->rec.state.health.status))
		return;
	on_started(inv, event, cause);
}

/* Before its start a container is connected to its networks: that is no news. */
static void on_connected(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause)
{
	struct entry *e = entry_get(inv, event->id);

	if (e && entry_runs(e))
		on_altered(inv, event, cause);
}

static void on_disconnected(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause)
{
	struct entry *e = entry_get(inv, event->id);

	if (e && entry_runs(e))
		entry_inspect_later(touched(inv, e), cause, INVENTORY_DISCONNECT_NS);
}

static void on_network_destroyed(struct inventory *inv, const struct engine_event *event,
	const struct cause *cause UNUSED)
{
	facts_forget_network(inv, event->network);
}

/* Indexed by kind; NULL: nothing to do. A restart is a die and a start besides; what is paused or has
 * health does run, whatever we knew. */
static event_fn *const event_fns[ENGINE_EVENT_KINDS] = {
	[ENGINE_CONTAINER_CREATE] = on_created,
	[ENGINE_CONTAINER_DESTROY] = on_destroyed,
	[ENGINE_CONTAINER_DIE] = on_stopped,
	[ENGINE_CONTAINER_HEALTH] = on_health,
	[ENGINE_CONTAINER_PAUSE] = on_started,
	[ENGINE_CONTAINER_RENAME] = on_altered,
	[ENGINE_CONTAINER_START] = on_started,
	[ENGINE_CONTAINER_STOP] = on_stopped,
	[ENGINE_CONTAINER_UNPAUSE] = on_started,
	[ENGINE_CONTAINER_UPDATE] = on_altered,
	[ENGINE_NETWORK_CONNECT] = on_connected,
	[ENGINE_NETWORK_DISCONNECT] = on_disconnected,
	[ENGINE_NETWORK_DESTROY] = on_network_destroyed,
};

static void inventory_on_event(struct engine *engine UNUSED, const struct engine_event *event,
	void *arg)
{
	struct inventory *inv = arg;
	struct cause cause = {.event = event->action,
		.at_mono_ns = clock_mono_ns(),
		.engine_ns = event->time_nano};

	inv->counts.events++;
	if (inv->swarm)
		swarm_on_event(inv->swarm, event, &cause);
	else if (event_fns[event->kind])
		event_fns[event->kind](inv, event, &cause);
}

static void list_for(struct inventory *inv, const char *event)
{
	if (inv->swarm)
		swarm_sync(inv->swarm, event);
	else
		listing_start(inv, event);
}

static void inventory_on_up(struct engine *engine UNUSED, void *arg)
{
	struct inventory *inv = arg;

	inv->up = true;
	inv->catching_up = true;
	absence_end(inv);
	facts_start(inv);
	inv->list_failures = 0; /* the pauses start anew */
	/* A list from before this stream proves nothing. */
	if (inv->swarm)
		swarm_cancel(inv->swarm);
	else
		listing_cancel(inv);
	list_for(inv, inv->listed_once ? "reconnect" : "first list");
	entries_retry(inv);
}

static void inventory_on_down(struct engine *engine UNUSED, const struct error *why UNUSED,
	void *arg)
{
	struct inventory *inv = arg;

	inv->up = false;
	absence_begin(inv);
}

/* The engine's room has logged it. */
static void inventory_on_lost(struct engine *engine UNUSED, const char *why UNUSED, void *arg)
{
	inventory_resync(arg);
}

const struct engine_handlers *inventory_engine_handlers(void)
{
	static const struct engine_handlers handlers = {
		.on_up = inventory_on_up,
		.on_event = inventory_on_event,
		.on_lost = inventory_on_lost,
		.on_down = inventory_on_down,
	};

	return &handlers;
}

/* --- the inventory ------------------------------------------------------------------------ */

/* The rules with their texts copied into one block, *ret_text. */
static struct address_rules rules_copy(const struct address_rules *rules, char **ret_text)
{
	struct address_rules copy = *rules;
	char *at = xmalloc(rules->published.len + rules->host.len + 1);

	*ret_text = at;
	if (copy.published.p)
		copy.published.p = memcpy(at, copy.published.p, copy.published.len);
	if (copy.host.p)
		copy.host.p = memcpy(at + copy.published.len, copy.host.p, copy.host.len);
	return copy;
}

static char **env_copy(const char *const *env)
{
	size_t n = 0;
	char **copy;

	while (env && env[n])
		n++;
	copy = xcalloc(n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(env[i]);
	return copy;
}

struct inventory *inventory_new(struct event_base *base, const struct inventory_options *options)
{
	struct inventory *inv = xcalloc(1, sizeof(*inv));

	inv->base = base;
	inv->io = &engine_io;
	inv->options = *options;
	inv->name = xstrdup(options->name ? options->name : "engine");
	if (options->self)
		self_copy(&inv->self, options->self);
	inv->env = env_copy(options->env);
	inv->options.addresses = rules_copy(&options->addresses, &inv->address_text);
	inv->options.name = NULL;
	inv->options.self = NULL;
	inv->options.env = NULL;
	if (inv->options.resync_ns == 0)
		inv->options.resync_ns = INVENTORY_RESYNC_NS;
	if (inv->options.first_deadline_ns == 0)
		inv->options.first_deadline_ns = INVENTORY_FIRST_DEADLINE_NS;
	inv->pool = intern_pool_new();
	TAILQ_INIT(&inv->queue);
	TAILQ_INIT(&inv->confirms);
	inv->list_event = "first list";
	inv->deadline_timer = evtimer_new(base, deadline_on_timer, inv);
	if (!inv->deadline_timer)
		abort();
	if (inv->options.refresh_ns == 0)
		inv->options.refresh_ns = INVENTORY_REFRESH_NS;
	if (inv->options.swarm)
		inv->swarm = swarm_new(inv);
	listing_init(inv);
	facts_init(inv);
	absence_init(inv);
	return inv;
}

void inventory_free(struct inventory *inv)
{
	struct map_entry *m;

	if (!inv)
		return;
	inv->closing = true; /* the engine is gone by now, and with it all calls */
	swarm_free(inv->swarm);
	listing_release(inv);
	facts_release(inv);
	absence_release(inv);
	map_each(&inv->entries, m)
	{
		entry_free(m->value);
	}
	smap_release(&inv->entries);
	snapshot_unref(inv->snapshot);
	intern_pool_free(inv->pool);
	event_free(inv->deadline_timer);
	for (size_t i = 0; inv->env[i]; i++)
		free(inv->env[i]);
	free(inv->env);
	free(inv->address_text);
	free(inv->pending_name);
	free(inv->pending_id);
	free(inv->name);
	self_release(&inv->self);
	free(inv);
}

void inventory_set_engine(struct inventory *inv, struct engine *engine)
{
	inv->engine = engine;
	absence_begin(inv);
}

void inventory_set_io(struct inventory *inv, const struct inventory_io *io)
{
	inv->io = io;
}

void inventory_resync(struct inventory *inv)
{
	list_for(inv, "resync");
}

void inventory_set_wants(struct inventory *inv, bool stopped, bool counts)
{
	struct cause cause = {.event = "counts", .at_mono_ns = clock_mono_ns()};
	bool more = stopped && !inv->options.wants_stopped;
	bool count = counts && !inv->options.wants_counts && inv->ready;

	inv->options.wants_stopped = stopped;
	inv->options.wants_counts = counts;
	if (more)
		inventory_resync(inv);
	if (count) {
		change_add(inv, NULL, NULL, &cause, 1, false);
		facts_count(inv);
	}
}

void inventory_get_counts(const struct inventory *inv, struct inventory_counts *ret)
{
	struct map_entry *m;

	*ret = inv->counts;
	map_each(&inv->entries, m)
	{
		const struct entry *e = m->value;

		ret->containers += e->c != NULL;
		ret->running += entry_runs(e);
	}
}
