/* SPDX-License-Identifier: MIT
 *
 * The layout of YAML, see yaml_emit.h. Lines are never folded, so that only line breaks within a
 * text make new ones.
 */
#include "config.h"

#include "template/yaml/yaml_emit.h"

#include "base/utf8.h"

/* Spaces of a level. */
#define INDENT 4
/* Longest simple key. */
#define SIMPLE_KEY_MAX 128
#define BINARY_TAG     STR("!!binary")

#define RUNE_BOM  0xfeffu
#define RUNE_NEL  0x85u
#define RUNE_LS	  0x2028u
#define RUNE_PS	  0x2029u
#define RUNE_NBSP 0xa0u

/* --- characters -------------------------------------------------------------------------- */

static bool is_break(uint32_t r)
{
	return r == '\n' || r == '\r' || r == RUNE_NEL || r == RUNE_LS || r == RUNE_PS;
}

static bool is_printable(uint32_t r)
{
	return r == '\n' || (r >= ' ' && r <= '~') ||
	       (r >= RUNE_NBSP && r <= 0xfffd && r != RUNE_BOM);
}

static bool is_blank(uint32_t r)
{
	return r == ' ' || r == '\t';
}

/* Takes the first rune off *s; its width to *ret_bytes. */
static uint32_t take_rune(struct str *s, struct str *ret_bytes)
{
	size_t width;
	uint32_t r = utf8_decode(*s, &width);

	*ret_bytes = str_sub(*s, 0, width);
	*s = str_sub(*s, width, s->len);
	return r;
}

/* --- writing ------------------------------------------------------------------------------- */

static void put(struct yaml_emitter *e, struct str rune)
{
	buf_add_str(e->out, rune);
	e->column++;
}

static void put_char(struct yaml_emitter *e, char c)
{
	buf_add_char(e->out, c);
	e->column++;
}

/* Another line; any line break may begin it. */
static void put_break(struct yaml_emitter *e, struct str bytes)
{
	buf_add_str(e->out, bytes);
	e->column = 0;
	e->indention = true;
}

/* Begins a line at the indentation, unless this one has nothing on it yet. */
static void write_indent(struct yaml_emitter *e)
{
	int indent = e->indent < 0 ? 0 : e->indent;

	if (!e->indention || e->column > indent || (e->column == indent && !e->whitespace))
		put_break(e, STR("\n"));
	while (e->column < indent && !e->out->full)
		put_char(e, ' ');
	e->whitespace = true;
}

struct indicator {
	const char *text;
	bool needs_space;  /* before it */
	bool is_space;	   /* what follows needs none */
	bool is_indention; /* what follows may begin a block on this line */
};

static void write_indicator(struct yaml_emitter *e, struct indicator i)
{
	if (i.needs_space && !e->whitespace)
		put_char(e, ' ');
	for (const char *p = i.text; *p; p++)
		put_char(e, *p);
	e->whitespace = i.is_space;
	e->indention = e->indention && i.is_indention;
}

/* --- structure -------------------------------------------------------------------------------- */

void yaml_emit_begin(struct yaml_emitter *e, struct buf *out)
{
	*e = (struct yaml_emitter){.out = out, .indent = -1, .whitespace = true, .indention = true};
}

void yaml_emit_end(struct yaml_emitter *e)
{
	write_indent(e);
}

/* The next multiple; within a list only past the "- ". */
static int deeper(const struct yaml_emitter *e, enum yaml_place place, int at_root)
{
	if (e->indent < 0)
		return at_root;
	if (place == YAML_IN_SEQUENCE)
		return e->indent + 2;
	return INDENT * ((e->indent + INDENT) / INDENT);
}

int yaml_emit_indent(struct yaml_emitter *e, enum yaml_place place)
{
	int before = e->indent;

	e->indent = deeper(e, place, 0);
	return before;
}

void yaml_emit_item(struct yaml_emitter *e)
{
	write_indent(e);
	write_indicator(e, (struct indicator){"-", true, false, true});
}

void yaml_emit_line(struct yaml_emitter *e)
{
	write_indent(e);
}

void yaml_emit_complex_key(struct yaml_emitter *e)
{
	write_indicator(e, (struct indicator){"?", true, false, true});
}

void yaml_emit_complex_value(struct yaml_emitter *e)
{
	write_indent(e);
	write_indicator(e, (struct indicator){":", true, false, true});
}

