/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "model/expose.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "model/container.h"
#include "model/filter.h"
#include "model/inspect.h"
#include "model/intern.h"
#include "value/context.h"
#include "model/snapshot_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* A set of two containers; the second's state, and the surroundings, as given. */
static struct snapshot *snapshot_of(const char *state, const char *more)
{
	struct error err = ERROR_INIT;
	char *text = xasprintf(
		"{\"containers\":[{\"Id\":\"abc1\",\"Name\":\"/one\",\"State\":{\"Running\":true,"
		"\"Status\":\"running\"},\"Config\":{\"Image\":\"r.example/app:1\",\"Labels\":{"
		"\"com.docker.compose.project\":\"shop\"}},\"NetworkSettings\":{\"Networks\":{"
		"\"net\":{\"IPAddress\":\"10.0.0.1\"}}}},{\"Id\":\"abc2\",\"Name\":\"/two\","
		"\"State\":{%s}}]%s}",
		state, more);
	struct snapshot *s = snapshot_from_json(str_from(text), NULL, NULL, &err);

	cr_assert_not_null(s, "%s", error_text(&err));
	free(text);
	return s;
}

static uint64_t look(struct snapshot *s, const struct filter *f)
{
	struct snapshot_view view;

	snapshot_look(s, f, &view);
	snapshot_unref(s);
	return view.hash;
}

#define STOPPED "\"Status\":\"exited\""
#define RUNNING "\"Status\":\"running\",\"Running\":true"

Test(expose, gives_an_equal_hash_when_an_output_sees_no_difference)
{
	struct filter *f = filter_new();
	uint64_t hash = look(snapshot_of(STOPPED, ""), f);

	cr_assert_eq(look(snapshot_of(STOPPED, ""), f), hash);
	cr_assert_eq(look(snapshot_of("\"Status\":\"exited\",\"ExitCode\":1", ""), f), hash,
		"it does not see stopped ones");
	cr_assert_neq(look(snapshot_of(RUNNING, ""), f), hash);
	cr_assert_neq(look(snapshot_of(STOPPED, ",\"info\":{\"Name\":\"h\"}"), f), hash);
	cr_assert_neq(look(snapshot_of(STOPPED, ",\"version\":{\"Os\":\"linux\"}"), f), hash);
	cr_assert_neq(look(snapshot_of(STOPPED, ",\"env\":{\"A\":\"1\"}"), f), hash);
	cr_assert_neq(look(snapshot_of(STOPPED, ",\"current_id\":\"abc2\""), f), hash);
	cr_assert_neq(
		look(snapshot_of(STOPPED, ",\"networks\":[{\"Name\":\"net\",\"Internal\":true}]"),
			f),
		hash);
	cr_assert_neq(look(snapshot_of("\"Status\":\"exited\",\"ExitCode\":1", ""), NULL),
		look(snapshot_of(STOPPED, ""), NULL), "without a filter they are seen");
	filter_free(f);
}

Test(expose, finds_a_container_by_id_name_and_unique_beginning)
{
	struct snapshot *s = snapshot_of(STOPPED, "");

	cr_assert_eq(snapshot_find(s, STR("abc1")), snapshot_at(s, 0));
	cr_assert_eq(snapshot_find(s, STR("two")), snapshot_at(s, 1));
	cr_assert_null(snapshot_find(s, STR("abc")), "two begin with that");
	cr_assert_null(snapshot_find(s, STR("")));
	cr_assert_null(snapshot_find(s, STR("three")));
	snapshot_unref(s);
}

/* What a method of the root gives. */
static struct value method(struct value root, const char *name)
{
	const struct method *m = type_method(value_type(root), str_from(name));
	struct value ret = VALUE_NONE;

	cr_assert_not_null(m, "%s", name);
	cr_assert(m->call(NULL, root, NULL, 0, &ret));
	cr_assert_eq(value_type(ret), m->result);
	return ret;
}

static struct value field(struct value v, const char *name)
{
	const struct type *t =
		value_type(v)->kind == KIND_POINTER ? value_type(v)->elem : value_type(v);
	const struct field *f = type_field(t, str_from(name));

	cr_assert_not_null(f, "%s of %s", name, t->name);
	return record_field(v, f);
}

#define assert_str(v, text)                                                                        \
	cr_assert(str_eqz(value_as_str(v), text), "%.*s", STR_ARG(value_as_str(v)))

