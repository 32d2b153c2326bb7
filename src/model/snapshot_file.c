/* SPDX-License-Identifier: MIT
 *
 * Reads the answers of an engine out of one JSON object, see snapshot_file.h. Containers are made as
 * they come and finished at the end, when the networks are known.
 */
#include "config.h"

#include "model/snapshot_file.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/container.h"
#include "model/expose.h"
#include "model/inspect.h"
#include "model/intern.h"

#include <stdlib.h>

struct set_file {
	struct shape_list containers, networks; /* each */
	struct inspect_info info;
	struct inspect_version version;
	struct shape_list env; /* dict of struct str */
	struct str current_id;
};

static const struct shape shape_containers = {
	.kind = SHAPE_ARRAY, .each = true, .elem = &shape_inspect};
static const struct shape_field set_fields[] = {
	SHAPE_FIELD(struct set_file, containers, "containers", &shape_containers),
	SHAPE_FIELD(struct set_file, networks, "networks", &shape_network_infos),
	SHAPE_FIELD(struct set_file, info, "info", &shape_info),
	SHAPE_FIELD(struct set_file, version, "version", &shape_version),
	SHAPE_FIELD(struct set_file, env, "env", &shape_string_dict),
	SHAPE_FIELD(struct set_file, current_id, "current_id", &shape_string),
};
static const struct shape shape_set = SHAPE_OF(struct set_file, set_fields);

/* Of an id in a message. */
#define ID_SHOWN_MAX 64

struct loader {
	struct intern_pool *pool;
	VEC(struct container *) containers;
	struct smap internal; /* names of networks that are internal */
	void (*on_bad)(const char *why, void *arg);
	void *arg;
};

/* err: why it could not be decoded, or NULL. */
static void load_container(struct loader *l, const struct inspect *in, struct error *err)
{
	struct error missing = ERROR_INIT;
	struct str id = str_sub(in->id, 0, ID_SHOWN_MAX);

	if (!err && id.len) {
		vec_push(&l->containers, container_new(in, l->pool, STR("")));
		return;
	}
	if (!err) {
		err = &missing;
		error_set(err, "Id: missing or empty");
	}
	error_prepend(err, "container %.*s: ", STR_ARG(id));
	if (l->on_bad)
		l->on_bad(error_text(err), l->arg);
	error_clear(&missing);
}

static void loader_on_each(const struct shape *shape, const void *mem, struct error *err, void *arg)
{
	struct loader *l = arg;

	if (shape == &shape_inspect) {
		load_container(l, mem, err);
	} else if (!err) {
		const struct inspect_network_info *info = mem;

		/* Of two networks of one name docker-gen takes the last. */
		if (info->internal)
			smap_put(&l->internal, info->name, l);
		else
			smap_remove(&l->internal, info->name);
	}
}

/* KEY=VALUE lines out of the dict, NULL at the end; in the arena. */
static const char *const *env_lines(struct arena *a, const struct shape_list *env)
{
	const char **lines = arena_array(a, const char *, env->n + 1);

	for (size_t i = 0; i < env->n; i++) {
		const struct str *key = shape_list_at(env, i, SHAPE_ENTRY_SIZE(struct str));
		const struct str *v = (const void *)((const char *)key + SHAPE_ELEM);

		lines[i] = arena_fmt(a, "%.*s=%.*s", STR_ARG(*key), STR_ARG(*v)).p;
	}
	lines[env->n] = NULL;
	return lines;
}

static struct snapshot *loader_finish(struct loader *l, const struct set_file *set)
{
	struct rec_docker docker = {
		.name = set->info.name,
		.num_containers = set->info.containers,
		.num_images = set->info.images,
		.version = set->version.version,
		.api_version = set->version.api_version,
		.go_version = set->version.go_version,
		.operating_system = set->version.os,
		.architecture = set->version.arch,
	};
	struct snapshot_draft draft = {
		.generation = 1,
		.containers = l->containers.v,
		.n = l->containers.n,
		.sorted = true,
		.docker = &docker,
		.current_id = set->current_id,
	};
	struct snapshot *s;
	struct arena a;

	for (size_t i = 0; i < l->containers.n; i++) {
		struct container *c = l->containers.v[i];

		for (size_t n = 0; n < container_networks(c); n++) {
			struct str name = container_network(c, n)->name;

			container_set_internal(c, n, smap_get(&l->internal, name) != NULL);
		}
		container_seal(c);
	}
	arena_init(&a);
	draft.env = env_lines(&a, &set->env);
	s = snapshot_new(&draft);
	arena_release(&a);
	return s;
}

struct snapshot *snapshot_from_json(struct str json,
	void (*on_bad)(const char *why, void *arg), void *arg, struct error *err)
{
	struct loader l = {.pool = intern_pool_new(), .on_bad = on_bad, .arg = arg};
	struct shape_decoder *d =
		shape_decoder_new(&shape_set, loader_on_each, &l, SNAPSHOT_FILE_MAX);
	struct snapshot *s = NULL;
	const void *set;

	if (shape_decoder_feed(d, json.p, json.len, err) && shape_decoder_finish(d, &set, err))
		s = loader_finish(&l, set);
	shape_decoder_free(d);
	for (size_t i = 0; i < l.containers.n; i++)
		container_unref(l.containers.v[i]);
	vec_release(&l.containers);
	smap_release(&l.internal);
	intern_pool_free(l.pool);
	return s;
}

struct snapshot *snapshot_from_file(const char *path,
	void (*on_bad)(const char *why, void *arg), void *arg, struct error *err)
{
	struct snapshot *s = NULL;
	struct buf text;

	buf_init(&text, SNAPSHOT_FILE_MAX + 1024 * 1024);
	if (file_read(path, SNAPSHOT_FILE_MAX, &text, err)) {
		s = snapshot_from_json(buf_str(&text), on_bad, arg, err);
		if (!s)
			error_prepend(err, "%s: ", path);
	}
	buf_release(&text);
	return s;
}
