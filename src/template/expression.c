/* SPDX-License-Identifier: MIT
 *
 * What stands in an action, see parser_state.h:
 *
 *	pipeline = ((VARIABLE ("," VARIABLE)?) (":=" | "="))? command ("|" command)*
 *	command  = operand (SPACE operand)*
 *	operand  = term FIELD*
 *	term     = constant | FUNCTION | "." | FIELD | VARIABLE | "(" pipeline ")"
 */
#include "config.h"

#include "template/parser_state.h"

#include "template/constant.h"
#include "template/format/quote.h"

/* Members of a growing array in the arena. */
#define GROW_FLOOR 4

static struct node *parse_operand(struct parser *p);

/* The array with room for one more than n; what was there is left to the arena. */
static void *grown(struct parser *p, void *array, unsigned n, size_t size)
{
	void *more;

	if (n >= GROW_FLOOR && (n & (n - 1)))
		return array;
	if (n > 0 && n < GROW_FLOOR)
		return array;
	more = arena_alloc_array(p->parse->arena, n ? (size_t)n * 2 : GROW_FLOOR, size);
	if (n)
		memcpy(more, array, n * size);
	return more;
}

/* --- declarations ------------------------------------------------------------------ */

static void add_declaration(struct parser *p, struct pipe_node *pipe, struct token v)
{
	struct variable_node *n = node_new(p, struct variable_node, NODE_VARIABLE, v.pos);

	n->name = v.text;
	pipe->decls[pipe->n_decls++] = n;
	scope_see(&p->body->scope, v.text);
}

/* After "$a," in a range another variable may come. */
static bool second_variable_follows(
	struct parser *p, const struct pipe_node *pipe, const char *context)
{
	enum token_kind next;

	if (strcmp(context, "range") != 0 || pipe->n_decls >= 2)
		parser_fail(p, "too many declarations in %s", context);
	next = token_peek_non_space(p).kind;
	if (next != TOKEN_VARIABLE && next != TOKEN_RIGHT_DELIM && next != TOKEN_RIGHT_PAREN)
		parser_fail(p, "range can only initialize variables");
	return true;
}

/* One variable that is declared or assigned; a variable that is none of this is put back. True if
 * another may follow. */
static bool parse_declaration(struct parser *p, struct pipe_node *pipe, const char *context)
{
	struct token v = token_peek_non_space(p), after, next;

	if (v.kind != TOKEN_VARIABLE)
		return false;
	token_next(p);
	after = token_peek(p);
	next = token_peek_non_space(p);
	if (next.kind == TOKEN_ASSIGN || next.kind == TOKEN_DECLARE) {
		pipe->is_assign = next.kind == TOKEN_ASSIGN;
		token_next_non_space(p);
		add_declaration(p, pipe, v);
	} else if (next.kind == TOKEN_CHAR && str_eqz(next.text, ",")) {
		token_next_non_space(p);
		add_declaration(p, pipe, v);
		return second_variable_follows(p, pipe, context);
	} else if (after.kind == TOKEN_SPACE) {
		token_back3(p, v, after);
	} else {
		token_back2(p, v);
	}
	return false;
}

/* The variables have their values: binds them to slots. */
static void finish_declarations(struct parser *p, struct pipe_node *pipe)
{
	bool maybe = p->conditional > 0;

	for (unsigned i = 0; i < pipe->n_decls; i++) {
		struct variable_node *v = pipe->decls[i];

		if (pipe->is_assign) {
			scope_find(&p->body->scope, v->name, &v->ref);
			continue;
		}
		v->ref = (struct variable_ref){
			.slot = (int32_t)scope_declare(&p->body->scope, v->name, maybe)};
		p->maybe |= maybe;
	}
}

/* --- pipelines and commands ---------------------------------------------------------- */

static bool is_literal(const struct node *n)
{
	return n->kind == NODE_BOOL || n->kind == NODE_DOT || n->kind == NODE_NIL ||
	       n->kind == NODE_NUMBER || n->kind == NODE_STRING;
}

static void check_pipeline(struct parser *p, const struct pipe_node *pipe, const char *context)
{
	if (pipe->n_commands == 0)
		parser_fail(p, "missing value for %s", context);
	for (unsigned i = 1; i < pipe->n_commands; i++)
		if (is_literal(pipe->commands[i]->args[0]))
			parser_fail(p, "non executable command in pipeline stage %u", i + 1);
}

