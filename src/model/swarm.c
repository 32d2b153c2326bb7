/* SPDX-License-Identifier: MIT
 *
 * Rounds of questions to a swarm's manager, see swarm.h. Entries of the inventory are tasks by the
 * ids of their containers; they are never inspected.
 *
 * Invariant: what a task says counts at once, but only a round of which all answers came, and could
 * be read, takes tasks away. A container that died is dead, whatever the manager still says: a
 * swarm never starts one again.
 */
#include "config.h"

#include "model/swarm.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/container.h"
#include "model/inventory_impl.h"

#include <event2/event.h>
#include <stdlib.h>

struct stage {
	const char *path;
	const struct shape *shape;
	const char *what;
};

/* The order matters: a task's service and node are known before it. The filter of tasks is
 * {"desired-state":["running"]}. */
enum { STAGE_SERVICES, STAGE_NODES, STAGE_TASKS, STAGES };

static const struct stage stages[] = {
	[STAGE_SERVICES] = {"/services", &swarm_services, "services"},
	[STAGE_NODES] = {"/nodes", &swarm_nodes, "nodes"},
	[STAGE_TASKS] = {"/tasks?filters=%7B%22desired-state%22%3A%5B%22running%22%5D%7D",
		&swarm_tasks, "tasks"},
};

/* A container that died. */
struct dead {
	uint64_t listed; /* number of the last round that named it */
	uint64_t round;	 /* that was under way or over when it died */
	size_t id_len;
	char id[];
};

struct swarm {
	struct inventory *inv;
	unsigned stage;
	struct engine_call *call; /* NULL: no round */
	struct shape_decoder *decoder;
	struct error error;
	const char *event; /* why */
	const char *again; /* why another round follows; NULL: none */
	uint64_t round;
	struct arena arena;	     /* of this round */
	struct smap services, nodes; /* by id */
	bool incomplete;  /* a task of an unknown service was seen: a list came too early */
	bool doubtful;	  /* a member could not be read: who is missing may be that one */
	bool once_more;	  /* the round before was incomplete */
	struct smap dead; /* by id */
	struct event *timer;
	int64_t hot_until_ns;
	unsigned failures;
	uint64_t said, said_bad; /* hashes of the last failure and bad member that were logged */
};

static void swarm_on_body(struct engine_call *call, struct str bytes, void *arg);
static void swarm_on_done(struct engine_call *call, int status, const struct error *err, void *arg);

static const struct engine_call_handlers swarm_handlers = {
	.on_body = swarm_on_body,
	.on_done = swarm_on_done,
};

/* --- what the answers say ----------------------------------------------------------------- */

static void take_service(struct swarm *s, const void *service)
{
	struct swarm_service *copy = swarm_service_copy(&s->arena, service);

	smap_put(&s->services, copy->id, copy);
}

static void take_node(struct swarm *s, const void *node)
{
	struct swarm_node *copy = swarm_node_copy(&s->arena, node);

	smap_put(&s->nodes, copy->id, copy);
}

/* The manager may not know yet that a container is dead. */
static bool is_dead(struct swarm *s, struct str id)
{
	struct dead *d = smap_get(&s->dead, id);

	if (d)
		d->listed = s->round;
	return d != NULL;
}

static void take_task(struct swarm *s, const void *mem)
{
	const struct swarm_task *task = mem;
	struct inventory *inv = s->inv;
	struct cause cause = {.event = s->event, .at_mono_ns = clock_mono_ns()};
	const struct swarm_service *service = smap_get(&s->services, task->service);
	const struct swarm_node *node = smap_get(&s->nodes, task->node);
	struct entry *e;

	if (!swarm_task_runs(task) || is_dead(s, task->status.container.id))
		return;
	if (!service || !node) {
		s->incomplete = true;
		return;
	}
	e = swarm_node_works(node) ? entry_make(inv, task->status.container.id) : NULL;
	if (!e)
		return;
	e->listed = s->round;
	entry_replace(e, swarm_container(task, service, node, inv->pool, str_from(inv->name)),
		&cause, false);
}

/* A task that is partly unreadable stays as it was known. Of anything else it is not even known
 * which tasks it is about. */
