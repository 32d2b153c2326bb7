/* SPDX-License-Identifier: MIT
 *
 * Attributes and small macros that every room uses.
 */
#ifndef UD_BASE_H
#define UD_BASE_H

#include <stddef.h>

/* For a function that can fail for a reason a user would read: its result must be looked at. */
#define MUSTCHECK        __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NORETURN         __attribute__((noreturn))
#define UNUSED           __attribute__((unused))
#define LIKELY(x)        __builtin_expect(!!(x), 1)
#define UNLIKELY(x)      __builtin_expect(!!(x), 0)

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The struct that holds member at p. */
#define CONTAINER_OF(p, type, member) ((type *)(void *)((char *)(p)-offsetof(type, member)))

#endif
