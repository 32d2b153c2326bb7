/* SPDX-License-Identifier: MIT
 *
 * libyaml's input and its errors, see yaml_source.h.
 */
#include "config.h"

#include "template/yaml/yaml_source.h"

#include <yaml.h>

/* Bytes that go-yaml decodes at a time, with what was left of a character the last time. */
#define PIECE_LEN 512

/* yaml_read_handler_t: room is what is free of libyaml's own buffer, all of it at first. */
static int source_on_read(void *arg, unsigned char *out, size_t room, size_t *ret_len)
{
	struct yaml_source *s = arg;
	size_t left, n;

	if (room > s->room)
		s->room = room;
	left = s->room - room;
	n = left < PIECE_LEN ? PIECE_LEN - left : 0;
	if (n > room)
		n = room;
	if (n > s->rest.len)
		n = s->rest.len;
	if (n)
		memcpy(out, s->rest.p, n);
	s->rest = str_sub(s->rest, n, s->rest.len);
	*ret_len = n;
	return 1;
}

bool yaml_source_open(struct yaml_source *s, yaml_parser_t *parser, struct str text)
{
	*s = (struct yaml_source){.rest = text};
	if (!yaml_parser_initialize(parser))
		return false;
	yaml_parser_set_input(parser, source_on_read, s);
	return true;
}

/* go-yaml leaves out the line when it is the first, and counts those of the scanner from one, those
 * of the grammar from zero. */
static void add_problem(struct buf *out, size_t line, bool scanner, const char *problem)
{
	buf_add_cstr(out, "yaml: ");
	if (line)
		buf_add_fmt(out, "line %zu: ", line + scanner);
	buf_add_cstr(out, problem ? problem : "unknown problem parsing YAML content");
}

void yaml_add_grammar_problem(struct buf *out, size_t line, const char *problem)
{
	add_problem(out, line, false, problem);
}

void yaml_add_scanner_problem(struct buf *out, size_t line, const char *problem)
{
	add_problem(out, line, true, problem);
}

void yaml_add_problem(struct buf *out, const yaml_parser_t *p)
{
	size_t line = p->context_mark.line ? p->context_mark.line : p->problem_mark.line;

	add_problem(out, line, p->error == YAML_SCANNER_ERROR, p->problem);
}
