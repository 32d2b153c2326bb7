/* SPDX-License-Identifier: MIT
 *
 * Values of any type as numbers, as sprig's functions take them: numbers, strings that are numbers,
 * booleans; all else is 0. Pointers are followed.
 */
#ifndef UD_TEMPLATE_CAST_H
#define UD_TEMPLATE_CAST_H

#include "value/value.h"

/* A float is cut, a string read in any base that its prefix tells ("0x10"); digits behind a point
 * may only be zeros. */
int64_t cast_int(struct value v);
double cast_float(struct value v);
/* The integer that Go's conversion makes of a float: cut; what has no place in 64 bits is the least
 * of all. */
int64_t cast_float_to_int(double f);

#endif
