/* SPDX-License-Identifier: MIT
 *
 * An error with a message for a person. Calling sequence:
 *
 *	struct error err = ERROR_INIT;
 *	if (!file_read(path, MAX, &buf, &err)) {
 *		log_error("%s", error_text(&err));
 *		error_clear(&err);
 *	}
 *
 * The room that finds the fact writes the message; callers on the way up put context before it
 * ("web.tmpl:12: …"). The room that decides what to do logs it, once. A NULL err is allowed
 * wherever a struct error * is taken: the message is dropped.
 */
#ifndef UD_ERROR_H
#define UD_ERROR_H

#include "base/base.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdbool.h>

struct error {
	char *text; /* owned, NUL-terminated; NULL while there is no error */
	size_t len; /* of text, which may have NULs when it quotes hostile input */
};

#define ERROR_INIT {.text = NULL}

/* Sets the message (an earlier one is replaced) and returns false, for `return error_set(…)`. */
bool error_set(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool error_vset(struct error *err, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
/* The same with a text that is taken as it is, NULs too. */
bool error_set_str(struct error *err, struct str text);
/* As error_set, followed by ": " and the text of errno value code. */
bool error_errno(struct error *err, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Puts context before the message; returns false. */
bool error_prepend(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Adds to the end of the message; returns false. */
bool error_append(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Moves the message of from to to; from is empty afterwards. Returns false. */
bool error_move(struct error *to, struct error *from);
bool error_is_set(const struct error *err);
/* The message, "no error" if there is none. Borrowed. */
const char *error_text(const struct error *err);
/* The same with its length. */
struct str error_str(const struct error *err);
void error_clear(struct error *err);

#endif
