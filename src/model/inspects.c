/* SPDX-License-Identifier: MIT
 *
 * Entries of the inventory and their inspects, see inventory_impl.h. An inspect is asked for when
 * something happened, and its answer is the truth; while it is under way, whatever happens sets the
 * dirty bit, and it is asked again.
 */
#include "config.h"

#include "model/inventory_impl.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/container.h"
#include "model/decode.h"

#include <event2/event.h>
#include <stdlib.h>

/* Of an id in a message: as engines show them. */
#define ID_SHOWN 12

static void inspect_on_body(struct engine_call *call, struct str bytes, void *arg);
static void inspect_on_done(struct engine_call *call, int status, const struct error *err,
	void *arg);

static const struct engine_call_handlers inspect_handlers = {
	.on_body = inspect_on_body,
	.on_done = inspect_on_done,
};

static struct str entry_id(const struct entry *e)
{
	return str_n(e->id, e->id_len);
}

/* --- entries ----------------------------------------------------------------------- */

struct entry *entry_get(struct inventory *inv, struct str id)
{
	return smap_get(&inv->entries, id);
}

struct entry *entry_make(struct inventory *inv, struct str id)
{
	struct entry *e = entry_get(inv, id);

	if (e)
		return e;
	if (id.len == 0 || id.len > ENTRY_ID_MAX)
		return NULL;
	if (inv->entries.n >= INVENTORY_CONTAINERS_MAX) {
		if (!inv->full_logged)
			log_error("%s: more than %d containers, the others are left out",
				inv->name, INVENTORY_CONTAINERS_MAX);
		inv->full_logged = true;
		return NULL;
	}
	e = xcalloc(1, sizeof(*e) + id.len + 1);
	e->inv = inv;
	e->id_len = id.len;
	memcpy(e->id, id.p, id.len);
	smap_put(&inv->entries, id, e);
	return e;
}

void entry_set_first(struct entry *e, bool first)
{
	if (first && !e->first)
		e->inv->first_left++;
	else if (!first && e->first)
		e->inv->first_left--;
	e->first = first;
}

/* Ends the inspect in flight without its answer. */
static void inspect_end(struct entry *e)
{
	decoder_free(e->decoder);
	e->decoder = NULL;
	error_clear(&e->decode_error);
	if (e->call)
		e->inv->in_flight--;
	e->call = NULL;
}

static void unqueue(struct entry *e)
{
	if (e->queued)
		TAILQ_REMOVE(&e->inv->queue, e, queue);
	e->queued = false;
}

void entry_free(struct entry *e)
{
	struct inventory *inv = e->inv;

	if (e->call && !inv->closing)
		inv->io->cancel(e->call);
	inspect_end(e);
	unqueue(e);
	entry_set_first(e, false);
	if (e->timer)
		event_free(e->timer);
	container_unref(e->c);
	container_unref(e->fresh);
	smap_remove(&inv->entries, entry_id(e));
	free(e);
}

bool entry_runs(const struct entry *e)
{
	return e->c && e->c->rec.state.running;
}

/* --- asking -------------------------------------------------------------------------- */

static void inspect_send(struct entry *e)
{
	struct inventory *inv = e->inv;
	struct engine_request request = {.body_max = DECODE_BYTES_MAX};
	struct buf path;

	buf_init(&path, ENGINE_PATH_MAX);
	buf_add_cstr(&path, "/containers/");
	engine_path_add(&path, entry_id(e));
	buf_add_cstr(&path, "/json");
	request.path = buf_cstr(&path);
	e->dirty = false;
	e->asked_seq = ++inv->seq;
	e->decoder = decoder_new(inv->pool, str_from(inv->name));
	inv->in_flight++;
	inv->counts.inspects++;
	e->call = inv->io->call(inv->engine, &request, &inspect_handlers, e);
	buf_release(&path);
}

