/* SPDX-License-Identifier: MIT
 *
 * A cold start against an emulator with many containers: the engine connection and the model until
 * the first snapshot, beside a bare loop that sends the same requests over the same number of
 * connections and looks at nothing but where answers end.
 *
 *	bench-cold SOCKET CONNECTIONS ROUNDS [CONTROL]
 *
 * Both do one after the other: ping, /networks, /info, /version and the list, then an inspect of
 * each container of the list. With the emulator's control socket, its container c1 then dies and
 * starts again: the time from the event's last byte to the changed model, an inspect and its answer
 * included where one is due. One line per figure on stdout, medians of the rounds.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "engine/engine.h"
#include "model/inventory.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MAX	101
#define CONNECTIONS_MAX 64
#define ANSWER_MAX	((size_t)256 << 20)
#define READ_SIZE	65536
#define ID_LEN		64
#define EVENTS		200

static void die(const char *what)
{
	fprintf(stderr, "bench-cold: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- the bare loop ---- */

struct line {
	int fd;
	bool busy;
	struct buf in;
};

static int dial(const char *path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(sa.sun_path) || fd < 0)
		die(path);
	strcpy(sa.sun_path, path);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		die(path);
	return fd;
}

static void ask(struct line *l, const char *path)
{
	char request[512];
	int n = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: docker\r\n\r\n", path);

	if (write(l->fd, request, (size_t)n) != n)
		die("write");
	buf_clear(&l->in);
	l->busy = true;
}

/* Whether the answer is there to its end. */
static bool is_whole(const struct buf *in)
{
	struct str all = buf_str(in);
	ssize_t head = str_find(all, STR("\r\n\r\n")), length;

	if (head < 0)
		return false;
	length = str_find(str_sub(all, 0, (size_t)head), STR("Content-Length: "));
	if (length >= 0)
		return all.len >= (size_t)head + 4 + strtoul(all.p + length + 16, NULL, 10);
	return str_has_suffix(all, STR("\r\n0\r\n\r\n"));
}

static void hear(struct line *l)
{
	char *room = buf_reserve(&l->in, READ_SIZE);
	ssize_t n = read(l->fd, room, READ_SIZE);

	if (n <= 0)
		die("read");
	l->in.len += (size_t)n;
	l->busy = !is_whole(&l->in);
}

static void ask_and_hear(struct line *l, const char *path)
{
	ask(l, path);
	while (l->busy)
		hear(l);
}

typedef VEC(char *) paths;

/* The inspects that follow from a list. */
static void read_ids(struct str list, paths *ret)
{
	ssize_t at;

	while ((at = str_find(list, STR("\"Id\":\""))) >= 0) {
		list = str_sub(list, (size_t)at + 6, list.len);
		vec_push(ret, xasprintf("/containers/%.*s/json", ID_LEN, list.p));
	}
}

/* Keeps all lines busy until every path was answered. */
static void ask_all(struct line *lines, size_t n_lines, const paths *all)
{
	struct pollfd fds[CONNECTIONS_MAX];
	size_t asked = 0, heard = 0;

	for (size_t i = 0; i < n_lines; i++)
		fds[i] = (struct pollfd){.fd = lines[i].fd, .events = POLLIN};
	while (heard < all->n) {
		for (size_t i = 0; i < n_lines && asked < all->n; i++)
			if (!lines[i].busy)
				ask(&lines[i], all->v[asked++]);
		if (poll(fds, n_lines, -1) < 0)
			die("poll");
		for (size_t i = 0; i < n_lines; i++)
			if (lines[i].busy && fds[i].revents) {
				hear(&lines[i]);
				heard += !lines[i].busy;
			}
	}
}

static double bare_ms(const char *path, size_t connections)
{
	struct line lines[CONNECTIONS_MAX];
	paths all = VEC_INIT;
	int64_t start = clock_mono_ns();
	double ms;

	for (size_t i = 0; i < connections; i++) {
		lines[i] = (struct line){.fd = dial(path)};
		buf_init(&lines[i].in, ANSWER_MAX);
	}
	ask_and_hear(&lines[0], "/_ping");
	ask_and_hear(&lines[0], "/networks");
	ask_and_hear(&lines[0], "/info");
	ask_and_hear(&lines[0], "/version");
	ask_and_hear(&lines[0], "/containers/json");
	read_ids(buf_str(&lines[0].in), &all);
	ask_all(lines, connections, &all);
	ms = (double)(clock_mono_ns() - start) / NS_PER_MS;
	for (size_t i = 0; i < connections; i++) {
		close(lines[i].fd);
		buf_release(&lines[i].in);
	}
	for (size_t i = 0; i < all.n; i++)
		free(all.v[i]);
	vec_release(&all);
	return ms;
}

