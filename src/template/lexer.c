/* SPDX-License-Identifier: MIT
 *
 * The scanner, see lexer.h. Each scan_x function scans one lexical element that begins at start
 * and gives its token; lexer_next goes on until there is one.
 */
#include "config.h"

#include "template/lexer.h"

#include "template/format/unicode.h"
#include "template/lexer_cursor.h"

#define LEFT_DELIM    STR("{{")
#define RIGHT_DELIM   STR("}}")
#define LEFT_COMMENT  STR("/*")
#define RIGHT_COMMENT STR("*/")
/* A trim marker is a minus and a space. */
#define TRIM_LEN 2

struct keyword {
	struct str name;
	enum token_kind kind;
};

static const struct keyword keywords[] = {
	{STR_INIT("block"), TOKEN_BLOCK},
	{STR_INIT("break"), TOKEN_BREAK},
	{STR_INIT("continue"), TOKEN_CONTINUE},
	{STR_INIT("define"), TOKEN_DEFINE},
	{STR_INIT("else"), TOKEN_ELSE},
	{STR_INIT("end"), TOKEN_END},
	{STR_INIT("false"), TOKEN_BOOL},
	{STR_INIT("if"), TOKEN_IF},
	{STR_INIT("nil"), TOKEN_NIL},
	{STR_INIT("range"), TOKEN_RANGE},
	{STR_INIT("template"), TOKEN_TEMPLATE},
	{STR_INIT("true"), TOKEN_BOOL},
	{STR_INIT("with"), TOKEN_WITH},
};

/* One ASCII character that is a token by itself. */
static const struct {
	char c;
	enum token_kind kind;
} single[] = {{'=', TOKEN_ASSIGN}, {'|', TOKEN_PIPE}};

void lexer_init(struct lexer *lx, struct arena *arena, struct str text)
{
	*lx = (struct lexer){.arena = arena, .input = text, .line = 1, .start_line = 1};
}

static bool is_space(uint32_t r)
{
	return r == ' ' || r == '\t' || r == '\r' || r == '\n';
}

static bool is_alphanumeric(uint32_t r)
{
	if (r < 0x80)
		return r == '_' || (r >= '0' && r <= '9') ||
		       ((r | 0x20) >= 'a' && (r | 0x20) <= 'z');
	return r != CURSOR_END && (rune_is_letter(r) || rune_is_digit(r));
}

static bool has_left_trim(struct str s)
{
	return s.len >= TRIM_LEN && s.p[0] == '-' && is_space((unsigned char)s.p[1]);
}

static bool has_right_trim(struct str s)
{
	return s.len >= TRIM_LEN && is_space((unsigned char)s.p[0]) && s.p[1] == '-';
}

/* Whether a closing delimiter begins at s, and if so whether with a trim marker. */
static bool at_right_delim(struct str s, bool *trim)
{
	*trim = has_right_trim(s) && str_has_prefix(str_sub(s, TRIM_LEN, s.len), RIGHT_DELIM);
	return *trim || str_has_prefix(s, RIGHT_DELIM);
}

static size_t trailing_space(struct str s)
{
	size_t n = 0;

	while (n < s.len && is_space((unsigned char)s.p[s.len - n - 1]))
		n++;
	return n;
}

static size_t leading_space(struct str s)
{
	size_t n = 0;

	while (n < s.len && is_space((unsigned char)s.p[n]))
		n++;
	return n;
}

/* A comment, with its delimiters; pos is at its slash. True if it was whole and is skipped. */
static bool skip_comment(struct lexer *lx, struct token *error)
{
	ssize_t end;
	bool trim;

	lx->pos += LEFT_COMMENT.len;
	end = str_find(cursor_rest(lx), RIGHT_COMMENT);
	if (end < 0) {
		*error = cursor_fail(lx, STR("unclosed comment"));
		return false;
	}
	lx->pos += (size_t)end + RIGHT_COMMENT.len;
	if (!at_right_delim(cursor_rest(lx), &trim)) {
		*error = cursor_fail(lx, STR("comment ends before closing delimiter"));
		return false;
	}
	if (trim)
		lx->pos += TRIM_LEN;
	lx->pos += RIGHT_DELIM.len;
	if (trim)
		lx->pos += leading_space(cursor_rest(lx));
	cursor_skip(lx);
	return true;
}