/* Sends what waits, as far as there is room. */
static void queue_run(struct inventory *inv)
{
	struct entry *e;

	while (inv->up && inv->in_flight < INVENTORY_INSPECTS_MAX &&
		(e = TAILQ_FIRST(&inv->queue)) != NULL) {
		unqueue(e);
		inspect_send(e);
	}
}

void entry_inspect(struct entry *e, const struct cause *cause)
{
	if (cause && !e->cause.event)
		e->cause = *cause;
	e->owed = false;
	if (e->timer)
		event_del(e->timer);
	if (e->call || e->fresh) {
		e->dirty = true;
		return;
	}
	if (!e->queued)
		TAILQ_INSERT_TAIL(&e->inv->queue, e, queue);
	e->queued = true;
	queue_run(e->inv);
}

static void entry_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct entry *e = arg;

	if (e->inv->up)
		entry_inspect(e, NULL);
	else
		e->owed = true;
}

static void entry_timer(struct entry *e, int64_t delay_ns)
{
	struct timeval tv = clock_timeval(delay_ns);

	if (!e->timer) {
		e->timer = evtimer_new(e->inv->base, entry_on_timer, e);
		if (!e->timer)
			abort();
	}
	evtimer_add(e->timer, &tv);
}

void entry_inspect_later(struct entry *e, const struct cause *cause, int64_t delay_ns)
{
	if (!e->cause.event)
		e->cause = *cause;
	entry_timer(e, delay_ns);
}

void entries_retry(struct inventory *inv)
{
	struct map_entry *m;

	map_each(&inv->entries, m)
	{
		struct entry *e = m->value;

		e->failures = 0;
		if (e->owed)
			entry_inspect(e, NULL);
	}
	queue_run(inv);
}

/* --- answers ---------------------------------------------------------------------------- */

static void inspect_on_body(struct engine_call *call UNUSED, struct str bytes, void *arg)
{
	struct entry *e = arg;

	if (!error_is_set(&e->decode_error) &&
		!decoder_feed(e->decoder, bytes.p, bytes.len, &e->decode_error))
		error_prepend(&e->decode_error, "cannot be read: ");
}

/* Whether an output may show it. */
static bool container_visible(const struct inventory *inv, const struct container *c)
{
	return c && (c->rec.state.running || inv->options.wants_stopped);
}

/* What is known gives way to c (whose reference is taken), unless that says the same: then it stays,
 * and with it the memory that snapshots share. */
static void entry_replace(struct entry *e, struct container *c, const struct cause *cause,
	bool urgent)
{
	struct container *old = e->c;
	bool visible = container_visible(e->inv, old) || container_visible(e->inv, c);

	if (old && old->hash == c->hash) {
		container_unref(c);
		return;
	}
	e->c = c;
	if (visible)
		inventory_changed(e->inv, e, cause, urgent);
	else
		inventory_stale(e->inv);
	container_unref(old);
}

void entry_settle(struct entry *e)
{
	struct container *c = e->fresh;
	struct cause cause = e->cause;
	bool known = true, urgent;

	if (!c)
		return;
	for (size_t i = 0; i < container_networks(c); i++) {
		const struct rec_network *n = container_network(c, i);
		bool internal = false;

		if (facts_network(e->inv, n->id, n->name, &internal))
			container_set_internal(c, i, internal);
		else
			known = false;
	}
	if (!known)
		return;
	e->fresh = NULL;
	e->cause = (struct cause){.event = NULL};
	container_seal(c);
	if (e->stopped_seq > e->asked_seq && c->rec.state.running) {
		/* Asked before it stopped: all of it is true but that. */
		struct container *stopped =
			container_with_state(c, false, STR("exited"), false);

		container_unref(c);
		c = stopped;
	}
	if (e->first)
		inventory_wait(e->inv);
	entry_set_first(e, false);
	urgent = !c->rec.state.running;
	entry_replace(e, c, &cause, urgent);
	if (e->dirty)
		entry_inspect(e, NULL);
	inventory_check_ready(e->inv);
}

