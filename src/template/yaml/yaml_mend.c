/* SPDX-License-Identifier: MIT
 *
 * Changes to a text, see yaml_mend.h.
 */
#include "config.h"

#include "template/yaml/yaml_mend.h"

#include "base/utf8.h"

#include <yaml.h>

#define BOM STR("\xef\xbb\xbf")
/* Private characters that may stand in for a colon, and how many of them are tried. */
#define STAND_IN_FIRST 0xE000
#define STAND_INS      256

/* Finds a character that the text does not have. */
static bool find_stand_in(struct str text, char ret[YAML_STAND_IN_LEN])
{
	for (uint32_t rune = STAND_IN_FIRST; rune < STAND_IN_FIRST + STAND_INS; rune++) {
		char bytes[UTF8_MAX];

		utf8_encode(rune, bytes);
		if (str_find(text, str_n(bytes, YAML_STAND_IN_LEN)) >= 0)
			continue;
		memcpy(ret, bytes, YAML_STAND_IN_LEN);
		return true;
	}
	return false;
}

void yaml_mend_init(struct yaml_mend *m, struct str text)
{
	*m = (struct yaml_mend){.text = text};
	buf_init(&m->changed, SIZE_MAX);
}

void yaml_mend_release(struct yaml_mend *m)
{
	buf_release(&m->changed);
}

size_t yaml_text_start(struct str text)
{
	return str_has_prefix(text, BOM) ? BOM.len : 0;
}

size_t yaml_skip_characters(struct str text, size_t at, size_t n)
{
	for (size_t width; n > 0 && at < text.len; n--, at += width)
		utf8_decode(str_sub(text, at, text.len), &width);
	return at;
}

/* Puts what is in with in the place of the byte at at, unless that was done too often. */
static bool replace_byte(struct yaml_mend *m, size_t at, struct str with)
{
	struct buf b;

	m->scanned += m->text.len;
	if (m->scanned > YAML_MEND_SCAN_MAX)
		return false;
	buf_init(&b, SIZE_MAX);
	buf_add_str(&b, str_sub(m->text, 0, at));
	buf_add_str(&b, with);
	buf_add_str(&b, str_sub(m->text, at + 1, m->text.len));
	buf_release(&m->changed);
	m->changed = b;
	m->text = buf_str(&m->changed);
	return true;
}

/* --- the rules -------------------------------------------------------------------------------- */

static bool mend_colon(struct yaml_mend *m, size_t at)
{
	if (m->text.p[at] != ':')
		return false;
	/* A later one can use the same: what was replaced is no longer looked at. */
	if (!m->can_stand_in)
		m->can_stand_in = find_stand_in(m->text, m->colon);
	if (!m->can_stand_in || !replace_byte(m, at, str_n(m->colon, YAML_STAND_IN_LEN)))
		return false;
	m->has_colon = true;
	return true;
}

static bool mend_escape(struct yaml_mend *m, size_t at)
{
	return str_has_prefix(str_sub(m->text, at, m->text.len), STR("\\'")) &&
	       replace_byte(m, at, STR(""));
}

bool yaml_mend_tag(struct yaml_mend *m, size_t at)
{
	char escaped[sizeof("%00")];

	if (at >= m->text.len || !strchr(",[]", m->text.p[at]) || !m->text.p[at])
		return false;
	snprintf(escaped, sizeof(escaped), "%%%02X", (unsigned)(unsigned char)m->text.p[at]);
	return replace_byte(m, at, str_from(escaped));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
	return c == '\r' || c == '\n';
}

/* Whether at the end of text there is a line of which go-yaml's scanner takes the comment for one
 * that others may follow, and perhaps empty lines. */
static bool ends_with_comment_line(struct str text)
{
	size_t end = text.len, start;

	while (end > 0 && (is_blank(text.p[end - 1]) || is_break(text.p[end - 1])))
		end--;
	for (start = end; start > 0 && !is_break(text.p[start - 1]);)
		start--;
	while (start < end &&
		(is_blank(text.p[start]) || text.p[start] == '-' || text.p[start] == '.'))
		start++;
	return start < end && text.p[start] == '#';
}

/* A tab before a comment: go-yaml eats it behind an indicator, other than that of a sequence, and
 * on the lines behind a comment. It becomes a space. */
static bool mend_tab(struct yaml_mend *m, size_t at)
{
	size_t before = at, behind = at;
	char last;

	while (behind < m->text.len && (is_blank(m->text.p[behind]) || is_break(m->text.p[behind])))
		behind++;
	while (before > 0 && is_blank(m->text.p[before - 1]))
		before--;
	if (m->text.p[at] != '\t' || behind == m->text.len || m->text.p[behind] != '#' ||
		before == 0)
		return false;
	last = m->text.p[before - 1];
	if (last != '?' && last != ':' &&
		!(is_break(last) && ends_with_comment_line(str_sub(m->text, 0, before))))
		return false;
	return replace_byte(m, at, STR(" "));
}

static const struct {
	const char *problem, *context; /* as libyaml says; the context may be any */
	bool (*mend)(struct yaml_mend *m, size_t at);
} rules[] = {
	{"found unexpected ':'", NULL, mend_colon},
	{"found unknown escape character", NULL, mend_escape},
	{"found character that cannot start any token", NULL, mend_tab},
	{"did not find expected tag URI", "while parsing a tag", yaml_mend_tag},
	{"did not find expected whitespace or line break", "while scanning a tag", yaml_mend_tag},
};

bool yaml_mend_fault(struct yaml_mend *m, const yaml_parser_t *parser)
{
	size_t at;

	if (parser->error != YAML_SCANNER_ERROR)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (strcmp(rules[i].problem, parser->problem) != 0 ||
			(rules[i].context && strcmp(rules[i].context, parser->context) != 0))
			continue;
		at = yaml_skip_characters(
			m->text, yaml_text_start(m->text), parser->problem_mark.index);
		return at < m->text.len && rules[i].mend(m, at);
	}
	return false;
}

struct str yaml_mend_restore(const struct yaml_mend *m, struct buf *out, struct str value)
{
	struct str colon = str_n(m->colon, YAML_STAND_IN_LEN);
	ssize_t at;

	if (!m->has_colon || str_find(value, colon) < 0)
		return value;
	while ((at = str_find(value, colon)) >= 0) {
		buf_add_str(out, str_sub(value, 0, (size_t)at));
		buf_add_char(out, ':');
		value = str_sub(value, (size_t)at + colon.len, value.len);
	}
	buf_add_str(out, value);
	return buf_str(out);
}
