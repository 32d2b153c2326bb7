/* SPDX-License-Identifier: MIT
 *
 * The endpoints. Error texts are those of inspect-404, network-404, unknown-path-404,
 * version-prefix-v1.24, version-prefix-v9.99 and the *-filter-invalid-* recordings.
 */
#include "config.h"

#include "engine/sim_conn.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim_fields.h"
#include "engine/sim_flavour.h"
#include "engine/sim_model.h"
#include "engine/sim_publish.h"
#include "engine/sim_reply.h"
#include "engine/sim_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct route {
	const char *path; /* '*' is one segment, the handler's argument */
	enum sim_endpoint_name endpoint;
	void (*answer)(struct sim_conn *conn, const char *arg);
};

static void answer_ping(struct sim_conn *conn, const char *arg UNUSED)
{
	bool head = strcmp(conn->request.method, "HEAD") == 0;
	struct buf body;

	buf_init(&body, SIM_BODY_MAX);
	if (!head)
		buf_add_cstr(&body, "OK");
	sim_reply(conn, head ? HEAD_PING_HEAD : HEAD_PING, &body);
	buf_release(&body);
}

static void answer_version(struct sim_conn *conn, const char *arg UNUSED)
{
	struct buf body;

	buf_init(&body, SIM_BODY_MAX);
	buf_add_str(&body, buf_str(&conn->sim->templates->version.body));
	sim_reply(conn, HEAD_JSON, &body);
	buf_release(&body);
}

static void answer_info(struct sim_conn *conn, const char *arg UNUSED)
{
	struct buf body;

	buf_init(&body, SIM_BODY_MAX);
	sim_write_info(conn->sim, &body);
	buf_add_char(&body, '\n');
	sim_reply(conn, HEAD_JSON, &body);
	buf_release(&body);
}

/* The filters parameter; answers the request and returns false if it is bad. */
static bool take_filter(struct sim_conn *conn, int status, struct sim_filter *f)
{
	const struct flavour *fl = conn->sim->fl;
	char *text = sim_query(conn->request.target, "filters");
	struct error err = ERROR_INIT;
	bool ok = sim_filter_parse(f, text ? text : "", &err);

	free(text);
	if (ok)
		return true;
	if (fl->podman)
		error_prepend(
			&err, "failed to decode filter parameters for %s: ", conn->request.target);
	sim_reply_error(
		conn, status, fl->filter_json_error ? fl->filter_json_error : error_text(&err));
	error_clear(&err);
	return false;
}

/* Which containers a list holds: all, or those that run, or what its filter says. */
static bool in_list(
	struct sim *s, const struct sim_filter *f, const struct sim_container *c, bool all)
{
	if (!all && !sim_filter_has(f, "status") && !sim_container_is_up(c) &&
		c->status != SIM_RESTARTING)
		return false;
	return sim_filter_container(s, f, c);
}

static void write_list(struct sim_conn *conn, const struct sim_filter *f, struct buf *body)
{
	struct sim *s = conn->sim;
	char *all_text = sim_query(conn->request.target, "all");
	char *limit_text = sim_query(conn->request.target, "limit");
	long limit = limit_text ? atol(limit_text) : 0;
	/* with a limit, containers that do not run count too (containers-json-limit1) */
	bool all = limit > 0 ||
		   (all_text && (strcmp(all_text, "1") == 0 || strcmp(all_text, "true") == 0));
	long n = 0;

	buf_add_char(body, '[');
	for (size_t i = s->containers.n; i-- > 0 && (limit <= 0 || n < limit);) {
		if (!in_list(s, f, s->containers.v[i], all))
			continue;
		if (n++)
			buf_add_char(body, ',');
		sim_write_list_item(s, s->containers.v[i], body);
	}
	buf_add_cstr(body, "]\n");
	free(all_text);
	free(limit_text);
}

