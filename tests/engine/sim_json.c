/* SPDX-License-Identifier: MIT
 *
 * JSON writing in Go's spelling. Values come from recorded answers and from tests.
 */
#include "config.h"

#include "engine/sim_json.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* encoding/json: short escapes exist for these only. */
static const char *short_escape(char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

void json_string(struct buf *out, struct str s, bool html)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		const char *esc = short_escape(c);

		if (esc)
			buf_add_cstr(out, esc);
		else if ((unsigned char)c < 0x20 || (html && strchr("<>&", c)))
			buf_add_fmt(out, "\\u%04x", (unsigned)(unsigned char)c);
		else
			buf_add_char(out, c);
	}
	buf_add_char(out, '"');
}

void json_cstring(struct buf *out, const char *s, bool html)
{
	json_string(out, str_from(s), html);
}

static void json_object(struct buf *out, yajl_val v, bool html)
{
	buf_add_char(out, '{');
	for (size_t i = 0; i < v->u.object.len; i++) {
		if (i)
			buf_add_char(out, ',');
		json_cstring(out, v->u.object.keys[i], html);
		buf_add_char(out, ':');
		json_value(out, v->u.object.values[i], html);
	}
	buf_add_char(out, '}');
}

static void json_array(struct buf *out, yajl_val v, bool html)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < v->u.array.len; i++) {
		if (i)
			buf_add_char(out, ',');
		json_value(out, v->u.array.values[i], html);
	}
	buf_add_char(out, ']');
}

void json_value(struct buf *out, yajl_val v, bool html)
{
	switch (v->type) {
	case yajl_t_string:
		json_cstring(out, v->u.string, html);
		return;
	case yajl_t_number:
		buf_add_cstr(out, v->u.number.r);
		return;
	case yajl_t_object:
		json_object(out, v, html);
		return;
	case yajl_t_array:
		json_array(out, v, html);
		return;
	case yajl_t_true:
		buf_add_cstr(out, "true");
		return;
	case yajl_t_false:
		buf_add_cstr(out, "false");
		return;
	case yajl_t_null:
	case yajl_t_any:
		buf_add_cstr(out, "null");
		return;
	}
}

bool json_parse(const char *text, size_t len, yajl_val *ret, struct error *err)
{
	char why[256] = "";
	char *copy = xmemdup0(text, len);
	yajl_val v = yajl_tree_parse(copy, why, sizeof(why));

	free(copy);
	if (!v)
		return error_set(err, "not JSON: %s", why[0] ? why : "empty");
	*ret = v;
	return true;
}

yajl_val json_member(yajl_val v, const char *key)
{
	if (!v || v->type != yajl_t_object)
		return NULL;
	for (size_t i = 0; i < v->u.object.len; i++)
		if (strcmp(v->u.object.keys[i], key) == 0)
			return v->u.object.values[i];
	return NULL;
}
