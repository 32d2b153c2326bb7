/* SPDX-License-Identifier: MIT
 *
 * What the HTTP and event parsers said about some bytes, as text that can be compared. However the
 * bytes are cut, the text must be the same: bodies are joined, callbacks are lines.
 */
#ifndef UD_TEST_TRANSCRIPT_H
#define UD_TEST_TRANSCRIPT_H

#include "base/buf.h"
#include "engine/events.h"
#include "engine/http.h"

struct transcript {
	struct http_parser http;
	struct events *events;
	enum http_expect expect;
	uint64_t body_max;
	bool feed_events;  /* bodies go into the event parser too */
	bool with_body;    /* the body is part of the text */
	bool pipelined;    /* another answer is due after each */
	bool failed;
	unsigned answers;  /* whole ones */
	struct buf text, body;
};

void transcript_init(struct transcript *t, enum http_expect expect, uint64_t body_max);
void transcript_release(struct transcript *t);
/* Forgets everything, for the same bytes in other pieces. */
void transcript_clear(struct transcript *t);
/* Feeds HTTP bytes; an error becomes a line and ends it. */
void transcript_feed(struct transcript *t, struct str bytes);
void transcript_eof(struct transcript *t);
/* Adds a line as in events.want. */
void transcript_add_event(struct buf *text, const struct engine_event *event);
const char *transcript_text(struct transcript *t);

#endif
