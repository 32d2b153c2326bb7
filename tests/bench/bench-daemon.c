/* SPDX-License-Identifier: MIT
 *
 * What the daemon costs, seen from outside: it is started against a running emulator, then one
 * container ends and starts again some times, then nothing happens for a while.
 *
 *	bench-daemon NAME CONTROL-SOCKET DEST IDLE-SECONDS ROUNDS upstreamd -c INI
 *
 * Times end when the new file is in place (inotify). One line per figure on stdout, each begins
 * with NAME. The emulator's container c1 is the one that ends and starts.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_WAIT_MS 60000
#define EVENT_WAIT_MS 10000
#define QUIET_MS      50 /* nothing happens for so long between two measurements */
#define ROUNDS_MAX    1000
#define LINE_SIZE     65536

extern char **environ;

struct bench {
	const char *name, *dest;
	int control, watch;
	pid_t pid;
	long ticks;
};

static void die(const char *what)
{
	fprintf(stderr, "bench-daemon: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- the emulator ---- */

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

/* One command; the number that its answer begins with. */
static unsigned long long command(const struct bench *b, const char *json)
{
	char line[LINE_SIZE];
	size_t len = 0;
	ssize_t n;

	if (write(b->control, json, strlen(json)) < 0)
		die("control socket");
	do {
		n = read(b->control, line + len, sizeof(line) - len - 1);
		if (n <= 0)
			die("control socket");
		len += (size_t)n;
		line[len] = '\0';
	} while (!strstr(line, ".ok\n") && !strstr(line, ".error"));
	if (strstr(line, ".error")) {
		fprintf(stderr, "bench-daemon: %s: %s", json, strstr(line, ".error"));
		exit(1);
	}
	return strtoull(line, NULL, 10);
}

/* ---- the file ---- */

/* Whether dest was put in place within ms; *ret_when is then. */
static bool wait_file(const struct bench *b, int ms, int64_t *ret_when)
{
	union {
		struct inotify_event ev;
		char bytes[LINE_SIZE];
	} in;
	int64_t deadline = clock_mono_ns() + (int64_t)ms * NS_PER_MS;
	struct pollfd p = {.fd = b->watch, .events = POLLIN};

	for (;;) {
		int64_t left = (deadline - clock_mono_ns()) / NS_PER_MS;
		ssize_t n;

		if (left < 0 || poll(&p, 1, (int)left + 1) <= 0)
			return false;
		*ret_when = clock_mono_ns();
		n = read(b->watch, in.bytes, sizeof(in.bytes));
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *ev = (const void *)(in.bytes + at);

			if (strcmp(ev->name, file_basename(b->dest)) == 0)
				return true;
			at += (ssize_t)(sizeof(*ev) + ev->len);
		}
	}
}

static void wait_quiet(const struct bench *b)
{
	int64_t when;

	while (wait_file(b, QUIET_MS, &when))
		;
}

/* ---- the process ---- */

/* CPU time in ms. */
static double cpu_ms(const struct bench *b)
{
	char *path = xasprintf("/proc/%d/stat", (int)b->pid);
	unsigned long user = 0, system = 0;
	FILE *f = fopen(path, "r");

	if (!f || fscanf(f, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			  &system) != 2)
		die(path);
	fclose(f);
	free(path);
	return (double)(user + system) * 1000.0 / (double)b->ticks;
}

/* A number of a /proc status file. */
static unsigned long status_number(const char *path, const char *key)
{
	FILE *f = fopen(path, "r");
	unsigned long value = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, key, strlen(key)) == 0)
			value = strtoul(line + strlen(key), NULL, 10);
	if (f)
		fclose(f);
	return value;
}

static unsigned long rss_kb(const struct bench *b, const char *key)
{
	char *path = xasprintf("/proc/%d/status", (int)b->pid);
	unsigned long value = status_number(path, key);

	free(path);
	return value;
}

/* How often the process's threads have gone to sleep, so how often they were woken. */
static unsigned long wakeups(const struct bench *b)
{
	char *dir = xasprintf("/proc/%d/task", (int)b->pid);
	DIR *tasks = opendir(dir);
	unsigned long n = 0;
	struct dirent *e;

	while (tasks && (e = readdir(tasks))) {
		char *path = xasprintf("%s/%s/status", dir, e->d_name);

		if (e->d_name[0] != '.')
			n += status_number(path, "voluntary_ctxt_switches:");
		free(path);
	}
	if (tasks)
		closedir(tasks);
	free(dir);
	return n;
}

/* ---- the measurements ---- */

static int order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_times(const struct bench *b, const char *what, double *ms, size_t n)
{
	qsort(ms, n, sizeof(*ms), order);
	printf("%s.%s %.2f ms median, %.2f ms at 90%%, %.2f ms longest (of %zu)\n", b->name, what,
		ms[n / 2], ms[n * 9 / 10], ms[n - 1], n);
}

