/* SPDX-License-Identifier: MIT
 *
 * The line reader in front of inih, see ini.h. inih asks for one line at a time (reader_on_line)
 * and calls back with key and value (reader_on_pair); in between it is told only lines that it
 * reads as they stand: a `[section]` line, or `key = value` from the first column. Everything
 * else reaches it as an empty line.
 *
 * Invariant: while inih works on a key line, key and value of the reader are what it must find.
 */
#include "config.h"

#include "config/ini.h"

#include "base/error.h"

#include <ini.h>

/* What is on a line, as far as inih has to know. */
enum line_kind { LINE_NONE, LINE_SECTION, LINE_KEY };

struct reader {
	struct str rest; /* what was not read yet */
	const struct ini_events *events;
	void *arg;
	unsigned line;
	struct str section;    /* the current one, p is NULL when its header was wrong */
	struct str key, value; /* of a key line that inih has not given back yet */
	bool pending;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A control character other than tab: an editor shows none of them. */
static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f)
			return true;
	return false;
}

/* The first c after white space, -1 if there is none. */
static ssize_t find_after_blank(struct str s, char c)
{
	for (size_t i = 1; i < s.len; i++)
		if (s.p[i] == c && is_blank(s.p[i - 1]))
			return (ssize_t)i;
	return -1;
}

/* Where inih would take the rest for a comment, and where people would. */
static bool check_comment(struct str line, struct error *err)
{
	if (find_after_blank(line, ';') >= 0)
		return error_set(err,
			"' ;' inside a line: it would start a comment; put comments on lines of "
			"their own, and no space before a ';' that is meant");
	if (find_after_blank(line, '#') >= 0)
		return error_set(err, "' #' inside a line: comments stand on lines of their own");
	return true;
}

/* What holds for section and key lines alike. */
static bool check_line(struct str line, struct error *err)
{
	if (line.len > INI_LINE_MAX)
		return error_set(err, "the line has %zu bytes, at most %d are possible", line.len,
			INI_LINE_MAX);
	if (has_control(line))
		return error_set(err, "the line has a control character");
	if (is_blank(line.p[0]))
		return error_set(err,
			"the line is indented; keys and sections start in the first column "
			"(a list is the same key on several lines)");
	return check_comment(line, err);
}

/* section: '[' name ']' */
static bool parse_section(struct str line, struct str *ret_section, struct error *err)
{
	struct str name;

	if (!str_has_suffix(line, STR("]")))
		return error_set(err, "a section line must end with ']'");
	name = str_trim(str_sub(line, 1, line.len - 1));
	if (name.len == 0)
		return error_set(err, "a section without a name");
	if (name.len > INI_NAME_MAX)
		return error_set(err, "the section name has %zu bytes, at most %d are possible",
			name.len, INI_NAME_MAX);
	if (str_chr(name, '[') >= 0 || str_chr(name, ']') >= 0)
		return error_set(err, "a bracket inside a section name");
	*ret_section = name;
	return true;
}

/* key: name '=' value */
static bool parse_key(
	struct str line, struct str *ret_key, struct str *ret_value, struct error *err)
{
	struct str key, value;
	ssize_t colon = str_chr(line, ':');

	if (!str_cut(line, '=', &key, &value) || (colon >= 0 && (size_t)colon < key.len))
		return error_set(
			err, "not understood; expected key = value, [section] or a comment");
	key = str_trim(key);
	if (key.len == 0)
		return error_set(err, "no key before '='");
	if (key.len > INI_NAME_MAX)
		return error_set(err, "the key has %zu bytes, at most %d are possible", key.len,
			INI_NAME_MAX);
	value = str_trim(value);
	if (value.len && (value.p[0] == ';' || value.p[0] == '#'))
		return error_set(
			err, "the value starts with '%c', which starts comments", value.p[0]);
	*ret_key = key;
	*ret_value = value;
	return true;
}

static void report(struct reader *r, struct error *err)
{
	r->events->on_error(r->arg, r->line, error_text(err));
	error_clear(err);
}

