/* SPDX-License-Identifier: MIT
 *
 * The errors of one file while it is read: found in any order, given out by line, at most
 * CONFIG_ERRORS_MAX of them.
 */
#ifndef UD_CONFIG_PROBLEMS_H
#define UD_CONFIG_PROBLEMS_H

#include "base/base.h"
#include "base/vec.h"
#include "config/config.h"

struct problem {
	unsigned line; /* 0: of the file as a whole */
	size_t order;  /* of finding, for problems of one line */
	char *text;
};

struct problems {
	const char *path; /* borrowed */
	VEC(struct problem) list;
	size_t dropped;
};

void problems_init(struct problems *p, const char *path);
void problems_release(struct problems *p);
/* section is the label in front ("[output web] dest"), NULL if there is none. */
void problem_add(struct problems *p, unsigned line, const char *where, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* Appends all to errors by line as "PATH:LINE: where: text". */
void problems_report(struct problems *p, struct config_errors *errors);

#endif
