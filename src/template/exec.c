/* SPDX-License-Identifier: MIT
 *
 * The instructions, see code.h: what statements do. Frames hold what blocks and called templates
 * have to put back; the machine that runs the code is in run.c.
 */
#include "config.h"

#include "template/code.h"
#include "template/eval.h"

/* --- output ------------------------------------------------------------------------ */

static NORETURN void fail_output_limit(struct render *r)
{
	raise_error(r, "output is larger than %zu bytes", r->out->max);
}

const struct instr *exec_text(struct render *r, const struct instr *in)
{
	buf_add_str(r->out, ((const struct text_node *)in->node)->text);
	if (UNLIKELY(r->out->full)) {
		r->at = in->node;
		fail_output_limit(r);
	}
	return in + 1;
}

/* Prints what is no plain string. */
static void print_value(struct render *r, struct value v)
{
	struct format f = {r->out, r->call.arena};
	struct error why = ERROR_INIT;

	if (!format_is_printable(v))
		raise_error(r, "can't print %.*s of type %s", STR_ARG(node_text(r, r->at)),
			value_type(v)->name);
	if (format_action(&f, v, &why))
		return;
	call_fail_error(&r->call, &why);
	raise_text(r, r->call.error);
}

const struct instr *exec_print(struct render *r, const struct instr *in)
{
	const struct pipe_node *pipe = ((const struct action_node *)in->node)->pipe;
	struct arena_mark mark = arena_mark(r->call.arena);
	struct value v = eval_pipe(r, pipe);

	r->at = in->node;
	if (LIKELY(value_type(v) == &type_string))
		buf_add_str(r->out, value_as_str(v));
	else
		print_value(r, v);
	if (UNLIKELY(r->out->full))
		fail_output_limit(r);
	if (!pipe->changes)
		arena_reset(r->call.arena, mark);
	return in + 1;
}

const struct instr *exec_evaluate(struct render *r, const struct instr *in)
{
	eval_pipe(r, ((const struct action_node *)in->node)->pipe);
	return in + 1;
}

const struct instr *exec_unset(struct render *r, const struct instr *in)
{
	for (uint32_t i = in->a; i < in->b; i++)
		r->slots[i].head = TYPE_HEAD(&type_unset);
	return in + 1;
}

/* --- frames ------------------------------------------------------------------------- */

static struct frame *push_frame(struct render *r)
{
	vec_push(&r->frames, (struct frame){.dot = r->dot});
	return &r->frames.v[r->frames.n - 1];
}

static void pop_frame(struct render *r)
{
	r->dot = r->frames.v[--r->frames.n].dot;
}

/* Counts a round of a loop or the call of a template. */
static inline void count_step(struct render *r)
{
	if (UNLIKELY(r->steps == 0))
		run_on_no_steps(r);
	r->steps--;
}

const struct instr *exec_jump(struct render *r, const struct instr *in)
{
	(void)r;
	return in->jump;
}

/* break and continue: drops the frames inside the range, or also its own. */
const struct instr *exec_leave(struct render *r, const struct instr *in)
{
	for (uint32_t i = 0; i < in->a; i++)
		pop_frame(r);
	return in->jump;
}

/* --- if, with ------------------------------------------------------------------------ */

const struct instr *exec_if(struct render *r, const struct instr *in)
{
	const struct pipe_node *pipe = ((const struct branch_node *)in->node)->pipe;
	struct arena_mark mark = arena_mark(r->call.arena);
	bool truth = value_truth(eval_pipe(r, pipe));

	if (!pipe->changes && !pipe->n_decls)
		arena_reset(r->call.arena, mark);
	return truth ? in + 1 : in->jump;
}

const struct instr *exec_with(struct render *r, const struct instr *in)
{
	struct value v = eval_pipe(r, ((const struct branch_node *)in->node)->pipe);

	if (!value_truth(v))
		return in->jump;
	push_frame(r);
	r->dot = v;
	return in + 1;
}

const struct instr *exec_end_with(struct render *r, const struct instr *in)
{
	pop_frame(r);
	return in->jump;
}

/* --- range ----------------------------------------------------------------------------- */

/* A copy of the entries of a map as they are when the range begins. */
static struct value *copy_pairs(struct render *r, struct value map, uint64_t n)
{
	struct value *pairs = arena_array(r->call.arena, struct value, n * 2);

	for (size_t i = 0; i < n; i++)
		map_at_sorted(map, i, &pairs[2 * i], &pairs[2 * i + 1]);
	return pairs;
}

/* Fails with a message that shows v between before and after. */
static NORETURN void fail_range(
	struct render *r, struct value v, const char *before, const char *after)
{
	struct buf *b = call_buf(&r->call);
	struct str text;