static void take_bad(struct swarm *s, const void *mem, const struct error *why)
{
	const struct swarm_task *task = s->stage == STAGE_TASKS ? mem : NULL;
	struct entry *e = task ? entry_get(s->inv, task->status.container.id) : NULL;
	uint64_t hash = str_hash(str_from(error_text(why)));

	if (hash != s->said_bad)
		log_warn("%s: one of the swarm's %s cannot be read, what is known of it stays: %s",
			s->inv->name, stages[s->stage].what, error_text(why));
	s->said_bad = hash;
	if (e)
		e->listed = s->round;
	else
		s->doubtful = true;
}

static void swarm_on_each(
	const struct shape *shape UNUSED, const void *mem, struct error *err, void *arg)
{
	static void (*const take[])(struct swarm *, const void *) = {
		take_service, take_node, take_task};
	struct swarm *s = arg;

	if (err)
		take_bad(s, mem, err);
	else if (mem)
		take[s->stage](s, mem);
}

/* --- rounds ---------------------------------------------------------------------------------- */

static void stage_send(struct swarm *s)
{
	struct engine_request request = {
		.path = stages[s->stage].path, .body_max = SWARM_BYTES_MAX};

	s->inv->counts.lists++;
	s->decoder = shape_decoder_new(stages[s->stage].shape, swarm_on_each, s, SWARM_BYTES_MAX);
	s->call = s->inv->io->call(s->inv->engine, &request, &swarm_handlers, s);
}

static void round_clear(struct swarm *s)
{
	shape_decoder_free(s->decoder);
	s->decoder = NULL;
	s->call = NULL;
	error_clear(&s->error);
	smap_clear(&s->services);
	smap_clear(&s->nodes);
	arena_clear(&s->arena);
}

static void timer_in(struct swarm *s, int64_t delay_ns)
{
	struct timeval tv = clock_timeval(delay_ns);

	evtimer_add(s->timer, &tv);
}

static int64_t pause_ns(const struct swarm *s)
{
	int64_t refresh = s->inv->options.refresh_ns;
	int64_t retry = s->failures ? inventory_retry_delay(s->failures - 1) : 0;

	if (retry)
		return retry > refresh ? retry : refresh;
	if (clock_mono_ns() < s->hot_until_ns && refresh > SWARM_SOON_NS)
		return SWARM_SOON_NS;
	return refresh;
}

/* What comes after a round, however it ended. */
static void round_end(struct swarm *s)
{
	const char *again = s->again;

	round_clear(s);
	s->again = NULL;
	if (again && s->inv->up)
		swarm_sync(s, again);
	else if (s->inv->up)
		timer_in(s, pause_ns(s));
}

/* Removes what a complete round did not name. */
static void round_sweep(struct swarm *s)
{
	struct cause cause = {.event = s->event, .at_mono_ns = clock_mono_ns()};
	VEC(struct entry *) gone = VEC_INIT;
	VEC(struct dead *) buried = VEC_INIT;
	struct map_entry *m;

	map_each (&s->inv->entries, m) {
		struct entry *e = m->value;

		if (e->listed != s->round)
			vec_push(&gone, e);
	}
	map_each (&s->dead, m) {
		struct dead *d = m->value;

		if (d->listed != s->round && d->round < s->round)
			vec_push(&buried, d);
	}
	for (size_t i = 0; i < gone.n; i++)
		entry_gone(gone.v[i], &cause);
	for (size_t i = 0; i < buried.n; i++) {
		smap_remove(&s->dead, str_n(buried.v[i]->id, buried.v[i]->id_len));
		free(buried.v[i]);
	}
	vec_release(&gone);
	vec_release(&buried);
}

static void round_complete(struct swarm *s)
{
	struct inventory *inv = s->inv;
	bool once_more = s->incomplete && !s->once_more;

	if (s->failures)
		log_info("%s: the swarm can be listed again", inv->name);
	s->failures = 0;
	s->said = 0;
	s->once_more = once_more;
	inv->counts.synced_mono_ns = clock_mono_ns();
	inv->catching_up = false;
	/* A service that is missing may only be newer than its list: then nothing is gone for sure.
	 */
	if (!once_more && !s->doubtful)
		round_sweep(s);
	if (once_more && !s->again)
		s->again = s->event;
	inv->listed_once = inv->listed_once || !once_more;
	inventory_check_ready(inv);
	round_end(s);
}