static void answer_list(struct sim_conn *conn, const char *arg UNUSED)
{
	const struct flavour *fl = conn->sim->fl;
	struct error err = ERROR_INIT;
	struct sim_filter f;
	struct buf body;

	if (!take_filter(conn, fl->list_json_status, &f))
		return;
	if (!sim_filter_check_list(conn->sim, &f, &err)) {
		sim_reply_error(conn, fl->filter_status, error_text(&err));
		error_clear(&err);
		sim_filter_release(&f);
		return;
	}
	buf_init(&body, SIM_BODY_MAX);
	write_list(conn, &f, &body);
	sim_reply(conn, HEAD_JSON, &body);
	buf_release(&body);
	sim_filter_release(&f);
}

static void no_container(struct sim_conn *conn, const char *ref)
{
	bool podman = conn->sim->fl->podman;
	char *message = xasprintf(podman ? "no container with name or ID \"%s\" found: "
					   "no such container"
					 : "No such container: %s",
		ref);

	sim_reply_cause(conn, 404, "no such container", message);
	free(message);
}

static void answer_inspect(struct sim_conn *conn, const char *ref)
{
	struct sim_container *c = sim_container_find(conn->sim, ref);
	struct buf body;

	if (!c) {
		no_container(conn, ref);
		return;
	}
	c->inspects++;
	buf_init(&body, SIM_BODY_MAX);
	sim_write_inspect(conn->sim, c, &body);
	buf_add_char(&body, '\n');
	sim_reply(conn, HEAD_JSON, &body);
	buf_release(&body);
}

static void answer_networks(struct sim_conn *conn, const char *arg UNUSED)
{
	struct sim *s = conn->sim;
	struct buf body;

	buf_init(&body, SIM_BODY_MAX);
	buf_add_char(&body, '[');
	for (size_t i = 0; i < s->networks.n; i++) {
		if (s->networks.v[i]->hidden)
			continue;
		if (body.len > 1)
			buf_add_char(&body, ',');
		sim_write_network(s, s->networks.v[i], true, &body);
	}
	buf_add_cstr(&body, "]\n");
	sim_reply(conn, HEAD_JSON, &body);
	buf_release(&body);
}

static void answer_network(struct sim_conn *conn, const char *ref)
{
	struct sim_network *net = sim_network_find(conn->sim, ref);
	bool podman = conn->sim->fl->podman;
	struct buf body;

	if (!net) {
		char *message = xasprintf(podman ? "unable to find network with name or ID %s: "
						   "network not found"
						 : "network %s not found",
			ref);

		sim_reply_cause(conn, 404, "network not found", message);
		free(message);
		return;
	}
	buf_init(&body, SIM_BODY_MAX);
	sim_write_network(conn->sim, net, false, &body);
	buf_add_char(&body, '\n');
	sim_reply(conn, HEAD_JSON, &body);
	buf_release(&body);
}

/* "SEC", "SEC.NNNNNNNNN": nanoseconds; digits after the ninth are ignored. */
static bool parse_time(const char *text, int64_t *ret)
{
	struct str seconds, fraction = {NULL, 0};
	uint64_t s, f = 0;

	str_cut(str_from(text), '.', &seconds, &fraction);
	if (!str_to_u64(seconds, INT64_MAX / NS_PER_S, &s))
		return false;
	for (size_t i = 0; i < 9; i++) {
		char c = i < fraction.len ? fraction.p[i] : '0';

		if (c < '0' || c > '9')
			return false;
		f = f * 10 + (uint64_t)(c - '0');
	}
	*ret = (int64_t)(s * NS_PER_S + f);
	return true;
}

/* The parameter's time; absent: fallback. Answers and returns false if it is bad. */
static bool take_time(struct sim_conn *conn, const char *key, int64_t fallback, int64_t *ret)
{
	char *text = sim_query(conn->request.target, key);
	char *message;
	bool ok = true;

	*ret = fallback;
	if (text && *text && !parse_time(text, ret)) {
		message = xasprintf("strconv.ParseInt: parsing \"%s\": invalid syntax", text);
		sim_reply_error(conn, 400, message);
		free(message);
		ok = false;
	}
	free(text);
	return ok;
}

