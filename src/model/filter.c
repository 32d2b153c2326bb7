/* SPDX-License-Identifier: MIT
 *
 * The filter of an output, see filter.h.
 */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include "model/filter_impl.h"

#include "base/alloc.h"
#include "base/vec.h"
#include "model/container.h"

#include <pcre2.h>
#include <stdlib.h>

/* "did you mean" up to this many changed letters. */
#define SUGGEST_DISTANCE 3

struct filter {
	VEC(struct criterion) values[FILTER_KEYS];
	size_t n;
	size_t status, expose, publish; /* numbers of these keys */
	bool only_exposed, only_published, include_stopped;
};

/* --- the filter ------------------------------------------------------------------------ */

/* The number of a key, FILTER_KEYS if there is none of that name. */
static size_t find_key(const char *name)
{
	size_t k = 0;

	while (k < FILTER_KEYS && strcmp(filter_keys[k].name, name) != 0)
		k++;
	return k;
}

struct filter *filter_new(void)
{
	struct filter *f = xcalloc(1, sizeof(*f));

	f->status = find_key("status");
	f->expose = find_key("expose");
	f->publish = find_key("publish");
	return f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	for (size_t k = 0; k < FILTER_KEYS; k++) {
		for (size_t i = 0; i < f->values[k].n; i++) {
			pcre2_code_free(f->values[k].v[i].pattern);
			free(f->values[k].v[i].text);
		}
		vec_release(&f->values[k]);
	}
	free(f);
}

void filter_only_exposed(struct filter *f)
{
	f->only_exposed = true;
}

void filter_only_published(struct filter *f)
{
	f->only_published = true;
}

void filter_include_stopped(struct filter *f)
{
	f->include_stopped = true;
}

static bool unknown_key(const char *name, struct error *err)
{
	const char *best = NULL;
	unsigned distance = SUGGEST_DISTANCE + 1;

	for (size_t k = 0; k < FILTER_KEYS; k++) {
		unsigned d = str_distance(str_from(name), str_from(filter_keys[k].name));

		if (d < distance) {
			distance = d;
			best = filter_keys[k].name;
		}
	}
	if (best)
		return error_set(err, "unknown filter %s, did you mean %s?", name, best);
	error_set(err, "unknown filter %s; there are", name);
	for (size_t k = 0; k < FILTER_KEYS; k++)
		error_append(err, "%s %s", k ? "," : "", filter_keys[k].name);
	return false;
}

bool filter_add(struct filter *f, const char *key, const char *value, struct error *err)
{
	size_t k = find_key(key);
	struct criterion c = {.text = NULL};

	if (k == FILTER_KEYS)
		return unknown_key(key, err);
	if (f->n >= FILTER_MAX)
		return error_set(err, "more than %d filters", FILTER_MAX);
	if (value[0] == '\0')
		return error_set(err, "filter %s: no value", key);
	if (strlen(value) > FILTER_VALUE_MAX)
		return error_set(err, "filter %s: longer than %d bytes", key, FILTER_VALUE_MAX);
	c.text = xstrdup(value);
	if (filter_keys[k].parse && !filter_keys[k].parse(&c, err)) {
		free(c.text);
		return error_prepend(err, "filter %s: ", key);
	}
	vec_push(&f->values[k], c);
	f->n++;
	return true;
}

static bool key_matches(const struct filter *f, size_t k, const struct container *c,
	const struct snapshot *s)
{
	for (size_t i = 0; i < f->values[k].n; i++) {
		if (filter_keys[k].match(&f->values[k].v[i], c, s) != filter_keys[k].all)
			return !filter_keys[k].all;
	}
	return filter_keys[k].all;
}

/* What only_exposed and only_published ask for, as docker-gen puts it to the engine: a range of
 * ports without a protocol, which means tcp. */
static const struct criterion any_port = {.first = 1, .last = 65535, .proto = STR_INIT("tcp")};

/* expose and publish are one question to the engine: one of them must match. The switches stand for
 * a filter where none is given, and a published port is enough where both are set. */
static bool ports_match(const struct filter *f, const struct container *c, const struct snapshot *s)
{
	bool expose = f->values[f->expose].n > 0, publish = f->values[f->publish].n > 0;
	bool any_published = f->only_published && !publish;
	bool any_exposed = f->only_exposed && !expose && !any_published;

	if (!expose && !publish && !any_exposed && !any_published)
		return true;
	return (expose && key_matches(f, f->expose, c, s)) ||
		(publish && key_matches(f, f->publish, c, s)) ||
		(any_exposed && filter_keys[f->expose].match(&any_port, c, s)) ||
		(any_published && filter_keys[f->publish].match(&any_port, c, s));
}

bool filter_matches(const struct filter *f, const struct container *c, const struct snapshot *s)
{
	if (!f)
		return true;
	if (!f->include_stopped && !f->values[f->status].n &&
		!str_eq(filter_status(c), STR("running")))
		return false;
	if (!ports_match(f, c, s))
		return false;
	for (size_t k = 0; f->n && k < FILTER_KEYS; k++) {
		if (f->values[k].n && !filter_key_is_port(&filter_keys[k]) &&
			!key_matches(f, k, c, s))
			return false;
	}
	return true;
}

bool filter_wants_stopped(const struct filter *f)
{
	for (size_t i = 0; i < f->values[f->status].n; i++) {
		if (strcmp(f->values[f->status].v[i].text, "running") != 0)
			return true;
	}
	return f->include_stopped && f->values[f->status].n == 0;
}
