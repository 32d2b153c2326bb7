/* SPDX-License-Identifier: MIT
 *
 * Pipelines, commands and operands, see eval.h. A value that came through an interface keeps that
 * mark until its command ends: until then it shows in error texts.
 */
#include "config.h"

#include "template/eval.h"
#include "template/eval_ops.h"

const struct type type_unset = {.kind = KIND_INVALID, .name = "unset"};

/* --- variables ------------------------------------------------------------------- */

struct value *variable_of(struct render *r, const struct variable_node *v)
{
	for (const struct variable_ref *ref = &v->ref; ref && ref->slot >= 0; ref = ref->outer)
		if (value_type(r->slots[ref->slot]) != &type_unset)
			return &r->slots[ref->slot];
	raise_error(r, "undefined variable: %.*s", STR_ARG(v->name));
}

struct value eval_variable(struct render *r, const struct node *n)
{
	const struct variable_node *v = (const struct variable_node *)n;

	r->at = n;
	return r->slots[v->ref.slot];
}

struct value eval_variable_unsure(struct render *r, const struct node *n)
{
	r->at = n;
	return *variable_of(r, (const struct variable_node *)n);
}

struct value eval_variable_path(struct render *r, const struct node *n)
{
	const struct variable_node *v = (const struct variable_node *)n;

	r->at = n;
	return eval_path(r, n, &v->path, *variable_of(r, v), NULL, NULL);
}

/* --- operands ----------------------------------------------------------------------- */

struct value eval_identifier(struct render *r, const struct node *n)
{
	r->at = n;
	return eval_call(r, &((const struct identifier_node *)n)->site, NULL);
}

struct value eval_field(struct render *r, const struct node *n)
{
	r->at = n;
	return eval_path(r, n, &((const struct field_node *)n)->path, r->dot, NULL, NULL);
}

/* What a chain starts from. */
static struct value eval_chain_operand(struct render *r, const struct chain_node *chain)
{
	r->at = &chain->node;
	if (chain->operand->kind == NODE_NIL)
		raise_error(r, "indirection through explicit nil in %.*s",
			STR_ARG(node_text(r, &chain->node)));
	r->at = chain->operand;
	return chain->operand->eval(r, chain->operand);
}

struct value eval_chain(struct render *r, const struct node *n)
{
	const struct chain_node *chain = (const struct chain_node *)n;
	struct value v = eval_chain_operand(r, chain);

	return eval_path(r, n, &chain->path, v, NULL, NULL);
}

struct value eval_dot(struct render *r, const struct node *n)
{
	r->at = n;
	return r->dot;
}

struct value eval_constant(struct render *r, const struct node *n)
{
	const struct constant_node *c = (const struct constant_node *)n;

	r->at = n;
	if (c->overflows)
		raise_error(r, "%.*s overflows int", STR_ARG(c->text));
	return c->value;
}

/* --- commands ------------------------------------------------------------------------- */

void check_no_arguments(struct render *r, const struct command_node *cmd, const struct value *final)
{
	if (cmd->n_args > 1 || final)
		raise_error(r, "can't give argument to non-function %.*s",
			STR_ARG(node_text(r, cmd->args[0])));
}

/* A word that is a value. */
static struct value run_plain(
	struct render *r, const struct command_node *cmd, const struct value *final)
{
	r->at = cmd->args[0];
	check_no_arguments(r, cmd, final);
	return cmd->args[0]->eval(r, cmd->args[0]);
}

static struct value run_nil(
	struct render *r, const struct command_node *cmd, const struct value *final)
{
	r->at = cmd->args[0];
	check_no_arguments(r, cmd, final);
	raise_error(r, "nil is not a command");
}

/* A pipeline in parentheses; what is shown of it is not the pipeline but what was before. */
static struct value run_pipe(
	struct render *r, const struct command_node *cmd, const struct value *final)
{
	check_no_arguments(r, cmd, final);
	return cmd->args[0]->eval(r, cmd->args[0]);
}

static struct value run_function(
	struct render *r, const struct command_node *cmd, const struct value *final)
{
	r->at = cmd->args[0];
	return eval_call(r, &cmd->site, final);
}

