/* SPDX-License-Identifier: MIT
 *
 * The meaning of plain scalars, see yaml_resolve.h.
 */
#include "config.h"

#include "template/yaml/yaml_resolve.h"

#include "template/format/number.h"
#include "template/format/time.h"

#include <math.h>

#define LONG_PREFIX STR("tag:yaml.org,2002:")

/* A scalar on its way to its meaning. */
struct resolution {
	struct str tag; /* found */
	struct value v;
};

struct str yaml_short_tag(struct arena *a, struct str tag)
{
	if (!str_has_prefix(tag, LONG_PREFIX))
		return tag;
	tag = str_sub(tag, LONG_PREFIX.len, tag.len);
	return arena_fmt(a, "!!%.*s", STR_ARG(tag));
}

/* --- words ----------------------------------------------------------------------------- */

enum word { WORD_TRUE, WORD_FALSE, WORD_NULL, WORD_NAN, WORD_INF, WORD_MINUS_INF };

static const struct {
	const char *text;
	enum word word;
} words[] = {
	{"true", WORD_TRUE},
	{"True", WORD_TRUE},
	{"TRUE", WORD_TRUE},
	{"false", WORD_FALSE},
	{"False", WORD_FALSE},
	{"FALSE", WORD_FALSE},
	{"", WORD_NULL},
	{"~", WORD_NULL},
	{"null", WORD_NULL},
	{"Null", WORD_NULL},
	{"NULL", WORD_NULL},
	{".nan", WORD_NAN},
	{".NaN", WORD_NAN},
	{".NAN", WORD_NAN},
	{".inf", WORD_INF},
	{".Inf", WORD_INF},
	{".INF", WORD_INF},
	{"+.inf", WORD_INF},
	{"+.Inf", WORD_INF},
	{"+.INF", WORD_INF},
	{"-.inf", WORD_MINUS_INF},
	{"-.Inf", WORD_MINUS_INF},
	{"-.INF", WORD_MINUS_INF},
};

static struct resolution word_meaning(enum word word)
{
	switch (word) {
	case WORD_TRUE:
	case WORD_FALSE:
		return (struct resolution){YAML_BOOL, value_bool(word == WORD_TRUE)};
	case WORD_NAN:
		return (struct resolution){YAML_FLOAT, value_float(NAN)};
	case WORD_INF:
		return (struct resolution){YAML_FLOAT, value_float(INFINITY)};
	case WORD_MINUS_INF:
		return (struct resolution){YAML_FLOAT, value_float(-INFINITY)};
	case WORD_NULL:
		break;
	}
	return (struct resolution){YAML_NULL, value_nil()};
}

static bool resolve_word(struct str text, struct resolution *r)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!str_eqz(text, words[i].text))
			continue;
		*r = word_meaning(words[i].word);
		return true;
	}
	return false;
}

/* --- numbers ----------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool found_int(struct resolution *r, int64_t i)
{
	*r = (struct resolution){YAML_INT, value_int(i)};
	return true;
}

static bool found_float(struct resolution *r, double f)
{
	*r = (struct resolution){YAML_FLOAT, value_float(f)};
	return true;
}

/* In the base, or with a prefix that tells it if it is 0. */
static bool resolve_int(struct str text, unsigned base, struct resolution *r)
{
	uint64_t u;
	int64_t i;

	if (int_parse(text, base, 64, &i) == NUMBER_OK)
		return found_int(r, i);
	if (uint_parse(text, base, 64, &u) != NUMBER_OK)
		return false;
	*r = (struct resolution){YAML_INT, {.head = TYPE_HEAD(&type_uint64), .u = u}};
	return true;
}

static size_t skip_digits(struct str s, size_t at)
{
	while (at < s.len && is_digit(s.p[at]))
		at++;
	return at;
}

/* [sign] digits [. [digits]] or . digits, then an exponent perhaps; not hexadecimal, no words. */
static bool looks_like_float(struct str s)
{
	size_t at = s.len && (s.p[0] == '+' || s.p[0] == '-'), from = at, digits;

	at = skip_digits(s, at);
	digits = at - from;
	if (at < s.len && s.p[at] == '.') {
		from = ++at;
		at = skip_digits(s, at);
		digits += at - from;
	}
	if (digits == 0)
		return false;
	if (at < s.len && (s.p[at] == 'e' || s.p[at] == 'E')) {
		at++;
		at += at < s.len && (s.p[at] == '+' || s.p[at] == '-');
		from = at;
		at = skip_digits(s, at);
		if (at == from)
			return false;
	}
	return at == s.len;
}

