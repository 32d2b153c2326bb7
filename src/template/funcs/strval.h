/* SPDX-License-Identifier: MIT
 *
 * Values as sprig's functions turn them into text.
 */
#ifndef UD_TEMPLATE_STRVAL_H
#define UD_TEMPLATE_STRVAL_H

#include "template/funcs.h"

/* sprig's strval: a string and the bytes of a []byte as they are, all else as fmt.Sprint prints it. */
bool call_strval(struct call *c, struct value v, struct str *ret) MUSTCHECK;
/* sprig's strslice: the members of a list that are not nil as strings; what is no list is the only
 * member. A []string is taken as it is. */
bool call_strings(struct call *c, struct value v, struct value *ret) MUSTCHECK;

#endif
