/* SPDX-License-Identifier: MIT
 *
 * Removing blank lines, see lines.h.
 */
#include "config.h"

#include "publish/lines.h"

#include "base/utf8.h"

/* The property White_Space of Unicode 15 beyond ASCII. */
static bool is_wide_space(uint32_t rune)
{
	return rune == 0x85 || rune == 0xa0 || rune == 0x1680 ||
	       (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 || rune == 0x2029 ||
	       rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

static bool is_blank(struct str line)
{
	while (line.len) {
		unsigned char c = (unsigned char)*line.p;
		size_t width = 1;

		if (c >= 0x80) {
			if (!is_wide_space(utf8_decode(line, &width)))
				return false;
		} else if (c != ' ' && (c < '\t' || c > '\r')) {
			return false;
		}
		line = str_n(line.p + width, line.len - width);
	}
	return true;
}

void lines_remove_blank(struct buf *b)
{
	size_t from = 0, to = 0;

	while (from < b->len) {
		const char *newline = memchr(b->data + from, '\n', b->len - from);
		size_t end = newline ? (size_t)(newline - b->data) + 1 : b->len;

		if (!is_blank(str_n(b->data + from, end - from))) {
			if (to != from)
				memmove(b->data + to, b->data + from, end - from);
			to += end - from;
		}
		from = end;
	}
	b->len = to;
}
