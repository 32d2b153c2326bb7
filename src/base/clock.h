/* SPDX-License-Identifier: MIT
 *
 * Clocks in nanoseconds.
 */
#ifndef UD_CLOCK_H
#define UD_CLOCK_H

#include <stdint.h>
#include <sys/time.h>

#define NS_PER_US 1000
#define NS_PER_MS 1000000
#define NS_PER_S  1000000000

/* For measuring and deadlines; never jumps. */
int64_t clock_mono_ns(void);
/* Since 1970-01-01 UTC. */
int64_t clock_real_ns(void);
/* A duration for libevent; negative ones are 0. */
struct timeval clock_timeval(int64_t ns);

#endif
