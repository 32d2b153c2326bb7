/* SPDX-License-Identifier: MIT
 *
 * Values to YAML as go-yaml version 3 writes them: block style, four spaces, keys in its natural
 * order, struct fields by their names in lower case, strings quoted where another reader could take
 * them for something else.
 */
#ifndef UD_TEMPLATE_YAML_WRITE_H
#define UD_TEMPLATE_YAML_WRITE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "value/value.h"

/* Lists, maps and structs within each other; a map that holds itself ends here. */
#define YAML_WRITE_DEPTH_MAX 2000

/* Appends v as a document. The error is for a value that has no YAML: a complex number, a function.
 * arena and scratch, whose contents are lost, are for temporary texts. */
bool yaml_write(struct buf *out, struct buf *scratch, struct arena *arena, struct value v,
	struct error *err) MUSTCHECK;

#endif
