/* SPDX-License-Identifier: MIT
 *
 * The engine of another host over ssh, as docker's command line reaches it: `ssh HOST docker system
 * dial-stdio` connects its input and output with the engine's socket. One process for each
 * connection, started with an argument list, never through a shell of ours. What ssh says on its
 * standard error explains why there is no answer.
 */
#include "config.h"

#include "engine/dial_impl.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/child.h"
#include "base/vec.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/util.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* What ssh says is kept up to this. */
#define SSH_WORDS_MAX ((size_t)1024)
/* Longest command for the other side. */
#define SSH_COMMAND_MAX ((size_t)4096)

struct arguments {
	VEC(char *) list;
};

static void add(struct arguments *args, const char *text)
{
	vec_push(&args->list, xstrdup(text));
}

/* The command for the other side's shell, which sees the path in single quotes. */
static void add_command(struct arguments *args, const char *path)
{
	struct buf b;

	buf_init(&b, SSH_COMMAND_MAX);
	buf_add_cstr(&b, "docker ");
	if (path) {
		buf_add_cstr(&b, "--host='unix://");
		for (const char *p = path; *p; p++)
			if (*p == '\'')
				buf_add_cstr(&b, "'\\''");
			else
				buf_add_char(&b, *p);
		buf_add_cstr(&b, "' ");
	}
	buf_add_cstr(&b, "system dial-stdio");
	add(args, buf_cstr(&b));
	buf_release(&b);
}

/* No password can be typed (BatchMode); a host that is gone is noticed by ssh itself. */
static void fill_arguments(struct arguments *args, const struct endpoint *ep)
{
	char port[8];

	add(args, "ssh");
	add(args, "-T");
	add(args, "-oBatchMode=yes");
	add(args, "-oConnectTimeout=30");
	add(args, "-oServerAliveInterval=5");
	add(args, "-oServerAliveCountMax=2");
	if (ep->user) {
		add(args, "-l");
		add(args, ep->user);
	}
	if (ep->port) {
		snprintf(port, sizeof(port), "%u", (unsigned)ep->port);
		add(args, "-p");
		add(args, port);
	}
	add(args, "--");
	add(args, ep->host);
	add_command(args, ep->path);
	vec_push(&args->list, NULL);
}

static void ssh_on_end(void *arg, const struct child_result *result)
{
	struct wire *w = arg;
	char *how = child_describe(result);

	w->words = result->output.len ? xmemdup0(result->output.p, result->output.len)
				      : xasprintf("ssh: %s", how);
	w->child = NULL;
	free(how);
}

static void start(struct wire *w, int io)
{
	struct arguments args = {VEC_INIT};
	struct child_spec spec = {.output_max = SSH_WORDS_MAX, .io = io, .done = ssh_on_end, .arg = w};

	fill_arguments(&args, &w->dialer->endpoint);
	spec.argv = args.list.v;
	w->child = child_start(w->dialer->options.children, &spec);
	for (size_t i = 0; i < args.list.n; i++)
		free(args.list.v[i]);
	vec_release(&args.list);
}

/* A socket pair whose other end, the process's, is none of its first three descriptors. */
static bool make_pair(int fds[2])
{
	int moved;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return false;
	moved = fcntl(fds[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fds[1]);
	fds[1] = moved;
	if (moved < 0)
		close(fds[0]);
	return moved >= 0;
}

static bool ssh_dial(struct wire *w, struct error *err)
{
	int fds[2];

	if (!w->dialer->options.children)
		return error_set(err, "cannot connect to %s: ssh is not available here",
			w->dialer->endpoint.text);
	if (!make_pair(fds))
		return error_errno(err, errno, "cannot make a socket pair");
	evutil_make_socket_nonblocking(fds[0]);
	w->bev = bufferevent_socket_new(w->dialer->base, fds[0], BEV_OPT_CLOSE_ON_FREE);
	if (!w->bev) {
		close(fds[0]);
		close(fds[1]);
		return error_set(err, "cannot make a bufferevent");
	}
	start(w, fds[1]);
	close(fds[1]);
	w->connected = true;
	return true;
}

/* What ssh wrote, on one line. */
static bool ssh_explain_end(struct wire *w, int code, struct error *err)
{
	struct str words = w->child ? child_output(w->child) : str_from(w->words);
	struct buf line;

	(void)code;
	words = str_trim(words);
	if (words.len == 0)
		return false;
	buf_init(&line, SSH_WORDS_MAX);
	for (size_t i = 0; i < words.len; i++)
		if (words.p[i] == '\n')
			buf_add_cstr(&line, "; ");
		else if (words.p[i] != '\r')
			buf_add_char(&line, words.p[i]);
	error_set(err, "%s", buf_cstr(&line));
	buf_release(&line);
	return true;
}

static void ssh_close(struct wire *w)
{
	child_cancel(w->child);
}

const struct transport transport_ssh = {
	.dial = ssh_dial,
	.explain_end = ssh_explain_end,
	.close = ssh_close,
	.slow = true,
	.bare = true,
};
