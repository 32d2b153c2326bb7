/* SPDX-License-Identifier: MIT
 *
 * The statements of a template, see parser.h; expression.c has what stands in an action.
 *
 *	template = (text | action | define)*
 *	define   = "{{define STRING}}" list "{{end}}"
 *	list     = (text | action)*
 *	action   = "{{" statement "}}"
 *	statement = if | range | with | call | block | "break" | "continue" | pipeline
 *	if       = "if" pipeline "}}" list ("{{else if" ... | "{{else}}" list)? "{{end"
 *	with     = likewise; range = likewise, without "else range"
 *	call     = "template" STRING pipeline?
 *	block    = "block" STRING pipeline "}}" list "{{end"
 *
 * Every tree has its own tokens put back and its own variables (struct body).
 */
#include "config.h"

#include "template/parser_state.h"

#include "template/format/quote.h"
#include "template/format/unicode.h"

/* --- errors and names ----------------------------------------------------------------- */

static NORETURN void fail_unexpected_node(struct parser *p, const struct node *n, const char *after)
{
	parser_fail(p, "unexpected %s%s", n->kind == NODE_END ? "{{end}}" : "{{else}}", after);
}

/* Takes a token of this kind. */
static struct token expect(struct parser *p, enum token_kind kind, const char *context)
{
	struct token t = token_next_non_space(p);

	if (t.kind != kind)
		parser_unexpected(p, t, context);
	return t;
}

/* Takes the name of a template. */
static struct str parse_name(struct parser *p, struct token t, const char *context)
{
	if (t.kind != TOKEN_STRING && t.kind != TOKEN_RAW_STRING)
		parser_unexpected(p, t, context);
	return parser_string(p, t);
}

/* --- trees ------------------------------------------------------------------------- */

void *node_init(void *node, enum node_kind kind, uint32_t pos)
{
	struct node *n = node;

	n->kind = kind;
	n->pos = pos;
	return n;
}

static struct list *list_new(struct parser *p)
{
	struct list *list = arena_new(p->parse->arena, struct list);

	list->tail = &list->first;
	return list;
}

static void list_add(struct list *list, struct node *n)
{
	*list->tail = n;
	list->tail = &n->next;
}

static struct tree *tree_new(struct parser *p, struct str name)
{
	struct tree *t = arena_new(p->parse->arena, struct tree);

	t->name = name;
	t->source = p->parse->source;
	return t;
}

/* Starts a tree; returns what body_end wants. */
static struct body *body_begin(struct parser *p, struct body *b, struct tree *tree)
{
	struct body *outer = p->body;

	*b = (struct body){.tree = tree};
	scope_init(&b->scope, p->parse->arena);
	p->body = b;
	return outer;
}

static struct tree **find_tree(struct parser *p, struct str name)
{
	struct tree **at = &p->parse->trees;

	while (*at && !str_eq((*at)->name, name))
		at = &(*at)->next;
	return at;
}

/* Adds the current tree: an empty one of the same name gives way, or is what is dropped. */
static void add_tree(struct parser *p)
{
	struct tree *t = p->body->tree, **at = find_tree(p, t->name);
	struct str quoted;
	struct buf b;

	t->n_slots = p->body->scope.max_slots;
	if (!*at || tree_is_empty(*at)) {
		t->next = *at ? (*at)->next : NULL;
		*at = t;
		return;
	}
	if (tree_is_empty(t))
		return;
	buf_init(&b, SIZE_MAX);
	quote_add(&b, t->name, QUOTE_PRINT);
	quoted = arena_str(p->parse->arena, buf_str(&b));
	buf_release(&b);
	parser_fail(p, "template: multiple definition of template %.*s", STR_ARG(quoted));
}

static void body_end(struct parser *p, struct body *outer)
{
	add_tree(p);
	p->body = outer;
}

/* --- statements ---------------------------------------------------------------------- */

static struct node *text_or_action(struct parser *p);

/* The statements up to "{{end}}" or "{{else}}", which is *ret_end. */
static struct list *parse_list(struct parser *p, struct node **ret_end)
{
	struct list *list = list_new(p);

	if (++p->blocks > TEMPLATE_BLOCKS_MAX)
		parser_fail(p, "blocks are nested more than %d deep", TEMPLATE_BLOCKS_MAX);
	while (token_peek_non_space(p).kind != TOKEN_EOF) {
		struct node *n = text_or_action(p);

		if (n->kind == NODE_END || n->kind == NODE_ELSE) {
			p->blocks--;
			*ret_end = n;
			return list;
		}
		list_add(list, n);
	}
	parser_fail(p, "unexpected EOF");
}

