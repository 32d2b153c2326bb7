/* SPDX-License-Identifier: MIT
 *
 * Replaces the clocks, epoll_wait and libevent's random numbers, see property_clock.h. A program's
 * own function of a library's name comes first for the library, too.
 */
#include "config.h"

#include "engine/property_clock.h"

#include "base/clock.h"

#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SIGSET_BYTES 8 /* of the kernel's */
/* 2024-05-01T12:00:00Z */
#define BEGIN_NS ((int64_t)1714564800 * NS_PER_S)
#define LOOK_NS	 (1 * (int64_t)NS_PER_US)

static int64_t passed;
static uint64_t random_state;

void property_clock_reset(uint64_t seed)
{
	passed = 0;
	random_state = seed;
}

int64_t property_clock_passed(void)
{
	return passed;
}

uint64_t property_random(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
	int64_t now = BEGIN_NS + (passed += LOOK_NS);

	(void)id;
	ts->tv_sec = now / NS_PER_S;
	ts->tv_nsec = now % NS_PER_S;
	return 0;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	struct timespec ts;

	(void)tz;
	clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / NS_PER_US;
	return 0;
}

/* All that can become ready comes from this process, so what is not ready now is not before the
 * next timer. */
int epoll_wait(int epfd, struct epoll_event *events, int max, int timeout_ms)
{
	int n = (int)syscall(SYS_epoll_pwait, epfd, events, max, 0, NULL, SIGSET_BYTES);

	if (n != 0)
		return n;
	if (timeout_ms < 0) {
		fputs("engine-property: nothing will ever happen again\n", stderr);
		abort();
	}
	passed += (int64_t)timeout_ms * NS_PER_MS;
	return 0;
}

void evutil_secure_rng_get_bytes(void *buf, size_t n)
{
	uint64_t x;

	for (size_t at = 0; at < n; at += sizeof(x)) {
		x = property_random(&random_state);
		memcpy((char *)buf + at, &x, n - at < sizeof(x) ? n - at : sizeof(x));
	}
}