/* The API version of the target's prefix, the engine's own without one; 141 is 1.41. */
static unsigned target_version(const struct sim_conn *conn)
{
	unsigned major, minor;

	if (sscanf(conn->request.target, "/v%u.%u/", &major, &minor) != 2)
		return conn->sim->fl->api;
	return major * 100 + minor;
}

static const char *events_type(const struct sim_conn *conn)
{
	if (conn->stream.json_seq)
		return "application/json-seq";
	return conn->stream.modern ? "application/jsonl" : "application/json";
}

static void stream_on_until(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	sim_stream_finish(arg);
}

/* The stream's end by its until parameter, or podman's stream=false. */
static void stream_limit(struct sim_conn *conn, int64_t until)
{
	char *stream = sim_query(conn->request.target, "stream");
	bool once = conn->sim->fl->podman && stream && strcmp(stream, "false") == 0;
	int64_t left = until - clock_real_ns();
	struct timeval tv = clock_timeval(left);

	free(stream);
	if (once || left <= 0) {
		sim_stream_finish(conn);
		return;
	}
	if (until == INT64_MAX)
		return;
	conn->stream.until = event_new(conn->sim->base, -1, EV_TIMEOUT, stream_on_until, conn);
	event_add(conn->stream.until, &tv);
}

/* podman minds unknown keys: 4.3.1 ends the stream at once, 5 answers 500. */
static bool refuse_filter(struct sim_conn *conn, const struct sim_filter *f)
{
	const char *text = conn->sim->fl->unknown_event_filter;
	const char *key = text ? sim_filter_unknown_event_key(f) : NULL;
	struct error err = ERROR_INIT;

	if (!key)
		return false;
	if (*text == '\0') {
		sim_reply_stream(conn, NULL);
		sim_stream_finish(conn);
		return true;
	}
	error_set(&err, text, key);
	char *message = xasprintf("failed to parse event filters: %s", error_text(&err));
	sim_reply_cause(conn, 500, error_text(&err), message);
	free(message);
	error_clear(&err);
	return true;
}

static void answer_events(struct sim_conn *conn, const char *arg UNUSED)
{
	const struct flavour *fl = conn->sim->fl;
	struct sim_stream *st = &conn->stream;
	int64_t since, until;
	struct sim_filter f;

	if (!take_time(conn, "since", -1, &since) || !take_time(conn, "until", INT64_MAX, &until))
		return;
	if (!take_filter(conn, fl->events_json_status, &f))
		return;
	if (refuse_filter(conn, &f)) {
		sim_filter_release(&f);
		return;
	}
	st->filter = f;
	st->modern = fl->modern_api && target_version(conn) >= fl->modern_api;
	st->json_seq = fl->modern_api && conn->request.json_seq;
	if (conn->twist.cut >= 0) {
		st->cut_at = CUT_BYTES;
		st->cut = conn->twist.cut;
		st->cut_reset = conn->twist.reset;
	}
	sim_reply_stream(conn, events_type(conn));
	if (since >= 0)
		sim_stream_replay(conn, since, until);
	if (fl->podman && since > clock_real_ns())
		st->after = since; /* docker streams live events all the same */
	sim_stream_begin(conn);
	stream_limit(conn, until);
}

static void answer_other(struct sim_conn *conn, const char *arg UNUSED)
{
	struct buf body;

	buf_init(&body, SIM_BODY_MAX);
	buf_add_str(&body, buf_str(&conn->sim->templates->heads[HEAD_PATH_404].body));
	sim_reply(conn, HEAD_PATH_404, &body);
	buf_release(&body);
}

static const struct route routes[] = {
	{"/_ping", EP_PING, answer_ping},
	{"/containers/json", EP_LIST, answer_list},
	{"/containers/*/json", EP_INSPECT, answer_inspect},
	{"/events", EP_EVENTS, answer_events},
	{"/info", EP_INFO, answer_info},
	{"/networks", EP_NETWORKS, answer_networks},
	{"/networks/*", EP_NETWORK, answer_network},
	{"/version", EP_VERSION, answer_version},
};

