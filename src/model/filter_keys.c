/* SPDX-License-Identifier: MIT
 *
 * The engine's list filters, decided from the model. One row per key says how its value is read and
 * what it matches. See filter_impl.h.
 */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include "model/filter_impl.h"

#include "base/alloc.h"
#include "model/container.h"
#include "model/expose.h"

#include <pcre2.h>
#include <stdlib.h>

/* Steps of one match of a pattern against a name. */
#define MATCH_STEPS_MAX 100000
#define PORT_MAX        65535

/* --- reading values --------------------------------------------------------------- */

/* One of the words, which end with NULL. */
static bool one_of(const struct criterion *c, const char *const *words, struct error *err)
{
	error_set(err, "%s is none of", c->text);
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], c->text) == 0) {
			error_clear(err);
			return true;
		}
		error_append(err, "%s %s", i ? "," : "", words[i]);
	}
	return false;
}

static bool parse_status(struct criterion *c, struct error *err)
{
	static const char *const words[] = {"created", "restarting", "running", "removing", "paused",
		"exited", "dead", "stopped", NULL};

	return one_of(c, words, err);
}

static bool parse_health(struct criterion *c, struct error *err)
{
	static const char *const words[] = {"starting", "healthy", "unhealthy", "none", NULL};

	return one_of(c, words, err);
}

static bool parse_bool(struct criterion *c, struct error *err)
{
	static const char *const words[] = {"true", "false", NULL};

	return one_of(c, words, err);
}

static bool parse_exit_code(struct criterion *c, struct error *err)
{
	if (!str_to_u64(str_from(c->text), INT32_MAX, &c->first))
		return error_set(err, "%s is no exit code", c->text);
	return true;
}

