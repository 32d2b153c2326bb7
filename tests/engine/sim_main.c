/* SPDX-License-Identifier: MIT
 *
 * enginesim: an emulated container engine for tests, benchmarks and the demo.
 *
 *	enginesim --socket PATH --control PATH [--flavour docker-20.10] [--containers N] …
 *	enginesim ctl PATH COMMAND [ARGUMENT…]
 *	enginesim help
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim.h"
#include "engine/sim_control.h"
#include "engine/sim_flavour.h"
#include "engine/sim_setup.h"
#include "engine/sim_tool.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_FLAVOUR "docker-20.10"
#define DEFAULT_PREFIX	"c"

static void usage(FILE *to)
{
	struct buf commands;

	fprintf(to,
		"usage: enginesim --socket PATH --control PATH [OPTION…]\n"
		"       enginesim ctl PATH COMMAND [ARGUMENT…]\n"
		"       enginesim get [-0] [-I] SOCKET TARGET [HEADER…]\n"
		"       enginesim shape <ANSWER\n"
		"  --tcp PORT        listen on 127.0.0.1, too; 0 takes a free port and prints it\n"
		"  --flavour NAME    %s\n"
		"  --containers N    start with N running containers\n"
		"  --prefix NAME     they are called NAME1 …\n"
		"  --with OPTION     an option of each of them, %%n is its number\n"
		"  --seed N          of the ids\n"
		"  --idle-ms N       close connections that are idle so long\n"
		"  --patience-ms N   wait so long for a client whose queue is full\n"
		"  --captures DIR    the recorded answers\n"
		"commands:\n",
		flavour_names());
	buf_init(&commands, (size_t)1 << 20);
	sim_command_help(&commands);
	fwrite(commands.data, 1, commands.len, to);
	buf_release(&commands);
}

static uint64_t number(const char *option, const char *text, uint64_t max)
{
	uint64_t n = 0;

	if (!str_to_u64(str_from(text), max, &n)) {
		fprintf(stderr, "enginesim: --%s %s: not a number up to %llu\n", option, text,
			(unsigned long long)max);
		exit(2);
	}
	return n;
}

static void set_option(struct sim_settings *st, const char *name, const char *value)
{
	if (strcmp(name, "socket") == 0)
		st->server.path = value;
	else if (strcmp(name, "control") == 0)
		st->control = value;
	else if (strcmp(name, "tcp") == 0)
		st->server.port = (int)number(name, value, 65535);
	else if (strcmp(name, "flavour") == 0)
		st->flavour = value;
	else if (strcmp(name, "containers") == 0)
		st->containers = number(name, value, SIM_CONTAINERS_MAX);
	else if (strcmp(name, "prefix") == 0)
		st->prefix = value;
	else if (strcmp(name, "with") == 0)
		vec_push(&st->with, value);
	else if (strcmp(name, "seed") == 0)
		st->seed = number(name, value, UINT64_MAX);
	else if (strcmp(name, "idle-ms") == 0)
		st->server.idle_ns = (int64_t)number(name, value, 3600000) * NS_PER_MS;
	else if (strcmp(name, "patience-ms") == 0)
		st->patience_ns = (int64_t)number(name, value, 3600000) * NS_PER_MS;
	else
		st->captures = value;
}

static void parse_options(struct sim_settings *st, int argc, char **argv)
{
	static const struct option longs[] = {
		{"socket", required_argument, NULL, 'o'},
		{"control", required_argument, NULL, 'o'},
		{"tcp", required_argument, NULL, 'o'},
		{"flavour", required_argument, NULL, 'o'},
		{"containers", required_argument, NULL, 'o'},
		{"prefix", required_argument, NULL, 'o'},
		{"with", required_argument, NULL, 'o'},
		{"seed", required_argument, NULL, 'o'},
		{"idle-ms", required_argument, NULL, 'o'},
		{"patience-ms", required_argument, NULL, 'o'},
		{"captures", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c, at = 0;

	while ((c = getopt_long(argc, argv, "h", longs, &at)) != -1) {
		if (c != 'o') {
			usage(c == 'h' ? stdout : stderr);
			exit(c == 'h' ? 0 : 2);
		}
		set_option(st, longs[at].name, optarg);
	}
	if (optind < argc || !st->control || (!st->server.path && st->server.port < 0)) {
		usage(stderr);
		exit(2);
	}
}

static void main_on_signal(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	event_base_loopexit(arg, NULL);
}

static void run(struct sim *s)
{
	struct event *term = evsignal_new(s->base, SIGTERM, main_on_signal, s->base);
	struct event *intr = evsignal_new(s->base, SIGINT, main_on_signal, s->base);

	event_add(term, NULL);
	event_add(intr, NULL);
	if (sim_server_port(s->server)) {
		printf("%d\n", sim_server_port(s->server));
		fflush(stdout);
	}
	event_base_dispatch(s->base);
	event_free(term);
	event_free(intr);
}

int main(int argc, char **argv)
{
	struct sim_settings st = {.flavour = DEFAULT_FLAVOUR,
		.captures = ENGINESIM_CAPTURES,
		.prefix = DEFAULT_PREFIX,
		.patience_ns = SIM_PATIENCE_NS,
		.server = {.port = -1}};
	struct error err = ERROR_INIT;
	struct sim s = {.base = NULL};
	int status = 0;

	if (argc > 1 && strcmp(argv[1], "ctl") == 0)
		return sim_ctl_main(argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "get") == 0)
		return sim_get_main(argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "shape") == 0)
		return sim_shape_main();
	if (argc > 1 && strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return 0;
	}
	parse_options(&st, argc, argv);
	signal(SIGPIPE, SIG_IGN);
	s.base = event_base_new();
	if (sim_open(&s, &st, &err)) {
		run(&s);
	} else {
		fprintf(stderr, "enginesim: %s\n", error_text(&err));
		status = 1;
	}
	error_clear(&err);
	sim_release(&s);
	event_base_free(s.base);
	vec_release(&st.with);
	return status;
}
