/* SPDX-License-Identifier: MIT
 *
 * Where things end in a JSON text. What a JSON parser has found well-formed is only cut here, not
 * checked.
 */
#ifndef UD_COMMANDS_JSON_TEXT_H
#define UD_COMMANDS_JSON_TEXT_H

#include "base/str.h"

/* Length of the string at the beginning of text, with its quotes; all of it if it does not end. */
size_t json_string_len(struct str text);
/* The object or array at the beginning of text, if there is nothing but white space around it; else
 * empty. A parser that is fed piece by piece does not see a token that is begun behind the end. */
struct str json_only_value(struct str text);

#endif
