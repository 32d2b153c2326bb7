/* SPDX-License-Identifier: MIT
 *
 * Requests come from clients under test: a bad one ends the connection, so that a test fails.
 */
#include "config.h"

#include "engine/sim_request.h"

#include "base/alloc.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_MAX 65536

void sim_request_clear(struct sim_request *rq)
{
	free(rq->method);
	free(rq->target);
	*rq = (struct sim_request){.method = NULL};
}

static bool request_line(struct sim_request *rq, struct str line)
{
	struct str method, target, version;

	if (!str_cut(line, ' ', &method, &target) || !str_cut(target, ' ', &target, &version))
		return false;
	if (!str_eqz(version, "HTTP/1.1") && !str_eqz(version, "HTTP/1.0"))
		return false;
	rq->http10 = rq->close = str_eqz(version, "HTTP/1.0");
	rq->method = xmemdup0(method.p, method.len);
	rq->target = xmemdup0(target.p, target.len);
	return target.len > 0 && target.p[0] == '/';
}

static bool header_line(struct sim_request *rq, struct str line)
{
	struct str name, value;
	uint64_t n;

	if (!str_cut(line, ':', &name, &value))
		return false;
	value = str_trim(value);
	if (str_eq_nocase(name, STR("Connection"))) {
		if (str_eq_nocase(value, STR("close")))
			rq->close = true;
	} else if (str_eq_nocase(name, STR("Accept"))) {
		rq->json_seq = str_eqz(value, "application/json-seq");
	} else if (str_eq_nocase(name, STR("Content-Length"))) {
		if (!str_to_u64(value, SIM_BODY_MAX, &n))
			return false;
		rq->body = n;
	}
	return true;
}

static bool parse_head(struct sim_request *rq, struct str head)
{
	bool first = true;
	struct str line;

	while (head.len) {
		if (!str_cut(head, '\n', &line, &head))
			return false;
		if (line.len && line.p[line.len - 1] == '\r')
			line.len--;
		if (line.len == 0)
			break;
		if (!(first ? request_line(rq, line) : header_line(rq, line)))
			return false;
		first = false;
	}
	return rq->method != NULL;
}

enum sim_request_result sim_request_read(struct sim_request *rq, struct evbuffer *in)
{
	struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
	size_t len = (size_t)end.pos + 4;
	const char *head;

	if (end.pos < 0)
		return evbuffer_get_length(in) > HEAD_MAX ? SIM_REQUEST_BAD : SIM_REQUEST_MORE;
	head = (const char *)evbuffer_pullup(in, (ev_ssize_t)len);
	sim_request_clear(rq);
	if (!parse_head(rq, str_n(head, len)))
		return SIM_REQUEST_BAD;
	if (evbuffer_get_length(in) < len + rq->body)
		return SIM_REQUEST_MORE; /* parsed again when the body is there */
	evbuffer_drain(in, len + rq->body);
	return SIM_REQUEST_READY;
}

char *sim_query(const char *target, const char *key)
{
	const char *query = strchr(target, '?');
	struct evkeyvalq all;
	const char *value;
	char *copy = NULL;

	if (!query || evhttp_parse_query_str(query + 1, &all) < 0)
		return NULL;
	value = evhttp_find_header(&all, key);
	if (value)
		copy = xstrdup(value);
	evhttp_clear_headers(&all);
	return copy;
}
