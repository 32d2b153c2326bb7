/* SPDX-License-Identifier: MIT
 *
 * Running a function on a stack of its own, for work whose recursion follows hostile input to a
 * known depth that the process's stack may not have. The memory is only reserved: what is not
 * touched costs nothing.
 */
#ifndef UD_STACK_H
#define UD_STACK_H

#include "base/base.h"

#include <stdbool.h>
#include <stddef.h>

/* Calls fn(arg) on a stack of bytes and waits for it. fn must return (no longjmp out of it). False,
 * and fn was not called, if there is no memory for it. */
bool stack_run(size_t bytes, void (*fn)(void *arg), void *arg) MUSTCHECK;

#endif