void yaml_emit_colon(struct yaml_emitter *e)
{
	write_indicator(e, (struct indicator){":", false, false, false});
}

void yaml_emit_empty(struct yaml_emitter *e, const char *brackets)
{
	write_indicator(e, (struct indicator){brackets, true, false, false});
}

/* --- what a text allows -------------------------------------------------------------------------
 */

struct analysis {
	bool multiline;
	bool plain, single_quoted, block; /* allowed */
};

/* What has been seen of a text. */
struct look {
	bool indicators, breaks, special, tabs;
	bool outer_space, outer_break, trailing_space; /* at the ends */
	bool break_space, space_break;		       /* one behind the other */
	bool after_space, after_break, after_white;
};

/* Whether r means something to YAML where it stands. */
static bool is_indicator(uint32_t r, bool first, bool after_white, bool before_white)
{
	if (first && (r == '?' || r == ':' || r == '-'))
		return before_white;
	if (first)
		return r < 0x80 && r && strchr("#,[]{}&*!|>'\"%@`", (int)r);
	return (r == ':' && before_white) || (r == '#' && after_white);
}

static void look_at_white(struct look *l, uint32_t r, bool first, bool last)
{
	bool space = r == ' ', line_break = is_break(r);

	l->breaks |= line_break;
	l->outer_space |= space && (first || last);
	l->trailing_space |= space && last;
	l->outer_break |= line_break && (first || last);
	l->break_space |= space && l->after_break;
	l->space_break |= line_break && l->after_space;
	l->after_space = space;
	l->after_break = line_break;
}

static struct look look_at(struct str text)
{
	struct look l = {.after_white = true};
	struct str bytes, rest = text;

	l.indicators = str_has_prefix(text, STR("---")) || str_has_prefix(text, STR("..."));
	for (bool first = true; rest.len; first = false) {
		uint32_t r = take_rune(&rest, &bytes);
		bool before_white = rest.len == 0 || is_blank((unsigned char)rest.p[0]);

		l.indicators |= is_indicator(r, first, l.after_white, before_white);
		if (r == '\t')
			l.tabs = true;
		else
			l.special |= !is_printable(r);
		look_at_white(&l, r, first, rest.len == 0);
		l.after_white = is_blank(r) || is_break(r) || r == 0;
	}
	return l;
}

static struct analysis analyze(struct str text)
{
	struct look l = look_at(text);
	struct analysis a = {.multiline = l.breaks};

	if (text.len == 0)
		return (struct analysis){.plain = true, .single_quoted = true};
	a.single_quoted = !l.break_space && !l.space_break && !l.tabs && !l.special;
	a.plain = a.single_quoted && !l.outer_space && !l.outer_break && !l.breaks && !l.indicators;
	a.block = !l.trailing_space && !l.space_break && !l.special;
	return a;
}

bool yaml_scalar_is_simple_key(const struct yaml_scalar *s)
{
	size_t length = s->text.len + (s->binary ? BINARY_TAG.len : 0);

	return !analyze(s->text).multiline && length <= SIMPLE_KEY_MAX;
}

static enum yaml_style choose_style(
	const struct yaml_scalar *s, const struct analysis *a, bool simple_key)
{
	enum yaml_style style = s->style;

	if (simple_key && a->multiline)
		style = YAML_DOUBLE_QUOTED;
	if (style == YAML_PLAIN && (!a->plain || (s->text.len == 0 && simple_key)))
		style = YAML_SINGLE_QUOTED;
	if (style == YAML_SINGLE_QUOTED && !a->single_quoted)
		style = YAML_DOUBLE_QUOTED;
	if (style == YAML_LITERAL && (!a->block || simple_key))
		style = YAML_DOUBLE_QUOTED;
	return style;
}

/* --- scalars ------------------------------------------------------------------------------------
 */

static void write_plain(struct yaml_emitter *e, struct str text)
{
	struct str bytes;

	if (text.len && !e->whitespace)
		put_char(e, ' ');
	while (text.len) {
		take_rune(&text, &bytes);
		put(e, bytes);
	}
	e->whitespace = false;
	e->indention = false;
}

