/* SPDX-License-Identifier: MIT
 *
 * JSON into C structs by tables ("shapes"), as its bytes come, with the rules of Go's encoding/json:
 * field names match exactly or else without regard to case, unknown ones are skipped, null leaves a
 * field as it is, invalid UTF-8 becomes U+FFFD. Calling sequence:
 *
 *	struct shape_decoder *d = shape_decoder_new(&shape_of_thing, NULL, NULL, max_bytes);
 *	ok = shape_decoder_feed(d, bytes, len, &err) && ... && shape_decoder_finish(d, &thing, &err);
 *	(use thing)
 *	shape_decoder_free(d);
 *
 * What is decoded lies in the decoder's memory, until the decoder is freed.
 *
 * A value of the wrong type, or one that is too large, is an error that names its path; decoding
 * goes on behind it and shape_decoder_finish reports the first one. An array whose shape says
 * each hands every member to a callback as soon as it is complete, together with that member's own
 * error, and forgets it: a list of any length takes the memory of its largest member, and a bad
 * member spoils no other.
 */
#ifndef UD_SHAPE_H
#define UD_SHAPE_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest string kept, in bytes (an environment variable of Linux ends at 128 KiB). */
#define SHAPE_STRING_MAX ((size_t)256 * 1024)
/* All that is kept of one document, or of one member of an each array. */
#define SHAPE_KEPT_MAX ((size_t)2 * 1024 * 1024)
/* Members of one array or object that are kept. */
#define SHAPE_MEMBERS_MAX 16384
/* Nesting, known and unknown values together. */
#define SHAPE_DEPTH_MAX 512

enum shape_kind {
	SHAPE_STRING,  /* struct str; p is NULL until a string (not null) was read */
	SHAPE_BOOL,    /* bool */
	SHAPE_INT,     /* int64_t */
	SHAPE_TIME,    /* struct shape_time */
	SHAPE_OBJECT,  /* a struct of fields */
	SHAPE_POINTER, /* to an elem (an object): NULL until one was read */
	SHAPE_ARRAY,   /* struct shape_list of elems */
	SHAPE_DICT,    /* struct shape_list of entries: a struct str, then an elem at SHAPE_ELEM */
};

/* Where the value of a dict's entry starts. */
#define SHAPE_ELEM 16

/* RFC 3339 as Go reads it. */
struct shape_time {
	int64_t sec;    /* since 1970-01-01 UTC */
	int32_t nsec;   /* 0..999999999 */
	int32_t offset; /* seconds east of UTC */
	bool set;       /* a time was read */
};

/* Of a dict, entries stand in the order they came; of equal keys the last one counts. */
struct shape_list {
	void *v;
	size_t n, cap;
	bool set; /* an array or object was read, be it empty; null unsets */
};

struct shape {
	enum shape_kind kind;
	bool each; /* of an array, see above */
	size_t size; /* of the memory; set for objects, others know it */
	const struct shape_field *fields;
	size_t n_fields;
	const struct shape *elem;
};

struct shape_field {
	struct str name;
	const struct shape *shape;
	size_t offset;
};

#define SHAPE_FIELD(type, member, json, shape_)                                                    \
	{                                                                                          \
		.name = STR_INIT(json), .shape = (shape_), .offset = offsetof(type, member)        \
	}
#define SHAPE_OF(type, table)                                                                      \
	{                                                                                          \
		.kind = SHAPE_OBJECT, .size = sizeof(type), .fields = (table),                     \
		.n_fields = ARRAY_LEN(table)                                                       \
	}

extern const struct shape shape_string, shape_bool, shape_int, shape_time, shape_strings,
	shape_string_dict, shape_empty; /* shape_empty: an object whose contents do not matter */

/* Member of an each array: shape is that of the member, mem its memory, gone on return. err is
 * NULL, or why mem is incomplete (the callback may move or keep its text). */
typedef void (*shape_on_each)(const struct shape *shape, const void *mem, struct error *err,
	void *arg);

struct shape_decoder;

/* A document of more than max_bytes bytes is an error. on_each may be NULL if no shape says each. */
struct shape_decoder *shape_decoder_new(const struct shape *root, shape_on_each on_each, void *arg,
	size_t max_bytes);
void shape_decoder_free(struct shape_decoder *d);
/* False: the bytes are no JSON, or too many; the decoder is of no further use. */
bool shape_decoder_feed(struct shape_decoder *d, const void *bytes, size_t len,
	struct error *err) MUSTCHECK;
/* The end of the document. *ret_root is memory of the root shape; ret_root may be NULL. False also
 * when a value had the wrong type. */
bool shape_decoder_finish(struct shape_decoder *d, const void **ret_root,
	struct error *err) MUSTCHECK;

/* Member i of a list of elems of that size. */
static inline const void *shape_list_at(const struct shape_list *l, size_t i, size_t size)
{
	return (const char *)l->v + i * size;
}

/* Strict RFC 3339 with any number of fractional digits (nine count). */
bool shape_time_parse(struct str s, struct shape_time *ret) MUSTCHECK;

#endif
