/* SPDX-License-Identifier: MIT
 *
 * Templates leave blank lines behind where their actions stood; outputs do without them unless
 * keep_blank_lines is set.
 */
#ifndef UD_LINES_H
#define UD_LINES_H

#include "base/base.h"
#include "base/buf.h"

/* Removes, in place, each line that is empty or all white space (Unicode's White_Space). Other
 * lines stay byte for byte, as does a missing newline at the end. */
void lines_remove_blank(struct buf *b);

#endif
