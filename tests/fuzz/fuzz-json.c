/* SPDX-License-Identifier: MIT
 *
 * JSON from arbitrary bytes. What was read reads back from what is written of it, in each style,
 * and is then written the same; so does a string of the bytes themselves.
 */
#include "config.h"

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "template/json_write.h"
#include "value/json_read.h"

#define OUT_MAX ((size_t)4 << 20)

static const struct json_style styles[] = {
	{.escape_html = true},
	{.escape_html = false},
	{.indent = "  ", .escape_html = true},
};

static struct arena arena;
static struct buf out, again;

/* Writes v and reads it back; whether that was possible, and what came of it. */
static bool write_and_read(struct value v, const struct json_style *style, struct value *ret)
{
	struct error err = ERROR_INIT;

	buf_clear(&out);
	if (!json_write(&out, &arena, v, style, &err) || out.full) {
		error_clear(&err);
		return false;
	}
	FUZZ_CHECK(utf8_valid(buf_str(&out)));
	FUZZ_CHECK(json_read(&arena, buf_str(&out), ret, &err));
	return true;
}

static void check_value(struct value v, const struct json_style *style)
{
	struct value back;

	if (!write_and_read(v, style, &back))
		return;
	buf_clear(&again);
	FUZZ_CHECK(json_write(&again, &arena, back, style, NULL));
	FUZZ_CHECK(str_eq(buf_str(&out), buf_str(&again)));
}

/* Bytes that are no UTF-8 are replaced, and nothing else. */
static void check_string(struct str s, const struct json_style *style)
{
	struct value back;

	if (write_and_read(value_str(s), style, &back) && utf8_valid(s))
		FUZZ_CHECK(str_eq(value_as_str(back), s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_n((const char *)data, size);
	struct error err = ERROR_INIT;
	struct value v = VALUE_NONE;

	arena_init(&arena);
	buf_init(&out, OUT_MAX);
	buf_init(&again, OUT_MAX);
	FUZZ_CHECK(json_read(&arena, text, &v, &err) != error_is_set(&err));
	for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
		if (!value_is_none(v))
			check_value(v, &styles[i]);
		check_string(text, &styles[i]);
	}
	error_clear(&err);
	buf_release(&again);
	buf_release(&out);
	arena_release(&arena);
	return 0;
}
