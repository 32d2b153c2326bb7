/* SPDX-License-Identifier: MIT
 *
 * The predeclared types, the types made from others, and the way between memory and values, see
 * value.h.
 *
 * Derived types (*T, []T, map[K]V) are made at the first request and kept for ever in one list,
 * so that a type is one object; static ones of other rooms join it by type_register. The list is
 * short (a program has some dozens of types) and asked while types are built, not per value.
 */
#include "config.h"

#include "value/value.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types made at run time. */
#define TYPES_MADE_MAX 256

#define PLAIN(k, c_type, go)                                                                       \
	{                                                                                          \
		.kind = (k), .size = sizeof(c_type), .name = (go)                                  \
	}
#define SLICE(of, go)                                                                              \
	{                                                                                          \
		.kind = KIND_SLICE, .size = sizeof(struct slice), .name = (go), .elem = (of)       \
	}
#define MAP(of, to, go)                                                                            \
	{                                                                                          \
		.kind = KIND_MAP, .size = sizeof(struct map *), .name = (go), .key = (of),         \
		.elem = (to)                                                                       \
	}

const struct type predeclared_types[] = {
	[TYPE_NONE] = {.kind = KIND_INVALID, .name = "invalid"},
	[TYPE_BOOL] = PLAIN(KIND_BOOL, bool, "bool"),
	[TYPE_INT] = PLAIN(KIND_INT, int64_t, "int"),
	[TYPE_INT8] = PLAIN(KIND_INT8, int8_t, "int8"),
	[TYPE_INT16] = PLAIN(KIND_INT16, int16_t, "int16"),
	[TYPE_INT32] = PLAIN(KIND_INT32, int32_t, "int32"),
	[TYPE_INT64] = PLAIN(KIND_INT64, int64_t, "int64"),
	[TYPE_UINT] = PLAIN(KIND_UINT, uint64_t, "uint"),
	[TYPE_UINT8] = PLAIN(KIND_UINT8, uint8_t, "uint8"),
	[TYPE_UINT16] = PLAIN(KIND_UINT16, uint16_t, "uint16"),
	[TYPE_UINT32] = PLAIN(KIND_UINT32, uint32_t, "uint32"),
	[TYPE_UINT64] = PLAIN(KIND_UINT64, uint64_t, "uint64"),
	[TYPE_FLOAT32] = PLAIN(KIND_FLOAT32, float, "float32"),
	[TYPE_FLOAT64] = PLAIN(KIND_FLOAT64, double, "float64"),
	[TYPE_COMPLEX128] = PLAIN(KIND_COMPLEX128, struct complex128, "complex128"),
	[TYPE_STRING] = PLAIN(KIND_STRING, struct str, "string"),
	[TYPE_ANY] = PLAIN(KIND_INTERFACE, struct value, "interface {}"),
	[TYPE_ERROR] = PLAIN(KIND_INTERFACE, struct value, "error"),
	[TYPE_ANY_SLICE] = SLICE(&type_any, "[]interface {}"),
	[TYPE_STRING_SLICE] = SLICE(&type_string, "[]string"),
	[TYPE_INT_SLICE] = SLICE(&type_int, "[]int"),
	[TYPE_BYTES] = SLICE(&type_uint8, "[]uint8"),
	[TYPE_ANY_SLICES] = SLICE(&type_any_slice, "[][]interface {}"),
	[TYPE_ANY_MAP] = MAP(&type_string, &type_any, "map[string]interface {}"),
	[TYPE_STRING_MAP] = MAP(&type_string, &type_string, "map[string]string"),
	[TYPE_ANY_ANY_MAP] = MAP(&type_any, &type_any, "map[interface {}]interface {}"),
	[TYPE_ANY_SLICE_MAP] = MAP(&type_string, &type_any_slice, "map[string][]interface {}"),
};

