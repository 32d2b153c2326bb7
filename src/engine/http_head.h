/* SPDX-License-Identifier: MIT
 *
 * The lines of an answer's head and what they mean for its body; used by http.c alone. Lines come
 * without their end and lie at the end of p->lines, whose bytes the fields then refer to.
 */
#ifndef UD_ENGINE_HTTP_HEAD_H
#define UD_ENGINE_HTTP_HEAD_H

#include "engine/http.h"

/* How the end of a body is known (RFC 9112 6.3). */
enum http_framing {
	HTTP_FRAMING_NONE,
	HTTP_FRAMING_UPGRADE,
	HTTP_FRAMING_LENGTH,
	HTTP_FRAMING_CHUNKED,
	HTTP_FRAMING_CLOSE,
};

/* The beginning of a status line, as far as it is there: something that is no HTTP is told at its
 * first bytes, for its first line may never end. */
bool http_head_check_start(struct str line, struct error *err) MUSTCHECK;
bool http_head_start_line(struct http_parser *p, struct str line, struct error *err) MUSTCHECK;
/* A header line, or the continuation of the one before. */
bool http_head_header_line(struct http_parser *p, struct str line, struct error *err) MUSTCHECK;
/* Makes p->head point to the collected lines. */
void http_head_fill(struct http_parser *p);
/* Decides how the body ends and whether the connection can be used again. */
bool http_head_framing(struct http_parser *p, enum http_framing *ret_framing, uint64_t *ret_length,
	struct error *err) MUSTCHECK;

#endif
