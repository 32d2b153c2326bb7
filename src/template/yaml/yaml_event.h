/* SPDX-License-Identifier: MIT
 *
 * The events of one YAML document in a buffer: what libyaml's parser says, written down one after
 * another, so that the parser is gone before anything is made of them.
 *
 *	struct yaml_event event;
 *	struct str rest;
 *
 *	yaml_events_add(&buf, text);
 *	rest = buf_str(&buf);
 *	while (yaml_event_next(&rest, &event))
 *		...
 */
#ifndef UD_TEMPLATE_YAML_EVENT_H
#define UD_TEMPLATE_YAML_EVENT_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum yaml_event_kind {
	YAML_EVENT_SCALAR,
	YAML_EVENT_ALIAS,
	YAML_EVENT_SEQUENCE,
	YAML_EVENT_MAPPING,
	YAML_EVENT_END,	  /* of the innermost sequence or mapping */
	YAML_EVENT_ERROR, /* the last one */
};

struct yaml_event {
	enum yaml_event_kind kind;
	bool quoted;	   /* a scalar in quotes or a block */
	bool anchored;	   /* has an anchor, which may not be told from "" */
	uint32_t line;	   /* from 1 */
	struct str tag;	   /* in its long form; "" if there is none */
	struct str anchor; /* that it sets; of an alias, the one that it means */
	struct str value;  /* of a scalar; of an error, its text as go-yaml words it */
};

/* Appends the events of the first document of text, up to its end or the first error. out->full
 * tells that there is no room for them. */
void yaml_events_add(struct buf *out, struct str text);
/* Takes the next event from the front of *rest; its strings are borrowed. False at the end. */
bool yaml_event_next(struct str *rest, struct yaml_event *event);

#endif