const char *kind_name(enum kind kind)
{
	static const char *const names[] = {
		[KIND_INVALID] = "invalid",
		[KIND_BOOL] = "bool",
		[KIND_INT] = "int",
		[KIND_INT8] = "int8",
		[KIND_INT16] = "int16",
		[KIND_INT32] = "int32",
		[KIND_INT64] = "int64",
		[KIND_UINT] = "uint",
		[KIND_UINT8] = "uint8",
		[KIND_UINT16] = "uint16",
		[KIND_UINT32] = "uint32",
		[KIND_UINT64] = "uint64",
		[KIND_UINTPTR] = "uintptr",
		[KIND_FLOAT32] = "float32",
		[KIND_FLOAT64] = "float64",
		[KIND_COMPLEX64] = "complex64",
		[KIND_COMPLEX128] = "complex128",
		[KIND_ARRAY] = "array",
		[KIND_FUNC] = "func",
		[KIND_INTERFACE] = "interface",
		[KIND_MAP] = "map",
		[KIND_POINTER] = "ptr",
		[KIND_SLICE] = "slice",
		[KIND_STRING] = "string",
		[KIND_STRUCT] = "struct",
	};

	return names[kind];
}

/* A link of the list of types made from others. */
struct derived {
	const struct type *type;
	struct derived *next;
};

static struct derived derived_static[] = {
	{&type_any_slice, &derived_static[1]},
	{&type_string_slice, &derived_static[2]},
	{&type_int_slice, &derived_static[3]},
	{&type_bytes, &derived_static[4]},
	{&type_any_map, &derived_static[5]},
	{&type_string_map, &derived_static[6]},
	{&type_any_any_map, &derived_static[7]},
	{&type_any_slice_map, &derived_static[8]},
	{&type_any_slices, NULL},
};
static struct derived *derived_types = &derived_static[0];

static const struct type *derived_find(
	enum kind kind, const struct type *key, const struct type *elem)
{
	for (const struct derived *d = derived_types; d; d = d->next)
		if (d->type->kind == kind && d->type->key == key && d->type->elem == elem)
			return d->type;
	return NULL;
}

void type_register(const struct type *t)
{
	struct derived *d;

	if (derived_find(t->kind, t->key, t->elem))
		return;
	d = xmalloc(sizeof(*d));
	*d = (struct derived){t, derived_types};
	derived_types = d;
}

/* Room for one more type. Which types are made does not depend on what a template or a container
 * says, so there is always enough. */
static struct type *type_room(void)
{
	static struct type made[TYPES_MADE_MAX];
	static size_t n;

	if (n == ARRAY_LEN(made)) {
		fputs("upstreamd: too many types are derived from others\n", stderr);
		abort();
	}
	return &made[n++];
}

/* The type of this kind over key and elem; a new one is named by the format. */
static const struct type *type_derive(enum kind kind, size_t size, const struct type *key,
	const struct type *elem, const char *fmt, const char *a, const char *b)
{
	const struct type *found = derived_find(kind, key, elem);
	struct type *t;

	if (found)
		return found;
	t = type_room();
	*t = (struct type){.kind = kind, .size = (uint32_t)size, .key = key, .elem = elem};
	t->name = xasprintf(fmt, a, b);
	type_register(t);
	return t;
}

const struct type *type_pointer_to(const struct type *t)
{
	return type_derive(KIND_POINTER, sizeof(void *), NULL, t, "*%s%s", t->name, "");
}

const struct type *type_slice_of(const struct type *t)
{
	return type_derive(KIND_SLICE, sizeof(struct slice), NULL, t, "[]%s%s", t->name, "");
}

const struct type *type_map_of(const struct type *key, const struct type *elem)
{
	return type_derive(
		KIND_MAP, sizeof(struct map *), key, elem, "map[%s]%s", key->name, elem->name);
}

/* The integer of size bytes at p, extended to 64 bits. */
static int64_t load_int(const void *p, uint32_t size)
{
	switch (size) {
	case 1:
		return *(const int8_t *)p;
	case 2:
		return *(const int16_t *)p;
	case 4:
		return *(const int32_t *)p;
	default:
		return *(const int64_t *)p;
	}
}

static uint64_t load_uint(const void *p, uint32_t size)
{
	switch (size) {
	case 1:
		return *(const uint8_t *)p;
	case 2:
		return *(const uint16_t *)p;
	case 4:
		return *(const uint32_t *)p;
	default:
		return *(const uint64_t *)p;
	}
}

static struct value load_interface(const struct type *t, const void *p)
{
	struct value v = *(const struct value *)p;

