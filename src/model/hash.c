/* SPDX-License-Identifier: MIT
 *
 * Hash of values by their types, see hash.h.
 */
#include "config.h"

#include "model/hash.h"

#include "value/time.h"

static uint64_t hash_time(uint64_t h, const struct go_time *t)
{
	h = hash_mix(h, (uint64_t)t->sec);
	h = hash_mix(h, (uint64_t)t->nsec);
	return hash_mix(h, (uint64_t)t->offset << 1 | t->fixed);
}

static uint64_t hash_struct(uint64_t h, struct value v)
{
	if (value_type(v) == &type_time)
		return hash_time(h, v.rec);
	for (size_t i = 0; i < value_type(v)->n_fields + value_type(v)->n_extra; i++)
		h = hash_value(h, record_field(v, &value_type(v)->fields[i]));
	return h;
}

static uint64_t hash_members(uint64_t h, struct value v)
{
	h = hash_mix(h, slice_len(v));
	for (size_t i = 0; i < slice_len(v); i++)
		h = hash_value(h, slice_at(v, i));
	return h;
}

static uint64_t hash_entries(uint64_t h, struct value v)
{
	struct value key, entry;

	h = hash_mix(h, map_len(v) << 1 | (v.m != NULL));
	for (size_t i = 0; i < map_len(v); i++) {
		map_at_sorted(v, i, &key, &entry);
		h = hash_value(hash_value(h, key), entry);
	}
	return h;
}

uint64_t hash_value(uint64_t h, struct value v)
{
	switch (value_kind(v)) {
	case KIND_STRING:
		return hash_str(h, value_as_str(v));
	case KIND_BOOL:
		return hash_mix(h, v.b);
	case KIND_INT ... KIND_UINTPTR:
		return hash_mix(h, v.u);
	case KIND_FLOAT32 ... KIND_FLOAT64:
		return hash_mix(h, v.u);
	case KIND_STRUCT:
		return hash_struct(h, v);
	case KIND_ARRAY:
	case KIND_SLICE:
		return hash_members(h, v);
	case KIND_MAP:
		return hash_entries(h, v);
	case KIND_POINTER:
		return v.rec ? hash_value(h, value_load(value_type(v)->elem, v.rec))
			     : hash_mix(h, 1);
	case KIND_INVALID:
	case KIND_COMPLEX64:
	case KIND_COMPLEX128:
	case KIND_FUNC:
	case KIND_INTERFACE:
		break;
	}
	return hash_mix(h, 0);
}
