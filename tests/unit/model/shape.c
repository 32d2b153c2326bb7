/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "model/shape.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define MAX_BYTES ((size_t)64 * 1024 * 1024)

struct part {
	struct str name;
	int64_t n;
};

struct thing {
	struct str name;
	bool flag;
	int64_t n;
	struct shape_time at;
	struct part part, *maybe;
	struct shape_list words, dict, parts;
};

static const struct shape_field part_fields[] = {
	SHAPE_FIELD(struct part, name, "Name", &shape_string),
	SHAPE_FIELD(struct part, n, "N", &shape_int),
};
static const struct shape shape_part = SHAPE_OF(struct part, part_fields);
static const struct shape shape_maybe = {.kind = SHAPE_POINTER, .elem = &shape_part};
static const struct shape shape_each = {.kind = SHAPE_ARRAY, .each = true, .elem = &shape_part};
static const struct shape_field thing_fields[] = {
	SHAPE_FIELD(struct thing, name, "Name", &shape_string),
	SHAPE_FIELD(struct thing, flag, "Flag", &shape_bool),
	SHAPE_FIELD(struct thing, n, "N", &shape_int),
	SHAPE_FIELD(struct thing, at, "At", &shape_time),
	SHAPE_FIELD(struct thing, part, "Part", &shape_part),
	SHAPE_FIELD(struct thing, maybe, "Maybe", &shape_maybe),
	SHAPE_FIELD(struct thing, words, "Words", &shape_strings),
	SHAPE_FIELD(struct thing, dict, "Dict", &shape_string_dict),
	SHAPE_FIELD(struct thing, parts, "Parts", &shape_each),
};
static const struct shape shape_thing = SHAPE_OF(struct thing, thing_fields);

/* Every member of Parts as "name=n " or "!error ". */
static void shape_on_part(const struct shape *shape, const void *mem, struct error *err, void *arg)
{
	const struct part *p = mem;
	struct buf *seen = arg;

	cr_assert_eq(shape, &shape_part);
	if (err)
		buf_add_fmt(seen, "!%s ", error_text(err));
	else
		buf_add_fmt(seen, "%.*s=%lld ", STR_ARG(p->name), (long long)p->n);
}

/* Decodes text, cut into pieces of that many bytes; the caller frees the decoder. */
static struct shape_decoder *decode(struct str text, size_t piece, const struct thing **ret,
	struct buf *seen, struct error *err)
{
	struct shape_decoder *d = shape_decoder_new(&shape_thing, shape_on_part, seen, MAX_BYTES);
	const void *root;

	*ret = NULL;
	for (size_t i = 0; i < text.len; i += piece) {
		struct str s = str_sub(text, i, i + piece);

		if (!shape_decoder_feed(d, s.p, s.len, err))
			return d;
	}
	if (shape_decoder_finish(d, &root, err))
		*ret = root;
	return d;
}

static void assert_error(struct str text, const char *want)
{
	struct error err = ERROR_INIT;
	const struct thing *t;
	struct buf seen;
	struct shape_decoder *d;

	buf_init(&seen, MAX_BYTES);
	d = decode(text, text.len ? text.len : 1, &t, &seen, &err);
	cr_assert_null(t, "%.*s was taken", STR_ARG(str_sub(text, 0, 80)));
	cr_assert_str_eq(error_text(&err), want);
	error_clear(&err);
	shape_decoder_free(d);
	buf_release(&seen);
}

/* Whether the string at s is that text. */
#define assert_str(s, text) cr_assert(str_eqz((s), text), "%.*s", STR_ARG(s))