void entries_settle(struct inventory *inv)
{
	struct map_entry *m;

	map_each(&inv->entries, m)
	{
		entry_settle(m->value);
	}
}

/* Asks again after a pause that grows with each failure; when the engine is away, once it is back. */
static void inspect_again(struct entry *e)
{
	int64_t delay = inventory_retry_delay(e->dirty ? 0 : e->failures);

	e->failures++;
	e->owed = true;
	if (e->inv->up)
		entry_timer(e, delay);
}

/* An answer that cannot be decoded: what was known stays, and it is asked again, since an answer can be
 * spoilt on its way. Logged once for each reason. */
static void inspect_unreadable(struct entry *e, struct error *why)
{
	uint64_t hash = str_hash(str_from(error_text(why)));

	e->inv->counts.unreadable++;
	if (e->unreadable != hash)
		log_warn("%s: container %.*s: %s; %s", e->inv->name, ID_SHOWN, e->id,
			error_text(why), e->c ? "what was known of it stays" : "it is left out");
	e->unreadable = hash;
	entry_set_first(e, false);
	inspect_again(e);
}

static void inspect_read(struct entry *e)
{
	struct error err = ERROR_INIT;
	struct container *c = NULL;

	if (error_is_set(&e->decode_error))
		error_move(&err, &e->decode_error);
	else if (!decoder_finish(e->decoder, &c, &err))
		error_prepend(&err, "cannot be read: ");
	inspect_end(e);
	if (c && !str_eq(c->rec.id, entry_id(e))) {
		container_unref(c);
		c = NULL;
		error_set(&err, "the engine answered for another container");
	}
	if (c) {
		e->unreadable = 0;
		e->failures = 0;
		e->fresh = c;
		entry_settle(e);
	} else {
		inspect_unreadable(e, &err);
	}
	error_clear(&err);
}

/* Anything but an answer: ask again, later. */
static void inspect_failed(struct entry *e, const struct error *err)
{
	inspect_end(e);
	if (e->inv->up && e->failures == 0)
		log_warn("%s: inspect of container %.*s failed, asking again: %s", e->inv->name,
			ID_SHOWN, e->id, error_text(err));
	inspect_again(e);
}

static void inspect_on_done(struct engine_call *call UNUSED, int status, const struct error *err,
	void *arg)
{
	struct entry *e = arg;
	struct inventory *inv = e->inv;
	struct cause gone = {.event = "gone", .at_mono_ns = clock_mono_ns()};

	if (status == 404) {
		inspect_end(e);
		entry_gone(e, e->cause.event ? &e->cause : &gone);
	} else if (err) {
		inspect_failed(e, err);
	} else {
		inspect_read(e);
	}
	queue_run(inv);
	inventory_check_ready(inv);
}

/* --- stopping ----------------------------------------------------------------------------- */

/* Whatever was to be asked about it need not be asked any more. */
static void inspect_needless(struct entry *e)
{
	unqueue(e);
	if (e->timer)
		event_del(e->timer);
	e->owed = e->dirty = false;
	if (!e->call && !e->fresh) {
		entry_set_first(e, false);
		e->cause = (struct cause){.event = NULL};
	}
}

void entry_stopped(struct entry *e, const struct cause *cause, struct str status)
{
	e->stopped_seq = ++e->inv->seq;
	if (!e->inv->options.wants_stopped)
		inspect_needless(e);
	if (entry_runs(e))
		entry_replace(e, container_with_state(e->c, false, status, false), cause, true);
	if (e->inv->options.wants_stopped)
		entry_inspect(e, cause);
}

void entry_gone(struct entry *e, const struct cause *cause)
{
	struct inventory *inv = e->inv;
	struct cause why = *cause;

	smap_remove(&inv->entries, entry_id(e));
	if (container_visible(inv, e->c))
		inventory_changed(inv, e, &why, true);
	else
		inventory_stale(inv);
	entry_free(e);
	queue_run(inv);
	inventory_check_ready(inv);
}
