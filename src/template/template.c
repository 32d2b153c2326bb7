/* SPDX-License-Identifier: MIT
 *
 * Sets of templates, see template.h: parsing joins the trees of a text to those of the set and
 * makes the code of all anew, because a template action may now find another tree.
 */
#include "config.h"

#include "template/template.h"

#include "base/alloc.h"
#include "base/stack.h"
#include "template/bind.h"
#include "template/code.h"
#include "template/format/quote.h"
#include "template/parser.h"
#include "template/run.h"
#include "template/tree.h"

#include <stdlib.h>

/* Expressions nested deeper than this are evaluated on a stack of their own. */
#define PARENS_ON_STACK 200
/* Stack that one level of parentheses needs, with room for a sanitizer's frames. */
#define STACK_PER_PAREN ((size_t)4096)
/* Stack for all else. */
#define STACK_BASE ((size_t)8 << 20)

struct template_set *template_set_new(void)
{
	struct template_set *set = xcalloc(1, sizeof(*set));

	arena_init(&set->arena);
	return set;
}

void template_set_free(struct template_set *set)
{
	if (!set)
		return;
	smap_release(&set->trees);
	uses_release(&set->uses);
	arena_release(&set->arena);
	free(set);
}

/* --- parsing ------------------------------------------------------------------------- */

struct parse_job {
	struct parse parse;
	struct error *err;
	bool ok;
};

/* Everything that recurses along a tree, on a stack that is large enough. */
static void parse_on_stack(void *arg)
{
	struct parse_job *job = arg;

	job->ok = parser_run(&job->parse, job->err);
	if (!job->ok)
		return;
	for (struct tree *t = job->parse.trees; t; t = t->next)
		bind_list(t->root, job->parse.arena);
}

/* Adds a tree, unless it is an empty one and there is another of its name. */
static void set_add(struct template_set *set, struct tree *t)
{
	if (tree_is_empty(t) && smap_get(&set->trees, t->name))
		return;
	smap_put(&set->trees, t->name, t);
}

static void code_on_stack(void *arg)
{
	struct template_set *set = arg;
	struct map_entry *e;

	uses_release(&set->uses);
	map_each (&set->trees, e) {
		uses_add(&set->uses, ((const struct tree *)e->value)->root);
		code_make(e->value, set);
	}
}

static bool fail_no_stack(struct error *err, const char *name)
{
	return error_set(
		err, "template: %s: no memory for a stack of %zu bytes", name, PARSER_STACK);
}

static bool parse_text(struct template_set *set, struct parse_job *job)
{
	const struct source *source = job->parse.source;

	if (!stack_run(PARSER_STACK, parse_on_stack, job))
		return fail_no_stack(job->err, source->name.p);
	if (!job->ok) {
		source_locate(
			source, job->parse.failed_at, &set->failure.line, &set->failure.column);
		return false;
	}
	for (struct tree *t = job->parse.trees, *next; t; t = next) {
		next = t->next;
		set_add(set, t);
	}
	set->flags |= job->parse.flags;
	if (set->parens < job->parse.parens)
		set->parens = job->parse.parens;
	return stack_run(PARSER_STACK, code_on_stack, set) ||
	       fail_no_stack(job->err, source->name.p);
}

bool template_parse(struct template_set *set, const char *name, struct str text, struct error *err)
{
	struct arena_mark mark = arena_mark(&set->arena);
	struct source *source;
	struct parse_job job;

	if (text.len > TEMPLATE_TEXT_MAX)
		return error_set(err, "template: %s: the text is larger than %zu bytes", name,
			TEMPLATE_TEXT_MAX);
	source = arena_new(&set->arena, struct source);
	source->name = arena_str(&set->arena, str_from(name));
	source->text = arena_str(&set->arena, text);
	job = (struct parse_job){.parse = {.arena = &set->arena, .source = source}, .err = err};
	if (parse_text(set, &job))
		return true;
	arena_reset(&set->arena, mark);
	return false;
}

struct template_failure template_parse_failure(const struct template_set *set)
{
	return set->failure;
}

/* --- rendering ------------------------------------------------------------------------- */

struct render_job {
	struct run run;
	bool ok;
};

static void render_on_stack(void *arg)
{
	struct render_job *job = arg;

	job->ok = run_render(&job->run);
}

static bool fail_no_template(const struct str name, struct error *err)
{
	struct buf b;

	buf_init(&b, TEMPLATE_TEXT_MAX);
	quote_add(&b, name, QUOTE_PRINT);
	error_set(err, "template: no template %s", buf_cstr(&b));
	buf_release(&b);
	return false;
}

bool template_render(const struct template_set *set, struct str name, struct value root,
	const struct template_options *options, struct buf *out, struct error *err)
{
	static const struct template_options none = {.env = {.head = 0}};
	const struct tree *tree = smap_get(&set->trees, name);
	struct render_job job = {.ok = false};

	if (!tree)
		return fail_no_template(name, err);
	job.run = (struct run){set, tree, root, options ? options : &none, out, err};
	if (set->parens <= PARENS_ON_STACK)
		return run_render(&job.run);
	if (!stack_run(STACK_BASE + set->parens * STACK_PER_PAREN, render_on_stack, &job))
		return error_set(err, "template: %.*s: no memory for a stack", STR_ARG(name));
	return job.ok;
}

bool template_exists(const struct template_set *set, struct str name)
{
	return smap_get(&set->trees, name);
}

struct template_traits template_set_traits(const struct template_set *set)
{
	return (struct template_traits){
		.slow = set->flags & FUNC_SLOW, .varies = set->flags & FUNC_VOLATILE};
}

bool template_set_names(const struct template_set *set, struct str field)
{
	return smap_get(&set->uses.named, field);
}

bool template_set_uses_whole(const struct template_set *set, struct str field)
{
	return smap_get(&set->uses.whole, field);
}