Test(expose, gives_templates_docker_gens_root)
{
	struct snapshot *s = snapshot_of(STOPPED,
		",\"info\":{\"Name\":\"h\",\"Containers\":7,\"Images\":3},\"version\":{\"Version\":"
		"\"28\",\"ApiVersion\":\"1.51\",\"GoVersion\":\"go\",\"Os\":\"linux\",\"Arch\":"
		"\"arm\"},"
		"\"env\":{\"A\":\"1=2\"},\"current_id\":\"abc2\"");
	struct filter *f = filter_new();
	struct value root, list, one, docker, current;
	struct arena a;

	arena_init(&a);
	root = snapshot_root(s, f, &a);
	cr_assert_str_eq(value_type(root)->name, "*context.Context");
	list = value_load(value_type(root)->elem, root.rec);
	cr_assert_str_eq(value_type(list)->name, "context.Context");
	cr_assert_eq(slice_len(list), 1, "the other one does not run");
	one = slice_at(list, 0);
	cr_assert_str_eq(value_type(one)->name, "*context.RuntimeContainer");
	assert_str(field(one, "Name"), "one");
	assert_str(field(field(one, "Image"), "Registry"), "r.example");
	docker = method(root, "Docker");
	assert_str(field(docker, "Name"), "h");
	cr_assert_eq(field(docker, "NumContainers").i, 7);
	assert_str(field(docker, "OperatingSystem"), "linux");
	assert_str(field(docker, "CurrentContainerID"), "abc2");
	assert_str(map_get_str(method(root, "Env"), STR("A")), "1=2");
	current = method(root, "CurrentContainer");
	assert_str(field(current, "Name"), "two");
	cr_assert_str_eq(type_pointer_to(&type_container)->name, "*context.RuntimeContainer");
	cr_assert_eq(type_pointer_to(&type_container), value_type(one), "there is one such type");
	arena_release(&a);
	filter_free(f);
	snapshot_unref(s);
}

Test(expose, has_no_current_container_when_it_is_not_known)
{
	struct snapshot *s = snapshot_of(STOPPED, ",\"current_id\":\"other\"");
	struct value root, current;
	struct arena a;

	arena_init(&a);
	root = snapshot_root(s, NULL, &a);
	current = method(root, "CurrentContainer");
	cr_assert_eq(value_type(current), &type_container_pointer);
	cr_assert_null(current.rec, "a typed nil");
	assert_str(field(method(root, "Docker"), "CurrentContainerID"), "other");
	arena_release(&a);
	snapshot_unref(s);
}

Test(expose, adds_fields_that_printing_does_not_see)
{
	struct snapshot *s = snapshot_of(STOPPED, "");
	struct value one, state;
	struct arena a;

	arena_init(&a);
	one = slice_at(value_load(&type_context, snapshot_root(s, NULL, &a).rec), 0);
	state = field(one, "State");
	assert_str(field(state, "Status"), "running");
	cr_assert_not(field(state, "Stopping").b);
	assert_str(field(field(one, "Compose"), "Project"), "shop");
	assert_str(field(field(one, "Engine"), "Name"), "");
	cr_assert_eq(type_container.n_fields, 19, "as many as docker-gen's RuntimeContainer");
	cr_assert_eq(type_state.n_fields, 2);
	arena_release(&a);
	snapshot_unref(s);
}

Test(expose, compares_containers_as_docker_gen_does)
{
	struct snapshot *s = snapshot_of(STOPPED, "");
	const struct method *equals = type_method(&type_container_pointer, STR("Equals"));
	struct value list, args[1], ret;
	struct arena a;

	arena_init(&a);
	list = value_load(&type_context, snapshot_root(s, NULL, &a).rec);
	for (size_t i = 0; i < 2; i++) {
		args[0] = value_load(&type_container, slice_at(list, i).rec);
		cr_assert(equals->call(NULL, slice_at(list, 0), args, 1, &ret));
		cr_assert_eq(ret.b, i == 0);
	}
	arena_release(&a);
	snapshot_unref(s);
}

