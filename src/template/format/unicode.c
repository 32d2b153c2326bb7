/* SPDX-License-Identifier: MIT
 *
 * Properties and case mappings of code points, see unicode.h. Every look-up is a binary search in
 * a sorted table; ASCII, nearly all that comes, is decided without one.
 */
#include "config.h"

#include "template/format/unicode.h"

#include "base/utf8.h"
#include "template/format/unicode_tables.h"

#define BIT(c)	(1u << (c))
#define LETTERS (BIT(CAT_LL) | BIT(CAT_LM) | BIT(CAT_LO) | BIT(CAT_LT) | BIT(CAT_LU))
#define MARKS	(BIT(CAT_MC) | BIT(CAT_ME) | BIT(CAT_MN))
#define NUMBERS (BIT(CAT_ND) | BIT(CAT_NL) | BIT(CAT_NO))
#define SYMBOLS (BIT(CAT_SC) | BIT(CAT_SK) | BIT(CAT_SM) | BIT(CAT_SO))
#define GRAPHIC (LETTERS | MARKS | NUMBERS | PUNCTUATION | SYMBOLS)
#define PUNCTUATION                                                                                \
	(BIT(CAT_PC) | BIT(CAT_PD) | BIT(CAT_PE) | BIT(CAT_PF) | BIT(CAT_PI) | BIT(CAT_PO) |       \
		BIT(CAT_PS))

enum case_kind { TO_UPPER, TO_LOWER, TO_TITLE };

/* The general category of r as a bit, for masks. */
static uint32_t category_of(uint32_t r)
{
	size_t lo = 0, hi = ARRAY_LEN(category_runs);

	if (r > RUNE_MAX)
		return BIT(CAT_CN);
	/* Invariant: the run that holds r is one of lo..hi-1. */
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (category_runs[mid] >> 5 <= r)
			lo = mid;
		else
			hi = mid;
	}
	return BIT(category_runs[lo] & 31);
}

bool rune_is_letter(uint32_t r)
{
	if (r < 0x80)
		return (r | 0x20) - 'a' < 26;
	return category_of(r) & LETTERS;
}

bool rune_is_upper(uint32_t r)
{
	return r < 0x80 ? r - 'A' < 26 : category_of(r) & BIT(CAT_LU);
}

bool rune_is_lower(uint32_t r)
{
	return r < 0x80 ? r - 'a' < 26 : category_of(r) & BIT(CAT_LL);
}

bool rune_is_title(uint32_t r)
{
	return r >= 0x80 && category_of(r) & BIT(CAT_LT);
}

bool rune_is_digit(uint32_t r)
{
	return r < 0x80 ? r - '0' < 10 : category_of(r) & BIT(CAT_ND);
}

bool rune_is_number(uint32_t r)
{
	return r < 0x80 ? r - '0' < 10 : category_of(r) & NUMBERS;
}

bool rune_is_punct(uint32_t r)
{
	return category_of(r) & PUNCTUATION;
}

bool rune_is_space(uint32_t r)
{
	if (r < 0x80)
		return r == ' ' || (r >= '\t' && r <= '\r');
	for (size_t i = 0; i < ARRAY_LEN(white_space); i++)
		if (r <= white_space[i].hi)
			return r >= white_space[i].lo;
	return false;
}

bool rune_is_print(uint32_t r)
{
	if (r < 0x80)
		return r >= ' ' && r < 0x7f;
	return category_of(r) & GRAPHIC;
}

bool rune_is_graphic(uint32_t r)
{
	if (r < 0x80)
		return r >= ' ' && r < 0x7f;
	return category_of(r) & (GRAPHIC | BIT(CAT_ZS));
}

static uint32_t case_map(uint32_t r, enum case_kind kind)
{
	size_t lo = 0, hi = ARRAY_LEN(case_runs);

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct case_run *run = &case_runs[mid];

		if (r < run->lo) {
			hi = mid;
		} else if (r > run->hi) {
			lo = mid + 1;
		} else if (run->delta[kind] == PAIRS) {
			uint32_t upper = r - ((r - run->lo) & 1);

			return kind == TO_LOWER ? upper + 1 : upper;
		} else {
			return (uint32_t)((int32_t)r + run->delta[kind]);
		}
	}
	return r;
}

uint32_t rune_to_upper(uint32_t r)
{
	if (r < 0x80)
		return r - 'a' < 26 ? r - 0x20 : r;
	return case_map(r, TO_UPPER);
}

uint32_t rune_to_lower(uint32_t r)
{
	if (r < 0x80)
		return r - 'A' < 26 ? r + 0x20 : r;
	return case_map(r, TO_LOWER);
}

uint32_t rune_to_title(uint32_t r)
{
	if (r < 0x80)
		return r - 'a' < 26 ? r - 0x20 : r;
	return case_map(r, TO_TITLE);
}

uint32_t rune_fold(uint32_t r)
{
	size_t lo = 0, hi = ARRAY_LEN(fold_orbits);
	uint32_t lower;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (fold_orbits[mid].from == r)
			return fold_orbits[mid].to;
		if (fold_orbits[mid].from < r)
			lo = mid + 1;
		else
			hi = mid;
	}
	lower = rune_to_lower(r);
	return lower != r ? lower : rune_to_upper(r);
}

void buf_add_rune(struct buf *out, uint32_t r)
{
	char bytes[UTF8_MAX];

	if (r < 0x80) {
		buf_add_char(out, (char)r);
		return;
	}
	buf_add(out, bytes, utf8_encode(r, bytes));
}

static void add_mapped(struct buf *out, struct str s, uint32_t (*map)(uint32_t r))
{
	while (s.len) {
		size_t width;

		buf_add_rune(out, map(utf8_decode(s, &width)));
		s = str_n(s.p + width, s.len - width);
	}
}

void buf_add_upper(struct buf *out, struct str s)
{
	add_mapped(out, s, rune_to_upper);
}

void buf_add_lower(struct buf *out, struct str s)
{
	add_mapped(out, s, rune_to_lower);
}

void buf_add_title(struct buf *out, struct str s)
{
	add_mapped(out, s, rune_to_title);
}

struct str str_trim_unicode(struct str s)
{
	size_t width;

	while (s.len && rune_is_space(utf8_decode(s, &width)))
		s = str_n(s.p + width, s.len - width);
	while (s.len && rune_is_space(utf8_decode_last(s, &width)))
		s.len -= width;
	return s;
}

/* Whether a and b are forms of one letter. */
static bool rune_eq_fold(uint32_t a, uint32_t b)
{
	if (a == b)
		return true;
	for (uint32_t r = rune_fold(a); r != a; r = rune_fold(r))
		if (r == b)
			return true;
	return false;
}

bool str_eq_fold(struct str a, struct str b)
{
	while (a.len && b.len) {
		size_t wa, wb;

		if (!rune_eq_fold(utf8_decode(a, &wa), utf8_decode(b, &wb)))
			return false;
		a = str_n(a.p + wa, a.len - wa);
		b = str_n(b.p + wb, b.len - wb);
	}
	return a.len == b.len;
}
