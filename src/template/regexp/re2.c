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
#include "template/regexp/re2_class.h"

#include <stdio.h>

#define UNBOUNDED (-1)

/* What RE2's limits count; size and product are saturated. */
struct cost {
	int64_t size, product;
	unsigned height;
};

struct flags {
	bool fold, multi_line, dot_nl, lazy;
};

/* An open group, or the whole expression. */
struct frame {
	struct flags flags; /* before the group */
	bool captures;
	bool written_fold; /* PCRE2's state of (?i) when the group was opened */
	bool has_atom;     /* in the current branch: a quantifier has something to repeat */
	struct cost atom;  /* the last one */
	struct cost branch; /* the atoms of the current branch before it */
	size_t atoms;       /* of the current branch */
	struct cost group;  /* the branches before it */
	size_t branches;
};

struct parser {
	struct str expr;
	size_t at;
	struct flags flags;
	bool written_fold;
	struct buf *out;
	struct re2_names *names;
	VEC(struct frame) frames;
	struct error *err;
};

static bool fail(struct parser *p, const char *what, size_t from, size_t to)
{
	struct str part = str_sub(p->expr, from, to);

	return error_set(p->err, "error parsing regexp: %s: `%.*s`", what, STR_ARG(part));
}

static struct str rest(const struct parser *p)
{
	return str_sub(p->expr, p->at, p->expr.len);
}

static char peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->expr.len ? p->expr.p[p->at + ahead] : '\0';
}

static struct frame *top(struct parser *p)
{
	return &p->frames.v[p->frames.n - 1];
}

static bool next_rune(struct parser *p, uint32_t *ret)
{
	size_t width;
	uint32_t rune = utf8_decode(rest(p), &width);

	if (rune == RUNE_ERROR && width == 1)
		return fail(p, "invalid UTF-8", p->at, p->expr.len);
	p->at += width;
	*ret = rune;
	return true;
}

static bool check_utf8(struct parser *p, size_t from, size_t to)
{
	while (from < to) {
		size_t width;

		if (utf8_decode(str_sub(p->expr, from, to), &width) == RUNE_ERROR && width == 1)
			return fail(p, "invalid UTF-8", from, to);
		from += width;
	}
	return true;
}

/* --- costs --------------------------------------------------------------------- */

static int64_t saturated(int64_t v)
{
	return v > RE2_SIZE_MAX ? RE2_SIZE_MAX + 1 : v;
}

static bool check_cost(struct parser *p, const struct cost *c)
{
	if (c->size > RE2_SIZE_MAX)
		return fail(p, "expression too large", 0, p->expr.len);
	if (c->height > RE2_HEIGHT_MAX)
		return fail(p, "expression nests too deeply", 0, p->expr.len);
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
static bool push_atom(struct parser *p, struct cost cost)
{
	struct frame *f = top(p);

	atom_to_branch(f);
	f->atom = cost;
	f->has_atom = true;
	return check_cost(p, &cost);
}

static bool push_leaf(struct parser *p)
{
	return push_atom(p, (struct cost){.size = 1, .product = 1, .height = 1});
}

/* --- atoms ----------------------------------------------------------------------- */

static void write_fold(struct parser *p)
{
	if (p->written_fold == p->flags.fold)
		return;
	buf_add_cstr(p->out, p->flags.fold ? "(?i)" : "(?-i)");
	p->written_fold = p->flags.fold;
}

static bool add_rune(struct parser *p, uint32_t rune)
{
	write_fold(p);
	if (utf8_valid_rune(rune))
		buf_add_fmt(p->out, "\\x{%x}", rune);
	else
		buf_add_cstr(p->out, "(?:(?!))"); /* a surrogate stands in no text */
	return push_leaf(p);
}

static bool add_atom(struct parser *p, const char *pcre, size_t length)
{
	buf_add_cstr(p->out, pcre);
	p->at += length;
	return push_leaf(p);
}

static bool is_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

static int hex_value(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)c - '0';
	if (c >= 'a' && c <= 'f')
		return (int)c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return (int)c - 'A' + 10;
	return -1;
}

