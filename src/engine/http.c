/* SPDX-License-Identifier: MIT
 *
 * Push parser for HTTP/1.1 answers, see http.h. http_feed runs one step function per state; each
 * takes what it can from the bytes and moves the state on. Lines are collected in p->lines, where
 * the head's fields stay until the next answer; bodies are handed on as slices of the input.
 * What a head means (framing, keep-alive) is decided in http_head.c.
 *
 * Invariant: the callbacks of an answer depend on its bytes alone, never on how they were cut,
 * except that on_body may come in more pieces.
 */
#include "config.h"

#include "engine/http.h"

#include "engine/http_head.h"

void http_init(struct http_parser *p, const struct http_handlers *handlers, void *arg)
{
	memset(p, 0, sizeof(*p));
	p->handlers = *handlers;
	p->arg = arg;
	p->state = HTTP_DONE;
	buf_init(&p->lines, HTTP_HEAD_MAX + HTTP_LINE_MAX + 2);
}

void http_release(struct http_parser *p)
{
	buf_release(&p->lines);
}

/* Makes ready for a status line: of the due answer, or of the one after a 1xx. */
static void begin_head(struct http_parser *p)
{
	buf_clear(&p->lines);
	p->line_start = 0;
	memset(&p->head, 0, sizeof(p->head));
	p->state = HTTP_START_LINE;
}

void http_expect(struct http_parser *p, enum http_expect expect, uint64_t body_max)
{
	begin_head(p);
	p->expect = expect;
	p->body_max = body_max;
	p->begun = false;
	p->trailer_bytes = 0;
	p->left = p->body = 0;
	p->interim = 0;
}

bool http_is_done(const struct http_parser *p)
{
	return p->state == HTTP_DONE;
}

bool http_is_upgraded(const struct http_parser *p)
{
	return p->state == HTTP_UPGRADED;
}

bool http_has_begun(const struct http_parser *p)
{
	return p->begun;
}

static void finish(struct http_parser *p)
{
	p->state = HTTP_DONE;
	p->handlers.on_done(p->arg);
}

/* Checks n more body bytes, announced or read, against the cap. */
static bool check_body(const struct http_parser *p, uint64_t n, struct error *err)
{
	if (n > p->body_max - p->body)
		return error_set(err, "the body is larger than %llu bytes",
			(unsigned long long)p->body_max);
	return true;
}

static void begin_chunk_size(struct http_parser *p)
{
	p->state = HTTP_CHUNK_SIZE;
	p->left = 0;
	p->chunk_line = p->chunk_digits = 0;
}

/* The empty line after a head: what follows is decided by http_head_framing. */
static bool end_of_head(struct http_parser *p, struct error *err)
{
	enum http_framing framing;
	uint64_t length = 0;

	http_head_fill(p);
	if (p->head.status < 200 && p->head.status != 101) {
		if (++p->interim > HTTP_INTERIM_MAX)
			return error_set(err, "more than %d interim (1xx) answers",
				HTTP_INTERIM_MAX);
		begin_head(p);
		return true;
	}
	if (!http_head_framing(p, &framing, &length, err))
		return false;
	if (framing == HTTP_FRAMING_LENGTH && !check_body(p, length, err))
		return false;
	p->handlers.on_head(&p->head, p->arg);
	switch (framing) {
	case HTTP_FRAMING_NONE:
		finish(p);
		break;
	case HTTP_FRAMING_UPGRADE:
		p->state = HTTP_UPGRADED;
		break;
	case HTTP_FRAMING_LENGTH:
		p->left = length;
		if (length == 0)
			finish(p);
		else
			p->state = HTTP_BODY_LENGTH;
		break;
	case HTTP_FRAMING_CHUNKED:
		begin_chunk_size(p);
		break;
	case HTTP_FRAMING_CLOSE:
		p->state = HTTP_BODY_UNTIL_CLOSE;
		break;
	}
	return true;
}