/* What follows "{{else": *end is the else; the list ends the whole branch. */
static struct node *parse_branch(struct parser *p, enum node_kind kind);

static struct list *parse_else(struct parser *p, enum node_kind kind)
{
	enum token_kind next = token_peek(p).kind;
	struct list *list;
	struct node *end;

	if ((kind == NODE_IF && next == TOKEN_IF) || (kind == NODE_WITH && next == TOKEN_WITH)) {
		token_next(p);
		list = list_new(p);
		if (++p->blocks > TEMPLATE_BLOCKS_MAX)
			parser_fail(p, "blocks are nested more than %d deep", TEMPLATE_BLOCKS_MAX);
		list_add(list, parse_branch(p, kind));
		p->blocks--;
		return list;
	}
	list = parse_list(p, &end);
	if (end->kind != NODE_END)
		parser_fail(p, "expected end; found {{else}}");
	return list;
}

static const char *branch_name(enum node_kind kind)
{
	return kind == NODE_IF ? "if" : kind == NODE_RANGE ? "range" : "with";
}

/* if, range or with, the keyword of which is past. */
static struct node *parse_branch(struct parser *p, enum node_kind kind)
{
	struct scope_mark mark = scope_mark(&p->body->scope), inner;
	struct branch_node *b = node_new(p, struct branch_node, kind, 0);
	struct node *end;

	p->maybe = false;
	b->pipe = parse_pipeline(p, branch_name(kind), TOKEN_RIGHT_DELIM);
	b->node.pos = b->pipe->node.pos;
	inner = scope_mark(&p->body->scope);
	b->unset_from = p->maybe ? mark.n_slots : inner.n_slots;
	b->unset_to = inner.n_slots;
	p->body->ranges += kind == NODE_RANGE;
	b->list = parse_list(p, &end);
	p->body->ranges -= kind == NODE_RANGE;
	if (end->kind == NODE_ELSE) {
		scope_hide(&p->body->scope, inner);
		b->else_list = parse_else(p, kind);
	}
	scope_leave(&p->body->scope, mark);
	return &b->node;
}

static struct node *parse_end(struct parser *p)
{
	return &node_new(p, struct text_node, NODE_END, expect(p, TOKEN_RIGHT_DELIM, "end").pos)
			->node;
}

/* "{{else}}", or the else of "{{else if" and "{{else with", of which if and with are left. */
static struct node *parse_else_mark(struct parser *p)
{
	struct token t = token_peek_non_space(p);

	if (t.kind != TOKEN_IF && t.kind != TOKEN_WITH)
		t = expect(p, TOKEN_RIGHT_DELIM, "else");
	return &node_new(p, struct text_node, NODE_ELSE, t.pos)->node;
}

/* break and continue, the keyword of which is past. */
static struct node *parse_jump(
	struct parser *p, enum node_kind kind, uint32_t pos, const char *context)
{
	struct token t = token_next_non_space(p);

	if (t.kind != TOKEN_RIGHT_DELIM)
		parser_unexpected(p, t, context);
	if (p->body->ranges == 0)
		parser_fail(p, "%s outside {{range}}", context);
	return &node_new(p, struct text_node, kind, pos)->node;
}

/* The pipeline of a template or block action and the variables it may leave unset. */
static void parse_root(struct parser *p, struct template_node *t, const char *context)
{
	uint32_t before = p->body->scope.n_slots;

	p->maybe = false;
	t->pipe = parse_pipeline(p, context, TOKEN_RIGHT_DELIM);
	t->unset_to = p->body->scope.n_slots;
	t->unset_from = p->maybe ? before : t->unset_to;
}

static struct node *parse_template(struct parser *p)
{
	static const char context[] = "template clause";
	struct token name = token_next_non_space(p);
	struct template_node *t = node_new(p, struct template_node, NODE_TEMPLATE, name.pos);

	t->name = parse_name(p, name, context);
	if (token_next_non_space(p).kind == TOKEN_RIGHT_DELIM)
		return &t->node;
	token_back(p);
	parse_root(p, t, context);
	return &t->node;
}

/* Defines a template and calls it in its place. */
static struct node *parse_block(struct parser *p)
{
	static const char context[] = "block clause";
	struct token name = token_next_non_space(p);
	struct template_node *t = node_new(p, struct template_node, NODE_TEMPLATE, name.pos);
	struct body body, *outer;
	struct node *end;

