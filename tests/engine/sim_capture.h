/* SPDX-License-Identifier: MIT
 *
 * A recorded answer: tests/captures/ENGINE/NAME.http, taken apart.
 */
#ifndef SIM_CAPTURE_H
#define SIM_CAPTURE_H

#include "base/buf.h"
#include "base/error.h"

struct capture {
	int status;
	char *reason;	  /* text after the status code */
	char *head;	  /* header lines that belong to the answer, each with its CRLF */
	char *after_date; /* Content-Type where the server adds it by itself, else empty */
	struct buf body;  /* without chunk framing */
};

/* Reads dir/name.http; freed by capture_release. */
bool capture_load(
	struct capture *c, const char *dir, const char *name, struct error *err) MUSTCHECK;
/* The same from the raw answer; an error leaves nothing to release. */
bool capture_parse(struct capture *c, struct str text, struct error *err) MUSTCHECK;
void capture_release(struct capture *c);

#endif
