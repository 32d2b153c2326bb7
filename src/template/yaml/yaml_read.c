/* SPDX-License-Identifier: MIT
 *
 * The steps of reading YAML, see yaml_read.h: text to events, events to nodes, nodes to values.
 */
#include "config.h"

#include "template/yaml/yaml_read.h"

#include "template/yaml/yaml_decode.h"
#include "template/yaml/yaml_event.h"
#include "template/yaml/yaml_tree.h"

enum yaml_fault yaml_read(
	struct arena *a, struct buf *scratch, struct str text, struct value *ret, struct error *err)
{
	struct yaml_node *root;

	*ret = value_nil();
	if (text.len > YAML_READ_MAX) {
		error_set(err, "yaml: text is longer than %zu bytes", YAML_READ_MAX);
		return YAML_READ_ERROR;
	}
	yaml_events_add(scratch, text);
	if (scratch->full) {
		error_set(err, "yaml: text needs more than %zu bytes of memory", scratch->max);
		return YAML_READ_ERROR;
	}
	if (!yaml_tree(a, arena_str(a, buf_str(scratch)), &root, err))
		return YAML_READ_ERROR;
	buf_clear(scratch);
	return root ? yaml_decode(a, scratch, root, ret, err) : YAML_READ_OK;
}