static struct value run_field(
	struct render *r, const struct command_node *cmd, const struct value *final)
{
	const struct field_node *f = (const struct field_node *)cmd->args[0];

	r->at = &f->node;
	return eval_path(r, &f->node, &f->path, r->dot, cmd, final);
}

static struct value run_chain(
	struct render *r, const struct command_node *cmd, const struct value *final)
{
	const struct chain_node *chain = (const struct chain_node *)cmd->args[0];
	struct value v = eval_chain_operand(r, chain);

	return eval_path(r, &chain->node, &chain->path, v, cmd, final);
}

static struct value run_variable(
	struct render *r, const struct command_node *cmd, const struct value *final)
{
	const struct variable_node *v = (const struct variable_node *)cmd->args[0];
	struct value *value;

	r->at = &v->node;
	value = variable_of(r, v);
	if (v->path.n)
		return eval_path(r, &v->node, &v->path, *value, cmd, final);
	check_no_arguments(r, cmd, final);
	return *value;
}

const run_fn run_of_word[] = {
	[NODE_PIPE] = run_pipe,
	[NODE_IDENTIFIER] = run_function,
	[NODE_VARIABLE] = run_variable,
	[NODE_FIELD] = run_field,
	[NODE_CHAIN] = run_chain,
	[NODE_DOT] = run_plain,
	[NODE_NIL] = run_nil,
	[NODE_BOOL] = run_plain,
	[NODE_NUMBER] = run_plain,
	[NODE_STRING] = run_plain,
};

/* --- pipelines -------------------------------------------------------------------------- */

/* The value inside an interface. */
static inline struct value unwrap(struct value v)
{
	if (v.head & VALUE_IFACE)
		v = value_plain(v);
	else if (value_type(v) == &type_any)
		v = VALUE_NONE;
	return v;
}

struct value eval_pipe_call(struct render *r, const struct node *n)
{
	const struct command_node *cmd = ((const struct pipe_node *)n)->commands[0];

	r->at = cmd->args[0];
	return unwrap(eval_call(r, &cmd->site, NULL));
}

/* The operand tells where it is. */
struct value eval_pipe_operand(struct render *r, const struct node *n)
{
	const struct node *operand = ((const struct pipe_node *)n)->commands[0]->args[0];

	return unwrap(operand->eval(r, operand));
}

struct value eval_pipe_single(struct render *r, const struct node *n)
{
	const struct command_node *cmd = ((const struct pipe_node *)n)->commands[0];

	r->at = n;
	return unwrap(cmd->run(r, cmd, NULL));
}

struct value eval_pipe_many(struct render *r, const struct node *n)
{
	const struct pipe_node *pipe = (const struct pipe_node *)n;
	struct value v = eval_pipe_single(r, n);

	for (unsigned i = 1; i < pipe->n_commands; i++) {
		struct value final = v;

		v = unwrap(pipe->commands[i]->run(r, pipe->commands[i], &final));
	}
	return v;
}

/* Gives back the memory that was taken since the mark, as far as v does not need it: what is older
 * cannot refer to it. */
static struct value settle(struct render *r, struct arena_mark mark, struct value v)
{
	struct arena *a = r->call.arena;
	enum kind kind = value_kind(v);
	bool scalar = kind < KIND_COMPLEX64;

	if (scalar || kind == KIND_INTERFACE || !arena_is_newer(a, mark, v.rec))
		arena_reset(a, mark);
	else if (kind == KIND_STRING)
		v.s = arena_reset_keep(a, mark, v.s, value_len(v));
	return v;
}

struct value eval_pipe_declaring(struct render *r, const struct node *n)
{
	const struct pipe_node *pipe = (const struct pipe_node *)n;
	struct arena_mark mark = arena_mark(r->call.arena);
	struct value v = pipe->value(r, n);

	if (!pipe->changes)
		v = settle(r, mark, v);
	for (unsigned i = 0; i < pipe->n_decls; i++) {
		const struct variable_node *decl = pipe->decls[i];

		if (pipe->is_assign)
			*variable_of(r, decl) = v;
		else
			r->slots[decl->ref.slot] = v;
	}
	return v;
}
