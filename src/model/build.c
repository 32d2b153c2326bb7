/* SPDX-License-Identifier: MIT
 *
 * A struct inspect becomes a struct container: docker-gen's rules for names, images and variables,
 * its orders, and the way all of it gets into one block. See build.h.
 */
#include "config.h"

#include "model/container.h"

#include "base/alloc.h"
#include "model/address.h"
#include "base/clock.h"
#include "model/build.h"
#include "model/intern.h"

#include <stdlib.h>

/* First guess at the work space; a larger container gets four times as much, and so on. */
#define WORK_ROOM ((size_t)8 * 1024)
/* A shorter string costs less in the block than a reference to a shared one. */
#define SHARED_MIN 9
/* Values of variables as long as this come from an image, mostly: all its containers have them. */
#define SHARED_VALUE_MIN 32

#define COMPOSE_LABEL "com.docker.compose."
#define SWARM_LABEL   "com.docker.swarm."

/* What a slice without members points to where Go's would not be nil. */
static max_align_t nothing;

/* --- strings ------------------------------------------------------------------------- */

struct str build_own(struct builder *b, struct str s)
{
	struct str word = container_word(s);
	char *to;

	if (word.p)
		return word;
	b->text_len += s.len;
	if (!b->final)
		return s;
	to = b->text;
	memcpy(to, s.p, s.len);
	b->text += s.len;
	return str_n(to, s.len);
}

struct str build_shared(struct builder *b, struct str s)
{
	struct interned *i;

	if (s.len < SHARED_MIN || container_word(s).p)
		return build_own(b, s);
	if (!b->final) {
		b->n_interned++;
		return s;
	}
	i = intern(b->pool, s);
	b->interned[b->n_interned++] = i;
	return interned_str(i);
}

/* --- lists ---------------------------------------------------------------------------- */

struct slice build_list(struct builder *b, size_t n, size_t size)
{
	void *data = n ? arena_calloc(b->arena, n, size) : (void *)&nothing;

	return (struct slice){.data = data, .cap = (uint32_t)n};
}

/* --- image and names -------------------------------------------------------------------- */

/* registry/repository:tag: the part before the first slash is a registry if it has a dot or colon
 * or is localhost; the tag starts at the first colon behind it (of a digest: its hex part). */
static void build_image(struct builder *b, struct rec_image *image)
{
	struct str all = build_shared(b, b->in->config ? b->in->config->image : STR("")), first,
		   rest;
	ssize_t colon;

	image->reference = image->repository = all;
	if (str_cut(all, '/', &first, &rest) &&
		(str_chr(first, '.') >= 0 || str_chr(first, ':') >= 0 ||
			str_eq(first, STR("localhost")))) {
		image->registry = first;
		image->repository = rest;
		/* An empty registry leaves its slash out. */
		image->reference = first.len ? all : rest;
	}
	colon = str_chr(image->repository, ':');
	if (colon < 0)
		return;
	image->tag = str_sub(image->repository, (size_t)colon + 1, image->repository.len);
	image->repository = str_sub(image->repository, 0, (size_t)colon);
	if (image->tag.len == 0)
		image->reference.len--;
}

static struct str without_slashes(struct str s)
{
	while (s.len && s.p[0] == '/')
		s = str_sub(s, 1, s.len);
	return s;
}

/* --- maps ------------------------------------------------------------------------------------ */

static struct str value_text(struct builder *b, struct str s)
{
	return s.len >= SHARED_VALUE_MIN ? build_shared(b, s) : build_own(b, s);
}

/* Sets key in a map of the block; of equal keys the last counts. */
static void set_text(struct builder *b, struct value m, struct str key, struct str v)
{
	map_set_str(m, build_shared(b, key), value_str(value_text(b, v)));
}

/* KEY=VALUE, KEY= and KEY, cut at the first =. */
static void build_env(struct builder *b, struct rec_container *rec)
{
	static const struct shape_list none;
	const struct shape_list *env = b->in->config ? &b->in->config->env : &none;
	struct value m = map_new(b->arena, &type_string_map, env->n);

	for (size_t i = 0; i < env->n; i++) {
		struct str key, v;

		str_cut(*(const struct str *)shape_list_at(env, i, sizeof(key)), '=', &key, &v);
		set_text(b, m, key, v);
	}
	map_sort(m);
	rec->env = m.m;
}

static void build_labels(struct builder *b, struct rec_container *rec)
{
	const struct shape_list *labels;
	struct value m;

	if (!b->in->config || !b->in->config->labels.set)
		return;
	labels = &b->in->config->labels;
	m = map_new(b->arena, &type_string_map, labels->n);
	for (size_t i = 0; i < labels->n; i++) {
		const void *entry = shape_list_at(labels, i, SHAPE_ENTRY_SIZE(struct str));

		set_text(b, m, *(const struct str *)entry, *(const struct str *)entry_elem(entry));
	}
	map_sort(m);
	rec->labels = m.m;
}

