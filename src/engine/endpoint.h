/* SPDX-License-Identifier: MIT
 *
 * Where an engine is:
 *
 *	unix:///path                    its socket
 *	tcp://host[:port]               plain, port 2375
 *	tls://host[:port]               TLS, port 2376
 *	ssh://[user@]host[:port][/path] the engine of another host, at path or where its docker is
 *	replay:FILE                     a recording or capture in place of an engine
 *	auto                            the first of the usual sockets where one answers
 *
 * Each scheme is a row in endpoint.c; dial.c has a row for each kind.
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
/* Ports of an endpoint without one: those registered for docker. */
#define ENDPOINT_PORT_PLAIN 2375
#define ENDPOINT_PORT_TLS   2376

enum endpoint_kind { ENDPOINT_UNIX, ENDPOINT_SEARCH, ENDPOINT_TCP, ENDPOINT_TLS, ENDPOINT_SSH,
	ENDPOINT_REPLAY };
#define ENDPOINT_KINDS (ENDPOINT_REPLAY + 1)

struct endpoint {
	enum endpoint_kind kind;
	char *text; /* as given */
	char *path; /* unix, ssh: the socket; NULL with ssh: where the other side's docker has it.
		     * replay: the file */
	char *host; /* tcp, tls, ssh: a name or an address without brackets */
	char *user; /* ssh, or NULL */
	uint16_t port; /* 0 with ssh: what its configuration says */
};

/* Fills *ret, which endpoint_release frees. An error names the endpoint and what was expected. */
bool endpoint_parse(struct endpoint *ret, const char *text, struct error *err) MUSTCHECK;
void endpoint_release(struct endpoint *ep);

#endif