static bool parse_pattern(struct criterion *c, struct error *err)
{
	PCRE2_UCHAR text[128];
	PCRE2_SIZE at;
	int code;

	c->pattern = pcre2_compile((PCRE2_SPTR)c->text, PCRE2_ZERO_TERMINATED,
		PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
	if (c->pattern)
		return true;
	pcre2_get_error_message(code, text, sizeof(text));
	return error_set(err, "%s is no regular expression: %s at %zu", c->text, (char *)text, at);
}

/* The protocols of ports, as static strings. */
static bool parse_proto(struct str s, struct str *ret)
{
	static const struct str protos[] = {STR_INIT("tcp"), STR_INIT("udp"), STR_INIT("sctp")};

	for (size_t i = 0; i < ARRAY_LEN(protos); i++) {
		if (str_eq_nocase(protos[i], s)) {
			*ret = protos[i];
			return true;
		}
	}
	return false;
}

/* PORT[/PROTO] or FIRST-LAST[/PROTO]; without a protocol it is tcp, as for the engine. */
static bool parse_ports(struct criterion *c, struct error *err)
{
	struct str range, proto, first, last;
	bool ok;

	if (!str_cut(str_from(c->text), '/', &range, &proto))
		proto = STR("tcp");
	ok = parse_proto(proto, &c->proto);
	if (!str_cut(range, '-', &first, &last))
		last = first;
	ok = ok && str_to_u64(first, PORT_MAX, &c->first);
	ok = ok && str_to_u64(last, PORT_MAX, &c->last) && c->first <= c->last;
	return ok || error_set(err, "%s is no PORT, PORT/udp or FIRST-LAST", c->text);
}

/* --- matching ------------------------------------------------------------------------ */

struct str filter_status(const struct container *c)
{
	if (c->rec.state.status.len)
		return c->rec.state.status;
	return c->rec.state.running ? STR("running") : STR("exited");
}

static bool matches_pattern(const struct criterion *c, struct str s)
{
	pcre2_match_data *data;
	pcre2_match_context *context;
	bool found;

	if (str_eqz(s, c->text))
		return true;
	data = pcre2_match_data_create(1, NULL);
	context = pcre2_match_context_create(NULL);
	if (!data || !context)
		abort();
	pcre2_set_match_limit(context, MATCH_STEPS_MAX);
	found = pcre2_match(c->pattern, (PCRE2_SPTR)(s.len ? s.p : ""), s.len, 0, 0, data,
			context) >= 0;
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	return found;
}

static bool match_id(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	return matches_pattern(c, container->rec.id);
}

/* With the engine's leading slash, and without it. */
static bool match_name(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	struct str name = container->rec.name;
	char *with_slash;
	bool found;

	if (matches_pattern(c, name))
		return true;
	with_slash = xasprintf("/%.*s", STR_ARG(name));
	found = matches_pattern(c, str_from(with_slash));
	free(with_slash);
	return found;
}

/* KEY: it has the label; KEY=VALUE: with that value. */
static bool match_label(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	struct str key, want, v;
	bool has_value = str_cut(str_from(c->text), '=', &key, &want);

	v = container_label(container, key);
	return v.p && (!has_value || str_eq(v, want));
}

/* Podman says stopped for what docker calls exited. */
static bool match_status(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	struct str status = filter_status(container), want = str_from(c->text);

	if (str_eq(status, STR("stopped")))
		status = STR("exited");
	if (str_eq(want, STR("stopped")))
		want = STR("exited");
	return str_eq(status, want);
}

static bool match_health(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	struct str health =
		container->has_health ? container->rec.state.health.status : STR("none");

	return str_eqz(health, c->text);
}

/* By name, or by the beginning of the network's id. */
static bool match_network(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	struct str want = str_from(c->text);

	for (size_t i = 0; i < container_networks(container); i++) {
		const struct rec_network *n = container_network(container, i);

		if (str_eq(n->name, want) || str_has_prefix(n->id, want))
			return true;
	}
	return false;
}

/* By the volume's name, the source of a bind mount, or where it is mounted. */
static bool match_volume(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	const struct rec_mount *mounts = container->rec.mounts.data;
	struct str want = str_from(c->text);

	for (size_t i = 0; i < container->rec.mounts.len; i++) {
		struct str name = mounts[i].name.len ? mounts[i].name : mounts[i].source;

		if (str_eq(name, want) || str_eq(mounts[i].destination, want))
			return true;
	}
	return false;
}

/* a:latest and a name the same image. */
static bool same_image(struct str a, struct str b)
{
	static const struct str latest = STR_INIT(":latest");

	if (a.len < b.len)
		return same_image(b, a);
	return str_eq(a, b) || (a.len == b.len + latest.len && str_has_suffix(a, latest) &&
		str_has_prefix(a, b));
}

/* By reference or image id. Images that are built on the one named are not known to the model. */
static bool match_ancestor(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	static const struct str sha256 = STR_INIT("sha256:");
	struct str want = str_from(c->text), id = container->image_id;

	if (same_image(container->rec.image.reference, want))
		return true;
	if (str_has_prefix(id, want) && want.len > sha256.len)
		return true;
	return str_has_prefix(id, sha256) && want.len >= 4 &&
		str_has_prefix(str_sub(id, sha256.len, id.len), want);
}

/* <0: the container is older than the one named, >0: younger, 0: the same age or unknown. */
static int age_against(const struct criterion *c, const struct container *container,
	const struct snapshot *s)
{
	const struct container *other = s ? snapshot_find_beside(s, container->rec.engine.name,
						    str_from(c->text))
					  : NULL;
	const struct go_time *a = &container->rec.created, *b;

	if (!other)
		return 0;
	b = &other->rec.created;
	if (a->sec != b->sec)
		return a->sec < b->sec ? -1 : 1;
	return (a->nsec > b->nsec) - (a->nsec < b->nsec);
}

static bool match_before(const struct criterion *c, const struct container *container,
	const struct snapshot *s)
{
	return age_against(c, container, s) < 0;
}

static bool match_since(const struct criterion *c, const struct container *container,
	const struct snapshot *s)
{
	return age_against(c, container, s) > 0;
}

static bool match_exited(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	struct str status = filter_status(container);

	return (str_eq(status, STR("exited")) || str_eq(status, STR("stopped"))) &&
		container->exit_code == (int64_t)c->first;
}

/* Ours: the engine's section in the configuration. */
static bool match_engine(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	return str_eqz(container->rec.engine.name, c->text);
}

static bool match_is_task(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	bool task = container_label(container, STR("com.docker.swarm.task.id")).p != NULL;

	return task == (strcmp(c->text, "true") == 0);
}

static bool port_in(const struct criterion *c, struct str port, struct str proto)
{
	uint64_t n;

	return str_eq(c->proto, proto) && str_to_u64(port, PORT_MAX, &n) && n >= c->first &&
		n <= c->last;
}

static bool match_expose(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	for (size_t i = 0; i < container_addresses(container); i++) {
		const struct rec_address *a = container_address(container, i);

		if (port_in(c, a->container_port, a->proto))
			return true;
	}
	return false;
}

static bool match_publish(const struct criterion *c, const struct container *container,
	const struct snapshot *s UNUSED)
{
	for (size_t i = 0; i < container_addresses(container); i++) {
		const struct rec_address *a = container_address(container, i);

		if (port_in(c, a->host_port, a->proto))
			return true;
	}
	return false;
}

const struct filter_key filter_keys[FILTER_KEYS] = {
	{"ancestor", NULL, match_ancestor, false},
	{"before", NULL, match_before, false},
	{"engine", NULL, match_engine, false},
	{"exited", parse_exit_code, match_exited, false},
	{"expose", parse_ports, match_expose, false},
	{"health", parse_health, match_health, false},
	{"id", parse_pattern, match_id, false},
	{"is-task", parse_bool, match_is_task, false},
	{"label", NULL, match_label, true},
	{"name", parse_pattern, match_name, false},
	{"network", NULL, match_network, false},
	{"publish", parse_ports, match_publish, false},
	{"since", NULL, match_since, false},
	{"status", parse_status, match_status, false},
	{"volume", NULL, match_volume, false},
};

bool filter_key_is_port(const struct filter_key *key)
{
	return key->match == match_expose || key->match == match_publish;
}
