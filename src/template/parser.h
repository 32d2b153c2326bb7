/* SPDX-License-Identifier: MIT
 *
 * Template text to trees:
 *
 *	parse.arena = &arena;
 *	parse.source = source;
 *	if (parser_run(&parse, &err))
 *		for (t = parse.trees; t; t = t->next) ...
 *
 * The main tree has the source's name. Functions are looked up in the tables of funcs.h. Nodes and
 * names are in the arena or point into the source, which outlive the trees. Recursion is bounded
 * by TEMPLATE_PARENS_MAX and TEMPLATE_BLOCKS_MAX; to take a text that goes that deep the caller's
 * stack must have PARSER_STACK bytes.
 */
#ifndef UD_TEMPLATE_PARSER_H
#define UD_TEMPLATE_PARSER_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "template/tree.h"

#include <stdbool.h>
#include <stddef.h>

/* Enough for the deepest nesting, also with the frames of a sanitizer build. */
#define PARSER_STACK ((size_t)64 << 20)

struct parse {
	struct arena *arena;
	const struct source *source;
	/* Results. */
	struct tree *trees;
	unsigned parens; /* deepest nesting of parentheses */
	unsigned flags;	 /* enum func_flags of the functions in use */
	uint32_t failed_at; /* of a failure: offset of the token that it is about */
};

bool parser_run(struct parse *parse, struct error *err) MUSTCHECK;

#endif
