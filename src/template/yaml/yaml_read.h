/* SPDX-License-Identifier: MIT
 *
 * YAML to values as go-yaml v3 decodes it into an interface {}: int, float64, bool, string,
 * time.Time, []interface {}, and map[string]interface {} where all keys are strings, else
 * map[interface {}]interface {}. Only the first document is read. libyaml does the parsing.
 *
 *	struct buf scratch;
 *
 *	if (yaml_read(&arena, &scratch, text, &v, &err) != YAML_READ_OK)
 *		...
 *
 * It stands here and not in value/ because it reads numbers and times by template/format/.
 */
#ifndef UD_TEMPLATE_YAML_READ_H
#define UD_TEMPLATE_YAML_READ_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "value/value.h"

/* Bytes of text. */
#define YAML_READ_MAX ((size_t)8 << 20)
/* Sequences, mappings and aliases within each other. */
#define YAML_READ_DEPTH_MAX 2000
/* Errors of one text that are told; go-yaml tells all. */
#define YAML_READ_ERRORS_MAX 1000

enum yaml_fault {
	YAML_READ_OK,
	YAML_READ_ERROR, /* what Unmarshal returns as its error */
	YAML_READ_PANIC, /* what makes Unmarshal panic */
};

/* Values are in the arena and borrow nothing from text. scratch is empty and stays the caller's,
 * who frees it also when the arena's limit leaves by longjmp. With YAML_READ_ERROR, *ret is what
 * go-yaml leaves behind: nil, or what the mapping at the root had until then. */
enum yaml_fault yaml_read(struct arena *a, struct buf *scratch, struct str text, struct value *ret,
	struct error *err) MUSTCHECK;

#endif
