/* SPDX-License-Identifier: MIT
 *
 * JSON into C structs, see shape.h. yajl calls back for every token; a stack of frames says which
 * struct, array or dict is open and where its memory lies. Values that no shape knows are only
 * counted for their depth.
 *
 * Invariant: frames[0..depth) are open and known; skip > 0 means that skip unknown arrays and
 * objects are open inside the last frame.
 */
#include "config.h"

#include "model/shape.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>

/* Deepest nesting of shapes; tables are ours, so no input reaches it. */
#define FRAMES_MAX 16
/* Of a key from outside in an error's text. */
#define KEY_SHOWN_MAX 64
#define PATH_SHOWN_MAX 512
#define LIST_FLOOR 4

struct frame {
	const struct shape *shape;
	void *mem;
	/* Of the value that comes next: its shape (NULL: unknown) and memory. */
	const struct shape *next;
	void *next_mem;
	struct str key;          /* in the arena, for error texts */
	struct arena_mark mark;  /* of an each array: before the member */
	size_t kept;             /* of an each array: d->kept before the member */
	bool member;             /* of an each array: one is open */
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
	struct frame frames[FRAMES_MAX];
	size_t depth, skip;
	struct error error; /* the first wrong value of the document or member */
	struct error fatal; /* why parsing was stopped */
};

const struct shape shape_string = {.kind = SHAPE_STRING};
const struct shape shape_bool = {.kind = SHAPE_BOOL};
const struct shape shape_int = {.kind = SHAPE_INT};
const struct shape shape_time = {.kind = SHAPE_TIME};
const struct shape shape_strings = {.kind = SHAPE_ARRAY, .elem = &shape_string};
const struct shape shape_string_dict = {.kind = SHAPE_DICT, .elem = &shape_string};
const struct shape shape_empty = {.kind = SHAPE_OBJECT, .size = sizeof(int64_t)};

static const char *const kind_names[] = {
	[SHAPE_STRING] = "a string",
	[SHAPE_BOOL] = "true or false",
	[SHAPE_INT] = "a whole number",
	[SHAPE_TIME] = "an RFC 3339 time",
	[SHAPE_OBJECT] = "an object",
	[SHAPE_POINTER] = "an object",
	[SHAPE_ARRAY] = "an array",
	[SHAPE_DICT] = "an object",
};

static size_t shape_size(const struct shape *s)
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

/* --- errors ---------------------------------------------------------------------- */

/* A key from outside: cut, and without anything that could forge a line. */
static void add_shown(struct buf *b, struct str key)
{
	bool cut = key.len > KEY_SHOWN_MAX;

	key = str_sub(key, 0, KEY_SHOWN_MAX);
	for (size_t i = 0; i < key.len; i++)
		buf_add_char(b, key.p[i] < ' ' || key.p[i] > '~' ? '?' : key.p[i]);
	if (cut)
		buf_add_cstr(b, "...");
}

/* The path of the value that comes next, as in NetworkSettings.Networks.front.IPAddress. */
static void add_path(const struct shape_decoder *d, struct buf *b)
{
	for (size_t i = 0; i < d->depth; i++) {
		const struct frame *f = &d->frames[i];

		if (f->shape->kind == SHAPE_ARRAY) {
			const struct shape_list *l = f->mem;

			if (!f->shape->each)
				buf_add_fmt(b, "[%zu]", l->n ? l->n - 1 : 0);
			continue;
		}
		if (b->len)
			buf_add_char(b, '.');
		add_shown(b, f->key);
	}
	if (b->len == 0)
		buf_add_cstr(b, "the document");
}

