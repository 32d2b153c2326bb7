/* SPDX-License-Identifier: MIT
 *
 * Asks an engine for everything, see survey.h: the list of containers, an inspect of each, networks,
 * info and version. Answers are kept as they came and looked at only to see that they are JSON, whose
 * they are, and how old a container is.
 */
#include "config.h"

#include "commands/survey.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/vec.h"
#include "cli.h"
#include "commands/json_text.h"
#include "commands/say.h"
#include "commands/visit.h"
#include "config/config.h"
#include "model/decode.h"
#include "model/inspect.h"
#include "model/inventory.h"
#include "model/self.h"
#include "model/snapshot_file.h"
#include "settings.h"
#include "template/json_write.h"
#include "value/value.h"

#include <stdlib.h>
#include <unistd.h>

/* Bytes of an answer that is no inspect. */
#define ANSWER_MAX ((size_t)64 << 20)

struct survey;

/* One question and its answer. */
struct item {
	struct survey *survey;
	struct engine_call *call;
	const struct shape *shape; /* how the answer is looked at */
	struct buf answer;
	bool good;                 /* the answer is whole and JSON */
	bool is_container;
	char *path;
	struct str id;             /* of a container, behind the item */
	struct shape_time created; /* likewise */
	char id_bytes[];
};

enum { LIST, NETWORKS, INFO, VERSIONS, FACTS };

static const struct {
	const char *path;
	const char *member; /* of the file */
	const char *empty;  /* in place of an answer */
	const struct shape *shape;
} facts[FACTS] = {
	[LIST] = {"/containers/json?all=1", NULL, NULL, &shape_rows},
	[NETWORKS] = {"/networks", "networks", "[]", &shape_network_infos},
	[INFO] = {"/info", "info", "{}", &shape_info},
	[VERSIONS] = {"/version", "version", "{}", &shape_version},
};

struct survey {
	struct visit visit;
	struct item *facts[FACTS];
	VEC(struct item *) containers;
	size_t asked;     /* of containers */
	size_t in_flight; /* all questions */
};

/* --- questions ------------------------------------------------------------------------------- */

static void item_on_body(struct engine_call *call, struct str bytes, void *arg);
static void item_on_done(struct engine_call *call, int status, const struct error *err, void *arg);

static const struct engine_call_handlers item_handlers = {
	.on_body = item_on_body,
	.on_done = item_on_done,
};

static struct item *item_new(struct survey *s, const struct shape *shape, struct str id, size_t max)
{
	struct item *item = xcalloc(1, sizeof(*item) + id.len + 1);

	item->survey = s;
	item->shape = shape;
	item->is_container = id.len > 0;
	if (id.len)
		memcpy(item->id_bytes, id.p, id.len);
	item->id = str_n(item->id_bytes, id.len);
	buf_init(&item->answer, max);
	return item;
}

static void item_free(struct item *item)
{
	if (!item)
		return;
	buf_release(&item->answer);
	free(item->path);
	free(item);
}

/* path is taken. */
static void item_ask(struct item *item, char *path)
{
	struct engine_request request = {.path = path, .body_max = item->answer.max};

	item->path = path;
	item->survey->in_flight++;
	item->call = engine_call(item->survey->visit.engine, &request, &item_handlers, item);
}

static void container_ask(struct item *item)
{
	struct buf path;

	buf_init(&path, ENGINE_PATH_MAX);
	buf_add_cstr(&path, "/containers/");
	engine_path_add(&path, item->id);
	buf_add_cstr(&path, "/json");
	item_ask(item, xstrdup(buf_cstr(&path)));
	buf_release(&path);
}

/* Asks on, or ends when all is answered. */
static void survey_go_on(struct survey *s)
{
	while (s->asked < s->containers.n && s->in_flight < INVENTORY_INSPECTS_MAX)
		container_ask(s->containers.v[s->asked++]);
	if (s->in_flight == 0)
		visit_done(&s->visit);
}

/* --- answers ------------------------------------------------------------------------------------ */

static void item_on_body(struct engine_call *call UNUSED, struct str bytes, void *arg)
{
	struct item *item = arg;

	buf_add_str(&item->answer, bytes);
}

/* A row of the list names a container. */
static void item_on_each(const struct shape *shape, const void *mem, struct error *err UNUSED,
	void *arg)
{
	const struct inspect_row *row = mem;
	struct survey *s = ((struct item *)arg)->survey;

	if (shape == &shape_row && row && row->id.len &&
		s->containers.n < INVENTORY_CONTAINERS_MAX)
		vec_push(&s->containers,
			item_new(s, &shape_inspect, row->id, DECODE_BYTES_MAX));
}

static bool whole_json(struct shape_decoder *d, const struct buf *answer, struct error *err)
{
	if (answer->full)
		return error_set(err, "the answer is larger than %zu bytes", answer->max);
	if (!shape_decoder_feed(d, answer->data, answer->len, err))
		return false;
	return json_only_value(buf_str(answer)).len ||
		error_set(err, "there is more than one value");
}

/* Looks at a whole answer. A value of an unexpected type is none of our business, as long as it is
 * JSON: whoever reads the file judges that. */
static bool item_read(struct item *item, struct error *err)
{
	struct shape_decoder *d =
		shape_decoder_new(item->shape, item_on_each, item, item->answer.max);
	struct error odd = ERROR_INIT;
	const void *mem;

	item->good = whole_json(d, &item->answer, err);
	if (item->good && shape_decoder_finish(d, &mem, &odd) && item->is_container)
		item->created = ((const struct inspect *)mem)->created;
	error_clear(&odd);
	shape_decoder_free(d);
	return item->good;
}

