/* SPDX-License-Identifier: MIT
 *
 * Translates RE2's syntax to PCRE2's in one pass, see re2.h. Every atom (a rune, a class, a group, an
 * assertion) is written so that a quantifier can follow it; runes are written as \x{…}, so that
 * nothing of the expression's own text is ever read by PCRE2. For every atom the parser keeps what
 * RE2's limits are about: height of its tree, size of its program, product of its repetitions.
 *
 * (?i) is written when the next rune or class is, not where it stands: RE2 lets a quantifier
 * follow it that means the atom before.
 */
#include "config.h"

#include "template/regexp/re2.h"

#include "base/utf8.h"
#include "template/regexp/re2_parser.h"

#include <string.h>

#define UNBOUNDED (-1)

static struct frame *top(struct parser *p)
{
	return &p->frames.v[p->frames.n - 1];
}

bool re2_fail(struct parser *p, const char *what, size_t from, size_t to)
{
	struct str part = str_sub(p->expr, from, to);

	return error_set(p->err, "error parsing regexp: %s: `%.*s`", what, STR_ARG(part));
}

bool re2_next_rune(struct parser *p, uint32_t *ret)
{
	size_t width;
	uint32_t rune = utf8_decode(re2_rest(p), &width);

	if (rune == RUNE_ERROR && width == 1)
		return re2_fail(p, "invalid UTF-8", p->at, p->expr.len);
	p->at += width;
	*ret = rune;
	return true;
}

bool re2_check_utf8(struct parser *p, size_t from, size_t to)
{
	while (from < to) {
		size_t width;

		if (utf8_decode(str_sub(p->expr, from, to), &width) == RUNE_ERROR && width == 1)
			return re2_fail(p, "invalid UTF-8", from, to);
		from += width;
	}
	return true;
}

bool re2_is_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* --- costs --------------------------------------------------------------------- */

static int64_t saturated(int64_t v)
{
	return v > RE2_SIZE_MAX ? RE2_SIZE_MAX + 1 : v;
}

static bool check_cost(struct parser *p, const struct cost *c)
{
	if (c->size > RE2_SIZE_MAX)
		return re2_fail(p, "expression too large", 0, p->expr.len);
	if (c->height > RE2_HEIGHT_MAX)
		return re2_fail(p, "expression nests too deeply", 0, p->expr.len);
	return true;
}

/* Adds b beside a; the height of the pair is the caller's to raise. */
static void cost_join(struct cost *a, const struct cost *b)
{
	a->size = saturated(a->size + b->size);
	if (b->product > a->product)
		a->product = b->product;
	if (b->height > a->height)
		a->height = b->height;
}

/* The last atom joins its branch: it can no longer be repeated. */
static void atom_to_branch(struct frame *f)
{
	if (!f->has_atom)
		return;
	cost_join(&f->branch, &f->atom);
	f->atoms++;
	f->has_atom = false;
}

static void branch_to_group(struct frame *f)
{
	atom_to_branch(f);
	if (f->atoms > 1)
		f->branch.height++;
	cost_join(&f->group, &f->branch);
	f->branches++;
	f->branch = (struct cost){.product = 1, .height = 1};
	f->atoms = 0;
}

/* A new atom was written. */
bool re2_push(struct parser *p, struct cost cost)
{
	struct frame *f = top(p);

	atom_to_branch(f);
	f->atom = cost;
	f->has_atom = true;
	return check_cost(p, &cost);
}

/* --- groups ------------------------------------------------------------------------- */

static void open_group(struct parser *p, bool captures, struct str name)
{
	vec_push(&p->frames, (struct frame){.flags = p->flags,
				     .captures = captures,
				     .written_fold = p->written_fold,
				     .branch = {.product = 1, .height = 1},
				     .group = {.product = 1, .height = 1}});
	buf_add_cstr(p->out, captures ? "(" : "(?:");
	if (captures)
		vec_push(p->names, name);
}

static struct cost close_branches(struct frame *f)
{
	struct cost cost;

	branch_to_group(f);
	cost = f->group;
	if (f->branches > 1) {
		cost.height++;
		cost.size = saturated(cost.size + (int64_t)f->branches - 1);
	}
	if (cost.size < 1)
		cost.size = 1;
	return cost;
}

static bool close_group(struct parser *p)
{
	struct frame *f = top(p);
	struct cost cost;

	if (p->frames.n == 1)
		return re2_fail(p, "unexpected )", 0, p->expr.len);
	cost = close_branches(f);
	if (f->captures) {
		cost.height++;
		cost.size = saturated(cost.size + 2);
	}
	p->flags = f->flags;
	p->written_fold = f->written_fold;
	p->frames.n--;
	p->at++;
	buf_add_char(p->out, ')');
	return re2_push(p, cost);
}

