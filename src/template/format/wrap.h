/* SPDX-License-Identifier: MIT
 *
 * Signed arithmetic that wraps around, as in Go. Templates may ask for any moment.
 */
#ifndef UD_TEMPLATE_FORMAT_WRAP_H
#define UD_TEMPLATE_FORMAT_WRAP_H

#include <stdint.h>

static inline int64_t wrap_add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t wrap_sub(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static inline int64_t wrap_mul(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a * (uint64_t)b);
}

#endif