static void round_failed(struct swarm *s, int status, struct error *err)
{
	uint64_t hash;

	if (status == 503 || status == 406)
		error_append(err, " (source = swarm needs the endpoint of a manager)");
	hash = str_hash(str_from(error_text(err)));
	if (s->inv->options.on_trouble)
		s->inv->options.on_trouble(err, s->inv->options.arg);
	else if (s->inv->up && hash != s->said)
		log_warn("%s: listing the swarm's %s failed, what is known stays: %s", s->inv->name,
			stages[s->stage].what, error_text(err));
	if (s->inv->up)
		s->said = hash;
	s->failures++;
	round_end(s);
}

static void swarm_on_body(struct engine_call *call UNUSED, struct str bytes, void *arg)
{
	struct swarm *s = arg;

	if (!error_is_set(&s->error) &&
		!shape_decoder_feed(s->decoder, bytes.p, bytes.len, &s->error))
		error_prepend(&s->error, "the list cannot be read: ");
}

static void swarm_on_done(
	struct engine_call *call UNUSED, int status, const struct error *failed, void *arg)
{
	struct swarm *s = arg;
	struct error err = ERROR_INIT;
	bool ok = false;

	s->call = NULL;
	if (failed)
		error_set(&err, "%s", error_text(failed));
	else if (error_is_set(&s->error))
		error_move(&err, &s->error);
	else
		ok = shape_decoder_finish(s->decoder, NULL, &err) && !error_is_set(&s->error);
	if (!ok && error_is_set(&s->error))
		error_move(&err, &s->error);
	shape_decoder_free(s->decoder);
	s->decoder = NULL;
	if (!ok)
		round_failed(s, status, &err);
	else if (++s->stage < STAGES)
		stage_send(s);
	else
		round_complete(s);
	error_clear(&err);
}

void swarm_sync(struct swarm *s, const char *event)
{
	if (!s->inv->up)
		return;
	if (s->call) {
		s->again = event;
		return;
	}
	event_del(s->timer);
	round_clear(s);
	s->event = s->inv->list_event = event;
	s->incomplete = s->doubtful = false;
	s->round = ++s->inv->list_number;
	s->stage = STAGE_SERVICES;
	stage_send(s);
}

static void swarm_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	swarm_sync(arg, "refresh");
}

/* --- events ------------------------------------------------------------------------------------
 */

/* Of this node's containers: the manager learns of it later than we do. */
static void container_died(
	struct swarm *s, const struct engine_event *event, const struct cause *cause)
{
	struct entry *e = entry_get(s->inv, event->id);
	struct dead *d;

	if (event->id.len == 0 || smap_get(&s->dead, event->id) || s->dead.n >= SWARM_DEAD_MAX)
		return;
	d = xcalloc(1, sizeof(*d) + event->id.len);
	d->round = s->round;
	d->id_len = event->id.len;
	memcpy(d->id, event->id.p, event->id.len);
	smap_put(&s->dead, str_n(d->id, d->id_len), d);
	if (!e)
		return;
	entry_gone(e, cause);
	s->hot_until_ns = clock_mono_ns() + SWARM_HOT_NS;
	if (!s->call && s->inv->up)
		timer_in(s, pause_ns(s));
}

void swarm_on_event(struct swarm *s, const struct engine_event *event, const struct cause *cause)
{
	if (event->kind == ENGINE_CONTAINER_DIE || event->kind == ENGINE_CONTAINER_DESTROY) {
		container_died(s, event, cause);
	} else if (event->kind >= ENGINE_NODE_CREATE) {
		s->hot_until_ns = clock_mono_ns() + SWARM_HOT_NS;
		swarm_sync(s, event->action);
	}
}

/* --- its life ------------------------------------------------------------------------------------
 */

struct swarm *swarm_new(struct inventory *inv)
{
	struct swarm *s = xcalloc(1, sizeof(*s));

	s->inv = inv;
	arena_init(&s->arena);
	s->timer = evtimer_new(inv->base, swarm_on_timer, s);
	if (!s->timer)
		abort();
	return s;
}

void swarm_cancel(struct swarm *s)
{
	if (s->call)
		s->inv->io->cancel(s->call);
	event_del(s->timer);
	round_clear(s);
	s->again = NULL;
	s->failures = 0;
}

void swarm_free(struct swarm *s)
{
	struct map_entry *m;

	if (!s)
		return;
	round_clear(s);
	smap_release(&s->services);
	smap_release(&s->nodes);
	arena_release(&s->arena);
	map_each (&s->dead, m) {
		free(m->value);
	}
	smap_release(&s->dead);
	event_free(s->timer);
	free(s);
}
