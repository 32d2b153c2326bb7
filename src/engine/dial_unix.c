/* SPDX-License-Identifier: MIT
 *
 * Unix sockets: one that is named, or the first of the usual places where an engine answers. A
 * connect succeeds at once or not at all; its errors are explained by what the path turns out to be.
 */
#include "config.h"

#include "engine/dial_impl.h"

#include "base/alloc.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Whether path itself is a mount point, as a socket file that was given to a container is. */
static bool is_mounted(const char *path)
{
#ifdef STATX_ATTR_MOUNT_ROOT
	struct statx st;

	return statx(AT_FDCWD, path, AT_NO_AUTOMOUNT, STATX_TYPE, &st) == 0 &&
		(st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) &&
		(st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
#else
	(void)path;
	return false;
#endif
}

/* Adds to the error why a path that is there cannot be connected to. */
static bool explain_path(const char *path, int code, struct error *err)
{
	struct stat st;

	if (code == ENOENT)
		return error_append(err, " (is the engine running? in a container: mount the "
					 "directory of its socket)");
	if (stat(path, &st) < 0)
		return false;
	if (S_ISDIR(st.st_mode))
		return error_append(err, " (it is a directory: the engine's socket was not there "
					 "when it was mounted)");
	if (!S_ISSOCK(st.st_mode))
		return error_append(err, " (it is not a socket)");
	if (st.st_nlink == 0)
		return error_append(err, " (the engine made a new socket and this mount still has "
					 "the old one: mount the socket's directory instead of "
					 "the socket, or restart this container)");
	if (code == EACCES || code == EPERM)
		return error_append(err, " (the socket belongs to uid %u, gid %u with mode %04o; "
					 "we are uid %u, gid %u: join its group, with docker: "
					 "--group-add %u)",
			(unsigned)st.st_uid, (unsigned)st.st_gid, (unsigned)st.st_mode & 07777u,
			(unsigned)geteuid(), (unsigned)getegid(), (unsigned)st.st_gid);
	if (code == ECONNREFUSED && is_mounted(path))
		return error_append(err, " (nobody listens, and this file is mounted by itself: if "
					 "the engine runs, it has made a new socket that this mount "
					 "does not show; mount the socket's directory instead)");
	if (code == ECONNREFUSED)
		return error_append(err, " (nobody listens: the engine has stopped)");
	if (code == EAGAIN)
		return error_append(err, " (the engine accepts no connections: it hangs, or has "
					 "too many)");
	return false;
}

static void unix_explain(struct wire *w, int code, struct error *err)
{
	error_errno(err, code, "cannot connect to %s", w->dialer->endpoint.text);
	explain_path(w->dialer->endpoint.path, code, err);
}

/* A connected socket, or -1 and errno. path fits into sun_path. */
static int connect_path(const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), code;

	if (fd < 0)
		return -1;
	memcpy(un.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	code = errno;
	close(fd);
	errno = code;
	return -1;
}

static bool wire_take_fd(struct wire *w, int fd, struct error *err)
{
	w->bev = bufferevent_socket_new(w->dialer->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!w->bev) {
		close(fd);
		return error_set(err, "cannot make a bufferevent");
	}
	w->connected = true;
	return true;
}

static bool unix_dial(struct wire *w, struct error *err)
{
	int fd = connect_path(w->dialer->endpoint.path);

	if (fd < 0) {
		unix_explain(w, errno, err);
		return false;
	}
	return wire_take_fd(w, fd, err);
}

const struct transport transport_unix = {.dial = unix_dial, .explain = unix_explain, .bare = true};

/* Where engines listen: a fixed path, or one below the directory that an environment variable
 * names. docker's own places come first, as its command line takes them. */
static const struct place {
	const char *variable, *path;
} places[] = {
	{NULL, "/var/run/docker.sock"},
	{"XDG_RUNTIME_DIR", "/docker.sock"},
	{"HOME", "/.docker/run/docker.sock"},
	{NULL, "/run/podman/podman.sock"},
	{"XDG_RUNTIME_DIR", "/podman/podman.sock"},
};

/* The path of a place, owned by the caller; NULL if there is none on this system. */
static char *place_path(const struct place *place)
{
	const char *dir = place->variable ? getenv(place->variable) : "";
	char *path;

	if (!dir || (place->variable && dir[0] != '/'))
		return NULL;
	path = xasprintf("%s%s", dir, place->path);
	if (strlen(path) < sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return path;
	free(path);
	return NULL;
}

/* Tries the places in their order. A socket that is there and refuses us is worth telling. */
static int search(struct dialer *d, struct error *err)
{
	struct error refusal = ERROR_INIT;

	error_set(err, "no container engine found at");
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		char *path = place_path(&places[i]);
		int fd = path ? connect_path(path) : -1, code = errno;

		if (fd >= 0) {
			d->found = xasprintf("unix://%s", path);
			free(path);
			error_clear(&refusal);
			error_clear(err);
			return fd;
		}
		if (path)
			error_append(err, "%s %s", i ? "," : "", path);
		if (path && code != ENOENT && !error_is_set(&refusal)) {
			error_errno(&refusal, code, "%s", path);
			explain_path(path, code, &refusal);
		}
		free(path);
	}
	if (error_is_set(&refusal))
		error_append(err, "; %s", error_text(&refusal));
	else
		error_append(err, " (is one running? in a container: mount the directory of its "
				  "socket, or name the endpoint)");
	error_clear(&refusal);
	return -1;
}

/* What was found serves until the next session. */
static bool search_dial(struct wire *w, struct error *err)
{
	struct dialer *d = w->dialer;
	const char *path = d->found ? d->found + strlen("unix://") : NULL;
	int fd = path ? connect_path(path) : search(d, err);

	if (fd >= 0)
		return wire_take_fd(w, fd, err);
	if (path) {
		error_errno(err, errno, "cannot connect to %s", d->found);
		explain_path(path, errno, err);
	}
	return false;
}

const struct transport transport_search = {.dial = search_dial, .bare = true};
