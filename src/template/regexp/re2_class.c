/* SPDX-License-Identifier: MIT
 *
 * Character classes of RE2 in PCRE2's words, see re2_class.h. ASCII classes are written as ranges,
 * since PCRE2's own \s has a vertical tab that RE2's has not. A negated class under (?i) is written
 * as the complement of the folded set: that one is closed under folding, so that PCRE2's own
 * folding of the range adds nothing.
 */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include "template/regexp/re2_class.h"

#include "base/utf8.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#define CLASS_RANGES_MAX 8
/* Longest name of a Unicode class that is looked up. */
#define CLASS_NAME_MAX 64

struct range {
	uint32_t lo, hi;
};

/* What a class that has all ASCII letters of one case gets when case does not count: U+017F folds
 * to s, U+212A to k. */
static const struct range letters_folded[] = {
	{'A', 'Z'}, {'a', 'z'}, {0x17f, 0x17f}, {0x212a, 0x212a}};

struct named_class {
	struct str name;
	bool negated;
	bool letters; /* has all ASCII letters, in one case at least */
	struct range ranges[CLASS_RANGES_MAX]; /* ends with {0, 0} after the first */
};

#define NEGATABLE(n, l, ...)                                                                       \
	{STR_INIT("[:" n ":]"), false, l, {__VA_ARGS__}},                                          \
	{                                                                                          \
		STR_INIT("[:^" n ":]"), true, l, { __VA_ARGS__ }                                   \
	}

