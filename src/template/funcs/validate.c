/* SPDX-License-Identifier: MIT
 *
 * docker-gen's functions that check or quote what comes from a container before it goes into a
 * configuration: mustBe…, nginxQuote, nginxMustParseHSTS.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/utf8.h"
#include "template/format/number.h"
#include "template/format/quote.h"
#include "template/format/unicode.h"

#include <inttypes.h>

/* strconv.Quote of s; "" when it does not fit into a string. */
static struct str quoted(struct call *c, struct str s)
{
	struct buf *b = call_buf(c);
	struct str text = STR("");

	quote_add(b, s, QUOTE_PRINT);
	return call_take_buf(c, b, &text) ? text : STR("");
}

/* --- mustBe… ------------------------------------------------------------------------ */

static bool validate_one_of(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value allowed = args[0];
	struct buf *b = call_buf(c);
	struct str list;

	for (size_t i = 0; i < slice_len(allowed); i++) {
		struct value one = slice_at(allowed, i);
		struct str text;

		if (value_type(one) == &type_string)
			continue;
		if (!call_sprint(c, one, &text))
			return false;
		return call_fail(c, "allowed value %.*s (type %s) is not a string", STR_ARG(text),
			format_type_name(one));
	}
	for (size_t i = 0; i < slice_len(allowed); i++) {
		struct str one = value_as_str(slice_at(allowed, i));

		if (str_eq(one, value_as_str(args[1]))) {
			*ret = args[1];
			return true;
		}
		if (i)
			buf_add_char(b, ' ');
		quote_add(b, one, QUOTE_PRINT);
	}
	if (!call_take_buf(c, b, &list))
		return false;
	return call_fail(c, "value must be one of [%.*s]; got %.*s", STR_ARG(list),
		STR_ARG(quoted(c, value_as_str(args[1]))));
}

static bool must_be_int(struct call *c, int64_t min, int64_t max, struct value v, struct value *ret)
{
	struct str text = value_as_str(v);
	int64_t i;

	if (min > max)
		return call_fail(c, "invalid allowed range %" PRId64 "..%" PRId64, min, max);
	if (text.len == 0)
		return call_fail(c, "value must be an integer; got an empty value");
	if (int_parse(text, 10, 64, &i) != NUMBER_OK)
		return call_fail(c, "value must be an integer; got %.*s", STR_ARG(quoted(c, text)));
	if (i < min || i > max)
		return call_fail(c,
			"value must be an integer between %" PRId64 " and %" PRId64 "; got %.*s",
			min, max, STR_ARG(quoted(c, text)));
	*ret = v;
	return true;
}

static bool validate_int(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return must_be_int(c, INT64_MIN, INT64_MAX, args[0], ret);
}

static bool validate_int_in_range(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return must_be_int(c, args[0].i, args[1].i, args[2], ret);
}

/* --- nginxQuote ----------------------------------------------------------------------- */

/* Whether an odd number of backslashes stands before byte i. */
static bool is_escaped(struct str s, size_t i)
{
	size_t backslashes = 0;

	while (backslashes < i && s.p[i - backslashes - 1] == '\\')
		backslashes++;
	return backslashes % 2 == 1;
}

static bool is_quoted_by(struct str s, char quote)
{
	return s.len >= 2 && s.p[0] == quote && s.p[s.len - 1] == quote &&
	       !is_escaped(s, s.len - 1);
}

static bool is_quoted(struct str s)
{
	return is_quoted_by(s, '\'') || is_quoted_by(s, '"');
}

static bool has_open_special(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!memchr("{};# \t", s.p[i], 6))
			continue;
		if (i == 0)
			return true;
		if (!is_escaped(s, i))
			return !is_quoted(s);
	}
	return false;
}

/* A quote that neither is escaped nor belongs to a pair around the whole, nor stands within the
 * other kind of quotes. */
static bool has_open_quote(struct str s, char quote)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] != quote)
			continue;
		if (i == 0) {
			if (!is_quoted_by(s, quote))
				return true;
		} else if (i == s.len - 1) {
			if (!is_escaped(s, i) && s.p[0] != quote)
				return true;
		} else if (!is_escaped(s, i)) {
			return !is_quoted_by(s, quote == '"' ? '\'' : '"');
		}
	}
	return false;
}

static bool quote_with(struct call *c, struct str s, char quote, struct value *ret)
{
	struct buf *b = call_buf(c);

	buf_add_char(b, quote);
	buf_add_str(b, s);
	/* A backslash at the end must not escape the quote. */
	if (s.p[s.len - 1] == '\\' && !is_escaped(s, s.len - 1))
		buf_add_char(b, '\\');
	buf_add_char(b, quote);
	return call_return_buf(c, b, ret);
}