/* A text without a newline, but perhaps with line breaks of other kinds. */
static void write_single_quoted(struct yaml_emitter *e, struct str text)
{
	bool breaks = false;
	struct str bytes;

	write_indicator(e, (struct indicator){"'", true, false, false});
	while (text.len) {
		uint32_t r = take_rune(&text, &bytes);

		if (is_break(r)) {
			if (!breaks && r == '\n')
				put_break(e, STR("\n"));
			put_break(e, bytes);
			breaks = true;
			continue;
		}
		if (r != ' ' && breaks)
			write_indent(e);
		if (r == '\'')
			put_char(e, '\'');
		put(e, bytes);
		if (r != ' ') {
			e->indention = false;
			breaks = false;
		}
	}
	write_indicator(e, (struct indicator){"'", false, false, false});
	e->whitespace = false;
	e->indention = false;
}

static void write_escape(struct yaml_emitter *e, uint32_t r)
{
	static const struct {
		uint32_t rune;
		char letter;
	} letters[] = {{0, '0'}, {7, 'a'}, {8, 'b'}, {'\t', 't'}, {'\n', 'n'}, {'\v', 'v'},
		{'\f', 'f'}, {'\r', 'r'}, {0x1b, 'e'}, {'"', '"'}, {'\\', '\\'}, {RUNE_NEL, 'N'},
		{RUNE_NBSP, '_'}, {RUNE_LS, 'L'}, {RUNE_PS, 'P'}};
	size_t start = e->out->len;

	buf_add_char(e->out, '\\');
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		if (letters[i].rune != r)
			continue;
		buf_add_char(e->out, letters[i].letter);
		e->column += 2;
		return;
	}
	if (r <= 0xff)
		buf_add_fmt(e->out, "x%02X", r);
	else if (r <= 0xffff)
		buf_add_fmt(e->out, "u%04X", r);
	else
		buf_add_fmt(e->out, "U%08X", r);
	e->column += (int)(e->out->len - start);
}

/* A text that begins with a byte order mark has all of its characters escaped. */
static void write_double_quoted(struct yaml_emitter *e, struct str text)
{
	bool has_bom = str_has_prefix(text, STR("\xef\xbb\xbf"));
	struct str bytes;

	write_indicator(e, (struct indicator){"\"", true, false, false});
	while (text.len) {
		uint32_t r = take_rune(&text, &bytes);

		if (has_bom || !is_printable(r) || is_break(r) || r == '"' || r == '\\')
			write_escape(e, r);
		else
			put(e, bytes);
	}
	write_indicator(e, (struct indicator){"\"", false, false, false});
	e->whitespace = false;
	e->indention = false;
}

/* What is done with the line breaks at the end: kept (+), removed (-) or one is left. */
static const char *chomping(struct str text)
{
	size_t width;

	if (text.len == 0 || !is_break(utf8_decode_last(text, &width)))
		return "-";
	text.len -= width;
	if (text.len == 0 || is_break(utf8_decode_last(text, &width)))
		return "+";
	return "";
}

static void write_literal(struct yaml_emitter *e, struct str text)
{
	bool breaks = true;
	struct str bytes, rest = text;
	uint32_t first = text.len ? take_rune(&rest, &bytes) : 'x';

	write_indicator(e, (struct indicator){"|", true, false, false});
	if (first == ' ' || is_break(first))
		write_indicator(e, (struct indicator){"4", false, false, false});
	write_indicator(e, (struct indicator){chomping(text), false, false, false});
	e->whitespace = true;
	while (text.len) {
		uint32_t r = take_rune(&text, &bytes);

		if (is_break(r)) {
			put_break(e, bytes);
			breaks = true;
			continue;
		}
		if (breaks)
			write_indent(e);
		put(e, bytes);
		e->indention = false;
		breaks = false;
	}
}

void yaml_emit_scalar(struct yaml_emitter *e, const struct yaml_scalar *s, enum yaml_place place)
{
	struct analysis a = analyze(s->text);
	int before = e->indent;

	if (s->binary)
		write_indicator(e, (struct indicator){"!!binary", true, false, false});
	e->indent = deeper(e, place, INDENT);
	switch (choose_style(s, &a, place == YAML_IN_KEY)) {
	case YAML_PLAIN:
		write_plain(e, s->text);
		break;
	case YAML_SINGLE_QUOTED:
		write_single_quoted(e, s->text);
		break;
	case YAML_DOUBLE_QUOTED:
		write_double_quoted(e, s->text);
		break;
	case YAML_LITERAL:
		write_literal(e, s->text);
		break;
	}
	e->indent = before;
}
