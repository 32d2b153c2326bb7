/* SPDX-License-Identifier: MIT
 *
 * A clock that belongs to the test. The C library's and libevent's own functions are replaced for
 * the whole process: time passes when nobody has anything to do, up to the next timer, and a little
 * with each look at the clock. So minutes of backoff and liveness take microseconds, every constant
 * of the program counts as it is, and the same seed gives the same run.
 */
#ifndef PROPERTY_CLOCK_H
#define PROPERTY_CLOCK_H

#include <stdint.h>

/* Begins anew, at the same moment each time; seed is of the random numbers that libevent gives. */
void property_clock_reset(uint64_t seed);
/* Nanoseconds since property_clock_reset. */
int64_t property_clock_passed(void);

/* A small generator, the same everywhere. */
uint64_t property_random(uint64_t *state);

#endif
