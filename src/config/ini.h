/* SPDX-License-Identifier: MIT
 *
 * Reads the text of an ini file line by line:
 *
 *      static const struct ini_events events = {on_section, on_key, on_error};
 *      ini_read(text, &events, arg);
 *
 * The file is `[section]` lines and `key = value` lines, each starting in its first column; blank
 * lines; and comment lines whose first character after white space is `;` or `#`. Lines end with
 * LF or CR LF; a UTF-8 byte-order mark in front of the file is skipped.
 *
 * inih splits key from value. What inih would read differently from what stands there (a line
 * longer than its buffer, an indented line, ` ;` inside a line, `key: value`, text after a
 * section's bracket) is an error here, and what inih hands back is compared with the line.
 */
#ifndef UD_INI_H
#define UD_INI_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#define INI_LINE_MAX 197 /* bytes without the line end; inih's buffer holds 200 */
#define INI_NAME_MAX 49  /* bytes of a section or key; inih's buffers hold 50 */

struct ini_events {
	/* A section starts; section is what stands between the brackets, trimmed, borrowed. After a
	 * header that cannot be read section.p is NULL: the keys that follow belong nowhere. */
	void (*on_section)(void *arg, unsigned line, struct str section);
	/* Neither string has white space around it; value may be empty. Borrowed. */
	void (*on_key)(void *arg, unsigned line, const char *key, const char *value);
	/* line is wrong and is left out; the message has no file and line. Borrowed. */
	void (*on_error)(void *arg, unsigned line, const char *message);
};

/* Calls events in the order of the lines, counted from 1. */
void ini_read(struct str text, const struct ini_events *events, void *arg);
/* Appends `key = value` as a line (without the spaces if it has no room for them). false: no line
 * could give back this value (not empty), and nothing is appended. */
bool ini_print(struct str key, struct str value, struct buf *out);

#endif
