/* SPDX-License-Identifier: MIT
 *
 * The walk over trees that collects names, see uses.h.
 */
#include "config.h"

#include "template/uses.h"

static void add_node(struct uses *u, const struct node *n, bool whole);

void uses_release(struct uses *u)
{
	smap_release(&u->named);
	smap_release(&u->whole);
}

static void add_path(struct uses *u, const struct path *path, bool whole)
{
	/* Only that there is a value counts. */
	for (unsigned i = 0; i < path->n; i++)
		smap_put(&u->named, path->parts[i].name, u);
	if (path->n && whole)
		smap_put(&u->whole, path->parts[path->n - 1].name, u);
}

/* Whether the function that a command calls only keeps its arguments, under names that are seen
 * where they are used. */
static bool only_keeps(const struct command_node *cmd)
{
	const struct identifier_node *id = (const struct identifier_node *)cmd->args[0];

	return cmd->args[0]->kind == NODE_IDENTIFIER &&
	       (str_eq(id->name, STR("set")) || str_eq(id->name, STR("dict")));
}

/* whole: of the value of the pipeline. */
static void add_pipe(struct uses *u, const struct pipe_node *pipe, bool whole)
{
	for (unsigned i = 0; i < pipe->n_commands; i++) {
		const struct command_node *cmd = pipe->commands[i];
		bool is_value = pipe->n_commands == 1 && cmd->n_args == 1;

		for (unsigned j = 0; j < cmd->n_args; j++)
			add_node(u, cmd->args[j], is_value ? whole : !only_keeps(cmd));
	}
}

static void add_node(struct uses *u, const struct node *n, bool whole)
{
	if (n->kind == NODE_PIPE) {
		add_pipe(u, (const struct pipe_node *)n, whole);
	} else if (n->kind == NODE_VARIABLE) {
		add_path(u, &((const struct variable_node *)n)->path, whole);
	} else if (n->kind == NODE_FIELD) {
		add_path(u, &((const struct field_node *)n)->path, whole);
	} else if (n->kind == NODE_CHAIN) {
		add_node(u, ((const struct chain_node *)n)->operand, false);
		add_path(u, &((const struct chain_node *)n)->path, whole);
	}
}

static void add_statement(struct uses *u, const struct node *n)
{
	const struct branch_node *branch;

	if (n->kind == NODE_ACTION) {
		add_pipe(u, ((const struct action_node *)n)->pipe, true);
	} else if (n->kind == NODE_TEMPLATE) {
		if (((const struct template_node *)n)->pipe)
			add_pipe(u, ((const struct template_node *)n)->pipe, true);
	} else if (n->kind == NODE_IF || n->kind == NODE_RANGE || n->kind == NODE_WITH) {
		branch = (const struct branch_node *)n;
		add_pipe(u, branch->pipe, true);
		uses_add(u, branch->list);
		if (branch->else_list)
			uses_add(u, branch->else_list);
	}
}

void uses_add(struct uses *u, const struct list *list)
{
	for (const struct node *n = list->first; n; n = n->next)
		add_statement(u, n);
}
