/* SPDX-License-Identifier: MIT
 *
 * One run of a template: what the evaluating files share. Statements are run from flat code
 * (code.h, exec.c), so templates that call each other need no C stack; expressions are walked by
 * the eval pointers of their nodes (eval.c, field.c, call.c), whose depth the parser bounded.
 *
 * Invariant: at is the node that an error would be reported at, set as the language has it: by
 * every operand that is evaluated, also a constant. Errors leave by longjmp to where the run was
 * started; what a run holds outside its arena is released there.
 */
#ifndef UD_TEMPLATE_EVAL_H
#define UD_TEMPLATE_EVAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "template/ast.h"
#include "template/funcs.h"
#include "template/tree.h"

#include <setjmp.h>

struct value_chunk;

/* Values of calls in progress and of variables, in chunks that never move. */
struct value_stack {
	struct arena *arena;
	struct value_chunk *chunk;
	struct value *at, *end;
	struct value *grown; /* the first of a chunk that is not the first chunk */
};

struct value_mark {
	struct value_chunk *chunk;
	struct value *at;
};

/* What a statement that encloses others has to put back or go on with. */
struct frame {
	struct value dot;
	/* of a range */
	struct value over;   /* a slice, map or integer */
	struct value *pairs; /* keys and values of a map, when it may change meanwhile */
	uint64_t i, n;
	/* of a template */
	const struct instr *back;
	const struct tree *tree;
	struct value *slots;
	struct value_mark mark;
};

struct render {
	struct call call;     /* what functions get; its error is theirs */
	struct arena lasting; /* for what outlives the statement that makes it */
	const struct template_set *set;
	const struct tree *main; /* the one that was started */
	const struct tree *tree; /* the one that runs */
	const struct node *at;
	struct value dot;
	struct value *slots; /* variables of tree */
	struct buf *out;
	struct value_stack stack;
	VEC(struct frame) frames;
	VEC(struct buf *) bufs; /* of call_buf, n of them made */
	size_t bufs_used;
	unsigned depth, max_depth; /* of templates */
	unsigned evals;		   /* of call_template */
	uint64_t steps;		   /* left until the clock is looked at, if ever */
	uint64_t steps_behind;	   /* left after that */
	size_t max_string;
	struct error *err;
	jmp_buf *failed;
};

/* The type of a variable that has no value. */
extern const struct type type_unset;

/* --- errors ------------------------------------------------------------------- */

/* Ends the run with this message at r->at. */
NORETURN void raise_error(struct render *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same with a text that is taken as it is. */
NORETURN void raise_text(struct render *r, struct str text);
/* No steps are left, and one more is needed: gets more of them, or ends the run. */
void run_on_no_steps(struct render *r);
/* The text of a node, in the arena. */
struct str node_text(struct render *r, const struct node *n);
/* s as a string literal, in the arena. */
struct str quoted_text(struct render *r, struct str s);

/* --- values on the stack -------------------------------------------------------- */

void value_stack_init(struct value_stack *s, struct arena *arena);
struct value *value_stack_grow(struct value_stack *s, size_t n);

static inline struct value *value_stack_take(struct value_stack *s, size_t n)
{
	struct value *v = s->at;

	if (UNLIKELY((size_t)(s->end - v) < n))
		return value_stack_grow(s, n);
	s->at += n;
	return v;
}

/* Gives back what was taken last. */
void value_stack_leave_grown(struct value_stack *s);

static inline void value_stack_drop(struct value_stack *s, struct value *taken)
{
	s->at = taken;
	if (UNLIKELY(taken == s->grown))
		value_stack_leave_grown(s);
}

static inline struct value_mark value_stack_mark(const struct value_stack *s)
{
	return (struct value_mark){s->chunk, s->at};
}

/* Gives back what was taken since the mark. */
void value_stack_leave_chunk(struct value_stack *s, struct value_mark mark);

static inline void value_stack_release(struct value_stack *s, struct value_mark mark)
{
	if (UNLIKELY(s->chunk != mark.chunk))
		value_stack_leave_chunk(s, mark);
	s->at = mark.at;
}

/* --- expressions ------------------------------------------------------------------- */

/* The value of a pipeline; its variables are set. */
static inline struct value eval_pipe(struct render *r, const struct pipe_node *pipe)
{
	return pipe->node.eval(r, &pipe->node);
}

/* Where the variable is that the name in v means now; an error if it has no value. */
struct value *variable_of(struct render *r, const struct variable_node *v);
/* .a.b of recv. cmd has the arguments of a method (NULL: none), final a further one or NULL; n is
 * the node that errors of the method show. */
struct value eval_path(struct render *r, const struct node *n, const struct path *path,
	struct value recv, const struct command_node *cmd, const struct value *final);
/* A call of a function; final is one more argument or NULL. */
static inline struct value eval_call(
	struct render *r, const struct call_site *site, const struct value *final)
{
	return site->eval(r, site, final);
}
/* What eval of a site may be, by the flags of its function. */
struct value eval_function(
	struct render *r, const struct call_site *site, const struct value *final);
struct value eval_and_or(struct render *r, const struct call_site *site, const struct value *final);
struct value eval_call_builtin(
	struct render *r, const struct call_site *site, const struct value *final);
/* A call of a method of recv, with the arguments of cmd after its first word. */
struct value eval_method(struct render *r, const struct node *n, const struct method *m,
	struct value recv, const struct command_node *cmd, const struct value *final);
/* Goes on in another tree with root as its dot; gives its first instruction. When the tree is done,
 * back is next. */
const struct instr *enter_tree(
	struct render *r, const struct tree *tree, struct value root, const struct instr *back);
/* Checks that v can be given for a parameter of type t; returns it as that. */
struct value check_argument(struct render *r, struct value v, const struct type *t);
/* Fails if a word that takes no arguments has some. */
void check_no_arguments(
	struct render *r, const struct command_node *cmd, const struct value *final);

/* Sets the get of an argument whose node and type are set. */
void bind_argument(struct arg *arg, struct arena *a);

#endif
