/* SPDX-License-Identifier: MIT
 *
 * Cuts JSON texts, see json_text.h.
 */
#include "config.h"

#include "commands/json_text.h"

size_t json_string_len(struct str text)
{
	size_t i = 1;

	while (i < text.len && text.p[i] != '"')
		i += text.p[i] == '\\' ? 2 : 1;
	return i < text.len ? i + 1 : text.len;
}

struct str json_only_value(struct str text)
{
	size_t depth = 0, at = 0;

	text = str_trim(text);
	while (at < text.len) {
		char c = text.p[at];

		depth += c == '{' || c == '[';
		if (depth == 0)
			break;
		depth -= c == '}' || c == ']';
		at += c == '"' ? json_string_len(str_sub(text, at, text.len)) : 1;
		if (depth == 0)
			break;
	}
	return depth == 0 && at == text.len ? text : STR("");
}
