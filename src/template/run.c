/* SPDX-License-Identifier: MIT
 *
 * The machine: what a run needs, how it starts and ends, how it fails, and what functions may ask
 * of it (funcs.h). Everything that lies outside the arena (frames, buffers) belongs to the run and
 * is released at its end, also after an error.
 */
#include "config.h"

#include "template/run.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "template/code.h"
#include "template/eval.h"
#include "template/format/quote.h"

#include <stdarg.h>

/* Steps between two looks at the clock. */
#define CLOCK_STEPS 64
/* Values in the first chunk of the stack. */
#define STACK_CHUNK 1024

/* --- errors -------------------------------------------------------------------------- */

struct str node_text(struct render *r, const struct node *n)
{
	struct buf *b = call_buf(&r->call);

	node_write(n, b);
	return arena_str(r->call.arena, buf_str(b));
}

struct str quoted_text(struct render *r, struct str s)
{
	struct buf *b = call_buf(&r->call);

	quote_add(b, s, QUOTE_PRINT);
	return arena_str(r->call.arena, buf_str(b));
}

/* Puts "template: NAME:LINE:COLUMN: executing "TREE" at <NODE>: " before the message. */
static void add_place(struct render *r)
{
	const struct source *source = r->tree->source;
	uint32_t line, column;
	struct buf b;

	source_locate(source, r->at->pos, &line, &column);
	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, "template: ");
	buf_add_str(&b, source->name);
	buf_add_fmt(&b, ":%u:%u: executing ", line, column);
	quote_add(&b, r->tree->name, QUOTE_PRINT);
	buf_add_cstr(&b, " at <");
	node_write(r->at, &b);
	buf_add_cstr(&b, ">: ");
	if (r->err)
		buf_add_str(&b, error_str(r->err));
	error_set_str(r->err, buf_str(&b));
	buf_release(&b);
}

void raise_error(struct render *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(r->err, fmt, ap);
	va_end(ap);
	add_place(r);
	longjmp(*r->failed, 1);
}

void raise_text(struct render *r, struct str text)
{
	error_set_str(r->err, text);
	add_place(r);
	longjmp(*r->failed, 1);
}

static void run_on_memory_limit(void *arg)
{
	struct render *r = arg;

	/* What is reported now needs no arena. */
	raise_error(r, "the render needs more than %zu bytes of memory", r->call.arena->limit);
}

/* --- values on the stack --------------------------------------------------------------- */

struct value_chunk {
	struct value_chunk *older, *newer;
	struct value *left_at; /* of the older chunk when this one was gone on with */
	size_t n;
	struct value values[];
};

static void value_stack_use(struct value_stack *s, struct value_chunk *c)
{
	s->chunk = c;
	s->at = c->values;
	s->end = c->values + c->n;
	s->grown = c->older ? c->values : NULL;
}

static struct value_chunk *value_chunk_new(struct arena *a, struct value_chunk *older, size_t n)
{
	struct value_chunk *c = arena_alloc(a, sizeof(*c) + n * sizeof(struct value));

	c->older = older;
	c->newer = NULL;
	c->n = n;
	if (older)
		older->newer = c;
	return c;
}

void value_stack_init(struct value_stack *s, struct arena *arena)
{
	s->arena = arena;
	value_stack_use(s, value_chunk_new(arena, NULL, STACK_CHUNK));
}

struct value *value_stack_grow(struct value_stack *s, size_t n)
{
	struct value_chunk *c = s->chunk->newer;

	if (!c || c->n < n) {
		size_t want = s->chunk->n * 2;

		c = value_chunk_new(s->arena, s->chunk, want < n ? n : want);
	}
	c->left_at = s->at;
	value_stack_use(s, c);
	s->at += n;
	return c->values;
}

void value_stack_leave_grown(struct value_stack *s)
{
	struct value *at = s->chunk->left_at;

	value_stack_use(s, s->chunk->older);
	s->at = at;
}

