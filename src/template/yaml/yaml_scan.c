/* SPDX-License-Identifier: MIT
 *
 * The scanner alone, see yaml_scan.h.
 */
#include "config.h"

#include "template/yaml/yaml_scan.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "template/yaml/yaml_mend.h"
#include "template/yaml/yaml_source.h"

#include <yaml.h>

/* Tokens that go-yaml scans behind the one that its parser is given. */
#define LOOKAHEAD 2
/* Digits of a number in a %YAML directive. */
#define VERSION_DIGITS 2
/* Characters that end a line, besides \r and \n. */
#define NEL		    0x85
#define LINE_SEPARATOR	    0x2028
#define PARAGRAPH_SEPARATOR 0x2029

/* A flow sequence or mapping that is open. */
struct flow {
	bool is_sequence;
	size_t line;
};

struct scan {
	yaml_parser_t parser;
	struct yaml_source source;
	struct yaml_mend *mend;
	VEC(struct flow) flows;
	bool has_version;   /* of the document that begins */
	size_t at, at_mark; /* a byte of the text and the character that begins there */
	size_t token;	    /* the number of the one that is looked at */
	size_t fault;
	struct buf *out; /* the fault's text */
};

/* What comes after a token. */
enum step {
	GO_ON,
	SCAN_AGAIN, /* the text was changed */
	END,
};

/* --- places ------------------------------------------------------------------------------- */

/* The byte of a mark; cheap if it is behind the last one that was asked for. */
static size_t offset_of(struct scan *s, yaml_mark_t mark)
{
	if (mark.index < s->at_mark) {
		s->at = yaml_text_start(s->mend->text);
		s->at_mark = 0;
	}
	s->at = yaml_skip_characters(s->mend->text, s->at, mark.index - s->at_mark);
	s->at_mark = mark.index;
	return s->at;
}

/* --- faults ------------------------------------------------------------------------------- */

/* Notes a fault at the token unless there is one that comes first; whether it is noted. */
static bool note_fault(struct scan *s, size_t token)
{
	if (s->fault < token)
		return false;
	s->fault = token;
	buf_clear(s->out);
	return true;
}

/* The parser that wants one of the last tokens before a fault of the scanner meets that fault. */
static size_t meeting_token(size_t failed)
{
	return failed > LOOKAHEAD ? failed - LOOKAHEAD : 0;
}

/* The number of the token at which the scanner failed. What it had queued to close before that one
 * belongs to the same step. */
static size_t failed_token(const yaml_parser_t *p)
{
	const yaml_token_t *end = p->tokens.tail;

	while (end > p->tokens.head && end[-1].type == YAML_BLOCK_END_TOKEN)
		end--;
	return p->tokens_parsed + (size_t)(end - p->tokens.head);
}

static size_t count_breaks(struct str text)
{
	size_t n = 0, width;

	for (uint32_t rune, last = 0; text.len;
		last = rune, text = str_sub(text, width, text.len)) {
		rune = utf8_decode(text, &width);
		n += rune == '\r' || (rune == '\n' && last != '\r') || rune == NEL ||
		     rune == LINE_SEPARATOR || rune == PARAGRAPH_SEPARATOR;
	}
	return n;
}

/* Where a text in double quotes escapes a slash; -1 if it does not. */
static ssize_t find_slash_escape(struct str quoted)
{
	if (!str_has_prefix(quoted, STR("\"")))
		return -1;
	for (size_t i = 1; i + 1 < quoted.len; i++) {
		if (quoted.p[i] != '\\')
			continue;
		if (quoted.p[++i] == '/')
			return (ssize_t)i;
	}
	return -1;
}

/* Whether a %YAML directive has a number of more digits than go-yaml reads. */
static bool has_long_number(struct str directive)
{
	size_t digits = 0;

	if (!str_has_prefix(directive, STR("%YAML")))
		return false;
	for (size_t i = 0; i < directive.len; i++) {
		digits = directive.p[i] >= '0' && directive.p[i] <= '9' ? digits + 1 : 0;
		if (digits > VERSION_DIGITS)
			return true;
	}
	return false;
}

