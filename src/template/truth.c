/* SPDX-License-Identifier: MIT
 *
 * What values and types are to the language, see funcs.h: truth, nil, what can be given for what.
 */
#include "config.h"

#include "template/funcs.h"

const struct type type_reflect_value = {.kind = KIND_STRUCT, .name = "reflect.Value"};

bool value_truth(struct value v)
{
	switch (value_kind(v)) {
	case KIND_INVALID:
	case KIND_INTERFACE:
		return false;
	case KIND_BOOL:
		return v.b;
	case KIND_INT ... KIND_UINTPTR:
		return v.u != 0;
	case KIND_FLOAT32:
	case KIND_FLOAT64:
		return v.f != 0;
	case KIND_COMPLEX64:
	case KIND_COMPLEX128:
		return v.c->re != 0 || v.c->im != 0;
	case KIND_ARRAY:
	case KIND_SLICE:
		return slice_len(v) > 0;
	case KIND_MAP:
		return map_len(v) > 0;
	case KIND_STRING:
		return value_len(v) > 0;
	case KIND_POINTER:
	case KIND_FUNC:
		return v.rec;
	case KIND_STRUCT:
		break;
	}
	return true;
}

bool value_indirect(struct value *v)
{
	while (!value_is_none(*v) && value_type(*v)->kind == KIND_POINTER) {
		if (!v->rec)
			return false;
		*v = value_load(value_type(*v)->elem, v->rec);
		v->head |= VALUE_ADDR;
	}
	return value_kind(*v) != KIND_INTERFACE;
}

const char *value_static_name(struct value v)
{
	return v.head & VALUE_IFACE ? type_any.name : value_type(v)->name;
}

bool type_can_be_nil(const struct type *t)
{
	return t->kind == KIND_FUNC || t->kind == KIND_INTERFACE || t->kind == KIND_MAP ||
	       t->kind == KIND_POINTER || t->kind == KIND_SLICE || t == &type_reflect_value;
}

struct value type_zero(struct arena *a, const struct type *t)
{
	if (t == &type_reflect_value)
		return VALUE_NONE;
	if (t->kind == KIND_STRUCT || t->kind == KIND_COMPLEX64 || t->kind == KIND_COMPLEX128 ||
		t->kind == KIND_ARRAY)
		return value_load(t, arena_calloc(a, 1, t->size ? t->size : 1));
	return (struct value){.head = TYPE_HEAD(t)};
}

/* Whether a type has a name of its own, as opposed to being spelled out. */
static bool type_is_named(const struct type *t)
{
	return t->name[0] != '*' && t->name[0] != '[' && strncmp(t->name, "map[", 4) != 0;
}

bool type_assignable(const struct type *from, const struct type *to)
{
	if (from == to || to == &type_any)
		return true;
	if (to->kind == KIND_INTERFACE)
		return from->is_error;
	if (from->kind != to->kind || (from->kind != KIND_SLICE && from->kind != KIND_MAP))
		return false;
	return from->key == to->key && from->elem == to->elem &&
	       !(type_is_named(from) && type_is_named(to));
}
