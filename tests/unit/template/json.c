/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/json_write.h"
#include "value/json_read.h"
#include "value/time.h"

#include <criterion/criterion.h>

static struct arena arena;
static struct buf out;
static struct error err;

static void set_up(void)
{
	arena_init(&arena);
	buf_init(&out, 1 << 20);
	err = (struct error)ERROR_INIT;
}

static void tear_down(void)
{
	arena_release(&arena);
	buf_release(&out);
	error_clear(&err);
}

TestSuite(json, .init = set_up, .fini = tear_down);

static void assert_writes(struct value v, const struct json_style *style, const char *want)
{
	buf_clear(&out);
	cr_assert(json_write(&out, &arena, v, style, &err), "%s", error_text(&err));
	cr_assert_str_eq(buf_cstr(&out), want);
}

static struct value read(const char *text)
{
	struct value v;

	cr_assert(json_read(&arena, str_from(text), &v, &err), "%s", error_text(&err));
	return v;
}

static void assert_rewritten(const char *text, const char *want)
{
	static const struct json_style plain = {.escape_html = true};

	assert_writes(read(text), &plain, want);
}

static void assert_refused(const char *text, const char *why)
{
	struct value v;

	cr_assert(!json_read(&arena, str_from(text), &v, &err), "%s", text);
	cr_assert_str_eq(error_text(&err), why);
	error_clear(&err);
}

Test(json, what_was_read_is_written_sorted_and_compact)
{
	assert_rewritten(
		" { \"b\" : [ 1 , true , null ] ,\n\"a\":{}} ", "{\"a\":{},\"b\":[1,true,null]}");
	assert_rewritten("[]", "[]");
	assert_rewritten("\"x\"", "\"x\"");
	assert_rewritten("{\"a\":1,\"a\":2}", "{\"a\":2}");
}

Test(json, numbers_are_written_as_the_shortest_float)
{
	assert_rewritten("[0, -1, 1.50, 100000, 1e21, 1e-7, 1E+2, 123456789012345678]",
		"[0,-1,1.5,100000,1e+21,1e-7,100,123456789012345680]");
}

Test(json, escapes_are_read_and_written)
{
	assert_rewritten("\"\\u0041\\n\\/\\u00e9\\ud83d\\ude00\\\"\"", "\"A\\n/é😀\\\"\"");
	assert_rewritten("\"\\ud800x\\udc00\"", "\"\xef\xbf\xbdx\xef\xbf\xbd\"");
	assert_rewritten("\"<\\u2028\xff\\u0001\"", "\"\\u003c\\u2028\xef\xbf\xbd\\u0001\"");
}

Test(json, style_sets_indent_and_html)
{
	assert_writes(read("{\"a\":[1,{}],\"b\":\"<\"}"),
		&(struct json_style){.indent = "  ", .escape_html = false},
		"{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"<\"\n}");
}

struct record {
	struct str name;
	int64_t size;
	float ratio;
	struct slice bytes, none;
	struct record *next;
	struct str hidden;
};

static const struct type type_record;
static const struct type type_record_pointer = {
	.kind = KIND_POINTER, .size = sizeof(void *), .name = "*test.Record", .elem = &type_record};
static const struct field record_fields[] = {
	{STR_INIT("Name"), &type_string, offsetof(struct record, name)},
	{STR_INIT("Size"), &type_uint64, offsetof(struct record, size)},
	{STR_INIT("Ratio"), &type_float32, offsetof(struct record, ratio)},
	{STR_INIT("Bytes"), &type_bytes, offsetof(struct record, bytes)},
	{STR_INIT("None"), &type_string_slice, offsetof(struct record, none)},
	{STR_INIT("Next"), &type_record_pointer, offsetof(struct record, next)},
	{STR_INIT("hidden"), &type_string, offsetof(struct record, hidden)},
};
static const struct type type_record = {.kind = KIND_STRUCT,
	.size = sizeof(struct record),
	.name = "test.Record",
	.fields = record_fields,
	.n_fields = ARRAY_LEN(record_fields)};

Test(json, record_is_an_object_of_its_exported_fields)
{
	struct record last = {
		STR_INIT("z"), 0, 0.1f, {NULL, 0, 0}, {NULL, 0, 0}, NULL, STR_INIT("")};
	struct record first = {STR_INIT("a"), 7, 1e-7f, {(char[]){"abcd"}, 4, 4}, {NULL, 0, 0},
		&last, STR_INIT("h")};

	assert_writes(value_rec(&type_record, &first), &(struct json_style){.indent = NULL},
		"{\"Name\":\"a\",\"Size\":7,\"Ratio\":1e-7,\"Bytes\":\"YWJjZA==\",\"None\":null,"
		"\"Next\":{\"Name\":\"z\",\"Size\":0,\"Ratio\":0.1,\"Bytes\":null,\"None\":null,"
		"\"Next\":null}}");
}

