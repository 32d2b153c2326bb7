/* SPDX-License-Identifier: MIT
 *
 * A recorded JSON object turned into a program that writes the same object for another container
 * or network: everything is copied from the recording but for the members that a table of fields
 * names. So key order, key sets and the hundred members that nobody looks at are the engine's own.
 *
 *	struct program *p = program_new(recorded, "", fields, n, &err);
 *	program_write(p, &render);
 *	program_free(p);
 */
#ifndef SIM_TEMPLATE_H
#define SIM_TEMPLATE_H

#include "engine/sim.h"

#include <yajl/yajl_tree.h>

struct render {
	struct sim *sim;
	const struct sim_container *c;
	const struct sim_endpoint *ep;
	const struct sim_network *net;
	const struct sim_pair *volume;
	bool list; /* a list is written, not an inspect */
	struct buf *out;
};

struct field {
	const char *path; /* "State.Status" */
	/* Writes the member's value; NULL: the recorded one, member by member. */
	void (*write)(const struct render *r);
	/* False: the member is left out, as the engine does then. NULL: it is always there. */
	bool (*present)(const struct render *r);
};

struct program;

/* html: strings are written with Go's HTML escapes. Freed by program_free. */
struct program *program_new(yajl_val recorded, const struct field *fields, size_t n, bool html);
void program_write(const struct program *p, const struct render *r);
void program_free(struct program *p);

#endif
