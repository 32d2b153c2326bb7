/* SPDX-License-Identifier: MIT
 *
 * What a plain YAML scalar means, by the rules of go-yaml version 3: YAML 1.2 with what is kept of
 * 1.1. The reader asks it for values, the writer whether a string needs quotes.
 */
#ifndef UD_TEMPLATE_YAML_RESOLVE_H
#define UD_TEMPLATE_YAML_RESOLVE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "base/str.h"
#include "value/value.h"

#include <stdbool.h>

#define YAML_NULL      STR("!!null")
#define YAML_STR       STR("!!str")
#define YAML_INT       STR("!!int")
#define YAML_FLOAT     STR("!!float")
#define YAML_BOOL      STR("!!bool")
#define YAML_TIMESTAMP STR("!!timestamp")
#define YAML_SEQ       STR("!!seq")
#define YAML_MAP       STR("!!map")
#define YAML_BINARY    STR("!!binary")
#define YAML_MERGE     STR("!!merge")

/* "tag:yaml.org,2002:int" as "!!int"; other tags stay as they are. */
struct str yaml_short_tag(struct arena *a, struct str tag);
/* The value of a scalar with the short tag, or none (""), and the tag it has by that. The error
 * says what the text is instead of what the tag wants. */
bool yaml_resolve(struct arena *a, struct str tag, struct str text, struct str *ret_tag,
	struct value *ret, struct error *err) MUSTCHECK;

#endif