static bool begins_command(enum token_kind kind)
{
	switch (kind) {
	case TOKEN_BOOL:
	case TOKEN_CHAR_CONSTANT:
	case TOKEN_COMPLEX:
	case TOKEN_DOT:
	case TOKEN_FIELD:
	case TOKEN_IDENTIFIER:
	case TOKEN_NUMBER:
	case TOKEN_NIL:
	case TOKEN_RAW_STRING:
	case TOKEN_STRING:
	case TOKEN_VARIABLE:
	case TOKEN_LEFT_PAREN:
		return true;
	case TOKEN_ERROR:
	case TOKEN_EOF:
	case TOKEN_TEXT:
	case TOKEN_LEFT_DELIM:
	case TOKEN_RIGHT_DELIM:
	case TOKEN_SPACE:
	case TOKEN_CHAR:
	case TOKEN_ASSIGN:
	case TOKEN_DECLARE:
	case TOKEN_PIPE:
	case TOKEN_RIGHT_PAREN:
	case TOKEN_KEYWORD:
	case TOKEN_BLOCK:
	case TOKEN_BREAK:
	case TOKEN_CONTINUE:
	case TOKEN_DEFINE:
	case TOKEN_ELSE:
	case TOKEN_END:
	case TOKEN_IF:
	case TOKEN_RANGE:
	case TOKEN_TEMPLATE:
	case TOKEN_WITH:
		break;
	}
	return false;
}

/* Whether the next argument of cmd is one that and, or may leave unevaluated: all but the first. */
static bool next_is_conditional(const struct command_node *cmd)
{
	const struct identifier_node *id;

	if (cmd->n_args < 2 || cmd->args[0]->kind != NODE_IDENTIFIER)
		return false;
	id = (const struct identifier_node *)cmd->args[0];
	return id->func->flags & (FUNC_AND | FUNC_OR);
}

static void add_operand(struct parser *p, struct command_node *cmd)
{
	bool conditional = next_is_conditional(cmd);
	struct node *n;

	p->conditional += conditional;
	n = parse_operand(p);
	p->conditional -= conditional;
	if (!n)
		return;
	cmd->args = grown(p, cmd->args, cmd->n_args, sizeof(*cmd->args));
	cmd->args[cmd->n_args++] = n;
}

/* The words up to a "|", which is taken, or to what ends the pipeline, which is left. */
static struct command_node *parse_command(struct parser *p)
{
	struct command_node *cmd =
		node_new(p, struct command_node, NODE_COMMAND, token_peek_non_space(p).pos);
	struct token t;

	do {
		token_peek_non_space(p);
		add_operand(p, cmd);
		t = token_next(p);
	} while (t.kind == TOKEN_SPACE);
	if (t.kind == TOKEN_RIGHT_DELIM || t.kind == TOKEN_RIGHT_PAREN)
		token_back(p);
	else if (t.kind != TOKEN_PIPE)
		parser_unexpected(p, t, "operand");
	if (cmd->n_args == 0)
		parser_fail(p, "empty command");
	return cmd;
}

struct pipe_node *parse_pipeline(struct parser *p, const char *context, enum token_kind end)
{
	struct pipe_node *pipe =
		node_new(p, struct pipe_node, NODE_PIPE, token_peek_non_space(p).pos);
	struct token t;

	while (parse_declaration(p, pipe, context))
		;
	for (;;) {
		t = token_next_non_space(p);
		if (t.kind == end)
			break;
		if (!begins_command(t.kind))
			parser_unexpected(p, t, context);
		token_back(p);
		pipe->commands =
			grown(p, pipe->commands, pipe->n_commands, sizeof(struct command_node *));
		pipe->commands[pipe->n_commands] = parse_command(p);
		if (++pipe->n_commands > TEMPLATE_COMMANDS_MAX)
			parser_fail(p, "pipeline too long");
	}
	check_pipeline(p, pipe, context);
	finish_declarations(p, pipe);
	return pipe;
}

/* --- operands ------------------------------------------------------------------------- */

/* Fails because of what is at pos; text is quoted between before and after. */
static NORETURN void fail_quoting(struct parser *p, uint32_t pos, const char *before,
	struct str text, const char *after)
{
	struct str quoted;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	quote_add(&b, text, QUOTE_PRINT);
	quoted = arena_str(p->parse->arena, buf_str(&b));
	buf_release(&b);
	p->parse->failed_at = pos;
	parser_fail(p, "%s%.*s%s", before, STR_ARG(quoted), after);
}

static void add_part(struct parser *p, struct path *path, struct token field)
{
	struct str name = str_sub(field.text, 1, field.text.len);

	path->parts = grown(p, path->parts, path->n, sizeof(*path->parts));
	path->parts[path->n++] = (struct path_part){.name = name, .hash = str_hash(name)};
}

static struct node *term_function(struct parser *p, struct token t)
{
	struct identifier_node *id = node_new(p, struct identifier_node, NODE_IDENTIFIER, t.pos);

