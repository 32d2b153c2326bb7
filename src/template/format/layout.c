/* SPDX-License-Identifier: MIT
 *
 * Elements of time layouts, see layout.h.
 */
#include "config.h"

#include "template/format/layout.h"

#include "base/base.h"

/* Of several texts with the same beginning, the one that counts comes first. */
static const struct element {
	const char *text;
	enum layout_element element;
	bool word; /* not before a lower case letter */
} elements[] = {
	{"January", LAYOUT_LONG_MONTH, false},
	{"Jan", LAYOUT_MONTH, true},
	{"Monday", LAYOUT_LONG_WEEKDAY, false},
	{"Mon", LAYOUT_WEEKDAY, true},
	{"MST", LAYOUT_ZONE_NAME, false},
	{"01", LAYOUT_ZERO_MONTH, false},
	{"02", LAYOUT_ZERO_DAY, false},
	{"03", LAYOUT_ZERO_HOUR12, false},
	{"04", LAYOUT_ZERO_MINUTE, false},
	{"05", LAYOUT_ZERO_SECOND, false},
	{"06", LAYOUT_YEAR, false},
	{"002", LAYOUT_ZERO_YEAR_DAY, false},
	{"15", LAYOUT_HOUR, false},
	{"1", LAYOUT_NUM_MONTH, false},
	{"2006", LAYOUT_LONG_YEAR, false},
	{"2", LAYOUT_DAY, false},
	{"_2", LAYOUT_SPACE_DAY, false},
	{"__2", LAYOUT_SPACE_YEAR_DAY, false},
	{"3", LAYOUT_HOUR12, false},
	{"4", LAYOUT_MINUTE, false},
	{"5", LAYOUT_SECOND, false},
	{"PM", LAYOUT_PM, false},
	{"pm", LAYOUT_LOWER_PM, false},
};

/* What follows the sign or the Z of an offset. */
static const struct offset_form {
	const char *text;
	bool colon, minutes, seconds;
} offset_forms[] = {
	{"070000", false, true, true},
	{"07:00:00", true, true, true},
	{"0700", false, true, false},
	{"07:00", true, true, false},
	{"07", false, false, false},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The offset at the front of s, into part. */
static bool match_offset(struct str s, struct layout_part *part)
{
	struct str digits = str_sub(s, 1, s.len);

	for (size_t i = 0; i < ARRAY_LEN(offset_forms); i++) {
		const struct offset_form *f = &offset_forms[i];

		if (!str_has_prefix(digits, str_from(f->text)))
			continue;
		part->element = LAYOUT_OFFSET;
		part->text = str_sub(s, 0, 1 + strlen(f->text));
		part->z = s.p[0] == 'Z';
		part->colon = f->colon;
		part->minutes = f->minutes;
		part->seconds = f->seconds;
		return true;
	}
	return false;
}

/* A point or comma and zeros or nines, but no other digit behind them. */
static bool match_fraction(struct str s, struct layout_part *part)
{
	size_t end = 1;

	if (s.len < 2 || (s.p[1] != '0' && s.p[1] != '9'))
		return false;
	while (end < s.len && s.p[end] == s.p[1])
		end++;
	if (end < s.len && is_digit(s.p[end]))
		return false;
	part->element = s.p[1] == '0' ? LAYOUT_FRACTION : LAYOUT_FRACTION_TRIM;
	part->text = str_sub(s, 0, end);
	part->digits = end - 1;
	return true;
}

static bool match_fixed(struct str s, struct layout_part *part)
{
	/* Here the underscore is literal. */
	if (str_has_prefix(s, STR("_2006")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(elements); i++) {
		const struct element *e = &elements[i];
		size_t len = strlen(e->text);

		if (s.p[0] != e->text[0] || !str_has_prefix(s, str_from(e->text)))
			continue;
		if (e->word && len < s.len && s.p[len] >= 'a' && s.p[len] <= 'z')
			continue;
		part->element = e->element;
		part->text = str_sub(s, 0, len);
		return true;
	}
	return false;
}

/* Whether an element begins s; then it is in part. */
static bool match_element(struct str s, struct layout_part *part)
{
	switch (s.p[0]) {
	case '-':
	case 'Z':
		return match_offset(s, part);
	case '.':
	case ',':
		return match_fraction(s, part);
	default:
		return match_fixed(s, part);
	}
}

struct layout_part layout_next(struct str *layout)
{
	struct layout_part part = {.element = LAYOUT_NONE, .text = STR("")};

	for (size_t i = 0; i < layout->len; i++) {
		struct str rest = str_sub(*layout, i, layout->len);

		if (match_element(rest, &part)) {
			part.literal = str_sub(*layout, 0, i);
			*layout = str_sub(rest, part.text.len, rest.len);
			return part;
		}
	}
	part.literal = *layout;
	*layout = str_sub(*layout, layout->len, layout->len);
	return part;
}

void layout_quote(struct buf *out, struct str s)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.len && !out->full; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x80 || c < ' ') {
			buf_add_fmt(out, "\\x%02x", c);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, (char)c);
	}
	buf_add_char(out, '"');
}
