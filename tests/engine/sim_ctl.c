/* SPDX-License-Identifier: MIT
 *
 * The control socket's client. It waits for the emulator to be there, so that a script may start
 * one and go on.
 */
#include "config.h"

#include "engine/sim_control.h"

#include "base/clock.h"
#include "engine/sim_json.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CONNECT_WAIT_NS (10LL * NS_PER_S)
#define CONNECT_POLL_MS 5
#define LINE_MAX_BYTES	((size_t)64 << 20)

/* A connected descriptor, -1 after an error message. */
static int ctl_connect(const char *path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int64_t deadline = clock_mono_ns() + CONNECT_WAIT_NS;
	int fd;

	if (strlen(path) >= sizeof(sa.sun_path)) {
		fprintf(stderr, "enginesim: %s: too long for a socket's path\n", path);
		return -1;
	}
	strcpy(sa.sun_path, path);
	for (;;) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0)
			return fd;
		if (fd < 0 || clock_mono_ns() > deadline)
			break;
		close(fd);
		poll(NULL, 0, CONNECT_POLL_MS);
	}
	fprintf(stderr, "enginesim: %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool send_command(int fd, int argc, char **argv)
{
	struct buf line;
	size_t at = 0;
	ssize_t n = 1;

	buf_init(&line, LINE_MAX_BYTES);
	for (int i = 0; i < argc; i++) {
		buf_add_char(&line, i ? ',' : '[');
		json_cstring(&line, argv[i], false);
	}
	buf_add_cstr(&line, "]\n");
	while (at < line.len && n > 0) {
		n = write(fd, line.data + at, line.len - at);
		at += n > 0 ? (size_t)n : 0;
	}
	buf_release(&line);
	return n > 0;
}

/* Prints an answer's lines up to the one that ends it; the exit status. */
static int print_answer(int fd)
{
	FILE *in = fdopen(fd, "r");
	char *line = NULL;
	size_t cap = 0;
	int status = 2;

	if (!in)
		return 2;
	while (status == 2 && getline(&line, &cap, in) > 0) {
		if (strcmp(line, ".ok\n") == 0) {
			status = 0;
		} else if (strncmp(line, ".error ", 7) == 0) {
			fprintf(stderr, "enginesim: %s", line + 7);
			status = 1;
		} else {
			fputs(line, stdout);
		}
	}
	if (status == 2)
		fputs("enginesim: the emulator went away\n", stderr);
	free(line);
	fclose(in);
	return status;
}

int sim_ctl_main(int argc, char **argv)
{
	int fd;

	if (argc < 2) {
		fputs("usage: enginesim ctl SOCKET COMMAND [ARGUMENT…]\n", stderr);
		return 2;
	}
	fd = ctl_connect(argv[0]);
	if (fd < 0)
		return 2;
	if (!send_command(fd, argc - 1, argv + 1)) {
		close(fd);
		fputs("enginesim: the emulator went away\n", stderr);
		return 2;
	}
	return print_answer(fd);
}
