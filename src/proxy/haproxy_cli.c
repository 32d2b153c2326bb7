/* SPDX-License-Identifier: MIT
 *
 * The client of HAProxy's sockets, see haproxy_cli.h.
 */
#include "config.h"

#include "proxy/haproxy_cli.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct haproxy_cli {
	struct bufferevent *bev; /* NULL: it could not be made */
	struct event *timer;
	char *path;
	haproxy_cli_cb *answer;
	void *arg;
	int64_t timeout_ns;
	struct buf text;
	struct error failure;
};

static void cli_free(struct haproxy_cli *c)
{
	if (c->bev)
		bufferevent_free(c->bev);
	event_free(c->timer);
	buf_release(&c->text);
	error_clear(&c->failure);
	free(c->path);
	free(c);
}

/* Answers with the error if there is one, and frees. */
static void end(struct haproxy_cli *c)
{
	if (error_is_set(&c->failure))
		error_prepend(&c->failure, "HAProxy's socket %s: ", c->path);
	c->answer(c->arg, buf_str(&c->text), error_is_set(&c->failure) ? &c->failure : NULL);
	cli_free(c);
}

static void haproxy_cli_on_read(struct bufferevent *bev, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	struct haproxy_cli *c = arg;
	size_t n = evbuffer_get_length(in);
	char *room = buf_reserve(&c->text, n);

	if (!room) {
		error_set(&c->failure, "the answer is longer than %zu bytes", HAPROXY_ANSWER_MAX);
		end(c);
		return;
	}
	evbuffer_remove(in, room, n);
	c->text.len += n;
}

/* All is sent: our end of input. */
static void haproxy_cli_on_sent(struct bufferevent *bev, void *arg)
{
	(void)arg;
	shutdown(bufferevent_getfd(bev), SHUT_WR);
}

static void haproxy_cli_on_event(struct bufferevent *bev, short what, void *arg)
{
	struct haproxy_cli *c = arg;
	int code = EVUTIL_SOCKET_ERROR();

	if (what & BEV_EVENT_CONNECTED)
		return;
	if (evbuffer_get_length(bufferevent_get_input(bev)) > 0)
		haproxy_cli_on_read(bev, c);
	if (what & BEV_EVENT_ERROR)
		error_errno(&c->failure, code, "the connection broke");
	end(c);
}

static void haproxy_cli_on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct haproxy_cli *c = arg;

	(void)fd;
	(void)what;
	if (!error_is_set(&c->failure))
		error_set(&c->failure, "no answer within %g s", (double)c->timeout_ns / NS_PER_S);
	end(c);
}

/* A unix socket connects at once or not at all. */
static bool dial(const char *path, int *ret_fd, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(
			err, "the path is longer than %zu bytes", sizeof(address.sun_path) - 1);
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return error_errno(err, errno, "no socket");
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		error_errno(err, errno, "cannot connect");
		close(fd);
		return false;
	}
	*ret_fd = fd;
	return true;
}

struct haproxy_cli *haproxy_cli(struct event_base *base, const char *path, const char *command,
	int64_t timeout_ns, haproxy_cli_cb *answer, void *arg)
{
	struct haproxy_cli *c = xcalloc(1, sizeof(*c));
	struct timeval tv = clock_timeval(timeout_ns);
	int fd = -1;

	c->path = xstrdup(path);
	c->answer = answer;
	c->arg = arg;
	c->timeout_ns = timeout_ns;
	buf_init(&c->text, HAPROXY_ANSWER_MAX);
	c->timer = evtimer_new(base, haproxy_cli_on_timer, c);
	if (!c->timer)
		abort();
	if (!dial(path, &fd, &c->failure))
		tv = (struct timeval){0, 0};
	event_add(c->timer, &tv);
	if (error_is_set(&c->failure))
		return c;
	c->bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!c->bev)
		abort();
	bufferevent_setcb(
		c->bev, haproxy_cli_on_read, haproxy_cli_on_sent, haproxy_cli_on_event, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	evbuffer_add_printf(bufferevent_get_output(c->bev), "%s\n", command);
	return c;
}

void haproxy_cli_cancel(struct haproxy_cli *c)
{
	if (c)
		cli_free(c);
}
