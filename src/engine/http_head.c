/* SPDX-License-Identifier: MIT
 *
 * Status line, header lines and framing of an HTTP answer, see http_head.h. Strict where a lax
 * reading could make two parties see two different answers (lengths, names), lax where engines
 * and proxies differ harmlessly (case, white space, missing reason).
 */
#include "config.h"

#include "engine/http_head.h"

/* Shortest whole status line: "HTTP/1.1 200". */
#define STATUS_LINE_MIN 12

bool http_head_check_start(struct str line, struct error *err)
{
	static const struct str http = STR_INIT("HTTP/1.");
	size_t n = line.len < http.len ? line.len : http.len;

	if (n == 0 || memcmp(line.p, http.p, n) == 0)
		return true;
	if (line.p[0] == 0x15 || line.p[0] == 0x16)
		return error_set(err, "the answer is TLS, not HTTP: this endpoint wants TLS");
	if (str_has_prefix(line, str_n("HTTP/", 5)))
		return error_set(err, "the answer is not HTTP/1.x");
	return error_set(err, "the answer is not HTTP (first byte 0x%02x)",
		(unsigned char)line.p[0]);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* status-line = "HTTP/1." DIGIT SP 3DIGIT [ SP reason ] */
bool http_head_start_line(struct http_parser *p, struct str line, struct error *err)
{
	const char *s = line.p;

	if (line.len < STATUS_LINE_MIN || !is_digit(s[7]) || s[8] != ' ' || !is_digit(s[9]) ||
		!is_digit(s[10]) || !is_digit(s[11]) ||
		(line.len > STATUS_LINE_MIN && s[STATUS_LINE_MIN] != ' '))
		return error_set(err, "bad status line");
	p->head.minor = s[7] - '0';
	p->head.status = (s[9] - '0') * 100 + (s[10] - '0') * 10 + (s[11] - '0');
	if (p->head.status < 100 || p->head.status > 599)
		return error_set(err, "bad status %d", p->head.status);
	p->head.reason.len = line.len > STATUS_LINE_MIN ? line.len - STATUS_LINE_MIN - 1 : 0;
	return true;
}

/* tchar of RFC 9110 5.6.2 */
static bool is_token_char(char c)
{
	if (is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return true;
	return c != '\0' && strchr("!#$%&'*+-.^_`|~", c);
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_token_char(s.p[i]))
			return false;
	return s.len > 0;
}

static struct str trim_blanks(struct str s)
{
	while (s.len && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_sub(s, 1, s.len);
	while (s.len && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* obs-fold: the line continues the value before it, which ends where this line begins. */
static bool fold_line(struct http_parser *p, struct str line, struct error *err)
{
	struct http_span *span;

	if (p->head.n_headers == 0)
		return error_set(err, "the first header line is a continuation");
	span = &p->spans[p->head.n_headers - 1];
	span->value_len = (uint32_t)((size_t)(line.p - p->lines.data) + line.len - span->value);
	return true;
}

bool http_head_header_line(struct http_parser *p, struct str line, struct error *err)
{
	struct str name, value;
	struct http_span *span;

	if (memchr(line.p, '\0', line.len) || memchr(line.p, '\r', line.len))
		return error_set(err, "a header line has a NUL or CR in it");
	if (line.p[0] == ' ' || line.p[0] == '\t')
		return fold_line(p, line, err);
	if (!str_cut(line, ':', &name, &value))
		return error_set(err, "a header line has no colon");
	if (!is_token(name))
		return error_set(err, "a header line has a bad name");
	if (p->head.n_headers == HTTP_HEADERS_MAX)
		return error_set(err, "more than %d header lines", HTTP_HEADERS_MAX);
	span = &p->spans[p->head.n_headers++];
	span->name = (uint32_t)(name.p - p->lines.data);
	span->name_len = (uint32_t)name.len;
	span->value = (uint32_t)(value.p - p->lines.data);
	span->value_len = (uint32_t)value.len;
	return true;
}

void http_head_fill(struct http_parser *p)
{
	const char *base = p->lines.data;

	for (size_t i = 0; i < p->head.n_headers; i++) {
		const struct http_span *span = &p->spans[i];

		p->headers[i].name = str_n(base + span->name, span->name_len);
		p->headers[i].value = trim_blanks(str_n(base + span->value, span->value_len));
	}
	p->head.headers = p->headers;
	p->head.reason.p = base + (p->head.reason.len ? STATUS_LINE_MIN + 1 : 0);
}

/* Calls visit for each member of the comma lists in all headers called name; stops at false. */
static bool each_member(const struct http_head *head, const char *name,
	bool (*visit)(struct str member, void *arg), void *arg)
{
	struct str want = str_from(name);

	for (size_t i = 0; i < head->n_headers; i++) {
		struct str rest = head->headers[i].value, member;
		bool more = str_eq_nocase(head->headers[i].name, want);

		while (more) {
			more = str_cut(rest, ',', &member, &rest);
			if (!visit(trim_blanks(member), arg))
				return false;
		}
	}
	return true;
}

struct connection_tokens {
	bool close, keep_alive;
};

static bool visit_connection(struct str member, void *arg)
{
	struct connection_tokens *tokens = arg;

	tokens->close |= str_eq_nocase(member, STR("close"));
	tokens->keep_alive |= str_eq_nocase(member, STR("keep-alive"));
	return true;
}

struct lengths {
	unsigned n;
	uint64_t value;
};

/* The same length twice is one; two different ones are an attack or a fault. */
static bool visit_length(struct str member, void *arg)
{
	struct lengths *lengths = arg;
	uint64_t v = 0;

	if (!str_to_u64(member, INT64_MAX, &v) || (lengths->n && v != lengths->value))
		return false;
	lengths->value = v;
	lengths->n++;
	return true;
}

struct codings {
	unsigned n;
	bool chunked_only;
};

static bool visit_coding(struct str member, void *arg)
{
	struct codings *codings = arg;

	codings->chunked_only = codings->n++ == 0 && str_eq_nocase(member, STR("chunked"));
	return true;
}

static bool has_no_body(const struct http_parser *p)
{
	return p->expect == HTTP_EXPECT_NO_BODY || p->head.status == 204 || p->head.status == 304;
}

bool http_head_framing(struct http_parser *p, enum http_framing *ret_framing, uint64_t *ret_length,
	struct error *err)
{
	struct connection_tokens tokens = {.close = false};
	struct lengths lengths = {.n = 0};
	struct codings codings = {.n = 0};

	each_member(&p->head, "Connection", visit_connection, &tokens);
	each_member(&p->head, "Transfer-Encoding", visit_coding, &codings);
	if (!each_member(&p->head, "Content-Length", visit_length, &lengths))
		return error_set(err, "bad Content-Length");
	p->head.keep_alive = !tokens.close && (p->head.minor > 0 || tokens.keep_alive);
	if (p->head.status == 101) {
		if (p->expect != HTTP_EXPECT_UPGRADE)
			return error_set(err, "101 for a request that asked for no upgrade");
		p->head.keep_alive = false;
		*ret_framing = HTTP_FRAMING_UPGRADE;
		return true;
	}
	if (has_no_body(p)) {
		*ret_framing = HTTP_FRAMING_NONE;
		return true;
	}
	if (codings.n) {
		if (!codings.chunked_only)
			return error_set(err, "Transfer-Encoding is not \"chunked\"");
		/* With both, the length is not believed and neither is the connection. */
		p->head.keep_alive &= lengths.n == 0 && p->head.minor > 0;
		*ret_framing = HTTP_FRAMING_CHUNKED;
		return true;
	}
	if (lengths.n) {
		*ret_length = lengths.value;
		*ret_framing = HTTP_FRAMING_LENGTH;
		return true;
	}
	p->head.keep_alive = false;
	*ret_framing = HTTP_FRAMING_CLOSE;
	return true;
}
