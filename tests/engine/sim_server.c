/* SPDX-License-Identifier: MIT
 *
 * Listening sockets and connections. Reading of requests is sim_request.c's, answering sim_api.c's.
 */
#include "config.h"

#include "engine/sim_server.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim_fault.h"
#include "engine/sim_request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024

struct sim_server {
	struct sim *sim;
	struct sim_server_options options;
	char *path;
	struct evconnlistener *unix_listener, *tcp_listener;
	int port;
	VEC(struct sim_conn *) conns;
};

static void conn_kill(struct sim_conn *conn)
{
	if (conn->dead)
		return;
	conn->dead = true;
	sim_stream_end(conn);
	event_del(conn->timer);
	bufferevent_disable(conn->bev, EV_READ | EV_WRITE);
	event_active(conn->reap, EV_TIMEOUT, 0);
}

static void conn_free(struct sim_conn *conn)
{
	struct sim_server *sv = conn->sim->server;

	sim_stream_end(conn);
	for (size_t i = 0; i < sv->conns.n; i++)
		if (sv->conns.v[i] == conn) {
			vec_remove(&sv->conns, i);
			break;
		}
	if (conn->reset_after) {
		struct linger now = {.l_onoff = 1, .l_linger = 0};

		/* tcp only; on a unix socket the unread request does it */
		setsockopt(bufferevent_getfd(conn->bev), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	}
	sim_request_clear(&conn->request);
	buf_release(&conn->trickle_left);
	event_free(conn->timer);
	event_free(conn->reap);
	bufferevent_free(conn->bev);
	free(conn);
}

static void conn_on_reap(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	conn_free(arg);
}

static void conn_next(struct sim_conn *conn);

static void conn_on_read(struct bufferevent *bev UNUSED, void *arg)
{
	conn_next(arg);
}

static void conn_on_written(struct bufferevent *bev, void *arg)
{
	struct sim_conn *conn = arg;

	if (conn->dead)
		return;
	if (conn->stream.on)
		sim_stream_drain(conn);
	else if (conn->close_after && evbuffer_get_length(bufferevent_get_output(bev)) == 0)
		conn_kill(conn);
}

static void conn_on_event(struct bufferevent *bev UNUSED, short what UNUSED, void *arg)
{
	conn_kill(arg); /* end of file, error, or idle for too long */
}

static void conn_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct sim_conn *conn = arg;

	if (!conn->dead && conn->on_timer)
		conn->on_timer(conn);
}

/* Only a connection without a request can be idle. */
static void conn_watch_idle(struct sim_conn *conn, bool idle)
{
	int64_t ns = conn->sim->server->options.idle_ns;
	struct timeval tv = clock_timeval(ns);

	if (ns)
		bufferevent_set_timeouts(conn->bev, idle ? &tv : NULL, NULL);
}

/* Reads the next request if none is being answered. */
static void conn_next(struct sim_conn *conn)
{
	struct evbuffer *in = bufferevent_get_input(conn->bev);

	while (!conn->dead && !conn->in_request && !conn->close_after) {
		switch (sim_request_read(&conn->request, in)) {
		case SIM_REQUEST_MORE:
			return;
		case SIM_REQUEST_BAD:
			conn_kill(conn);
			return;
		case SIM_REQUEST_READY:
			break;
		}
		conn->in_request = true;
		conn_watch_idle(conn, false);
		conn->written = 0;
		sim_fault_request(conn);
	}
}

void sim_conn_write(struct sim_conn *conn, const void *data, size_t len)
{
	if (conn->dead)
		return;
	conn->sim->count.bytes_written += len;
	conn->written += len;
	bufferevent_write(conn->bev, data, len);
}

void sim_conn_done(struct sim_conn *conn)
{
	bool close = conn->request.close || conn->twist.close;

	conn->in_request = false;
	conn_watch_idle(conn, true);
	sim_request_clear(&conn->request);
	if (close)
		sim_conn_close(conn, false);
	else if (evbuffer_get_length(bufferevent_get_input(conn->bev)))
		bufferevent_trigger(conn->bev, EV_READ, BEV_OPT_DEFER_CALLBACKS);
}

void sim_conn_close(struct sim_conn *conn, bool reset)
{
	conn->close_after = true;
	conn->reset_after = reset;
	if (evbuffer_get_length(bufferevent_get_output(conn->bev)) == 0)
		conn_kill(conn);
}

void sim_conn_delay(struct sim_conn *conn, int64_t ns, void (*then)(struct sim_conn *conn))
{
	struct timeval tv = clock_timeval(ns);

	conn->on_timer = then;
	event_add(conn->timer, &tv);
}

static void server_on_accept(struct evconnlistener *l UNUSED, evutil_socket_t fd,
	struct sockaddr *addr UNUSED, int len UNUSED, void *arg)
{
	struct sim_server *sv = arg;
	struct sim_conn *conn = xcalloc(1, sizeof(*conn));

