/* SPDX-License-Identifier: MIT
 *
 * Trees and their texts, see tree.h.
 */
#include "config.h"

#include "template/tree.h"

#include "template/format/unicode.h"

void source_locate(const struct source *s, uint32_t pos, uint32_t *line, uint32_t *column)
{
	uint32_t start = 0;

	*line = 1;
	for (uint32_t i = 0; i < pos && i < s->text.len; i++) {
		if (s->text.p[i] == '\n') {
			++*line;
			start = i + 1;
		}
	}
	*column = pos - start;
}

bool tree_is_empty(const struct tree *t)
{
	for (const struct node *n = t->root->first; n; n = n->next)
		if (n->kind != NODE_TEXT ||
			str_trim_unicode(((const struct text_node *)n)->text).len > 0)
			return false;
	return true;
}