static bool validate_nginx_quote(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = str_trim_unicode(value_as_str(args[0]));
	bool single_quote = has_open_quote(s, '\''), double_quote = has_open_quote(s, '"');

	if (str_chr(s, '\n') >= 0 || str_chr(s, '\r') >= 0)
		return call_fail(
			c, "value must not contain line breaks: %.*s", STR_ARG(quoted(c, s)));
	if (single_quote && double_quote)
		return call_fail(c, "value has both unescaped single and double quotes: %.*s",
			STR_ARG(quoted(c, s)));
	if (s.len && (single_quote || double_quote || has_open_special(s)))
		return quote_with(c, s, double_quote ? '\'' : '"', ret);
	*ret = value_str(s);
	return true;
}

/* --- nginxMustParseHSTS --------------------------------------------------------------- */

/* chromium's list of HSTS preloads wants a year at least. */
#define HSTS_PRELOAD_SECONDS 31536000

struct hsts {
	int64_t max_age;
	bool subdomains, preload;
};

static bool parse_max_age(struct call *c, struct str directive, int64_t *ret)
{
	struct str digits = str_sub(directive, strlen("max-age="), directive.len);
	bool ok = digits.len > 0;

	for (size_t i = 0; i < digits.len; i++)
		ok &= digits.p[i] >= '0' && digits.p[i] <= '9';
	if (!ok || int_parse(digits, 10, 64, ret) != NUMBER_OK)
		return call_fail(c, "invalid Strict-Transport-Security max-age directive: %.*s",
			STR_ARG(directive));
	return true;
}

static bool parse_directive(struct call *c, struct str directive, struct hsts *hsts)
{
	if (str_has_prefix(directive, STR("max-age=")))
		return parse_max_age(c, directive, &hsts->max_age);
	if (str_eqz(directive, "includesubdomains"))
		hsts->subdomains = true;
	else if (str_eqz(directive, "preload"))
		hsts->preload = true;
	else
		return call_fail(
			c, "unknown Strict-Transport-Security directive: %.*s", STR_ARG(directive));
	return true;
}

static bool check_hsts(struct call *c, const struct hsts *hsts)
{
	if (hsts->max_age <= 0)
		return call_fail(
			c, "Strict-Transport-Security max-age directive must be greater than 0");
	if (hsts->preload && !hsts->subdomains)
		return call_fail(c, "Strict-Transport-Security preload directive requires "
				    "includeSubDomains to be set");
	if (hsts->preload && hsts->max_age < HSTS_PRELOAD_SECONDS)
		return call_fail(c, "Strict-Transport-Security preload directive requires max-age "
				    "to be at least 31536000 seconds (1 year)");
	return true;
}

static bool validate_hsts(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str rest = str_trim_unicode(value_as_str(args[0])), directive;
	struct hsts hsts = {.max_age = 0};
	struct buf *lower = call_buf(c), *b = call_buf(c);

	buf_add_lower(lower, rest);
	if (!call_take_buf(c, lower, &rest))
		return false;
	if (rest.len == 0)
		return call_fail(c, "HSTS value cannot be empty");
	for (bool more = true; more;) {
		more = str_cut(rest, ';', &directive, &rest);
		if (!parse_directive(c, str_trim_unicode(directive), &hsts))
			return false;
	}
	if (!check_hsts(c, &hsts))
		return false;
	buf_add_fmt(b, "max-age=%" PRId64 "%s%s", hsts.max_age,
		hsts.subdomains ? "; includeSubDomains" : "", hsts.preload ? "; preload" : "");
	return call_return_buf(c, b, ret);
}

/* --- table ------------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("mustBeInt"), validate_int, FUNC_ARGS(&type_string), &type_string, 0},
	{STR_INIT("mustBeIntInRange"), validate_int_in_range,
		FUNC_ARGS(&type_int, &type_int, &type_string), &type_string, 0},
	{STR_INIT("mustBeOneOf"), validate_one_of, FUNC_ARGS(&type_any_slice, &type_string),
		&type_string, 0},
	{STR_INIT("nginxMustParseHSTS"), validate_hsts, FUNC_ARGS(&type_string), &type_string, 0},
	{STR_INIT("nginxQuote"), validate_nginx_quote, FUNC_ARGS(&type_string), &type_string, 0},
};

const struct func_table funcs_validate = {rows, ARRAY_LEN(rows)};
