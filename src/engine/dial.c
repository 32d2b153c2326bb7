/* SPDX-License-Identifier: MIT
 *
 * The transports, see dial.h: rows of {kind, dial, explain}. A unix socket connects at once or not
 * at all; its errors are explained by what the path turns out to be.
 */
#include "config.h"

#include "engine/dial.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Keep-alive probes of a silent TCP connection, within the liveness. */
#define TCP_PROBES  3
#define RESOLV_CONF "/etc/resolv.conf"

struct dialer {
	struct event_base *base;
	struct endpoint endpoint;
	struct evdns_base *dns; /* NULL until a name is looked up */
	int64_t liveness_ns;
};

struct dialer *dialer_new(struct event_base *base, struct endpoint *ep)
{
	struct dialer *d = xcalloc(1, sizeof(*d));

	d->base = base;
	d->endpoint = *ep;
	*ep = (struct endpoint){.path = NULL};
	/* A peer that closes while we write is an error of that connection, not the end of us. */
	signal(SIGPIPE, SIG_IGN);
	return d;
}

void dialer_refresh(struct dialer *d)
{
	if (!d->dns)
		return;
	/* Look-ups under way stay and are asked anew. */
	evdns_base_clear_nameservers_and_suspend(d->dns);
	evdns_base_clear_host_addresses(d->dns);
	evdns_base_resolv_conf_parse(d->dns, DNS_OPTIONS_ALL, RESOLV_CONF);
	evdns_base_resume(d->dns);
}

void dialer_free(struct dialer *d)
{
	if (!d)
		return;
	/* Connections whose name is being looked up are held by the look-up: end it. */
	if (d->dns)
		evdns_base_free(d->dns, 1);
	endpoint_release(&d->endpoint);
	free(d);
}

const struct endpoint *dialer_endpoint(const struct dialer *d)
{
	return &d->endpoint;
}

struct event_base *dialer_base(const struct dialer *d)
{
	return d->base;
}

void dialer_set_liveness(struct dialer *d, int64_t ns)
{
	d->liveness_ns = ns;
}

/* Adds to the error why a path that is there cannot be connected to. */
static bool explain_unix_path(const char *path, int code, struct error *err)
{
	struct stat st;

	if (code == ENOENT)
		return error_append(err, " (is the engine running? in a container: mount the "
					 "directory of its socket)");
	if (stat(path, &st) < 0)
		return false;
	if (S_ISDIR(st.st_mode))
		return error_append(err, " (it is a directory: the engine's socket was not there "
					 "when it was mounted)");
	if (!S_ISSOCK(st.st_mode))
		return error_append(err, " (it is not a socket)");
	if (st.st_nlink == 0)
		return error_append(err, " (the engine made a new socket and this mount still has "
					 "the old one: mount the socket's directory instead of "
					 "the socket, or restart this container)");
	if (code == EACCES || code == EPERM)
		return error_append(err, " (the socket belongs to uid %u, gid %u with mode %04o; "
					 "we are uid %u, gid %u: join its group, with docker: "
					 "--group-add %u)",
			(unsigned)st.st_uid, (unsigned)st.st_gid, (unsigned)st.st_mode & 07777u,
			(unsigned)geteuid(), (unsigned)getegid(), (unsigned)st.st_gid);
	if (code == ECONNREFUSED)
		return error_append(err, " (nobody listens: the engine has stopped)");
	if (code == EAGAIN)
		return error_append(err, " (the engine accepts no connections: it hangs, or has "
					 "too many)");
	return false;
}

static void explain_unix(struct dialer *d, struct bufferevent *bev, int code, struct error *err)
{
	(void)bev;
	error_errno(err, code, "cannot connect to %s", d->endpoint.text);
	explain_unix_path(d->endpoint.path, code, err);
}

static bool dial_unix(struct dialer *d, struct bufferevent **ret, bool *ret_connected,
	struct error *err)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return error_errno(err, errno, "cannot make a socket");
	memcpy(un.sun_path, d->endpoint.path, strlen(d->endpoint.path) + 1);
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0) {
		explain_unix(d, NULL, errno, err);
		close(fd);
		return false;
	}
	*ret = bufferevent_socket_new(d->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!*ret) {
		close(fd);
		return error_set(err, "cannot make a bufferevent");
	}
	*ret_connected = true;
	return true;
}

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

static void explain_tcp(struct dialer *d, struct bufferevent *bev, int code, struct error *err)
{
	int dns = bev ? bufferevent_socket_get_dns_error(bev) : 0;

	if (dns) {
		error_set(err, "cannot connect to %s: looking up %s: %s", d->endpoint.text,
			d->endpoint.host, evutil_gai_strerror(dns));
		return;
	}
	error_errno(err, code, "cannot connect to %s", d->endpoint.text);
	if (code == ECONNREFUSED)
		error_append(err, " (nobody listens on port %u)", (unsigned)d->endpoint.port);
}

static bool dial_tcp(struct dialer *d, struct bufferevent **ret, bool *ret_connected,
	struct error *err)
{
	struct bufferevent *bev = bufferevent_socket_new(d->base, -1, BEV_OPT_CLOSE_ON_FREE);

	if (!bev)
		return error_set(err, "cannot make a bufferevent");
	if (bufferevent_socket_connect_hostname(bev, dialer_dns(d), AF_UNSPEC, d->endpoint.host,
		    d->endpoint.port) < 0) {
		explain_tcp(d, bev, EVUTIL_SOCKET_ERROR(), err);
		bufferevent_free(bev);
		return false;
	}
	*ret = bev;
	*ret_connected = false;
	return true;
}

static const struct transport {
	bool (*dial)(struct dialer *d, struct bufferevent **ret, bool *ret_connected,
		struct error *err);
	void (*explain)(struct dialer *d, struct bufferevent *bev, int code, struct error *err);
} transports[ENDPOINT_KINDS] = {
	[ENDPOINT_UNIX] = {dial_unix, explain_unix},
	[ENDPOINT_TCP] = {dial_tcp, explain_tcp},
};

bool dial(struct dialer *d, struct bufferevent **ret, bool *ret_connected, struct error *err)
{
	return transports[d->endpoint.kind].dial(d, ret, ret_connected, err);
}

void dial_connected(struct dialer *d, struct bufferevent *bev)
{
	int fd = bufferevent_getfd(bev), on = 1;
	int idle = (int)(d->liveness_ns / 2 / NS_PER_S), probes = TCP_PROBES;
	int interval = (int)(d->liveness_ns / 2 / NS_PER_S / TCP_PROBES);

	if (d->endpoint.kind != ENDPOINT_TCP)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (d->liveness_ns <= 0)
		return;
	idle = idle > 0 ? idle : 1;
	interval = interval > 0 ? interval : 1;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

void dial_explain(struct dialer *d, struct bufferevent *bev, int code, struct error *err)
{
	transports[d->endpoint.kind].explain(d, bev, code, err);
}
