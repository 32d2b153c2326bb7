/* SPDX-License-Identifier: MIT
 *
 * The engines' API in words, see api.h.
 */
#include "config.h"

#include "engine/api.h"

#include "base/clock.h"
#include "engine/engine.h"
#include "engine/event_table.h"

#include <string.h>
#include <yajl/yajl_parse.h>

bool api_version_parse(struct str text, struct api_version *ret)
{
	struct str major, minor;
	uint64_t a, b;

	if (!str_cut(text, '.', &major, &minor) || !str_to_u64(major, 9999, &a) ||
		!str_to_u64(minor, 9999, &b))
		return false;
	*ret = (struct api_version){(unsigned)a, (unsigned)b};
	return true;
}

int api_version_cmp(struct api_version a, struct api_version b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	return (a.minor > b.minor) - (a.minor < b.minor);
}

bool api_negotiate(struct str header, struct api_version *ret, struct error *err)
{
	struct api_version theirs;

	if (header.len == 0) {
		*ret = (struct api_version){0, 0};
		return true;
	}
	if (!api_version_parse(header, &theirs))
		return error_set(err, "the engine's Api-Version is not a version: \"%.*s\"",
			STR_ARG(str_sub(header, 0, 32)));
	if (api_version_cmp(theirs, API_OLDEST) < 0)
		return error_set(err, "the engine's API is %u.%u; at least %u.%u is needed",
			theirs.major, theirs.minor, API_OLDEST.major, API_OLDEST.minor);
	*ret = api_version_cmp(theirs, API_NEWEST) < 0 ? theirs : API_NEWEST;
	return true;
}

