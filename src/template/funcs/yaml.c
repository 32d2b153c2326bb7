/* SPDX-License-Identifier: MIT
 *
 * docker-gen's YAML functions. Those whose names do not start with "must" are silent about errors.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/yaml/yaml_read.h"
#include "template/yaml/yaml_write.h"

/* An error is silent, but what makes go-yaml panic is not; the value is what there is of it. */
static bool yaml_from(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;

	if (yaml_read(c->arena, call_buf(c), value_as_str(args[0]), ret, &err) == YAML_READ_PANIC)
		return call_fail_error(c, &err);
	error_clear(&err);
	return true;
}

static bool yaml_must_from(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;

	return yaml_read(c->arena, call_buf(c), value_as_str(args[0]), ret, &err) == YAML_READ_OK ||
	       call_fail_error(c, &err);
}

/* What has no YAML makes the function panic in Go: there is no silent way out. */
static bool yaml_to(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	struct buf *b = call_buf(c);

	if (!yaml_write(b, call_buf(c), c->arena, args[0], &err))
		return call_fail_error(c, &err);
	return call_return_buf(c, b, ret);
}

/* --- table ----------------------------------------------------------------------------- */

#define TEXT  FUNC_ARGS(&type_string)
#define VALUE FUNC_ARGS(&type_any)

static const struct func rows[] = {
	{STR_INIT("fromYaml"), yaml_from, TEXT, &type_any, 0},
	{STR_INIT("mustFromYaml"), yaml_must_from, TEXT, &type_any, 0},
	{STR_INIT("mustToYaml"), yaml_to, VALUE, &type_string, 0},
	{STR_INIT("toYaml"), yaml_to, VALUE, &type_string, 0},
};

const struct func_table funcs_yaml = {rows, ARRAY_LEN(rows)};
