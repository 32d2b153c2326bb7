/* SPDX-License-Identifier: MIT
 *
 * JSON to values as Go's encoding/json decodes it into an interface {}: map[string]interface {},
 * []interface {}, string, float64, bool and nil; error texts are Go's.
 *
 *	if (!json_read(&arena, text, &v, &err)) ...
 *
 * Strings without escapes are parts of text, which must live as long as the value. Bytes that are
 * not UTF-8 and lone surrogates become U+FFFD; of two equal keys the last counts.
 */
#ifndef UD_JSON_READ_H
#define UD_JSON_READ_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "base/str.h"
#include "value/value.h"

/* Arrays and objects within each other. */
#define JSON_DEPTH_MAX 10000

/* text must hold one value. A number that is no float64 makes false too, but then *ret is the value
 * with nil in its place; after all other errors it is untouched. */
bool json_read(struct arena *a, struct str text, struct value *ret, struct error *err) MUSTCHECK;

#endif
