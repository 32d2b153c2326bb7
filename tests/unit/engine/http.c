/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/alloc.h"
#include "engine/http.h"
#include "engine/transcript.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* The text for bytes fed in one piece, byte by byte and at every two-way split; all must agree. */
static char *text_of(struct str bytes, enum http_expect expect, uint64_t body_max, bool pipelined)
{
	struct transcript t;
	char *want;

	transcript_init(&t, expect, body_max);
	t.with_body = true;
	t.pipelined = pipelined;
	transcript_feed(&t, bytes);
	transcript_eof(&t);
	want = xstrdup(transcript_text(&t));

	transcript_clear(&t);
	for (size_t i = 0; i < bytes.len; i++)
		transcript_feed(&t, str_sub(bytes, i, i + 1));
	transcript_eof(&t);
	cr_assert_str_eq(transcript_text(&t), want, "fed byte by byte");

	for (size_t i = 1; i < bytes.len; i += 1 + bytes.len / 2000) {
		transcript_clear(&t);
		transcript_feed(&t, str_sub(bytes, 0, i));
		transcript_feed(&t, str_sub(bytes, i, bytes.len));
		transcript_eof(&t);
		cr_assert_str_eq(transcript_text(&t), want, "split at %zu", i);
	}
	transcript_release(&t);
	return want;
}

static void assert_contains(struct str bytes, enum http_expect expect, const char *want)
{
	char *text = text_of(bytes, expect, 1000, false);

	cr_assert(strstr(text, want), "wanted %s in:\n%s", want, text);
	free(text);
}

#define assert_says(bytes, want) assert_contains(STR(bytes), HTTP_EXPECT_BODY, want)

Test(http, content_length_ends_the_answer)
{
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 [OK] keep-alive\n[Content-Length]=[5]\nbody 5 bytes");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "\nhello\ndone\n");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "body 0 bytes");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
		"error: the connection was closed within the answer's body, after 4 bytes");
}

Test(http, header_names_match_in_any_case)
{
	struct http_header headers[] = {{STR("api-version"), STR("1.44")}};
	struct http_head head = {.headers = headers, .n_headers = 1};

	cr_assert(str_eqz(http_header(&head, "Api-Version"), "1.44"));
	cr_assert_null(http_header(&head, "Api").p);
	assert_says("HTTP/1.1 200 OK\r\ncontent-LENGTH: 2\r\n\r\nok", "\nok\ndone\n");
	assert_says("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
		"\nok\ndone\n");
}

Test(http, chunks_are_joined_and_extensions_and_trailers_skipped)
{
	assert_says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "3\r\nabc\r\n00000A;x=\"y;z\"\r\n0123456789\r\n1 \r\n!\r\n0\r\nT: v\r\nU: w\r\n\r\n",
		"body 14 bytes");
	assert_says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "3\r\nabc\r\nA;x\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
		"\nabc0123456789\ndone\n");
	assert_says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "body 0 bytes");
}

Test(http, bad_chunks_are_refused)
{
	static const struct {
		const char *bytes, *want;
	} cases[] = {
		{"x\r\n", "does not begin with a hexadecimal digit"},
		{"\r\n", "does not begin with a hexadecimal digit"},
		{"-1\r\n", "does not begin with a hexadecimal digit"},
		{"3\nabc\r\n", "bad byte 0x0a"},
		{"3\rabc", "does not end in CR LF"},
		{"3;\n", "does not end in CR LF"},
		{"0x3\r\n", "bad byte 0x78"},
		{"3\r\nabcd\r\n", "no CR LF after it"},
		{"3\r\nabc\rx", "no CR LF after it"},
		{"10000000000000000\r\n", "more than 64 bits"},
		{"ffffffffffffffff\r\n", "the body is larger than 1000 bytes"},
		{"3e9\r\n", "the body is larger than 1000 bytes"},
		{"3\r\nabc\r\n", "closed within the answer's body, after 3 bytes"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *bytes = xasprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s",
			cases[i].bytes);

		assert_contains(str_from(bytes), HTTP_EXPECT_BODY, cases[i].want);
		free(bytes);
	}
}