static bool end_of_line(struct http_parser *p, struct str line, struct error *err)
{
	if (p->state == HTTP_START_LINE) {
		if (!http_head_start_line(p, line, err))
			return false;
		p->state = HTTP_HEADER_LINE;
		return true;
	}
	if (p->state == HTTP_HEADER_LINE)
		return line.len ? http_head_header_line(p, line, err) : end_of_head(p, err);
	if (line.len == 0)
		finish(p);
	return true;
}

/* Bytes that the line under way may still take, a CR included; *ret_why says what ends it. */
static size_t line_room(const struct http_parser *p, const char **ret_why)
{
	size_t line = HTTP_LINE_MAX + 1 - (p->lines.len - p->line_start);
	size_t all = HTTP_HEAD_MAX -
		(p->state == HTTP_TRAILER_LINE ? p->trailer_bytes : p->lines.len);

	*ret_why = all < line ? "the header lines are too large together"
			      : "a header line is too long";
	return all < line ? all : line;
}

/* Collects a line of the head or of the trailers. RFC 9112 2.2 lets a lone LF end a line. */
static bool step_line(struct http_parser *p, struct str in, size_t *ret_used, struct error *err)
{
	bool trailer = p->state == HTTP_TRAILER_LINE;
	const char *lf = memchr(in.p, '\n', in.len), *why;
	size_t want = lf ? (size_t)(lf - in.p) : in.len, room = line_room(p, &why);
	size_t n = want < room ? want : room;
	struct str line;

	buf_add(&p->lines, in.p, n);
	if (trailer)
		p->trailer_bytes += n;
	line = str_sub(buf_str(&p->lines), p->line_start, p->lines.len);
	if (p->state == HTTP_START_LINE && !http_head_check_start(line, err))
		return false;
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	if (n < want || line.len > HTTP_LINE_MAX)
		return error_set(err, "%s (limits: %d bytes a line, %d together)", why,
			HTTP_LINE_MAX, HTTP_HEAD_MAX);
	*ret_used = n;
	if (!lf)
		return true;
	*ret_used = n + 1;
	p->lines.len = trailer ? p->line_start : p->line_start + line.len;
	if (!end_of_line(p, line, err))
		return false;
	p->line_start = p->lines.len;
	return true;
}

static bool step_length(struct http_parser *p, struct str in, size_t *ret_used, struct error *err)
{
	size_t n = in.len < p->left ? in.len : (size_t)p->left;

	(void)err;
	p->left -= n;
	p->body += n;
	*ret_used = n;
	p->handlers.on_body(str_sub(in, 0, n), p->arg);
	if (p->left == 0)
		finish(p);
	return true;
}

static bool step_until_close(struct http_parser *p, struct str in, size_t *ret_used,
	struct error *err)
{
	size_t n = in.len < p->body_max - p->body ? in.len : (size_t)(p->body_max - p->body);

	p->body += n;
	*ret_used = n;
	if (n)
		p->handlers.on_body(str_sub(in, 0, n), p->arg);
	return n == in.len || check_body(p, in.len - n, err);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* After the LF of a chunk-size line. */
static bool begin_chunk(struct http_parser *p, struct error *err)
{
	if (!check_body(p, p->left, err))
		return false;
	if (p->left) {
		p->state = HTTP_CHUNK_DATA;
		return true;
	}
	p->state = HTTP_TRAILER_LINE;
	p->line_start = p->lines.len;
	return true;
}

/* One byte of `chunk-size [ chunk-ext ] CRLF`. */
static bool step_chunk_size(struct http_parser *p, struct str in, size_t *ret_used,
	struct error *err)
{
	char c = in.p[0];
	int digit = hex_value(c);

