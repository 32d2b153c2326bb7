/* SPDX-License-Identifier: MIT
 *
 * What sprig's functions over lists share. Sizes that show are Go's: a list has the capacity that
 * it has there, because slice reaches up to it. A member of a []interface {} takes two words there.
 */
#ifndef UD_TEMPLATE_LIST_H
#define UD_TEMPLATE_LIST_H

#include "template/funcs.h"

/* Bytes of an int in Go. */
#define GO_INT_SIZE 8

/* Fails unless v is a slice or array: `Cannot WHAT on type KIND`, or Go's panic for nil. */
bool list_check(struct call *c, const char *what, struct value v) MUSTCHECK;
/* Fails as Go does where it follows a nil pointer. */
static inline bool call_fail_nil_pointer(struct call *c)
{
	call_fail(c, "runtime error: invalid memory address or nil pointer dereference");
	return false;
}
/* Member i as a function sees it, without the interface around it. */
static inline struct value list_at(struct value list, size_t i)
{
	struct value v = slice_at(list, i);

	v = value_plain(v);
	return v;
}

/* An empty []interface {} that is to be filled with n members, as if they were appended one by
 * one. */
struct value list_new_appended(struct call *c, size_t n);
/* Sorts a []string in place, bytewise. */
void list_sort_strings(struct value list);
/* sprig's empty: truth's contrary, but a struct is never empty. */
bool value_is_empty(struct value v);

#endif
