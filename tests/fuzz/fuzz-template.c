/* SPDX-License-Identifier: MIT
 *
 * Templates: the input is the text of one. What parses is rendered over a fixed data set, with
 * limits low enough for a fuzzer, twice: both runs must give the same (unless printf may have shown
 * an address), and errors have a place. Functions that are slow by design are left out. The linker
 * puts the clocks below in place of the real ones: a date function that is given no date takes
 * the present.
 */
#include "config.h"

#include "fuzz/fuzz.h"

#include "base/clock.h"
#include "template/template.h"
#include "value/json_read.h"

#include <string.h>

#define OUT_MAX ((size_t)1 << 18)

static const char data_json[] =
	"{\"s\":\"str\",\"i\":3,\"f\":2.5,\"t\":true,\"n\":null,\"l\":[\"p\",\"q\",[1,2],null,{"
	"\"x\":"
	"\"y\"}],\"e\":[],\"m\":{\"b\":2,\"a\":1,\"c\":{\"d\":{\"e\":\"deep\"}}},\"em\":{},"
	"\"objs\":[{\"n\":\"one\",\"v\":1},{\"n\":\"two\",\"v\":2}]}";

int64_t __wrap_clock_real_ns(void);
int64_t __wrap_clock_mono_ns(void);

int64_t __wrap_clock_real_ns(void)
{
	return INT64_C(1700000000123456789);
}

int64_t __wrap_clock_mono_ns(void)
{
	return NS_PER_S;
}

struct outcome {
	struct buf out;
	struct error err;
	bool ok;
};

static struct value make_data(struct arena *a)
{
	struct error err = ERROR_INIT;
	struct value v;

	FUZZ_CHECK(json_read(a, str_from(data_json), &v, &err));
	return v;
}

static void render(const struct template_set *set, struct outcome *o)
{
	struct template_options options = {.sandbox = true,
		.limits = {.depth = 1000, .steps = 20000, .memory = 16 << 20, .string = 1 << 18}};
	struct arena arena;

	arena_init(&arena);
	buf_init(&o->out, OUT_MAX);
	o->err = (struct error)ERROR_INIT;
	o->ok = template_render(set, STR("t"), make_data(&arena), &options, &o->out, &o->err);
	arena_release(&arena);
	FUZZ_CHECK(o->out.len <= OUT_MAX);
	FUZZ_CHECK(o->ok != error_is_set(&o->err));
	FUZZ_CHECK(o->ok || strncmp(error_text(&o->err), "template: t:", 12) == 0);
}

static void release(struct outcome *o)
{
	buf_release(&o->out);
	error_clear(&o->err);
}

static void render_twice(const struct template_set *set, struct str text)
{
	struct outcome a, b;

	render(set, &a);
	render(set, &b);
	if (!template_set_traits(set).varies && str_chr(text, '%') < 0) {
		FUZZ_CHECK(a.ok == b.ok);
		FUZZ_CHECK(str_eq(buf_str(&a.out), buf_str(&b.out)));
		FUZZ_CHECK(strcmp(error_text(&a.err), error_text(&b.err)) == 0);
	}
	release(&a);
	release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_n((const char *)data, size);
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;

	if (!template_parse(set, "t", text, &err))
		FUZZ_CHECK(strncmp(error_text(&err), "template: t:", 12) == 0);
	else if (!template_set_traits(set).slow)
		render_twice(set, text);
	error_clear(&err);
	template_set_free(set);
	return 0;
}
