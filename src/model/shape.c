/* SPDX-License-Identifier: MIT
 *
 * JSON into C structs, see shape.h. yajl calls back for every token; a stack of frames says which
 * struct, array or dict is open and where its memory lies. Values that no shape knows are only
 * counted for their depth.
 */
#include "config.h"

#include "model/shape_impl.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdlib.h>

const struct shape shape_string = {.kind = SHAPE_STRING};
const struct shape shape_bool = {.kind = SHAPE_BOOL};
const struct shape shape_int = {.kind = SHAPE_INT};
const struct shape shape_time = {.kind = SHAPE_TIME};
const struct shape shape_strings = {.kind = SHAPE_ARRAY, .elem = &shape_string};
const struct shape shape_string_dict = {.kind = SHAPE_DICT, .elem = &shape_string};
const struct shape shape_empty = {.kind = SHAPE_OBJECT, .size = sizeof(int64_t)};

size_t shape_size(const struct shape *s)
{
	static const size_t sizes[] = {
		[SHAPE_STRING] = sizeof(struct str),
		[SHAPE_BOOL] = sizeof(bool),
		[SHAPE_INT] = sizeof(int64_t),
		[SHAPE_TIME] = sizeof(struct shape_time),
		[SHAPE_OBJECT] = 0,
		[SHAPE_POINTER] = sizeof(void *),
		[SHAPE_ARRAY] = sizeof(struct shape_list),
		[SHAPE_DICT] = sizeof(struct shape_list),
	};

	return s->kind == SHAPE_OBJECT ? s->size : sizes[s->kind];
}