/* 0b… and 0o… with an optional minus, which Go's base 0 reads too unless a sign follows them. */
static bool resolve_prefixed(
	struct arena *a, struct str s, const char *prefix, unsigned base, struct resolution *r)
{
	bool minus = str_has_prefix(s, STR("-"));
	struct str rest = str_sub(s, minus, s.len);

	if (!str_has_prefix(rest, str_from(prefix)))
		return false;
	rest = str_sub(rest, 2, rest.len);
	if (minus)
		rest = arena_fmt(a, "-%.*s", STR_ARG(rest));
	return resolve_int(rest, base, r);
}

static struct str without_underscores(struct arena *a, struct str s)
{
	char *out;
	size_t n = 0;

	if (str_chr(s, '_') < 0)
		return s;
	out = arena_alloc(a, s.len);
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '_')
			out[n++] = s.p[i];
	return str_n(out, n);
}

static bool resolve_number(struct arena *a, struct str text, struct resolution *r)
{
	struct str plain = without_underscores(a, text);
	double f;

	if (resolve_int(plain, 0, r))
		return true;
	if (looks_like_float(plain) && float_parse(plain, 64, &f) == NUMBER_OK)
		return found_float(r, f);
	return resolve_prefixed(a, plain, "0b", 2, r) || resolve_prefixed(a, plain, "0o", 8, r);
}

/* --- timestamps ------------------------------------------------------------------------------ */

static bool resolve_timestamp(struct arena *a, struct str text, struct resolution *r)
{
	static const struct str layouts[] = {
		STR_INIT("2006-1-2T15:4:5.999999999Z07:00"),
		STR_INIT("2006-1-2t15:4:5.999999999Z07:00"),
		STR_INIT("2006-1-2 15:4:5.999999999"),
		STR_INIT("2006-1-2"),
	};
	size_t digits = skip_digits(text, 0);
	struct go_time t;

	if (digits != 4 || digits == text.len || text.p[digits] != '-')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		if (!time_parse(a, layouts[i], text, &t, NULL))
			continue;
		r->tag = YAML_TIMESTAMP;
		r->v = value_rec(&type_time, arena_memdup(a, &t, sizeof(t)));
		return true;
	}
	return false;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Whether the tag is one of those that a text is looked at for. */
static bool is_resolvable(struct str tag)
{
	return tag.len == 0 || str_eq(tag, YAML_STR) || str_eq(tag, YAML_BOOL) ||
	       str_eq(tag, YAML_INT) || str_eq(tag, YAML_FLOAT) || str_eq(tag, YAML_NULL) ||
	       str_eq(tag, YAML_TIMESTAMP);
}

/* What the first character allows; anything else is a string. */
static bool resolve_text(struct arena *a, struct str tag, struct str text, struct resolution *r)
{
	char first = text.len ? text.p[0] : '\0';
	double f;

	if (text.len && !is_digit(first) && !(first && strchr("+-.yYnNtTfFoO~", first)))
		return false;
	if (resolve_word(text, r))
		return true;
	if (first == '.')
		return float_parse(text, 64, &f) == NUMBER_OK && found_float(r, f);
	if (!is_digit(first) && first != '+' && first != '-')
		return false;
	if ((tag.len == 0 || str_eq(tag, YAML_TIMESTAMP)) && resolve_timestamp(a, text, r))
		return true;
	return resolve_number(a, text, r);
}

bool yaml_resolve(struct arena *a, struct str tag, struct str text, struct str *ret_tag,
	struct value *ret, struct error *err)
{
	struct resolution r = {YAML_STR, value_str(text)};

	if (!is_resolvable(tag)) {
		*ret_tag = tag;
		*ret = r.v;
		return true;
	}
	if (!str_eq(tag, YAML_STR))
		resolve_text(a, tag, text, &r);
	if (str_eq(tag, YAML_FLOAT) && value_type(r.v) == &type_int)
		found_float(&r, (double)r.v.i);
	if (tag.len && !str_eq(tag, YAML_STR) && !str_eq(tag, r.tag)) {
		error_set_str(err, text);
		error_prepend(err, "cannot decode %.*s `", STR_ARG(r.tag));
		return error_append(err, "` as a %.*s", STR_ARG(tag));
	}
	*ret_tag = r.tag;
	*ret = r.v;
	return true;
}