void value_stack_leave_chunk(struct value_stack *s, struct value_mark mark)
{
	value_stack_use(s, mark.chunk);
}

/* --- what functions ask for ---------------------------------------------------------------- */

bool call_fail(struct call *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	c->error = arena_vfmt(c->arena, fmt, ap);
	va_end(ap);
	return false;
}

bool call_fail_str(struct call *c, struct str text)
{
	c->error = arena_str(c->arena, text);
	return false;
}

bool call_fail_error(struct call *c, struct error *err)
{
	struct str text = arena_str(c->arena, error_str(err));

	error_clear(err);
	c->error = text;
	return false;
}

/* Gets at least want more steps, want > 0; or says why there are none. */
static const char *get_steps(struct render *r, uint64_t want)
{
	const struct template_options *options = r->call.options;
	uint64_t n = want > CLOCK_STEPS ? want : CLOCK_STEPS;

	if (options->give_up_ns && clock_mono_ns() > options->give_up_ns) {
		*options->ret_gave_up = true;
		return "the render takes too long";
	}
	if (want > r->steps_behind)
		return "too many loop rounds and template calls";
	n = n < r->steps_behind ? n : r->steps_behind;
	r->steps += n;
	r->steps_behind -= n;
	return NULL;
}

void run_on_no_steps(struct render *r)
{
	const char *why = get_steps(r, 1);

	if (why)
		raise_error(r, "%s", why);
}

bool call_spend(struct call *c, uint64_t steps)
{
	struct render *r = c->render;
	const char *why = steps > r->steps ? get_steps(r, steps - r->steps) : NULL;

	if (why)
		return call_fail(c, "%s", why);
	r->steps -= steps;
	return true;
}

struct buf *call_buf(struct call *c)
{
	struct render *r = c->render;
	struct buf *b;

	if (r->bufs_used == r->bufs.n) {
		b = xmalloc(sizeof(*b));
		buf_init(b, r->max_string);
		vec_push(&r->bufs, b);
	}
	b = r->bufs.v[r->bufs_used++];
	buf_clear(b);
	return b;
}

bool call_take_buf(struct call *c, const struct buf *b, struct str *ret)
{
	if (b->full)
		return call_fail(c, "string is longer than %zu bytes", b->max);
	*ret = arena_str(c->arena, buf_str(b));
	return true;
}

bool call_return_buf(struct call *c, const struct buf *b, struct value *ret)
{
	struct str text;

	if (!call_take_buf(c, b, &text))
		return false;
	*ret = value_str(text);
	return true;
}

bool call_sprint(struct call *c, struct value v, struct str *ret)
{
	struct error why = ERROR_INIT;
	struct format f;

	if (value_type(v) == &type_string) {
		*ret = value_as_str(v);
		return true;
	}
	f = (struct format){call_buf(c), c->arena};
	if (!format_print(&f, &v, 1, &why))
		return call_fail_error(c, &why);
	return call_take_buf(c, f.out, ret);
}

/* --- running -----------------------------------------------------------------------------------
 */

/* Runs a tree to its end; false after an error. */
static bool run_tree(struct render *r, const struct tree *tree, struct value root)
{
	const struct instr *in;
	jmp_buf failed;

	r->failed = &failed;
	if (setjmp(failed))
		return false;
	for (in = enter_tree(r, tree, root, NULL); in;)
		in = in->run(r, in);
	return true;
}

/* What a run within a run replaces. */
struct outer_run {
	struct buf *out;
	struct error *err;
	jmp_buf *failed;
	const struct node *at;
	const struct tree *tree;
	struct value dot, *slots;
	size_t frames, bufs_used;
	unsigned depth;
	struct value_mark mark;
};

static struct outer_run save_run(const struct render *r)
{
	return (struct outer_run){r->out, r->err, r->failed, r->at, r->tree, r->dot, r->slots,
		r->frames.n, r->bufs_used, r->depth, value_stack_mark(&r->stack)};
}

