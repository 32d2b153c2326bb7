/* SPDX-License-Identifier: MIT
 *
 * Which fields the templates of a set use, by name: whoever has values that cost something to get
 * asks before he gets them. What a template may reach by other ways than a name in an action
 * (strings given to where, keys of dicts) is not seen.
 */
#ifndef UD_TEMPLATE_USES_H
#define UD_TEMPLATE_USES_H

#include "base/map.h"
#include "template/ast.h"

struct uses {
	struct smap named; /* that stand in any action */
	struct smap whole; /* those whose value is not only asked for a field, or put into a dict */
};

void uses_release(struct uses *u);
/* Adds what the statements of a list use. */
void uses_add(struct uses *u, const struct list *list);

#endif
