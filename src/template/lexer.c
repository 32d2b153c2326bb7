/* SPDX-License-Identifier: MIT
 *
 * The scanner, see lexer.h. Each scan_x function scans one lexical element that begins at start
 * and gives its token; lexer_next goes on until there is one.
 *
 * Invariant: start <= pos <= input.len; start_line is the line of start, line that of pos.
 */
#include "config.h"

#include "template/lexer.h"

#include "base/utf8.h"
#include "template/format/quote.h"
#include "template/format/unicode.h"

#define LEFT_DELIM    STR("{{")
#define RIGHT_DELIM   STR("}}")
#define LEFT_COMMENT  STR("/*")
#define RIGHT_COMMENT STR("*/")
/* A trim marker is a minus and a space. */
#define TRIM_LEN 2

/* What next_rune gives at the end of the input; no code point. */
#define END_OF_INPUT UINT32_MAX

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
	return r != END_OF_INPUT && (rune_is_letter(r) || rune_is_digit(r));
}

/* The input from pos on. */
static struct str rest(const struct lexer *lx)
{
	return str_sub(lx->input, lx->pos, lx->input.len);
}

static uint32_t next_rune(struct lexer *lx)
{
	size_t width;
	uint32_t r;

	if (lx->pos >= lx->input.len) {
		lx->at_eof = true;
		return END_OF_INPUT;
	}
	r = utf8_decode(rest(lx), &width);
	lx->pos += width;
	if (r == '\n')
		lx->line++;
	return r;
}

/* Puts the last rune back. Once the end of the input has been looked at, pos stays. */
static void back_up(struct lexer *lx)
{
	size_t width;

	if (lx->at_eof || lx->pos == 0)
		return;
	if (utf8_decode_last(str_sub(lx->input, 0, lx->pos), &width) == '\n')
		lx->line--;
	lx->pos -= width;
}

static uint32_t peek_rune(struct lexer *lx)
{
	uint32_t r = next_rune(lx);

	back_up(lx);
	return r;
}

/* Takes the next rune if it is one of set. */
static bool accept(struct lexer *lx, const char *set)
{
	uint32_t r = next_rune(lx);

	if (r && r < 0x80 && strchr(set, (int)r))
		return true;
	back_up(lx);
	return false;
}

static void accept_run(struct lexer *lx, const char *set)
{
	while (accept(lx, set))
		;
}

static uint32_t count_lines(struct str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.p[i] == '\n';
	return n;
}

/* What was scanned since start, as a token; the next one starts here. */
static struct token take(struct lexer *lx, enum token_kind kind)
{
	struct token t = {
		kind, (uint32_t)lx->start, lx->start_line, str_sub(lx->input, lx->start, lx->pos)};

	lx->start = lx->pos;
	lx->start_line = lx->line;
	return t;
}

/* Drops what lies between start and pos, whose lines were not counted yet. */
static void skip(struct lexer *lx)
{
	lx->line += count_lines(str_sub(lx->input, lx->start, lx->pos));
	lx->start = lx->pos;
	lx->start_line = lx->line;
}

/* An error token; nothing comes after it. */
static struct token fail(struct lexer *lx, struct str message)
{
	struct token t = {TOKEN_ERROR, (uint32_t)lx->start, lx->start_line, message};

	lx->input.len = lx->pos = lx->start = 0;
	return t;
}

/* message, then the rune as "U+0040 '@'" (without the character if it is not printable). */
static struct token fail_rune(struct lexer *lx, const char *message, uint32_t r)
{
	char utf8[UTF8_MAX];

	if (!rune_is_print(r))
		return fail(lx, arena_fmt(lx->arena, "%s U+%04X", message, r));
	return fail(lx, arena_fmt(lx->arena, "%s U+%04X '%.*s'", message, r,
				(int)utf8_encode(r, utf8), utf8));
}

