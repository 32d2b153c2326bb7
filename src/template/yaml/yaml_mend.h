/* SPDX-License-Identifier: MIT
 *
 * A YAML text with a few characters changed so that libyaml's scanner takes it as go-yaml's does:
 *
 *	\' in double quotes	an escape for go-yaml: the backslash goes
 *	[a:] in a flow		a plain scalar "a:" for go-yaml: another character stands in for
 *				the colon and is put back into the value
 *	a tab before a comment	eaten with the comment by go-yaml: it becomes a space
 *	!a,b !a[b]		one tag for go-yaml: the character is written as %2C and so on
 *
 * Each is done where libyaml's scanner has come to the place, so that it need not be known here
 * what is a quoted scalar, a flow collection or a tag.
 *
 *	yaml_mend_init(&m, text);
 *	do scan(m.text); while (failed && yaml_mend_fault(&m, parser));
 *	... yaml_mend_restore(&m, &buf, value) ...
 *	yaml_mend_release(&m);
 */
#ifndef UD_TEMPLATE_YAML_MEND_H
#define UD_TEMPLATE_YAML_MEND_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

/* After each change the text is scanned again: bytes that are scanned in all for that. A text that
 * needs more keeps the error that libyaml finds. */
#define YAML_MEND_SCAN_MAX ((size_t)64 << 20)
/* Bytes of a character that stands in for another. */
#define YAML_STAND_IN_LEN 3

struct yaml_parser_s;

struct yaml_mend {
	struct str text; /* borrowed until something is replaced */
	struct buf changed;
	size_t scanned;
	char colon[YAML_STAND_IN_LEN];
	bool can_stand_in, has_colon;
};

void yaml_mend_init(struct yaml_mend *m, struct str text);
void yaml_mend_release(struct yaml_mend *m);
/* Whether the parser's error is one that go-yaml does not find, and m->text is changed for that. */
bool yaml_mend_fault(struct yaml_mend *m, const struct yaml_parser_s *parser);
/* The same for a tag that ends before the byte at at. */
bool yaml_mend_tag(struct yaml_mend *m, size_t at);
/* The value of a plain scalar as it was; it is built in out, which is empty, if something must be
 * put back. */
struct str yaml_mend_restore(const struct yaml_mend *m, struct buf *out, struct str value);

/* Where libyaml begins to count characters: behind a byte order mark. */
size_t yaml_text_start(struct str text);
/* The byte that is n characters behind the one at at. */
size_t yaml_skip_characters(struct str text, size_t at, size_t n);

#endif