/* What a callback of yajl returns to stop it for good. */
static int fatal(struct shape_decoder *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
static int fatal(struct shape_decoder *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(&d->fatal, fmt, ap);
	va_end(ap);
	return 0;
}

/* Bytes of a dict's entry: key and value. */
static size_t entry_size(const struct shape *elem)
{
	size_t size = SHAPE_ELEM + shape_size(elem);

	return (size + 7) & ~(size_t)7;
}

/* --- frames ---------------------------------------------------------------------------- */

/* The innermost open value, NULL before the document begins. */
static struct frame *top(struct shape_decoder *d)
{
	return d->depth ? &d->frames[d->depth - 1] : NULL;
}

/* An each array's member starts: all that it keeps goes again when it ends. */
static void member_begin(struct shape_decoder *d, struct frame *f)
{
	struct shape_list *l = f->mem;

	f->mark = arena_mark(&d->arena);
	f->kept = d->kept;
	d->kept = 0;
	f->member = true;
	l->n++;
	f->next = f->shape->elem;
	f->next_mem = shape_keep(d, shape_size(f->shape->elem));
}

static void member_end(struct shape_decoder *d, struct frame *f)
{
	f->member = false;
	d->on_each(f->shape->elem, f->next_mem, error_is_set(&d->error) ? &d->error : NULL,
		d->arg);
	error_clear(&d->error);
	arena_reset(&d->arena, f->mark);
	d->kept = f->kept;
}

/* Where the value that now comes goes; NULL shape: nowhere. */
static const struct shape *target(struct shape_decoder *d, void **mem)
{
	struct frame *f = top(d);

	if (!f) {
		*mem = d->root_mem;
		return d->root;
	}
	if (f->shape->kind == SHAPE_ARRAY) {
		if (f->shape->each) {
			member_begin(d, f);
		} else {
			f->next_mem = shape_list_push(d, f->mem, shape_size(f->shape->elem));
			f->next = f->next_mem ? f->shape->elem : NULL;
		}
	}
	*mem = f->next_mem;
	return f->next;
}

/* A value is complete: of an each array's member, that is its end. */
static void value_end(struct shape_decoder *d)
{
	struct frame *f = top(d);

	if (!f)
		d->root_done = true;
	else if (f->shape->each && f->member)
		member_end(d, f);
}

static void push(struct shape_decoder *d, const struct shape *shape, void *mem)
{
	d->frames[d->depth++] = (struct frame){.shape = shape, .mem = mem};
}

/* --- yajl's callbacks -------------------------------------------------------------------- */

/* The target of a scalar of that kind; a wrong one is noted and NULL. */
static void *scalar_target(struct shape_decoder *d, enum shape_kind kind, const char *got,
	const struct shape **shape)
{
	void *mem;

	*shape = target(d, &mem);
	if (!*shape)
		return NULL;
	if ((*shape)->kind == kind || ((*shape)->kind == SHAPE_TIME && kind == SHAPE_STRING))
		return mem;
	shape_note_type(d, *shape, got);
	return NULL;
}

static int on_null(void *ctx)
{
	struct shape_decoder *d = ctx;
	const struct shape *shape;
	void *mem;

	if (d->skip)
		return 1;
	shape = target(d, &mem);
	if (shape && (shape->kind == SHAPE_ARRAY || shape->kind == SHAPE_DICT))
		*(struct shape_list *)mem = (struct shape_list){.set = false};
	else if (shape && shape->kind == SHAPE_POINTER)
		*(void **)mem = NULL;
	value_end(d);
	return 1;
}

static int on_boolean(void *ctx, int value)
{
	struct shape_decoder *d = ctx;
	const struct shape *shape;
	bool *mem;

	if (d->skip)
		return 1;
	mem = scalar_target(d, SHAPE_BOOL, "true or false", &shape);
	if (mem)
		*mem = value != 0;
	value_end(d);
	return 1;
}

static int on_number(void *ctx, const char *text, size_t len)
{
	struct shape_decoder *d = ctx;
	const struct shape *shape;
	char number[32], *end;
	int64_t *mem, i;

	if (d->skip)
		return 1;
	mem = scalar_target(d, SHAPE_INT, "a number", &shape);
	if (mem) {
		if (len >= sizeof(number))
			len = sizeof(number) - 1; /* longer than any int64: out of range */
		memcpy(number, text, len);
		number[len] = '\0';
		errno = 0;
		i = strtoll(number, &end, 10);
		if (errno == 0 && *end == '\0')
			*mem = i;
		else
			shape_note(d, "the number %s where a whole number belongs", number);
	}
	value_end(d);
	return 1;
}

static int on_string(void *ctx, const unsigned char *text, size_t len)
{
	struct shape_decoder *d = ctx;
	struct str s = str_n((const char *)text, len);
	const struct shape *shape;
	void *mem;

	if (d->skip)
		return 1;
	mem = scalar_target(d, SHAPE_STRING, "a string", &shape);
	if (mem && shape->kind == SHAPE_TIME) {
		if (!shape_time_parse(s, mem))
			shape_note(d, "no RFC 3339 time");
	} else if (mem) {
		shape_keep_string(d, s, mem);
	}
	value_end(d);
	return 1;
}

/* Opens an object or array of a known shape, or starts to skip one. */
static int open_value(struct shape_decoder *d, bool object)
{
	const struct shape *shape = NULL;
	void *mem = NULL;

	if (d->depth + d->skip >= SHAPE_DEPTH_MAX)
		return fatal(d, "nested deeper than %d levels", SHAPE_DEPTH_MAX);
	if (d->skip == 0)
		shape = target(d, &mem);
	if (!shape) {
		d->skip++;
		return 1;
	}
	if (shape->kind == SHAPE_POINTER && object) {
		if (!*(void **)mem)
			*(void **)mem = shape_keep(d, shape_size(shape->elem));
		mem = *(void **)mem;
		shape = shape->elem;
	}
	if (!mem || d->depth == SHAPE_FRAMES_MAX) {
		d->skip++;
		return 1;
	}
	if (object ? shape->kind != SHAPE_OBJECT && shape->kind != SHAPE_DICT
		   : shape->kind != SHAPE_ARRAY) {
		shape_note_type(d, shape, object ? "an object" : "an array");
		d->skip++;
		return 1;
	}
	if (shape->kind == SHAPE_ARRAY)
		((struct shape_list *)mem)->n = 0; /* an array named twice: the last one counts */
	if (shape->kind != SHAPE_OBJECT)
		((struct shape_list *)mem)->set = true;
	push(d, shape, mem);
	return 1;
}

static int close_value(struct shape_decoder *d)
{
	if (d->skip)
		d->skip--;
	else
		d->depth--;
	if (d->skip == 0)
		value_end(d);
	return 1;
}

static int on_start_map(void *ctx)
{
	return open_value(ctx, true);
}

static int on_start_array(void *ctx)
{
	return open_value(ctx, false);
}

static int on_end(void *ctx)
{
	return close_value(ctx);
}

/* A dict's key: its entry is made at once, the value follows. */
static void dict_key(struct shape_decoder *d, struct frame *f, struct str key)
{
	struct str *entry = NULL;
	struct str kept;

	f->key = str_n(NULL, 0);
	if (shape_keep_string(d, key, &kept)) {
		f->key = kept;
		entry = shape_list_push(d, f->mem, entry_size(f->shape->elem));
	}
	f->next = entry ? f->shape->elem : NULL;
	if (entry) {
		*entry = kept;
		f->next_mem = (char *)entry + SHAPE_ELEM;
	}
}

static int on_map_key(void *ctx, const unsigned char *text, size_t len)
{
	struct shape_decoder *d = ctx;
	struct str key = str_n((const char *)text, len);
	struct frame *f = top(d);
	const struct shape_field *field;

	if (d->skip)
		return 1;
	if (f->shape->kind == SHAPE_DICT) {
		dict_key(d, f, key);
		return 1;
	}
	field = shape_find_field(f->shape, key);
	f->next = field ? field->shape : NULL;
	f->key = field ? field->name : STR("?");
	f->next_mem = field ? (char *)f->mem + field->offset : NULL;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_start_map,
	.yajl_map_key = on_map_key,
	.yajl_end_map = on_end,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end,
};

/* --- the decoder ---------------------------------------------------------------------------- */

struct shape_decoder *shape_decoder_new(const struct shape *root, shape_on_each on_each, void *arg,
	size_t max_bytes)
{
	struct shape_decoder *d = xcalloc(1, sizeof(*d));

	d->root = root;
	d->on_each = on_each;
	d->arg = arg;
	d->max_bytes = max_bytes;
	arena_init(&d->arena);
	d->root_mem = arena_calloc(&d->arena, 1, shape_size(root));
	d->yajl = yajl_alloc(&callbacks, NULL, d);
	/* Invalid UTF-8 is replaced when a string is kept; yajl would give up instead. */
	yajl_config(d->yajl, yajl_dont_validate_strings, 1);
	return d;
}

void shape_decoder_free(struct shape_decoder *d)
{
	if (!d)
		return;
	yajl_free(d->yajl);
	arena_release(&d->arena);
	error_clear(&d->error);
	error_clear(&d->fatal);
	free(d);
}

/* yajl's own error, in one line and without its echo of the text (which may hold secrets). */
static bool yajl_failed(struct shape_decoder *d, struct error *err)
{
	unsigned char *text;
	size_t at = d->bytes;
	struct str line, rest;

	if (error_is_set(&d->fatal))
		return error_move(err, &d->fatal);
	text = yajl_get_error(d->yajl, 0, NULL, 0);
	str_cut(str_from((const char *)text), '\n', &line, &rest);
	error_set(err, "malformed JSON near byte %zu: %.*s", at, STR_ARG(line));
	yajl_free_error(d->yajl, text);
	return false;
}

bool shape_decoder_feed(struct shape_decoder *d, const void *bytes, size_t len, struct error *err)
{
	yajl_status status;

	if (len > d->max_bytes - d->bytes)
		return error_set(err, "more than %zu bytes", d->max_bytes);
	status = yajl_parse(d->yajl, bytes, len);
	if (status != yajl_status_ok) {
		d->bytes += yajl_get_bytes_consumed(d->yajl);
		return yajl_failed(d, err);
	}
	d->bytes += len;
	return true;
}

bool shape_decoder_finish(struct shape_decoder *d, const void **ret_root, struct error *err)
{
	if (yajl_complete_parse(d->yajl) != yajl_status_ok)
		return yajl_failed(d, err);
	if (!d->root_done)
		return error_set(err, "no JSON value");
	if (error_is_set(&d->error))
		return error_move(err, &d->error);
	if (ret_root)
		*ret_root = d->root_mem;
	return true;
}
