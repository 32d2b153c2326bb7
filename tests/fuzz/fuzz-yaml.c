/* SPDX-License-Identifier: MIT
 *
 * YAML from arbitrary bytes. What was read is written, the same each time; the bytes themselves,
 * as a string of one line, read back from what is written of them.
 */
#include "config.h"

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "template/yaml/yaml_read.h"
#include "template/yaml/yaml_write.h"

#define OUT_MAX	    ((size_t)1 << 20)
#define SCRATCH_MAX ((size_t)64 << 20)

static struct arena arena;
static struct buf out, again, scratch;

static void check_written(struct value v)
{
	buf_clear(&out);
	buf_clear(&again);
	if (!yaml_write(&out, &scratch, &arena, v, NULL))
		return;
	FUZZ_CHECK(yaml_write(&again, &scratch, &arena, v, NULL));
	FUZZ_CHECK(str_eq(buf_str(&out), buf_str(&again)));
}

/* Whether s has a character that ends a line for YAML. */
static bool has_break(struct str s)
{
	return str_chr(s, '\n') >= 0 || str_chr(s, '\r') >= 0 ||
	       str_find(s, STR("\xc2\x85")) >= 0 || str_find(s, STR("\xe2\x80\xa8")) >= 0 ||
	       str_find(s, STR("\xe2\x80\xa9")) >= 0;
}

static void check_string(struct str s)
{
	struct value v;

	if (!utf8_valid(s) || has_break(s))
		return;
	check_written(value_str(s));
	if (out.full)
		return;
	buf_clear(&scratch);
	FUZZ_CHECK(yaml_read(&arena, &scratch, buf_str(&out), &v, NULL) == YAML_READ_OK);
	FUZZ_CHECK(value_type(v) == &type_string && str_eq(value_as_str(v), s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_n((const char *)data, size);
	struct error err = ERROR_INIT;
	struct value v = value_nil();

	arena_init(&arena);
	buf_init(&out, OUT_MAX);
	buf_init(&again, OUT_MAX);
	buf_init(&scratch, SCRATCH_MAX);
	FUZZ_CHECK((yaml_read(&arena, &scratch, text, &v, &err) == YAML_READ_OK) !=
		   error_is_set(&err));
	check_written(v);
	check_string(text);
	error_clear(&err);
	buf_release(&scratch);
	buf_release(&again);
	buf_release(&out);
	arena_release(&arena);
	return 0;
}
