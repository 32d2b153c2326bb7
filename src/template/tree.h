/* SPDX-License-Identifier: MIT
 *
 * Templates by name. A text gives one tree for itself and one for each define and block in it; a
 * set gathers the trees of all its texts. Everything lies in the set's arena.
 */
#ifndef UD_TEMPLATE_TREE_H
#define UD_TEMPLATE_TREE_H

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "template/ast.h"
#include "template/template.h"
#include "template/uses.h"

#include <stdbool.h>
#include <stdint.h>

struct instr;

/* A text that was parsed, for the places in errors. */
struct source {
	struct str name, text;
};

struct tree {
	struct str name;
	const struct source *source;
	struct list *root;
	uint32_t n_slots;	  /* of variables */
	const struct instr *code; /* made by code.h when the set is complete */
	struct tree *next;	  /* of the same text */
};

struct template_set {
	struct arena arena;
	struct smap trees; /* name to struct tree */
	unsigned parens;   /* deepest nesting of expressions */
	unsigned flags;	   /* enum func_flags of all functions in use */
	struct uses uses;  /* of all trees */
	struct template_failure failure;
};

/* Line (from 1) and column (bytes, from 0) of an offset in the source. */
void source_locate(const struct source *s, uint32_t pos, uint32_t *line, uint32_t *column);
/* Whether a tree holds nothing but white space. */
bool tree_is_empty(const struct tree *t);

#endif