/* hex = "{" hexdigit { hexdigit } "}" | hexdigit hexdigit */
static bool parse_hex(struct parser *p, size_t from, uint32_t *ret)
{
	uint32_t c, rune = 0;
	int x, y;

	if (p->at == p->expr.len)
		return fail(p, "invalid escape sequence", from, p->at);
	if (!next_rune(p, &c))
		return false;
	if (c == '{') {
		for (size_t digits = 0;; digits++) {
			if (p->at == p->expr.len)
				return fail(p, "invalid escape sequence", from, p->at);
			if (!next_rune(p, &c))
				return false;
			if (c == '}' && digits > 0)
				break;
			if (hex_value(c) < 0)
				return fail(p, "invalid escape sequence", from, p->at);
			rune = rune * 16 + (uint32_t)hex_value(c);
			if (rune > RUNE_MAX)
				return fail(p, "invalid escape sequence", from, p->at);
		}
		*ret = rune;
		return true;
	}
	x = hex_value(c);
	if (p->at == p->expr.len)
		/* An empty rest decodes as an invalid rune of width 0, which is no UTF-8 error. */
		return fail(p, "invalid escape sequence", from, p->at);
	if (!next_rune(p, &c))
		return false;
	y = hex_value(c);
	if (x < 0 || y < 0)
		return fail(p, "invalid escape sequence", from, p->at);
	*ret = (uint32_t)(x * 16 + y);
	return true;
}

static uint32_t parse_octal(struct parser *p, uint32_t first)
{
	uint32_t rune = first - '0';

	for (int i = 1; i < 3 && is_octal(peek(p, 0)); i++)
		rune = rune * 8 + (uint32_t)(p->expr.p[p->at++] - '0');
	return rune;
}

/* escape = "\" ( punctuation | octal | "x" hex | "a" | "f" | "n" | "r" | "t" | "v" ) */
static bool parse_escape(struct parser *p, uint32_t *ret)
{
	static const char letters[] = "afnrtv", runes[] = "\a\f\n\r\t\v";
	size_t from = p->at++;
	const char *letter;
	uint32_t c;

	if (p->at == p->expr.len)
		return fail(p, "trailing backslash at end of expression", p->at, p->at);
	if (!next_rune(p, &c))
		return false;
	if (c == 'x')
		return parse_hex(p, from, ret);
	if (c == '0' || (c >= '1' && c <= '7' && is_octal(peek(p, 0)))) {
		*ret = parse_octal(p, c);
		return true;
	}
	letter = c && c < 0x80 ? strchr(letters, (int)c) : NULL;
	if (letter)
		*ret = (unsigned char)runes[letter - letters];
	else if (c < 0x80 && !is_alnum(c))
		*ret = c;
	else
		return fail(p, "invalid escape sequence", from, p->at);
	return true;
}

/* --- classes ----------------------------------------------------------------------- */

/* \pN, \p{Name}, \P…, \p{^Name}: written as part of a class. */
static bool parse_unicode_class(struct parser *p)
{
	size_t from = p->at, end;
	bool negated = peek(p, 1) == 'P';
	struct str name;
	uint32_t c;

	p->at += 2;
	if (p->at == p->expr.len)
		return fail(p, "invalid character class range", from, p->at);
	if (!next_rune(p, &c))
		return false;
	if (c == '{') {
		ssize_t close = str_chr(rest(p), '}');

		if (close < 0)
			return check_utf8(p, from, p->expr.len) &&
				fail(p, "invalid character class range", from, p->expr.len);
		end = p->at + (size_t)close;
		name = str_sub(p->expr, p->at, end);
		if (!check_utf8(p, p->at, end))
			return false;
		p->at = end + 1;
	} else {
		name = str_sub(p->expr, from + 2, p->at);
	}
	if (name.len && name.p[0] == '^') {
		negated = !negated;
		name = str_sub(name, 1, name.len);
	}
	if (!re2_class_add_unicode(p->out, name, negated))
		return fail(p, "invalid character class range", from, p->at);
	return true;
}

/* A class that stands for itself inside or outside brackets. *ret: there was one. */
static bool parse_class_escape(struct parser *p, bool *ret)
{
	*ret = false;
	if (peek(p, 0) != '\\' || p->at + 1 >= p->expr.len)
		return true;
	if (peek(p, 1) == 'p' || peek(p, 1) == 'P') {
		*ret = true;
		return parse_unicode_class(p);
	}
	if (re2_class_add_named(p->out, str_sub(p->expr, p->at, p->at + 2), p->flags.fold)) {
		*ret = true;
		p->at += 2;
	}
	return true;
}

