/* SPDX-License-Identifier: MIT
 *
 * Semantic versions, see semver_parse.h.
 */
#include "config.h"

#include "template/funcs/semver_parse.h"

#include "template/format/number.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_wildcard_digit(char c)
{
	return is_digit(c) || c == 'x' || c == 'X' || c == '*' || c == '|';
}

static bool is_identifier_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/* --- scanning ----------------------------------------------------------------------------- */

static size_t span(struct str s, size_t at, bool (*belongs)(char c))
{
	size_t end = at;

	while (end < s.len && belongs(s.p[end]))
		end++;
	return end - at;
}

/* Where ".NUMBER" at at ends; at if there is none. */
static size_t scan_number(struct str s, size_t at, bool (*belongs)(char c))
{
	size_t n = at < s.len && s.p[at] == '.' ? span(s, at + 1, belongs) : 0;

	return n ? at + 1 + n : at;
}

/* Where identifiers with points between them, behind mark, end; at if there are none. */
static size_t scan_identifiers(struct str s, size_t at, char mark)
{
	size_t n = at < s.len && s.p[at] == mark ? span(s, at + 1, is_identifier_char) : 0;

	if (!n)
		return at;
	at += 1 + n;
	while (at < s.len && s.p[at] == '.' && (n = span(s, at + 1, is_identifier_char)) > 0)
		at += 1 + n;
	return at;
}

size_t semver_scan(struct str s, bool wildcards, struct semver_parts *ret)
{
	bool (*belongs)(char c) = wildcards ? is_wildcard_digit : is_digit;
	size_t from = s.len && s.p[0] == 'v', end = from + span(s, from, belongs);

	if (end == from)
		return 0;
	ret->major = str_sub(s, from, end);
	from = end;
	end = scan_number(s, from, belongs);
	ret->minor = str_sub(s, from, end);
	from = end;
	end = ret->minor.len ? scan_number(s, from, belongs) : from;
	ret->patch = str_sub(s, from, end);
	from = end;
	end = scan_identifiers(s, from, '-');
	ret->pre = str_sub(s, from, end);
	from = end;
	end = scan_identifiers(s, from, '+');
	ret->metadata = str_sub(s, from, end);
	return end;
}

/* --- versions -------------------------------------------------------------------------------- */

static bool has_only(struct str s, bool (*belongs)(char c))
{
	return span(s, 0, belongs) == s.len;
}

bool semver_check_pre(struct str pre, struct error *err)
{
	struct str part;

	for (bool more = true; more;) {
		more = str_cut(pre, '.', &part, &pre);
		if (has_only(part, is_digit) && part.len > 1 && part.p[0] == '0')
			return error_set(err, "Version segment starts with 0");
		if (!has_only(part, is_identifier_char))
			return error_set(err, "Invalid Prerelease string");
	}
	return true;
}

bool semver_check_metadata(struct str metadata, struct error *err)
{
	struct str part;

	for (bool more = true; more;) {
		more = str_cut(metadata, '.', &part, &metadata);
		if (!has_only(part, is_identifier_char))
			return error_set(err, "Invalid Metadata string");
	}
	return true;
}

/* A number, 0 if it is missing; minor and patch have their point. */
static bool read_number(struct str s, uint64_t *ret, struct error *err)
{
	enum number_fault fault;

	*ret = 0;
	if (str_has_prefix(s, STR(".")))
		s = str_sub(s, 1, s.len);
	if (s.len == 0)
		return true;
	fault = uint_parse(s, 10, 64, ret);
	if (fault == NUMBER_OK)
		return true;
	number_error(err, "ParseUint", s, fault);
	return error_prepend(err, "Error parsing version segment: ");
}

bool semver_parse(struct str s, struct semver *ret, struct error *err)
{
	struct semver v = {.original = s};
	struct semver_parts parts;

	if (s.len > SEMVER_TEXT_MAX)
		return error_set(err, "version is longer than %d bytes", SEMVER_TEXT_MAX);
	if (s.len == 0 || semver_scan(s, false, &parts) != s.len)
		return error_set(err, "Invalid Semantic Version");
	v.pre = str_sub(parts.pre, 1, parts.pre.len);
	v.metadata = str_sub(parts.metadata, 1, parts.metadata.len);
	if (!read_number(parts.major, &v.major, err) || !read_number(parts.minor, &v.minor, err) ||
		!read_number(parts.patch, &v.patch, err) || !semver_check_pre(v.pre, err) ||
		!semver_check_metadata(v.metadata, err))
		return false;
	*ret = v;
	return true;
}

/* --- comparing -------------------------------------------------------------------------------- */

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Numbers are before other identifiers; one that is missing is before all. */
static int compare_identifiers(struct str a, struct str b)
{
	uint64_t x, y;
	bool a_number = uint_parse(a, 10, 64, &x) == NUMBER_OK;
	bool b_number = uint_parse(b, 10, 64, &y) == NUMBER_OK;

	if (str_eq(a, b))
		return 0;
	if (a.len == 0 || b.len == 0)
		return a.len == 0 ? -1 : 1;
	if (a_number != b_number)
		return a_number ? -1 : 1;
	if (a_number)
		return x > y ? 1 : -1;
	return str_cmp(a, b) > 0 ? 1 : -1;
}

int semver_compare_pre(struct str a, struct str b)
{
	bool more_a = true, more_b = true;
	int d = 0;

	while (d == 0 && (more_a || more_b)) {
		struct str x = STR(""), y = STR("");

		if (more_a)
			more_a = str_cut(a, '.', &x, &a);
		if (more_b)
			more_b = str_cut(b, '.', &y, &b);
		d = compare_identifiers(x, y);
	}
	return d;
}

int semver_compare(const struct semver *a, const struct semver *b)
{
	int d = compare_numbers(a->major, b->major);

	if (d == 0)
		d = compare_numbers(a->minor, b->minor);
	if (d == 0)
		d = compare_numbers(a->patch, b->patch);
	if (d || (!a->pre.len && !b->pre.len))
		return d;
	if (!a->pre.len || !b->pre.len)
		return a->pre.len ? -1 : 1;
	return semver_compare_pre(a->pre, b->pre);
}

struct str semver_text(struct arena *a, const struct semver *v)
{
	return arena_fmt(a, "%llu.%llu.%llu%s%.*s%s%.*s", (unsigned long long)v->major,
		(unsigned long long)v->minor, (unsigned long long)v->patch, v->pre.len ? "-" : "",
		STR_ARG(v->pre), v->metadata.len ? "+" : "", STR_ARG(v->metadata));
}
