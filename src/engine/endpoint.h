/* SPDX-License-Identifier: MIT
 *
 * Where an engine is: "unix:///path" or "tcp://host:port". Each scheme is a row in endpoint.c;
 * dial.c has a row for each kind.
 */
#ifndef UD_ENGINE_ENDPOINT_H
#define UD_ENGINE_ENDPOINT_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Longest endpoint text. */
#define ENDPOINT_TEXT_MAX 1024
/* Port of tcp:// without one: docker's registered port without TLS. */
#define ENDPOINT_PORT_PLAIN 2375

enum endpoint_kind { ENDPOINT_UNIX, ENDPOINT_TCP };
#define ENDPOINT_KINDS (ENDPOINT_TCP + 1)

struct endpoint {
	enum endpoint_kind kind;
	char *text; /* as given */
	char *path; /* unix: the socket */
	char *host; /* tcp: a name or an address without brackets */
	uint16_t port;
};

/* Fills *ret, which endpoint_release frees. An error names the endpoint and what was expected. */
bool endpoint_parse(struct endpoint *ret, const char *text, struct error *err) MUSTCHECK;
void endpoint_release(struct endpoint *ep);

#endif