Test(http, http10_body_ends_with_the_connection)
{
	assert_says("HTTP/1.0 403 Forbidden\r\ncontent-type: text/html\r\n\r\n<html>",
		"HTTP/1.0 403 [Forbidden]\n[content-type]=[text/html]\nbody 6 bytes");
	assert_says("HTTP/1.0 200 OK\r\n\r\n", "body 0 bytes");
	assert_says("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
		"[OK] keep-alive");
}

Test(http, answers_without_a_body_end_with_their_head)
{
	assert_says("HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", "body 0 bytes");
	assert_says("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", "body 0 bytes");
	assert_contains(STR("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), HTTP_EXPECT_NO_BODY,
		"keep-alive\n[Content-Length]=[9]\nbody 0 bytes");
}

Test(http, interim_answers_are_skipped)
{
	assert_says("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
		    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.1 200 [OK] keep-alive\n[Content-Length]=[1]\nbody 1 bytes");
}

Test(http, upgrade_leaves_the_rest_to_the_caller)
{
	struct str bytes = STR("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
			       "\r\n\x01raw");

	assert_contains(bytes, HTTP_EXPECT_UPGRADE, "rest [\x01raw]");
	assert_contains(bytes, HTTP_EXPECT_BODY, "101 for a request that asked for no upgrade");
	assert_contains(STR("HTTP/1.1 200 OK\r\n\r\n\x01raw"), HTTP_EXPECT_UPGRADE, "\x01raw\ndone");
}

Test(http, pipelined_answers_follow_each_other)
{
	char *text = text_of(STR("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
				 "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
				 "1\r\nx\r\n0\r\n\r\n"
				 "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nend"),
		HTTP_EXPECT_BODY, 1000, true);

	cr_assert(strstr(text, "\nOK\ndone\nHTTP/1.1 404 [Not Found] keep-alive\n"), "%s", text);
	cr_assert(strstr(text, "\nx\ndone\nHTTP/1.1 200 [OK]\n"), "%s", text);
	cr_assert(strstr(text, "\nend\ndone\n"), "%s", text);
	free(text);
}

Test(http, keep_alive_is_read_from_all_connection_headers)
{
	assert_says("HTTP/1.1 200 OK\r\nConnection: foo\r\nConnection: bar, Close\r\n"
		    "Content-Length: 0\r\n\r\n",
		"200 [OK]\n");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "0\r\n\r\n",
		"200 [OK]\n");
}

Test(http, lengths_that_differ_are_refused)
{
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
		"\nok\ndone\n");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", "\nok\ndone\n");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
		"error: bad Content-Length");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", "error: bad Content-Length");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok", "error: bad Content-Length");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok", "error: bad Content-Length");
	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok",
		"error: bad Content-Length");
}

Test(http, codings_other_than_chunked_are_refused)
{
	assert_says("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
		"error: Transfer-Encoding is not \"chunked\"");
	assert_says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
		    "Transfer-Encoding: chunked\r\n\r\n",
		"error: Transfer-Encoding is not \"chunked\"");
}

Test(http, lone_line_feeds_and_folded_lines_are_read)
{
	assert_says("HTTP/1.1 200 OK\nX-A:  b\t\n  c \nContent-Length: 2\n\nok",
		"[X-A]=[b\t  c]\n[Content-Length]=[2]\n");
	assert_says("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 [] keep-alive");
	assert_says("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 [] keep-alive");
}

Test(http, bad_heads_are_refused)
{
	assert_says("HTTP/2 200\r\n\r\n", "error: the answer is not HTTP/1.x");
	assert_says("HTTP/1.1200 OK\r\n\r\n", "error: bad status line");
	assert_says("HTTP/1.1 2000\r\n\r\n", "error: bad status line");
	assert_says("HTTP/1.1 099 x\r\n\r\n", "error: bad status 99");
	assert_says("HTTP/1.1 600 x\r\n\r\n", "error: bad status 600");
	assert_says("HTTP/1.1 200 OK\r\nNo-Colon\r\n\r\n", "error: a header line has no colon");
	assert_says("HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n", "error: a header line has a bad name");
	assert_says("HTTP/1.1 200 OK\r\nName : x\r\n\r\n", "error: a header line has a bad name");
	assert_says("HTTP/1.1 200 OK\r\n: x\r\n\r\n", "error: a header line has a bad name");
	assert_says("HTTP/1.1 200 OK\r\n X: y\r\n\r\n", "error: the first header line is a cont");
	assert_says("HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", "error: a header line has a NUL or CR");
	assert_says("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", "error: a header line has a NUL or CR");
}