	t->name = parse_name(p, name, context);
	parse_root(p, t, context);
	outer = body_begin(p, &body, tree_new(p, t->name));
	body.tree->root = parse_list(p, &end);
	if (end->kind != NODE_END) {
		p->body = outer;
		fail_unexpected_node(p, end, " in block clause");
	}
	body_end(p, outer);
	return &t->node;
}

/* An action without keyword. Its variables live on until the end of the block around it. */
static struct node *parse_plain_action(struct parser *p)
{
	struct action_node *a = node_new(p, struct action_node, NODE_ACTION, token_peek(p).pos);
	uint32_t before = p->body->scope.n_slots;

	p->maybe = false;
	a->pipe = parse_pipeline(p, "command", TOKEN_RIGHT_DELIM);
	a->unset_to = p->body->scope.n_slots;
	a->unset_from = p->maybe ? before : a->unset_to;
	return &a->node;
}

/* An action, the opening delimiter of which is past. */
static struct node *parse_action(struct parser *p)
{
	struct token t = token_next_non_space(p);

	if (t.kind == TOKEN_BLOCK)
		return parse_block(p);
	if (t.kind == TOKEN_BREAK)
		return parse_jump(p, NODE_BREAK, t.pos, "{{break}}");
	if (t.kind == TOKEN_CONTINUE)
		return parse_jump(p, NODE_CONTINUE, t.pos, "{{continue}}");
	if (t.kind == TOKEN_ELSE)
		return parse_else_mark(p);
	if (t.kind == TOKEN_END)
		return parse_end(p);
	if (t.kind == TOKEN_IF)
		return parse_branch(p, NODE_IF);
	if (t.kind == TOKEN_RANGE)
		return parse_branch(p, NODE_RANGE);
	if (t.kind == TOKEN_TEMPLATE)
		return parse_template(p);
	if (t.kind == TOKEN_WITH)
		return parse_branch(p, NODE_WITH);
	token_back(p);
	return parse_plain_action(p);
}

static struct node *text_or_action(struct parser *p)
{
	struct token t = token_next_non_space(p);
	struct text_node *text;
	struct node *n;

	if (t.kind == TOKEN_LEFT_DELIM) {
		p->body->action_line = t.line;
		n = parse_action(p);
		p->body->action_line = 0;
		return n;
	}
	if (t.kind != TOKEN_TEXT)
		parser_unexpected(p, t, "input");
	text = node_new(p, struct text_node, NODE_TEXT, t.pos);
	text->text = t.text;
	return &text->node;
}

/* A define, the keyword of which is past. */
static void parse_define(struct parser *p)
{
	static const char context[] = "define clause";
	struct body body, *outer = body_begin(p, &body, tree_new(p, STR("")));
	struct node *end;

	body.tree->name = parse_name(p, token_next_non_space(p), context);
	expect(p, TOKEN_RIGHT_DELIM, context);
	body.tree->root = parse_list(p, &end);
	if (end->kind != NODE_END)
		fail_unexpected_node(p, end, " in define clause");
	body_end(p, outer);
}

/* Whether a define comes next; if so its keyword is past. */
static bool at_define(struct parser *p)
{
	struct token delim;

	if (token_peek(p).kind != TOKEN_LEFT_DELIM)
		return false;
	delim = token_next(p);
	if (token_next_non_space(p).kind == TOKEN_DEFINE)
		return true;
	token_back2(p, delim);
	return false;
}

static void parse_main(struct parser *p)
{
	struct list *root = p->body->tree->root;

	while (token_peek(p).kind != TOKEN_EOF) {
		struct node *n;

		if (at_define(p)) {
			parse_define(p);
			continue;
		}
		n = text_or_action(p);
		if (n->kind == NODE_END || n->kind == NODE_ELSE)
			fail_unexpected_node(p, n, "");
		list_add(root, n);
	}
}

bool parser_run(struct parse *parse, struct error *err)
{
	struct parser p = {.parse = parse, .err = err};
	struct body body;

	parse->trees = NULL;
	parse->parens = 0;
	parse->flags = 0;
	if (setjmp(p.failed))
		return false;
	lexer_init(&p.lexer, parse->arena, parse->source->text);
	body_begin(&p, &body, tree_new(&p, parse->source->name));
	body.tree->root = list_new(&p);
	parse_main(&p);
	add_tree(&p);
	return true;
}
