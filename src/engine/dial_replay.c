/* SPDX-License-Identifier: MIT
 *
 * replay:FILE, an engine that is a recording: each wire is one end of a socket pair, and at its
 * other end sits a player that reads requests and sends what was answered to them, at the pace at
 * which it came. A stream of events that was told once is not told again: after a reconnect it stays
 * silent.
 */
#include "config.h"

#include "engine/dial_impl.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/replay.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>

#define UNKNOWN_BODY "{\"message\":\"the recording has no answer to this request\"}"
/* Longest head of a request; ours are shorter. */
#define REQUEST_HEAD_MAX 65536

struct player {
	struct replay *replay;
	struct bufferevent *bev; /* NULL once it has closed */
	struct event *timer;     /* the next piece, or the end */
	const struct replay_exchange *exchange;
	size_t next;             /* piece */
	int64_t began;
};

static void player_close(struct player *pl)
{
	if (pl->bev)
		bufferevent_free(pl->bev);
	pl->bev = NULL;
	event_del(pl->timer);
}

static void wait_until(struct player *pl, int64_t after_ns)
{
	struct timeval tv = clock_timeval(pl->began + after_ns - clock_mono_ns());

	event_add(pl->timer, &tv);
}

static bool is_telling(const struct player *pl)
{
	return pl->exchange && pl->next < pl->exchange->n;
}

/* Sends what is due. */
static void tell(struct player *pl)
{
	const struct replay_exchange *x = pl->exchange;
	int64_t now = clock_mono_ns() - pl->began;

	for (; pl->next < x->n && x->pieces[pl->next].after_ns <= now; pl->next++)
		bufferevent_write(pl->bev, x->pieces[pl->next].bytes.p,
			x->pieces[pl->next].bytes.len);
	if (pl->next < x->n)
		wait_until(pl, x->pieces[pl->next].after_ns);
	else if (x->ends)
		wait_until(pl, x->end_after_ns);
}

static void answer(struct player *pl, struct str method, struct str path)
{
	event_del(pl->timer);
	pl->exchange = replay_next(pl->replay, method, path);
	pl->next = 0;
	pl->began = clock_mono_ns();
	if (pl->exchange)
		tell(pl);
	else
		evbuffer_add_printf(bufferevent_get_output(pl->bev),
			"HTTP/1.1 404 Not Found\r\nContent-Length: %zu\r\n\r\n%s",
			strlen(UNKNOWN_BODY), UNKNOWN_BODY);
}

/* Length of the first request in the input, 0 if it is not whole. Our requests say their length with
 * one line. */
static size_t request_length(struct evbuffer *in)
{
	static const char name[] = "\r\nContent-Length: ";
	struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
	struct str head;
	ssize_t at;
	size_t total;
	uint64_t body = 0;

	if (end.pos < 0 || end.pos > REQUEST_HEAD_MAX)
		return 0;
	total = (size_t)end.pos + 4;
	head = str_n((const char *)evbuffer_pullup(in, (ssize_t)total), total);
	at = str_find(head, STR("\r\nContent-Length: "));
	if (at >= 0) {
		struct str value = str_sub(head, (size_t)at + strlen(name), head.len);

		value = str_sub(value, 0, (size_t)str_chr(value, '\r'));
		if (!str_to_u64(value, SIZE_MAX / 2, &body))
			return 0;
	}
	total += body;
	return evbuffer_get_length(in) >= total ? total : 0;
}

/* Answers the next request once the one before is told. */
static void take_requests(struct player *pl)
{
	struct evbuffer *in = bufferevent_get_input(pl->bev);
	size_t n;

	while (!is_telling(pl) && (n = request_length(in)) > 0) {
		struct str method, path, rest = str_n((const char *)evbuffer_pullup(in, (ssize_t)n), n);

		if (str_cut(rest, ' ', &method, &rest) && str_cut(rest, ' ', &path, &rest))
			answer(pl, method, path);
		evbuffer_drain(in, n);
	}
}

static void player_on_time(evutil_socket_t fd, short what, void *arg)
{
	struct player *pl = arg;

	(void)fd;
	(void)what;
	if (!is_telling(pl)) {
		if (evbuffer_get_length(bufferevent_get_output(pl->bev)) == 0)
			player_close(pl);
		else
			wait_until(pl, clock_mono_ns() - pl->began + NS_PER_MS);
		return;
	}
	tell(pl);
	take_requests(pl);
}

static void player_on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	take_requests(arg);
}

static void player_on_end(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	player_close(arg);
}

static struct player *player_new(struct dialer *d, int fd)
{
	struct player *pl = xcalloc(1, sizeof(*pl));

	pl->replay = d->options.replay;
	pl->bev = bufferevent_socket_new(d->base, fd, BEV_OPT_CLOSE_ON_FREE);
	pl->timer = evtimer_new(d->base, player_on_time, pl);
	if (!pl->bev || !pl->timer)
		abort();
	bufferevent_setcb(pl->bev, player_on_read, NULL, player_on_end, pl);
	bufferevent_enable(pl->bev, EV_READ | EV_WRITE);
	return pl;
}

static bool replay_dial(struct wire *w, struct error *err)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
		return error_errno(err, errno, "cannot make a socket pair");
	w->bev = bufferevent_socket_new(w->dialer->base, fds[0], BEV_OPT_CLOSE_ON_FREE);
	if (!w->bev)
		abort();
	w->player = player_new(w->dialer, fds[1]);
	w->connected = true;
	return true;
}

static void replay_close(struct wire *w)
{
	player_close(w->player);
	event_free(w->player->timer);
	free(w->player);
}

const struct transport transport_replay = {.dial = replay_dial, .close = replay_close};