Test(shape, reads_every_kind_wherever_the_bytes_are_cut)
{
	static const char text[] = "{\"Name\":\"a\\u00e9\\n\",\"Flag\":true,\"N\":-12,\"X\":{\"Name\":"
		"[1,{\"y\":null}]},\"At\":\"2024-05-01T10:00:00.5Z\",\"Part\":{\"N\":3},\"Maybe\":"
		"{\"Name\":\"m\"},\"Words\":[\"x\",null,\"y\"],\"Dict\":{\"k\":\"v\",\"k2\":\"\"},"
		"\"Parts\":[{\"Name\":\"p\",\"N\":1},{\"Name\":\"q\",\"N\":\"no\"},null,"
		"{\"Name\":\"r\",\"N\":2}]}";

	for (size_t piece = 1; piece <= sizeof(text); piece++) {
		struct error err = ERROR_INIT;
		const struct thing *t;
		struct buf seen;
		struct shape_decoder *d;

		buf_init(&seen, MAX_BYTES);
		d = decode(str_from(text), piece, &t, &seen, &err);
		cr_assert_not_null(t, "%s", error_text(&err));
		assert_str(t->name, "a\xc3\xa9\n");
		cr_assert(t->flag);
		cr_assert_eq(t->n, -12);
		cr_assert_eq(t->at.sec, 1714557600);
		cr_assert_eq(t->at.nsec, 500000000);
		cr_assert_eq(t->part.n, 3);
		assert_str(t->maybe->name, "m");
		cr_assert_eq(t->words.n, 3);
		assert_str(((struct str *)t->words.v)[1], "");
		assert_str(((struct str *)t->words.v)[2], "y");
		cr_assert_eq(t->dict.n, 2);
		cr_assert_str_eq(buf_cstr(&seen),
			"p=1 !Parts.N: a string where a whole number belongs =0 r=2 ");
		shape_decoder_free(d);
		buf_release(&seen);
	}
}

Test(shape, finds_fields_as_go_does)
{
	struct error err = ERROR_INIT;
	const struct thing *t;
	struct buf seen;
	struct shape_decoder *d;

	buf_init(&seen, MAX_BYTES);
	/* Any case will do, also U+017F for s; of several the last one counts. */
	d = decode(STR("{\"nAmE\":\"a\",\"FLAG\":true,\"Word\xc5\xbf\":[\"w\"],\"Part\":{\"n\":1},"
		       "\"part\":{\"Name\":\"p\"},\"Words2\":1,\"NAME\":\"b\"}"),
		7, &t, &seen, &err);
	cr_assert_not_null(t);
	assert_str(t->name, "b");
	cr_assert(t->flag);
	cr_assert_eq(t->words.n, 1);
	cr_assert_eq(t->part.n, 1, "an object named twice is filled twice");
	assert_str(t->part.name, "p");
	shape_decoder_free(d);
	buf_release(&seen);
}

Test(shape, leaves_fields_alone_at_null)
{
	struct error err = ERROR_INIT;
	const struct thing *t;
	struct buf seen;
	struct shape_decoder *d;

	buf_init(&seen, MAX_BYTES);
	d = decode(STR("{\"Name\":\"a\",\"Name\":null,\"Flag\":null,\"N\":null,\"At\":null,"
		       "\"Maybe\":{\"N\":1},\"Maybe\":null,\"Words\":[\"x\"],\"Words\":null,"
		       "\"Part\":null,\"Dict\":{}}"),
		9, &t, &seen, &err);
	cr_assert_not_null(t);
	assert_str(t->name, "a");
	cr_assert_null(t->maybe);
	cr_assert_not(t->words.set);
	cr_assert(t->dict.set);
	cr_assert_not(t->at.set);
	shape_decoder_free(d);
	buf_release(&seen);
}

