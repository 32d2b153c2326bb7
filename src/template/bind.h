/* SPDX-License-Identifier: MIT
 *
 * Binding: every expression node gets its eval pointer, every command its run pointer, calls of
 * functions get their prepared arguments. Done once per tree, after parsing.
 */
#ifndef UD_TEMPLATE_BIND_H
#define UD_TEMPLATE_BIND_H

#include "base/arena.h"
#include "template/ast.h"

void bind_list(struct list *list, struct arena *a);

#endif
