/* SPDX-License-Identifier: MIT
 *
 * From lists of statements to flat code, see code.h:
 *
 *	if       IF else; list; JUMP end; else: list; end:
 *	with     WITH else; list; END_WITH end; else: list; end:
 *	range    RANGE else; next: NEXT end; list; JUMP next; else: list; end:
 *	break    LEAVE (the frames within the range, and its own) end
 *	continue LEAVE (the frames within the range) next
 *
 * While code is made a jump is the number of an instruction; the last step makes addresses of them.
 */
#include "config.h"

#include "template/code.h"

#include "base/vec.h"

/* What break and continue of the innermost range need. */
struct loop {
	struct loop *outer;
	uint32_t next;	      /* instruction */
	uint32_t frames;      /* inside it, at the place where the emitter is */
	VEC(uint32_t) breaks; /* instructions that want the end */
};

struct emitter {
	VEC(struct instr) code;
	VEC(uint32_t) targets; /* of each instruction, NO_TARGET if it does not jump */
	struct template_set *set;
	struct loop *loop;
};

#define NO_TARGET UINT32_MAX

static void emit_list(struct emitter *e, const struct list *list);

static uint32_t here(const struct emitter *e)
{
	return (uint32_t)e->code.n;
}

static uint32_t emit(struct emitter *e, struct instr in)
{
	vec_push(&e->code, in);
	vec_push(&e->targets, NO_TARGET);
	return here(e) - 1;
}

static void jump_here(struct emitter *e, uint32_t from)
{
	e->targets.v[from] = here(e);
}

/* Forgets the variables that the statement after it may leave unset. */
static void emit_unset(struct emitter *e, uint32_t from, uint32_t to)
{
	if (from < to)
		emit(e, (struct instr){.run = exec_unset, .a = from, .b = to});
}

static void emit_text(struct emitter *e, const struct node *n)
{
	emit(e, (struct instr){.run = exec_text, .node = n});
}

static void emit_action(struct emitter *e, const struct node *n)
{
	const struct action_node *action = (const struct action_node *)n;

	emit_unset(e, action->unset_from, action->unset_to);
	emit(e, (struct instr){
			.run = action->pipe->n_decls ? exec_evaluate : exec_print, .node = n});
}

static void emit_if(struct emitter *e, const struct node *n)
{
	const struct branch_node *b = (const struct branch_node *)n;
	uint32_t test, skip;

	emit_unset(e, b->unset_from, b->unset_to);
	test = emit(e, (struct instr){.run = exec_if, .node = n});
	emit_list(e, b->list);
	if (!b->else_list) {
		jump_here(e, test);
		return;
	}
	skip = emit(e, (struct instr){.run = exec_jump});
	jump_here(e, test);
	emit_list(e, b->else_list);
	jump_here(e, skip);
}

static void emit_with(struct emitter *e, const struct node *n)
{
	const struct branch_node *b = (const struct branch_node *)n;
	uint32_t test, end;

	emit_unset(e, b->unset_from, b->unset_to);
	test = emit(e, (struct instr){.run = exec_with, .node = n});
	if (e->loop)
		e->loop->frames++;
	emit_list(e, b->list);
	if (e->loop)
		e->loop->frames--;
	end = emit(e, (struct instr){.run = exec_end_with});
	jump_here(e, test);
	if (b->else_list)
		emit_list(e, b->else_list);
	jump_here(e, end);
}

static void emit_range(struct emitter *e, const struct node *n)
{
	const struct branch_node *b = (const struct branch_node *)n;
	struct loop loop = {.outer = e->loop, .breaks = VEC_INIT};
	uint32_t test, again;

	emit_unset(e, b->unset_from, b->unset_to);
	test = emit(e, (struct instr){.run = exec_range, .node = n});
	loop.next = emit(e, (struct instr){.run = exec_next, .node = n});
	e->loop = &loop;
	emit_list(e, b->list);
	e->loop = loop.outer;
	again = emit(e, (struct instr){.run = exec_jump});
	e->targets.v[again] = loop.next;
	jump_here(e, test);
	if (b->else_list)
		emit_list(e, b->else_list);
	jump_here(e, loop.next);
	for (size_t i = 0; i < loop.breaks.n; i++)
		jump_here(e, loop.breaks.v[i]);
	vec_release(&loop.breaks);
}

static void emit_break(struct emitter *e, const struct node *n)
{
	uint32_t at =
		emit(e, (struct instr){.run = exec_leave, .node = n, .a = e->loop->frames + 1});

	vec_push(&e->loop->breaks, at);
}

static void emit_continue(struct emitter *e, const struct node *n)
{
	uint32_t at = emit(e, (struct instr){.run = exec_leave, .node = n, .a = e->loop->frames});

	e->targets.v[at] = e->loop->next;
}

static void emit_template(struct emitter *e, const struct node *n)
{
	const struct template_node *t = (const struct template_node *)n;

	emit_unset(e, t->unset_from, t->unset_to);
	emit(e, (struct instr){.run = exec_template,
			.node = n,
			.tree = smap_get(&e->set->trees, t->name)});
}

static void (*const emitters[])(struct emitter *e, const struct node *n) = {
	[NODE_TEXT] = emit_text,
	[NODE_ACTION] = emit_action,
	[NODE_IF] = emit_if,
	[NODE_RANGE] = emit_range,
	[NODE_WITH] = emit_with,
	[NODE_TEMPLATE] = emit_template,
	[NODE_BREAK] = emit_break,
	[NODE_CONTINUE] = emit_continue,
};

static void emit_list(struct emitter *e, const struct list *list)
{
	for (const struct node *n = list->first; n; n = n->next)
		emitters[n->kind](e, n);
}

void code_make(struct tree *tree, struct template_set *set)
{
	struct emitter e = {.set = set};
	struct instr *code;

	emit_list(&e, tree->root);
	emit(&e, (struct instr){.run = exec_return});
	code = arena_memdup(&set->arena, e.code.v, e.code.n * sizeof(*code));
	for (size_t i = 0; i < e.code.n; i++)
		if (e.targets.v[i] != NO_TARGET)
			code[i].jump = &code[e.targets.v[i]];
	tree->code = code;
	vec_release(&e.code);
	vec_release(&e.targets);
}
