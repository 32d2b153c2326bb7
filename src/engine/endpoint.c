/* SPDX-License-Identifier: MIT
 *
 * Endpoint texts to struct endpoint, see endpoint.h.
 */
#include "config.h"

#include "engine/endpoint.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>
#include <sys/un.h>

/* unix-endpoint = "unix://" absolute-path */
static bool parse_unix(struct endpoint *ep, struct str rest, struct error *err)
{
	struct sockaddr_un un;

	if (rest.len == 0 || rest.p[0] != '/')
		return error_set(err, "the socket's path must be absolute: "
				      "unix:///var/run/docker.sock");
	if (rest.len >= sizeof(un.sun_path))
		return error_set(err, "the socket's path is longer than %zu bytes",
			sizeof(un.sun_path) - 1);
	ep->path = xmemdup0(rest.p, rest.len);
	return true;
}

/* Cuts `host`, `host:port` or `[host]:port`; port is empty if there is none. */
static bool cut_host_port(struct str rest, struct str *host, struct str *port)
{
	ssize_t close = str_chr(rest, ']');

	*port = str_n("", 0);
	if (rest.len && rest.p[0] == '[') {
		if (close < 0)
			return false;
		*host = str_sub(rest, 1, (size_t)close);
		rest = str_sub(rest, (size_t)close + 1, rest.len);
		if (rest.len == 0)
			return true;
		*port = str_sub(rest, 1, rest.len);
		return rest.p[0] == ':' && port->len > 0;
	}
	if (!str_cut(rest, ':', host, port))
		return true;
	return port->len > 0 && str_chr(*port, ':') < 0;
}

/* host [ ":" port ] */
static bool parse_host_port(struct endpoint *ep, struct str rest, uint64_t port_default,
	struct error *err)
{
	struct str host, port;
	uint64_t number = port_default;

	if (!cut_host_port(rest, &host, &port) || host.len == 0)
		return error_set(err, "expected SCHEME://HOST:PORT or SCHEME://[IPV6]:PORT");
	if (port.len && (!str_to_u64(port, UINT16_MAX, &number) || number == 0))
		return error_set(err, "the port must be a number from 1 to 65535");
	ep->host = xmemdup0(host.p, host.len);
	ep->port = (uint16_t)number;
	return true;
}

/* tcp-endpoint = ( "tcp://" / "tls://" ) host [ ":" port ] [ "/" ] */
static bool parse_tcp(struct endpoint *ep, struct str rest, struct error *err)
{
	if (str_has_suffix(rest, STR("/")))
		rest.len--;
	if (str_chr(rest, '/') >= 0)
		return error_set(err, "a path after host and port is not supported");
	if (str_chr(rest, '@') >= 0)
		return error_set(err, "a user is not supported");
	return parse_host_port(ep, rest,
		ep->kind == ENDPOINT_TLS ? ENDPOINT_PORT_TLS : ENDPOINT_PORT_PLAIN, err);
}

/* ssh-endpoint = "ssh://" [ user "@" ] host [ ":" port ] [ absolute-path ] */
static bool parse_ssh(struct endpoint *ep, struct str rest, struct error *err)
{
	ssize_t slash = str_chr(rest, '/'), at;

	if (slash >= 0) {
		struct str path = str_sub(rest, (size_t)slash, rest.len);

		rest = str_sub(rest, 0, (size_t)slash);
		if (path.len > 1)
			ep->path = xmemdup0(path.p, path.len);
	}
	at = str_rchr(rest, '@');
	if (at >= 0) {
		struct str user = str_sub(rest, 0, (size_t)at);

		if (user.len == 0 || user.p[0] == '-')
			return error_set(err, "the user before the @ is not one");
		if (str_chr(user, ':') >= 0)
			return error_set(err, "a password is not supported: use a key");
		ep->user = xmemdup0(user.p, user.len);
		rest = str_sub(rest, (size_t)at + 1, rest.len);
	}
	if (rest.len && rest.p[0] == '-')
		return error_set(err, "a host name does not begin with -");
	return parse_host_port(ep, rest, 0, err);
}

static const struct scheme {
	const char *name;
	enum endpoint_kind kind;
	bool (*parse)(struct endpoint *ep, struct str rest, struct error *err);
} schemes[] = {
	{"unix", ENDPOINT_UNIX, parse_unix},
	{"tcp", ENDPOINT_TCP, parse_tcp},
	{"tls", ENDPOINT_TLS, parse_tcp},
	{"ssh", ENDPOINT_SSH, parse_ssh},
};

static bool refuse_scheme(struct str text, struct error *err)
{
	struct buf known;

	if (text.len && text.p[0] == '/')
		return error_set(err, "an endpoint begins with a scheme: unix://%.*s",
			STR_ARG(text));
	buf_init(&known, ENDPOINT_TEXT_MAX);
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		buf_add_fmt(&known, "%s%s://", i ? ", " : "", schemes[i].name);
	error_set(err, "unknown scheme; known are %s, replay:FILE and auto", buf_cstr(&known));
	buf_release(&known);
	return false;
}

static bool parse(struct endpoint *ep, struct str text, struct error *err)
{
	ssize_t colon = str_find(text, STR("://"));

	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] <= ' ' || text.p[i] == 0x7f)
			return error_set(err, "an endpoint has no blanks or control characters");
	if (str_eqz(text, "auto")) {
		ep->kind = ENDPOINT_SEARCH;
		return true;
	}
	if (str_has_prefix(text, STR("replay:")) && text.len > strlen("replay:")) {
		ep->kind = ENDPOINT_REPLAY;
		ep->path = xmemdup0(text.p + strlen("replay:"), text.len - strlen("replay:"));
		return true;
	}
	for (size_t i = 0; colon >= 0 && i < ARRAY_LEN(schemes); i++) {
		if (!str_eqz(str_sub(text, 0, (size_t)colon), schemes[i].name))
			continue;
		ep->kind = schemes[i].kind;
		return schemes[i].parse(ep, str_sub(text, (size_t)colon + 3, text.len), err);
	}
	return refuse_scheme(text, err);
}

bool endpoint_parse(struct endpoint *ret, const char *text, struct error *err)
{
	struct endpoint ep = {.path = NULL};

	if (strlen(text) > ENDPOINT_TEXT_MAX)
		return error_set(err, "engine endpoint: longer than %d bytes", ENDPOINT_TEXT_MAX);
	if (!parse(&ep, str_from(text), err)) {
		endpoint_release(&ep);
		return error_prepend(err, "engine endpoint \"%s\": ", text);
	}
	ep.text = xstrdup(text);
	*ret = ep;
	return true;
}

void endpoint_release(struct endpoint *ep)
{
	free(ep->text);
	free(ep->path);
	free(ep->host);
	free(ep->user);
	*ep = (struct endpoint){.path = NULL};
}
