/* SPDX-License-Identifier: MIT
 *
 * Builds the tree of yaml_tree.h, without recursion: a node knows its parent.
 */
#include "config.h"

#include "template/yaml/yaml_tree.h"

#include "template/yaml/yaml_event.h"
#include "template/yaml/yaml_read.h"
#include "template/yaml/yaml_resolve.h"
#include "value/value.h"

/* What the map of anchors holds. */
static const struct type type_node = {
	.kind = KIND_POINTER,
	.size = sizeof(void *),
	.name = "*yaml.Node",
};

struct builder {
	struct arena *arena;
	struct value anchors; /* map[string]interface {} of nodes */
	struct yaml_node *root, *parent;
	unsigned depth;
};

struct str yaml_node_tag(const struct yaml_node *n)
{
	return n->kind == YAML_IS_ALIAS ? n->alias->tag : n->tag;
}

/* The tag of a node that has none written. */
static struct str default_tag(struct builder *b, const struct yaml_event *e)
{
	struct value v;
	struct str tag;

	if (e->kind == YAML_EVENT_SEQUENCE)
		return YAML_SEQ;
	if (e->kind == YAML_EVENT_MAPPING)
		return YAML_MAP;
	if (e->quoted)
		return YAML_STR;
	if (str_eq(e->value, STR("<<")))
		return YAML_MERGE;
	return yaml_resolve(b->arena, STR(""), e->value, &tag, &v, NULL) ? tag : YAML_STR;
}

static struct yaml_node *add_node(struct builder *b, const struct yaml_event *e)
{
	static const enum yaml_node_kind kinds[] = {
		[YAML_EVENT_SCALAR] = YAML_IS_SCALAR,
		[YAML_EVENT_ALIAS] = YAML_IS_ALIAS,
		[YAML_EVENT_SEQUENCE] = YAML_IS_SEQUENCE,
		[YAML_EVENT_MAPPING] = YAML_IS_MAPPING,
	};
	struct yaml_node *n = arena_new(b->arena, struct yaml_node);

	n->kind = kinds[e->kind];
	n->line = e->line;
	n->value = e->value;
	n->parent = b->parent;
	if (!b->parent)
		b->root = n;
	else if (b->parent->last)
		b->parent->last->next = n;
	else
		b->parent->first = n;
	if (b->parent) {
		b->parent->last = n;
		b->parent->n++;
	}
	return n;
}

static bool add_alias(struct builder *b, const struct yaml_event *e, struct error *err)
{
	struct value target = map_get_str(b->anchors, e->anchor);
	struct yaml_node *n;

	if (value_is_none(target))
		return error_set(err, "yaml: unknown anchor '%.*s' referenced", STR_ARG(e->anchor));
	n = add_node(b, e);
	n->value = e->anchor;
	n->alias = (struct yaml_node *)(uintptr_t)target.rec;
	return true;
}

static bool add_event(struct builder *b, const struct yaml_event *e, struct error *err)
{
	struct yaml_node *n;

	if (e->kind == YAML_EVENT_ERROR)
		return error_set_str(err, e->value);
	if (e->kind == YAML_EVENT_ALIAS)
		return add_alias(b, e, err);
	if (e->kind == YAML_EVENT_END) {
		b->parent = b->parent->parent;
		b->depth--;
		return true;
	}
	n = add_node(b, e);
	n->tag = e->tag.len && !str_eq(e->tag, STR("!")) ? yaml_short_tag(b->arena, e->tag)
							 : default_tag(b, e);
	if (e->anchored)
		map_set_str(b->anchors, e->anchor, value_rec(&type_node, n));
	if (e->kind == YAML_EVENT_SCALAR)
		return true;
	b->parent = n;
	if (++b->depth > YAML_READ_DEPTH_MAX)
		return error_set(err, "yaml: exceeded max depth of %d", YAML_READ_DEPTH_MAX);
	return true;
}

bool yaml_tree(struct arena *a, struct str events, struct yaml_node **ret, struct error *err)
{
	struct builder b = {.arena = a, .anchors = map_new(a, &type_any_map, 0)};
	struct yaml_event e;

	while (yaml_event_next(&events, &e))
		if (!add_event(&b, &e, err))
			return false;
	*ret = b.root;
	return true;
}
