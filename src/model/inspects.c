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

void entry_unqueue(struct entry *e)
{
	if (e->queued)
		TAILQ_REMOVE(e->queued, e, queue);
	e->queued = NULL;
}

void entry_cancel(struct entry *e)
{
	if (e->call && !e->inv->closing)
		e->inv->io->cancel(e->call);
	inspect_end(e);
}

void entry_free(struct entry *e)
{
	struct inventory *inv = e->inv;

	entry_cancel(e);
	entry_unqueue(e);
	entry_set_first(e, false);
	if (e->timer)
		event_free(e->timer);
	container_unref(e->c);
	container_unref(e->fresh);
	entry_unshow(e);
	smap_remove(&inv->entries, entry_id(e));
	free(e);
}

bool entry_runs(const struct entry *e)
{
	return e->c && e->c->rec.state.running;
}

/* --- asking -------------------------------------------------------------------------- */

/* 0 is the engine's own. */
static int64_t patience(const struct inventory *inv)
{
	int64_t most = inv->engine ? engine_request_timeout(inv->engine) : 0;

	return most > INVENTORY_PATIENCE_NS ? INVENTORY_PATIENCE_NS : 0;
}

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
	if (e->failures == 0)
		request.timeout_ns = patience(inv);
	e->dirty = false;
	e->asked_seq = ++inv->seq;
	e->decoder = decoder_new(inv->pool, str_from(inv->name));
	inv->in_flight++;
	inv->counts.inspects++;
	e->call = inv->io->call(inv->engine, &request, &inspect_handlers, e);
	buf_release(&path);
}

static struct entry *next_entry(struct inventory *inv)
{
	struct entry *e = TAILQ_FIRST(&inv->queue);

	if (!e && inv->in_flight < INVENTORY_CONFIRMS_MAX)
		e = TAILQ_FIRST(&inv->confirms);
	return e;
}

void entries_run(struct inventory *inv)
{
	struct entry *e;

	while (inv->up && inv->in_flight < INVENTORY_INSPECTS_MAX && (e = next_entry(inv)) != NULL) {
		entry_unqueue(e);
		inspect_send(e);
	}
}

static void enqueue(struct entry *e, struct entry_queue *queue)
{
	entry_unqueue(e);
	TAILQ_INSERT_TAIL(queue, e, queue);
	e->queued = queue;
	entries_run(e->inv);
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
	if (e->queued != &e->inv->queue)
		enqueue(e, &e->inv->queue);
}

void entry_inspect_last(struct entry *e)
{
	if (!e->call && !e->fresh && !e->queued)
		enqueue(e, &e->inv->confirms);
}

static void entry_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct entry *e = arg;

	if (e->confirm && e->inv->up)
		entry_inspect_last(e);
	else if (e->inv->up)
		entry_inspect(e, NULL);
	else
		e->owed = !e->confirm; /* the next list confirms it */
}

void entry_timer(struct entry *e, int64_t delay_ns, bool confirm)
{
	struct timeval tv = clock_timeval(delay_ns);

	e->confirm = confirm;

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
	entry_timer(e, delay_ns, false);
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
	entries_run(inv);
}

/* --- answers ---------------------------------------------------------------------------- */

static void inspect_on_body(struct engine_call *call UNUSED, struct str bytes, void *arg)
{
	struct entry *e = arg;

	if (!error_is_set(&e->decode_error) &&
		!decoder_feed(e->decoder, bytes.p, bytes.len, &e->decode_error))
		error_prepend(&e->decode_error, "cannot be read: ");
}

/* What is known gives way to c (whose reference is taken), unless that says the same: then it stays,
 * and with it the memory that snapshots share. */
void entry_replace(struct entry *e, struct container *c, const struct cause *cause, bool urgent)
{
	struct container *old = e->c;
	bool visible = inventory_shows(e->inv, old) || inventory_shows(e->inv, c);

	if (old && old->hash == c->hash) {
		container_unref(c);
		return;
	}
	e->c = c;
	if (visible)
		inventory_changed(e->inv, e, c, cause, urgent);
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
	e->started_ns = c->started_ns;
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
		entry_timer(e, delay, false);
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
	entries_run(inv);
	inventory_check_ready(inv);
}
