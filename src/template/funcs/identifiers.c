/* SPDX-License-Identifier: MIT
 *
 * sprig's cases of identifiers: camelcase (FirstName), snakecase (first_name), kebabcase
 * (first-name). A text is taken apart into words by the kinds of its characters; the rules are
 * those of the library that sprig uses, down to where digits belong.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/utf8.h"
#include "template/format/unicode.h"

/* White space, - and _. */
static bool is_connector(uint32_t r)
{
	return r == '-' || r == '_' || rune_is_space(r);
}

/* The first rune of *s, which is taken off. */
static uint32_t take_rune(struct str *s)
{
	size_t width;
	uint32_t r = utf8_decode(*s, &width);

	*s = str_sub(*s, width, s->len);
	return r;
}

/* --- camelcase -------------------------------------------------------------------------- */

/* Connectors go, what follows one is upper case; the first of several connectors stays, and so do
 * those at the start. A word that begins in upper case goes on in lower case up to its first letter
 * that is not upper case. */
static bool identifiers_camelcase(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);
	bool lowering = false;
	uint32_t r = 0, before;

	*ret = args[0];
	if (s.len == 0)
		return true;
	for (r = take_rune(&s); is_connector(r) && s.len; r = take_rune(&s))
		buf_add_rune(b, r);
	lowering = rune_is_upper(r);
	if (!is_connector(r))
		r = rune_to_upper(r);
	else
		buf_add_rune(b, r);
	while (s.len) {
		before = r;
		r = take_rune(&s);
		if (is_connector(before) && is_connector(r)) {
			buf_add_rune(b, before);
		} else if (is_connector(before)) {
			lowering = rune_is_upper(r);
			r = rune_to_upper(r);
		} else {
			lowering = lowering && rune_is_upper(r);
			if (lowering)
				r = rune_to_lower(r);
			buf_add_rune(b, before);
		}
	}
	buf_add_rune(b, r);
	return call_return_buf(c, b, ret);
}

/* --- words ----------------------------------------------------------------------------- */

enum word_kind {
	WORD_NONE, /* nothing left, or only invalid bytes */
	WORD_NUMBER,
	WORD_UPPER, /* begins in upper case */
	WORD_ALPHABET,
	WORD_CONNECTOR,
	WORD_PUNCT,
	WORD_OTHER,
};

struct word {
	enum word_kind kind;
	struct str text;
};

/* Letters but those of Chinese. */
static bool is_alphabet(uint32_t r)
{
	static const struct {
		uint32_t lo, hi;
	} chinese[] = {{0x3400, 0x4d85}, {0x4e00, 0x9fcc}, {0x20000, 0x2b81d}};

	for (size_t i = 0; i < ARRAY_LEN(chinese); i++)
		if (r >= chinese[i].lo && r <= chinese[i].hi)
			return false;
	return rune_is_letter(r);
}

static bool is_small(uint32_t r)
{
	return is_alphabet(r) && !rune_is_upper(r);
}

static bool is_other(uint32_t r)
{
	return !is_connector(r) && !is_alphabet(r) && !rune_is_number(r) && !rune_is_punct(r);
}

/* The first rune of s that is valid, and its width with that of the invalid bytes before it; where
 * there is none, the rune that came before s. */
static uint32_t valid_rune(struct str s, uint32_t before, size_t *ret_width)
{
	size_t width;

	*ret_width = 0;
	while (*ret_width < s.len) {
		uint32_t r = utf8_decode(str_sub(s, *ret_width, s.len), &width);

		*ret_width += width;
		if (r != RUNE_ERROR)
			return r;
	}
	return before;
}

/* Length of the runes from at on that belong to a word; r is the rune before them. *ret_next is the
 * rune behind, *ret_last the width of the last one taken (both untouched if there is none). */
static size_t span(struct str s, size_t at, uint32_t r, bool (*belongs)(uint32_t),
	uint32_t *ret_next, size_t *ret_last)
{
	size_t end = at, width;

	while (end < s.len) {
		r = valid_rune(str_sub(s, end, s.len), r, &width);
		*ret_next = r;
		if (!belongs(r))
			break;
		*ret_last = width;
		end += width;
	}
	return end - at;
}

/* Length of the word that begins with an upper case r of this width: HTTP before Status, or
 * Status. */
static size_t upper_word(struct str s, uint32_t r, size_t width)
{
	uint32_t next = r;
	size_t last = 0, end = width + span(s, width, r, rune_is_upper, &next, &last);

	if (end == width)
		return end + span(s, end, r, is_small, &next, &last);
	if (end < s.len && is_alphabet(next))
		end -= last;
	return end;
}

