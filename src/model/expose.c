/* SPDX-License-Identifier: MIT
 *
 * Snapshots, see expose.h: an array of counted containers and, in an arena of their own, the facts
 * about the engine and the process environment.
 */
#include "config.h"

#include "model/expose.h"

#include "base/alloc.h"
#include "model/container.h"
#include "model/filter.h"
#include "model/hash.h"

#include <stdlib.h>

struct snapshot {
	unsigned refs;
	uint64_t generation;
	uint64_t hash;
	uint64_t surroundings; /* hash of docker, env and current */
	struct container **v;
	size_t n;
	struct rec_docker docker;
	struct map *env;
	const struct container *current; /* one of v */
	struct snapshot *env_of;	 /* whose env it is, referenced; NULL: its own */
	struct arena arena;
};

struct snapshot *snapshot_ref(struct snapshot *s)
{
	s->refs++;
	return s;
}

void snapshot_unref(struct snapshot *s)
{
	if (!s || --s->refs)
		return;
	for (size_t i = 0; i < s->n; i++)
		container_unref(s->v[i]);
	snapshot_unref(s->env_of);
	arena_release(&s->arena);
	free(s->v);
	free(s);
}

uint64_t snapshot_generation(const struct snapshot *s)
{
	return s->generation;
}

uint64_t snapshot_hash(const struct snapshot *s)
{
	return s->hash;
}

size_t snapshot_count(const struct snapshot *s)
{
	return s->n;
}

const struct container *snapshot_at(const struct snapshot *s, size_t i)
{
	return s->v[i];
}

const struct rec_docker *snapshot_docker(const struct snapshot *s)
{
	return &s->docker;
}

const struct container *snapshot_current(const struct snapshot *s)
{
	return s->current;
}

struct value snapshot_env(const struct snapshot *s)
{
	return (struct value){.head = TYPE_HEAD(&type_string_map), .m = s->env};
}

/* engine: only containers of that one; p NULL: of any. */
static const struct container *find(
	const struct snapshot *s, struct str engine, struct str id_or_name)
{
	const struct container *by_prefix = NULL;
	bool unique = true;

	if (id_or_name.len == 0)
		return NULL;
	for (size_t i = 0; i < s->n; i++) {
		const struct rec_container *rec = &s->v[i]->rec;

		if (engine.p && !str_eq(rec->engine.name, engine))
			continue;
		if (str_eq(rec->id, id_or_name) || str_eq(rec->name, id_or_name))
			return s->v[i];
		if (str_has_prefix(rec->id, id_or_name)) {
			unique = by_prefix == NULL;
			by_prefix = s->v[i];
		}
	}
	return unique ? by_prefix : NULL;
}

const struct container *snapshot_find(const struct snapshot *s, struct str id_or_name)
{
	return find(s, str_n(NULL, 0), id_or_name);
}

const struct container *snapshot_find_beside(
	const struct snapshot *s, struct str engine, struct str id_or_name)
{
	const struct container *c = find(s, engine, id_or_name);

	return c ? c : snapshot_find(s, id_or_name);
}

/* --- making one ------------------------------------------------------------------ */

/* <0: a is younger. */
static int compare_times(const struct container *a, const struct container *b)
{
	const struct go_time *x = &a->rec.created, *y = &b->rec.created;

	if (x->sec != y->sec)
		return x->sec > y->sec ? -1 : 1;
	return (x->nsec < y->nsec) - (x->nsec > y->nsec);
}

/* Newest first, as engines list them; of equally old ones by id, so that the order is settled. */
static int compare_age(const void *a, const void *b)
{
	const struct container *x = *(struct container *const *)a;
	const struct container *y = *(struct container *const *)b;
	int d = compare_times(x, y);

	return d ? d : str_cmp(x->rec.id, y->rec.id);
}

static void copy_docker(struct snapshot *s, const struct rec_docker *docker, struct str current_id)
{
	struct str *const strings[] = {
		&s->docker.name,
		&s->docker.version,
		&s->docker.api_version,
		&s->docker.go_version,
		&s->docker.operating_system,
		&s->docker.architecture,
		&s->docker.current_container_id,
	};

	if (docker)
		s->docker = *docker;
	s->docker.current_container_id = current_id;
	for (size_t i = 0; i < ARRAY_LEN(strings); i++)
		*strings[i] = arena_str(&s->arena, *strings[i]);
}

