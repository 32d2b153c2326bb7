/* SPDX-License-Identifier: MIT
 *
 * The recordings, see capture.h.
 */
#include "config.h"

#include "unit/model/capture.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "engine/http.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)4 << 20)

struct buf read_capture(const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path = xasprintf("%s/tests/captures/%s", top ? top : ".", name);
	struct error err = ERROR_INIT;
	struct buf b;

	buf_init(&b, 2 * FILE_MAX);
	cr_assert(file_read(path, FILE_MAX, &b, &err), "%s", error_text(&err));
	free(path);
	return b;
}

static void http_on_body(struct str bytes, void *arg)
{
	buf_add_str(arg, bytes);
}

static void http_on_head(const struct http_head *head, void *arg)
{
	cr_assert_eq(head->status, 200);
}

static void http_on_done(void *arg) {}

struct buf capture_body(const char *name)
{
	static const struct http_handlers handlers = {
		.on_head = http_on_head, .on_body = http_on_body, .on_done = http_on_done};
	struct buf raw = read_capture(name), body;
	struct error err = ERROR_INIT;
	struct http_parser p;
	size_t used;

	buf_init(&body, FILE_MAX);
	http_init(&p, &handlers, &body);
	http_expect(&p, HTTP_EXPECT_BODY, FILE_MAX);
	cr_assert(http_feed(&p, buf_str(&raw), &used, &err), "%s: %s", name, error_text(&err));
	http_release(&p);
	buf_release(&raw);
	return body;
}
