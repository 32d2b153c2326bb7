/* SPDX-License-Identifier: MIT
 *
 * The engines' words for what happens, docker's and podman's, in one sorted table: a Type and an
 * Action give a kind of event. Everything that is not in it is of no interest.
 */
#ifndef UD_ENGINE_EVENT_TABLE_H
#define UD_ENGINE_EVENT_TABLE_H

#include "base/buf.h"
#include "engine/events.h"

struct event_word {
	struct str type, action;
	enum engine_event_kind kind;
};

/* Some action of this type is in the table. */
bool event_table_has_type(struct str type);
/* Some type of the table has this action, a word without colon. */
bool event_table_has_action(struct str action);
/* The row for type and action, NULL if there is none. What follows a colon in action ("exec_start:
 * /bin/sh", "health_status: healthy") is not looked at. */
const struct event_word *event_table_find(struct str type, struct str action);
/* Row i in order of type and action, NULL after the last. */
const struct event_word *event_table_at(size_t i);
/* Appends a filter for GET /events that lets through the types in the n given ones and all actions
 * of the table: {"type":["container"],"event":["create",…]}. Both engines read it. */
void event_table_add_filter(struct buf *b, const char *const *types, size_t n);

#endif