/* VolumesRW as a map. */
static struct value writable_volumes(struct builder *b)
{
	const struct shape_list *rw = &b->in->volumes_rw;
	struct value m = map_new(b->scratch, type_map_of(&type_string, &type_bool), rw->n);

	for (size_t i = 0; i < rw->n; i++) {
		const void *entry = shape_list_at(rw, i, SHAPE_ENTRY_SIZE(bool));

		map_set_str(m, *(const struct str *)entry,
			value_bool(*(const bool *)entry_elem(entry)));
	}
	return m;
}

static void build_volumes(struct builder *b, struct rec_container *rec)
{
	const struct shape_list *volumes = &b->in->volumes;
	struct value m = map_new(b->arena, &type_volume_map, volumes->n);
	struct value rw = writable_volumes(b);

	for (size_t i = 0; i < volumes->n; i++) {
		const void *entry = shape_list_at(volumes, i, SHAPE_ENTRY_SIZE(struct str));
		struct rec_volume *v = arena_new(b->arena, struct rec_volume);

		v->path = build_own(b, *(const struct str *)entry);
		v->host_path = build_own(b, *(const struct str *)entry_elem(entry));
		v->read_write = map_get_str(rw, v->path).b;
		map_set_str(m, v->path, value_rec(&type_volume, v));
	}
	map_sort(m);
	rec->volumes = m.m;
}

/* --- the rest -----------------------------------------------------------------------------------
 */

static void build_mounts(struct builder *b, struct rec_container *rec)
{
	const struct shape_list *mounts = &b->in->mounts;
	struct rec_mount *to;

	if (mounts->n == 0)
		return; /* the nil slice, as docker-gen leaves it */
	rec->mounts = build_list(b, mounts->n, sizeof(*to));
	for (size_t i = 0; i < mounts->n; i++) {
		const struct inspect_mount *m = shape_list_at(mounts, i, sizeof(*m));

		to = (struct rec_mount *)rec->mounts.data + rec->mounts.len++;
		to->type = build_own(b, m->type);
		to->name = build_own(b, m->name);
		to->source = build_own(b, m->source);
		to->destination = build_own(b, m->destination);
		to->driver = build_own(b, m->driver);
		to->mode = build_own(b, m->mode);
		to->rw = m->rw;
	}
}

static void build_devices(struct builder *b, struct rec_container *rec)
{
	static const struct shape_list none;
	const struct shape_list *devices =
		b->in->host_config ? &b->in->host_config->devices : &none;
	struct rec_device *to;

	rec->devices = build_list(b, devices->n, sizeof(*to));
	for (size_t i = 0; i < devices->n; i++) {
		const struct inspect_device *d = shape_list_at(devices, i, sizeof(*d));

		to = (struct rec_device *)rec->devices.data + rec->devices.len++;
		to->path_on_host = build_own(b, d->path_on_host);
		to->path_in_container = build_own(b, d->path_in_container);
		to->permissions = build_own(b, d->permissions);
	}
}

static void build_node(struct builder *b, struct rec_container *rec)
{
	const struct inspect_node *node = b->in->node;

	if (!node)
		return;
	rec->node.id = build_shared(b, node->id);
	rec->node.name = build_shared(b, node->name);
	rec->node.address.ip = build_own(b, node->ip);
}

static struct str label_of(const struct rec_container *rec, struct str name)
{
	struct value v = map_get_str(
		(struct value){.head = TYPE_HEAD(&type_string_map), .m = rec->labels}, name);

	return !value_is_none(v) ? value_as_str(v) : STR("");
}

/* Of SERVICE.SLOT.TASK; 0 if another word stands there. */
static int64_t task_slot(struct str name, struct str service)
{
	struct str slot, rest;
	uint64_t n;

	if (service.len == 0 || !str_has_prefix(name, service))
		return 0;
	name = str_sub(name, service.len, name.len);
	if (!str_has_prefix(name, STR(".")) ||
		!str_cut(str_sub(name, 1, name.len), '.', &slot, &rest) ||
		!str_to_u64(slot, INT32_MAX, &n))
		return 0;
	return (int64_t)n;
}

static void build_state(struct builder *b, struct rec_container *rec)
{
	const struct inspect_state *state = &b->in->state;

	rec->state.running = state->running;
	rec->state.paused = state->paused;
	rec->state.status = build_own(b, state->status);
	/* Podman says "" for none, newer dockers "none"; templates know only the empty string, and
	 * docker-gen hands on what the engine sent. */
	rec->state.health.status = build_own(b, state->health.status);
}

static struct go_time created(const struct shape_time *t)
{
	if (!t->set)
		return GO_TIME_ZERO;
	return (struct go_time){
		.sec = t->sec, .nsec = t->nsec, .offset = t->offset, .fixed = t->offset != 0};
}