	v = value_plain(v);
	if (!call_sprint(&r->call, v, &text))
		text = r->call.error;
	buf_add_cstr(b, before);
	buf_add_str(b, text);
	buf_add_cstr(b, after);
	raise_text(r, buf_str(b));
}

/* How many rounds a range over v has. */
static uint64_t count_rounds(struct render *r, struct value v, unsigned n_decls)
{
	enum kind kind = value_kind(v);

	if (kind == KIND_SLICE || kind == KIND_ARRAY)
		return slice_len(v);
	if (kind == KIND_MAP)
		return map_len(v);
	if (kind == KIND_INVALID)
		return 0;
	if (kind < KIND_INT || kind > KIND_UINTPTR)
		fail_range(r, v, "range can't iterate over ", "");
	if (n_decls > 1)
		fail_range(r, v, "can't use ", " to iterate over more than one variable");
	return kind <= KIND_INT64 && v.i < 0 ? 0 : v.u;
}

const struct instr *exec_range(struct render *r, const struct instr *in)
{
	const struct pipe_node *pipe = ((const struct branch_node *)in->node)->pipe;
	struct value v = eval_pipe(r, pipe);
	struct frame *f;
	uint64_t n;

	value_indirect(&v);
	n = count_rounds(r, v, pipe->n_decls);
	if (n == 0)
		return in->jump;
	f = push_frame(r);
	f->over = v;
	f->n = n;
	if (value_type(v)->kind == KIND_MAP && (r->set->flags & FUNC_CHANGES))
		f->pairs = copy_pairs(r, v, n);
	return in + 1;
}

/* Index and member of the next round. */
static inline void next_member(struct frame *f, struct value *index, struct value *member)
{
	uint64_t i = f->i++;

	if (value_type(f->over)->kind == KIND_SLICE || value_type(f->over)->kind == KIND_ARRAY) {
		*index = value_int((int64_t)i);
		*member = slice_at(f->over, i);
	} else if (f->pairs) {
		*index = f->pairs[2 * i];
		*member = f->pairs[2 * i + 1];
	} else if (value_type(f->over)->kind == KIND_MAP) {
		map_at_sorted(f->over, i, index, member);
	} else {
		*index = VALUE_NONE;
		*member = (struct value){.head = TYPE_HEAD(value_type(f->over)), .u = i};
	}
}

const struct instr *exec_next(struct render *r, const struct instr *in)
{
	const struct pipe_node *pipe = ((const struct branch_node *)in->node)->pipe;
	struct frame *f = &r->frames.v[r->frames.n - 1];
	struct value index, member;

	if (f->i == f->n) {
		pop_frame(r);
		return in->jump;
	}
	count_step(r);
	next_member(f, &index, &member);
	r->dot = member;
	if (pipe->n_decls == 1) {
		*variable_of(r, pipe->decls[0]) = member;
	} else if (pipe->n_decls == 2) {
		*variable_of(r, pipe->decls[0]) = index;
		*variable_of(r, pipe->decls[1]) = member;
	}
	return in + 1;
}

/* --- template ---------------------------------------------------------------------------- */

const struct instr *enter_tree(
	struct render *r, const struct tree *tree, struct value root, const struct instr *back)
{
	struct frame *f = push_frame(r);

	f->back = back;
	f->tree = r->tree;
	f->slots = r->slots;
	f->mark = value_stack_mark(&r->stack);
	r->tree = tree;
	r->slots = value_stack_take(&r->stack, tree->n_slots);
	r->slots[0] = root;
	r->dot = root;
	r->depth++;
	return tree->code;
}

const struct instr *exec_template(struct render *r, const struct instr *in)
{
	const struct template_node *t = (const struct template_node *)in->node;
	struct value root = VALUE_NONE;

	r->at = in->node;
	count_step(r);
	if (!in->tree)
		raise_error(r, "template %.*s not defined", STR_ARG(quoted_text(r, t->name)));
	if (r->depth > r->max_depth)
		raise_error(r, "exceeded maximum template depth (%u)", r->max_depth);
	if (t->pipe)
		root = eval_pipe(r, t->pipe);
	return enter_tree(r, in->tree, root, in + 1);
}

const struct instr *exec_return(struct render *r, const struct instr *in)
{
	const struct frame *f = &r->frames.v[r->frames.n - 1];
	const struct instr *back = f->back;

	(void)in;
	r->tree = f->tree;
	r->slots = f->slots;
	r->depth--;
	value_stack_release(&r->stack, f->mark);
	pop_frame(r);
	return back;
}
