/* SPDX-License-Identifier: MIT
 *
 * Runs libyaml over a text, see yaml_event.h. An event is written as one byte of kind and flags,
 * its line, and each string that it has with its length before it.
 */
#include "config.h"

#include "template/yaml/yaml_event.h"

#include "template/yaml/yaml_mend.h"
#include "template/yaml/yaml_scan.h"
#include "template/yaml/yaml_source.h"

#include <string.h>
#include <yaml.h>

enum {
	KIND_MASK = 7,
	HAS_TAG = 1 << 3,
	HAS_ANCHOR = 1 << 4,
	HAS_VALUE = 1 << 5,
	QUOTED = 1 << 6,
};

/* --- writing ------------------------------------------------------------------------------ */

static void add_number(struct buf *out, uint32_t n)
{
	buf_add(out, &n, sizeof(n));
}

static void add_string(struct buf *out, struct str s)
{
	add_number(out, (uint32_t)s.len);
	buf_add_str(out, s);
}

static void add_event(struct buf *out, const struct yaml_event *e)
{
	buf_add_char(out,
		(char)((int)e->kind | (e->tag.len ? HAS_TAG : 0) | (e->anchored ? HAS_ANCHOR : 0) |
			(e->value.len ? HAS_VALUE : 0) | (e->quoted ? QUOTED : 0)));
	add_number(out, e->line);
	if (e->tag.len)
		add_string(out, e->tag);
	if (e->anchored)
		add_string(out, e->anchor);
	if (e->value.len)
		add_string(out, e->value);
}

static struct str text_of(const yaml_char_t *s)
{
	return str_from((const char *)s);
}

/* --- libyaml --------------------------------------------------------------------------------- */

/* False if e is of no interest. */
static bool translate(const yaml_event_t *e, struct yaml_event *ret)
{
	*ret = (struct yaml_event){.line = (uint32_t)e->start_mark.line + 1};
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		ret->kind = YAML_EVENT_SCALAR;
		ret->tag = text_of(e->data.scalar.tag);
		ret->anchor = text_of(e->data.scalar.anchor);
		ret->value = str_n((const char *)e->data.scalar.value, e->data.scalar.length);
		ret->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		break;
	case YAML_ALIAS_EVENT:
		ret->kind = YAML_EVENT_ALIAS;
		ret->anchor = text_of(e->data.alias.anchor);
		break;
	case YAML_SEQUENCE_START_EVENT:
		ret->kind = YAML_EVENT_SEQUENCE;
		ret->tag = text_of(e->data.sequence_start.tag);
		ret->anchor = text_of(e->data.sequence_start.anchor);
		break;
	case YAML_MAPPING_START_EVENT:
		ret->kind = YAML_EVENT_MAPPING;
		ret->tag = text_of(e->data.mapping_start.tag);
		ret->anchor = text_of(e->data.mapping_start.anchor);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		ret->kind = YAML_EVENT_END;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return false;
	}
	ret->anchored = ret->anchor.p != NULL;
	return true;
}

/* --- parsing -------------------------------------------------------------------------------- */

struct parse {
	yaml_parser_t parser;
	struct yaml_source source;
	struct yaml_mend mend;
	size_t fault;	    /* the token that has one by the scan, whose text is in problem */
	struct buf problem; /* the text of an error */
	struct buf text;    /* of a scalar that is put together again */
	struct buf *out;
};

/* Whether the parser has looked at the token that is at fault. The one behind those it has taken is
 * looked at when it is there, or when it was in vain. */
static bool has_met_fault(const struct parse *p, bool ok)
{
	bool looks_ahead = p->parser.token_available || !ok;

	return p->fault < p->parser.tokens_parsed + (looks_ahead ? 1 : 0);
}

static void add_translated(struct parse *p, const yaml_event_t *from)
{
	struct yaml_event e;

	if (!translate(from, &e))
		return;
	if (!e.quoted) {
		buf_clear(&p->text);
		e.value = yaml_mend_restore(&p->mend, &p->text, e.value);
	}
	add_event(p->out, &e);
}

/* Appends the next event, unless there is an error, which is then in p->problem; whether the
 * document goes on. */
static bool parse_event(struct parse *p, bool *ret_failed)
{
	yaml_event_t from;
	bool ok = yaml_parser_parse(&p->parser, &from), end = false;

	*ret_failed = !ok || has_met_fault(p, ok);
	if (!ok && !has_met_fault(p, ok)) {
		buf_clear(&p->problem);
		yaml_add_problem(&p->problem, &p->parser);
	}
	if (!ok)
		return false;
	if (!*ret_failed)
		add_translated(p, &from);
	end = from.type == YAML_DOCUMENT_END_EVENT || from.type == YAML_STREAM_END_EVENT;
	yaml_event_delete(&from);
	return !*ret_failed && !end;
}

/* Appends the events of the first document up to its end or an error. */
static bool parse_document(struct parse *p)
{
	bool failed = false;

	if (!yaml_source_open(&p->source, &p->parser, p->mend.text)) {
		buf_add_cstr(&p->problem, "yaml: out of memory");
		return false;
	}
	while (!p->out->full && parse_event(p, &failed))
		;
	yaml_parser_delete(&p->parser);
	return !failed;
}

void yaml_events_add(struct buf *out, struct str text)
{
	struct parse p = {.out = out};

	yaml_mend_init(&p.mend, text);
	buf_init(&p.problem, SIZE_MAX);
	buf_init(&p.text, SIZE_MAX);
	p.fault = yaml_scan(&p.mend, &p.problem);
	if (!parse_document(&p))
		add_event(out, &(struct yaml_event){
				       .kind = YAML_EVENT_ERROR, .value = buf_str(&p.problem)});
	buf_release(&p.text);
	buf_release(&p.problem);
	yaml_mend_release(&p.mend);
}

/* --- reading ------------------------------------------------------------------------------- */

static uint32_t take_number(struct str *rest)
{
	uint32_t n;

	memcpy(&n, rest->p, sizeof(n));
	*rest = str_sub(*rest, sizeof(n), rest->len);
	return n;
}

static struct str take_string(struct str *rest)
{
	uint32_t n = take_number(rest);
	struct str s = str_sub(*rest, 0, n);

	*rest = str_sub(*rest, n, rest->len);
	return s;
}

bool yaml_event_next(struct str *rest, struct yaml_event *event)
{
	int head;

	if (rest->len == 0)
		return false;
	head = (unsigned char)rest->p[0];
	*rest = str_sub(*rest, 1, rest->len);
	*event = (struct yaml_event){
		.kind = (enum yaml_event_kind)(head & KIND_MASK),
		.quoted = head & QUOTED,
		.anchored = head & HAS_ANCHOR,
		.line = take_number(rest),
	};
	if (head & HAS_TAG)
		event->tag = take_string(rest);
	if (head & HAS_ANCHOR)
		event->anchor = take_string(rest);
	if (head & HAS_VALUE)
		event->value = take_string(rest);
	return true;
}