Test(shape, names_the_path_of_a_wrong_value)
{
	assert_error(STR("{\"Name\":5}"), "Name: a number where a string belongs");
	assert_error(STR("{\"Flag\":\"yes\"}"), "Flag: a string where true or false belongs");
	assert_error(STR("{\"N\":1.5}"), "N: the number 1.5 where a whole number belongs");
	assert_error(STR("{\"N\":1e2}"), "N: the number 1e2 where a whole number belongs");
	assert_error(STR("{\"N\":9223372036854775808}"),
		"N: the number 9223372036854775808 where a whole number belongs");
	assert_error(STR("{\"Words\":\"x\"}"), "Words: a string where an array belongs");
	assert_error(STR("{\"Words\":[\"x\",{}]}"), "Words[1]: an object where a string belongs");
	assert_error(STR("{\"Dict\":{\"a\\nb\":1}}"),
		"Dict.a?b: a number where a string belongs");
	assert_error(STR("{\"Part\":{\"N\":[]}}"), "Part.N: an array where a whole number belongs");
	assert_error(STR("{\"Maybe\":7}"), "Maybe: a number where an object belongs");
	assert_error(STR("{\"At\":\"yesterday\"}"), "At: no RFC 3339 time");
	assert_error(STR("[]"), "the document: an array where an object belongs");
	/* The first one counts, the rest is still read. */
	assert_error(STR("{\"Name\":5,\"N\":{}}"), "Name: a number where a string belongs");
}

Test(shape, refuses_what_is_no_json)
{
	struct error err = ERROR_INIT;
	static const char *const texts[] = {"", "{", "{\"Name\":}", "{\"Name\":\"a\"}}", "nul", "{]",
		"{\"Name\":\"\n\"}", "{\"N\":01}"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct thing *t;
		struct buf seen;
		struct shape_decoder *d;

		buf_init(&seen, MAX_BYTES);
		d = decode(str_from(texts[i]), 1, &t, &seen, &err);
		cr_assert_null(t, "%s was taken", texts[i]);
		cr_assert(error_is_set(&err));
		cr_assert_null(strchr(error_text(&err), '\n'));
		error_clear(&err);
		shape_decoder_free(d);
		buf_release(&seen);
	}
}

Test(shape, replaces_invalid_utf8_byte_by_byte)
{
	struct error err = ERROR_INIT;
	const struct thing *t;
	struct buf seen;
	struct shape_decoder *d;

	buf_init(&seen, MAX_BYTES);
	d = decode(STR("{\"Name\":\"a\xff\xc3(\xe2\x82\",\"Words\":[\"ok\"]}"), 3, &t, &seen, &err);
	cr_assert_not_null(t, "%s", error_text(&err));
	assert_str(t->name, "a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd");
	cr_assert_eq(t->words.n, 1);
	shape_decoder_free(d);
	buf_release(&seen);
}

/* before, then n times middle, then after. */
static struct buf repeated(const char *before, size_t n, const char *middle, const char *after)
{
	struct buf b;

	buf_init(&b, MAX_BYTES);
	buf_add_cstr(&b, before);
	for (size_t i = 0; i < n; i++)
		buf_add_cstr(&b, middle);
	buf_add_cstr(&b, after);
	cr_assert_not(b.full);
	return b;
}

Test(shape, caps_a_string)
{
	struct error err = ERROR_INIT;
	struct buf b = repeated("{\"Name\":\"", SHAPE_STRING_MAX, "a", "\"}"), seen;
	struct shape_decoder *d;
	const struct thing *t;

	buf_init(&seen, MAX_BYTES);
	d = decode(buf_str(&b), 4096, &t, &seen, &err);
	cr_assert_not_null(t);
	cr_assert_eq(t->name.len, SHAPE_STRING_MAX);
	shape_decoder_free(d);
	buf_release(&b);
	b = repeated("{\"Name\":\"", SHAPE_STRING_MAX + 1, "a", "\"}");
	assert_error(buf_str(&b), "Name: a string of 262145 bytes, the limit is 262144");
	buf_release(&b);
	buf_release(&seen);
}

Test(shape, caps_the_members_of_arrays_and_dicts)
{
	struct buf b = repeated("{\"Words\":[\"\"", SHAPE_MEMBERS_MAX, ",\"\"", "]}");

	assert_error(buf_str(&b), "Words[16383]: more than 16384 members");
	buf_release(&b);
	b = repeated("{\"Dict\":{\"a\":\"\"", SHAPE_MEMBERS_MAX, ",\"a\":\"\"", "}}");
	assert_error(buf_str(&b), "Dict.a: more than 16384 members");
	buf_release(&b);
}

