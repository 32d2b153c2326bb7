/* SPDX-License-Identifier: MIT
 *
 * The walk over a tree that binds its expressions, see bind.h. Which function evaluates what is
 * chosen here, so that nothing is decided twice while a template runs.
 */
#include "config.h"

#include "template/bind.h"

#include "template/eval.h"
#include "template/eval_ops.h"

struct binder {
	struct arena *arena;
	unsigned flags; /* of the functions in the statement */
};

static void bind_node(struct node *n, struct binder *b);
static void bind_nodes(struct list *list, struct binder *b);

static bool takes(const struct func *func, unsigned n)
{
	return func->variadic ? n + 1 >= func->n_in : n == func->n_in;
}

static void bind_site(struct call_site *site, const struct func *func, const struct node *shown,
	struct node **args, unsigned n, struct binder *b)
{
	unsigned fixed = func->variadic ? func->n_in - 1 : func->n_in;

	if (func->flags & (FUNC_AND | FUNC_OR))
		site->eval = eval_and_or;
	else
		site->eval = func->flags & FUNC_CALL ? eval_call_builtin : eval_function;
	b->flags |= func->flags;
	site->func = func;
	site->node = shown;
	site->n_args = n;
	site->fits = takes(func, n);
	site->fits_final = takes(func, n + 1);
	site->args = n ? arena_calloc(b->arena, n, sizeof(*site->args)) : NULL;
	for (unsigned i = 0; i < n; i++) {
		if (i >= fixed && !func->variadic)
			return; /* too many: the call fails before it looks at them */
		site->args[i].node = args[i];
		site->args[i].type = func->in[i < fixed ? i : fixed];
		bind_argument(&site->args[i], b->arena);
	}
}

static void bind_command(struct command_node *cmd, struct binder *b)
{
	const struct node *first = cmd->args[0];

	for (unsigned i = 0; i < cmd->n_args; i++)
		bind_node(cmd->args[i], b);
	cmd->run = run_of_word[first->kind];
	if (first->kind == NODE_IDENTIFIER)
		bind_site(&cmd->site, ((const struct identifier_node *)first)->func, &cmd->node,
			cmd->args + 1, cmd->n_args - 1, b);
}

static eval_fn eval_of_pipe(const struct pipe_node *pipe)
{
	const struct command_node *cmd = pipe->commands[0];
	enum node_kind kind = cmd->args[0]->kind;

	if (pipe->n_commands > 1)
		return eval_pipe_many;
	if (kind == NODE_IDENTIFIER)
		return eval_pipe_call;
	return cmd->n_args == 1 && kind != NODE_NIL ? eval_pipe_operand : eval_pipe_single;
}

static void bind_pipe(struct pipe_node *pipe, struct binder *b)
{
	for (unsigned i = 0; i < pipe->n_commands; i++)
		bind_command(pipe->commands[i], b);
	pipe->value = eval_of_pipe(pipe);
	pipe->node.eval = pipe->n_decls ? eval_pipe_declaring : pipe->value;
}

static void bind_identifier(struct identifier_node *id, struct binder *b)
{
	id->node.eval = eval_identifier;
	bind_site(&id->site, id->func, &id->node, NULL, 0, b);
}

static void bind_variable(struct variable_node *v)
{
	if (v->path.n)
		v->node.eval = eval_variable_path;
	else if (v->ref.slot >= 0 && !v->ref.may_be_unset)
		v->node.eval = eval_variable;
	else
		v->node.eval = eval_variable_unsure;
}

static void bind_node(struct node *n, struct binder *b)
{
	if (n->kind == NODE_PIPE) {
		bind_pipe((struct pipe_node *)n, b);
	} else if (n->kind == NODE_IDENTIFIER) {
		bind_identifier((struct identifier_node *)n, b);
	} else if (n->kind == NODE_VARIABLE) {
		bind_variable((struct variable_node *)n);
	} else if (n->kind == NODE_FIELD) {
		n->eval = eval_field;
	} else if (n->kind == NODE_CHAIN) {
		bind_node(((struct chain_node *)n)->operand, b);
		n->eval = eval_chain;
	} else if (n->kind == NODE_DOT) {
		n->eval = eval_dot;
	} else if (n->kind != NODE_NIL) {
		n->eval = eval_constant;
	}
}

/* The pipeline of a statement. */
static void bind_own_pipe(struct pipe_node *pipe, struct binder *b)
{
	b->flags = 0;
	bind_pipe(pipe, b);
	pipe->changes = b->flags & FUNC_CHANGES;
}

static void bind_statement(struct node *n, struct binder *b)
{
	struct branch_node *branch;

	if (n->kind == NODE_ACTION) {
		bind_own_pipe(((struct action_node *)n)->pipe, b);
	} else if (n->kind == NODE_TEMPLATE) {
		if (((struct template_node *)n)->pipe)
			bind_own_pipe(((struct template_node *)n)->pipe, b);
	} else if (n->kind == NODE_IF || n->kind == NODE_RANGE || n->kind == NODE_WITH) {
		branch = (struct branch_node *)n;
		bind_own_pipe(branch->pipe, b);
		bind_nodes(branch->list, b);
		if (branch->else_list)
			bind_nodes(branch->else_list, b);
	}
}

static void bind_nodes(struct list *list, struct binder *b)
{
	for (struct node *n = list->first; n; n = n->next)
		bind_statement(n, b);
}

void bind_list(struct list *list, struct arena *a)
{
	struct binder b = {.arena = a};

	bind_nodes(list, &b);
}