/* message, then what was scanned, quoted. */
static struct token fail_quoted(struct lexer *lx, const char *message)
{
	struct str text;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, message);
	quote_add(&b, str_sub(lx->input, lx->start, lx->pos), QUOTE_PRINT);
	text = arena_str(lx->arena, buf_str(&b));
	buf_release(&b);
	return fail(lx, text);
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
	end = str_find(rest(lx), RIGHT_COMMENT);
	if (end < 0) {
		*error = fail(lx, STR("unclosed comment"));
		return false;
	}
	lx->pos += (size_t)end + RIGHT_COMMENT.len;
	if (!at_right_delim(rest(lx), &trim)) {
		*error = fail(lx, STR("comment ends before closing delimiter"));
		return false;
	}
	if (trim)
		lx->pos += TRIM_LEN;
	lx->pos += RIGHT_DELIM.len;
	if (trim)
		lx->pos += leading_space(rest(lx));
	skip(lx);
	return true;
}

/* An opening delimiter, which is there. False if a comment was skipped instead. */
static bool scan_left_delim(struct lexer *lx, struct token *t)
{
	size_t marker;

	lx->pos += LEFT_DELIM.len;
	marker = has_left_trim(rest(lx)) ? TRIM_LEN : 0;
	if (str_has_prefix(str_sub(lx->input, lx->pos + marker, lx->input.len), LEFT_COMMENT)) {
		lx->pos += marker;
		skip(lx);
		return !skip_comment(lx, t);
	}
	*t = take(lx, TOKEN_LEFT_DELIM);
	lx->inside = true;
	lx->parens = 0;
	lx->pos += marker;
	skip(lx);
	return true;
}

/* Text up to the next action or the end. False if nothing is left of it; pos is at an action. */
static bool scan_text(struct lexer *lx, struct token *t)
{
	ssize_t found = str_find(rest(lx), LEFT_DELIM);
	size_t trimmed = 0;

	if (found == 0)
		return false;
	lx->pos = found < 0 ? lx->input.len : lx->pos + (size_t)found;
	if (found > 0 && has_left_trim(str_sub(lx->input, lx->pos + LEFT_DELIM.len, lx->input.len)))
		trimmed = trailing_space(str_sub(lx->input, lx->start, lx->pos));
	lx->pos -= trimmed;
	lx->line += count_lines(str_sub(lx->input, lx->start, lx->pos));
	*t = take(lx, TOKEN_TEXT);
	lx->pos += trimmed;
	skip(lx);
	return t->text.len > 0;
}

/* A closing delimiter, which is there. */
static struct token scan_right_delim(struct lexer *lx, bool trim)
{
	struct token t;

	if (trim) {
		lx->pos += TRIM_LEN;
		skip(lx);
	}
	lx->pos += RIGHT_DELIM.len;
	t = take(lx, TOKEN_RIGHT_DELIM);
	if (trim) {
		lx->pos += leading_space(rest(lx));
		skip(lx);
	}
	lx->inside = false;
	return t;
}

/* A run of space. Its last character may belong to a closing delimiter with a trim marker. */
static struct token scan_space(struct lexer *lx)
{
	size_t n = leading_space(rest(lx));
	bool trim;

	if (at_right_delim(str_sub(lx->input, lx->pos + n - 1, lx->input.len), &trim) && trim) {
		if (n == 1)
			return scan_right_delim(lx, true);
		n--;
	}
	lx->pos += n;
	lx->line += count_lines(str_sub(lx->input, lx->start, lx->pos));
	return take(lx, TOKEN_SPACE);
}

/* Whether a name may end here: `$x+2` may not go on without a space. */
static bool at_terminator(struct lexer *lx)
{
	uint32_t r = peek_rune(lx);

	if (is_space(r) || r == END_OF_INPUT || (r && r < 0x80 && strchr(".,|:)(", (int)r)))
		return true;
	return str_has_prefix(rest(lx), RIGHT_DELIM);
}

/* A word: keyword, true, false or the name of a function. */
static struct token scan_word(struct lexer *lx)
{
	struct token t;
	uint32_t r;