Test(http, what_is_not_http_is_told_at_once)
{
	assert_says("\x15\x03\x01\x00\x02", "error: the answer is TLS, not HTTP");
	assert_says("SSH-2.0-OpenSSH", "error: the answer is not HTTP (first byte 0x53)");
	assert_says("", "error: the connection was closed without an answer");
	assert_says("HTTP/1.1 200 OK\r\nX: y", "error: the connection was closed within the answer's head");
}

static char *head_with(const char *name, size_t value_len, size_t n)
{
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	buf_add_cstr(&b, "HTTP/1.1 200 OK\r\n");
	for (size_t i = 0; i < n; i++) {
		buf_add_fmt(&b, "%s:", name);
		for (size_t k = 0; k < value_len; k++)
			buf_add_char(&b, 'v');
		buf_add_cstr(&b, "\r\n");
	}
	buf_add_cstr(&b, "Content-Length: 2\r\n\r\nok");
	return buf_take(&b, NULL);
}

static void assert_head_says(const char *name, size_t value_len, size_t n, const char *want)
{
	char *head = head_with(name, value_len, n);

	assert_contains(str_from(head), HTTP_EXPECT_BODY, want);
	free(head);
}

Test(http_limit, header_line_length)
{
	assert_head_says("X", HTTP_LINE_MAX - 2, 1, "\nok\ndone\n");
	assert_head_says("X", HTTP_LINE_MAX - 1, 1, "error: a header line is too long");
}

Test(http_limit, header_count)
{
	assert_head_says("X", 1, HTTP_HEADERS_MAX - 1, "\nok\ndone\n");
	assert_head_says("X", 1, HTTP_HEADERS_MAX, "error: more than 128 header lines");
}

Test(http_limit, head_size)
{
	assert_head_says("X", HTTP_HEAD_MAX / 8 - 10, 8, "\nok\ndone\n");
	assert_head_says("X", HTTP_HEAD_MAX / 8, 8, "error: the header lines are too large together");
}

Test(http_limit, trailer_size)
{
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	buf_add_cstr(&b, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
	for (size_t i = 0; i < HTTP_HEAD_MAX / 64; i++)
		buf_add_fmt(&b, "X: %062d\r\n", 0);
	buf_add_cstr(&b, "\r\n");
	assert_contains(buf_str(&b), HTTP_EXPECT_BODY, "error: the header lines are too large");
	buf_release(&b);
}

Test(http_limit, chunk_line_length)
{
	char *bytes = xasprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%0*d\r\n\r\n",
		HTTP_CHUNK_LINE_MAX - 2, 0);

	assert_contains(str_from(bytes), HTTP_EXPECT_BODY, "body 0 bytes");
	free(bytes);
	bytes = xasprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%0*d\r\n\r\n",
		HTTP_CHUNK_LINE_MAX - 1, 0);
	assert_contains(str_from(bytes), HTTP_EXPECT_BODY, "error: a chunk-size line is longer");
	free(bytes);
}

Test(http_limit, interim_answers)
{
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	for (int i = 0; i < HTTP_INTERIM_MAX; i++)
		buf_add_cstr(&b, "HTTP/1.1 100 Continue\r\n\r\n");
	buf_add_cstr(&b, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	assert_contains(buf_str(&b), HTTP_EXPECT_BODY, "done");
	buf_clear(&b);
	for (int i = 0; i < HTTP_INTERIM_MAX + 1; i++)
		buf_add_cstr(&b, "HTTP/1.1 100 Continue\r\n\r\n");
	assert_contains(buf_str(&b), HTTP_EXPECT_BODY, "error: more than 16 interim");
	buf_release(&b);
}

Test(http_limit, body_size)
{
	struct buf b;

	assert_says("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
		"error: the body is larger than 1000 bytes");
	buf_init(&b, SIZE_MAX / 2);
	buf_add_fmt(&b, "HTTP/1.0 200 OK\r\n\r\n%01000d", 0);
	assert_contains(buf_str(&b), HTTP_EXPECT_BODY, "done");
	buf_add_char(&b, 'x');
	assert_contains(buf_str(&b), HTTP_EXPECT_BODY, "error: the body is larger than 1000 bytes");
	buf_release(&b);
}