	*ret_used = 1;
	if (++p->chunk_line > HTTP_CHUNK_LINE_MAX)
		return error_set(err, "a chunk-size line is longer than %d bytes",
			HTTP_CHUNK_LINE_MAX);
	if (p->state == HTTP_CHUNK_SIZE_LF) {
		if (c != '\n')
			return error_set(err, "a chunk-size line does not end in CR LF");
		return begin_chunk(p, err);
	}
	if (p->state == HTTP_CHUNK_SIZE && digit >= 0) {
		p->chunk_digits++;
		if (__builtin_mul_overflow(p->left, (uint64_t)16, &p->left))
			return error_set(err, "a chunk size has more than 64 bits");
		p->left |= (uint64_t)digit;
		return true;
	}
	if (p->chunk_digits == 0)
		return error_set(err, "a chunk size does not begin with a hexadecimal digit");
	if (c == '\r') {
		p->state = HTTP_CHUNK_SIZE_LF;
		return true;
	}
	if (p->state == HTTP_CHUNK_SIZE && c != ';' && c != ' ' && c != '\t')
		return error_set(err, "a chunk size has the bad byte 0x%02x", (unsigned char)c);
	if (c == '\n')
		return error_set(err, "a chunk-size line does not end in CR LF");
	p->state = HTTP_CHUNK_EXTENSION;
	return true;
}

static bool step_chunk_data(struct http_parser *p, struct str in, size_t *ret_used,
	struct error *err)
{
	size_t n = in.len < p->left ? in.len : (size_t)p->left;

	(void)err;
	p->left -= n;
	p->body += n;
	*ret_used = n;
	if (p->left == 0)
		p->state = HTTP_CHUNK_DATA_CR;
	p->handlers.on_body(str_sub(in, 0, n), p->arg);
	return true;
}

/* The CR LF after a chunk's data. */
static bool step_chunk_end(struct http_parser *p, struct str in, size_t *ret_used,
	struct error *err)
{
	bool cr = p->state == HTTP_CHUNK_DATA_CR;

	*ret_used = 1;
	if (in.p[0] != (cr ? '\r' : '\n'))
		return error_set(err, "a chunk is longer than its size says (no CR LF after it)");
	if (cr)
		p->state = HTTP_CHUNK_DATA_LF;
	else
		begin_chunk_size(p);
	return true;
}

typedef bool step_fn(struct http_parser *p, struct str in, size_t *ret_used, struct error *err);

static step_fn *const steps[] = {
	[HTTP_START_LINE] = step_line,
	[HTTP_HEADER_LINE] = step_line,
	[HTTP_BODY_LENGTH] = step_length,
	[HTTP_BODY_UNTIL_CLOSE] = step_until_close,
	[HTTP_CHUNK_SIZE] = step_chunk_size,
	[HTTP_CHUNK_EXTENSION] = step_chunk_size,
	[HTTP_CHUNK_SIZE_LF] = step_chunk_size,
	[HTTP_CHUNK_DATA] = step_chunk_data,
	[HTTP_CHUNK_DATA_CR] = step_chunk_end,
	[HTTP_CHUNK_DATA_LF] = step_chunk_end,
	[HTTP_TRAILER_LINE] = step_line,
	[HTTP_DONE] = NULL,
	[HTTP_UPGRADED] = NULL,
	[HTTP_FAILED] = NULL,
};

bool http_feed(struct http_parser *p, struct str bytes, size_t *ret_used, struct error *err)
{
	size_t used = 0;

	if (p->state == HTTP_FAILED)
		return error_set(err, "the answer was refused before");
	while (used < bytes.len && steps[p->state]) {
		size_t n = 0;

		p->begun = true;
		if (!steps[p->state](p, str_sub(bytes, used, bytes.len), &n, err)) {
			p->state = HTTP_FAILED;
			return false;
		}
		used += n;
	}
	*ret_used = used;
	return true;
}

bool http_eof(struct http_parser *p, struct error *err)
{
	if (p->state == HTTP_BODY_UNTIL_CLOSE) {
		finish(p);
		return true;
	}
	if (p->state == HTTP_DONE || p->state == HTTP_UPGRADED)
		return true;
	if (!p->begun)
		return error_set(err, "the connection was closed without an answer");
	if (p->state == HTTP_START_LINE || p->state == HTTP_HEADER_LINE)
		return error_set(err, "the connection was closed within the answer's head");
	return error_set(err, "the connection was closed within the answer's body, after %llu bytes",
		(unsigned long long)p->body);
}

struct str http_header(const struct http_head *head, const char *name)
{
	struct str want = str_from(name);

	for (size_t i = 0; i < head->n_headers; i++)
		if (str_eq_nocase(head->headers[i].name, want))
			return head->headers[i].value;
	return str_n(NULL, 0);
}