/* [:name:] within brackets. *ret: there was one. */
static bool parse_posix_class(struct parser *p, bool *ret)
{
	struct str name;
	ssize_t end;

	*ret = false;
	if (peek(p, 0) != '[' || peek(p, 1) != ':' || p->at + 2 >= p->expr.len)
		return true;
	end = str_find(str_sub(p->expr, p->at + 2, p->expr.len), STR(":]"));
	if (end < 0)
		return true;
	name = str_sub(p->expr, p->at, p->at + (size_t)end + 4);
	if (!re2_class_add_named(p->out, name, p->flags.fold))
		return fail(p, "invalid character class range", p->at, p->at + name.len);
	p->at += name.len;
	*ret = true;
	return true;
}

static bool parse_class_rune(struct parser *p, size_t class_from, uint32_t *ret)
{
	if (p->at == p->expr.len)
		return fail(p, "missing closing ]", class_from, p->expr.len);
	if (peek(p, 0) == '\\')
		return parse_escape(p, ret);
	return next_rune(p, ret);
}

/* range = rune [ "-" rune ] */
static bool parse_class_range(struct parser *p, size_t class_from)
{
	size_t from = p->at;
	uint32_t lo, hi;

	if (!parse_class_rune(p, class_from, &lo))
		return false;
	hi = lo;
	if (peek(p, 0) == '-' && p->at + 1 < p->expr.len && peek(p, 1) != ']') {
		p->at++;
		if (!parse_class_rune(p, class_from, &hi))
			return false;
		if (hi < lo)
			return fail(p, "invalid character class range", from, p->at);
	}
	re2_class_add_range(p->out, lo, hi);
	return true;
}

/* class = "[" [ "^" ] { range | posix class | class escape } "]" */
static bool parse_class(struct parser *p)
{
	size_t from = p->at++, items;
	bool negated = peek(p, 0) == '^', done;

	write_fold(p);
	buf_add_cstr(p->out, negated ? "[^" : "[");
	items = p->out->len;
	p->at += negated;
	for (bool first = true; p->at == p->expr.len || peek(p, 0) != ']' || first; first = false) {
		if (!parse_posix_class(p, &done))
			return false;
		if (!done && !parse_class_escape(p, &done))
			return false;
		if (!done && !parse_class_range(p, from))
			return false;
	}
	p->at++;
	if (p->out->len == items) {
		/* Only surrogates: matches nothing, or anything. */
		p->out->len -= negated ? 2 : 1;
		buf_add_cstr(p->out, negated ? "[\\s\\S]" : "(?:(?!))");
	} else {
		buf_add_char(p->out, ']');
	}
	return push_leaf(p);
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
		return fail(p, "unexpected )", 0, p->expr.len);
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
	return push_atom(p, cost);
}

/* named group = "(?P<" name ">" | "(?<" name ">"; the part before the name is length bytes. */
static bool parse_named_group(struct parser *p, size_t length)
{
	size_t from = p->at, end;
	ssize_t close = str_chr(rest(p), '>');
	struct str name;

	if (close < 0)
		return check_utf8(p, from, p->expr.len) &&
			fail(p, "invalid named capture", from, p->expr.len);
	end = from + (size_t)close;
	if (!check_utf8(p, from + length, end))
		return false;
	name = str_sub(p->expr, from + length, end);
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] != '_' && !is_alnum((unsigned char)name.p[i]))
			name.len = 0;
	if (name.len == 0)
		return fail(p, "invalid named capture", from, end + 1);
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

		if (!next_rune(p, &c))
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
	return fail(p, "invalid or unsupported Perl syntax", from, p->at);
}

