/* SPDX-License-Identifier: MIT
 *
 * Texts without invalid bytes, see mended.h. A replacement is EXTRA bytes longer than what it
 * replaces, so that the two offsets differ by EXTRA for each replacement before them.
 */
#include "config.h"

#include "template/regexp/mended.h"

#include "base/utf8.h"

#define REPLACEMENT STR("\xef\xbf\xbd")
#define EXTRA	    (REPLACEMENT.len - 1)

void mended_release(struct mended *m)
{
	buf_release(&m->text);
	vec_release(&m->places);
}

void mended_set(struct mended *m, struct str original)
{
	buf_clear(&m->text);
	vec_clear(&m->places);
	while (original.len) {
		size_t width;

		if (utf8_decode(original, &width) == RUNE_ERROR && width == 1) {
			vec_push(&m->places, m->text.len);
			buf_add_str(&m->text, REPLACEMENT);
		} else {
			buf_add(&m->text, original.p, width);
		}
		original = str_sub(original, width, original.len);
	}
}

/* How many replacements stand before the offset; of_original: it is one of the original, in which
 * replacement i stands EXTRA * i bytes earlier. */
static size_t replacements_before(const struct mended *m, size_t offset, bool of_original)
{
	size_t lo = 0, hi = m->places.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		size_t place = m->places.v[mid] - (of_original ? EXTRA * mid : 0);

		if (place < offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t mended_from_original(const struct mended *m, size_t offset)
{
	return offset + EXTRA * replacements_before(m, offset, true);
}

size_t mended_to_original(const struct mended *m, size_t offset)
{
	return offset - EXTRA * replacements_before(m, offset, false);
}
