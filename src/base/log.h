/* SPDX-License-Identifier: MIT
 *
 * Logging to stderr, as text or JSON lines. base, value, template and the protocol parsers never
 * log: they return errors; the room that decides what to do about one logs it, once.
 *
 * A line is a message and, in JSON, the fields given by log_event:
 *
 *	log_warn("%s: connection refused", endpoint);
 *	log_event(LOG_INFO, "applied", LOG_STR("output", name), LOG_INT("bytes", n));
 *
 * In text the fields follow the message as key=value.
 */
#ifndef UD_LOG_H
#define UD_LOG_H

#include "base/base.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
/* LOG_PLAIN is for commands that a person runs: the message after the program's name, no time. */
enum log_format { LOG_TEXT, LOG_JSON, LOG_PLAIN };

struct log_field {
	const char *key;
	const char *s;   /* a string, or NULL: then i counts */
	int64_t i;
	bool ms; /* i is nanoseconds, shown as milliseconds with one decimal */
};

#define LOG_STR(k, v) ((struct log_field){.key = (k), .s = (v)})
#define LOG_INT(k, v) ((struct log_field){.key = (k), .i = (int64_t)(v)})
#define LOG_MS(k, ns) ((struct log_field){.key = (k), .i = (ns), .ms = true})

void log_set_level(enum log_level level);
void log_set_format(enum log_format format);
enum log_format log_get_format(void);
/* Sends lines elsewhere (tests, fuzzers); NULL is stderr again. The line has no newline. */
void log_set_sink(void (*sink)(enum log_level level, const char *line));
bool log_enabled(enum log_level level);

void log_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A message with n fields. Strings from outside are escaped, so a line stays one line. */
void log_fields(enum log_level level, const char *msg, const struct log_field *fields, size_t n);

#define log_event(level, msg, ...)                                                                 \
	log_fields((level), (msg), (const struct log_field[]){__VA_ARGS__},                        \
		sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

#endif
