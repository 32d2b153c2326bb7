/* SPDX-License-Identifier: MIT
 *
 * Errors with a message for a person, see error.h.
 */
#include "config.h"

#include "base/error.h"

#include "base/alloc.h"

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
	char *text;

	if (err) {
		text = xvasprintf(fmt, ap);
		error_take(err, text, strlen(text));
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
	char *text = xmalloc(a.len + b.len + 1);

	memcpy(text, a.p, a.len);
	memcpy(text + a.len, b.p, b.len);
	text[a.len + b.len] = '\0';
	error_take(err, text, a.len + b.len);
}

bool error_prepend(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *context;

	if (!err)
		return false;
	va_start(ap, fmt);
	context = xvasprintf(fmt, ap);
	va_end(ap);
	error_join(err, str_from(context), err->text ? error_str(err) : STR(""));
	free(context);
	return false;
}

bool error_append(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *more;

	if (!err)
		return false;
	va_start(ap, fmt);
	more = xvasprintf(fmt, ap);
	va_end(ap);
	error_join(err, err->text ? error_str(err) : STR(""), str_from(more));
	free(more);
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
