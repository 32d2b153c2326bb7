/* SPDX-License-Identifier: MIT
 *
 * YAML text to nodes, see yaml_nodes.h. libyaml's events are first written to a buffer, without any
 * allocation that might not return; when the parser is gone, nodes are made of them.
 *
 * A syntax error is told after the errors of the events before it, in which order they lie in the
 * text.
 */
#include "config.h"

#include "template/yaml_nodes.h"

#include "base/utf8.h"
#include "template/yaml_read.h"
#include "template/yaml_resolve.h"

#include <yaml.h>

/* --- events -------------------------------------------------------------------------------- */

enum event_kind { EVENT_SCALAR, EVENT_SEQUENCE, EVENT_MAPPING, EVENT_ALIAS, EVENT_CLOSE };

/* An event in the buffer; its texts follow it: anchor, tag, value. */
struct event {
	enum event_kind kind;
	bool plain;
	size_t line;
	size_t anchor_len, tag_len, value_len;
};

static size_t text_length(const yaml_char_t *s)
{
	return s ? strlen((const char *)s) : 0;
}

static void add_event(struct buf *out, struct event e, const yaml_char_t *anchor,
	const yaml_char_t *tag, const yaml_char_t *value)
{
	e.anchor_len = text_length(anchor);
	e.tag_len = text_length(tag);
	buf_add(out, &e, sizeof(e));
	buf_add(out, anchor, e.anchor_len);
	buf_add(out, tag, e.tag_len);
	buf_add(out, value, e.value_len);
}

/* The way from libyaml's marks, which count characters, to bytes of the text. */
struct cursor {
	struct str text;
	size_t at, characters; /* both of one place, from where marks count */
};

static void cursor_init(struct cursor *c, struct str text)
{
	*c = (struct cursor){.text = text};
	if (str_has_prefix(text, STR("\xef\xbb\xbf")))
		c->at = 3;
}

static size_t cursor_move(struct cursor *c, size_t characters)
{
	size_t width;

	while (c->characters < characters && c->at < c->text.len) {
		utf8_decode(str_sub(c->text, c->at, c->text.len), &width);
		c->at += width;
		c->characters++;
	}
	return c->at;
}

/* Whether a quoted text has the escape for a slash, which libyaml knows and go-yaml does not. */
static bool has_slash_escape(struct str quoted)
{
	for (size_t i = 0; i + 1 < quoted.len; i++) {
		if (quoted.p[i] != '\\')
			continue;
		if (quoted.p[++i] == '/')
			return true;
	}
	return false;
}

