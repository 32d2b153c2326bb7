/* SPDX-License-Identifier: MIT
 *
 * sprig's semantic versions: semver gives a *semver.Version with the methods that templates use,
 * semverCompare checks a version against a constraint.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/list.h"
#include "template/funcs/semver_parse.h"

#include <stddef.h>

static const struct type type_semver, type_semver_pointer;

static struct str version_string(struct arena *a, struct value v)
{
	return semver_text(a, v.rec);
}

static bool version_json(
	struct arena *a, struct value v, struct str *ret, struct error *err UNUSED)
{
	*ret = version_string(a, v);
	return true;
}

/* --- methods ------------------------------------------------------------------------------ */

#define METHOD(id)                                                                                 \
	static bool id(struct call *c UNUSED, struct value recv, const struct value *args UNUSED,  \
		size_t n UNUSED, struct value *ret)

static const struct semver *version_of(struct value v)
{
	return v.rec;
}

static struct value uint64_value(uint64_t u)
{
	return (struct value){.head = TYPE_HEAD(&type_uint64), .u = u};
}

METHOD(version_major)
{
	*ret = uint64_value(version_of(recv)->major);
	return true;
}

METHOD(version_minor)
{
	*ret = uint64_value(version_of(recv)->minor);
	return true;
}

METHOD(version_patch)
{
	*ret = uint64_value(version_of(recv)->patch);
	return true;
}

METHOD(version_pre)
{
	*ret = value_str(version_of(recv)->pre);
	return true;
}

METHOD(version_metadata)
{
	*ret = value_str(version_of(recv)->metadata);
	return true;
}

METHOD(version_original)
{
	*ret = value_str(version_of(recv)->original);
	return true;
}

METHOD(version_text)
{
	*ret = value_str(semver_text(c->arena, version_of(recv)));
	return true;
}

/* The text as a []byte. */
static struct value text_bytes(struct call *c, struct str text)
{
	struct value bytes = slice_new(c->arena, &type_bytes, text.len, text.len);

	memcpy(bytes.sl->data, text.p, text.len);
	return bytes;
}

METHOD(version_marshal_text)
{
	*ret = text_bytes(c, semver_text(c->arena, version_of(recv)));
	return true;
}

METHOD(version_marshal_json)
{
	struct str text = semver_text(c->arena, version_of(recv));

	*ret = text_bytes(c, arena_fmt(c->arena, "\"%.*s\"", STR_ARG(text)));
	return true;
}

/* --- comparing */

/* How the receiver compares to the argument, which must not be nil. */
static bool compare(struct call *c, struct value recv, const struct value *args, int *ret)
{
	if (!args[0].rec)
		return call_fail_nil_pointer(c);
	*ret = semver_compare(version_of(recv), version_of(args[0]));
	return true;
}

METHOD(version_compare)
{
	int d;

	if (!compare(c, recv, args, &d))
		return false;
	*ret = value_int(d < 0 ? -1 : d > 0);
	return true;
}

METHOD(version_equal)
{
	*ret = value_bool(args[0].rec && semver_compare(recv.rec, args[0].rec) == 0);
	return true;
}

METHOD(version_less)
{
	int d;

	if (!compare(c, recv, args, &d))
		return false;
	*ret = value_bool(d < 0);
	return true;
}

METHOD(version_less_equal)
{
	int d;

	if (!compare(c, recv, args, &d))
		return false;
	*ret = value_bool(d <= 0);
	return true;
}

METHOD(version_greater)
{
	int d;

	if (!compare(c, recv, args, &d))
		return false;
	*ret = value_bool(d > 0);
	return true;
}

METHOD(version_greater_equal)
{
	int d;

	if (!compare(c, recv, args, &d))
		return false;
	*ret = value_bool(d >= 0);
	return true;
}

/* --- changed copies */

/* A copy of next as a value, with the text that it would be read from. */
static struct value changed(struct call *c, const struct semver *was, struct semver next)
{
	struct str text = semver_text(c->arena, &next);
	bool v = str_has_prefix(was->original, STR("v"));

	next.original = arena_fmt(c->arena, "%s%.*s", v ? "v" : "", STR_ARG(text));
	return value_rec(&type_semver, arena_memdup(c->arena, &next, sizeof(next)));
}

/* A release does not follow a pre-release of its own number: it is that number. */
METHOD(version_inc_patch)
{
	const struct semver *v = version_of(recv);

	*ret = changed(c, v,
		(struct semver){
			.major = v->major, .minor = v->minor, .patch = v->patch + !v->pre.len});
	return true;
}

METHOD(version_inc_minor)
{
	const struct semver *v = version_of(recv);

	*ret = changed(c, v, (struct semver){.major = v->major, .minor = v->minor + 1});
	return true;
}

METHOD(version_inc_major)
{
	const struct semver *v = version_of(recv);

	*ret = changed(c, v, (struct semver){.major = v->major + 1});
	return true;
}