/* 0 for what never ran (year 1), for what is no time, and for times that nanoseconds cannot hold.
 */
static int64_t started(struct str text)
{
	struct shape_time t;

	if (!shape_time_parse(text, &t) || t.sec <= 0 || t.sec >= INT64_MAX / NS_PER_S)
		return 0;
	return t.sec * NS_PER_S + t.nsec;
}

/* Labels that every container of a task has. */
static void build_swarm(struct rec_container *rec)
{
	struct rec_swarm *swarm = &rec->swarm;
	const struct rec_network *networks = rec->networks.data;
	struct str name = label_of(rec, STR(SWARM_LABEL "task.name"));

	swarm->service = label_of(rec, STR(SWARM_LABEL "service.name"));
	swarm->service_id = label_of(rec, STR(SWARM_LABEL "service.id"));
	swarm->task_id = label_of(rec, STR(SWARM_LABEL "task.id"));
	swarm->node_id = label_of(rec, STR(SWARM_LABEL "node.id"));
	swarm->slot = task_slot(name, swarm->service);
	swarm->vip = STR("");
	for (size_t i = 0; i < rec->networks.len && swarm->vip.len == 0; i++)
		swarm->vip = networks[i].vip;
}

static void build_record(struct builder *b, struct rec_container *rec)
{
	const struct inspect *in = b->in;

	rec->id = build_own(b, in->id);
	rec->name = build_own(b, without_slashes(in->name));
	rec->created = created(&in->created);
	rec->hostname = build_own(b, in->config ? in->config->hostname : STR(""));
	rec->network_mode =
		build_shared(b, in->host_config ? in->host_config->network_mode : STR(""));
	rec->engine.name = build_shared(b, b->engine);
	rec->engine.address = STR("container");
	build_image(b, &rec->image);
	build_networking(b, rec);
	build_env(b, rec);
	build_labels(b, rec);
	build_volumes(b, rec);
	build_mounts(b, rec);
	build_devices(b, rec);
	build_node(b, rec);
	build_state(b, rec);
	rec->compose.project = label_of(rec, STR(COMPOSE_LABEL "project"));
	rec->compose.service = label_of(rec, STR(COMPOSE_LABEL "service"));
	rec->compose.number = label_of(rec, STR(COMPOSE_LABEL "container-number"));
	build_swarm(rec);
}

/* What is not in the record; the record must be built. */
static void build_rest(struct builder *b, struct container *c)
{
	struct str name;

	c->image_id = build_shared(b, b->in->image);
	/* Asked for only to tell containers of one network apart. */
	c->upper_dir = build_own(b, address_is_shared(c, &name) ? b->in->driver.data.upper_dir : STR(""));
	c->stop_signal = build_own(b, b->in->config ? b->in->config->stop_signal : STR(""));
	c->exit_code = b->in->state.exit_code;
	c->started_ns = started(b->in->state.started);
	c->has_health =
		b->in->state.health.status.len && !str_eq(b->in->state.health.status, STR("none"));
}

/* Builds into a work space; returns the bytes that lists and maps took. */
static size_t measure(struct builder *b)
{
	size_t used = 0;
	bool whole = false;

	for (size_t room = WORK_ROOM; !whole; room *= 4) {
		char *work = xmalloc(room);
		struct arena arena = {.at = work, .end = work + room};
		struct container c = {.refs = 1};

		b->arena = &arena;
		b->text_len = b->n_interned = 0;
		build_record(b, &c.rec);
		build_rest(b, &c);
		whole = arena.chunk == NULL;
		used = whole ? (size_t)(arena.at - work) : 0;
		arena_release(&arena);
		free(work);
	}
	return used;
}

struct container *container_new(
	const struct inspect *in, struct intern_pool *pool, struct str engine)
{
	struct builder b = {.in = in, .pool = pool, .engine = engine};
	size_t head = (sizeof(struct container) + 15) & ~(size_t)15;
	struct arena scratch;
	struct container *c;
	size_t body, interned, bytes;
	char *block;

	arena_init(&scratch);
	b.scratch = &scratch;
	body = measure(&b);
	interned = b.n_interned * sizeof(*b.interned);
	bytes = head + body + interned + b.text_len;
	block = xmalloc(bytes);
	c = (struct container *)(void *)block;
	*c = (struct container){.refs = 1, .pool = pool, .bytes = bytes};
	c->arena = (struct arena){.at = block + head, .end = block + head + body};
	c->interned = (struct interned **)(void *)(block + head + body);
	b.arena = &c->arena;
	b.interned = c->interned;
	b.text = block + head + body + interned;
	b.text_len = b.n_interned = 0;
	b.final = true;
	build_record(&b, &c->rec);
	build_rest(&b, c);
	c->n_interned = b.n_interned;
	arena_release(&scratch);
	return c;
}
