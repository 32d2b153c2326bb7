/* SPDX-License-Identifier: MIT
 *
 * Turning the event loop until something is true. A test that waits in vain fails at the deadline
 * and says for what.
 */
#ifndef UD_TEST_LOOP_H
#define UD_TEST_LOOP_H

#include "base/base.h"
#include "base/clock.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#define LOOP_DEADLINE_S 30

static UNUSED void loop_on_tick(evutil_socket_t fd, short what, void *arg) {}

/* Turns base until condition holds; it is looked at after every turn, at least every 20 ms. One
 * that a thread may change again counts when it was seen. */
#define loop_until(base, condition)                                                                \
	do {                                                                                       \
		const struct timeval tick_ = {.tv_usec = 20000};                                   \
		int64_t end_ = clock_mono_ns() + (int64_t)LOOP_DEADLINE_S * NS_PER_S;              \
		struct event *e_ = event_new(base, -1, EV_PERSIST, loop_on_tick, NULL);            \
		bool met_ = false;                                                                 \
                                                                                                   \
		event_add(e_, &tick_);                                                             \
		while (!(met_ = (condition)) && clock_mono_ns() < end_)                            \
			event_base_loop(base, EVLOOP_ONCE);                                        \
		event_free(e_);                                                                    \
		cr_assert(met_, "waited %d s in vain for: %s", LOOP_DEADLINE_S, #condition);       \
	} while (0)

#endif
