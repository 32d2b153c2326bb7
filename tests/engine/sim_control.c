/* SPDX-License-Identifier: MIT
 *
 * The control socket's connections.
 */
#include "config.h"

#include "engine/sim_control.h"

#include "base/alloc.h"
#include "engine/sim_json.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ARGS_MAX    256
#define ANSWER_MAX  ((size_t)64 << 20)
#define CTL_BACKLOG 64

struct sim_control_conn {
	struct sim_control *ctl;
	struct bufferevent *bev;
	uint64_t ticket; /* of an answer that comes later, 0: none */
};

struct sim_control {
	struct sim *sim;
	char *path;
	struct evconnlistener *listener;
	VEC(struct sim_control_conn *) conns;
	uint64_t tickets;
};

static void conn_free(struct sim_control_conn *conn)
{
	struct sim_control *ctl = conn->ctl;

	for (size_t i = 0; i < ctl->conns.n; i++)
		if (ctl->conns.v[i] == conn) {
			vec_remove(&ctl->conns, i);
			break;
		}
	bufferevent_free(conn->bev);
	free(conn);
}

static void answer(struct sim_control_conn *conn, const char *error)
{
	struct evbuffer *out = bufferevent_get_output(conn->bev);

	if (error)
		evbuffer_add_printf(out, ".error %s\n", error);
	else
		evbuffer_add(out, ".ok\n", 4);
}

uint64_t sim_control_later(struct sim_control_conn *conn)
{
	return conn->ticket = ++conn->ctl->tickets;
}

void sim_control_answer(struct sim *s, uint64_t ticket, const char *error)
{
	struct sim_control *ctl = s->control;

	for (size_t i = 0; ctl && i < ctl->conns.n; i++)
		if (ctl->conns.v[i]->ticket == ticket) {
			ctl->conns.v[i]->ticket = 0;
			answer(ctl->conns.v[i], error);
			return;
		}
}

/* The strings of a JSON array, borrowed from v. */
static bool take_args(yajl_val v, const char *args[ARGS_MAX], size_t *ret_n, struct error *err)
{
	if (v->type != yajl_t_array || v->u.array.len == 0 || v->u.array.len > ARGS_MAX)
		return error_set(err, "a command is an array of 1 to %d strings", ARGS_MAX);
	for (size_t i = 0; i < v->u.array.len; i++) {
		if (!YAJL_IS_STRING(v->u.array.values[i]))
			return error_set(err, "a command's arguments are strings");
		args[i] = v->u.array.values[i]->u.string;
	}
	*ret_n = v->u.array.len;
	return true;
}

static bool run_line(struct sim_control_conn *conn, const char *line, struct buf *out,
	bool *ret_later, struct error *err)
{
	const char *args[ARGS_MAX];
	yajl_val v;
	size_t n = 0;
	bool ok;

	if (!json_parse(line, strlen(line), &v, err))
		return false;
	ok = take_args(v, args, &n, err) &&
	     sim_command(conn->ctl->sim, args, n, conn, out, ret_later, err);
	yajl_tree_free(v);
	return ok;
}

static void control_on_read(struct bufferevent *bev, void *arg)
{
	struct sim_control_conn *conn = arg;
	struct error err = ERROR_INIT;
	struct buf out;
	bool later, ok;
	char *line;

	while ((line = evbuffer_readln(bufferevent_get_input(bev), NULL, EVBUFFER_EOL_LF))) {
		later = false;
		buf_init(&out, ANSWER_MAX);
		ok = run_line(conn, line, &out, &later, &err);
		free(line);
		bufferevent_write(bev, out.data, out.len);
		buf_release(&out);
		if (!later)
			answer(conn, ok ? NULL : error_text(&err));
		error_clear(&err);
	}
}

static void control_on_event(struct bufferevent *bev UNUSED, short what UNUSED, void *arg)
{
	conn_free(arg);
}

static void control_on_accept(struct evconnlistener *l UNUSED, evutil_socket_t fd,
	struct sockaddr *addr UNUSED, int len UNUSED, void *arg)
{
	struct sim_control *ctl = arg;
	struct sim_control_conn *conn = xcalloc(1, sizeof(*conn));

	conn->ctl = ctl;
	conn->bev = bufferevent_socket_new(ctl->sim->base, fd, BEV_OPT_CLOSE_ON_FREE);
	vec_push(&ctl->conns, conn);
	bufferevent_setcb(conn->bev, control_on_read, NULL, control_on_event, conn);
	bufferevent_enable(conn->bev, EV_READ | EV_WRITE);
}

struct sim_control *sim_control_new(struct sim *s, const char *path, struct error *err)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	struct sim_control *ctl;

	if (strlen(path) >= sizeof(sa.sun_path)) {
		error_set(err, "%s: too long for a socket's path", path);
		return NULL;
	}
	strcpy(sa.sun_path, path);
	unlink(path);
	ctl = xcalloc(1, sizeof(*ctl));
	ctl->sim = s;
	ctl->path = xstrdup(path);
	ctl->listener = evconnlistener_new_bind(s->base, control_on_accept, ctl,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, CTL_BACKLOG, (struct sockaddr *)&sa,
		sizeof(sa));
	if (!ctl->listener) {
		error_errno(err, errno, "%s", path);
		sim_control_free(ctl);
		return NULL;
	}
	return ctl;
}

void sim_control_free(struct sim_control *ctl)
{
	if (!ctl)
		return;
	while (ctl->conns.n)
		conn_free(ctl->conns.v[ctl->conns.n - 1]);
	vec_release(&ctl->conns);
	if (ctl->listener) {
		evconnlistener_free(ctl->listener);
		unlink(ctl->path);
	}
	free(ctl->path);
	free(ctl);
}
