/* SPDX-License-Identifier: MIT
 *
 * The scalar types of keys.def, see types.h; paths, lists and commands are in types_text.c. Each
 * type is three small functions and a row; a refused value is named with what was expected.
 */
#include "config.h"

#include "config/types.h"

#include "config/config.h"
#include "config/duration.h"

#include <inttypes.h>

#define MODE_MAX 0777

bool type_refuse(const struct key *key, struct str text, const char *what, struct error *err)
{
	error_set(err, "\"%.*s\" is %s", STR_ARG(text), what);
	return key_expected(key, err);
}

static bool in_limits(const struct key *key, int64_t v)
{
	return key->max == 0 || (v >= key->min && v <= key->max);
}

static void begin_line(const struct key *key, struct buf *out)
{
	buf_add_fmt(out, "%s = ", key->name);
}

/* --- yes and no ------------------------------------------------------------------ */

static bool bool_parse(const struct key *key, struct str text, const struct key_place *place UNUSED,
	void *field, struct error *err)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq_nocase(text, str_from(words[i]))) {
			*(bool *)field = i % 2;
			return true;
		}
	}
	return type_refuse(key, text, "neither yes nor no", err);
}

static void bool_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	begin_line(key, out);
	buf_add_cstr(out, *(const bool *)field ? "yes\n" : "no\n");
}

const struct key_type key_type_BOOL = {
	.parse = bool_parse, .print = bool_print, .expected = "yes or no"};

/* --- a whole number ---------------------------------------------------------------- */

static bool number_parse(const struct key *key, struct str text,
	const struct key_place *place UNUSED, void *field, struct error *err)
{
	uint64_t v;

	if (!str_to_u64(text, UINT32_MAX, &v))
		return type_refuse(key, text, "not a whole number", err);
	if (!in_limits(key, (int64_t)v))
		return type_refuse(key, text, "out of range", err);
	*(unsigned *)field = (unsigned)v;
	return true;
}

static void number_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	begin_line(key, out);
	buf_add_fmt(out, "%u\n", *(const unsigned *)field);
}

static void number_add_limit(int64_t limit, struct buf *out)
{
	buf_add_fmt(out, "%" PRId64, limit);
}

const struct key_type key_type_NUMBER = {.parse = number_parse,
	.print = number_print,
	.add_limit = number_add_limit,
	.expected = "a whole number"};

/* --- one of some words: an enum whose values are the words' places ------------------ */

static bool enum_parse(const struct key *key, struct str text, const struct key_place *place UNUSED,
	void *field, struct error *err)
{
	for (unsigned i = 0; key->names[i]; i++) {
		if (str_eq_nocase(text, str_from(key->names[i]))) {
			memcpy(field, &i, sizeof(i));
			return true;
		}
	}
	return type_refuse(key, text, "not known", err);
}

static void enum_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	unsigned i;

	memcpy(&i, field, sizeof(i));
	begin_line(key, out);
	buf_add_fmt(out, "%s\n", key->names[i]);
}

_Static_assert(sizeof(enum log_level) == sizeof(unsigned), "enum_parse stores an unsigned");
_Static_assert(sizeof(enum config_write) == sizeof(unsigned), "enum_parse stores an unsigned");
_Static_assert(sizeof(enum config_proxy) == sizeof(unsigned), "enum_parse stores an unsigned");
_Static_assert(sizeof(enum config_source) == sizeof(unsigned), "enum_parse stores an unsigned");

const struct key_type key_type_ENUM = {.parse = enum_parse, .print = enum_print};

/* --- permissions -------------------------------------------------------------------- */

static bool mode_parse(const struct key *key, struct str text, const struct key_place *place UNUSED,
	void *field, struct error *err)
{
	struct config_mode mode = {.set = true};

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] < '0' || text.p[i] > '7' || mode.bits > MODE_MAX)
			return type_refuse(key, text, "no file mode", err);
		mode.bits = mode.bits << 3 | (mode_t)(text.p[i] - '0');
	}
	if (text.len < 3 || mode.bits > MODE_MAX)
		return type_refuse(key, text, "no file mode", err);
	*(struct config_mode *)field = mode;
	return true;
}

static void mode_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	const struct config_mode *mode = field;

	if (mode->set)
		buf_add_fmt(out, "%s = %04o\n", key->name, (unsigned)mode->bits);
	else
		buf_add_fmt(out, "%s =\n", key->name);
}

const struct key_type key_type_MODE = {.parse = mode_parse,
	.print = mode_print,
	.expected = "an octal file mode such as 0644, at most 0777"};

/* --- durations ----------------------------------------------------------------------- */

#define DURATION_EXAMPLE "such as 500ms, 10s or 1m30s (whole milliseconds)"

static bool duration_read(
	const struct key *key, struct str part, struct str text, int64_t *ret, struct error *err)
{
	int64_t ns;

	if (!duration_parse(str_trim(part), &ns))
		return type_refuse(key, text, "no duration", err);
	if (!in_limits(key, ns))
		return type_refuse(key, text, "out of range", err);
	*ret = ns;
	return true;
}

static bool duration_type_parse(const struct key *key, struct str text,
	const struct key_place *place UNUSED, void *field, struct error *err)
{
	return duration_read(key, text, text, field, err);
}

static void duration_type_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	begin_line(key, out);
	duration_print(*(const int64_t *)field, out);
	buf_add_char(out, '\n');
}

const struct key_type key_type_DURATION = {.parse = duration_type_parse,
	.print = duration_type_print,
	.add_limit = duration_print,
	.expected = "a duration " DURATION_EXAMPLE};

/* --- wait: MIN [ ':' MAX ] --------------------------------------------------------------- */

/* MAX when only MIN is given, as people know it from docker-gen. */
#define WAIT_MAX_FACTOR 4

static bool wait_parse(const struct key *key, struct str text, const struct key_place *place UNUSED,
	void *field, struct error *err)
{
	struct config_wait wait;
	struct str min, max;
	bool has_max = str_cut(text, ':', &min, &max);

	if (!duration_read(key, min, text, &wait.min_ns, err))
		return false;
	wait.max_ns = wait.min_ns * WAIT_MAX_FACTOR;
	if (has_max && !duration_read(key, max, text, &wait.max_ns, err))
		return false;
	if (wait.max_ns < wait.min_ns)
		return type_refuse(key, text, "a MAX below its MIN", err);
	*(struct config_wait *)field = wait;
	return true;
}

static void wait_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	const struct config_wait *wait = field;

	begin_line(key, out);
	duration_print(wait->min_ns, out);
	if (wait->max_ns != wait->min_ns * WAIT_MAX_FACTOR) {
		buf_add_char(out, ':');
		duration_print(wait->max_ns, out);
	}
	buf_add_char(out, '\n');
}

const struct key_type key_type_WAIT = {.parse = wait_parse,
	.print = wait_print,
	.add_limit = duration_print,
	.expected = "MIN or MIN:MAX, durations " DURATION_EXAMPLE};