static void restore_run(struct render *r, const struct outer_run *o)
{
	r->out = o->out;
	r->err = o->err;
	r->failed = o->failed;
	r->at = o->at;
	r->tree = o->tree;
	r->dot = o->dot;
	r->slots = o->slots;
	r->frames.n = o->frames;
	r->bufs_used = o->bufs_used;
	r->depth = o->depth;
	value_stack_release(&r->stack, o->mark);
}

bool call_template(struct call *c, struct str name, struct value root, struct str *ret)
{
	struct render *r = c->render;
	const struct tree *tree = smap_get(&r->set->trees, name);
	struct outer_run outer = save_run(r);
	struct error why = ERROR_INIT;
	struct buf *out = call_buf(c);
	bool ok;

	if (!tree)
		return call_fail(c, "template: no template %.*s associated with template %.*s",
			STR_ARG(quoted_text(r, name)), STR_ARG(quoted_text(r, r->main->name)));
	if (r->evals >= TEMPLATE_EVAL_MAX)
		return call_fail(
			c, "templates evaluate each other more than %d deep", TEMPLATE_EVAL_MAX);
	r->evals++;
	r->depth = 0;
	r->out = out;
	r->err = &why;
	ok = run_tree(r, tree, root);
	restore_run(r, &outer);
	r->evals--;
	if (!ok)
		return call_fail_error(c, &why);
	return call_take_buf(c, out, ret);
}

static void run_init(struct render *r, struct arena *arena, const struct run *run)
{
	const struct template_limits *limits = &run->options->limits;

	*r = (struct render){.set = run->set,
		.main = run->tree,
		.tree = run->tree,
		.out = run->out,
		.err = run->err};
	arena_init(arena);
	r->call = (struct call){.arena = arena, .options = run->options, .render = r};
	r->max_depth = limits->depth ? limits->depth : TEMPLATE_DEPTH_MAX;
	r->steps_behind = limits->steps ? limits->steps : TEMPLATE_STEPS_MAX;
	if (!run->options->give_up_ns) {
		r->steps = r->steps_behind;
		r->steps_behind = 0;
	}
	r->max_string = limits->string ? limits->string : TEMPLATE_STRING_MAX;
	arena_init(&r->lasting);
	arena->lasting = &r->lasting;
	value_stack_init(&r->stack, &r->lasting);
	arena_set_limit(arena, limits->memory ? limits->memory : TEMPLATE_MEMORY_MAX,
		run_on_memory_limit, r);
	arena_set_limit(&r->lasting, arena->limit, run_on_memory_limit, r);
}

static struct template_usage usage_of(const struct render *r)
{
	const struct template_limits *limits = &r->call.options->limits;
	uint64_t steps = limits->steps ? limits->steps : TEMPLATE_STEPS_MAX;
	size_t memory = r->call.arena->peak + r->lasting.peak;

	for (size_t i = 0; i < r->bufs.n; i++)
		memory += r->bufs.v[i]->cap;
	return (struct template_usage){
		steps - r->steps - r->steps_behind, memory + r->frames.cap * sizeof(struct frame)};
}

static void run_release(struct render *r)
{
	for (size_t i = 0; i < r->bufs.n; i++) {
		buf_release(r->bufs.v[i]);
		free(r->bufs.v[i]);
	}
	vec_release(&r->bufs);
	vec_release(&r->frames);
	arena_release(r->call.arena);
	arena_release(&r->lasting);
}

bool run_render(const struct run *run)
{
	static const struct text_node nowhere = {.node = {.kind = NODE_TEXT}};
	struct arena arena;
	struct render r;
	bool ok;

	run_init(&r, &arena, run);
	r.at = &nowhere.node;
	ok = run_tree(&r, run->tree, run->root);
	if (run->options->usage)
		*run->options->usage = usage_of(&r);
	run_release(&r);
	return ok;
}
