/* SPDX-License-Identifier: MIT
 *
 * Splitting and replacing as Go's package strings does it, for the functions that docker-gen and
 * sprig both have under these names. An empty separator stands between runes.
 */
#ifndef UD_TEMPLATE_SPLIT_H
#define UD_TEMPLATE_SPLIT_H

#include "template/funcs.h"

/* strings.SplitN as a []string: at most limit parts, the last with the rest; all if limit is
 * negative, the nil slice if it is 0. The parts are borrowed from text. */
struct value call_split(struct call *c, struct str text, struct str sep, int64_t limit);
/* strings.Replace: the first limit places where from stands, all if limit is negative. */
bool call_replace(struct call *c, struct str text, struct str from, struct str to, int64_t limit,
	struct value *ret) MUSTCHECK;

#endif
