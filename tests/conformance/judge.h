/* SPDX-License-Identifier: MIT
 *
 * Runs one case and compares: the same output, or the same error at the same stage with the same
 * output before it.
 */
#ifndef UD_TESTS_JUDGE_H
#define UD_TESTS_JUDGE_H

#include "conformance/corpus.h"

#include <stdbool.h>

/* Whether the case passes; if not, what was wanted and what came is printed unless quiet. */
bool judge_line(const struct corpus *c, struct str line, bool quiet);

#endif
