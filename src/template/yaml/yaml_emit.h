/* SPDX-License-Identifier: MIT
 *
 * The layout of YAML: indentation, indicators and scalars with their quotes, as go-yaml's emitter
 * has it. The writer (yaml_write.c) calls these in the order of the document.
 */
#ifndef UD_TEMPLATE_YAML_EMIT_H
#define UD_TEMPLATE_YAML_EMIT_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

/* What a node stands in. */
enum yaml_place { YAML_IN_ROOT, YAML_IN_SEQUENCE, YAML_IN_MAPPING, YAML_IN_KEY };

enum yaml_style { YAML_PLAIN, YAML_SINGLE_QUOTED, YAML_DOUBLE_QUOTED, YAML_LITERAL };

struct yaml_scalar {
	struct str text;       /* valid UTF-8 */
	enum yaml_style style; /* wanted; another is taken where it cannot hold the text */
	bool binary;	       /* base64 with the tag !!binary */
};

struct yaml_emitter {
	struct buf *out;
	int indent; /* -1 before the document's node */
	int column;
	bool whitespace; /* the last character was white space */
	bool indention;	 /* only white space and indicators stand on this line */
};

void yaml_emit_begin(struct yaml_emitter *e, struct buf *out);
void yaml_emit_end(struct yaml_emitter *e);
/* Deeper, for what a block within place holds; returns the indentation to go back to. */
int yaml_emit_indent(struct yaml_emitter *e, enum yaml_place place);
/* The start of a list's item, of a key, and what stands before and behind a key that is no simple
 * one. */
void yaml_emit_item(struct yaml_emitter *e);
void yaml_emit_line(struct yaml_emitter *e);
void yaml_emit_complex_key(struct yaml_emitter *e);
void yaml_emit_complex_value(struct yaml_emitter *e);
/* The colon behind a simple key. */
void yaml_emit_colon(struct yaml_emitter *e);
/* "[]" or "{}". */
void yaml_emit_empty(struct yaml_emitter *e, const char *brackets);
/* Whether the scalar can be a key without a question mark before it. */
bool yaml_scalar_is_simple_key(const struct yaml_scalar *s);
void yaml_emit_scalar(struct yaml_emitter *e, const struct yaml_scalar *s, enum yaml_place place);

#endif
