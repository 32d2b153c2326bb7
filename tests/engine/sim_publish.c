/* SPDX-License-Identifier: MIT
 *
 * The publisher: a first-in-first-out of events, pumped from the loop in slices so that requests
 * and commands are served in between.
 */
#include "config.h"

#include "engine/sim_publish.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <stdlib.h>

#define PUMP_SLICE 256

struct burst {
	uint64_t at, n;
	void (*make)(struct sim *s, void *arg, uint64_t i);
	void (*done)(struct sim *s, void *arg);
	void *arg;
};

struct sim_publisher {
	struct sim *sim;
	enum sim_disturbance disturbance;
	uint64_t disturbed;            /* events that it is still about */
	VEC(struct sim_event *) held;  /* for later */
	VEC(struct sim_event *) fifo;
	size_t head; /* first of fifo that is not delivered */
	VEC(struct sim_conn *) streams;
	struct event *pump, *give_up;
	bool waiting, expired; /* for a full queue */
	bool making;	       /* inside burst.make: its events must not pump */
	struct burst burst;
};

static void pump_soon(struct sim_publisher *p)
{
	event_active(p->pump, EV_TIMEOUT, 0);
}

static bool any_full(const struct sim_publisher *p)
{
	for (size_t i = 0; i < p->streams.n; i++)
		if (sim_stream_full(p->streams.v[i]))
			return true;
	return false;
}

static void tell_streams(struct sim_publisher *p, struct sim_event *ev)
{
	/* from the end: a push may cut its stream and so remove it */
	for (size_t i = p->streams.n; i-- > 0;) {
		if (sim_stream_full(p->streams.v[i]))
			p->sim->count.events_lost++;
		else
			sim_stream_push(p->streams.v[i], ev);
	}
	sim_event_unref(ev);
}

static void end_disturbance(struct sim_publisher *p)
{
	bool late = p->disturbance == SIM_LATE;

	p->disturbance = SIM_UNDISTURBED;
	for (size_t i = 0; i < p->held.n; i++)
		tell_streams(p, p->held.v[late ? p->held.n - 1 - i : i]);
	vec_clear(&p->held);
}

static void deliver(struct sim_publisher *p, struct sim_event *ev)
{
	if (p->disturbance == SIM_LATE || p->disturbance == SIM_AGAIN)
		vec_push(&p->held, sim_event_ref(ev));
	if (p->disturbance == SIM_LATE || p->disturbance == SIM_LOSE)
		sim_event_unref(ev);
	else
		tell_streams(p, ev);
	if (p->disturbance != SIM_UNDISTURBED && --p->disturbed == 0)
		end_disturbance(p);
}

void sim_publisher_disturb(struct sim *s, enum sim_disturbance disturbance, uint64_t n)
{
	end_disturbance(s->publisher);
	if (n == 0)
		return;
	s->publisher->disturbance = disturbance;
	s->publisher->disturbed = n;
}

/* The next event, from the list or the burst; NULL if there is none. */
static struct sim_event *next_event(struct sim_publisher *p)
{
	if (p->head == p->fifo.n) {
		vec_clear(&p->fifo);
		p->head = 0;
		while (p->fifo.n == 0 && p->burst.make && p->burst.at < p->burst.n) {
			p->making = true;
			p->burst.make(p->sim, p->burst.arg, p->burst.at++);
			p->making = false;
		}
	}
	return p->head < p->fifo.n ? p->fifo.v[p->head++] : NULL;
}

static bool all_taken(const struct sim_publisher *p)
{
	return p->head == p->fifo.n && sim_publisher_pending(p->sim) == 0;
}

static void burst_check(struct sim_publisher *p)
{
	struct burst b = p->burst;

	if (!b.make || b.at < b.n || !all_taken(p))
		return;
	p->burst = (struct burst){.at = 0};
	b.done(p->sim, b.arg);
}

