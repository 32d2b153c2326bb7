/* SPDX-License-Identifier: MIT
 *
 * Errors with a message for a person, see error.h.
 */
#include "config.h"

#include "base/error.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

static void error_take(struct error *err, char *text, size_t len)
{
	free(err->text);
	err->text = text;
	err->len = len;
}

bool error_vset(struct error *err, const char *fmt, va_list ap)
{
	struct buf b;
	char *text;
	size_t len;

	if (err) {
		buf_init(&b, SIZE_MAX);
		buf_add_vfmt(&b, fmt, ap);
		text = buf_take(&b, &len);
		error_take(err, text, len);
	}
	return false;
}

bool error_set_str(struct error *err, struct str text)
{
	if (err)
		error_take(err, xmemdup0(text.p, text.len), text.len);
	return false;
}

bool error_set(struct error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(err, fmt, ap);
	va_end(ap);
	return false;
}

bool error_errno(struct error *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(err, fmt, ap);
	va_end(ap);
	return error_append(err, ": %s", strerror(code));
}

/* Makes the message a and then b. */
static void error_join(struct error *err, struct str a, struct str b)
{
	struct buf both;
	char *text;
	size_t len;

	buf_init(&both, SIZE_MAX);
	buf_add_str(&both, a);
	buf_add_str(&both, b);
	text = buf_take(&both, &len);
	error_take(err, text, len);
}

bool error_prepend(struct error *err, const char *fmt, ...)
{
	struct buf context;
	va_list ap;

	if (!err)
		return false;
	buf_init(&context, SIZE_MAX);
	va_start(ap, fmt);
	buf_add_vfmt(&context, fmt, ap);
	va_end(ap);
	error_join(err, buf_str(&context), err->text ? error_str(err) : STR(""));
	buf_release(&context);
	return false;
}

bool error_append(struct error *err, const char *fmt, ...)
{
	struct buf more;
	va_list ap;

	if (!err)
		return false;
	buf_init(&more, SIZE_MAX);
	va_start(ap, fmt);
	buf_add_vfmt(&more, fmt, ap);
	va_end(ap);
	error_join(err, err->text ? error_str(err) : STR(""), buf_str(&more));
	buf_release(&more);
	return false;
}

bool error_move(struct error *to, struct error *from)
{
	if (to) {
		error_take(to, from->text, from->len);
		from->text = NULL;
		from->len = 0;
	} else {
		error_clear(from);
	}
	return false;
}

bool error_is_set(const struct error *err)
{
	return err->text;
}

const char *error_text(const struct error *err)
{
	return err->text ? err->text : "no error";
}

struct str error_str(const struct error *err)
{
	return err->text ? str_n(err->text, err->len) : str_from(error_text(err));
}

void error_clear(struct error *err)
{
	if (err)
		error_take(err, NULL, 0);
}
