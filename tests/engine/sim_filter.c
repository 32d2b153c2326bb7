/* SPDX-License-Identifier: MIT
 *
 * Filters of /events and /containers/json. What matches was read from filters.txt of each engine.
 */
#include "config.h"

#include "engine/sim_filter.h"

#include "base/alloc.h"
#include "engine/sim_fields.h"
#include "engine/sim_flavour.h"
#include "engine/sim_json.h"
#include "engine/sim_model.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

static void add_value(struct sim_filter_key *k, const char *value)
{
	vec_push(&k->values, xstrdup(value));
}

static bool add_values(struct sim_filter_key *k, yajl_val v, struct error *err)
{
	if (v->type == yajl_t_array) {
		for (size_t i = 0; i < v->u.array.len; i++)
			if (YAJL_IS_STRING(v->u.array.values[i]))
				add_value(k, v->u.array.values[i]->u.string);
		return true;
	}
	if (v->type == yajl_t_object) {
		for (size_t i = 0; i < v->u.object.len; i++)
			add_value(k, v->u.object.keys[i]);
		return true;
	}
	/* events-filter-invalid-string */
	return error_set(
		err, "json: cannot unmarshal string into Go value of type map[string]bool");
}

static bool add_keys(struct sim_filter *f, yajl_val v, struct error *err)
{
	if (v->type == yajl_t_null)
		return true;
	if (v->type != yajl_t_object)
		return error_set(err, "json: cannot unmarshal array into Go value of type "
				      "map[string]map[string]bool");
	for (size_t i = 0; i < v->u.object.len; i++) {
		vec_push(&f->keys, (struct sim_filter_key){.key = xstrdup(v->u.object.keys[i])});
		if (!add_values(&f->keys.v[i], v->u.object.values[i], err))
			return false;
	}
	return true;
}

bool sim_filter_parse(struct sim_filter *f, const char *json, struct error *err)
{
	yajl_val v;
	bool ok;

	*f = (struct sim_filter){.keys = VEC_INIT};
	if (*json == '\0')
		return true;
	if (!json_parse(json, strlen(json), &v, NULL)) {
		/* containers-filter-invalid-json */
		return error_set(err,
			"invalid character '%c' looking for beginning of object key string",
			json[strlen(json) > 1]);
	}
	ok = add_keys(f, v, err);
	yajl_tree_free(v);
	if (!ok)
		sim_filter_release(f);
	return ok;
}

void sim_filter_release(struct sim_filter *f)
{
	for (size_t i = 0; i < f->keys.n; i++) {
		for (size_t j = 0; j < f->keys.v[i].values.n; j++)
			free(f->keys.v[i].values.v[j]);
		vec_release(&f->keys.v[i].values);
		free(f->keys.v[i].key);
	}
	vec_release(&f->keys);
}

bool sim_filter_has(const struct sim_filter *f, const char *key)
{
	for (size_t i = 0; i < f->keys.n; i++)
		if (strcmp(f->keys.v[i].key, key) == 0)
			return true;
	return false;
}

static bool has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* "key" or "key=value" against labels. */
static bool label_matches(struct sim *s, const sim_pairs *labels, const char *want)
{
	struct str key, value = {NULL, 0};
	bool with_value = str_cut(str_from(want), '=', &key, &value);

	if (!with_value && s->fl->label_needs_value)
		return false;
	for (size_t i = 0; i < labels->n; i++)
		if (str_eqz(key, labels->v[i].key))
			return !with_value || str_eqz(value, labels->v[i].value);
	return false;
}

/* ---- events ---- */

struct event_rule {
	const char *key;
	bool all; /* every value must match, otherwise one */
	bool (*matches)(struct sim *s, const struct sim_event *ev, const char *want);
};

static bool event_type(struct sim *s UNUSED, const struct sim_event *ev, const char *want)
{
	return strcmp(ev->type, want) == 0;
}

