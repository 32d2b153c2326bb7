/* SPDX-License-Identifier: MIT
 *
 * Reads the few fields of an event that count, see event_read.h. yajl calls back for each token;
 * a path of three levels (top, Actor, Actor.Attributes) says whether a key is wanted, and the next
 * scalar then goes to its slot. The last one wins where a key comes twice.
 */
#include "config.h"

#include "engine/event_read.h"

#include "engine/event_table.h"

#include <yajl/yajl_parse.h>

/* What the first chunk of the arena holds: yajl's state and the fields of a usual event. */
#define READER_CHUNK ((size_t)16384)
/* More than this is given back after an event. */
#define READER_KEEP ((size_t)262144)
/* Put before each block of yajl's, for realloc. */
#define BLOCK_HEAD ((size_t)16)

enum level { TOP = 1, ACTOR = 2, ATTRIBUTES = 3 };

struct fields {
	struct str type, action, health;
	struct str actor_id;
	struct str container, image, name, network, signal; /* attributes */
	struct str time, time_nano;
};

struct reading {
	struct arena *arena;
	struct str bytes;       /* the input */
	struct fields fields;
	struct str *slot;       /* where the next scalar goes, NULL: nowhere */
	unsigned depth;         /* open objects and arrays */
	unsigned path;          /* of them, those on the way to Attributes */
	bool descend;           /* the key just read leads on the way */
	bool whole;             /* the object has ended */
};

struct key {
	struct str name;
	size_t slot; /* offset in struct fields */
};

/* For each level; an empty name ends it. */
static const struct key levels[][6] = {
	[TOP] =
		{
			{STR_INIT("Type"), offsetof(struct fields, type)},
			{STR_INIT("Action"), offsetof(struct fields, action)},
			{STR_INIT("time"), offsetof(struct fields, time)},
			{STR_INIT("timeNano"), offsetof(struct fields, time_nano)},
			{STR_INIT("HealthStatus"), offsetof(struct fields, health)},
		},
	[ACTOR] =
		{
			{STR_INIT("ID"), offsetof(struct fields, actor_id)},
		},
	[ATTRIBUTES] =
		{
			{STR_INIT("container"), offsetof(struct fields, container)},
			{STR_INIT("image"), offsetof(struct fields, image)},
			{STR_INIT("name"), offsetof(struct fields, name)},
			{STR_INIT("network"), offsetof(struct fields, network)},
			{STR_INIT("signal"), offsetof(struct fields, signal)},
		},
};

/* The key that leads from a level to the next. */
static const struct str ways[] = {
	[TOP] = STR_INIT("Actor"),
	[ACTOR] = STR_INIT("Attributes"),
};

static void *yajl_on_malloc(void *ctx, size_t size)
{
	char *p = arena_alloc(ctx, BLOCK_HEAD + size);

	memcpy(p, &size, sizeof(size));
	return p + BLOCK_HEAD;
}

static void *yajl_on_realloc(void *ctx, void *old, size_t size)
{
	char *p = yajl_on_malloc(ctx, size);
	size_t old_size;

	if (old) {
		memcpy(&old_size, (char *)old - BLOCK_HEAD, sizeof(old_size));
		memcpy(p, old, old_size < size ? old_size : size);
	}
	return p;
}

static void yajl_on_free(void *ctx, void *p)
{
	(void)ctx;
	(void)p;
}

/* A string with escapes lies in yajl's own buffer, until the next one. */
static int on_scalar(struct reading *r, const char *p, size_t len)
{
	bool lasting = p >= r->bytes.p && p < r->bytes.p + r->bytes.len;

	if (r->slot)
		*r->slot = lasting ? str_n(p, len) : arena_str(r->arena, str_n(p, len));
	r->slot = NULL;
	r->descend = false;
	return 1;
}

static int yajl_on_string(void *arg, const unsigned char *p, size_t len)
{
	return on_scalar(arg, (const char *)p, len);
}

static int yajl_on_number(void *arg, const char *p, size_t len)
{
	return on_scalar(arg, p, len);
}

/* null, true and false say nothing that is wanted. */
static int on_nothing(struct reading *r)
{
	r->slot = NULL;
	r->descend = false;
	return 1;
}

static int yajl_on_null(void *arg)
{
	return on_nothing(arg);
}

static int yajl_on_boolean(void *arg, int value)
{
	(void)value;
	return on_nothing(arg);
}

static int yajl_on_map_key(void *arg, const unsigned char *p, size_t len)
{
	struct reading *r = arg;
	struct str name = str_n((const char *)p, len);

	r->slot = NULL;
	r->descend = false;
	if (r->depth != r->path)
		return 1;
	if (len == 0)
		return 1;
	for (const struct key *key = levels[r->path]; key->name.len; key++) {
		if (key->name.len != len || key->name.p[0] != name.p[0] ||
			memcmp(key->name.p, name.p, len) != 0)
			continue;
		r->slot = (struct str *)(void *)((char *)&r->fields + key->slot);
		return 1;
	}
	r->descend = r->path < ARRAY_LEN(ways) && str_eq(ways[r->path], name);
	return 1;
}

static int open_any(struct reading *r, bool on_path)
{
	if (on_path)
		r->path++;
	r->depth++;
	on_nothing(r);
	return r->depth <= EVENT_DEPTH_MAX;
}

