/* SPDX-License-Identifier: MIT
 *
 * Constraints on versions ("^1.2, != 1.3.0 || 2.x"), see semver_parse.h. A constraint is
 * alternatives
 * (||) of conditions that must all hold; a condition is an operator and a version that may have
 * wildcards or lack parts. "1.2 - 1.4" is rewritten to two conditions first.
 */
#include "config.h"

#include "template/funcs/semver_parse.h"

/* One condition. wild: some part is missing or a wildcard; from minor or from patch on. */
struct condition {
	const struct operator* op;
	struct semver version;
	bool wild, wild_minor, wild_patch;
};

struct operator
{
	const char *text;
	bool (*holds)(const struct semver *v, const struct condition *c);
};

/* --- operators --------------------------------------------------------------------------- */

/* Pre-releases satisfy only what names one. */
static bool is_unwanted_pre(const struct semver *v, const struct condition *c)
{
	return v->pre.len && !c->version.pre.len;
}

static bool holds_not_equal(const struct semver *v, const struct condition *c)
{
	const struct semver *w = &c->version;

	if (!c->wild)
		return semver_compare(v, w) != 0;
	if (is_unwanted_pre(v, c))
		return false;
	if (v->major != w->major || (v->minor != w->minor && !c->wild_minor))
		return true;
	if (c->wild_minor)
		return false;
	if (v->patch != w->patch && !c->wild_patch)
		return true;
	if (c->wild_patch)
		return (v->pre.len || w->pre.len) && semver_compare_pre(v->pre, w->pre) != 0;
	return semver_compare(v, w) != 0;
}

/* >1 means at least 2, >1.2 at least 1.3. */
static bool holds_greater(const struct semver *v, const struct condition *c)
{
	const struct semver *w = &c->version;

	if (is_unwanted_pre(v, c))
		return false;
	if (!c->wild || (v->major == w->major && !c->wild_minor && !c->wild_patch))
		return semver_compare(v, w) > 0;
	if (v->major != w->major)
		return v->major > w->major;
	return !c->wild_minor && v->minor > w->minor;
}

static bool holds_less(const struct semver *v, const struct condition *c)
{
	return !is_unwanted_pre(v, c) && semver_compare(v, &c->version) < 0;
}

static bool holds_greater_equal(const struct semver *v, const struct condition *c)
{
	return !is_unwanted_pre(v, c) && semver_compare(v, &c->version) >= 0;
}

/* <=1 includes all of 1.x, <=1.2 all of 1.2.x. */
static bool holds_less_equal(const struct semver *v, const struct condition *c)
{
	const struct semver *w = &c->version;

	if (is_unwanted_pre(v, c))
		return false;
	if (!c->wild)
		return semver_compare(v, w) <= 0;
	return v->major <= w->major &&
	       (v->major != w->major || v->minor <= w->minor || c->wild_minor);
}

/* The same minor version, or major version if the minor is missing; ~0.0.0 is anything. */
static bool holds_tilde(const struct semver *v, const struct condition *c)
{
	const struct semver *w = &c->version;

	if (is_unwanted_pre(v, c) || semver_compare(v, w) < 0)
		return false;
	if (!w->major && !w->minor && !w->patch && !c->wild_minor && !c->wild_patch)
		return true;
	return v->major == w->major && (v->minor == w->minor || c->wild_minor);
}

static bool holds_equal(const struct semver *v, const struct condition *c)
{
	if (c->wild)
		return holds_tilde(v, c);
	return !is_unwanted_pre(v, c) && semver_compare(v, &c->version) == 0;
}

/* Nothing that changes the first number that is not 0. */
static bool holds_caret(const struct semver *v, const struct condition *c)
{
	const struct semver *w = &c->version;

	if (is_unwanted_pre(v, c) || semver_compare(v, w) < 0)
		return false;
	if (w->major > 0 || c->wild_minor)
		return v->major == w->major;
	if (v->major > 0)
		return false;
	if (w->minor > 0 || c->wild_patch)
		return v->minor == w->minor;
	return v->minor == 0 && v->patch == w->patch;
}

static const struct operator operators[] = {
	{"", holds_equal},
	{"=", holds_equal},
	{"!=", holds_not_equal},
	{">", holds_greater},
	{"<", holds_less},
	{">=", holds_greater_equal},
	{"=>", holds_greater_equal},
	{"<=", holds_less_equal},
	{"=<", holds_less_equal},
	{"~", holds_tilde},
	{"~>", holds_tilde},
	{"^", holds_caret},
};

/* --- reading ------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

/* Takes white space off *s; whether there was any. */
static bool skip_space(struct str *s)
{
	size_t n = 0;

	while (n < s->len && is_space(s->p[n]))
		n++;
	*s = str_sub(*s, n, s->len);
	return n > 0;
}

static const struct operator* find_operator(struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (str_eqz(text, operators[i].text))
			return &operators[i];
	return NULL;
}

static bool is_wildcard(struct str number)
{
	return number.len == 0 || (number.len == 1 && strchr("xX*", number.p[0]));
}

static struct str without_point(struct str s)
{
	return str_has_prefix(s, STR(".")) ? str_sub(s, 1, s.len) : s;
}

