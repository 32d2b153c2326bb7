/* SPDX-License-Identifier: MIT
 *
 * YAML to values as go-yaml version 3 decodes it into an interface {}: map[string]interface {}, or
 * map[interface {}]interface {} when a key is no string, []interface {}, int, uint64, float64,
 * string, bool, time.Time and nil; error texts are those of go-yaml. Only the first document
 *counts.
 *
 *	*ret = value_nil();
 *	ok = yaml_read(&arena, call_buf(c), text, &v, &err);
 *
 * libyaml takes the text apart.
 */
#ifndef UD_TEMPLATE_YAML_READ_H
#define UD_TEMPLATE_YAML_READ_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "value/value.h"

#include <stdbool.h>

/* Bytes of a text. */
#define YAML_TEXT_MAX ((size_t)8 << 20)
/* Collections within each other, also by way of aliases. */
#define YAML_DEPTH_MAX 2000
/* Keys that an error lists as defined twice. */
#define YAML_ERRORS_MAX 100

/* On failure too *ret is what go-yaml leaves behind: what was decoded before the error, nothing if
 * that is not known. scratch is for the events; its contents are lost. */
bool yaml_read(struct arena *a, struct buf *scratch, struct str text, struct value *ret,
	struct error *err) MUSTCHECK;

#endif
