/* SPDX-License-Identifier: MIT
 *
 * Constants of the template language: numbers, characters and strings as they are written.
 */
#ifndef UD_TEMPLATE_CONSTANT_H
#define UD_TEMPLATE_CONSTANT_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "base/str.h"
#include "template/ast.h"
#include "template/lexer.h"

#include <stdbool.h>

/* Sets the number, value and overflows of a node with text set, from a token of kind number,
 * complex or char constant. The error is Go's. */
bool constant_read_number(struct constant_node *n, enum token_kind kind, struct arena *a,
	struct error *err) MUSTCHECK;
/* The text of a string or raw string constant, in the arena. */
bool constant_read_string(
	struct str quoted, struct arena *a, struct str *ret, struct error *err) MUSTCHECK;

#endif
