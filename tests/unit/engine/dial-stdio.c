/* SPDX-License-Identifier: MIT
 *
 * dial-stdio PATH: connects standard input and output with a unix socket, as `docker system
 * dial-stdio` does at the other end of an ssh connection.
 */
#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Copies once; false at the end. */
static int copy(int from, int to)
{
	char data[65536];
	ssize_t n = read(from, data, sizeof(data));

	for (ssize_t done = 0; done < n;) {
		ssize_t w = write(to, data + done, (size_t)(n - done));

		if (w <= 0)
			return 0;
		done += w;
	}
	return n > 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = fd, .events = POLLIN}};

	if (argc != 2 || strlen(argv[1]) >= sizeof(un.sun_path))
		return 2;
	strcpy(un.sun_path, argv[1]);
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0) {
		perror("dial-stdio");
		return 1;
	}
	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents && !copy(STDIN_FILENO, fd))
			return 0;
		if (fds[1].revents && !copy(fd, STDOUT_FILENO))
			return 0;
	}
	return 1;
}
