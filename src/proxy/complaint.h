/* SPDX-License-Identifier: MIT
 *
 * Reading what a checker or reloader says, for people.
 */
#ifndef UD_COMPLAINT_H
#define UD_COMPLAINT_H

#include "base/base.h"
#include "base/str.h"

#define COMPLAINT_LINE_MAX ((size_t)400) /* bytes */

/* The line of output that says what is wrong: the first one marked [emerg], [alert], [crit] or
 * [error], else the first with a word such as "error" or "fatal", else the last one that is not
 * blank. Trimmed, at most COMPLAINT_LINE_MAX bytes, without the times and process ids that nginx
 * and HAProxy put before it. Owned by the caller; NULL if there is none. */
char *complaint_line(struct str output);
/* text with every from replaced by to. Owned by the caller. */
char *complaint_rename(struct str text, const char *from, const char *to);

#endif
