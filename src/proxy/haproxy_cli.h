/* SPDX-License-Identifier: MIT
 *
 * One command to one of HAProxy's sockets (management guide, section 9.3 "Unix Socket commands" and
 * 9.4 "Master CLI"), and its whole answer. Calling sequence:
 *
 *	me->cli = haproxy_cli(base, "/run/haproxy-master.sock", "show proc", timeout, me_on_cli,
 *me); …   me_on_cli(me, answer, err): me->cli is gone from here on haproxy_cli_cancel(me->cli); or
 *this: no answer comes any more
 *
 * A connection for each command: HAProxy answers a line and closes. The master's side must see our
 * end of input, or it waits.
 */
#ifndef UD_PROXY_HAPROXY_CLI_H
#define UD_PROXY_HAPROXY_CLI_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct event_base;
struct haproxy_cli;

/* Bytes of a command; HAProxy's own buffer has 16 KiB, of which it needs some. */
#define HAPROXY_COMMAND_MAX ((size_t)8192)
/* Bytes of an answer: the states of many thousand servers. */
#define HAPROXY_ANSWER_MAX ((size_t)64 << 20)

/* err is NULL for an answer, which may be empty. Both are borrowed. From the event loop. */
typedef void haproxy_cli_cb(void *arg, struct str answer, const struct error *err);

/* command is one line without its end. */
struct haproxy_cli *haproxy_cli(struct event_base *base, const char *path, const char *command,
	int64_t timeout_ns, haproxy_cli_cb *answer, void *arg);
/* NULL is allowed. */
void haproxy_cli_cancel(struct haproxy_cli *c);

#endif
