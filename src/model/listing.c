/* SPDX-License-Identifier: MIT
 *
 * Lists of the engine: when to ask for one, what of it differs from what is known and is inspected,
 * and which containers are gone. Rows are judged as they come; only a complete list removes
 * anything.
 */
#include "config.h"

#include "model/inventory_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "model/container.h"
#include "model/inspect.h"

#include <event2/event.h>
#include <stdlib.h>

/* Bytes of one list. */
#define LIST_BYTES_MAX ((size_t)256 * 1024 * 1024)

static void list_on_body(struct engine_call *call, struct str bytes, void *arg);
static void list_on_done(struct engine_call *call, int status, const struct error *err, void *arg);

static const struct engine_call_handlers list_handlers = {
	.on_body = list_on_body,
	.on_done = list_on_done,
};

/* --- one row against what is known ---------------------------------------------------- */

/* Docker and podman have different words for the same states. */
static struct str plain_state(struct str state)
{
	if (str_eq(state, STR("stopped")))
		return STR("exited");
	if (str_eq(state, STR("configured")))
		return STR("created");
	return state;
}

/* States in which a process exists: those that the engine calls running. */
static bool row_runs(const struct inspect_row *row)
{
	return row->state.len == 0 || str_eq(row->state, STR("running")) ||
		str_eq(row->state, STR("paused")) || str_eq(row->state, STR("restarting"));
}

static bool has_name(const struct inspect_row *row, struct str name)
{
	for (size_t i = 0; i < row->names.n; i++) {
		struct str at = *(const struct str *)shape_list_at(&row->names, i, sizeof(at));

		while (at.len && at.p[0] == '/')
			at = str_sub(at, 1, at.len);
		if (str_eq(at, name))
			return true;
	}
	return row->names.n == 0;
}

/* The health that a row tells, p NULL if it tells none: a field since API 1.52, before only words in
 * the text for people. */
static struct str row_health(const struct inspect_row *row)
{
	if (row->health && row->health->status.len)
		return str_eq(row->health->status, STR("none")) ? STR("") : row->health->status;
	if (str_find(row->status, STR("(healthy)")) >= 0)
		return STR("healthy");
	if (str_find(row->status, STR("(unhealthy)")) >= 0)
		return STR("unhealthy");
	if (str_find(row->status, STR("(health: starting)")) >= 0)
		return STR("starting");
	return str_n(NULL, 0);
}

/* A row that tells nothing proves nothing: podman's never do, docker's not of a paused container. */
static bool health_differs(const struct container *c, const struct inspect_row *row)
{
	struct str told = row_health(row), known = c->rec.state.health.status;

	return told.p ? !str_eq(told, c->has_health ? known : STR("")) : c->has_health;
}

static bool is_network(const struct rec_network *known, struct str name,
	const struct inspect_row_network *told)
{
	return str_eq(known->name, name) && str_eq(known->ip, told->ip) &&
		str_eq(known->global_ipv6_address, told->global_ipv6) &&
		str_eq(known->endpoint_id, told->endpoint_id);
}

static bool row_has_network(const struct shape_list *told, const struct rec_network *known)
{
	for (size_t i = 0; i < told->n; i++) {
		const struct str *name =
			shape_list_at(told, i, SHAPE_ENTRY_SIZE(struct inspect_row_network));

		if (is_network(known, *name, (const void *)((const char *)name + SHAPE_ELEM)))
			return true;
	}
	return false;
}

/* Podman has null for none. */
static bool networks_differ(const struct container *c, const struct inspect_row *row)
{
	const struct shape_list *told;

	if (!row->network_settings)
		return false;
	told = &row->network_settings->networks;
	if (told->n != container_networks(c))
		return true;
	for (size_t i = 0; i < container_networks(c); i++)
		if (!row_has_network(told, container_network(c, i)))
			return true;
	return false;
}