/* named group = "(?P<" name ">" | "(?<" name ">"; the part before the name is length bytes. */
static bool parse_named_group(struct parser *p, size_t length)
{
	size_t from = p->at, end;
	ssize_t close = str_chr(re2_rest(p), '>');
	struct str name;

	if (close < 0)
		return re2_check_utf8(p, from, p->expr.len) &&
			re2_fail(p, "invalid named capture", from, p->expr.len);
	end = from + (size_t)close;
	if (!re2_check_utf8(p, from + length, end))
		return false;
	name = str_sub(p->expr, from + length, end);
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] != '_' && !re2_is_alnum((unsigned char)name.p[i]))
			name.len = 0;
	if (name.len == 0)
		return re2_fail(p, "invalid named capture", from, end + 1);
	p->at = end + 1;
	open_group(p, true, name);
	return true;
}

static bool set_flag(struct flags *flags, uint32_t c, bool on)
{
	switch (c) {
	case 'i':
		flags->fold = on;
		return true;
	case 'm':
		flags->multi_line = on;
		return true;
	case 's':
		flags->dot_nl = on;
		return true;
	case 'U':
		flags->lazy = on;
		return true;
	default:
		return false;
	}
}

/* flags = "(?" { flag } [ "-" flag { flag } ] ( ")" | ":" ) */
static bool parse_flags(struct parser *p)
{
	size_t from = p->at;
	struct flags flags = p->flags;
	bool on = true, seen = false;

	p->at += 2;
	while (p->at < p->expr.len) {
		uint32_t c = 0;

		if (!re2_next_rune(p, &c))
			return false;
		if (set_flag(&flags, c, on)) {
			seen = true;
		} else if (c == '-' && on) {
			on = seen = false;
		} else if ((c == ':' || c == ')') && (on || seen)) {
			if (c == ':')
				open_group(p, false, STR(""));
			p->flags = flags;
			return true;
		} else {
			break;
		}
	}
	return re2_fail(p, "invalid or unsupported Perl syntax", from, p->at);
}

static bool parse_group(struct parser *p)
{
	size_t left = p->expr.len - p->at;

	if (re2_peek(p, 1) != '?') {
		p->at++;
		open_group(p, true, STR(""));
		return true;
	}
	if (left > 4 && re2_peek(p, 2) == 'P' && re2_peek(p, 3) == '<')
		return parse_named_group(p, 4);
	if (left > 3 && re2_peek(p, 2) == '<')
		return parse_named_group(p, 3);
	return parse_flags(p);
}

/* --- repetitions -------------------------------------------------------------------- */

/* A number without leading zeros; UNBOUNDED when it is too large. *at is behind it. */
static bool parse_count(const struct parser *p, size_t *at, int *ret)
{
	size_t from = *at;
	int n = 0;

	while (*at < p->expr.len && p->expr.p[*at] >= '0' && p->expr.p[*at] <= '9') {
		n = n < 0 || n > 100 * RE2_REPEAT_MAX ? UNBOUNDED : n * 10 + (p->expr.p[*at] - '0');
		(*at)++;
	}
	*ret = n;
	return *at > from && (*at == from + 1 || p->expr.p[from] != '0');
}

/* counts = "{" number [ "," [ number ] ] "}". false: a brace that is just a brace. */
static bool parse_counts(struct parser *p, int *min, int *max, bool *too_large)
{
	size_t at = p->at + 1;

	if (!parse_count(p, &at, min))
		return false;
	*too_large = *min < 0;
	*max = *min;
	if (at < p->expr.len && p->expr.p[at] == ',') {
		at++;
		*max = UNBOUNDED;
		if (at < p->expr.len && p->expr.p[at] != '}') {
			if (!parse_count(p, &at, max))
				return false;
			*too_large |= *max < 0;
		}
	}
	if (at >= p->expr.len || p->expr.p[at] != '}')
		return false;
	p->at = at + 1;
	return true;
}

static void repeat_cost(struct cost *c, char op, int min, int max)
{
	int times = max < 0 ? min : max;

	c->height++;
	if (op != '{') {
		c->size = saturated(c->size + (op == '*' ? 2 : 1));
		return;
	}
	if (max < 0)
		c->size = saturated(min == 0 ? c->size + 2 : 1 + min * c->size);
	else
		c->size = saturated(max * c->size + max - min);
	if (c->size < 1)
		c->size = 1;
	if (max == 0)
		c->product = 1;
	else if (times > 0)
		c->product = saturated(c->product * times);
}

