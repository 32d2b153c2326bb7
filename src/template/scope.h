/* SPDX-License-Identifier: MIT
 *
 * Which variables are in sight while a template is parsed, and the slot each of them has when it
 * runs. Calling sequence: scope_init, then for a declaration in a pipeline
 *
 *	scope_see(s, name);                  at the name: it may be written from here on
 *	...the commands are parsed...
 *	slot = scope_declare(s, name, maybe); at the end of the pipeline: it has its value
 *
 * and around a block scope_mark ... scope_leave. Between the first and the second list of an
 * if, scope_hide: what the first declared may be written in the second, but has no value there.
 *
 * The language lets a template use a name that has no value when it runs (`{{$x = 1}}`, and a
 * declaration that "and" or "or" skipped): scope_find tells such uses by a ref without a slot, or
 * by one that may be unset and names the variable that is meant then.
 */
#ifndef UD_TEMPLATE_SCOPE_H
#define UD_TEMPLATE_SCOPE_H

#include "base/arena.h"
#include "base/str.h"
#include "template/ast.h"

#include <stdbool.h>
#include <stdint.h>

struct variable;

struct scope {
	struct arena *arena;
	struct variable *top; /* the latest; earlier ones follow */
	uint32_t n_slots;     /* in use now */
	uint32_t max_slots;   /* that a run needs */
};

struct scope_mark {
	struct variable *top;
	uint32_t n_slots;
};

/* With the variable "$" in slot 0. */
void scope_init(struct scope *s, struct arena *arena);
void scope_see(struct scope *s, struct str name);
/* The slot; maybe says that the declaration may be skipped at run time. */
uint32_t scope_declare(struct scope *s, struct str name, bool maybe);
struct scope_mark scope_mark(const struct scope *s);
void scope_leave(struct scope *s, struct scope_mark mark);
void scope_hide(struct scope *s, struct scope_mark mark);
/* False if the name was never seen: an error of the parse. */
bool scope_find(const struct scope *s, struct str name, struct variable_ref *ret);

#endif