static bool row_has_port(const struct inspect_row *row, const struct rec_address *a)
{
	for (size_t i = 0; i < row->ports.n; i++) {
		const struct inspect_row_port *p = shape_list_at(&row->ports, i, sizeof(*p));
		uint64_t port, host_port;

		if (str_eq(p->proto, a->proto) && str_to_u64(a->port, UINT16_MAX, &port) &&
			str_to_u64(a->host_port, UINT16_MAX, &host_port) &&
			(int64_t)port == p->port && (int64_t)host_port == p->host_port)
			return true;
	}
	return false;
}

static bool ports_differ(const struct container *c, const struct inspect_row *row)
{
	for (size_t i = 0; i < container_addresses(c); i++) {
		const struct rec_address *a = container_address(c, i);

		if (a->host_port.len && !row_has_port(row, a))
			return true;
	}
	return false;
}

static bool row_differs(const struct container *c, const struct inspect_row *row)
{
	struct str known = plain_state(c->rec.state.status), told = plain_state(row->state);

	if ((told.len && !str_eq(known, told)) || !has_name(row, c->rec.name))
		return true;
	if (!row_runs(row))
		return false;
	return health_differs(c, row) || networks_differ(c, row) || ports_differ(c, row);
}

static void row_judge(struct inventory *inv, const struct inspect_row *row)
{
	struct cause cause = {.event = inv->list_event, .at_mono_ns = clock_mono_ns()};
	bool wanted = row_runs(row) || inv->options.wants_stopped;
	struct entry *e = wanted ? entry_make(inv, row->id) : entry_get(inv, row->id);

	if (!e)
		return;
	e->listed = inv->list_number;
	if (e->touched_seq > inv->list_seq)
		return; /* an event says more than this list */
	if (!wanted) {
		if (entry_runs(e))
			entry_stopped(e, &cause, row->state);
		return;
	}
	if (!e->c && !inv->ready)
		entry_set_first(e, true);
	if (e->call && e->asked_seq > inv->list_seq)
		return; /* asked for later than this list */
	if (!e->c || e->owed || row_differs(e->c, row))
		entry_inspect(e, &cause);
}

static void list_on_row(const struct shape *shape UNUSED, const void *mem, struct error *err,
	void *arg)
{
	struct inventory *inv = arg;
	const struct inspect_row *row = mem;

	/* A row that is partly unreadable still names its container. */
	if (row && row->id.len)
		row_judge(inv, row);
	else if (err && !error_is_set(&inv->list_error))
		error_set(&inv->list_error, "a row of the list: %s", error_text(err));
}

/* --- asking -------------------------------------------------------------------------------- */

static void list_timer_in(struct inventory *inv, int64_t delay_ns)
{
	struct timeval tv = clock_timeval(delay_ns);

	evtimer_add(inv->list_timer, &tv);
}

void listing_cancel(struct inventory *inv)
{
	if (inv->list_call)
		inv->io->cancel(inv->list_call);
	inv->list_call = NULL;
	shape_decoder_free(inv->list_decoder);
	inv->list_decoder = NULL;
	error_clear(&inv->list_error);
	inv->list_ended_ns = 0;
}

static void list_send(struct inventory *inv)
{
	struct engine_request request = {.body_max = LIST_BYTES_MAX};

	request.path =
		inv->options.wants_stopped ? "/containers/json?all=1" : "/containers/json";
	inv->list_number++;
	inv->list_seq = ++inv->seq;
	inv->list_again = false;
	inv->counts.lists++;
	inv->list_decoder = shape_decoder_new(&shape_rows, list_on_row, inv, LIST_BYTES_MAX);
	inv->list_call = inv->io->call(inv->engine, &request, &list_handlers, inv);
}

void listing_start(struct inventory *inv, const char *event)
{
	int64_t now = clock_mono_ns(), due = inv->list_ended_ns + INVENTORY_LIST_GAP_NS;

	if (!inv->up)
		return; /* the list follows when the engine is back */
	if (inv->list_call) {
		inv->list_again = true;
		return;
	}
	inv->list_event = event;
	if (inv->list_ended_ns && now < due) {
		list_timer_in(inv, due - now);
		return;
	}
	event_del(inv->list_timer);
	list_send(inv);
}