/* The version of a condition; wildcards are 0. */
static bool set_version(struct arena *a, struct condition *c, struct str text,
	const struct semver_parts *p, struct error *err)
{
	c->wild = true;
	if (is_wildcard(p->major)) {
		text = arena_fmt(a, "0.0.0%.*s", STR_ARG(p->pre));
	} else if (is_wildcard(without_point(p->minor))) {
		c->wild_minor = true;
		text = arena_fmt(a, "%.*s.0.0%.*s", STR_ARG(p->major), STR_ARG(p->pre));
	} else if (is_wildcard(without_point(p->patch))) {
		c->wild_patch = true;
		text = arena_fmt(
			a, "%.*s%.*s.0%.*s", STR_ARG(p->major), STR_ARG(p->minor), STR_ARG(p->pre));
	} else {
		c->wild = false;
	}
	return semver_parse(text, &c->version, NULL) || error_set(err, "constraint Parser Error");
}

static bool fail_improper(struct error *err, struct str segment)
{
	error_set_str(err, segment);
	return error_prepend(err, "improper constraint: ");
}

/* Takes a condition off *s; segment is what errors show. What the version is not is told after the
 * whole segment was found to be in order. */
static bool take_condition(
	struct str *s, struct condition *c, struct str *text, struct semver_parts *parts)
{
	size_t n = 0;

	while (n < s->len && s->p[n] && strchr("=!<>~^", s->p[n]))
		n++;
	c->op = find_operator(str_sub(*s, 0, n));
	if (!c->op)
		return false;
	*s = str_sub(*s, n, s->len);
	skip_space(s);
	n = semver_scan(*s, true, parts);
	*text = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->len);
	return n > 0;
}

/* What separates conditions: white space, a comma, or both; false at the end of the segment too. */
static bool take_separator(struct str *s, bool *at_end)
{
	bool separated = skip_space(s);

	*at_end = s->len == 0;
	if (s->len && s->p[0] == ',') {
		*s = str_sub(*s, 1, s->len);
		skip_space(s);
		separated = true;
	}
	return separated;
}

/* Walks over the conditions of a segment. v NULL: only looks at their form. */
static bool walk_segment(
	struct arena *a, struct str segment, const struct semver *v, bool *holds, struct error *err)
{
	struct str s = segment;
	bool at_end = false;

	*holds = true;
	skip_space(&s);
	while (!at_end) {
		struct condition c = {.op = NULL};
		struct semver_parts parts;
		struct str text;

		if (!take_condition(&s, &c, &text, &parts))
			return fail_improper(err, segment);
		if (!take_separator(&s, &at_end) && !at_end)
			return fail_improper(err, segment);
		if (!v)
			continue;
		if (!set_version(a, &c, text, &parts, err))
			return false;
		*holds = *holds && c.op->holds(v, &c);
	}
	return true;
}

/* --- ranges ----------------------------------------------------------------------------------- */

/* A range "A - B" that s begins with, with the white space around it; its length, 0 if there is
 * none. */
static size_t scan_range(struct str s, struct str *from, struct str *to)
{
	struct semver_parts parts;
	struct str rest = s;
	size_t n;

	skip_space(&rest);
	n = semver_scan(rest, true, &parts);
	*from = str_sub(rest, 0, n);
	rest = str_sub(rest, n, rest.len);
	if (!n || !skip_space(&rest) || !str_has_prefix(rest, STR("-")))
		return 0;
	rest = str_sub(rest, 1, rest.len);
	if (!skip_space(&rest) || !(n = semver_scan(rest, true, &parts)))
		return 0;
	*to = str_sub(rest, 0, n);
	rest = str_sub(rest, n, rest.len);
	skip_space(&rest);
	return s.len - rest.len;
}

/* Each range as two conditions, at the first place where its text stands. */
static struct str rewrite_ranges(struct arena *a, struct str constraint)
{
	struct str out = constraint, from, to;

	for (size_t at = 0; at < constraint.len;) {
		size_t n = scan_range(str_sub(constraint, at, constraint.len), &from, &to);
		struct str range = str_sub(constraint, at, at + n);
		ssize_t place = n ? str_find(out, range) : -1;

		at += n ? n : 1;
		if (place < 0)
			continue;
		out = arena_fmt(a, "%.*s>= %.*s, <= %.*s %.*s",
			STR_ARG(str_sub(out, 0, (size_t)place)), STR_ARG(from), STR_ARG(to),
			STR_ARG(str_sub(out, (size_t)place + n, out.len)));
	}
	return out;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

/* Checks the form of each segment, then its versions, before the next one. */
bool semver_check(struct arena *a, struct str constraint, const struct semver *v, bool *ret,
	struct error *err)
{
	bool more = true, any = false;
	struct str rest;

	if (constraint.len > SEMVER_TEXT_MAX)
		return error_set(err, "constraint is longer than %d bytes", SEMVER_TEXT_MAX);
	rest = rewrite_ranges(a, constraint);
	while (more) {
		ssize_t end = str_find(rest, STR("||"));
		struct str segment = str_sub(rest, 0, end < 0 ? rest.len : (size_t)end);
		bool holds;

		more = end >= 0;
		rest = str_sub(rest, segment.len + 2, rest.len);
		if (!walk_segment(a, segment, NULL, &holds, err) ||
			!walk_segment(a, segment, v, &holds, err))
			return false;
		any |= holds;
	}
	*ret = any;
	return true;
}

bool semver_check_constraint(struct arena *a, struct str constraint, struct error *err)
{
	const struct semver none = {.major = 0};
	bool holds;

	return semver_check(a, constraint, &none, &holds, err);
}