static int yajl_on_start_map(void *arg)
{
	struct reading *r = arg;

	return open_any(r, r->depth == 0 || (r->descend && r->depth == r->path));
}

static int yajl_on_start_array(void *arg)
{
	return open_any(arg, false);
}

static int yajl_on_end(void *arg)
{
	struct reading *r = arg;

	if (r->path == r->depth)
		r->path--;
	r->depth--;
	r->whole = r->depth == 0;
	on_nothing(r);
	return !r->whole; /* what follows is not ours */
}

static const yajl_callbacks callbacks = {
	.yajl_null = yajl_on_null,
	.yajl_boolean = yajl_on_boolean,
	.yajl_number = yajl_on_number,
	.yajl_string = yajl_on_string,
	.yajl_start_map = yajl_on_start_map,
	.yajl_map_key = yajl_on_map_key,
	.yajl_end_map = yajl_on_end,
	.yajl_start_array = yajl_on_start_array,
	.yajl_end_array = yajl_on_end,
};

void event_reader_init(struct event_reader *r)
{
	arena_init(&r->arena);
}

void event_reader_release(struct event_reader *r)
{
	arena_release(&r->arena);
}

/* The end of the object, or false if there is none. */
static bool parse(struct reading *r, size_t *ret_len, struct error *err)
{
	yajl_alloc_funcs funcs = {yajl_on_malloc, yajl_on_realloc, yajl_on_free, r->arena};
	yajl_handle h = yajl_alloc(&callbacks, &funcs, r);
	const unsigned char *bytes = (const unsigned char *)r->bytes.p;
	yajl_status status = yajl_parse(h, bytes, r->bytes.len);
	const char *text;

	if (r->whole) {
		*ret_len = yajl_get_bytes_consumed(h);
		return true;
	}
	if (status == yajl_status_ok)
		return error_set(err, "an event is not whole");
	if (status == yajl_status_client_canceled)
		return error_set(err, "an event is nested too deeply");
	text = (const char *)yajl_get_error(h, 0, bytes, r->bytes.len);
	return error_set(err, "an event is not JSON (%.*s)",
		STR_ARG(str_trim(str_from(text ? text : "unknown error"))));
}

static int64_t read_time(const struct fields *f)
{
	uint64_t v = 0;

	if (str_to_u64(f->time_nano, INT64_MAX, &v))
		return (int64_t)v;
	if (str_to_u64(f->time, INT64_MAX / 1000000000, &v))
		return (int64_t)v * 1000000000;
	return 0;
}

/* docker puts the network into Actor.ID and the container into an attribute, podman the container
 * into Actor.ID and, since 5, the network's name into an attribute. */
static void fill_network(struct engine_event *event, const struct fields *f)
{
	if (f->container.len) {
		event->id = f->container;
		event->network = f->actor_id;
		event->network_name = f->name;
	} else {
		event->id = f->actor_id;
		event->network_name = f->network;
		event->name = f->name;
	}
}

static void fill(struct engine_event *event, const struct fields *f)
{
	struct str verb, state;

	if (event->kind == ENGINE_NETWORK_CONNECT || event->kind == ENGINE_NETWORK_DISCONNECT) {
		fill_network(event, f);
		return;
	}
	if (event->kind == ENGINE_NETWORK_DESTROY) {
		event->network = f->actor_id;
		event->network_name = f->network.len ? f->network : f->name;
		return;
	}
	event->id = f->actor_id;
	event->name = f->name;
	event->image = f->image;
	if (event->kind == ENGINE_CONTAINER_KILL)
		event->signal = f->signal;
	if (event->kind == ENGINE_CONTAINER_HEALTH)
		event->health = str_cut(f->action, ':', &verb, &state) ? str_trim(state) : f->health;
}

static void make_room(struct event_reader *r)
{
	if (r->arena.bytes > READER_KEEP)
		arena_release(&r->arena);
	if (!r->arena.chunk)
		arena_alloc(&r->arena, READER_CHUNK);
	arena_clear(&r->arena);
}

enum event_read event_read(struct event_reader *r, struct str bytes, size_t *ret_len,
	struct engine_event *ret, struct error *err)
{
	struct reading reading = {.arena = &r->arena, .bytes = bytes};
	struct engine_event event = {.id = {NULL, 0}};
	const struct event_word *word;

	make_room(r);
	if (!parse(&reading, ret_len, err))
		return EVENT_READ_NOT_JSON;
	if (!reading.fields.type.len || !reading.fields.action.len) {
		error_set(err, "an event has no Type or no Action");
		return EVENT_READ_BAD;
	}
	word = event_table_find(reading.fields.type, reading.fields.action);
	if (!word)
		return EVENT_READ_DROP;
	event.kind = word->kind;
	event.action = engine_event_text(word->kind);
	event.time_nano = read_time(&reading.fields);
	fill(&event, &reading.fields);
	if (event.id.len == 0 && event.kind != ENGINE_NETWORK_DESTROY) {
		error_set(err, "an event (%s) has no id", event.action);
		return EVENT_READ_BAD;
	}
	*ret = event;
	return EVENT_READ_OK;
}