/* Takes the first word off *s. */
static struct word take_word(struct str *s)
{
	struct word w = {WORD_NONE, *s};
	size_t width, last;
	uint32_t next, r = valid_rune(*s, RUNE_ERROR, &width);

	if (r == RUNE_ERROR) {
		w.text.len = width;
	} else if (is_connector(r)) {
		w.kind = WORD_CONNECTOR;
		w.text.len = width + span(*s, width, r, is_connector, &next, &last);
	} else if (rune_is_punct(r)) {
		w.kind = WORD_PUNCT;
		w.text.len = width + span(*s, width, r, rune_is_punct, &next, &last);
	} else if (rune_is_upper(r)) {
		w.kind = WORD_UPPER;
		w.text.len = upper_word(*s, r, width);
	} else if (is_alphabet(r)) {
		w.kind = WORD_ALPHABET;
		w.text.len = width + span(*s, width, r, is_small, &next, &last);
	} else if (rune_is_number(r)) {
		w.kind = WORD_NUMBER;
		w.text.len = width + span(*s, width, r, rune_is_number, &next, &last);
	} else {
		w.kind = WORD_OTHER;
		w.text.len = width + span(*s, width, r, is_other, &next, &last);
	}
	*s = str_sub(*s, w.text.len, s->len);
	return w;
}

/* --- snakecase, kebabcase ----------------------------------------------------------------- */

struct joiner {
	struct buf *out;
	char connector;
	struct str rest; /* behind word */
	struct word word;
};

static void advance(struct joiner *j)
{
	j->word = take_word(&j->rest);
}

static void connect(struct joiner *j)
{
	buf_add_char(j->out, j->connector);
}

/* A word that began in upper case in lower case, connectors as ours, all else as it is. */
static void add_word(struct joiner *j, struct word w)
{
	if (w.kind != WORD_UPPER && w.kind != WORD_CONNECTOR) {
		buf_add_str(j->out, w.text);
		return;
	}
	while (w.text.len) {
		uint32_t r = take_rune(&w.text);

		if (is_connector(r))
			connect(j);
		else
			buf_add_rune(j->out, rune_is_upper(r) ? rune_to_lower(r) : r);
	}
}

/* Whether what follows brings its own separation. */
static bool separates(enum word_kind kind)
{
	return kind == WORD_CONNECTOR || kind == WORD_PUNCT;
}

/* Small letters and digits that follow a number belong to it. */
static void add_number_tail(struct joiner *j)
{
	while (j->word.kind == WORD_ALPHABET || j->word.kind == WORD_NUMBER) {
		add_word(j, j->word);
		advance(j);
	}
	if (j->word.kind != WORD_NONE && !separates(j->word.kind))
		connect(j);
}

/* What follows a word of letters or symbols that has been added. */
static void join_after_letters(struct joiner *j)
{
	struct word number = j->word;

	if (number.kind != WORD_NUMBER) {
		if (!separates(number.kind))
			connect(j);
		return;
	}
	if (j->rest.len == 0)
		return;
	advance(j);
	if (j->word.kind == WORD_ALPHABET) {
		/* HTTP2xx: the number begins a word. */
		connect(j);
		add_word(j, number);
		add_number_tail(j);
		return;
	}
	/* Bld4Floor: the number ends one. */
	add_word(j, number);
	if (!separates(j->word.kind))
		connect(j);
}

static bool join_words(struct call *c, struct str s, char connector, struct value *ret)
{
	struct joiner j = {.out = call_buf(c), .connector = connector, .rest = s};

	if (s.len)
		advance(&j);
	while (j.rest.len) {
		struct word last = j.word;

		if (last.kind != WORD_CONNECTOR)
			add_word(&j, last);
		advance(&j);
		if (last.kind == WORD_NUMBER)
			add_number_tail(&j);
		else if (last.kind == WORD_CONNECTOR)
			add_word(&j, last);
		else if (last.kind != WORD_PUNCT)
			join_after_letters(&j);
	}
	add_word(&j, j.word);
	return call_return_buf(c, j.out, ret);
}

static bool identifiers_snakecase(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return join_words(c, value_as_str(args[0]), '_', ret);
}

static bool identifiers_kebabcase(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return join_words(c, value_as_str(args[0]), '-', ret);
}

/* --- table ------------------------------------------------------------------------------ */

static const struct func rows[] = {
	{STR_INIT("camelcase"), identifiers_camelcase, FUNC_ARGS(&type_string), &type_string, 0},
	{STR_INIT("kebabcase"), identifiers_kebabcase, FUNC_ARGS(&type_string), &type_string, 0},
	{STR_INIT("snakecase"), identifiers_snakecase, FUNC_ARGS(&type_string), &type_string, 0},
};

const struct func_table funcs_identifiers = {rows, ARRAY_LEN(rows)};