Test(shape, caps_all_that_is_kept)
{
	struct buf word = repeated(",\"", SHAPE_STRING_MAX / 2, "a", "\"");
	struct buf b = repeated("{\"Words\":[\"\"", 20, buf_cstr(&word), "]}");

	assert_error(buf_str(&b), "Words[16]: more than 2097152 bytes in all");
	buf_release(&b);
	buf_release(&word);
}

Test(shape, caps_the_nesting)
{
	struct buf b = repeated("{\"X\":", SHAPE_DEPTH_MAX, "[", "");

	assert_error(buf_str(&b), "nested deeper than 512 levels");
	buf_release(&b);
}

Test(shape, caps_the_document)
{
	struct shape_decoder *d = shape_decoder_new(&shape_thing, NULL, NULL, 10);
	struct error err = ERROR_INIT;

	cr_assert(shape_decoder_feed(d, "{\"Name\":", 8, &err));
	cr_assert_not(shape_decoder_feed(d, "\"a\"}", 4, &err));
	cr_assert_str_eq(error_text(&err), "more than 10 bytes");
	error_clear(&err);
	shape_decoder_free(d);
}

Test(shape, keeps_one_member_of_a_long_list_at_a_time)
{
	/* Each member fills a good part of what may be kept, all together far more. */
	struct buf name = repeated("{\"Name\":\"", SHAPE_STRING_MAX / 2, "a", "\",\"N\":1},");
	struct buf b = repeated("{\"Parts\":[", 100, buf_cstr(&name), "{\"N\":2}]}"), seen;
	struct error err = ERROR_INIT;
	const struct thing *t;
	struct shape_decoder *d;

	buf_init(&seen, MAX_BYTES);
	d = decode(buf_str(&b), 65536, &t, &seen, &err);
	cr_assert_not_null(t, "%s", error_text(&err));
	cr_assert_eq(t->parts.n, 101);
	shape_decoder_free(d);
	buf_release(&seen);
	buf_release(&b);
	buf_release(&name);
}

Test(shape, reads_times_as_strictly_as_go)
{
	static const struct {
		const char *text;
		int64_t sec;
		int32_t nsec, offset;
	} good[] = {
		{"1970-01-01T00:00:00Z", 0, 0, 0},
		{"0001-01-01T00:00:00Z", -62135596800, 0, 0},
		{"2024-02-29T23:59:59.1+02:00", 1709243999, 100000000, 7200},
		{"9999-12-31T23:59:59.999999999Z", 253402300799, 999999999, 0},
		{"2015-06-08T15:07:01.1234567899-23:59", 1433862361, 123456789, -86340},
		{"0000-03-01T00:00:00Z", -62162035200, 0, 0},
	};
	static const char *const bad[] = {"", "yesterday", "2024-02-30T00:00:00Z",
		"2023-02-29T00:00:00Z", "2024-1-01T00:00:00Z", "2024-01-01 00:00:00Z",
		"2024-01-01T0:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
		"2024-01-01T00:00:60Z", "2024-01-01T00:00:00,5Z", "2024-01-01T00:00:00.Z",
		"2024-01-01T00:00:00", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+0100",
		"2024-01-01T00:00:00Zx", "2024-00-01T00:00:00Z", "2024-13-01T00:00:00Z",
		"2024-01-00T00:00:00Z"};

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct shape_time t;

		cr_assert(shape_time_parse(str_from(good[i].text), &t), "%s", good[i].text);
		cr_assert_eq(t.sec, good[i].sec, "%s: %lld", good[i].text, (long long)t.sec);
		cr_assert_eq(t.nsec, good[i].nsec);
		cr_assert_eq(t.offset, good[i].offset);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct shape_time t;

		cr_assert_not(shape_time_parse(str_from(bad[i]), &t), "%s", bad[i]);
	}
}
