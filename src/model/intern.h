/* SPDX-License-Identifier: MIT
 *
 * One copy of each string that many containers have: label keys, variables inherited from an image,
 * network names. Counted: a string goes when its last user releases it. The pool itself goes when
 * its owner and its last string are gone, so that a snapshot may outlive the inventory.
 */
#ifndef UD_MODEL_INTERN_H
#define UD_MODEL_INTERN_H

#include "base/base.h"
#include "base/str.h"

#include <stddef.h>

struct intern_pool;
struct interned;

struct intern_pool *intern_pool_new(void);
/* The owner lets go. */
void intern_pool_free(struct intern_pool *pool);
/* The pool's copy of s, one use more. */
struct interned *intern(struct intern_pool *pool, struct str s);
struct str interned_str(const struct interned *i);
/* One use less. */
void intern_release(struct intern_pool *pool, struct interned *i);
/* Distinct strings in the pool. */
size_t intern_pool_count(const struct intern_pool *pool);

#endif
