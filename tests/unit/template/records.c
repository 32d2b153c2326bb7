/* SPDX-License-Identifier: MIT
 *
 * Fields and methods of records: a struct of C as the root of a template.
 */
#include "config.h"

#include "template/funcs.h"

#include <criterion/criterion.h>

struct part {
	struct str name;
	int64_t size;
};

struct whole {
	struct str title;
	struct part part;
	struct part *link, *none;
	struct slice parts; /* []test.Part */
	struct value any;
	struct str secret;
};

/* Label "x": name and argument joined; for values and pointers. */
static bool part_label(
	struct call *c, struct value recv, const struct value *args, size_t n, struct value *ret)
{
	const struct part *p = recv.rec;

	(void)n;
	*ret = value_str(
		arena_fmt(c->arena, "%.*s%.*s", STR_ARG(p->name), STR_ARG(value_as_str(args[0]))));
	return true;
}

/* Rename: for pointers only. */
static bool part_rename(
	struct call *c, struct value recv, const struct value *args, size_t n, struct value *ret)
{
	(void)recv;
	(void)args;
	(void)n;
	(void)ret;
	return call_fail(c, "it is named");
}

static const struct field part_fields[] = {
	{STR_INIT("Name"), &type_string, offsetof(struct part, name)},
	{STR_INIT("Size"), &type_int, offsetof(struct part, size)},
};

static const struct method part_methods[] = {
	{.name = STR_INIT("Label"),
		.call = part_label,
		.in = FUNC_TYPES(&type_string),
		.n_in = 1,
		.result = &type_string},
	{.name = STR_INIT("Rename"),
		.call = part_rename,
		.result = &type_string,
		.on_pointer = true},
};

static const struct type type_part = {.kind = KIND_STRUCT,
	.size = sizeof(struct part),
	.name = "test.Part",
	.fields = part_fields,
	.n_fields = ARRAY_LEN(part_fields),
	.methods = part_methods,
	.n_methods = ARRAY_LEN(part_methods)};
static const struct type type_part_pointer = {
	.kind = KIND_POINTER, .size = sizeof(void *), .name = "*test.Part", .elem = &type_part};
static const struct type type_parts = {.kind = KIND_SLICE,
	.size = sizeof(struct slice),
	.name = "[]test.Part",
	.elem = &type_part};

static const struct field whole_fields[] = {
	{STR_INIT("Title"), &type_string, offsetof(struct whole, title)},
	{STR_INIT("Part"), &type_part, offsetof(struct whole, part)},
	{STR_INIT("Link"), &type_part_pointer, offsetof(struct whole, link)},
	{STR_INIT("None"), &type_part_pointer, offsetof(struct whole, none)},
	{STR_INIT("Parts"), &type_parts, offsetof(struct whole, parts)},
	{STR_INIT("Any"), &type_any, offsetof(struct whole, any)},
	{STR_INIT("secret"), &type_string, offsetof(struct whole, secret)},
};

static const struct type type_whole = {.kind = KIND_STRUCT,
	.size = sizeof(struct whole),
	.name = "test.Whole",
	.fields = whole_fields,
	.n_fields = ARRAY_LEN(whole_fields)};
static const struct type type_whole_pointer = {
	.kind = KIND_POINTER, .size = sizeof(void *), .name = "*test.Whole", .elem = &type_whole};

static struct part parts[] = {{STR_INIT("a"), 1}, {STR_INIT("b"), 2}};
static struct whole whole = {.title = STR_INIT("T"),
	.part = {STR_INIT("p"), 7},
	.link = &parts[1],
	.parts = {parts, 2, 2},
	.secret = STR_INIT("s")};

static void check(
	int line, struct value root, const char *text, const char *want, const char *error)
{
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;
	struct buf out;
	bool ok;

	buf_init(&out, 1 << 16);
	ok = template_parse(set, "t", str_from(text), &err) &&
	     template_render(set, STR("t"), root, NULL, &out, &err);
	cr_assert_eq(ok, !error, "line %d: %s: %s", line, text, error_text(&err));
	if (error)
		cr_assert_str_eq(error_text(&err), error, "line %d: %s gives\n%s\nnot\n%s", line,
			text, error_text(&err), error);
	else
		cr_assert_str_eq(buf_cstr(&out), want, "line %d: %s gives %s, not %s", line, text,
			buf_cstr(&out), want);
	error_clear(&err);
	buf_release(&out);
	template_set_free(set);
}

