/* SPDX-License-Identifier: MIT
 *
 * One run of a tree, start to end. template.c calls it, on a larger stack where the expressions of
 * the set are deeply nested.
 */
#ifndef UD_TEMPLATE_RUN_H
#define UD_TEMPLATE_RUN_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "template/template.h"
#include "template/tree.h"

#include <stdbool.h>

struct run {
	const struct template_set *set;
	const struct tree *tree;
	struct value root;
	const struct template_options *options;
	struct buf *out;
	struct error *err;
};

bool run_render(const struct run *run) MUSTCHECK;

#endif
