/* SPDX-License-Identifier: MIT
 *
 * The functions that binding chooses from, one per form of expression.
 */
#ifndef UD_TEMPLATE_EVAL_OPS_H
#define UD_TEMPLATE_EVAL_OPS_H

#include "template/ast.h"

/* Pipelines: of one call, of one operand, of one command, of several, with variables. */
struct value eval_pipe_call(struct render *r, const struct node *n);
struct value eval_pipe_operand(struct render *r, const struct node *n);
struct value eval_pipe_single(struct render *r, const struct node *n);
struct value eval_pipe_many(struct render *r, const struct node *n);
struct value eval_pipe_declaring(struct render *r, const struct node *n);

/* Operands. */
struct value eval_identifier(struct render *r, const struct node *n);
struct value eval_variable(struct render *r, const struct node *n);
struct value eval_variable_unsure(struct render *r, const struct node *n);
struct value eval_variable_path(struct render *r, const struct node *n);
struct value eval_field(struct render *r, const struct node *n);
struct value eval_chain(struct render *r, const struct node *n);
struct value eval_dot(struct render *r, const struct node *n);
struct value eval_constant(struct render *r, const struct node *n);

/* Commands, by the kind of their first word. */
typedef struct value (*run_fn)(
	struct render *r, const struct command_node *cmd, const struct value *final);
extern const run_fn run_of_word[];

#endif