METHOD(version_set_pre)
{
	struct semver next = *version_of(recv);
	struct error err = ERROR_INIT;

	next.pre = value_as_str(args[0]);
	if (next.pre.len && !semver_check_pre(next.pre, &err))
		return call_fail_error(c, &err);
	*ret = changed(c, version_of(recv), next);
	return true;
}

METHOD(version_set_metadata)
{
	struct semver next = *version_of(recv);
	struct error err = ERROR_INIT;

	next.metadata = value_as_str(args[0]);
	if (next.metadata.len && !semver_check_metadata(next.metadata, &err))
		return call_fail_error(c, &err);
	*ret = changed(c, version_of(recv), next);
	return true;
}

/* --- types ---------------------------------------------------------------------------------- */

static const struct type *const in_version[] = {&type_semver_pointer};
static const struct type *const in_string[] = {&type_string};

#define PLAIN(go, id, t)                                                                           \
	{                                                                                          \
		.name = STR_INIT(go), .call = (id), .result = &(t)                                 \
	}
#define ON_POINTER(go, id, t)                                                                      \
	{                                                                                          \
		.name = STR_INIT(go), .call = (id), .in = in_version, .n_in = 1, .result = &(t),   \
		.on_pointer = true                                                                 \
	}
#define OF_STRING(go, id)                                                                          \
	{                                                                                          \
		.name = STR_INIT(go), .call = (id), .in = in_string, .n_in = 1,                    \
		.result = &type_semver                                                             \
	}

static const struct method version_methods[] = {
	ON_POINTER("Compare", version_compare, type_int),
	ON_POINTER("Equal", version_equal, type_bool),
	ON_POINTER("GreaterThan", version_greater, type_bool),
	ON_POINTER("GreaterThanEqual", version_greater_equal, type_bool),
	PLAIN("IncMajor", version_inc_major, type_semver),
	PLAIN("IncMinor", version_inc_minor, type_semver),
	PLAIN("IncPatch", version_inc_patch, type_semver),
	ON_POINTER("LessThan", version_less, type_bool),
	ON_POINTER("LessThanEqual", version_less_equal, type_bool),
	PLAIN("Major", version_major, type_uint64),
	PLAIN("MarshalJSON", version_marshal_json, type_bytes),
	PLAIN("MarshalText", version_marshal_text, type_bytes),
	PLAIN("Metadata", version_metadata, type_string),
	PLAIN("Minor", version_minor, type_uint64),
	{.name = STR_INIT("Original"),
		.call = version_original,
		.result = &type_string,
		.on_pointer = true},
	PLAIN("Patch", version_patch, type_uint64),
	PLAIN("Prerelease", version_pre, type_string),
	OF_STRING("SetMetadata", version_set_metadata),
	OF_STRING("SetPrerelease", version_set_pre),
	PLAIN("String", version_text, type_string),
	PLAIN("Value", version_text, type_any),
};

#define FIELD(go, member, t)                                                                       \
	{                                                                                          \
		STR_INIT(go), &(t), offsetof(struct semver, member)                                \
	}

static const struct field version_fields[] = {
	FIELD("major", major, type_uint64),
	FIELD("minor", minor, type_uint64),
	FIELD("patch", patch, type_uint64),
	FIELD("pre", pre, type_string),
	FIELD("metadata", metadata, type_string),
	FIELD("original", original, type_string),
};

static const struct type type_semver = {
	.kind = KIND_STRUCT,
	.size = sizeof(struct semver),
	.name = "semver.Version",
	.fields = version_fields,
	.n_fields = ARRAY_LEN(version_fields),
	.methods = version_methods,
	.n_methods = ARRAY_LEN(version_methods),
	.stringer = version_string,
	.json_text = version_json,
};

static const struct type type_semver_pointer = {
	.kind = KIND_POINTER,
	.size = sizeof(void *),
	.name = "*semver.Version",
	.elem = &type_semver,
	.methods = version_methods,
	.n_methods = ARRAY_LEN(version_methods),
};

/* --- functions ---------------------------------------------------------------------------------
 */

static bool semver_semver(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	struct semver v;

	if (!semver_parse(value_as_str(args[0]), &v, &err))
		return call_fail_error(c, &err);
	type_register(&type_semver_pointer);
	*ret = value_rec(&type_semver_pointer, arena_memdup(c->arena, &v, sizeof(v)));
	return true;
}

/* args: constraint, version. A bad constraint is told before a bad version. */
static bool semver_semver_compare(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str constraint = value_as_str(args[0]);
	struct error err = ERROR_INIT;
	struct semver v;
	bool holds;

	if (!semver_check_constraint(c->arena, constraint, &err) ||
		!semver_parse(value_as_str(args[1]), &v, &err) ||
		!semver_check(c->arena, constraint, &v, &holds, &err))
		return call_fail_error(c, &err);
	*ret = value_bool(holds);
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("semver"), semver_semver, FUNC_ARGS(&type_string), &type_semver_pointer, 0},
	{STR_INIT("semverCompare"), semver_semver_compare, FUNC_ARGS(&type_string, &type_string),
		&type_bool, 0},
};

const struct func_table funcs_semver = {rows, ARRAY_LEN(rows)};
