/* SPDX-License-Identifier: MIT
 *
 * Go's net/http decides how a body is sent: with Content-Length if it fits into 2048 bytes, in
 * chunks otherwise (network-front and networks, info); the order of header lines is its as well.
 */
#include "config.h"

#include "engine/sim_reply.h"

#include "base/clock.h"
#include "engine/sim_fault.h"
#include "engine/sim_flavour.h"
#include "engine/sim_json.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define UNCHUNKED_MAX 2048
#define DATE_MAX      64

struct status_text {
	int status;
	const char *text;
};

static const struct status_text statuses[] = {
	{200, "OK"},
	{400, "Bad Request"},
	{404, "Not Found"},
	{409, "Conflict"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{503, "Service Unavailable"},
};

static const char *status_text(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return "Unknown";
}

static void add_date(struct buf *out)
{
	time_t now = (time_t)(clock_real_ns() / NS_PER_S);
	char text[DATE_MAX];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm);
	buf_add_cstr(out, text);
}

/* The recorded lines, with another Content-Type if one is given. */
static void add_lines(struct buf *out, const char *lines, const char *content_type)
{
	struct str rest = str_from(lines), line;

	while (rest.len && str_cut(rest, '\n', &line, &rest)) {
		if (content_type && str_has_prefix(line, STR("Content-Type:"))) {
			buf_add_fmt(out, "Content-Type: %s\r\n", content_type);
			continue;
		}
		buf_add_str(out, line);
		buf_add_char(out, '\n');
	}
}

static void add_head(struct sim_conn *conn, struct buf *out, enum sim_head head, int status,
	const char *content_type)
{
	const struct capture *c = &conn->sim->templates->heads[head];

	buf_add_fmt(out, "HTTP/1.%d %d %s\r\n", !conn->request.http10, status, status_text(status));
	add_lines(out, c->head, content_type);
	if (conn->twist.header) {
		buf_add_cstr(out, "X-Filler: ");
		for (size_t i = 0; i < conn->twist.header; i++)
			buf_add_char(out, 'x');
		buf_add_cstr(out, "\r\n");
	}
	add_date(out);
}

static void add_chunks(struct buf *out, struct str body, size_t size)
{
	while (body.len) {
		struct str part = str_sub(body, 0, size ? size : body.len);

		buf_add_fmt(out, "%zx\r\n", part.len);
		buf_add_str(out, part);
		buf_add_cstr(out, "\r\n");
		body = str_sub(body, part.len, body.len);
	}
	buf_add_cstr(out, "0\r\n\r\n");
}

static void add_body(struct sim_conn *conn, struct buf *out, enum sim_head head, struct buf *body)
{
	bool close = conn->request.close;
	bool chunked = body->len > UNCHUNKED_MAX && !conn->request.http10;

	bool bodyless = strcmp(conn->request.method, "HEAD") == 0; /* ping-head of podman */

	if (body->len <= UNCHUNKED_MAX && !bodyless &&
		!strstr(conn->sim->templates->heads[head].head, "Content-Length:"))
		buf_add_fmt(out, "Content-Length: %zu\r\n", body->len);
	add_lines(out, conn->sim->templates->heads[head].after_date, NULL);
	if (close && !conn->request.http10)
		buf_add_cstr(out, "Connection: close\r\n");
	if (chunked)
		buf_add_cstr(out, "Transfer-Encoding: chunked\r\n");
	buf_add_cstr(out, "\r\n");
	if (conn->twist.malformed && body->len)
		body->data[body->len / 2] = '\x01';
	if (bodyless)
		return;
	if (chunked)
		add_chunks(out, buf_str(body), conn->sim->fl->chunk);
	else
		buf_add_str(out, buf_str(body));
}

static void reply(struct sim_conn *conn, enum sim_head head, int status, struct buf *body)
{
	struct buf out;

	buf_init(&out, SIM_BODY_MAX);
	add_head(conn, &out, head, status, NULL);
	add_body(conn, &out, head, body);
	buf_clear(body);
	sim_fault_write(conn, &out);
	buf_release(&out);
}

void sim_reply(struct sim_conn *conn, enum sim_head head, struct buf *body)
{
	reply(conn, head, conn->sim->templates->heads[head].status, body);
}

void sim_reply_stream(struct sim_conn *conn, const char *content_type)
{
	struct buf out;

	buf_init(&out, SIM_BODY_MAX);
	add_head(conn, &out, HEAD_EVENTS, 200, content_type);
	if (conn->request.close && !conn->request.http10)
		buf_add_cstr(&out, "Connection: close\r\n");
	if (!conn->request.http10)
		buf_add_cstr(&out, "Transfer-Encoding: chunked\r\n");
	buf_add_cstr(&out, "\r\n");
	sim_conn_write(conn, out.data, out.len);
	buf_release(&out);
}

void sim_reply_cause(struct sim_conn *conn, int status, const char *cause, const char *message)
{
	struct buf body;

	buf_init(&body, SIM_BODY_MAX);
	buf_add_char(&body, '{');
	if (conn->sim->fl->podman) {
		buf_add_cstr(&body, "\"cause\":");
		json_cstring(&body, cause, true);
		buf_add_char(&body, ',');
	}
	buf_add_cstr(&body, "\"message\":");
	json_cstring(&body, message, !conn->sim->fl->podman || conn->sim->fl->list_escapes_html);
	if (conn->sim->fl->podman)
		buf_add_fmt(&body, ",\"response\":%d", status);
	buf_add_cstr(&body, "}\n");
	reply(conn, HEAD_404, status, &body);
	buf_release(&body);
}

void sim_reply_error(struct sim_conn *conn, int status, const char *message)
{
	sim_reply_cause(conn, status, message, message);
}