static bool parse_group(struct parser *p)
{
	size_t left = p->expr.len - p->at;

	if (peek(p, 1) != '?') {
		p->at++;
		open_group(p, true, STR(""));
		return true;
	}
	if (left > 4 && peek(p, 2) == 'P' && peek(p, 3) == '<')
		return parse_named_group(p, 4);
	if (left > 3 && peek(p, 2) == '<')
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

/* repetition = ( "*" | "+" | "?" | counts ) [ "?" ]. last: where the one before it starts, if it
 * stands directly before. */
static bool parse_repeat(struct parser *p, const size_t *last)
{
	size_t from = p->at, op_end;
	char op = peek(p, 0);
	bool too_large = false, lazy = p->flags.lazy;
	struct frame *f = top(p);
	int min = 0, max = UNBOUNDED;

	if (op != '{')
		p->at++;
	else if (!parse_counts(p, &min, &max, &too_large))
		return p->at++, add_rune(p, '{');
	if (too_large || min > RE2_REPEAT_MAX || max > RE2_REPEAT_MAX || (max >= 0 && min > max))
		return fail(p, "invalid repeat count", from, p->at);
	op_end = p->at;
	if (peek(p, 0) == '?') {
		p->at++;
		lazy = !lazy;
	}
	if (last)
		return fail(p, "invalid nested repetition operator", *last, p->at);
	if (!f->has_atom)
		return fail(p, "missing argument to repetition operator", from, p->at);
	buf_add_str(p->out, str_sub(p->expr, from, op_end));
	if (lazy)
		buf_add_char(p->out, '?');
	repeat_cost(&f->atom, op, min, max);
	if (!check_cost(p, &f->atom))
		return false;
	if (op == '{' && (min >= 2 || max >= 2) && f->atom.product > RE2_REPEAT_MAX)
		return fail(p, "invalid repeat count", from, p->at);
	return true;
}

/* --- the expression ------------------------------------------------------------------- */

/* \Q text \E */
static bool parse_quoted(struct parser *p)
{
	ssize_t length;
	size_t end;

	p->at += 2;
	length = str_find(rest(p), STR("\\E"));
	end = length < 0 ? p->expr.len : p->at + (size_t)length;
	while (p->at < end) {
		uint32_t c;

		if (!next_rune(p, &c) || !add_rune(p, c))
			return false;
	}
	if (length >= 0)
		p->at += 2;
	return true;
}

static bool parse_backslash(struct parser *p)
{
	size_t before = p->out->len;
	bool fold_before = p->written_fold, done;
	uint32_t rune;

	switch (peek(p, 1)) {
	case 'A':
		return add_atom(p, "(?:\\A)", 2);
	case 'b':
		return add_atom(p, "(?:\\b)", 2);
	case 'B':
		return add_atom(p, "(?:\\B)", 2);
	case 'z':
		return add_atom(p, "(?:\\z)", 2);
	case 'Q':
		return parse_quoted(p);
	default:
		break;
	}
	write_fold(p);
	buf_add_char(p->out, '[');
	if (!parse_class_escape(p, &done))
		return false;
	if (done) {
		buf_add_char(p->out, ']');
		return push_leaf(p);
	}
	p->out->len = before;
	p->written_fold = fold_before;
	return parse_escape(p, &rune) && add_rune(p, rune);
}

static bool parse_vertical_bar(struct parser *p)
{
	branch_to_group(top(p));
	buf_add_char(p->out, '|');
	p->at++;
	return true;
}

static bool parse_rune(struct parser *p)
{
	uint32_t rune;

	return next_rune(p, &rune) && add_rune(p, rune);
}

static bool parse_atom(struct parser *p)
{
	switch (peek(p, 0)) {
	case '(':
		return parse_group(p);
	case ')':
		return close_group(p);
	case '|':
		return parse_vertical_bar(p);
	case '^':
		return add_atom(p, p->flags.multi_line ? "(?m:^)" : "(?:\\A)", 1);
	case '$':
		return add_atom(p, p->flags.multi_line ? "(?m:$)" : "(?:\\z)", 1);
	case '.':
		return add_atom(p, p->flags.dot_nl ? "[\\s\\S]" : "[^\\n]", 1);
	case '[':
		return parse_class(p);
	case '\\':
		return parse_backslash(p);
	default:
		return parse_rune(p);
	}
}

/* expression = { atom [ repetition ] | "|" } */
static bool parse_expression(struct parser *p)
{
	bool after_repeat = false;
	size_t last_repeat = 0;
	struct cost cost;

	while (p->at < p->expr.len) {
		char c = peek(p, 0);
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
		return fail(p, "missing closing )", 0, p->expr.len);
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
