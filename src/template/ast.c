/* SPDX-License-Identifier: MIT
 *
 * Nodes as text, see ast.h: one writer for each kind that an error can be at. That is no block,
 * whose errors are those of its pipeline, and nothing that only jumps.
 */
#include "config.h"

#include "template/ast.h"

#include "template/format/quote.h"

static void write_text(const struct node *n, struct buf *out)
{
	buf_add_str(out, ((const struct text_node *)n)->text);
}

static void write_path(const struct path *path, struct buf *out)
{
	for (unsigned i = 0; i < path->n; i++) {
		buf_add_char(out, '.');
		buf_add_str(out, path->parts[i].name);
	}
}

static void write_variable(const struct node *n, struct buf *out)
{
	const struct variable_node *v = (const struct variable_node *)n;

	buf_add_str(out, v->name);
	write_path(&v->path, out);
}

static void write_field(const struct node *n, struct buf *out)
{
	write_path(&((const struct field_node *)n)->path, out);
}

/* An operand: pipelines stand in parentheses. */
static void write_operand(const struct node *n, struct buf *out)
{
	if (n->kind == NODE_PIPE)
		buf_add_char(out, '(');
	node_write(n, out);
	if (n->kind == NODE_PIPE)
		buf_add_char(out, ')');
}

static void write_chain(const struct node *n, struct buf *out)
{
	const struct chain_node *chain = (const struct chain_node *)n;

	write_operand(chain->operand, out);
	write_path(&chain->path, out);
}

static void write_command(const struct node *n, struct buf *out)
{
	const struct command_node *cmd = (const struct command_node *)n;

	for (unsigned i = 0; i < cmd->n_args; i++) {
		if (i > 0)
			buf_add_char(out, ' ');
		write_operand(cmd->args[i], out);
	}
}

static void write_pipe(const struct node *n, struct buf *out)
{
	const struct pipe_node *pipe = (const struct pipe_node *)n;

	for (unsigned i = 0; i < pipe->n_decls; i++) {
		if (i > 0)
			buf_add_cstr(out, ", ");
		write_variable(&pipe->decls[i]->node, out);
	}
	if (pipe->n_decls)
		buf_add_cstr(out, pipe->is_assign ? " = " : " := ");
	for (unsigned i = 0; i < pipe->n_commands; i++) {
		if (i > 0)
			buf_add_cstr(out, " | ");
		write_command(&pipe->commands[i]->node, out);
	}
}

static void write_action(const struct node *n, struct buf *out)
{
	buf_add_cstr(out, "{{");
	write_pipe(&((const struct action_node *)n)->pipe->node, out);
	buf_add_cstr(out, "}}");
}

static void write_template(const struct node *n, struct buf *out)
{
	const struct template_node *t = (const struct template_node *)n;

	buf_add_cstr(out, "{{template ");
	quote_add(out, t->name, QUOTE_PRINT);
	if (t->pipe) {
		buf_add_char(out, ' ');
		write_pipe(&t->pipe->node, out);
	}
	buf_add_cstr(out, "}}");
}

static void write_identifier(const struct node *n, struct buf *out)
{
	buf_add_str(out, ((const struct identifier_node *)n)->name);
}

static void write_constant(const struct node *n, struct buf *out)
{
	buf_add_str(out, ((const struct constant_node *)n)->text);
}

static void (*const writers[])(const struct node *n, struct buf *out) = {
	[NODE_TEXT] = write_text,
	[NODE_ACTION] = write_action,
	[NODE_TEMPLATE] = write_template,
	[NODE_PIPE] = write_pipe,
	[NODE_COMMAND] = write_command,
	[NODE_IDENTIFIER] = write_identifier,
	[NODE_VARIABLE] = write_variable,
	[NODE_FIELD] = write_field,
	[NODE_CHAIN] = write_chain,
	[NODE_DOT] = write_constant,
	[NODE_NIL] = write_constant,
	[NODE_BOOL] = write_constant,
	[NODE_NUMBER] = write_constant,
	[NODE_STRING] = write_constant,
};

void node_write(const struct node *n, struct buf *out)
{
	writers[n->kind](n, out);
}