Test(expose, copies_a_container_into_another_state)
{
	struct snapshot *s = snapshot_of(RUNNING, "");
	struct container *one = (struct container *)(uintptr_t)snapshot_at(s, 0), *stopping, *gone;

	stopping = container_with_state(one, true, STR("running"), true);
	gone = container_with_state(stopping, false, STR("exited"), false);
	cr_assert(stopping->rec.state.stopping);
	cr_assert(stopping->rec.state.running);
	cr_assert_not(gone->rec.state.running);
	cr_assert(str_eqz(gone->rec.state.status, "exited"));
	cr_assert_neq(one->hash, stopping->hash);
	cr_assert_neq(one->hash, gone->hash);
	cr_assert_eq(gone->base, one, "not a chain");
	container_unref(stopping);
	snapshot_unref(s);
	cr_assert(str_eqz(gone->rec.name, "one"), "it keeps the memory it needs");
	container_unref(gone);
}

/* What was left out, as one text. */
static void snapshot_on_bad(const char *why, void *arg)
{
	buf_add_fmt(arg, "%s\n", why);
}

Test(snapshot_file, leaves_out_what_cannot_be_decoded_and_keeps_the_order)
{
	struct error err = ERROR_INIT;
	struct buf bad;
	struct snapshot *s;

	buf_init(&bad, 4096);
	s = snapshot_from_json(STR("{\"containers\":[{\"Id\":\"z\"},{\"Id\":\"y\",\"Name\":{}},"
				   "{\"Name\":\"/x\"},null,5,{\"Id\":\"a\",\"Created\":"
				   "\"2024-01-01T00:00:00Z\"}],\"more\":[1]}"),
		snapshot_on_bad, &bad, &err);
	cr_assert_not_null(s, "%s", error_text(&err));
	cr_assert_eq(snapshot_count(s), 2);
	cr_assert(str_eqz(snapshot_at(s, 0)->rec.id, "z"));
	cr_assert(str_eqz(snapshot_at(s, 1)->rec.id, "a"));
	cr_assert_str_eq(buf_cstr(&bad),
		"container y: containers.Name: an object where a string belongs\n"
		"container : Id: missing or empty\n"
		"container : Id: missing or empty\n"
		"container : containers: a number where an object belongs\n");
	buf_release(&bad);
	snapshot_unref(s);
}

Test(snapshot_file, says_what_is_wrong_with_a_file)
{
	struct error err = ERROR_INIT;

	cr_assert_null(snapshot_from_json(STR("{\"containers\":{}}"), NULL, NULL, &err));
	cr_assert_str_eq(error_text(&err), "containers: an object where an array belongs");
	cr_assert_null(snapshot_from_json(STR("{\"containers\":[{"), NULL, NULL, &err));
	cr_assert_not_null(strstr(error_text(&err), "malformed JSON near byte"));
	cr_assert_null(snapshot_from_file("/nowhere/set.json", NULL, NULL, &err));
	cr_assert_str_eq(
		error_text(&err), "cannot read /nowhere/set.json: No such file or directory");
	error_clear(&err);
}

/* --- several engines --------------------------------------------------------------------- */

/* What the engine of that name knows: containers as rows of id, name, time and address. */
static struct snapshot *part(const char *engine, const char *info, const char *current,
	const char *const rows[][3], size_t n)
{
	struct intern_pool *pool = intern_pool_new();
	struct container *containers[8];
	const char *env[] = {engine, NULL};
	struct rec_docker docker = {.name = str_from(info)};
	struct snapshot_draft draft = {.generation = 7,
		.containers = containers,
		.n = n,
		.docker = &docker,
		.env = env,
		.current_id = str_from(current)};
	struct snapshot *s;

	for (size_t i = 0; i < n; i++) {
		struct inspect in = {.id = str_from(rows[i][0]), .name = str_from(rows[i][1])};

		cr_assert(shape_time_parse(str_from(rows[i][2]), &in.created));
		in.state.running = true;
		containers[i] = container_new(&in, pool, str_from(engine));
		container_seal(containers[i]);
	}
	s = snapshot_new(&draft);
	for (size_t i = 0; i < n; i++)
		container_unref(containers[i]);
	intern_pool_free(pool);
	return s;
}

/* Engine/name of all containers that f lets through, in the order of templates. */
static const char *listing(const struct snapshot *s, const struct filter *f)
{
	static char text[1024];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < snapshot_count(s); i++) {
		const struct rec_container *rec = &snapshot_at(s, i)->rec;

		if (filter_matches(f, snapshot_at(s, i), s))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s/%.*s",
				len ? " " : "", STR_ARG(rec->engine.name), STR_ARG(rec->name));
	}
	return text;
}

