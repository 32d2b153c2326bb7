/* SPDX-License-Identifier: MIT
 *
 * What docker-gen's functions over lists of objects share: the lists they accept, and values by a
 * path of names ("State.Health.Status").
 */
#ifndef UD_TEMPLATE_ENTRIES_H
#define UD_TEMPLATE_ENTRIES_H

#include "template/funcs.h"
#include "value/value.h"

#include <stdbool.h>

/* The list that v is or points to. Otherwise fails in the name of func, as docker-gen does. */
bool entries_list(struct call *c, const char *func, struct value v, struct value *ret) MUSTCHECK;
/* Entry i of the list as a function sees it: what an interface holds. */
struct value entries_at(struct value list, size_t i);
/* docker-gen's deepGet: the value at path within item, the nil interface if there is none. Structs are
 * descended by field, maps by key (a key may hold dots: a name that is not found is tried with the
 * next ones joined to it), lists by index. What an interface holds is not descended. An empty path
 * is item itself. */
bool entries_get(struct call *c, struct value item, struct str path, struct value *ret) MUSTCHECK;
/* The same, or a failure with Go's text of the type assertion when it is no string. *ret_found:
 * there is a value. */
bool entries_get_string(struct call *c, struct value item, struct str path, struct str *ret,
	bool *ret_found) MUSTCHECK;
/* Fails with the text of Go's failed type assertion to string. */
bool entries_not_string(struct call *c, struct value v);
/* An empty map[string][]interface {}, and one more item of the group key. */
struct value entries_groups(struct call *c);
void entries_group_add(struct call *c, struct value groups, struct str key, struct value item);

#endif