/* line starts with a bracket; what is wrong with it ends the section above all the same. */
static void read_section(struct reader *r, struct str line, struct error *err)
{
	r->section = (struct str){NULL, 0};
	if (!check_line(line, err) || !parse_section(str_trim(line), &r->section, err))
		report(r, err);
	r->events->on_section(r->arg, r->line, r->section);
}

/* Takes one line in (its end removed) and reports what is wrong with it. */
static enum line_kind read_line(struct reader *r, struct str line)
{
	struct str text = str_trim(line);
	struct error err = ERROR_INIT;

	if (str_chr(line, '\0') >= 0) {
		error_set(&err, "the line has a NUL byte; the file must be plain text");
		report(r, &err);
		return LINE_NONE;
	}
	if (text.len == 0 || text.p[0] == ';' || text.p[0] == '#')
		return LINE_NONE;
	if (text.p[0] == '[') {
		read_section(r, line, &err);
		return r->section.p ? LINE_SECTION : LINE_NONE;
	}
	if (!check_line(line, &err) || !parse_key(text, &r->key, &r->value, &err)) {
		report(r, &err);
		return LINE_NONE;
	}
	r->pending = true;
	return LINE_KEY;
}

/* inih gave no pair for a key line: it read something else there. */
static void check_pending(struct reader *r)
{
	if (r->pending)
		r->events->on_error(r->arg, r->line, "cannot be read as key = value");
	r->pending = false;
}

static struct str next_line(struct reader *r)
{
	struct str line;

	str_cut(r->rest, '\n', &line, &r->rest);
	if (str_has_suffix(line, STR("\r")))
		line.len--;
	r->line++;
	return line;
}

/* inih asks for the next line as fgets would give it: at most size - 1 bytes, then a NUL. */
static char *reader_on_line(char *out, int size, void *stream)
{
	struct reader *r = stream;
	enum line_kind kind;
	struct str line;
	size_t len = 0;

	check_pending(r);
	if (r->rest.len == 0 || size < 2)
		return NULL;
	line = next_line(r);
	kind = read_line(r, line);
	if (kind != LINE_NONE && line.len + 2 > (size_t)size) {
		r->events->on_error(r->arg, r->line, "the line is too long for this build of inih");
		r->pending = false;
	} else if (kind != LINE_NONE) {
		len = line.len;
		memcpy(out, line.p, len);
	}
	out[len] = '\n';
	out[len + 1] = '\0';
	return out;
}

/* inih found a pair; it counts when it is what the line says. Always 1: go on. */
static int reader_on_pair(void *arg, const char *section UNUSED, const char *key, const char *value)
{
	struct reader *r = arg;

	if (!key || !value || !r->pending)
		return 1;
	if (!str_eqz(r->key, key) || !str_eqz(r->value, value))
		return 1;
	r->pending = false;
	r->events->on_key(r->arg, r->line, key, value);
	return 1;
}

/* Appends key, equals and value as a line if that reads back to value. */
static bool print_line(struct str key, const char *equals, struct str value, struct buf *out)
{
	size_t before = out->len;
	struct str line;

	buf_add_fmt(out, "%.*s%s%.*s", STR_ARG(key), equals, STR_ARG(value));
	line = str_sub(buf_str(out), before, out->len);
	if (!check_line(line, NULL) || !str_eq(str_trim(value), value)) {
		out->len = before;
		return false;
	}
	buf_add_char(out, '\n');
	return true;
}

bool ini_print(struct str key, struct str value, struct buf *out)
{
	return print_line(key, " = ", value, out) || print_line(key, "=", value, out);
}

void ini_read(struct str text, const struct ini_events *events, void *arg)
{
	struct reader r = {.rest = text, .events = events, .arg = arg, .section = STR_INIT("")};

	if (str_has_prefix(text, STR("\xff\xfe")) || str_has_prefix(text, STR("\xfe\xff"))) {
		events->on_error(arg, 1, "the file is UTF-16; save it as UTF-8");
		return;
	}
	if (str_has_prefix(text, STR("\xef\xbb\xbf")))
		r.rest = str_sub(text, 3, text.len);
	if (ini_parse_stream(reader_on_line, &r, reader_on_pair, &r) < 0)
		events->on_error(arg, r.line, "inih ran out of memory");
}
