/* SPDX-License-Identifier: MIT
 *
 * Finding the line that matters in a program's output, see complaint.h.
 */
#include "config.h"

#include "proxy/complaint.h"

#include "base/alloc.h"
#include "base/buf.h"

/* By rank: a line that holds a word of a lower rank says it better. Compared without case. */
static const struct {
	unsigned rank;
	struct str word;
} words[] = {
	{0, STR_INIT("[emerg]")},
	{0, STR_INIT("[alert]")},
	{0, STR_INIT("[crit]")},
	{0, STR_INIT("[error]")},
	{1, STR_INIT("error")},
	{1, STR_INIT("fatal")},
	{1, STR_INIT("invalid")},
	{1, STR_INIT("not found")},
};
#define RANK_NONE 2

static bool contains_nocase(struct str s, struct str word)
{
	for (size_t i = 0; i + word.len <= s.len; i++)
		if (str_eq_nocase(str_sub(s, i, i + word.len), word))
			return true;
	return false;
}

static unsigned rank_of(struct str line)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (contains_nocase(line, words[i].word))
			return words[i].rank;
	return RANK_NONE;
}

/* Whether s begins as the pattern says: 9 is any number, all else is itself. *ret_rest is what
 * follows. */
static bool begins(struct str s, const char *pattern, struct str *ret_rest)
{
	for (; *pattern; pattern++) {
		size_t digits = 0;

		while (*pattern == '9' && digits < s.len && s.p[digits] >= '0' &&
			s.p[digits] <= '9')
			digits++;
		if (digits == 0 && (s.len == 0 || *s.p != *pattern))
			return false;
		s = str_sub(s, digits ? digits : 1, s.len);
	}
	*ret_rest = s;
	return true;
}

/* The line without times and process ids, which make the same complaint another one each time:
 * "2026/11/20 18:15:47 [emerg] 77#77: unknown …", "[ALERT]    (24562) : config : …". Owned by the
 * caller. */
static char *plain(struct str line)
{
	struct str mark, rest, after;
	ssize_t end;

	begins(line, "9/9/9 9:9:9 ", &line);
	end = str_chr(line, ']');
	if (end < 0 || *line.p != '[')
		return xmemdup0(line.p, line.len);
	mark = str_sub(line, 0, (size_t)end + 1);
	rest = str_trim(str_sub(line, (size_t)end + 1, line.len));
	if (!begins(rest, "9#9: ", &after) && !begins(rest, "(9) : ", &after))
		return xmemdup0(line.p, line.len);
	return xasprintf("%.*s %.*s", STR_ARG(mark), STR_ARG(after));
}

char *complaint_line(struct str output)
{
	struct str best = STR(""), line;
	unsigned best_rank = RANK_NONE;

	while (output.len) {
		unsigned rank;

		if (!str_cut(output, '\n', &line, &output))
			output = STR("");
		line = str_sub(str_trim(line), 0, COMPLAINT_LINE_MAX);
		if (!line.len)
			continue;
		rank = rank_of(line);
		/* Without a mark the last line counts, with one the first of its rank. */
		if (rank < best_rank || (rank == RANK_NONE && best_rank == RANK_NONE)) {
			best = line;
			best_rank = rank;
		}
	}
	return best.len ? plain(best) : NULL;
}

char *complaint_rename(struct str text, const char *from, const char *to)
{
	struct str what = str_from(from);
	struct buf b;
	ssize_t at;

	buf_init(&b, SIZE_MAX);
	while (what.len && (at = str_find(text, what)) >= 0) {
		buf_add(&b, text.p, (size_t)at);
		buf_add_cstr(&b, to);
		text = str_sub(text, (size_t)at + what.len, text.len);
	}
	buf_add_str(&b, text);
	return buf_take(&b, NULL);
}
