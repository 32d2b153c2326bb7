/* SPDX-License-Identifier: MIT
 *
 * Allocation that never returns NULL: out of memory ends the process with a message. Sizes that
 * come from outside are capped by a named constant before they reach these.
 */
#ifndef UD_ALLOC_H
#define UD_ALLOC_H

#include "base/base.h"

#include <stdarg.h>
#include <stddef.h>

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *p, size_t size) __attribute__((returns_nonnull));
/* Like xrealloc for n members of size; the product is checked for overflow. */
void *xreallocarray(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *s) __attribute__((malloc, returns_nonnull));
/* Copies len bytes and adds a NUL. */
char *xmemdup0(const void *p, size_t len) __attribute__((malloc, returns_nonnull));
void *xmemdup(const void *p, size_t len) __attribute__((malloc, returns_nonnull));
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2) __attribute__((returns_nonnull));
char *xvasprintf(const char *fmt, va_list ap) PRINTF_LIKE(1, 0) __attribute__((returns_nonnull));

/* The capacity to grow to from cap so that need fits: doubles, at least floor. */
size_t grow_capacity(size_t cap, size_t need, size_t floor);

#endif
