/* SPDX-License-Identifier: MIT
 *
 * Nodes of YAML to values, the last step of yaml_read.
 */
#ifndef UD_TEMPLATE_YAML_DECODE_H
#define UD_TEMPLATE_YAML_DECODE_H

#include "template/yaml/yaml_read.h"

struct yaml_node;

/* As yaml_read, for a document that is parsed. */
enum yaml_fault yaml_decode(struct arena *a, struct buf *scratch, struct yaml_node *root,
	struct value *ret, struct error *err) MUSTCHECK;

#endif
