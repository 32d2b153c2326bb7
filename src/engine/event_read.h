/* SPDX-License-Identifier: MIT
 *
 * One whole event, read by yajl. Each event has a parser of its own, for a yajl handle is dead
 * after an error; its memory comes from the reader's arena, so that it costs no malloc.
 */
#ifndef UD_ENGINE_EVENT_READ_H
#define UD_ENGINE_EVENT_READ_H

#include "base/arena.h"
#include "base/error.h"
#include "engine/events.h"

struct event_reader {
	struct arena arena;
};

enum event_read {
	EVENT_READ_OK,
	EVENT_READ_DROP,     /* a good event that is not in the table */
	EVENT_READ_BAD,      /* an object that is no event; *err says what it lacks */
	EVENT_READ_NOT_JSON, /* no whole object, or nested too deeply; *err says which */
};

void event_reader_init(struct event_reader *r);
void event_reader_release(struct event_reader *r);
/* Reads the object that bytes begin with; *ret_len is its length, unless it is no JSON. The strings
 * of *ret point into bytes or into the reader and are valid until the next call. */
enum event_read event_read(struct event_reader *r, struct str bytes, size_t *ret_len,
	struct engine_event *ret, struct error *err) MUSTCHECK;

#endif