static void list_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct inventory *inv = arg;

	inv->list_ended_ns = 0;
	listing_start(inv, inv->list_event);
}

static void resync_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct inventory *inv = arg;

	if (inv->up)
		facts_resync(inv);
	inventory_resync(inv);
}

/* --- answers --------------------------------------------------------------------------------- */

static void list_on_body(struct engine_call *call UNUSED, struct str bytes, void *arg)
{
	struct inventory *inv = arg;

	if (!error_is_set(&inv->list_error) &&
		!shape_decoder_feed(inv->list_decoder, bytes.p, bytes.len, &inv->list_error))
		error_prepend(&inv->list_error, "the list cannot be read: ");
}

/* Removes what a complete list did not name, unless an event did since. */
static void list_sweep(struct inventory *inv)
{
	struct cause cause = {.event = inv->list_event, .at_mono_ns = clock_mono_ns()};
	VEC(struct entry *) gone = VEC_INIT;
	struct map_entry *m;

	map_each(&inv->entries, m)
	{
		struct entry *e = m->value;

		if (e->listed != inv->list_number && e->touched_seq <= inv->list_seq)
			vec_push(&gone, e);
	}
	for (size_t i = 0; i < gone.n; i++)
		entry_gone(gone.v[i], &cause);
	vec_release(&gone);
}

static void list_failed(struct inventory *inv, const struct error *err)
{
	int64_t delay = inventory_retry_delay(inv->list_failures);

	if (inv->options.on_trouble)
		inv->options.on_trouble(err, inv->options.arg);
	else if (inv->list_failures == 0)
		log_warn("%s: listing containers failed, what is known stays: %s", inv->name,
			error_text(err));
	inv->list_failures++;
	if (inv->up)
		list_timer_in(inv, delay);
}

static void list_complete(struct inventory *inv)
{
	struct timeval tv = clock_timeval(inv->options.resync_ns);

	if (inv->list_failures)
		log_info("%s: listing containers works again", inv->name);
	inv->list_failures = 0;
	inv->counts.synced_mono_ns = inv->list_ended_ns;
	list_sweep(inv);
	if (!inv->listed_once) {
		inv->listed_once = true;
		inventory_wait(inv);
	}
	evtimer_add(inv->resync_timer, &tv);
	if (inv->list_again)
		listing_start(inv, "resync");
	inventory_check_ready(inv);
}

static void list_on_done(struct engine_call *call UNUSED, int status UNUSED,
	const struct error *failed, void *arg)
{
	struct inventory *inv = arg;
	struct error err = ERROR_INIT;
	bool ok = false;

	inv->list_call = NULL;
	inv->catching_up = false;
	inv->list_ended_ns = clock_mono_ns();
	if (failed)
		error_set(&err, "%s", error_text(failed));
	else if (error_is_set(&inv->list_error))
		error_move(&err, &inv->list_error);
	else
		ok = shape_decoder_finish(inv->list_decoder, NULL, &err);
	error_clear(&inv->list_error);
	shape_decoder_free(inv->list_decoder);
	inv->list_decoder = NULL;
	if (ok)
		list_complete(inv);
	else
		list_failed(inv, &err);
	error_clear(&err);
}

void listing_init(struct inventory *inv)
{
	inv->list_timer = evtimer_new(inv->base, list_on_timer, inv);
	inv->resync_timer = evtimer_new(inv->base, resync_on_timer, inv);
	if (!inv->list_timer || !inv->resync_timer)
		abort();
}

void listing_release(struct inventory *inv)
{
	event_free(inv->list_timer);
	event_free(inv->resync_timer);
	shape_decoder_free(inv->list_decoder);
	error_clear(&inv->list_error);
}