static void cold_start(struct bench *b, char **argv)
{
	int64_t start, when;

	unlink(b->dest);
	command(b, "[\"reset\"]\n");
	start = clock_mono_ns();
	if (posix_spawnp(&b->pid, argv[0], NULL, NULL, argv, environ) != 0)
		die(argv[0]);
	if (!wait_file(b, START_WAIT_MS, &when)) {
		fprintf(stderr, "bench-daemon: no %s after %d ms\n", b->dest, START_WAIT_MS);
		kill(b->pid, SIGTERM);
		exit(1);
	}
	wait_quiet(b);
	printf("%s.cold_start %.1f ms until the first file\n", b->name,
		(double)(when - start) / NS_PER_MS);
	printf("%s.cold_start.cpu %.0f ms\n", b->name, cpu_ms(b));
	printf("%s.cold_start.requests %llu (list %llu, inspect %llu, networks %llu)\n", b->name,
		command(b, "[\"get\",\"requests\"]\n"), command(b, "[\"get\",\"requests.list\"]\n"),
		command(b, "[\"get\",\"requests.inspect\"]\n"),
		command(b, "[\"get\",\"requests.networks\"]\n") +
			command(b, "[\"get\",\"requests.network\"]\n"));
	printf("%s.rss %lu KB (%lu KB of it anonymous)\n", b->name, rss_kb(b, "VmRSS:"),
		rss_kb(b, "RssAnon:"));
}

/* From the command until the file is in place. */
static double one_change(const struct bench *b, const char *json)
{
	int64_t start = clock_mono_ns(), when;

	command(b, json);
	if (!wait_file(b, EVENT_WAIT_MS, &when)) {
		fprintf(stderr, "bench-daemon: no new file after %s", json);
		kill(b->pid, SIGTERM);
		exit(1);
	}
	wait_quiet(b);
	return (double)(when - start) / NS_PER_MS;
}

static void changes(const struct bench *b, size_t rounds)
{
	static double gone[ROUNDS_MAX], come[ROUNDS_MAX];
	unsigned long long requests, events, bytes;
	double cpu = cpu_ms(b);

	command(b, "[\"reset\"]\n");
	for (size_t i = 0; i < rounds; i++) {
		gone[i] = one_change(b, "[\"die\",\"c1\",\"0\"]\n");
		come[i] = one_change(b, "[\"start\",\"c1\"]\n");
	}
	requests = command(b, "[\"get\",\"requests\"]\n");
	events = command(b, "[\"get\",\"events.sent\"]\n");
	bytes = command(b, "[\"get\",\"bytes.written\"]\n");
	print_times(b, "start_to_file", come, rounds);
	print_times(b, "die_to_file", gone, rounds);
	printf("%s.requests_per_start %.2f\n", b->name, (double)requests / (double)rounds);
	printf("%s.per_event %.2f requests, %.0f bytes from the engine (%llu events)\n", b->name,
		(double)requests / (double)events, (double)bytes / (double)events, events);
	printf("%s.cpu_per_change %.2f ms\n", b->name, (cpu_ms(b) - cpu) / (double)(2 * rounds));
}

static void idle(const struct bench *b, unsigned seconds)
{
	unsigned long before;
	double cpu;

	if (seconds == 0)
		return;
	before = wakeups(b);
	cpu = cpu_ms(b);
	sleep(seconds);
	printf("%s.idle_wakeups %.1f per minute (over %u s, %.0f ms CPU)\n", b->name,
		(double)(wakeups(b) - before) * 60.0 / seconds, seconds, cpu_ms(b) - cpu);
}

static int end(const struct bench *b)
{
	int status;

	kill(b->pid, SIGTERM);
	if (waitpid(b->pid, &status, 0) < 0)
		die("waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	fprintf(stderr, "bench-daemon: the daemon ended with status 0x%x\n", (unsigned)status);
	return 1;
}

int main(int argc, char **argv)
{
	struct bench b = {.ticks = sysconf(_SC_CLK_TCK)};
	size_t rounds;
	char *dir;

	if (argc < 7) {
		fputs("usage: bench-daemon NAME CONTROL DEST IDLE-SECONDS ROUNDS DAEMON [ARG…]\n",
			stderr);
		return 2;
	}
	b.name = argv[1];
	b.dest = argv[3];
	rounds = (size_t)strtoul(argv[5], NULL, 10);
	if (rounds > ROUNDS_MAX)
		rounds = ROUNDS_MAX;
	b.control = dial(argv[2]);
	dir = file_dirname(b.dest);
	b.watch = inotify_init1(IN_CLOEXEC);
	if (b.watch < 0 || inotify_add_watch(b.watch, dir, IN_MOVED_TO | IN_CLOSE_WRITE) < 0)
		die(dir);
	free(dir);
	cold_start(&b, argv + 6);
	if (rounds)
		changes(&b, rounds);
	idle(&b, (unsigned)strtoul(argv[4], NULL, 10));
	fflush(stdout);
	close(b.control);
	close(b.watch);
	return end(&b);
}
