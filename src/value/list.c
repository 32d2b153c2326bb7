/* SPDX-License-Identifier: MIT
 *
 * Slices, see value.h: a header in the arena over storage that may be shared.
 */
#include "config.h"

#include "value/value.h"

static char *slice_member(struct value v, size_t i)
{
	return (char *)v.sl->data + i * v.t->elem->size;
}

struct value slice_new(struct arena *a, const struct type *t, size_t len, size_t cap)
{
	struct slice *sl = arena_new(a, struct slice);

	sl->data = arena_calloc(a, cap ? cap : 1, t->elem->size);
	sl->len = (uint32_t)len;
	sl->cap = (uint32_t)cap;
	return (struct value){.t = t, .sl = sl};
}

struct value slice_at(struct value v, size_t i)
{
	struct value member = value_load(v.t->elem, slice_member(v, i));

	member.flags |= VALUE_ADDR;
	return member;
}

void slice_set(struct value v, size_t i, struct value member)
{
	value_store(v.t->elem, slice_member(v, i), member);
}

struct value slice_sub(struct arena *a, struct value v, size_t from, size_t to)
{
	struct slice *sl;

	if (!v.sl)
		return v;
	sl = arena_new(a, struct slice);
	*sl = (struct slice){
		slice_member(v, from), (uint32_t)(to - from), v.sl->cap - (uint32_t)from};
	return (struct value){.t = v.t, .sl = sl};
}

void slice_push(struct value v, struct value member)
{
	v.sl->len++;
	slice_set(v, v.sl->len - 1, member);
}