/* What go-yaml's scanner finds fault with in a token where libyaml's does not; NULL for nothing.
 * line is that of the token, and then the one to tell. */
static const char *hidden_problem(struct str token, size_t *line)
{
	ssize_t slash = find_slash_escape(token);

	if (slash < 0)
		return has_long_number(token) ? "found extremely long version number" : NULL;
	if (*line == 0)
		*line = count_breaks(str_sub(token, 0, (size_t)slash));
	return "found unknown escape character";
}

/* Whether no token begins with the byte at at, which is that of the mark. */
static bool begins_no_token(struct str text, size_t at, yaml_mark_t mark)
{
	if (at >= text.len)
		return false;
	return text.p[at] == '@' || text.p[at] == '`' || text.p[at] == '\t' ||
	       (text.p[at] == '%' && mark.column > 0);
}

/* Adds the scanner's own error, or what it finds too late in a token, or too soon: that a key has
 * no colon is clear to go-yaml when it has seen what the next token begins with. */
static void add_scanner_fault(struct scan *s)
{
	yaml_parser_t *p = &s->parser;
	size_t from = offset_of(s, p->context_mark), to = offset_of(s, p->problem_mark);
	size_t line = p->context_mark.line;
	const char *hidden = hidden_problem(str_sub(s->mend->text, from, to), &line);

	if (hidden)
		yaml_add_scanner_problem(s->out, line, hidden);
	else if (strcmp(p->problem, "could not find expected ':'") == 0 &&
		 begins_no_token(s->mend->text, to, p->problem_mark))
		yaml_add_scanner_problem(s->out, p->problem_mark.line,
			"found character that cannot start any token");
	else
		yaml_add_problem(s->out, p);
}

static void note_scanner_fault(struct scan *s)
{
	const yaml_parser_t *p = &s->parser;

	if (!note_fault(s, meeting_token(failed_token(p))))
		return;
	if (p->error == YAML_SCANNER_ERROR && p->context_mark.index < p->problem_mark.index)
		add_scanner_fault(s);
	else
		yaml_add_problem(s->out, p);
}

/* --- tokens ------------------------------------------------------------------------------- */

/* A question mark within a plain scalar begins a key: a token of its own, the next one. */
static enum step check_plain(struct scan *s, const yaml_token_t *t)
{
	const struct flow *flow = s->flows.n ? &s->flows.v[s->flows.n - 1] : NULL;
	size_t from, to, line;
	struct str text;
	ssize_t at;

	if (!flow || !memchr(t->data.scalar.value, '?', t->data.scalar.length))
		return GO_ON;
	from = offset_of(s, t->start_mark);
	to = offset_of(s, t->end_mark);
	text = str_sub(s->mend->text, from, to);
	at = str_chr(text, '?');
	line = t->start_mark.line + count_breaks(str_sub(text, 0, at < 0 ? 0 : (size_t)at));
	if (note_fault(s, s->token + 1))
		yaml_add_grammar_problem(s->out, flow->line ? flow->line : line,
			flow->is_sequence ? "did not find expected ',' or ']'"
					  : "did not find expected ',' or '}'");
	return END;
}

/* Looks into a token for what libyaml's scanner lets pass. */
static enum step check_inside(struct scan *s, const yaml_token_t *t)
{
	size_t from = offset_of(s, t->start_mark), to = offset_of(s, t->end_mark);
	size_t line = t->start_mark.line;
	const char *problem = hidden_problem(str_sub(s->mend->text, from, to), &line);

	if (!problem)
		return GO_ON;
	if (note_fault(s, meeting_token(s->token)))
		yaml_add_scanner_problem(s->out, line, problem);
	return END;
}

