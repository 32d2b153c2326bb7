/* SPDX-License-Identifier: MIT
 *
 * Logging, see log.h. A line is built whole and written by one write(2), so that lines of several
 * processes do not mix. Text goes out with a systemd priority prefix when stderr is the journal.
 */
#include "config.h"

#include "base/log.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Bytes that one string may take; the rest of it is left out. */
#define LOG_STRING_MAX ((size_t)8 * 1024)
/* Far more than a message and its fields can be. */
#define LOG_LINE_MAX ((size_t)1024 * 1024)

static enum log_level log_threshold = LOG_INFO;
static enum log_format log_format = LOG_TEXT;
static void (*log_sink)(enum log_level level, const char *line);

static const char *const level_names[] = {"error", "warn", "info", "debug"};

void log_set_level(enum log_level level)
{
	log_threshold = level;
}

void log_set_format(enum log_format format)
{
	log_format = format;
}

enum log_format log_get_format(void)
{
	return log_format;
}

void log_set_sink(void (*sink)(enum log_level level, const char *line))
{
	log_sink = sink;
}

bool log_enabled(enum log_level level)
{
	return level <= log_threshold;
}

static void add_timestamp(struct buf *b)
{
	int64_t now = clock_real_ns();
	time_t s = (time_t)(now / NS_PER_S);
	struct tm tm;
	char text[32];

	gmtime_r(&s, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_add_fmt(b, "%s.%03dZ", text, (int)(now % NS_PER_S / NS_PER_MS));
}

/* Control characters and bytes that are not UTF-8 never reach a terminal or break a line. */
static void add_escaped(struct buf *b, const char *s, bool json)
{
	struct str rest = str_from(s);
	size_t end = b->len + LOG_STRING_MAX;

	while (rest.len) {
		size_t width;
		uint32_t rune = utf8_decode(rest, &width);

		if (json && (rune == '"' || rune == '\\'))
			buf_add_fmt(b, "\\%c", (char)rune);
		else if (rune == '\n')
			buf_add_cstr(b, "\\n");
		else if (rune < 0x20 || (rune >= 0x7f && rune < 0xa0))
			buf_add_fmt(b, json ? "\\u%04x" : "\\x%02x", rune);
		else if (rune == RUNE_ERROR && width == 1)
			buf_add_cstr(b, json ? "\\ufffd" : "\xef\xbf\xbd");
		else
			buf_add(b, rest.p, width);
		rest = str_n(rest.p + width, rest.len - width);
		if (b->len >= end && rest.len) {
			buf_add_cstr(b, "...");
			return;
		}
	}
}

static void add_text_field(struct buf *b, const struct log_field *f)
{
	buf_add_fmt(b, " %s=", f->key);
	if (!f->s && f->ms)
		buf_add_fmt(b, "%.1fms", (double)f->i / NS_PER_MS);
	else if (!f->s)
		buf_add_fmt(b, "%" PRId64, f->i);
	else if (*f->s && !strpbrk(f->s, " \t\n\"="))
		add_escaped(b, f->s, false);
	else {
		buf_add_char(b, '"');
		add_escaped(b, f->s, true);
		buf_add_char(b, '"');
	}
}

static void add_json_field(struct buf *b, const struct log_field *f)
{
	buf_add_fmt(b, ",\"%s\":", f->key);
	if (!f->s && f->ms)
		buf_add_fmt(b, "%.3f", (double)f->i / NS_PER_MS);
	else if (!f->s)
		buf_add_fmt(b, "%" PRId64, f->i);
	else {
		buf_add_char(b, '"');
		add_escaped(b, f->s, true);
		buf_add_char(b, '"');
	}
}

static void add_json_line(struct buf *b, enum log_level level, const char *msg,
	const struct log_field *fields, size_t n)
{
	buf_add_cstr(b, "{\"time\":\"");
	add_timestamp(b);
	buf_add_fmt(b, "\",\"level\":\"%s\",\"msg\":\"", level_names[level]);
	add_escaped(b, msg, true);
	buf_add_char(b, '"');
	for (size_t i = 0; i < n; i++)
		add_json_field(b, &fields[i]);
	buf_add_char(b, '}');
}

/* "upstreamd: warning: …"; what is for information has no word before it. */
static void add_plain_head(struct buf *b, enum log_level level)
{
	static const char *const words[] = {"error: ", "warning: ", "", "debug: "};

	buf_add_fmt(b, PACKAGE_NAME ": %s", words[level]);
}

/* sd-daemon(3): "<N>" in front of a line is its priority in the journal. */
static void add_text_line(struct buf *b, enum log_level level, const char *msg,
	const struct log_field *fields, size_t n)
{
	static const char *const priority[] = {"<3>", "<4>", "<6>", "<7>"};

	if (log_format == LOG_PLAIN) {
		add_plain_head(b, level);
	} else if (!log_sink && getenv("JOURNAL_STREAM")) {
		buf_add_cstr(b, priority[level]);
	} else {
		add_timestamp(b);
		buf_add_fmt(b, " %-5s ", level_names[level]);
	}
	add_escaped(b, msg, false);
	for (size_t i = 0; i < n; i++)
		add_text_field(b, &fields[i]);
}

static void write_line(struct buf *b)
{
	size_t done = 0;

	while (done < b->len) {
		ssize_t n = write(STDERR_FILENO, b->data + done, b->len - done);

		if (n <= 0)
			return;
		done += (size_t)n;
	}
}

void log_fields(enum log_level level, const char *msg, const struct log_field *fields, size_t n)
{
	struct buf b;

	if (!log_enabled(level))
		return;
	buf_init(&b, LOG_LINE_MAX);
	if (log_format == LOG_JSON)
		add_json_line(&b, level, msg, fields, n);
	else
		add_text_line(&b, level, msg, fields, n);
	if (log_sink) {
		log_sink(level, buf_cstr(&b));
	} else {
		buf_add_char(&b, '\n');
		write_line(&b);
	}
	buf_release(&b);
}

static void log_vmsg(enum log_level level, const char *fmt, va_list ap)
{
	char *msg;

	if (!log_enabled(level))
		return;
	msg = xvasprintf(fmt, ap);
	log_fields(level, msg, NULL, 0);
	free(msg);
}

#define LOG_FUNCTION(name, level)                                                                  \
	void name(const char *fmt, ...)                                                            \
	{                                                                                          \
		va_list ap;                                                                        \
                                                                                                   \
		va_start(ap, fmt);                                                                 \
		log_vmsg(level, fmt, ap);                                                          \
		va_end(ap);                                                                        \
	}

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warn, LOG_WARN)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
