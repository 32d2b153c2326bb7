/* SPDX-License-Identifier: MIT
 *
 * Errors with a message for a person, see error.h.
 */
#include "config.h"

#include "base/error.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static void error_take(struct error *err, char *text)
{
	free(err->text);
	err->text = text;
}

bool error_vset(struct error *err, const char *fmt, va_list ap)
{
	if (err)
		error_take(err, xvasprintf(fmt, ap));
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

bool error_prepend(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *context;

	if (!err)
		return false;
	va_start(ap, fmt);
	context = xvasprintf(fmt, ap);
	va_end(ap);
	error_take(err, xasprintf("%s%s", context, err->text ? err->text : ""));
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
	error_take(err, xasprintf("%s%s", err->text ? err->text : "", more));
	free(more);
	return false;
}

bool error_move(struct error *to, struct error *from)
{
	if (to) {
		error_take(to, from->text);
		from->text = NULL;
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

void error_clear(struct error *err)
{
	if (err)
		error_take(err, NULL);
}
