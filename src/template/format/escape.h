/* SPDX-License-Identifier: MIT
 *
 * The escapers of the template language, as Go's text/template has them under the names html, js
 * and urlquery. Input is any bytes; the escaped text is appended.
 */
#ifndef UD_TEMPLATE_FORMAT_ESCAPE_H
#define UD_TEMPLATE_FORMAT_ESCAPE_H

#include "base/buf.h"
#include "base/str.h"

/* & < > " ' as entities, NUL as U+FFFD. */
void escape_html(struct buf *out, struct str s);
/* Safe within a JavaScript string literal. */
void escape_js(struct buf *out, struct str s);
/* A query component (url.QueryEscape): a space becomes "+". */
void escape_query(struct buf *out, struct str s);
/* A path segment (url.PathEscape): a space becomes "%20". */
void escape_path(struct buf *out, struct str s);

#endif