	conn->sim = sv->sim;
	conn->bev = bufferevent_socket_new(sv->sim->base, fd, BEV_OPT_CLOSE_ON_FREE);
	conn->timer = event_new(sv->sim->base, -1, EV_TIMEOUT, conn_on_timer, conn);
	conn->reap = event_new(sv->sim->base, -1, EV_TIMEOUT, conn_on_reap, conn);
	buf_init(&conn->trickle_left, SIM_BODY_MAX);
	sv->sim->count.connections++;
	vec_push(&sv->conns, conn);
	bufferevent_setcb(conn->bev, conn_on_read, conn_on_written, conn_on_event, conn);
	conn_watch_idle(conn, true);
	bufferevent_enable(conn->bev, EV_READ | EV_WRITE);
}

static bool listen_unix(struct sim_server *sv, struct error *err)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};

	if (!sv->path || sv->unix_listener)
		return true;
	if (strlen(sv->path) >= sizeof(sa.sun_path))
		return error_set(err, "%s: too long for a socket's path", sv->path);
	strcpy(sa.sun_path, sv->path);
	unlink(sv->path);
	sv->unix_listener = evconnlistener_new_bind(sv->sim->base, server_on_accept, sv,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, (struct sockaddr *)&sa,
		sizeof(sa));
	return sv->unix_listener || error_errno(err, errno, "%s", sv->path);
}

static bool listen_tcp(struct sim_server *sv, struct error *err)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)sv->port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(sa);

	if (sv->options.port < 0 || sv->tcp_listener)
		return true;
	sv->tcp_listener = evconnlistener_new_bind(sv->sim->base, server_on_accept, sv,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, BACKLOG,
		(struct sockaddr *)&sa, sizeof(sa));
	if (!sv->tcp_listener)
		return error_errno(err, errno, "127.0.0.1:%d", sv->port);
	getsockname(evconnlistener_get_fd(sv->tcp_listener), (struct sockaddr *)&sa, &len);
	sv->port = ntohs(sa.sin_port);
	return true;
}

bool sim_server_listen(struct sim_server *sv, struct error *err)
{
	return listen_unix(sv, err) && listen_tcp(sv, err);
}

void sim_server_refuse(struct sim_server *sv, bool unlink_path)
{
	if (sv->unix_listener)
		evconnlistener_free(sv->unix_listener);
	if (sv->tcp_listener)
		evconnlistener_free(sv->tcp_listener);
	sv->unix_listener = sv->tcp_listener = NULL;
	if (sv->path && unlink_path)
		unlink(sv->path);
}

int sim_server_port(const struct sim_server *sv)
{
	return sv->options.port < 0 ? 0 : sv->port;
}

struct sim_server *sim_server_new(
	struct sim *s, const struct sim_server_options *o, struct error *err)
{
	struct sim_server *sv = xcalloc(1, sizeof(*sv));

	sv->sim = s;
	sv->options = *o;
	sv->path = o->path ? xstrdup(o->path) : NULL;
	sv->port = o->port < 0 ? 0 : o->port;
	s->server = sv;
	if (!sim_server_listen(sv, err)) {
		sim_server_free(sv);
		s->server = NULL;
		return NULL;
	}
	return sv;
}

void sim_server_free(struct sim_server *sv)
{
	if (!sv)
		return;
	sim_server_refuse(sv, true);
	while (sv->conns.n)
		conn_free(sv->conns.v[sv->conns.n - 1]);
	vec_release(&sv->conns);
	free(sv->path);
	free(sv);
}

size_t sim_server_close_idle(struct sim_server *sv)
{
	size_t n = 0;

	for (size_t i = 0; i < sv->conns.n; i++) {
		struct sim_conn *conn = sv->conns.v[i];

		if (!conn->in_request && !conn->dead) {
			conn_kill(conn);
			n++;
		}
	}
	return n;
}

void sim_server_end_all(struct sim_server *sv, bool last_chunk)
{
	for (size_t i = 0; i < sv->conns.n; i++) {
		struct sim_conn *conn = sv->conns.v[i];

		if (conn->dead)
			continue;
		if (conn->stream.on && last_chunk)
			sim_stream_finish(conn);
		sim_stream_end(conn);
		sim_conn_close(conn, false);
	}
}

void sim_server_close_all(struct sim_server *sv)
{
	for (size_t i = 0; i < sv->conns.n; i++)
		conn_kill(sv->conns.v[i]);
}

size_t sim_server_connections(const struct sim_server *sv)
{
	size_t n = 0;

	for (size_t i = 0; i < sv->conns.n; i++)
		n += !sv->conns.v[i]->dead;
	return n;
}