	id->name = t.text;
	id->func = func_find(t.text);
	if (!id->func)
		fail_quoting(p, t.pos, "function ", t.text, " not defined");
	p->parse->flags |= id->func->flags;
	return &id->node;
}

static struct node *term_variable(struct parser *p, struct token t)
{
	struct variable_node *v = node_new(p, struct variable_node, NODE_VARIABLE, t.pos);

	v->name = t.text;
	if (!scope_find(&p->body->scope, t.text, &v->ref))
		fail_quoting(p, t.pos, "undefined variable ", t.text, "");
	return &v->node;
}

static struct node *term_field(struct parser *p, struct token t)
{
	struct field_node *f = node_new(p, struct field_node, NODE_FIELD, t.pos);

	add_part(p, &f->path, t);
	return &f->node;
}

static struct node *term_parens(struct parser *p)
{
	struct pipe_node *pipe;

	if (p->body->parens >= TEMPLATE_PARENS_MAX)
		parser_fail(p, "max expression depth exceeded");
	p->body->parens++;
	if (p->parse->parens < p->body->parens)
		p->parse->parens = p->body->parens;
	pipe = parse_pipeline(p, "parenthesized pipeline", TOKEN_RIGHT_PAREN);
	p->body->parens--;
	return &pipe->node;
}

static struct constant_node *constant_new(struct parser *p, enum node_kind kind, struct token t)
{
	struct constant_node *c = node_new(p, struct constant_node, kind, t.pos);

	c->text = t.text;
	return c;
}

static struct node *term_bool(struct parser *p, struct token t)
{
	struct constant_node *c = constant_new(p, NODE_BOOL, t);

	c->value = value_bool(str_eqz(t.text, "true"));
	return &c->node;
}

static struct node *term_number(struct parser *p, struct token t)
{
	struct constant_node *c = constant_new(p, NODE_NUMBER, t);
	struct error why = ERROR_INIT;
	struct str text;

	if (constant_read_number(c, t.kind, p->parse->arena, &why))
		return &c->node;
	text = arena_str(p->parse->arena, error_str(&why));
	error_clear(&why);
	parser_fail(p, "%.*s", STR_ARG(text));
}

static struct node *term_string(struct parser *p, struct token t)
{
	struct constant_node *c = constant_new(p, NODE_STRING, t);

	c->value = value_str(parser_string(p, t));
	return &c->node;
}

/* NULL, and nothing is taken, if no term comes next. */
static struct node *parse_term(struct parser *p)
{
	struct token t = token_next_non_space(p);

	if (t.kind == TOKEN_IDENTIFIER)
		return term_function(p, t);
	if (t.kind == TOKEN_DOT)
		return &constant_new(p, NODE_DOT, t)->node;
	if (t.kind == TOKEN_NIL)
		return &constant_new(p, NODE_NIL, t)->node;
	if (t.kind == TOKEN_VARIABLE)
		return term_variable(p, t);
	if (t.kind == TOKEN_FIELD)
		return term_field(p, t);
	if (t.kind == TOKEN_BOOL)
		return term_bool(p, t);
	if (t.kind == TOKEN_CHAR_CONSTANT || t.kind == TOKEN_COMPLEX || t.kind == TOKEN_NUMBER)
		return term_number(p, t);
	if (t.kind == TOKEN_LEFT_PAREN)
		return term_parens(p);
	if (t.kind == TOKEN_STRING || t.kind == TOKEN_RAW_STRING)
		return term_string(p, t);
	token_back(p);
	return NULL;
}

/* The path that fields after a term belong to; *n is the node that has it. A field or variable goes
 * on as itself, but is placed where the first of them is. */
static struct path *path_of(struct parser *p, struct node **n, uint32_t pos)
{
	struct chain_node *chain;

	if ((*n)->kind == NODE_FIELD || (*n)->kind == NODE_VARIABLE) {
		(*n)->pos = pos;
		return (*n)->kind == NODE_FIELD ? &((struct field_node *)*n)->path
						: &((struct variable_node *)*n)->path;
	}
	chain = node_new(p, struct chain_node, NODE_CHAIN, pos);
	chain->operand = *n;
	*n = &chain->node;
	return &chain->path;
}

/* NULL if no operand comes next. */
static struct node *parse_operand(struct parser *p)
{
	struct node *term = parse_term(p);

	struct node *n = term;
	struct path *path;

	if (!term || token_peek(p).kind != TOKEN_FIELD)
		return term;
	path = path_of(p, &n, token_peek(p).pos);
	while (token_peek(p).kind == TOKEN_FIELD)
		add_part(p, path, token_next(p));
	if (is_literal(term))
		fail_quoting(p, term->pos, "unexpected . after term ",
			((struct constant_node *)term)->text, "");
	return n;
}
