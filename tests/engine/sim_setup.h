/* SPDX-License-Identifier: MIT
 *
 * An emulated engine in an event loop of somebody's: enginesim's own, or that of a test.
 *
 *	struct sim s = {.base = base};
 *	struct sim_settings st = {.flavour = "docker-28", .captures = DIR, .prefix = "c", …};
 *	if (sim_open(&s, &st, &err)) …sim_command…
 *	sim_release(&s);                        also after a failed sim_open
 */
#ifndef SIM_SETUP_H
#define SIM_SETUP_H

#include "base/clock.h"
#include "engine/sim.h"
#include "engine/sim_server.h"

/* dockerd's; measured: an event takes so much longer while a client does not read. */
#define SIM_PATIENCE_NS (100LL * NS_PER_MS)

/* Strings are borrowed. */
struct sim_settings {
	const char *flavour, *captures;
	const char *control; /* path of the control socket; NULL: none */
	const char *prefix;  /* of the names of containers that run from the start */
	struct sim_server_options server;
	uint64_t containers, seed;
	int64_t patience_ns;
	VEC(const char *) with; /* options of each of them */
};

bool sim_open(struct sim *s, const struct sim_settings *st, struct error *err) MUSTCHECK;
/* The loop stays. */
void sim_release(struct sim *s);

#endif
