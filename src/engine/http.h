/* SPDX-License-Identifier: MIT
 *
 * HTTP/1.1 answers, parsed as they come (RFC 9112, client side). Calling sequence:
 *
 *	http_init(&p, &handlers, arg);
 *	http_expect(&p, HTTP_EXPECT_BODY, body_max);          one answer is due
 *	while (more bytes) {
 *		http_feed(&p, bytes, &used, &err);              pieces of any size
 *		if (http_is_done(&p)) ...                       the rest belongs to the next answer
 *	}
 *	http_eof(&p, &err);                                   the peer closed
 *	http_release(&p);
 *
 * Pure: bytes in, callbacks out; no descriptor, no log, no clock. Callbacks may not call http_*
 * functions that change the parser. 1xx answers are skipped, except a 101 that was asked for:
 * there the parser stops (http_is_upgraded) and all further bytes are the caller's.
 *
 * Every length is capped by a constant below; a violation is an error that says what was wrong,
 * and the parser stays failed until http_expect is called for another connection.
 */
#ifndef UD_ENGINE_HTTP_H
#define UD_ENGINE_HTTP_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* A status or header line, without its end. */
#define HTTP_LINE_MAX 16384
/* Header lines of one answer. */
#define HTTP_HEADERS_MAX 128
/* All lines of a head together; of the trailers too. */
#define HTTP_HEAD_MAX 65536
/* A chunk-size line with its extensions. */
#define HTTP_CHUNK_LINE_MAX 256
/* 1xx answers before the real one. */
#define HTTP_INTERIM_MAX 16
/* For a body without a cap (an event stream). */
#define HTTP_BODY_UNLIMITED UINT64_MAX

struct http_header {
	struct str name, value; /* value without surrounding white space */
};

/* Borrowed until the next http_expect. */
struct http_head {
	int status;         /* 200..599, or 101 */
	int minor;          /* of HTTP/1.minor */
	struct str reason;
	const struct http_header *headers;
	size_t n_headers;
	bool keep_alive;    /* the connection may carry another request after this answer */
};

struct http_handlers {
	void (*on_head)(const struct http_head *head, void *arg);
	void (*on_body)(struct str bytes, void *arg);
	/* The answer is whole. */
	void (*on_done)(void *arg);
};

enum http_expect {
	HTTP_EXPECT_BODY,
	HTTP_EXPECT_NO_BODY, /* the answer to a HEAD */
	HTTP_EXPECT_UPGRADE, /* 101 is welcome */
};

enum http_state {
	HTTP_START_LINE,
	HTTP_HEADER_LINE,
	HTTP_BODY_LENGTH,
	HTTP_BODY_UNTIL_CLOSE,
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK_EXTENSION,
	HTTP_CHUNK_SIZE_LF,
	HTTP_CHUNK_DATA,
	HTTP_CHUNK_DATA_CR,
	HTTP_CHUNK_DATA_LF,
	HTTP_TRAILER_LINE,
	HTTP_DONE,
	HTTP_UPGRADED,
	HTTP_FAILED,
};

/* Where a header lies in head_bytes. */
struct http_span {
	uint32_t name, name_len, value, value_len;
};

struct http_parser {
	struct http_handlers handlers;
	void *arg;
	enum http_state state;
	enum http_expect expect;
	bool begun;          /* a byte of this answer was seen */
	struct buf lines;    /* the head's lines without their ends; a partial line at the end */
	size_t line_start;   /* of the partial line in lines */
	size_t trailer_bytes;
	struct http_head head;
	struct http_header headers[HTTP_HEADERS_MAX];
	struct http_span spans[HTTP_HEADERS_MAX];
	uint64_t left;       /* of the body or chunk */
	uint64_t body, body_max;
	unsigned chunk_line; /* bytes of the chunk-size line */
	unsigned chunk_digits;
	unsigned interim;
};

void http_init(struct http_parser *p, const struct http_handlers *handlers, void *arg);
void http_release(struct http_parser *p);
/* An answer of at most body_max body bytes is due; what was before is forgotten. */
void http_expect(struct http_parser *p, enum http_expect expect, uint64_t body_max);
/* Takes bytes up to the end of the answer, *ret_used of them. */
bool http_feed(struct http_parser *p, struct str bytes, size_t *ret_used,
	struct error *err) MUSTCHECK;
/* The peer closed. True if the answer is whole: it was before, or the close is its end (on_done
 * comes from here). */
bool http_eof(struct http_parser *p, struct error *err) MUSTCHECK;
bool http_is_done(const struct http_parser *p);
bool http_is_upgraded(const struct http_parser *p);
/* A byte of the due answer was seen. */
bool http_has_begun(const struct http_parser *p);
/* The value of the first header called name, whatever its case; p is NULL if there is none. */
struct str http_header(const struct http_head *head, const char *name);

#endif