/* Fails as the scanner does at an escape it does not know. */
static bool check_escapes(struct cursor *c, const yaml_event_t *event, struct error *err)
{
	size_t line = event->start_mark.line, from;

	if (event->type != YAML_SCALAR_EVENT ||
		event->data.scalar.style != YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		return true;
	from = cursor_move(c, event->start_mark.index);
	if (!has_slash_escape(str_sub(c->text, from, cursor_move(c, event->end_mark.index))))
		return true;
	if (line)
		return error_set(err, "yaml: line %zu: found unknown escape character", line + 1);
	return error_set(err, "yaml: found unknown escape character");
}

static void record_scalar(struct buf *out, const yaml_event_t *from, struct event e)
{
	e.kind = EVENT_SCALAR;
	e.plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	e.value_len = from->data.scalar.length;
	add_event(out, e, from->data.scalar.anchor, from->data.scalar.tag, from->data.scalar.value);
}

/* Adds the event to the buffer if it is one of a node; by how much it nests deeper. */
static int record_event(struct buf *out, const yaml_event_t *from)
{
	struct event e = {.line = from->start_mark.line + 1};

	switch (from->type) {
	case YAML_SCALAR_EVENT:
		record_scalar(out, from, e);
		return 0;
	case YAML_ALIAS_EVENT:
		e.kind = EVENT_ALIAS;
		add_event(out, e, from->data.alias.anchor, NULL, NULL);
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		e.kind = EVENT_SEQUENCE;
		add_event(out, e, from->data.sequence_start.anchor, from->data.sequence_start.tag,
			NULL);
		return 1;
	case YAML_MAPPING_START_EVENT:
		e.kind = EVENT_MAPPING;
		add_event(out, e, from->data.mapping_start.anchor, from->data.mapping_start.tag,
			NULL);
		return 1;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		e.kind = EVENT_CLOSE;
		add_event(out, e, NULL, NULL, NULL);
		return -1;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return 0;
}

/* Sets the parser's error as go-yaml words it: it leaves out the line when that is the first, and
 * counts lines of the scanner from one, those of the parser from zero. */
static bool fail_parser(const yaml_parser_t *parser, struct error *err)
{
	size_t line =
		parser->context_mark.line ? parser->context_mark.line : parser->problem_mark.line;
	const char *problem =
		parser->problem ? parser->problem : "unknown problem parsing YAML content";

	if (line && parser->error == YAML_SCANNER_ERROR)
		line++;
	if (line)
		return error_set(err, "yaml: line %zu: %s", line, problem);
	return error_set(err, "yaml: %s", problem);
}

static bool fail_depth(size_t line, struct error *err)
{
	if (line)
		return error_set(
			err, "yaml: line %zu: exceeded max depth of %d", line + 1, YAML_DEPTH_MAX);
	return error_set(err, "yaml: exceeded max depth of %d", YAML_DEPTH_MAX);
}

/* Records the events of the first document. */
static bool record_document(
	yaml_parser_t *parser, struct cursor *cursor, struct buf *out, struct error *err)
{
	bool done = false, ok;
	int depth = 0;

	while (!done && !out->full) {
		yaml_event_t event;
		size_t line;

		if (!yaml_parser_parse(parser, &event))
			return fail_parser(parser, err);
		depth += record_event(out, &event);
		line = event.start_mark.line;
		done = event.type == YAML_DOCUMENT_END_EVENT || event.type == YAML_STREAM_END_EVENT;
		ok = check_escapes(cursor, &event, err);
		yaml_event_delete(&event);
		if (!ok)
			return false;
		if (depth > YAML_DEPTH_MAX)
			return fail_depth(line, err);
	}
	if (out->full)
		return error_set(err, "yaml: text has too many nodes");
	return true;
}

static bool record_events(struct str text, struct buf *out, struct error *err)
{
	yaml_parser_t parser;
	struct cursor cursor;
	bool ok;

	if (!yaml_parser_initialize(&parser))
		return error_set(err, "yaml: out of memory");
	if (text.len == 0)
		text = STR("\n");
	cursor_init(&cursor, text);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.len);
	ok = record_document(&parser, &cursor, out, err);
	yaml_parser_delete(&parser);
	return ok;
}

/* --- nodes ------------------------------------------------------------------------------------ */

struct builder {
	struct arena *arena;
	struct str events; /* left */
	struct value anchors;
	struct yaml_node **open; /* collections, n of them */
	size_t n;
	struct yaml_node *root;
	struct error *err;
};

/* The next text of an event, in the arena. */
static struct str take_text(struct builder *b, size_t len)
{
	struct str text = arena_str(b->arena, str_sub(b->events, 0, len));

	b->events = str_sub(b->events, len, b->events.len);
	return text;
}

/* The tag that a node without one has. */
static struct str default_tag(struct builder *b, const struct event *e, struct str value)
{
	struct str tag;
	struct value v;

	if (e->kind == EVENT_SEQUENCE)
		return YAML_SEQ;
	if (e->kind == EVENT_MAPPING)
		return YAML_MAP;
	if (!e->plain)
		return YAML_STR;
	if (str_eq(value, STR("<<")))
		return YAML_MERGE;
	return yaml_resolve(b->arena, STR(""), value, &tag, &v, NULL) ? tag : YAML_STR;
}

static void add_member(struct builder *b, struct yaml_node *node)
{
	struct yaml_node *parent = b->n ? b->open[b->n - 1] : NULL;

	if (!parent) {
		b->root = node;
		return;
	}
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->n++;
}

/* Anchors are kept by name as numbers that are addresses of nodes; a later one replaces. */
static void set_anchor(struct builder *b, struct str name, struct yaml_node *node)
{
	if (name.len)
		map_set_str(b->anchors, name, value_int((int64_t)(intptr_t)node));
}

static bool resolve_alias(struct builder *b, struct yaml_node *node)
{
	struct value v = map_get_str(b->anchors, node->value);

	if (!value_is_none(v)) {
		node->alias = (struct yaml_node *)(intptr_t)v.i;
		return true;
	}
	error_set_str(b->err, node->value);
	error_prepend(b->err, "yaml: unknown anchor '");
	return error_append(b->err, "' referenced");
}

static bool add_node(struct builder *b, const struct event *e)
{
	static const enum yaml_node_kind kinds[] = {
		[EVENT_SCALAR] = YAML_SCALAR,
		[EVENT_SEQUENCE] = YAML_SEQUENCE,
		[EVENT_MAPPING] = YAML_MAPPING,
		[EVENT_ALIAS] = YAML_ALIAS,
	};
	struct yaml_node *node = arena_new(b->arena, struct yaml_node);
	struct str anchor = take_text(b, e->anchor_len), tag = take_text(b, e->tag_len);

	node->kind = kinds[e->kind];
	node->line = e->line;
	node->value = take_text(b, e->value_len);
	add_member(b, node);
	if (e->kind == EVENT_ALIAS) {
		node->value = anchor;
		return resolve_alias(b, node);
	}
	if (tag.len && !str_eq(tag, STR("!")))
		node->tag = yaml_short_tag(b->arena, tag);
	else
		node->tag = default_tag(b, e, node->value);
	set_anchor(b, anchor, node);
	if (e->kind != EVENT_SCALAR)
		b->open[b->n++] = node;
	return true;
}

static bool build(struct builder *b)
{
	while (b->events.len) {
		struct event e;

		memcpy(&e, b->events.p, sizeof(e));
		b->events = str_sub(b->events, sizeof(e), b->events.len);
		if (e.kind == EVENT_CLOSE)
			b->n--;
		else if (!add_node(b, &e))
			return false;
	}
	return true;
}

/* What the events make, however far they came; the error of an event is told before the parser's,
 * which is in the buffer behind them. */
bool yaml_nodes_read(struct arena *a, struct buf *scratch, struct str text, struct yaml_node **ret,
	struct error *err)
{
	struct builder b = {.arena = a, .err = err};
	struct error syntax = ERROR_INIT;
	size_t events;
	bool parsed;

	if (text.len > YAML_TEXT_MAX)
		return error_set(err, "yaml: text is longer than %zu bytes", YAML_TEXT_MAX);
	buf_clear(scratch);
	parsed = record_events(text, scratch, &syntax);
	events = scratch->len;
	if (scratch->full)
		buf_clear(scratch), events = 0;
	/* The error's own memory must not be held while the arena is used. */
	buf_add_str(scratch, error_str(&syntax));
	error_clear(&syntax);
	b.events = str_sub(buf_str(scratch), 0, events);
	b.anchors = map_new(a, &type_any_map, 0);
	b.open = arena_array(a, struct yaml_node *, YAML_DEPTH_MAX + 1);
	if (!build(&b))
		return false;
	if (!parsed)
		return error_set_str(err, str_sub(buf_str(scratch), events, scratch->len));
	*ret = b.root;
	return true;
}