Test(json, integer_keys_are_written_as_text)
{
	struct value m = map_new(&arena, type_map_of(&type_int, &type_bool), 0);

	map_set(m, value_int(-2), value_bool(true));
	map_set(m, value_int(9), value_bool(false));
	map_set(m, value_int(10), value_bool(false));
	assert_writes(
		m, &(struct json_style){.indent = NULL}, "{\"-2\":true,\"10\":false,\"9\":false}");
	cr_assert(!json_write(&out, &arena, map_new(&arena, &type_any_any_map, 0),
		&(struct json_style){.indent = NULL}, &err));
	cr_assert_str_eq(error_text(&err), "json: unsupported type: map[interface {}]interface {}");
}

Test(json, time_is_written_as_rfc_3339)
{
	struct go_time t = {.sec = 1, .nsec = 500000000, .offset = -5400, .fixed = true};

	assert_writes(value_rec(&type_time, &t), &(struct json_style){.indent = NULL},
		"\"1969-12-31T22:30:01.5-01:30\"");
}

Test(json, syntax_errors_have_the_texts_of_go)
{
	assert_refused("", "unexpected end of JSON input");
	assert_refused("[1", "unexpected end of JSON input");
	assert_refused("\"a", "unexpected end of JSON input");
	assert_refused(
		"{'a':1}", "invalid character '\\'' looking for beginning of object key string");
	assert_refused("{\"a\" 1}", "invalid character '1' after object key");
	assert_refused("{\"a\":1 2}", "invalid character '2' after object key:value pair");
	assert_refused("[1 2]", "invalid character '2' after array element");
	assert_refused("[1,]", "invalid character ']' looking for beginning of value");
	assert_refused(
		"{\"a\":1,}", "invalid character '}' looking for beginning of object key string");
	assert_refused("1 2", "invalid character '2' after top-level value");
	assert_refused("tru", "invalid character ' ' in literal true (expecting 'e')");
	assert_refused("nulx", "invalid character 'x' in literal null (expecting 'l')");
	assert_refused("01", "invalid character '1' after top-level value");
	assert_refused("-", "invalid character ' ' in numeric literal");
	assert_refused("1.", "invalid character ' ' after decimal point in numeric literal");
	assert_refused("1e+", "invalid character ' ' in exponent of numeric literal");
	assert_refused("\"\\x\"", "invalid character 'x' in string escape code");
	assert_refused("\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape");
	assert_refused("\"\n\"", "invalid character '\\n' in string literal");
	assert_refused("\xc3\xa9", "invalid character 'Ã' looking for beginning of value");
}

Test(json, nesting_deeper_than_the_limit_is_refused)
{
	static char text[2 * JSON_DEPTH_MAX + 4];

	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	cr_assert_eq(slice_len(read(text)), 1);
	memset(text, '[', JSON_DEPTH_MAX + 1);
	text[JSON_DEPTH_MAX + 1] = '\0';
	assert_refused(text, "invalid character '[' exceeded max depth");
}

Test(json, number_out_of_range_leaves_nil_in_its_place)
{
	struct value v;

	cr_assert(!json_read(&arena, STR("[1,1e400]"), &v, &err));
	cr_assert_str_eq(error_text(&err),
		"json: cannot unmarshal number 1e400 into Go value of type float64");
	cr_assert_eq(slice_at(v, 0).f, 1.0);
	cr_assert(value_is_nil_interface(slice_at(v, 1)));
}

Test(json, what_has_no_json_is_an_error)
{
	static const struct complex128 c = {1, 2};
	struct value self = map_new(&arena, &type_any_map, 1);
	struct json_style style = {.indent = NULL};

	cr_assert(!json_write(&out, &arena, value_float(__builtin_inf()), &style, &err));
	cr_assert_str_eq(error_text(&err), "json: unsupported value: +Inf");
	cr_assert(!json_write(&out, &arena,
		(struct value){.head = TYPE_HEAD(&type_complex128), .c = &c}, &style, &err));
	cr_assert_str_eq(error_text(&err), "json: unsupported type: complex128");
	map_set_str(self, STR("self"), self);
	cr_assert(!json_write(&out, &arena, self, &style, &err));
	cr_assert_str_eq(error_text(&err),
		"json: unsupported value: encountered a cycle via map[string]interface {}");
	cr_assert_eq(out.len, 0);
}