static enum step check_scalar(struct scan *s, const yaml_token_t *t)
{
	if (t->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return check_plain(s, t);
	if (t->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		return check_inside(s, t);
	return GO_ON;
}

static enum step check_version(struct scan *s, const yaml_token_t *t)
{
	bool first = !s->has_version;

	if (check_inside(s, t) == END)
		return END;
	s->has_version = true;
	if (first && t->data.version_directive.minor != 1 && note_fault(s, s->token))
		yaml_add_grammar_problem(
			s->out, t->start_mark.line, "found incompatible YAML document");
	return GO_ON;
}

static enum step check_tag(struct scan *s, const yaml_token_t *t)
{
	return yaml_mend_tag(s->mend, offset_of(s, t->end_mark)) ? SCAN_AGAIN : GO_ON;
}

static enum step open_flow(struct scan *s, const yaml_token_t *t)
{
	bool is_sequence = t->type == YAML_FLOW_SEQUENCE_START_TOKEN;

	vec_push(&s->flows, ((struct flow){is_sequence, t->start_mark.line}));
	return GO_ON;
}

static enum step close_flow(struct scan *s, const yaml_token_t *t UNUSED)
{
	if (s->flows.n)
		s->flows.n--;
	return GO_ON;
}

static enum step end_directives(struct scan *s, const yaml_token_t *t UNUSED)
{
	s->has_version = false;
	return GO_ON;
}

static enum step check_token(struct scan *s, const yaml_token_t *t)
{
	static enum step (*const by_type[])(struct scan *, const yaml_token_t *) = {
		[YAML_VERSION_DIRECTIVE_TOKEN] = check_version,
		[YAML_DOCUMENT_START_TOKEN] = end_directives,
		[YAML_DOCUMENT_END_TOKEN] = end_directives,
		[YAML_FLOW_SEQUENCE_START_TOKEN] = open_flow,
		[YAML_FLOW_MAPPING_START_TOKEN] = open_flow,
		[YAML_FLOW_SEQUENCE_END_TOKEN] = close_flow,
		[YAML_FLOW_MAPPING_END_TOKEN] = close_flow,
		[YAML_TAG_TOKEN] = check_tag,
		[YAML_SCALAR_TOKEN] = check_scalar,
	};

	if (t->type == YAML_STREAM_END_TOKEN)
		return END;
	/* Behind a fault only what the parser looks ahead at can matter. */
	if (s->fault < s->token)
		return s->fault + LOOKAHEAD <= s->token ? END : GO_ON;
	return (size_t)t->type < ARRAY_LEN(by_type) && by_type[t->type] ? by_type[t->type](s, t)
									: GO_ON;
}

/* --- the whole ------------------------------------------------------------------------------ */

/* The tokens that the scanner has queued when it fails come before the fault. */
static enum step check_queue(struct scan *s)
{
	enum step step = GO_ON;

	s->token = s->parser.tokens_parsed;
	for (const yaml_token_t *t = s->parser.tokens.head;
		step == GO_ON && t < s->parser.tokens.tail; t++, s->token++)
		step = check_token(s, t);
	return step;
}

static enum step scan_token(struct scan *s)
{
	yaml_token_t t;
	enum step step;

	if (!yaml_parser_scan(&s->parser, &t)) {
		step = check_queue(s);
		if (step == GO_ON && yaml_mend_fault(s->mend, &s->parser))
			return SCAN_AGAIN;
		if (step == GO_ON)
			note_scanner_fault(s);
		return step == GO_ON ? END : step;
	}
	s->token = s->parser.tokens_parsed - 1;
	step = check_token(s, &t);
	yaml_token_delete(&t);
	return step;
}

static enum step scan_text(struct scan *s)
{
	enum step step = GO_ON;

	s->fault = YAML_NO_FAULT;
	s->has_version = false;
	s->at = yaml_text_start(s->mend->text);
	s->at_mark = 0;
	vec_clear(&s->flows);
	buf_clear(s->out);
	if (!yaml_source_open(&s->source, &s->parser, s->mend->text)) {
		s->fault = 0;
		buf_add_cstr(s->out, "yaml: out of memory");
		return END;
	}
	while (step == GO_ON)
		step = scan_token(s);
	yaml_parser_delete(&s->parser);
	return step;
}

size_t yaml_scan(struct yaml_mend *mend, struct buf *out)
{
	struct scan s = {.mend = mend, .out = out};

	while (scan_text(&s) == SCAN_AGAIN)
		;
	vec_release(&s.flows);
	return s.fault;
}