#define T(n) "2024-05-01T10:00:0" n "Z"

static const char *const rows_a[][3] = {
	{"1111", "web-1", T("1")}, {"2222", "web-2", T("5")}, {"3333", "db", T("3")}};
static const char *const rows_b[][3] = {{"2222", "web-2", T("5")}, {"4444", "web-3", T("4")}};

Test(merge, shows_the_containers_of_all_engines_newest_first)
{
	struct snapshot *a = part("a", "host-a", "", rows_a, 3);
	struct snapshot *b = part("b", "host-b", "", rows_b, 2);
	struct snapshot *parts[] = {a, b}, *s = snapshot_merge(parts, 2, 9);

	cr_assert_str_eq(listing(s, NULL), "a/web-2 b/web-2 b/web-3 a/db a/web-1");
	cr_assert_eq(snapshot_generation(s), 9);
	cr_assert(str_eq(snapshot_docker(s)->name, STR("host-a")));
	cr_assert_eq(map_len(snapshot_env(s)), 1);
	snapshot_unref(a);
	snapshot_unref(b);
	cr_assert_str_eq(listing(s, NULL), "a/web-2 b/web-2 b/web-3 a/db a/web-1");
	cr_assert_eq(value_kind(map_get_str(snapshot_env(s), STR("a"))), KIND_STRING,
		"the environment outlives its part");
	snapshot_unref(s);
}

Test(merge, hash_tells_which_engine_a_container_is_of)
{
	struct snapshot *a = part("a", "h", "", rows_b, 2), *b = part("a", "h", "", rows_a, 0);
	struct snapshot *c = part("a", "h", "", rows_a, 0), *d = part("b", "h", "", rows_b, 2);
	struct snapshot *first[] = {a, b}, *second[] = {c, d}, *again[] = {a, c};
	struct snapshot *s = snapshot_merge(first, 2, 1), *t = snapshot_merge(second, 2, 1);
	struct snapshot *u = snapshot_merge(again, 2, 2);

	cr_assert_eq(snapshot_hash(s), snapshot_hash(u));
	cr_assert_neq(snapshot_hash(s), snapshot_hash(t));
	snapshot_unref(a);
	snapshot_unref(b);
	snapshot_unref(c);
	snapshot_unref(d);
	snapshot_unref(s);
	snapshot_unref(t);
	snapshot_unref(u);
}

Test(merge, filters_by_engine_and_looks_beside_a_container_first)
{
	struct snapshot *a = part("a", "", "", rows_a, 3), *b = part("b", "", "", rows_b, 2);
	struct snapshot *parts[] = {a, b}, *s = snapshot_merge(parts, 2, 1);
	struct filter *f = filter_new();
	struct error err = ERROR_INIT;

	cr_assert(filter_add(f, "engine", "b", &err));
	filter_include_stopped(f);
	cr_assert_str_eq(listing(s, f), "b/web-2 b/web-3");
	cr_assert_eq(snapshot_find_beside(s, STR("b"), STR("2222")), snapshot_at(s, 1));
	cr_assert_eq(snapshot_find_beside(s, STR("a"), STR("2222")), snapshot_at(s, 0));
	cr_assert_eq(snapshot_find_beside(s, STR("a"), STR("web-3")), snapshot_at(s, 2));
	filter_free(f);
	snapshot_unref(a);
	snapshot_unref(b);
	snapshot_unref(s);
}

Test(merge, finds_the_current_container_on_any_engine)
{
	struct snapshot *a = part("a", "h", "4444", rows_a, 3);
	struct snapshot *b = part("b", "h", "4444", rows_b, 2);
	struct snapshot *parts[] = {a, b}, *s = snapshot_merge(parts, 2, 1);

	cr_assert_eq(snapshot_current(s), snapshot_at(s, 2));
	cr_assert(str_eq(snapshot_docker(s)->current_container_id, STR("4444")));
	snapshot_unref(s);
	snapshot_unref(b);
	b = part("b", "h", "2222", rows_b, 2);
	parts[1] = b;
	snapshot_unref(a);
	parts[0] = a = part("a", "h", "2222", rows_a, 3);
	s = snapshot_merge(parts, 2, 1);
	cr_assert_eq(snapshot_current(s), snapshot_at(s, 0), "of equal ids the first engine's");
	snapshot_unref(a);
	snapshot_unref(b);
	snapshot_unref(s);
}