	while (is_alphanumeric(r = next_rune(lx)))
		;
	back_up(lx);
	if (!at_terminator(lx))
		return fail_rune(lx, "bad character", r);
	t = take(lx, TOKEN_IDENTIFIER);
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
		return take(lx, kind == TOKEN_FIELD ? TOKEN_DOT : kind);
	while (is_alphanumeric(r = next_rune(lx)))
		;
	back_up(lx);
	if (!at_terminator(lx))
		return fail_rune(lx, "bad character", r);
	return take(lx, kind);
}

/* A constant in quotes, the first of which has been taken. */
static struct token scan_quoted(
	struct lexer *lx, uint32_t quote, enum token_kind kind, struct str unterminated)
{
	for (;;) {
		uint32_t r = next_rune(lx);

		if (r == quote)
			return take(lx, kind);
		if (r == '\\')
			r = next_rune(lx);
		if (r == END_OF_INPUT || r == '\n')
			return fail(lx, unterminated);
	}
}

static struct token scan_raw_string(struct lexer *lx)
{
	uint32_t r;

	while ((r = next_rune(lx)) != '`')
		if (r == END_OF_INPUT)
			return fail(lx, STR("unterminated raw quoted string"));
	return take(lx, TOKEN_RAW_STRING);
}

/* One number: more is accepted than is one ("0x0.2", "089", "."); its value is read later. */
static bool skip_number(struct lexer *lx)
{
	const char *digits = "0123456789_";
	bool decimal = true, hex = false;

	accept(lx, "+-");
	if (accept(lx, "0")) {
		if (accept(lx, "xX")) {
			digits = "0123456789abcdefABCDEF_";
			decimal = false;
			hex = true;
		} else if (accept(lx, "oO")) {
			digits = "01234567_";
			decimal = false;
		} else if (accept(lx, "bB")) {
			digits = "01_";
			decimal = false;
		}
	}
	accept_run(lx, digits);
	if (accept(lx, "."))
		accept_run(lx, digits);
	if ((decimal && accept(lx, "eE")) || (hex && accept(lx, "pP"))) {
		accept(lx, "+-");
		accept_run(lx, "0123456789_");
	}
	accept(lx, "i");
	if (is_alphanumeric(peek_rune(lx))) {
		next_rune(lx);
		return false;
	}
	return true;
}

static struct token scan_number(struct lexer *lx)
{
	uint32_t sign;

	if (!skip_number(lx))
		return fail_quoted(lx, "bad number syntax: ");
	sign = peek_rune(lx);
	if (sign != '+' && sign != '-')
		return take(lx, TOKEN_NUMBER);
	if (!skip_number(lx) || lx->input.p[lx->pos - 1] != 'i')
		return fail_quoted(lx, "bad number syntax: ");
	return take(lx, TOKEN_COMPLEX);
}

static struct token scan_paren(struct lexer *lx, uint32_t r)
{
	if (r == '(') {
		lx->parens++;
		return take(lx, TOKEN_LEFT_PAREN);
	}
	lx->parens--;
	if (lx->parens < 0)
		return fail(lx, STR("unexpected right paren"));
	return take(lx, TOKEN_RIGHT_PAREN);
}

/* What is left: ":=", characters that are tokens, and those that may not occur. */
static struct token scan_other(struct lexer *lx, uint32_t r)
{
	if (r == ':') {
		if (next_rune(lx) != '=')
			return fail(lx, STR("expected :="));
		return take(lx, TOKEN_DECLARE);
	}
	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		if (r == (unsigned char)single[i].c)
			return take(lx, single[i].kind);
	if (r < 0x7f && rune_is_print(r))
		return take(lx, TOKEN_CHAR);
	return fail_rune(lx, "unrecognized character in action:", r);
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

	if (at_right_delim(rest(lx), &trim))
		return lx->parens ? fail(lx, STR("unclosed left paren"))
				  : scan_right_delim(lx, trim);
	r = next_rune(lx);
	if (r == END_OF_INPUT)
		return fail(lx, STR("unclosed action"));
	if (is_space(r)) {
		back_up(lx);
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
		back_up(lx);
		return scan_number(lx);
	}
	if (r == '.')
		return scan_name(lx, TOKEN_FIELD);
	if (is_alphanumeric(r)) {
		back_up(lx);
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
	return take(lx, TOKEN_EOF);
}