static const char *const endpoint_words[EP_N] = {
	[EP_PING] = "ping",
	[EP_VERSION] = "version",
	[EP_INFO] = "info",
	[EP_EVENTS] = "events",
	[EP_LIST] = "list",
	[EP_INSPECT] = "inspect",
	[EP_NETWORKS] = "networks",
	[EP_NETWORK] = "network",
	[EP_OTHER] = "other",
};

const char *sim_endpoint_word(enum sim_endpoint_name ep)
{
	return endpoint_words[ep];
}

/* The path without version prefix and query. */
static struct str target_path(const char *target)
{
	struct str path, rest;
	ssize_t slash;

	str_cut(str_from(target), '?', &path, &rest);
	if (path.len > 2 && path.p[1] == 'v' && path.p[2] >= '0' && path.p[2] <= '9') {
		slash = str_chr(str_sub(path, 1, path.len), '/');
		if (slash >= 0)
			path = str_sub(path, (size_t)slash + 1, path.len);
	}
	return path;
}

/* Compares a path with a route's; *ret_arg is what the star stands for. */
static bool route_matches(const char *route, struct str path, struct str *ret_arg)
{
	const char *star = strchr(route, '*');
	struct str before, after;

	*ret_arg = STR("");
	if (!star)
		return str_eqz(path, route);
	before = str_n(route, (size_t)(star - route));
	after = str_from(star + 1);
	if (path.len <= before.len + after.len || !str_has_prefix(path, before) ||
		!str_has_suffix(path, after))
		return false;
	*ret_arg = str_sub(path, before.len, path.len - after.len);
	return str_chr(*ret_arg, '/') < 0;
}

static const struct route *find_route(const char *target, struct str *ret_arg)
{
	static const struct route other = {"", EP_OTHER, answer_other};
	struct str path = target_path(target);

	for (size_t i = 0; i < ARRAY_LEN(routes); i++)
		if (route_matches(routes[i].path, path, ret_arg))
			return &routes[i];
	return &other;
}

enum sim_endpoint_name sim_api_endpoint(const char *target)
{
	struct str arg;

	return find_route(target, &arg)->endpoint;
}

/* Answers with 400 where the engine does not speak the version that is asked for. */
static bool refuse_version(struct sim_conn *conn)
{
	const struct flavour *fl = conn->sim->fl;
	unsigned v = target_version(conn);
	char *message = NULL;

	if (fl->podman)
		return false;
	if (v > fl->api)
		message =
			xasprintf("client version %u.%u is too new. Maximum supported API version "
				  "is %u.%u",
				v / 100, v % 100, fl->api / 100, fl->api % 100);
	else if (v < fl->api_min)
		message =
			xasprintf("client version %u.%u is too old. Minimum supported API version "
				  "is %u.%u, please upgrade your client to a newer version",
				v / 100, v % 100, fl->api_min / 100, fl->api_min % 100);
	if (!message)
		return false;
	struct buf body;

	buf_init(&body, SIM_BODY_MAX);
	buf_add_fmt(&body, "{\"message\":\"%s\"}\n", message);
	sim_reply(conn, HEAD_VERSION_400, &body);
	buf_release(&body);
	free(message);
	return true;
}

void sim_api_answer(struct sim_conn *conn)
{
	bool get = strcmp(conn->request.method, "GET") == 0;
	struct str arg = STR("");
	const struct route *route = find_route(conn->request.target, &arg);
	char *text;

	if (route->endpoint != EP_OTHER && refuse_version(conn))
		return;
	if (!get && !(route->endpoint == EP_PING && strcmp(conn->request.method, "HEAD") == 0)) {
		answer_other(conn, "");
		return;
	}
	text = xmemdup0(arg.p, arg.len);
	route->answer(conn, text);
	free(text);
}
