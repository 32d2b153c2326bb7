/* SPDX-License-Identifier: MIT
 *
 * An engine that stays away, see inventory_impl.h. What is known of it stays for ever, or for as
 * long as was configured; and whoever owns the inventory may want to know. Both times run from the
 * moment that the engine was lost, or, before it was ever there, from the start.
 */
#include "config.h"

#include "model/inventory_impl.h"

#include "base/clock.h"
#include "base/log.h"

#include <event2/event.h>
#include <stdlib.h>

/* The containers of an engine that is away too long count as removed. */
static void ttl_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct inventory *inv = arg;
	struct cause cause = {.event = "engine away", .at_mono_ns = clock_mono_ns()};
	VEC(struct entry *) all = VEC_INIT;
	struct map_entry *m;

	map_each (&inv->entries, m) {
		vec_push(&all, m->value);
	}
	if (all.n)
		log_warn("%s: the engine is away for %g s: its %zu containers are dropped",
			inv->name, (double)inv->options.ttl_ns / NS_PER_S, all.n);
	for (size_t i = 0; i < all.n; i++)
		entry_gone(all.v[i], &cause);
	vec_release(&all);
}

static void absent_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct inventory *inv = arg;

	inv->options.on_absent(inv->options.arg);
}

void absence_init(struct inventory *inv)
{
	inv->ttl_timer = evtimer_new(inv->base, ttl_on_timer, inv);
	inv->absent_timer = evtimer_new(inv->base, absent_on_timer, inv);
	if (!inv->ttl_timer || !inv->absent_timer)
		abort();
}

void absence_release(struct inventory *inv)
{
	event_free(inv->ttl_timer);
	event_free(inv->absent_timer);
}

static void begin(struct event *timer, int64_t ns)
{
	struct timeval tv = clock_timeval(ns);

	if (ns > 0 && !evtimer_pending(timer, NULL))
		evtimer_add(timer, &tv);
}

void absence_begin(struct inventory *inv)
{
	begin(inv->ttl_timer, inv->options.ttl_ns);
	if (inv->options.on_absent)
		begin(inv->absent_timer, inv->options.absent_ns);
}

void absence_end(struct inventory *inv)
{
	event_del(inv->ttl_timer);
	event_del(inv->absent_timer);
}
