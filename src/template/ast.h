/* SPDX-License-Identifier: MIT
 *
 * The tree that the parser makes of a template. Nodes live in the set's arena and never change
 * once their tree is bound (see bind.h), except field caches. Every node knows the offset of its
 * first byte; node_write gives its text as errors show it.
 *
 * Statements (text, action, if, range, with, template, break, continue) hang in lists; what stands
 * in an action is an expression: a pipeline of commands, whose words are operands.
 */
#ifndef UD_TEMPLATE_AST_H
#define UD_TEMPLATE_AST_H

#include "base/buf.h"
#include "base/str.h"
#include "template/funcs.h"
#include "value/value.h"

#include <stdbool.h>
#include <stdint.h>

enum node_kind {
	NODE_TEXT,
	NODE_ACTION,
	NODE_IF,
	NODE_RANGE,
	NODE_WITH,
	NODE_TEMPLATE,
	NODE_BREAK,
	NODE_CONTINUE,
	NODE_ELSE, /* these two end a list and are in none */
	NODE_END,
	NODE_PIPE,
	NODE_COMMAND,
	NODE_IDENTIFIER,
	NODE_VARIABLE,
	NODE_FIELD,
	NODE_CHAIN,
	NODE_DOT,
	NODE_NIL,
	NODE_BOOL,
	NODE_NUMBER,
	NODE_STRING,
};

struct node;
struct render;
struct tree;

typedef struct value (*eval_fn)(struct render *r, const struct node *n);

struct node {
	enum node_kind kind;
	uint32_t pos;
	struct node *next; /* in a list */
	eval_fn eval;	   /* of operands and pipelines, set by binding */
};

/* A list of statements. */
struct list {
	struct node *first, **tail;
};

struct text_node {
	struct node node;
	struct str text;
};

struct action_node {
	struct node node;
	struct pipe_node *pipe;
	uint32_t unset_from, unset_to; /* variables that the pipeline may leave unset */
};

/* if, range and with. */
struct branch_node {
	struct node node;
	struct pipe_node *pipe;
	struct list *list;
	struct list *else_list; /* NULL if there is no else */
	uint32_t unset_from, unset_to;
};

struct template_node {
	struct node node;
	struct str name;
	struct pipe_node *pipe; /* NULL if there is none */
	uint32_t unset_from, unset_to;
};

/* What a name means at its place: the slot that holds it, and what to look at if that was never
 * set because its declaration was skipped (and, or). See scope.h. */
struct variable_ref {
	int32_t slot;			  /* -1: none, an error when it is evaluated */
	bool may_be_unset;		  /* then outer is asked */
	const struct variable_ref *outer; /* the same name, declared before; NULL if none */
};

/* One name of a chain like .a.b, with what its last evaluation found. */
struct path_part {
	struct str name;
	uint64_t hash;
	const struct type *type; /* of the receiver, a struct or a pointer to one; NULL: none yet */
	const struct field *field; /* of that type */
};

struct path {
	struct path_part *parts;
	unsigned n;
};

struct variable_node {
	struct node node;
	struct str name; /* with its $ */
	struct variable_ref ref;
	struct path path; /* .Field after it */
};

struct field_node {
	struct node node;
	struct path path; /* n > 0 */
};

/* A function or a parenthesised pipeline with .Field after it. */
struct chain_node {
	struct node node;
	struct node *operand;
	struct path path; /* n > 0 */
};

struct pipe_node {
	struct node node;
	bool is_assign;
	struct variable_node *decls[2];
	unsigned n_decls;
	struct command_node **commands;
	unsigned n_commands;
	eval_fn value; /* the same without declaring; set by binding */
	/* A function in it may change what is older than itself. If not, the memory it took can be
	 * given back when its value is done with; set by binding, of the pipelines of statements.
	 */
	bool changes;
};

/* One argument of a call to a known function. */
struct arg {
	const struct node *node;
	const struct type *type; /* of the parameter */
	struct value (*get)(struct render *r, const struct arg *arg);
	struct value constant; /* if get needs nothing else */
};

/* A call of a function: number and types of arguments are prepared, errors are left to the
 * evaluation. */
struct call_site {
	struct value (*eval)(
		struct render *r, const struct call_site *site, const struct value *final);
	const struct func *func;
	const struct node *node; /* shown when the function fails: the command or the identifier */
	struct arg *args;
	unsigned n_args;
	bool fits;	 /* the number of arguments is right as it is */
	bool fits_final; /* it is right with one more from the pipeline */
};

struct identifier_node {
	struct node node;
	struct str name;
	const struct func *func;
	struct call_site site; /* where it is an operand, without arguments */
};

struct command_node {
	struct node node;
	struct node **args; /* the first is what is called or evaluated */
	unsigned n_args;
	/* final is the value of the command before, NULL for the first one. Set by binding. */
	struct value (*run)(
		struct render *r, const struct command_node *cmd, const struct value *final);
	struct call_site site; /* if the first word is a function */
};

/* A number is all that it can be, as an ideal constant of Go. */
struct number {
	bool is_int, is_uint, is_float, is_complex;
	int64_t i;
	uint64_t u;
	double f;
	struct complex128 c;
};

/* dot, nil, bool, number and string. */
struct constant_node {
	struct node node;
	struct str text;    /* as it was written */
	struct value value; /* of bool and string, and of a number whose type its syntax tells */
	struct number number;
	bool overflows; /* the number is no int */
};

/* Appends n as Go prints it: "{{template \"x\" .a}}", ".a.b", "index .l 9". n is an expression, or
 * a text, action or template. */
void node_write(const struct node *n, struct buf *out);

#endif
