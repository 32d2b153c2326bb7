/* SPDX-License-Identifier: MIT
 *
 * What the files of the shape decoder share, see shape.h:
 *
 *	shape.c        tokens of yajl, the stack of open values
 *	shape_keep.c   memory for what is kept, and the errors of values that cannot be
 *	shape_field.c  fields by name
 *	shape_time.c   RFC 3339
 *
 * Invariant: frames[0..depth) are open and known; skip > 0 means that skip unknown arrays and
 * objects are open inside the last frame.
 */
#ifndef UD_MODEL_SHAPE_IMPL_H
#define UD_MODEL_SHAPE_IMPL_H

#include "base/arena.h"
#include "model/shape.h"

#include <yajl/yajl_parse.h>

/* Deepest nesting of shapes; tables are ours, so no input reaches it. */
#define SHAPE_FRAMES_MAX 16

struct frame {
	const struct shape *shape;
	void *mem;
	/* Of the value that comes next: its shape (NULL: unknown) and memory. */
	const struct shape *next;
	void *next_mem;
	struct str key;         /* in the arena, for error texts */
	struct arena_mark mark; /* of an each array: before the member */
	size_t kept;            /* of an each array: d->kept before the member */
	bool member;            /* of an each array: one is open */
};

struct shape_decoder {
	yajl_handle yajl;
	const struct shape *root;
	void *root_mem;
	bool root_done;
	shape_on_each on_each;
	void *arg;
	size_t max_bytes, bytes, kept;
	struct arena arena;
	struct frame frames[SHAPE_FRAMES_MAX];
	size_t depth, skip;
	struct error error; /* the first wrong value of the document or member */
	struct error fatal; /* why parsing was stopped */
};

/* Bytes of a value's memory. */
size_t shape_size(const struct shape *s);
const struct shape_field *shape_find_field(const struct shape *shape, struct str key);

/* Keeps the first wrong value; what follows still is read, as Go does. */
void shape_note(struct shape_decoder *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
void shape_note_type(struct shape_decoder *d, const struct shape *want, const char *got);

/* n zeroed bytes, NULL (and an error noted) when the member or document keeps too much. */
void *shape_keep(struct shape_decoder *d, size_t n);
/* Copies s, invalid UTF-8 replaced; false when it is too long. */
bool shape_keep_string(struct shape_decoder *d, struct str s, struct str *ret);
/* Room for one more member of size bytes, zeroed; NULL when there are too many. */
void *shape_list_push(struct shape_decoder *d, struct shape_list *l, size_t size);

#endif