/* The operator at the place where the parser is, which goes behind it. *is_brace: a brace that is just
 * a brace. */
static bool parse_operator(struct parser *p, int *min, int *max, bool *is_brace)
{
	size_t from = p->at;
	bool too_large = false;

	*min = 0;
	*max = UNBOUNDED;
	*is_brace = false;
	if (re2_peek(p, 0) != '{') {
		p->at++;
		return true;
	}
	if (!parse_counts(p, min, max, &too_large)) {
		p->at++;
		*is_brace = true;
		return true;
	}
	if (too_large || *min > RE2_REPEAT_MAX || *max > RE2_REPEAT_MAX ||
		(*max >= 0 && *min > *max))
		return re2_fail(p, "invalid repeat count", from, p->at);
	return true;
}

/* repetition = ( "*" | "+" | "?" | counts ) [ "?" ]. last: where the one before it starts, if it
 * stands directly before. */
static bool parse_repeat(struct parser *p, const size_t *last)
{
	size_t from = p->at, op_end;
	char op = re2_peek(p, 0);
	bool lazy = p->flags.lazy, is_brace;
	struct frame *f = top(p);
	int min, max;

	if (!parse_operator(p, &min, &max, &is_brace))
		return false;
	if (is_brace)
		return re2_add_rune(p, '{');
	op_end = p->at;
	if (re2_peek(p, 0) == '?') {
		p->at++;
		lazy = !lazy;
	}
	if (last)
		return re2_fail(p, "invalid nested repetition operator", *last, p->at);
	if (!f->has_atom)
		return re2_fail(p, "missing argument to repetition operator", from, p->at);
	buf_add_str(p->out, str_sub(p->expr, from, op_end));
	if (lazy)
		buf_add_char(p->out, '?');
	repeat_cost(&f->atom, op, min, max);
	if (!check_cost(p, &f->atom))
		return false;
	if (op == '{' && (min >= 2 || max >= 2) && f->atom.product > RE2_REPEAT_MAX)
		return re2_fail(p, "invalid repeat count", from, p->at);
	return true;
}

/* --- the expression ------------------------------------------------------------------- */

static bool parse_vertical_bar(struct parser *p)
{
	branch_to_group(top(p));
	buf_add_char(p->out, '|');
	p->at++;
	return true;
}

static bool parse_atom(struct parser *p)
{
	switch (re2_peek(p, 0)) {
	case '(':
		return parse_group(p);
	case ')':
		return close_group(p);
	case '|':
		return parse_vertical_bar(p);
	case '^':
		return re2_add_atom(p, p->flags.multi_line ? "(?m:^)" : "(?:\\A)", 1);
	case '$':
		return re2_add_atom(p, p->flags.multi_line ? "(?m:$)" : "(?:\\z)", 1);
	case '.':
		return re2_add_atom(p, p->flags.dot_nl ? "[\\s\\S]" : "[^\\n]", 1);
	case '[':
		return re2_atom_class(p);
	case '\\':
		return re2_atom_backslash(p);
	default:
		return re2_atom_rune(p);
	}
}

/* expression = { atom [ repetition ] | "|" } */
static bool parse_expression(struct parser *p)
{
	bool after_repeat = false;
	size_t last_repeat = 0;
	struct cost cost;

	while (p->at < p->expr.len) {
		char c = re2_peek(p, 0);
		size_t from = p->at;

		if (c && strchr("*+?{", c)) {
			if (!parse_repeat(p, after_repeat ? &last_repeat : NULL))
				return false;
			/* A brace that is just a brace was taken alone, as an atom. */
			after_repeat = c != '{' || p->at > from + 1;
			last_repeat = from;
			continue;
		}
		if (!parse_atom(p))
			return false;
		after_repeat = false;
	}
	if (p->frames.n > 1)
		return re2_fail(p, "missing closing )", 0, p->expr.len);
	cost = close_branches(top(p));
	return check_cost(p, &cost);
}

bool re2_translate(struct str expr, struct buf *out, struct re2_names *names, struct error *err)
{
	struct parser p = {.expr = expr, .out = out, .names = names, .err = err};
	bool ok;

	if (expr.len > RE2_EXPR_MAX)
		return error_set(err, "error parsing regexp: expression too large: %zu bytes, at most %zu",
			expr.len, RE2_EXPR_MAX);
	vec_push(&p.frames, (struct frame){.branch = {.product = 1, .height = 1},
				    .group = {.product = 1, .height = 1}});
	ok = parse_expression(&p);
	vec_release(&p.frames);
	if (ok && out->full)
		return error_set(err, "error parsing regexp: expression too large");
	return ok;
}

void re2_names_release(struct re2_names *names)
{
	vec_release(names);
}
