/* SPDX-License-Identifier: MIT
 *
 * A text with each byte that is not UTF-8 replaced by U+FFFD, which is what Go's matcher sees in
 * its place, and the way between offsets in both. PCRE2 itself would not let such a byte match
 * anything.
 */
#ifndef UD_TEMPLATE_MENDED_H
#define UD_TEMPLATE_MENDED_H

#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"

#include <stddef.h>

struct mended {
	struct buf text;
	VEC(size_t) places; /* of the replacements in text, ascending */
};

#define MENDED_INIT                                                                                \
	{                                                                                          \
		.text = {.max = SIZE_MAX - 1 }                                                     \
	}

void mended_release(struct mended *m);
void mended_set(struct mended *m, struct str original);
/* The offset in the mended text of an offset in the original that is at the start of a rune, and
 * back. */
size_t mended_from_original(const struct mended *m, size_t offset);
size_t mended_to_original(const struct mended *m, size_t offset);

#endif
