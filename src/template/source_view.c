/* SPDX-License-Identifier: MIT
 *
 * Lines of template sources as a terminal shows them, see source_view.h. Places in errors count
 * bytes; a terminal counts columns, of which a tab takes several, a wide character two and a
 * combining one none.
 */
#include "config.h"

#include "template/source_view.h"

#include "base/base.h"
#include "base/utf8.h"

#define MARK_BEGIN "\033[1;31m"
#define MARK_END   "\033[0m"
#define CUT	   "\xe2\x80\xa6" /* an ellipsis, one column */

/* --- reading places ------------------------------------------------------------------------- */

/* Reads ":DIGITS" at the beginning of *text, which moves behind it. */
static bool take_number(struct str *text, uint32_t *ret)
{
	size_t n = 1;
	uint64_t v;

	if (!str_has_prefix(*text, STR(":")))
		return false;
	while (n < text->len && text->p[n] >= '0' && text->p[n] <= '9')
		n++;
	if (!str_to_u64(str_sub(*text, 1, n), UINT32_MAX, &v))
		return false;
	*ret = (uint32_t)v;
	*text = str_sub(*text, n, text->len);
	return true;
}

/* "NAME:LINE: " or "NAME:LINE:COLUMN: ", where NAME may have colons. */
static bool read_place(struct str text, struct source_place *ret)
{
	for (size_t i = 0; i < text.len && text.p[i] != '\n'; i++) {
		struct str rest = str_sub(text, i, text.len);
		struct source_place place = {.name = str_sub(text, 0, i)};

		if (text.p[i] != ':' || !take_number(&rest, &place.line))
			continue;
		place.has_column = take_number(&rest, &place.column);
		if (!str_has_prefix(rest, STR(": ")))
			continue;
		*ret = place;
		return true;
	}
	return false;
}

bool source_place_next(struct str text, size_t *at, struct source_place *ret)
{
	static const struct str before = STR_INIT("template: ");

	for (;;) {
		ssize_t found = str_find(str_sub(text, *at, text.len), before);

		if (found < 0)
			return false;
		*at += (size_t)found + before.len;
		if (read_place(str_sub(text, *at, text.len), ret))
			return true;
	}
}

/* --- lines ------------------------------------------------------------------------------------ */

static bool find_line(struct str source, uint32_t line, struct str *ret)
{
	struct str rest = source;

	for (uint32_t n = 1;; n++) {
		bool more = str_cut(rest, '\n', ret, &rest);

		if (n == line)
			break;
		if (!more)
			return false;
	}
	if (str_has_suffix(*ret, STR("\r")))
		*ret = str_sub(*ret, 0, ret->len - 1);
	return line > 0;
}

struct str source_line(struct str source, uint32_t line)
{
	struct str ret;

	return find_line(source, line, &ret) ? str_trim(ret) : STR("");
}

/* Inclusive ranges of code points, after Unicode 15: East Asian wide ones, and those that add to the
 * character before. */
struct range {
	uint32_t from, to;
};

static const struct range wide[] = {
	{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3},
	{0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
	{0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd},
};
static const struct range combining[] = {
	{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f}, {0x0900, 0x0902},
	{0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200d},
	{0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};
/* What could change how the rest of a line looks: directions and line separators. */
static const struct range unshown[] = {
	{0x00, 0x1f}, {0x7f, 0x9f}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x2069},
	{0xfeff, 0xfeff},
};

static bool in_ranges(uint32_t rune, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rune >= ranges[i].from && rune <= ranges[i].to)
			return true;
	return false;
}

#define IN(rune, ranges) in_ranges(rune, ranges, ARRAY_LEN(ranges))

/* One character on the screen. */
struct cell {
	struct str text;
	size_t columns;
};

/* Takes the first character of *rest, which stands at column. */
static struct cell take_cell(struct str *rest, size_t column)
{
	static const struct str blanks = STR_INIT("    ");
	struct cell cell = {.columns = 1};
	size_t width;
	uint32_t rune = utf8_decode(*rest, &width);

	_Static_assert(SOURCE_VIEW_TAB == 4, "as many blanks");
	cell.text = str_sub(*rest, 0, width);
	if (rune == '\t') {
		cell.columns = SOURCE_VIEW_TAB - column % SOURCE_VIEW_TAB;
		cell.text = str_sub(blanks, 0, cell.columns);
	} else if (IN(rune, unshown) || (rune == RUNE_ERROR && width == 1)) {
		cell.text = STR("?");
	} else if (rune >= combining[0].from && IN(rune, combining)) {
		cell.columns = 0;
	} else if (rune >= wide[0].from && IN(rune, wide)) {
		cell.columns = 2;
	}
	*rest = str_sub(*rest, width, rest->len);
	return cell;
}

/* Columns of line up to the byte at. */
static size_t columns_to(struct str line, size_t at)
{
	struct str rest = line;
	size_t columns = 0;

	while (rest.len && (size_t)(rest.p - line.p) < at)
		columns += take_cell(&rest, columns).columns;
	return columns;
}

/* Appends the columns of line from..to. */
static void add_columns(struct buf *out, struct str line, size_t from, size_t to)
{
	size_t column = 0;

	while (line.len && column < to) {
		struct cell cell = take_cell(&line, column);

		if (column >= from && column + cell.columns <= to)
			buf_add_str(out, cell.text);
		else if (column + cell.columns > from)
			/* The half of a wide one at an edge. */
			buf_add_char(out, ' ');
		column += cell.columns;
	}
}

static void add_mark(struct buf *out, size_t column, bool colour)
{
	buf_add_fmt(out, "      | %*s%s^%s\n", (int)column, "", colour ? MARK_BEGIN : "",
		colour ? MARK_END : "");
}

void source_view_add(
	struct buf *out, struct str source, const struct source_place *place, bool colour)
{
	size_t all, mark, from = 0, to;
	struct str line;

	if (!find_line(source, place->line, &line))
		return;
	all = to = columns_to(line, line.len);
	mark = place->has_column ? columns_to(line, place->column) : 0;
	if (all > SOURCE_VIEW_COLUMNS) {
		from = mark > SOURCE_VIEW_COLUMNS / 2 ? mark - SOURCE_VIEW_COLUMNS / 2 : 0;
		if (from > all - SOURCE_VIEW_COLUMNS)
			from = all - SOURCE_VIEW_COLUMNS;
		to = from + SOURCE_VIEW_COLUMNS;
	}
	buf_add_fmt(out, "%5u | %s", place->line, from ? CUT : "");
	add_columns(out, line, from, to);
	buf_add_fmt(out, "%s\n", to < all ? CUT : "");
	if (place->has_column)
		add_mark(out, mark - from + (from ? 1 : 0), colour);
}