bool api_check_path(const char *path, struct error *err)
{
	if (path[0] != '/')
		return error_set(err, "a request's path must begin with a slash");
	if (strlen(path) > ENGINE_PATH_MAX)
		return error_set(err, "a request's path is longer than %d bytes", ENGINE_PATH_MAX);
	for (const char *p = path; *p; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return error_set(err, "a request's path has a blank, a control character "
					      "or a byte that is not ASCII");
	return true;
}

void api_add_version(struct buf *b, struct api_version version)
{
	if (version.major)
		buf_add_fmt(b, "/v%u.%u", version.major, version.minor);
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '-' || c == '.' || c == '_' || c == '~';
}

void api_add_escaped(struct buf *b, struct str segment)
{
	for (size_t i = 0; i < segment.len; i++)
		if (is_unreserved(segment.p[i]))
			buf_add_char(b, segment.p[i]);
		else
			buf_add_fmt(b, "%%%02X", (unsigned char)segment.p[i]);
}

void api_add_events_path(struct buf *b, struct api_version version, const struct events_query *q)
{
	static const char *const types[] = {"container", "network", "node", "service"};
	const char *mark = "?";
	struct buf json;

	api_add_version(b, version);
	buf_add_cstr(b, "/events");
	if (q->since_ns) {
		buf_add_fmt(b, "?since=%lld.%09lld", (long long)(q->since_ns / NS_PER_S),
			(long long)(q->since_ns % NS_PER_S));
		mark = "&";
	}
	if (!q->filter)
		return;
	buf_init(&json, ENGINE_PATH_MAX);
	event_table_add_filter(&json, types, q->swarm ? 4 : 2);
	buf_add_fmt(b, "%sfilters=", mark);
	api_add_escaped(b, buf_str(&json));
	buf_release(&json);
}

void api_add_request(struct buf *b, const char *method, struct str path, const char *content_type,
	struct str body)
{
	buf_add_fmt(b, "%s %.*s HTTP/1.1\r\nHost: docker\r\nUser-Agent: upstreamd/%s\r\n", method,
		STR_ARG(path), VERSION);
	if (body.len || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0)
		buf_add_fmt(b, "Content-Type: %s\r\nContent-Length: %zu\r\n",
			content_type ? content_type : "application/json", body.len);
	buf_add_cstr(b, "\r\n");
	buf_add_str(b, body);
}

/* The string at "message" of a JSON object, for error answers. */
struct message {
	struct buf *text;
	unsigned depth;
	bool is_next, found;
};

static int message_on_key(void *arg, const unsigned char *p, size_t len)
{
	struct message *m = arg;

	m->is_next = m->depth == 1 && str_eqz(str_n((const char *)p, len), "message");
	return 1;
}

static int message_on_string(void *arg, const unsigned char *p, size_t len)
{
	struct message *m = arg;

	if (m->is_next) {
		buf_clear(m->text);
		buf_add(m->text, p, len < API_MESSAGE_MAX ? len : API_MESSAGE_MAX);
		m->found = true;
	}
	m->is_next = false;
	return 1;
}

static int message_on_open(void *arg)
{
	struct message *m = arg;

	m->depth++;
	m->is_next = false;
	return 1;
}

static int message_on_close(void *arg)
{
	struct message *m = arg;

	m->depth--;
	return 1;
}

/* Text of a body that is no JSON: tags, blanks and control characters become one space. */
static void add_plain(struct buf *text, struct str body)
{
	bool in_tag = false, gap = false;

	for (size_t i = 0; i < body.len && text->len < API_MESSAGE_MAX; i++) {
		unsigned char c = (unsigned char)body.p[i];

		in_tag = c == '<' || (in_tag && c != '>');
		if (in_tag || c == '>' || c <= ' ' || c == 0x7f) {
			gap = true;
			continue;
		}
		if (gap && text->len)
			buf_add_char(text, ' ');
		buf_add_char(text, (char)c);
		gap = false;
	}
}

static void add_message(struct buf *text, struct str body)
{
	static const yajl_callbacks callbacks = {
		.yajl_string = message_on_string,
		.yajl_map_key = message_on_key,
		.yajl_start_map = message_on_open,
		.yajl_end_map = message_on_close,
		.yajl_start_array = message_on_open,
		.yajl_end_array = message_on_close,
	};
	struct message m = {.text = text};
	yajl_handle h = yajl_alloc(&callbacks, NULL, &m);

	/* A body that was cut at API_ERROR_BODY_MAX is no whole JSON; its message may still be. */
	yajl_parse(h, (const unsigned char *)body.p, body.len);
	yajl_free(h);
	if (!m.found)
		add_plain(text, body);
}

/* A socket proxy guards each part of the API by a variable. */
static const char *proxy_variable(const char *path)
{
	static const struct {
		const char *prefix, *variable;
	} parts[] = {
		{"/_ping", "PING"},
		{"/containers", "CONTAINERS"},
		{"/events", "EVENTS"},
		{"/exec", "EXEC"},
		{"/images", "IMAGES"},
		{"/info", "INFO"},
		{"/networks", "NETWORKS"},
		{"/nodes", "NODES"},
		{"/services", "SERVICES"},
		{"/swarm", "SWARM"},
		{"/tasks", "TASKS"},
		{"/version", "VERSION"},
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (str_has_prefix(str_from(path), str_from(parts[i].prefix)))
			return parts[i].variable;
	return NULL;
}

static void explain_forbidden(struct error *err, const char *method, const char *path)
{
	const char *variable = proxy_variable(path);
	bool writes = strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;

	if (variable)
		error_append(err, " (%s %.64s is not allowed; with docker-socket-proxy set %s=1%s)",
			method, path, variable, writes ? " and POST=1" : "");
	else
		error_append(err, " (%s %.64s is not allowed)", method, path);
}

bool api_error(struct error *err, int status, const char *method, const char *path, struct str body)
{
	struct buf text;
	struct str message;

	buf_init(&text, API_ERROR_BODY_MAX);
	add_message(&text, body);
	message = str_trim(buf_str(&text));
	error_set(err, "status %d%s%.*s", status, message.len ? ": " : "", STR_ARG(message));
	buf_release(&text);
	if (status == 403)
		explain_forbidden(err, method, path);
	return false;
}
