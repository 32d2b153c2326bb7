/* SPDX-License-Identifier: MIT
 *
 * A hash over everything that a template can see of a value: fields (ours too), members, entries in
 * sorted order. Equal values have equal hashes within one run of the program.
 */
#ifndef UD_MODEL_HASH_H
#define UD_MODEL_HASH_H

#include "value/value.h"

#define HASH_START ((uint64_t)0x9ae16a3b2f90404f)

/* Mixes one number into h. */
static inline uint64_t hash_mix(uint64_t h, uint64_t n)
{
	unsigned __int128 m = (unsigned __int128)(h ^ n ^ 0xa0761d6478bd642fu) * 0xe7037ed1a0b428dbu;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static inline uint64_t hash_str(uint64_t h, struct str s)
{
	return hash_mix(h, str_hash(s));
}

/* Mixes v into h: strings, numbers, structs, slices, maps (sorted, see map_sort) and pointers. */
uint64_t hash_value(uint64_t h, struct value v);

#endif