/* Without the list there is nothing, and without a container it is not all; the rest may be refused. */
static void item_failed(struct item *item, const struct error *err)
{
	struct survey *s = item->survey;

	if (item == s->facts[LIST] || item->is_container)
		visit_fail(&s->visit, err);
	else
		log_warn("%s; left empty", error_text(err));
}

static void item_on_done(struct engine_call *call UNUSED, int status, const struct error *failed,
	void *arg)
{
	struct item *item = arg;
	struct survey *s = item->survey;
	struct error err = ERROR_INIT;

	item->call = NULL;
	s->in_flight--;
	if (failed) {
		/* A container may be gone since the list. */
		if (!item->is_container || status != 404)
			item_failed(item, failed);
	} else if (!item_read(item, &err)) {
		error_prepend(&err, "engine %s: GET %s cannot be read: ",
			engine_endpoint(s->visit.engine), item->path);
		item_failed(item, &err);
	}
	error_clear(&err);
	survey_go_on(s);
}

static void survey_on_up(struct engine *e UNUSED, void *arg)
{
	struct survey *s = arg;

	if (s->facts[LIST])
		return; /* connected again; the questions are asked already */
	for (size_t i = 0; i < FACTS; i++) {
		s->facts[i] = item_new(s, facts[i].shape, STR(""), ANSWER_MAX);
		item_ask(s->facts[i], xstrdup(facts[i].path));
	}
}

/* --- the file -------------------------------------------------------------------------------------- */

/* The order in which templates see containers: see model/expose.c. */
static int compare_age(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a, *y = *(struct item *const *)b;

	if (x->created.sec != y->created.sec)
		return x->created.sec > y->created.sec ? -1 : 1;
	if (x->created.nsec != y->created.nsec)
		return x->created.nsec > y->created.nsec ? -1 : 1;
	return str_cmp(x->id, y->id);
}

static void add_containers(const struct survey *s, struct buf *out)
{
	bool first = true;

	buf_add_cstr(out, "{\"containers\":[");
	for (size_t i = 0; i < s->containers.n; i++) {
		const struct item *item = s->containers.v[i];

		if (!item->good)
			continue;
		buf_add_cstr(out, first ? "\n" : ",\n");
		buf_add_str(out, json_only_value(buf_str(&item->answer)));
		first = false;
	}
	buf_add_cstr(out, "]");
}

static void add_facts(const struct survey *s, struct buf *out)
{
	for (size_t i = 0; i < FACTS; i++) {
		const struct item *item = s->facts[i];

		if (!facts[i].member)
			continue;
		buf_add_fmt(out, ",\n\"%s\":", facts[i].member);
		if (item->good)
			buf_add_str(out, json_only_value(buf_str(&item->answer)));
		else
			buf_add_cstr(out, facts[i].empty);
	}
}

/* The environment of this process as templates see it, and the container that it runs in. */
static bool add_self(struct buf *out, struct error *err)
{
	static const struct json_style style = {.indent = NULL};
	char self[SELF_ID_LEN + 1] = "";
	struct str key, v;
	struct value env;
	struct arena a;
	bool ok;

	arena_init(&a);
	env = map_new(&a, &type_string_map, 0);
	for (char **e = environ; *e; e++) {
		str_cut(str_from(*e), '=', &key, &v);
		map_set_str(env, key, value_str(v));
	}
	map_sort(env);
	buf_add_cstr(out, ",\n\"env\":");
	ok = json_write(out, &a, env, &style, err);
	arena_release(&a);
	if (!self_id(self))
		self[0] = '\0';
	buf_add_fmt(out, ",\n\"current_id\":\"%s\"}\n", self);
	return ok;
}

static int write_survey(struct survey *s, struct buf *out)
{
	struct error err = ERROR_INIT;

	if (s->containers.n)
		qsort(s->containers.v, s->containers.n, sizeof(*s->containers.v), compare_age);
	add_containers(s, out);
	add_facts(s, out);
	if (!add_self(out, &err))
		return say_error(&err, CLI_EXIT_FAILURE);
	if (out->full) {
		error_set(&err, "the snapshot is larger than %zu bytes", out->max);
		return say_error(&err, CLI_EXIT_FAILURE);
	}
	return CLI_EXIT_OK;
}

static void survey_release(struct survey *s)
{
	visit_leave(&s->visit); /* and with it all calls */
	for (size_t i = 0; i < FACTS; i++)
		item_free(s->facts[i]);
	for (size_t i = 0; i < s->containers.n; i++)
		item_free(s->containers.v[i]);
	vec_release(&s->containers);
	visit_release(&s->visit);
}

int survey_take(const struct cli_options *options, const struct config *config, struct buf *out)
{
	static const struct engine_handlers handlers = {.on_up = survey_on_up};
	struct visit_options visit = {
		.engine = settings_engine_of(options, config), .timeout_ns = options->timeout_ns};
	struct survey s = {.asked = 0};
	struct error err = ERROR_INIT;
	enum visit_end end = VISIT_FAILED;
	int status;

	visit_init(&s.visit, &visit);
	s.visit.waiting_for = "answers";
	if (visit.engine->source == SOURCE_SWARM)
		log_warn("engine %s: a snapshot holds the containers of its own node, no swarm's "
			 "services",
			visit.engine->name);
	if (visit_open(&s.visit, &handlers, &s, &err))
		end = visit_run(&s.visit, &err);
	status = end == VISIT_DONE ? write_survey(&s, out) : visit_status(&s.visit, end, &err);
	survey_release(&s);
	return status;
}
