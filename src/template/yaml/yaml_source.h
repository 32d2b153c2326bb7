/* SPDX-License-Identifier: MIT
 *
 * A text for one of libyaml's parsers, handed over in pieces as small as go-yaml takes them: bytes
 * that are no text are an error when the piece with them is read, which must not be sooner.
 *
 *	struct yaml_source source;
 *
 *	if (yaml_source_open(&source, &parser, text))
 *		... yaml_parser_delete(&parser);
 */
#ifndef UD_TEMPLATE_YAML_SOURCE_H
#define UD_TEMPLATE_YAML_SOURCE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

struct yaml_parser_s;

struct yaml_source {
	struct str rest;
	size_t room; /* of the parser's buffer */
};

/* Makes the parser one of text; both stay where they are until the parser is deleted. False if
 * there is no memory. */
bool yaml_source_open(struct yaml_source *s, struct yaml_parser_s *parser, struct str text);
/* Appends the error of a parser as go-yaml words it: with the line where the context began, or else
 * where the problem is, and without if that is the first one. */
void yaml_add_problem(struct buf *out, const struct yaml_parser_s *parser);
/* The same for errors that libyaml does not know; line counts from 0. */
void yaml_add_grammar_problem(struct buf *out, size_t line, const char *problem);
void yaml_add_scanner_problem(struct buf *out, size_t line, const char *problem);

#endif