static const struct named_class named_classes[] = {
	{STR_INIT("\\d"), false, false, {{'0', '9'}}},
	{STR_INIT("\\D"), true, false, {{'0', '9'}}},
	{STR_INIT("\\s"), false, false, {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}},
	{STR_INIT("\\S"), true, false, {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}},
	{STR_INIT("\\w"), false, true, {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
	{STR_INIT("\\W"), true, true, {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
	NEGATABLE("alnum", true, {'0', '9'}, {'A', 'Z'}, {'a', 'z'}),
	NEGATABLE("alpha", true, {'A', 'Z'}, {'a', 'z'}),
	NEGATABLE("ascii", true, {0, 0x7f}),
	NEGATABLE("blank", false, {'\t', '\t'}, {' ', ' '}),
	NEGATABLE("cntrl", false, {0, 0x1f}, {0x7f, 0x7f}),
	NEGATABLE("digit", false, {'0', '9'}),
	NEGATABLE("graph", true, {'!', '~'}),
	NEGATABLE("lower", true, {'a', 'z'}),
	NEGATABLE("print", true, {' ', '~'}),
	NEGATABLE("punct", false, {'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}),
	NEGATABLE("space", false, {'\t', '\r'}, {' ', ' '}),
	NEGATABLE("upper", true, {'A', 'Z'}),
	NEGATABLE("word", true, {'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}),
	NEGATABLE("xdigit", false, {'0', '9'}, {'A', 'F'}, {'a', 'f'}),
};

bool re2_class_add_range(struct buf *out, uint32_t lo, uint32_t hi)
{
	if (lo >= 0xd800 && lo <= 0xdfff)
		lo = 0xe000;
	if (hi >= 0xd800 && hi <= 0xdfff)
		hi = 0xd7ff;
	if (lo > hi)
		return false;
	buf_add_fmt(out, "\\x{%x}", lo);
	if (hi > lo)
		buf_add_fmt(out, "-\\x{%x}", hi);
	return true;
}

static int range_order(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->lo > y->lo) - (x->lo < y->lo);
}

static void add_ranges(struct buf *out, const struct named_class *c, bool fold)
{
	struct range ranges[CLASS_RANGES_MAX + ARRAY_LEN(letters_folded)];
	uint32_t next = 0;
	size_t n = 0;

	for (; n < CLASS_RANGES_MAX && (n == 0 || c->ranges[n].hi); n++)
		ranges[n] = c->ranges[n];
	for (size_t i = 0; fold && c->letters && i < ARRAY_LEN(letters_folded); i++)
		ranges[n++] = letters_folded[i];
	qsort(ranges, n, sizeof(ranges[0]), range_order);
	for (size_t i = 0; i < n; i++) {
		if (!c->negated)
			re2_class_add_range(out, ranges[i].lo, ranges[i].hi);
		else if (ranges[i].lo > next)
			re2_class_add_range(out, next, ranges[i].lo - 1);
		if (ranges[i].hi + 1 > next)
			next = ranges[i].hi + 1;
	}
	if (c->negated)
		re2_class_add_range(out, next, RUNE_MAX);
}

bool re2_class_add_named(struct buf *out, struct str name, bool fold)
{
	for (size_t i = 0; i < ARRAY_LEN(named_classes); i++) {
		if (!str_eq(named_classes[i].name, name))
			continue;
		add_ranges(out, &named_classes[i], fold);
		return true;
	}
	return false;
}

/* --- Unicode ------------------------------------------------------------------ */

/* unicode.Categories and unicode.CategoryAliases, as lower case letters only, with PCRE2's name. */
static const struct {
	const char *name, *pcre;
} categories[] = {
	{"c", "C"}, {"cc", "Cc"}, {"cf", "Cf"}, {"cn", "Cn"}, {"co", "Co"}, {"cs", "Cs"},
	{"l", "L"}, {"lc", "L&"}, {"ll", "Ll"}, {"lm", "Lm"}, {"lo", "Lo"}, {"lt", "Lt"},
	{"lu", "Lu"}, {"m", "M"}, {"mc", "Mc"}, {"me", "Me"}, {"mn", "Mn"}, {"n", "N"},
	{"nd", "Nd"}, {"nl", "Nl"}, {"no", "No"}, {"p", "P"}, {"pc", "Pc"}, {"pd", "Pd"},
	{"pe", "Pe"}, {"pf", "Pf"}, {"pi", "Pi"}, {"po", "Po"}, {"ps", "Ps"}, {"s", "S"},
	{"sc", "Sc"}, {"sk", "Sk"}, {"sm", "Sm"}, {"so", "So"}, {"z", "Z"}, {"zl", "Zl"},
	{"zp", "Zp"}, {"zs", "Zs"}, {"any", "Any"},
	{"casedletter", "L&"}, {"closepunctuation", "Pe"}, {"cntrl", "Cc"},
	{"combiningmark", "M"}, {"connectorpunctuation", "Pc"}, {"control", "Cc"},
	{"currencysymbol", "Sc"}, {"dashpunctuation", "Pd"}, {"decimalnumber", "Nd"},
	{"digit", "Nd"}, {"enclosingmark", "Me"}, {"finalpunctuation", "Pf"}, {"format", "Cf"},
	{"initialpunctuation", "Pi"}, {"letter", "L"}, {"letternumber", "Nl"},
	{"lineseparator", "Zl"}, {"lowercaseletter", "Ll"}, {"mark", "M"}, {"mathsymbol", "Sm"},
	{"modifierletter", "Lm"}, {"modifiersymbol", "Sk"}, {"nonspacingmark", "Mn"},
	{"number", "N"}, {"openpunctuation", "Ps"}, {"other", "C"}, {"otherletter", "Lo"},
	{"othernumber", "No"}, {"otherpunctuation", "Po"}, {"othersymbol", "So"},
	{"paragraphseparator", "Zp"}, {"privateuse", "Co"}, {"punct", "P"}, {"punctuation", "P"},
	{"separator", "Z"}, {"spaceseparator", "Zs"}, {"spacingmark", "Mc"}, {"surrogate", "Cs"},
	{"symbol", "S"}, {"titlecaseletter", "Lt"}, {"unassigned", "Cn"},
	{"uppercaseletter", "Lu"},
};

/* PCRE2 also takes the four-letter codes of ISO 15924; RE2 only names, and these have four. */
static const char *const four_letter_scripts[] = {
	"ahom", "cham", "kawi", "lisu", "modi", "newa", "thai", "toto"};

/* Lower case without space, dash and underscore: names are matched loosely (UAX 44, LM3). */
static bool canonical_name(struct str name, char out[CLASS_NAME_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		if (c == ' ' || c == '-' || c == '_')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		else if (c < 'a' || c > 'z')
			return false;
		if (n + 1 >= CLASS_NAME_MAX)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n > 0;
}

/* Whether PCRE2 knows a script of that name. */
static bool script_exists(const char *name)
{
	char pattern[CLASS_NAME_MAX + 8];
	PCRE2_SIZE offset;
	pcre2_code *code;
	int error;

	if (strlen(name) == 4) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_LEN(four_letter_scripts); i++)
			known |= strcmp(name, four_letter_scripts[i]) == 0;
		if (!known)
			return false;
	}
	snprintf(pattern, sizeof(pattern), "\\p{sc:%s}", name);
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &error, &offset,
		NULL);
	pcre2_code_free(code);
	return code != NULL;
}

bool re2_class_add_unicode(struct buf *out, struct str name, bool negated)
{
	char canonical[CLASS_NAME_MAX];

	if (!canonical_name(name, canonical))
		return false;
	if (strcmp(canonical, "ascii") == 0) {
		re2_class_add_range(out, negated ? 0x80 : 0, negated ? RUNE_MAX : 0x7f);
		return true;
	}
	if (strcmp(canonical, "assigned") == 0) {
		buf_add_fmt(out, "\\%c{Cn}", negated ? 'p' : 'P');
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
		if (strcmp(categories[i].name, canonical) != 0)
			continue;
		buf_add_fmt(out, "\\%c{%s}", negated ? 'P' : 'p', categories[i].pcre);
		return true;
	}
	if (!script_exists(canonical))
		return false;
	buf_add_fmt(out, "\\%c{sc:%s}", negated ? 'P' : 'p', canonical);
	return true;
}
