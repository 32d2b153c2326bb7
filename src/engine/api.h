/* SPDX-License-Identifier: MIT
 *
 * What is special about the engines' HTTP API: versions, the paths that follow from them, request
 * texts, and what an error answer says to a person. Pure.
 */
#ifndef UD_ENGINE_API_H
#define UD_ENGINE_API_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of an error answer's body that are looked at. */
#define API_ERROR_BODY_MAX 4096
/* Longest message of an engine that is passed on. */
#define API_MESSAGE_MAX 512

/* 0.0 is "unknown": paths then have no version, which every engine understands. */
struct api_version {
	unsigned major, minor;
};

/* What we speak. */
#define API_OLDEST ((struct api_version){1, 24})
#define API_NEWEST ((struct api_version){1, 55})

/* "1.44"; false if text is anything else. */
bool api_version_parse(struct str text, struct api_version *ret) MUSTCHECK;
/* <0, 0, >0 */
int api_version_cmp(struct api_version a, struct api_version b);
/* From the Api-Version header of a ping: the newest that both sides speak; unknown if the header is
 * missing. An engine older than ours is an error. */
bool api_negotiate(struct str header, struct api_version *ret, struct error *err) MUSTCHECK;

/* A path that can be sent: a slash first, no blanks or control characters, not too long. */
bool api_check_path(const char *path, struct error *err) MUSTCHECK;
/* Appends "/v1.44" unless the version is unknown. */
void api_add_version(struct buf *b, struct api_version version);
/* Appends segment so that it stays one segment or one value in a path (RFC 3986 unreserved). */
void api_add_escaped(struct buf *b, struct str segment);

struct events_query {
	bool filter;      /* only what matters to us */
	bool swarm;       /* services and nodes are of interest, too */
	int64_t since_ns; /* first what happened from then on (inclusive); 0: only what happens now */
};

/* Appends the path of the event stream. */
void api_add_events_path(struct buf *b, struct api_version version, const struct events_query *q);
/* Appends a request. A body makes Content-Length and Content-Type lines. */
void api_add_request(struct buf *b, const char *method, struct str path, const char *content_type,
	struct str body);

/* Sets an error for an answer that is not 2xx: status, the engine's own message (of a JSON or text
 * body), and for 403 what to do. path is without its version. */
bool api_error(struct error *err, int status, const char *method, const char *path, struct str body);

#endif