/* ---- ours ---- */

static double last_us; /* from the event to the last change */

static void on_change(const struct inventory_change *change, void *arg)
{
	last_us = (double)(clock_mono_ns() - change->at_mono_ns) / NS_PER_US;
	event_base_loopbreak(arg);
}

/* Gives a command, and runs the loop until the model has changed; us from the event to that. */
static double change_us(int control, struct event_base *base, const char *command)
{
	char answer[64];

	if (write(control, command, strlen(command)) < 0)
		die("control socket");
	event_base_dispatch(base);
	if (read(control, answer, sizeof(answer)) <= 0)
		die("control socket");
	return last_us;
}

static int order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void event_to_model(const char *control_path, struct event_base *base)
{
	static double gone[EVENTS], come[EVENTS];
	int control = dial(control_path);

	for (size_t i = 0; i < EVENTS; i++) {
		gone[i] = change_us(control, base, "[\"die\",\"c1\",\"0\"]\n");
		come[i] = change_us(control, base, "[\"start\",\"c1\"]\n");
	}
	qsort(gone, EVENTS, sizeof(*gone), order);
	qsort(come, EVENTS, sizeof(*come), order);
	printf("event_to_model.start %.0f us median, %.0f us at 90%%, one inspect included\n",
		come[EVENTS / 2], come[EVENTS * 9 / 10]);
	printf("event_to_model.die %.0f us median, %.0f us at 90%%\n", gone[EVENTS / 2],
		gone[EVENTS * 9 / 10]);
	close(control);
}

/* control: measure events, too; NULL: do not. */
static double our_ms(
	const char *path, size_t connections, const char *control, size_t *ret_containers)
{
	struct event_base *base = event_base_new();
	char *endpoint = xasprintf("unix://%s", path);
	struct engine_options options = {
		.name = "bench", .endpoint = endpoint, .connections = (unsigned)connections};
	struct inventory_options inventory_options = {
		.name = "bench", .on_change = on_change, .arg = base};
	struct inventory *inv = inventory_new(base, &inventory_options);
	struct inventory_counts counts;
	struct error err = ERROR_INIT;
	int64_t start = clock_mono_ns();
	struct engine *engine = engine_new(base, &options, inventory_engine_handlers(), inv, &err);
	double ms;

	if (!engine) {
		fprintf(stderr, "bench-cold: %s\n", error_text(&err));
		exit(1);
	}
	inventory_set_engine(inv, engine);
	engine_start(engine);
	event_base_dispatch(base);
	ms = (double)(clock_mono_ns() - start) / NS_PER_MS;
	inventory_get_counts(inv, &counts);
	*ret_containers = counts.running;
	if (control)
		event_to_model(control, base);
	engine_free(engine);
	inventory_free(inv);
	event_base_free(base);
	free(endpoint);
	return ms;
}

/* CPU time of this process. */
static double cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1000 + (double)ts.tv_nsec / NS_PER_MS;
}

int main(int argc, char **argv)
{
	static double bare[ROUNDS_MAX], ours[ROUNDS_MAX];
	double bare_cpu = 0, ours_cpu = 0;
	size_t connections, rounds, containers = 0;

	if (argc < 4 || argc > 5) {
		fputs("usage: bench-cold SOCKET CONNECTIONS ROUNDS [CONTROL]\n", stderr);
		return 2;
	}
	connections = strtoul(argv[2], NULL, 10);
	rounds = strtoul(argv[3], NULL, 10);
	if (connections == 0 || connections > CONNECTIONS_MAX || rounds == 0 || rounds > ROUNDS_MAX)
		return 2;
	log_set_level(LOG_WARN);
	for (size_t i = 0; i < rounds; i++) {
		double begin = cpu_ms(), between;

		bare[i] = bare_ms(argv[1], connections);
		between = cpu_ms();
		bare_cpu += between - begin;
		ours[i] = our_ms(argv[1], connections, NULL, &containers);
		ours_cpu += cpu_ms() - between;
	}
	if (argc > 4)
		our_ms(argv[1], connections, argv[4], &containers);
	qsort(bare, rounds, sizeof(*bare), order);
	qsort(ours, rounds, sizeof(*ours), order);
	printf("cold.%zu_connections %.1f ms until the first snapshot of %zu containers, %.1f ms "
	       "bare "
	       "requests: %.2f times (medians of %zu)\n",
		connections, ours[rounds / 2], containers, bare[rounds / 2],
		ours[rounds / 2] / bare[rounds / 2], rounds);
	printf("cold.%zu_connections.cpu %.1f ms ours, %.1f ms bare\n", connections,
		ours_cpu / (double)rounds, bare_cpu / (double)rounds);
	return 0;
}