/* An opening delimiter, which is there. False if a comment was skipped instead. */
static bool scan_left_delim(struct lexer *lx, struct token *t)
{
	size_t marker;

	lx->pos += LEFT_DELIM.len;
	marker = has_left_trim(cursor_rest(lx)) ? TRIM_LEN : 0;
	if (str_has_prefix(str_sub(lx->input, lx->pos + marker, lx->input.len), LEFT_COMMENT)) {
		lx->pos += marker;
		cursor_skip(lx);
		return !skip_comment(lx, t);
	}
	*t = cursor_take(lx, TOKEN_LEFT_DELIM);
	lx->inside = true;
	lx->parens = 0;
	lx->pos += marker;
	cursor_skip(lx);
	return true;
}

/* Text up to the next action or the end. False if nothing is left of it; pos is at an action. */
static bool scan_text(struct lexer *lx, struct token *t)
{
	ssize_t found = str_find(cursor_rest(lx), LEFT_DELIM);
	size_t trimmed = 0;

	if (found == 0)
		return false;
	lx->pos = found < 0 ? lx->input.len : lx->pos + (size_t)found;
	if (found > 0 && has_left_trim(str_sub(lx->input, lx->pos + LEFT_DELIM.len, lx->input.len)))
		trimmed = trailing_space(str_sub(lx->input, lx->start, lx->pos));
	lx->pos -= trimmed;
	cursor_count_lines(lx);
	*t = cursor_take(lx, TOKEN_TEXT);
	lx->pos += trimmed;
	cursor_skip(lx);
	return t->text.len > 0;
}

/* A closing delimiter, which is there. */
static struct token scan_right_delim(struct lexer *lx, bool trim)
{
	struct token t;

	if (trim) {
		lx->pos += TRIM_LEN;
		cursor_skip(lx);
	}
	lx->pos += RIGHT_DELIM.len;
	t = cursor_take(lx, TOKEN_RIGHT_DELIM);
	if (trim) {
		lx->pos += leading_space(cursor_rest(lx));
		cursor_skip(lx);
	}
	lx->inside = false;
	return t;
}

/* A run of space. Its last character may belong to a closing delimiter with a trim marker. */
static struct token scan_space(struct lexer *lx)
{
	size_t n = leading_space(cursor_rest(lx));
	bool trim;

	if (at_right_delim(str_sub(lx->input, lx->pos + n - 1, lx->input.len), &trim) && trim) {
		if (n == 1)
			return scan_right_delim(lx, true);
		n--;
	}
	lx->pos += n;
	cursor_count_lines(lx);
	return cursor_take(lx, TOKEN_SPACE);
}

/* Whether a name may end here: `$x+2` may not go on without a space. */
static bool at_terminator(struct lexer *lx)
{
	uint32_t r = cursor_peek(lx);

	if (is_space(r) || r == CURSOR_END || (r && r < 0x80 && strchr(".,|:)(", (int)r)))
		return true;
	return str_has_prefix(cursor_rest(lx), RIGHT_DELIM);
}

/* A word: keyword, true, false or the name of a function. */
static struct token scan_word(struct lexer *lx)
{
	struct token t;
	uint32_t r;

	while (is_alphanumeric(r = cursor_next(lx)))
		;
	cursor_back(lx);
	if (!at_terminator(lx))
		return cursor_fail_rune(lx, "bad character", r);
	t = cursor_take(lx, TOKEN_IDENTIFIER);
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		if (str_eq(t.text, keywords[i].name))
			t.kind = keywords[i].kind;
	return t;
}

/* A field or variable whose "." or "$" has been taken. */
static struct token scan_name(struct lexer *lx, enum token_kind kind)
{
	uint32_t r;

	if (at_terminator(lx))
		return cursor_take(lx, kind == TOKEN_FIELD ? TOKEN_DOT : kind);
	while (is_alphanumeric(r = cursor_next(lx)))
		;
	cursor_back(lx);
	if (!at_terminator(lx))
		return cursor_fail_rune(lx, "bad character", r);
	return cursor_take(lx, kind);
}

/* A constant in quotes, the first of which has been taken. */
static struct token scan_quoted(
	struct lexer *lx, uint32_t quote, enum token_kind kind, struct str unterminated)
{
	for (;;) {
		uint32_t r = cursor_next(lx);

		if (r == quote)
			return cursor_take(lx, kind);
		if (r == '\\')
			r = cursor_next(lx);
		if (r == CURSOR_END || r == '\n')
			return cursor_fail(lx, unterminated);
	}
}

static struct token scan_raw_string(struct lexer *lx)
{
	uint32_t r;

	while ((r = cursor_next(lx)) != '`')
		if (r == CURSOR_END)
			return cursor_fail(lx, STR("unterminated raw quoted string"));
	return cursor_take(lx, TOKEN_RAW_STRING);
}