static bool event_action(struct sim *s, const struct sim_event *ev, const char *want)
{
	size_t len = strlen(want);

	if (strcmp(ev->action, want) == 0)
		return true;
	return s->fl->event_prefix_match && strncmp(ev->action, want, len) == 0 &&
	       ev->action[len] == ':';
}

static bool event_label(struct sim *s, const struct sim_event *ev, const char *want)
{
	return label_matches(s, &ev->attributes, want);
}

static bool event_container(struct sim *s, const struct sim_event *ev, const char *want)
{
	const char *name = sim_pairs_get(&ev->attributes, "name");

	if (strcmp(ev->type, "container") != 0)
		return false;
	if (has_prefix(ev->id, want))
		return true;
	return name &&
	       (s->fl->event_prefix_match ? has_prefix(name, want) : strcmp(name, want) == 0);
}

static bool event_image(struct sim *s UNUSED, const struct sim_event *ev, const char *want)
{
	size_t len = strlen(want);

	return ev->image && strncmp(ev->image, want, len) == 0 &&
	       (ev->image[len] == '\0' || ev->image[len] == ':');
}

static bool event_network(struct sim *s UNUSED, const struct sim_event *ev, const char *want)
{
	const char *name = sim_pairs_get(&ev->attributes, "name");

	return strcmp(ev->type, "network") == 0 &&
	       (has_prefix(ev->id, want) || (name && strcmp(name, want) == 0));
}

static bool event_scope(struct sim *s UNUSED, const struct sim_event *ev UNUSED, const char *want)
{
	return strcmp(want, "local") == 0;
}

static const struct event_rule event_rules[] = {
	{"container", false, event_container},
	{"event", false, event_action},
	{"image", false, event_image},
	{"label", true, event_label},
	{"network", false, event_network},
	{"scope", false, event_scope},
	{"type", false, event_type},
};

static const struct event_rule *event_rule_find(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(event_rules); i++)
		if (strcmp(event_rules[i].key, key) == 0)
			return &event_rules[i];
	return NULL;
}

/* podman knows fewer keys: filters.txt of 4.3.1 and 5.8.6. */
const char *sim_filter_unknown_event_key(const struct sim_filter *f)
{
	for (size_t i = 0; i < f->keys.n; i++) {
		const char *key = f->keys.v[i].key;

		if (!event_rule_find(key) || strcmp(key, "network") == 0 ||
			strcmp(key, "scope") == 0)
			return key;
	}
	return NULL;
}

static bool event_key_matches(
	struct sim *s, const struct sim_filter_key *k, const struct sim_event *ev)
{
	const struct event_rule *rule = event_rule_find(k->key);

	if (!rule || k->values.n == 0)
		return true;
	for (size_t i = 0; i < k->values.n; i++)
		if (rule->matches(s, ev, k->values.v[i]) != rule->all)
			return !rule->all;
	return rule->all;
}

bool sim_filter_event(struct sim *s, const struct sim_filter *f, const struct sim_event *ev)
{
	for (size_t i = 0; !ev->raw && i < f->keys.n; i++)
		if (!event_key_matches(s, &f->keys.v[i], ev))
			return false;
	return true;
}

/* ---- lists ---- */

struct list_rule {
	const char *key;
	bool all;
	bool docker_only;
	bool (*matches)(struct sim *s, const struct sim_container *c, const char *want);
};

static bool list_label(struct sim *s UNUSED, const struct sim_container *c, const char *want)
{
	struct sim any = {.fl = &(struct flavour){.name = ""}};

	return label_matches(&any, &c->labels, want);
}

static bool list_status(struct sim *s UNUSED, const struct sim_container *c, const char *want)
{
	return strcmp(sim_status_name(c->status), want) == 0;
}

static bool list_health(struct sim *s, const struct sim_container *c, const char *want)
{
	if (!c->health)
		return strcmp(want, "none") == 0 && !s->fl->podman;
	return strcmp(c->health, want) == 0;
}

