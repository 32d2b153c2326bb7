/* SPDX-License-Identifier: MIT
 *
 * TCP, plain and with TLS. Names are looked up at each connect. The kernel's keep-alive probes find
 * a peer that vanished behind a silent stream.
 */
#include "config.h"

#include "engine/dial_impl.h"

#include "base/clock.h"
#include "engine/tls.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

/* Keep-alive probes of a silent connection, within the liveness. */
#define TCP_PROBES 3

/* The resolver, made at its first use; with no usable resolv.conf it still reads addresses. */
static struct evdns_base *dialer_dns(struct dialer *d)
{
	if (!d->dns)
		d->dns = evdns_base_new(d->base,
			EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (!d->dns)
		d->dns = evdns_base_new(d->base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	return d->dns;
}

static void tcp_explain(struct wire *w, int code, struct error *err)
{
	const struct endpoint *ep = &w->dialer->endpoint;
	int dns = bufferevent_socket_get_dns_error(w->bev);

	if (dns) {
		error_set(err, "cannot connect to %s: looking up %s: %s", ep->text, ep->host,
			evutil_gai_strerror(dns));
		return;
	}
	error_errno(err, code, "cannot connect to %s", ep->text);
	if (code == ECONNREFUSED)
		error_append(err, " (nobody listens on port %u)", (unsigned)ep->port);
}

static bool connect_host(struct wire *w, struct error *err)
{
	struct dialer *d = w->dialer;

	if (!w->bev)
		return error_set(err, "cannot make a bufferevent");
	if (bufferevent_socket_connect_hostname(w->bev, dialer_dns(d), AF_UNSPEC, d->endpoint.host,
		    d->endpoint.port) == 0)
		return true;
	tcp_explain(w, EVUTIL_SOCKET_ERROR(), err);
	bufferevent_free(w->bev);
	return false;
}

static bool tcp_dial(struct wire *w, struct error *err)
{
	w->bev = bufferevent_socket_new(w->dialer->base, -1, BEV_OPT_CLOSE_ON_FREE);
	return connect_host(w, err);
}

static void set_option(int fd, int level, int option, int64_t value)
{
	int v = (int)(value > 0 ? value : 1);

	setsockopt(fd, level, option, &v, sizeof(v));
}

static void tcp_connected(struct wire *w)
{
	int fd = bufferevent_getfd(w->bev);
	int64_t half = w->dialer->options.liveness_ns / 2 / NS_PER_S;

	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (w->dialer->options.liveness_ns <= 0)
		return;
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, half);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, half / TCP_PROBES);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, TCP_PROBES);
}

const struct transport transport_tcp = {
	.dial = tcp_dial,
	.connected = tcp_connected,
	.explain = tcp_explain,
	.bare = true,
};

static bool tls_dial(struct wire *w, struct error *err)
{
	struct ssl_st *ssl = tls_session(w->dialer->options.tls, err);

	if (!ssl)
		return error_prepend(err, "cannot connect to %s: ", w->dialer->endpoint.text);
	w->bev = bufferevent_openssl_socket_new(w->dialer->base, -1, ssl,
		BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
	if (!w->bev)
		SSL_free(ssl);
	return connect_host(w, err);
}

static bool tls_explain_end(struct wire *w, int code, struct error *err)
{
	unsigned long error = bufferevent_get_openssl_error(w->bev);

	if (tls_explain(w->dialer->options.tls, error, err))
		return true;
	code = tls_errno(error) ? tls_errno(error) : code;
	if (code)
		error_errno(err, code, "the connection broke");
	return code;
}

static void tls_explain_connect(struct wire *w, int code, struct error *err)
{
	unsigned long error = bufferevent_get_openssl_error(w->bev);

	if (tls_errno(error))
		code = tls_errno(error);
	if (tls_explain(w->dialer->options.tls, error, err))
		error_prepend(err, "cannot connect to %s: ", w->dialer->endpoint.text);
	else if (code || bufferevent_socket_get_dns_error(w->bev))
		tcp_explain(w, code, err);
	else
		error_set(err, "cannot connect to %s: closed during the TLS handshake",
			w->dialer->endpoint.text);
}

const struct transport transport_tls = {
	.dial = tls_dial,
	.connected = tcp_connected,
	.explain = tls_explain_connect,
	.explain_end = tls_explain_end,
};
