/* SPDX-License-Identifier: MIT
 *
 * Reading /proc, see processes.h. Processes come and go meanwhile: one whose files are gone is left
 * out.
 */
#include "config.h"

#include "proxy/processes.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STAT_MAX     4096
#define PID_FILE_MAX 64
#define NAME_MAX_LEN 15 /* of a program in /proc, see proc(5) comm */

/* Reads /proc/PID/FILE, at most max bytes of it. */
static bool read_proc(int64_t pid, const char *file, char *text, size_t max, size_t *ret_len)
{
	char path[64];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%" PRId64 "/%s", pid, file);
	f = fopen(path, "re");
	if (!f)
		return false;
	n = fread(text, 1, max - 1, f);
	fclose(f);
	text[n] = '\0';
	*ret_len = n;
	return n > 0;
}

/* The name and the parent, of "PID (NAME) S PPID …"; the name may have parentheses itself. */
static bool read_stat(int64_t pid, char name[NAME_MAX_LEN + 1], int64_t *ret_parent)
{
	char text[STAT_MAX], *open, *close;
	size_t len;

	if (!read_proc(pid, "stat", text, sizeof(text), &len))
		return false;
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (!open || !close || close - open - 1 > NAME_MAX_LEN || strlen(close) < 5)
		return false;
	*close = '\0';
	snprintf(name, NAME_MAX_LEN + 1, "%s", open + 1);
	*ret_parent = strtoll(close + 4, NULL, 10);
	return true;
}

/* The command line: words that end in NULs, or a title that the program wrote over them. */
static struct str read_command(struct arena *a, int64_t pid)
{
	char text[PROCESSES_COMMAND_MAX];
	size_t len;

	if (!read_proc(pid, "cmdline", text, sizeof(text), &len))
		return STR("");
	while (len > 0 && (text[len - 1] == '\0' || text[len - 1] == ' '))
		len--;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	return arena_str(a, str_n(text, len));
}

static bool is_called(int64_t pid, const char *name, int64_t *ret_parent)
{
	char called[NAME_MAX_LEN + 1];

	return read_stat(pid, called, ret_parent) && strncmp(called, name, NAME_MAX_LEN) == 0;
}

bool processes_list(struct arena *a, const char *name, const struct control_process **ret,
	size_t *ret_n, struct error *err)
{
	VEC(struct control_process) found = VEC_INIT;
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	if (!dir)
		return error_errno(err, errno, "cannot read /proc");
	while ((entry = readdir(dir)) != NULL && found.n < CONTROL_PROCESSES_MAX) {
		struct control_process p = {.pid = strtoll(entry->d_name, NULL, 10)};

		if (p.pid <= 0 || !is_called(p.pid, name, &p.parent))
			continue;
		p.command = read_command(a, p.pid);
		vec_push(&found, p);
	}
	closedir(dir);
	*ret = arena_memdup(a, found.v, found.n * sizeof(found.v[0]));
	*ret_n = found.n;
	vec_release(&found);
	return true;
}

/* Whether pid is in another pid namespace; false if that cannot be seen. */
static bool is_elsewhere(int64_t pid)
{
	char path[64], ours[64], theirs[64];
	ssize_t n, m;

	snprintf(path, sizeof(path), "/proc/%" PRId64 "/ns/pid", pid);
	n = readlink("/proc/self/ns/pid", ours, sizeof(ours));
	m = readlink(path, theirs, sizeof(theirs));
	return n > 0 && m > 0 && (n != m || memcmp(ours, theirs, (size_t)n) != 0);
}

bool processes_from_pid_file(
	const char *path, const char *name, int64_t *ret_pid, struct error *err)
{
	int64_t parent;
	struct buf text;
	uint64_t pid;
	bool ok;

	buf_init(&text, PID_FILE_MAX);
	if (!file_read(path, PID_FILE_MAX, &text, err)) {
		buf_release(&text);
		return error_append(err, ": %s does not run, or its pid file is another", name);
	}
	ok = str_to_u64(str_trim(buf_str(&text)), INT32_MAX, &pid) && pid > 0;
	if (!ok)
		error_set(err, "%s: \"%.*s\" is no process id", path, STR_ARG(buf_str(&text)));
	buf_release(&text);
	if (!ok)
		return false;
	if ((pid_t)pid == getpid() || !is_called((int64_t)pid, name, &parent))
		return error_set(err,
			"%s: process %" PRIu64 " is no %s: it does not run, or runs in "
			"another pid namespace",
			path, pid, name);
	if (is_elsewhere((int64_t)pid))
		return error_set(
			err, "%s: process %" PRIu64 " is in another pid namespace", path, pid);
	*ret_pid = (int64_t)pid;
	return true;
}

/* The process is held by a descriptor before it is looked at, so that the signal reaches the one
 * that was looked at. Kernels before 5.3 have no such descriptors. */
bool processes_signal(int64_t pid, const char *name, int signal_number, struct error *err)
{
	int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	int64_t parent;
	int code;

	if (!is_called(pid, name, &parent)) {
		if (fd >= 0)
			close(fd);
		return error_set(err, "process %" PRId64 " is no %s any more", pid, name);
	}
	if (fd >= 0)
		code = syscall(SYS_pidfd_send_signal, fd, signal_number, NULL, 0) == 0 ? 0 : errno;
	else
		code = kill((pid_t)pid, signal_number) == 0 ? 0 : errno;
	if (fd >= 0)
		close(fd);
	if (code == 0)
		return true;
	error_errno(err, code, "cannot send signal %d to %s (process %" PRId64 ")", signal_number,
		name, pid);
	return code == EPERM ? error_append(err, ": upstreamd must run as root or as its user")
			     : false;
}