static bool list_name(struct sim *s, const struct sim_container *c, const char *want)
{
	char *slashed = xasprintf("/%s", c->name);
	bool found = false;
	regex_t re;

	if (regcomp(&re, want, REG_EXTENDED | REG_NOSUB) == 0) {
		found = regexec(&re, c->name, 0, NULL, 0) == 0 ||
			(!s->fl->network_id_is_name && regexec(&re, slashed, 0, NULL, 0) == 0);
		regfree(&re);
	}
	free(slashed);
	return found;
}

static bool list_id(struct sim *s UNUSED, const struct sim_container *c, const char *want)
{
	return has_prefix(c->id, want);
}

static bool list_network(struct sim *s UNUSED, const struct sim_container *c, const char *want)
{
	for (size_t i = 0; i < c->endpoints.n; i++)
		if (strcmp(c->endpoints.v[i].net->name, want) == 0 ||
			has_prefix(c->endpoints.v[i].net->id, want))
			return true;
	return false;
}

static bool list_exited(struct sim *s UNUSED, const struct sim_container *c, const char *want)
{
	return c->status == SIM_EXITED && atoi(want) == c->exit_code;
}

static bool list_ancestor(struct sim *s, const struct sim_container *c, const char *want)
{
	return !s->fl->network_id_is_name && strstr(c->image, want);
}

static bool list_is_task(
	struct sim *s UNUSED, const struct sim_container *c UNUSED, const char *want)
{
	return strcmp(want, "false") == 0;
}

static bool list_expose(struct sim *s UNUSED, const struct sim_container *c, const char *want)
{
	for (size_t i = 0; i < c->ports.n; i++)
		if ((unsigned)atoi(want) == c->ports.v[i].port)
			return true;
	return false;
}

static const struct list_rule list_rules[] = {
	{"ancestor", false, false, list_ancestor},
	{"exited", false, false, list_exited},
	{"expose", false, true, list_expose},
	{"health", false, false, list_health},
	{"id", false, false, list_id},
	{"is-task", false, true, list_is_task},
	{"label", true, false, list_label},
	{"name", false, false, list_name},
	{"network", false, false, list_network},
	{"status", false, false, list_status},
};

static const struct list_rule *list_rule_find(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(list_rules); i++)
		if (strcmp(list_rules[i].key, key) == 0)
			return &list_rules[i];
	return NULL;
}

static bool status_known(const char *status)
{
	static const char *const known[] = {
		"created", "running", "paused", "restarting", "removing", "exited", "dead"};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i], status) == 0)
			return true;
	return false;
}

bool sim_filter_check_list(struct sim *s, const struct sim_filter *f, struct error *err)
{
	for (size_t i = 0; i < f->keys.n; i++) {
		const struct sim_filter_key *k = &f->keys.v[i];
		const struct list_rule *rule = list_rule_find(k->key);

		if (!rule || (rule->docker_only && s->fl->podman))
			return error_set(err, s->fl->filter_error, k->key);
		for (size_t j = 0; strcmp(k->key, "status") == 0 && j < k->values.n; j++)
			if (!status_known(k->values.v[j]))
				return error_set(
					err, s->fl->status_error, k->values.v[j], k->values.v[j]);
	}
	return true;
}

static bool list_key_matches(
	struct sim *s, const struct sim_filter_key *k, const struct sim_container *c)
{
	const struct list_rule *rule = list_rule_find(k->key);

	if (k->values.n == 0)
		return true;
	for (size_t i = 0; i < k->values.n; i++)
		if (rule->matches(s, c, k->values.v[i]) != rule->all)
			return !rule->all;
	return rule->all;
}

bool sim_filter_container(struct sim *s, const struct sim_filter *f, const struct sim_container *c)
{
	for (size_t i = 0; i < f->keys.n; i++)
		if (!list_key_matches(s, &f->keys.v[i], c))
			return false;
	return true;
}
