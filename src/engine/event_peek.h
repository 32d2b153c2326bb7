/* SPDX-License-Identifier: MIT
 *
 * A look at the beginning of an event that tells, without parsing it, that nobody wants it: its
 * top-level Type and Action are read as far as they stand before anything nested. Pure; allocates
 * nothing.
 */
#ifndef UD_ENGINE_EVENT_PEEK_H
#define UD_ENGINE_EVENT_PEEK_H

#include "base/str.h"

/* frame begins with `{` and may be cut anywhere. True: it is certainly not in the table. False: it
 * may be; the parser will tell. More bytes never turn true into false. */
bool event_peek_drops(struct str frame);
/* The first quote, backslash or newline from p on; end if there is none. */
const char *event_string_stop(const char *p, const char *end);

#endif