	if (value_is_none(v) || value_type(v)->kind == KIND_INTERFACE)
		return (struct value){.head = TYPE_HEAD(t)};
	v.head = (v.head & ~VALUE_FLAGS) | VALUE_IFACE;
	return v;
}

static struct value load_string(const struct type *t, const struct str *s)
{
	return (struct value){.head = TYPE_HEAD(t) | (uint64_t)s->len << 32, .s = s->p};
}

/* The storage of a slice is not ours to change here, but a value of it may be. */
static struct slice *load_slice(const void *p)
{
	return (struct slice *)(uintptr_t)p;
}

struct value value_load(const struct type *t, const void *p)
{
	switch (t->kind) {
	case KIND_BOOL:
		return (struct value){.head = TYPE_HEAD(t), .b = *(const bool *)p};
	case KIND_INT ... KIND_INT64:
		return (struct value){.head = TYPE_HEAD(t), .i = load_int(p, t->size)};
	case KIND_UINT ... KIND_UINTPTR:
		return (struct value){.head = TYPE_HEAD(t), .u = load_uint(p, t->size)};
	case KIND_FLOAT32:
		return (struct value){.head = TYPE_HEAD(t), .f = (double)*(const float *)p};
	case KIND_FLOAT64:
		return (struct value){.head = TYPE_HEAD(t), .f = *(const double *)p};
	case KIND_COMPLEX64:
	case KIND_COMPLEX128:
		return (struct value){.head = TYPE_HEAD(t), .c = p};
	case KIND_STRING:
		return load_string(t, p);
	case KIND_ARRAY:
	case KIND_SLICE:
		return (struct value){.head = TYPE_HEAD(t), .sl = load_slice(p)};
	case KIND_MAP:
		return (struct value){.head = TYPE_HEAD(t), .m = *(struct map *const *)p};
	case KIND_STRUCT:
		return (struct value){.head = TYPE_HEAD(t), .rec = p};
	case KIND_POINTER:
		return (struct value){.head = TYPE_HEAD(t), .rec = *(const void *const *)p};
	case KIND_FUNC:
		return (struct value){.head = TYPE_HEAD(t), .fn = *(const struct func *const *)p};
	case KIND_INTERFACE:
		return load_interface(t, p);
	case KIND_INVALID:
		break;
	}
	return VALUE_NONE;
}

static void store_integer(void *p, uint32_t size, uint64_t u)
{
	switch (size) {
	case 1:
		*(uint8_t *)p = (uint8_t)u;
		break;
	case 2:
		*(uint16_t *)p = (uint16_t)u;
		break;
	case 4:
		*(uint32_t *)p = (uint32_t)u;
		break;
	default:
		*(uint64_t *)p = u;
		break;
	}
}

static void store_interface(struct value *p, struct value v)
{
	v = value_plain(v);
	*p = value_kind(v) == KIND_INTERFACE ? VALUE_NONE : v;
}

void value_store(const struct type *t, void *p, struct value v)
{
	switch (t->kind) {
	case KIND_BOOL:
		*(bool *)p = v.b;
		break;
	case KIND_INT ... KIND_UINTPTR:
		store_integer(p, t->size, v.u);
		break;
	case KIND_FLOAT32:
		*(float *)p = (float)v.f;
		break;
	case KIND_FLOAT64:
		*(double *)p = v.f;
		break;
	case KIND_STRING:
		*(struct str *)p = str_n(v.s, value_len(v));
		break;
	case KIND_COMPLEX64:
	case KIND_COMPLEX128:
		*(struct complex128 *)p = *v.c;
		break;
	case KIND_ARRAY:
	case KIND_SLICE:
		*(struct slice *)p = v.sl ? *v.sl : (struct slice){NULL, 0, 0};
		break;
	case KIND_MAP:
		*(struct map **)p = v.m;
		break;
	case KIND_STRUCT:
		memcpy(p, v.rec, t->size);
		break;
	case KIND_POINTER:
		*(const void **)p = v.rec;
		break;
	case KIND_FUNC:
		*(const struct func **)p = v.fn;
		break;
	case KIND_INTERFACE:
		store_interface(p, v);
		break;
	case KIND_INVALID:
		break;
	}
}