/* Keeps the first wrong value; what follows still is read, as Go does. */
static void note(struct shape_decoder *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void note(struct shape_decoder *d, const char *fmt, ...)
{
	struct buf path;
	va_list ap;

	if (error_is_set(&d->error))
		return;
	buf_init(&path, PATH_SHOWN_MAX);
	add_path(d, &path);
	va_start(ap, fmt);
	error_vset(&d->error, fmt, ap);
	va_end(ap);
	error_prepend(&d->error, "%s: ", buf_cstr(&path));
	buf_release(&path);
}

static int fatal(struct shape_decoder *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
static int fatal(struct shape_decoder *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(&d->fatal, fmt, ap);
	va_end(ap);
	return 0;
}

static void note_type(struct shape_decoder *d, const struct shape *want, const char *got)
{
	note(d, "%s where %s belongs", got, kind_names[want->kind]);
}

/* --- memory ------------------------------------------------------------------------ */

/* n zeroed bytes, NULL (and an error noted) when the member or document keeps too much. */
static void *keep(struct shape_decoder *d, size_t n)
{
	if (n > SHAPE_KEPT_MAX || d->kept + n > SHAPE_KEPT_MAX) {
		note(d, "more than %zu bytes in all", SHAPE_KEPT_MAX);
		return NULL;
	}
	d->kept += n;
	return arena_calloc(&d->arena, 1, n ? n : 1);
}

/* Copies s, invalid UTF-8 replaced; false when it is too long. */
static bool keep_string(struct shape_decoder *d, struct str s, struct str *ret)
{
	size_t len = 0, width;
	char *to;

	if (s.len > SHAPE_STRING_MAX) {
		note(d, "a string of %zu bytes, the limit is %zu", s.len, SHAPE_STRING_MAX);
		return false;
	}
	if (utf8_valid(s)) {
		to = keep(d, s.len);
		if (!to)
			return false;
		if (s.len)
			memcpy(to, s.p, s.len);
		*ret = str_n(to, s.len);
		return true;
	}
	to = keep(d, s.len * 3); /* one byte becomes at most the three of U+FFFD */
	if (!to)
		return false;
	for (struct str at = s; at.len; at = str_sub(at, width, at.len)) {
		uint32_t rune = utf8_decode(at, &width);

		len += utf8_encode(rune, to + len);
	}
	*ret = str_n(to, len);
	return true;
}

/* Room for one more member of size bytes, zeroed; NULL when there are too many. */
static void *list_push(struct shape_decoder *d, struct shape_list *l, size_t size)
{
	if (l->n >= SHAPE_MEMBERS_MAX) {
		note(d, "more than %d members", SHAPE_MEMBERS_MAX);
		return NULL;
	}
	if (l->n == l->cap) {
		size_t cap = grow_capacity(l->cap, l->n + 1, LIST_FLOOR);
		void *v = keep(d, cap * size);

		if (!v)
			return NULL;
		if (l->n)
			memcpy(v, l->v, l->n * size);
		l->v = v;
		l->cap = cap;
	}
	return (char *)l->v + l->n++ * size;
}

static size_t entry_size(const struct shape *elem)
{
	size_t size = SHAPE_ELEM + shape_size(elem);

	return (size + 7) & ~(size_t)7;
}

/* --- frames ---------------------------------------------------------------------------- */

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
	f->next_mem = keep(d, shape_size(f->shape->elem));
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
			f->next_mem = list_push(d, f->mem, shape_size(f->shape->elem));
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
	note_type(d, *shape, got);
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
			note(d, "the number %s where a whole number belongs", number);
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
			note(d, "no RFC 3339 time");
	} else if (mem) {
		keep_string(d, s, mem);
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
			*(void **)mem = keep(d, shape_size(shape->elem));
		mem = *(void **)mem;
		shape = shape->elem;
	}
	if (!mem || d->depth == FRAMES_MAX) {
		d->skip++;
		return 1;
	}
	if (object ? shape->kind != SHAPE_OBJECT && shape->kind != SHAPE_DICT
		   : shape->kind != SHAPE_ARRAY) {
		note_type(d, shape, object ? "an object" : "an array");
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

/* One byte or rune of key against a byte of a field's name, as Go folds them: besides ASCII's cases,
 * U+017F is an s and U+212A (Kelvin) a k. Returns the width in key, 0 if they differ. */
static size_t fold_width(struct str key, char c)
{
	char lower = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	char k = key.p[0] >= 'A' && key.p[0] <= 'Z' ? (char)(key.p[0] + ('a' - 'A')) : key.p[0];

	if (k == lower)
		return 1;
	if (lower == 's' && str_has_prefix(key, STR("\xc5\xbf")))
		return 2;
	if (lower == 'k' && str_has_prefix(key, STR("\xe2\x84\xaa")))
		return 3;
	return 0;
}

static bool folds_to(struct str key, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		size_t width = key.len ? fold_width(key, name.p[i]) : 0;

		if (width == 0)
			return false;
		key = str_sub(key, width, key.len);
	}
	return key.len == 0;
}

static const struct shape_field *find_field(const struct shape *shape, struct str key)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		if (str_eq(shape->fields[i].name, key))
			return &shape->fields[i];
	}
	for (size_t i = 0; i < shape->n_fields; i++) {
		if (folds_to(key, shape->fields[i].name))
			return &shape->fields[i];
	}
	return NULL;
}

/* A dict's key: its entry is made at once, the value follows. */
static void dict_key(struct shape_decoder *d, struct frame *f, struct str key)
{
	struct str *entry = NULL;
	struct str kept;

	f->key = str_n(NULL, 0);
	if (keep_string(d, key, &kept)) {
		f->key = kept;
		entry = list_push(d, f->mem, entry_size(f->shape->elem));
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
	field = find_field(f->shape, key);
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
