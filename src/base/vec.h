/* SPDX-License-Identifier: MIT
 *
 * A growing array of any type:
 *
 *	VEC(struct output *) outputs = VEC_INIT;
 *	vec_push(&outputs, o);
 *	for (size_t i = 0; i < outputs.n; i++) use(outputs.v[i]);
 *	vec_release(&outputs);
 *
 * Members are moved by memcpy; the vector owns the array, not what members point to.
 */
#ifndef UD_VEC_H
#define UD_VEC_H

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *v;                                                                           \
		size_t n, cap;                                                                     \
	}
#define VEC_INIT {NULL, 0, 0}
#define VEC_FLOOR 4

/* Makes room for one more member, adds it. */
#define vec_push(vec, ...)                                                                         \
	do {                                                                                       \
		vec_room((vec), 1);                                                                \
		(vec)->v[(vec)->n++] = (__VA_ARGS__);                                              \
	} while (0)

/* Makes room for more members beyond n. */
#define vec_room(vec, more)                                                                        \
	do {                                                                                       \
		if ((vec)->n + (more) > (vec)->cap) {                                              \
			(vec)->cap = grow_capacity((vec)->cap, (vec)->n + (more), VEC_FLOOR);      \
			(vec)->v = xreallocarray((vec)->v, (vec)->cap, sizeof(*(vec)->v));         \
		}                                                                                  \
	} while (0)

/* Removes member i and keeps the order. */
#define vec_remove(vec, i)                                                                         \
	do {                                                                                       \
		size_t vec_i_ = (i);                                                               \
		memmove(&(vec)->v[vec_i_], &(vec)->v[vec_i_ + 1],                                  \
			((vec)->n - vec_i_ - 1) * sizeof(*(vec)->v));                              \
		(vec)->n--;                                                                        \
	} while (0)

#define vec_clear(vec) ((vec)->n = 0)

#define vec_release(vec)                                                                           \
	do {                                                                                       \
		free((vec)->v);                                                                    \
		(vec)->v = NULL;                                                                   \
		(vec)->n = (vec)->cap = 0;                                                         \
	} while (0)

#endif
