/* SPDX-License-Identifier: MIT
 *
 * See rendering.h.
 */
#include "config.h"

#include "rendering.h"

#include "value/json_read.h"

#include <criterion/criterion.h>

void check_renders(const char *file, int line, const char *text, const char *data,
	const struct template_limits *limits, const char *want, const char *error)
{
	struct template_set *set = template_set_new();
	struct template_options options = {.env = {.head = 0}};
	struct error err = ERROR_INIT;
	struct value root;
	struct arena arena;
	struct buf out;
	bool ok;

	arena_init(&arena);
	buf_init(&out, 1 << 20);
	if (limits)
		options.limits = *limits;
	cr_assert(json_read(&arena, str_from(data), &root, &err), "%s:%d: data: %s", file, line,
		error_text(&err));
	ok = template_parse(set, "t", str_from(text), &err) &&
	     template_render(set, STR("t"), root, &options, &out, &err);
	if (error) {
		cr_assert(!ok, "%s:%d: %s gives no error but %s", file, line, text, buf_cstr(&out));
		cr_assert_str_eq(error_text(&err), error, "%s:%d: %s gives the error\n%s\nnot\n%s",
			file, line, text, error_text(&err), error);
	} else {
		cr_assert(ok, "%s:%d: %s gives the error %s", file, line, text, error_text(&err));
	}
	if (want)
		cr_assert_str_eq(buf_cstr(&out), want, "%s:%d: %s gives\n%s\nnot\n%s", file, line,
			text, buf_cstr(&out), want);
	error_clear(&err);
	buf_release(&out);
	arena_release(&arena);
	template_set_free(set);
}