/* KEY=VALUE, KEY= and KEY, as os.Environ is split by docker-gen. */
static void copy_env(struct snapshot *s, const char *const *env)
{
	struct value m = map_new(&s->arena, &type_string_map, 0);
	struct str key, v;

	for (; env && *env; env++) {
		str_cut(arena_str(&s->arena, str_from(*env)), '=', &key, &v);
		map_set_str(m, key, value_str(v));
	}
	map_sort(m);
	s->env = m.m;
}

static void find_current(struct snapshot *s, struct str id)
{
	for (size_t i = 0; i < s->n && id.len; i++) {
		if (str_eq(s->v[i]->rec.id, id))
			s->current = s->v[i];
	}
}

static void hash_all(struct snapshot *s)
{
	uint64_t h = hash_value(HASH_START, value_rec(&type_docker, &s->docker));

	h = hash_value(h, snapshot_env(s));
	s->surroundings = hash_mix(h, s->current ? s->current->hash : 0);
	h = hash_mix(s->surroundings, s->n);
	for (size_t i = 0; i < s->n; i++)
		h = hash_mix(h, s->v[i]->hash);
	s->hash = h;
}

struct snapshot *snapshot_new(const struct snapshot_draft *draft)
{
	struct snapshot *s = xcalloc(1, sizeof(*s));

	s->refs = 1;
	s->generation = draft->generation;
	arena_init(&s->arena);
	s->n = draft->n;
	s->v = xreallocarray(NULL, draft->n ? draft->n : 1, sizeof(struct container *));
	for (size_t i = 0; i < draft->n; i++)
		s->v[i] = container_ref(draft->containers[i]);
	if (!draft->sorted)
		qsort(s->v, s->n, sizeof(struct container *), compare_age);
	copy_docker(s, draft->docker, draft->current_id);
	copy_env(s, draft->env);
	find_current(s, draft->current_id);
	hash_all(s);
	return s;
}

/* Merges the containers of part into the n that s has, both newest first. */
static void add_part(struct snapshot *s, const struct snapshot *part)
{
	size_t a = s->n, b = part->n;

	s->n += part->n;
	for (size_t at = s->n; b > 0; at--) {
		bool older = a == 0 || compare_times(s->v[a - 1], part->v[b - 1]) <= 0;

		s->v[at - 1] = older ? container_ref(part->v[--b]) : s->v[--a];
	}
}

struct snapshot *snapshot_merge(struct snapshot *const *parts, size_t n, uint64_t generation)
{
	struct snapshot *s = xcalloc(1, sizeof(*s));
	size_t all = 0;

	s->refs = 1;
	s->generation = generation;
	arena_init(&s->arena);
	for (size_t i = 0; i < n; i++)
		all += parts[i]->n;
	s->v = xreallocarray(NULL, all ? all : 1, sizeof(struct container *));
	for (size_t i = 0; i < n; i++) {
		add_part(s, parts[i]);
		if (!s->current)
			s->current = parts[i]->current;
	}
	copy_docker(s, &parts[0]->docker,
		s->current ? s->current->rec.id : parts[0]->docker.current_container_id);
	s->env_of = snapshot_ref(parts[0]);
	s->env = parts[0]->env;
	hash_all(s);
	return s;
}

/* --- looking ------------------------------------------------------------------------ */

void snapshot_look(const struct snapshot *s, const struct filter *f, struct snapshot_view *ret)
{
	struct snapshot_view view = {.hash = s->surroundings};

	for (size_t i = 0; i < s->n; i++) {
		if (!filter_matches(f, s->v[i], s))
			continue;
		view.containers++;
		view.hash = hash_mix(view.hash, s->v[i]->hash);
	}
	*ret = view;
}

struct value snapshot_root(const struct snapshot *s, const struct filter *f, struct arena *arena)
{
	struct rec_root *root = arena_new(arena, struct rec_root);
	const struct rec_container **list =
		arena_array(arena, const struct rec_container *, s->n ? s->n : 1);
	uint32_t n = 0;

	record_types_register();
	for (size_t i = 0; i < s->n; i++) {
		if (filter_matches(f, s->v[i], s))
			list[n++] = &s->v[i]->rec;
	}
	root->containers = (struct slice){.data = list, .len = n, .cap = n};
	root->docker = s->docker;
	root->env = s->env;
	root->current = s->current ? &s->current->rec : NULL;
	return value_rec(&type_context_pointer, root);
}
