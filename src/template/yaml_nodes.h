/* SPDX-License-Identifier: MIT
 *
 * A YAML document as a tree of nodes, before it is decoded into values. Shared by the two files
 * that read YAML; see yaml_read.h.
 */
#ifndef UD_TEMPLATE_YAML_NODES_H
#define UD_TEMPLATE_YAML_NODES_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_node_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING, YAML_ALIAS };

struct yaml_node {
	enum yaml_node_kind kind;
	size_t line;	  /* from 1 */
	struct str tag;	  /* short; of a scalar without one what its text means */
	struct str value; /* of a scalar; the anchor of an alias */
	struct yaml_node *alias;
	struct yaml_node *first, *last, *next; /* members; keys and values in turn */
	size_t n;			       /* of members */
	bool visiting;			       /* an alias that is being decoded */
};

/* The first document of text to *ret, NULL if there is none. scratch holds the parser's events
 * until the parser is gone, because allocating from the arena may not return. */
bool yaml_nodes_read(struct arena *a, struct buf *scratch, struct str text, struct yaml_node **ret,
	struct error *err) MUSTCHECK;

#endif