#define POINTER value_rec(&type_whole_pointer, &whole)
#define PLAIN	value_rec(&type_whole, &whole)

#define assert_gives(root, text, want)	check(__LINE__, root, text, want, NULL)
#define assert_fails(root, text, error) check(__LINE__, root, text, NULL, error)

Test(records, fields_are_found_through_pointers)
{
	assert_gives(POINTER, "{{.Title}}{{.Part.Size}}{{.Link.Name}}", "T7b");
	assert_gives(PLAIN, "{{.Title}}{{.Part.Size}}{{.Link.Name}}", "T7b");
}

Test(records, cached_field_follows_the_type_that_comes)
{
	whole.any = value_rec(&type_part, &parts[0]);
	assert_gives(POINTER, "{{range .Parts}}{{.Name}}{{end}}", "ab");
	assert_gives(POINTER,
		"{{define \"n\"}}{{.Name}}{{end}}{{template \"n\" .Link}}{{template \"n\" .Part}}"
		"{{template \"n\" .Any}}",
		"bpa");
}

Test(records, unknown_field_is_an_error)
{
	assert_fails(POINTER, "{{.Nope}}",
		"template: t:1:2: executing \"t\" at <.Nope>: can't evaluate field Nope in type "
		"*test.Whole");
	assert_fails(PLAIN, "{{.Part.Nope}}",
		"template: t:1:7: executing \"t\" at <.Part.Nope>: can't evaluate field Nope in "
		"type "
		"test.Part");
	assert_fails(POINTER, "{{.None.Nope}}",
		"template: t:1:7: executing \"t\" at <.None.Nope>: can't evaluate field Nope in "
		"type "
		"*test.Part");
}

Test(records, field_behind_nil_is_an_error)
{
	assert_fails(POINTER, "{{.None.Name}}",
		"template: t:1:7: executing \"t\" at <.None.Name>: nil pointer evaluating "
		"*test.Part.Name");
}

Test(records, lower_case_field_is_not_exported)
{
	assert_fails(POINTER, "{{.secret}}",
		"template: t:1:2: executing \"t\" at <.secret>: secret is an unexported field of "
		"struct type *test.Whole");
}

Test(records, field_takes_no_arguments)
{
	assert_fails(POINTER, "{{.Title 1}}",
		"template: t:1:2: executing \"t\" at <.Title>: Title has arguments but cannot be "
		"invoked as function");
	assert_fails(POINTER, "{{1 | .Title}}",
		"template: t:1:6: executing \"t\" at <.Title>: Title has arguments but cannot be "
		"invoked as function");
}

Test(records, method_takes_arguments_and_the_piped_value)
{
	assert_gives(POINTER, "{{.Link.Label \"!\"}}{{\"?\" | .Part.Label}}", "b!p?");
	assert_gives(POINTER, "{{(index .Parts 0).Label .Title}}", "aT");
	assert_fails(POINTER, "{{.Link.Label}}",
		"template: t:1:7: executing \"t\" at <.Link.Label>: wrong number of args for "
		"Label: "
		"want 1 got 0");
	assert_fails(POINTER, "{{.Link.Label 1}}",
		"template: t:1:14: executing \"t\" at <1>: expected string; found 1");
}

Test(records, method_of_the_pointer_needs_an_address)
{
	assert_fails(POINTER, "{{.Part.Rename}}",
		"template: t:1:7: executing \"t\" at <.Part.Rename>: error calling Rename: it is "
		"named");
	assert_fails(PLAIN, "{{.Part.Rename}}",
		"template: t:1:7: executing \"t\" at <.Part.Rename>: can't evaluate field Rename "
		"in "
		"type test.Part");
}

Test(records, method_of_nil_is_an_error)
{
	assert_fails(POINTER, "{{.None.Label \"x\"}}",
		"template: t:1:7: executing \"t\" at <.None.Label>: error calling Label: runtime "
		"error: invalid memory address or nil pointer dereference");
}

Test(records, record_and_pointer_are_printed_as_go_does)
{
	assert_gives(POINTER, "{{.Part}} {{.Link}} {{.None}} {{.Parts}}",
		"{p 7} {b 2} <nil> [{a 1} {b 2}]");
}