/* One number: more is accepted than is one ("0x0.2", "089", "."); its value is read later. */
static bool skip_number(struct lexer *lx)
{
	const char *digits = "0123456789_";
	bool decimal = true, hex = false;

	cursor_accept(lx, "+-");
	if (cursor_accept(lx, "0")) {
		if (cursor_accept(lx, "xX")) {
			digits = "0123456789abcdefABCDEF_";
			decimal = false;
			hex = true;
		} else if (cursor_accept(lx, "oO")) {
			digits = "01234567_";
			decimal = false;
		} else if (cursor_accept(lx, "bB")) {
			digits = "01_";
			decimal = false;
		}
	}
	cursor_accept_run(lx, digits);
	if (cursor_accept(lx, "."))
		cursor_accept_run(lx, digits);
	if ((decimal && cursor_accept(lx, "eE")) || (hex && cursor_accept(lx, "pP"))) {
		cursor_accept(lx, "+-");
		cursor_accept_run(lx, "0123456789_");
	}
	cursor_accept(lx, "i");
	if (is_alphanumeric(cursor_peek(lx))) {
		cursor_next(lx);
		return false;
	}
	return true;
}

static struct token scan_number(struct lexer *lx)
{
	uint32_t sign;

	if (!skip_number(lx))
		return cursor_fail_quoted(lx, "bad number syntax: ");
	sign = cursor_peek(lx);
	if (sign != '+' && sign != '-')
		return cursor_take(lx, TOKEN_NUMBER);
	if (!skip_number(lx) || lx->input.p[lx->pos - 1] != 'i')
		return cursor_fail_quoted(lx, "bad number syntax: ");
	return cursor_take(lx, TOKEN_COMPLEX);
}

static struct token scan_paren(struct lexer *lx, uint32_t r)
{
	if (r == '(') {
		lx->parens++;
		return cursor_take(lx, TOKEN_LEFT_PAREN);
	}
	lx->parens--;
	if (lx->parens < 0)
		return cursor_fail(lx, STR("unexpected right paren"));
	return cursor_take(lx, TOKEN_RIGHT_PAREN);
}

/* What is left: ":=", characters that are tokens, and those that may not occur. */
static struct token scan_other(struct lexer *lx, uint32_t r)
{
	if (r == ':') {
		if (cursor_next(lx) != '=')
			return cursor_fail(lx, STR("expected :="));
		return cursor_take(lx, TOKEN_DECLARE);
	}
	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		if (r == (unsigned char)single[i].c)
			return cursor_take(lx, single[i].kind);
	if (r < 0x7f && rune_is_print(r))
		return cursor_take(lx, TOKEN_CHAR);
	return cursor_fail_rune(lx, "unrecognized character in action:", r);
}

/* A number begins with a digit, a sign, or a dot before a digit (or at the very end). */
static bool begins_number(const struct lexer *lx, uint32_t r)
{
	if (r == '.')
		return lx->pos >= lx->input.len ||
		       (lx->input.p[lx->pos] >= '0' && lx->input.p[lx->pos] <= '9');
	return r == '+' || r == '-' || (r >= '0' && r <= '9');
}

static struct token scan_action(struct lexer *lx)
{
	uint32_t r;
	bool trim;

	if (at_right_delim(cursor_rest(lx), &trim))
		return lx->parens ? cursor_fail(lx, STR("unclosed left paren"))
				  : scan_right_delim(lx, trim);
	r = cursor_next(lx);
	if (r == CURSOR_END)
		return cursor_fail(lx, STR("unclosed action"));
	if (is_space(r)) {
		cursor_back(lx);
		return scan_space(lx);
	}
	if (r == '"')
		return scan_quoted(lx, r, TOKEN_STRING, STR("unterminated quoted string"));
	if (r == '\'')
		return scan_quoted(
			lx, r, TOKEN_CHAR_CONSTANT, STR("unterminated character constant"));
	if (r == '`')
		return scan_raw_string(lx);
	if (r == '$')
		return scan_name(lx, TOKEN_VARIABLE);
	if (begins_number(lx, r)) {
		cursor_back(lx);
		return scan_number(lx);
	}
	if (r == '.')
		return scan_name(lx, TOKEN_FIELD);
	if (is_alphanumeric(r)) {
		cursor_back(lx);
		return scan_word(lx);
	}
	if (r == '(' || r == ')')
		return scan_paren(lx, r);
	return scan_other(lx, r);
}

struct token lexer_next(struct lexer *lx)
{
	struct token t = {.kind = TOKEN_EOF, .pos = (uint32_t)lx->pos, .line = lx->start_line};

	if (lx->inside)
		return scan_action(lx);
	while (lx->pos < lx->input.len) {
		if (scan_text(lx, &t) || scan_left_delim(lx, &t))
			return t;
	}
	return cursor_take(lx, TOKEN_EOF);
}
