/* SPDX-License-Identifier: MIT
 *
 * The nodes of one YAML document, with aliases as references. They live in an arena; their texts
 * are those of the events.
 */
#ifndef UD_TEMPLATE_YAML_TREE_H
#define UD_TEMPLATE_YAML_TREE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum yaml_node_kind { YAML_IS_SCALAR, YAML_IS_ALIAS, YAML_IS_SEQUENCE, YAML_IS_MAPPING };

struct yaml_node {
	enum yaml_node_kind kind;
	uint32_t line;
	uint32_t n;	  /* children; those of a mapping are keys and values in turn */
	bool open;	  /* an alias that is being followed */
	struct str tag;	  /* short; what the text of a scalar says where there is no tag */
	struct str value; /* of a scalar; of an alias, its name */
	struct yaml_node *first, *last, *next, *parent;
	struct yaml_node *alias; /* what an alias means, never an alias itself */
};

/* The root of the document that events hold; NULL to *ret if there is none. */
bool yaml_tree(
	struct arena *a, struct str events, struct yaml_node **ret, struct error *err) MUSTCHECK;
/* The tag of a node or of what it means. */
struct str yaml_node_tag(const struct yaml_node *n);

#endif