/* Stops at a full queue: returns false. */
static bool wait_for_room(struct sim_publisher *p)
{
	struct timeval tv = clock_timeval(p->sim->patience_ns);

	if (!any_full(p) || p->expired) {
		p->expired = false;
		return false;
	}
	if (!p->waiting) {
		p->waiting = true;
		event_add(p->give_up, &tv);
	}
	return true;
}

static void publisher_on_pump(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct sim_publisher *p = arg;
	struct sim_event *ev;

	for (int i = 0; i < PUMP_SLICE; i++) {
		if (p->head == p->fifo.n && p->burst.at >= p->burst.n)
			break;
		if (wait_for_room(p))
			return;
		ev = next_event(p);
		if (ev)
			deliver(p, ev);
	}
	if (p->head < p->fifo.n || p->burst.at < p->burst.n)
		pump_soon(p);
	else
		burst_check(p);
}

static void publisher_on_give_up(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct sim_publisher *p = arg;

	p->waiting = false;
	p->expired = true;
	pump_soon(p);
}

struct sim_publisher *sim_publisher_new(struct sim *s)
{
	struct sim_publisher *p = xcalloc(1, sizeof(*p));

	p->sim = s;
	p->pump = event_new(s->base, -1, EV_TIMEOUT, publisher_on_pump, p);
	p->give_up = event_new(s->base, -1, EV_TIMEOUT, publisher_on_give_up, p);
	return p;
}

void sim_publisher_free(struct sim_publisher *p)
{
	if (!p)
		return;
	for (size_t i = p->head; i < p->fifo.n; i++)
		sim_event_unref(p->fifo.v[i]);
	vec_release(&p->fifo);
	for (size_t i = 0; i < p->held.n; i++)
		sim_event_unref(p->held.v[i]);
	vec_release(&p->held);
	vec_release(&p->streams);
	event_free(p->pump);
	event_free(p->give_up);
	free(p);
}

void sim_publish(struct sim *s, struct sim_event *ev)
{
	struct sim_publisher *p = s->publisher;

	vec_push(&p->fifo, ev);
	if (!p->making)
		pump_soon(p);
}

void sim_publisher_flush(struct sim *s)
{
	struct sim_publisher *p = s->publisher;

	while (p->head < p->fifo.n) {
		for (size_t i = p->streams.n; i-- > 0;)
			sim_stream_flush(p->streams.v[i]);
		deliver(p, p->fifo.v[p->head++]);
	}
	for (size_t i = p->streams.n; i-- > 0;)
		sim_stream_flush(p->streams.v[i]);
}

void sim_publisher_add(struct sim *s, struct sim_conn *conn)
{
	vec_push(&s->publisher->streams, conn);
}

void sim_publisher_remove(struct sim *s, struct sim_conn *conn)
{
	struct sim_publisher *p = s->publisher;

	for (size_t i = 0; i < p->streams.n; i++)
		if (p->streams.v[i] == conn) {
			vec_remove(&p->streams, i);
			sim_publisher_room(s);
			return;
		}
}

void sim_publisher_room(struct sim *s)
{
	struct sim_publisher *p = s->publisher;

	if (p->waiting && !any_full(p)) {
		event_del(p->give_up);
		p->waiting = false;
	}
	if (!p->waiting)
		pump_soon(p);
}

size_t sim_publisher_streams(const struct sim *s)
{
	return s->publisher->streams.n;
}

struct sim_conn *sim_publisher_stream(const struct sim *s, size_t i)
{
	return s->publisher->streams.v[i];
}

bool sim_burst(struct sim *s, uint64_t n, void (*make)(struct sim *s, void *arg, uint64_t i),
	void (*done)(struct sim *s, void *arg), void *arg)
{
	struct sim_publisher *p = s->publisher;

	if (p->burst.make)
		return false;
	p->burst = (struct burst){.n = n, .make = make, .done = done, .arg = arg};
	pump_soon(p);
	return true;
}

size_t sim_publisher_pending(const struct sim *s)
{
	const struct sim_publisher *p = s->publisher;
	size_t n = p->fifo.n - p->head;

	for (size_t i = 0; i < p->streams.n; i++)
		n += sim_stream_pending(p->streams.v[i]);
	return n;
}
