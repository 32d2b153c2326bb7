/* SPDX-License-Identifier: MIT
 *
 * JSON to values and back, by sprig's names and docker-gen's older ones.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/json_write.h"
#include "value/json_read.h"

static const struct json_style plain = {.escape_html = true};
static const struct json_style pretty = {.indent = "  ", .escape_html = true};
static const struct json_style raw = {.escape_html = false};

/* What is no JSON is an error, or "" if silent. */
static bool write_json(struct call *c, struct value v, const struct json_style *style, bool silent,
	struct value *ret)
{
	struct error err = ERROR_INIT;
	struct buf *b = call_buf(c);

	if (json_write(b, c->arena, v, style, &err))
		return call_return_buf(c, b, ret);
	if (!silent)
		return call_fail_error(c, &err);
	error_clear(&err);
	*ret = value_str(STR(""));
	return true;
}

static bool json_to(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return write_json(c, args[0], &plain, true, ret);
}

static bool json_must_to(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return write_json(c, args[0], &plain, false, ret);
}

static bool json_to_pretty(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return write_json(c, args[0], &pretty, true, ret);
}

static bool json_must_to_pretty(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return write_json(c, args[0], &pretty, false, ret);
}

static bool json_to_raw(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return write_json(c, args[0], &raw, false, ret);
}

static bool json_from(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;

	*ret = value_nil();
	if (!json_read(c->arena, value_as_str(args[0]), ret, &err))
		error_clear(&err);
	return true;
}

static bool json_must_from(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;

	return json_read(c->arena, value_as_str(args[0]), ret, &err) || call_fail_error(c, &err);
}

/* --- table ----------------------------------------------------------------------------- */

#define TEXT  FUNC_ARGS(&type_string)
#define VALUE FUNC_ARGS(&type_any)

static const struct func rows[] = {
	{STR_INIT("fromJson"), json_from, TEXT, &type_any, 0},
	{STR_INIT("json"), json_must_to, VALUE, &type_string, 0},
	{STR_INIT("mustFromJson"), json_must_from, TEXT, &type_any, 0},
	{STR_INIT("mustToJson"), json_must_to, VALUE, &type_string, 0},
	{STR_INIT("mustToPrettyJson"), json_must_to_pretty, VALUE, &type_string, 0},
	{STR_INIT("mustToRawJson"), json_to_raw, VALUE, &type_string, 0},
	{STR_INIT("parseJson"), json_must_from, TEXT, &type_any, 0},
	{STR_INIT("toJson"), json_to, VALUE, &type_string, 0},
	{STR_INIT("toPrettyJson"), json_to_pretty, VALUE, &type_string, 0},
	{STR_INIT("toRawJson"), json_to_raw, VALUE, &type_string, 0},
};

const struct func_table funcs_json = {rows, ARRAY_LEN(rows)};
