/* SPDX-License-Identifier: MIT
 *
 * Reads an id out of /proc, see self.h.
 */
#include "config.h"

#include "model/self.h"

#include "base/buf.h"
#include "base/file.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* Bytes of one of the files in /proc; with many mounts, mountinfo grows to some hundred KiB. */
#define PROC_MAX ((size_t)4 * 1024 * 1024)
/* Hostnames that engines give are the beginning of the id. */
#define SHORT_ID_LEN 12
/* Fields of a mountinfo line: the root within the filesystem is the fourth, then the mount point. */
#define MOUNTINFO_ROOT 3

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* The id at the beginning of s: 64 hex digits and then none. */
static bool starts_with_id(struct str s)
{
	if (s.len < SELF_ID_LEN || (s.len > SELF_ID_LEN && is_hex(s.p[SELF_ID_LEN])))
		return false;
	for (size_t i = 0; i < SELF_ID_LEN; i++) {
		if (!is_hex(s.p[i]))
			return false;
	}
	return true;
}

/* The first id within s that begins with prefix and stands alone; p NULL if there is none. */
static struct str find_id(struct str s, struct str prefix)
{
	for (size_t i = 0; i + SELF_ID_LEN <= s.len; i++) {
		struct str at = str_sub(s, i, s.len);

		if ((i == 0 || !is_hex(s.p[i - 1])) && str_has_prefix(at, prefix) &&
			starts_with_id(at))
			return str_sub(at, 0, SELF_ID_LEN);
	}
	return str_n(NULL, 0);
}

/* A file that the engine mounts into each of its containers, under the container's directory. */
static bool is_engine_file(struct str root)
{
	static const struct str names[] = {
		STR_INIT("/hostname"), STR_INIT("/hosts"), STR_INIT("/resolv.conf")};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_has_suffix(root, names[i]))
			return true;
	}
	return false;
}

/* The root of a mount, e.g. /var/lib/docker/containers/ID/hostname; empty if line is none. */
static struct str mount_root(struct str line)
{
	struct str field = line;

	for (int i = 0; i <= MOUNTINFO_ROOT; i++) {
		if (!str_cut(line, ' ', &field, &line))
			return str_n(NULL, 0);
	}
	return field;
}

static struct str id_of_mounts(struct str mountinfo, struct str prefix)
{
	struct str line, id;

	while (mountinfo.len) {
		str_cut(mountinfo, '\n', &line, &mountinfo);
		line = mount_root(line);
		if (!is_engine_file(line))
			continue;
		id = find_id(line, prefix);
		if (id.p)
			return id;
	}
	return str_n(NULL, 0);
}

/* The prefix that a hostname given by an engine puts on the id; empty for any other hostname. */
static struct str hostname_prefix(struct str hostname)
{
	if (hostname.len != SHORT_ID_LEN)
		return STR("");
	for (size_t i = 0; i < hostname.len; i++) {
		if (!is_hex(hostname.p[i]))
			return STR("");
	}
	return hostname;
}

/* The last id within s: a container within a container has both in its control group. */
static struct str find_last_id(struct str s)
{
	struct str id, last = str_n(NULL, 0);

	while ((id = find_id(s, STR(""))).p) {
		last = id;
		s = str_sub(s, (size_t)(id.p - s.p) + id.len, s.len);
	}
	return last;
}

bool self_id_parse(struct str mountinfo, struct str cgroup, struct str cpuset, struct str hostname,
	char ret_id[SELF_ID_LEN + 1])
{
	struct str id = find_last_id(cgroup);

	if (!id.p)
		id = find_last_id(cpuset);
	if (!id.p)
		id = id_of_mounts(mountinfo, hostname_prefix(hostname));
	if (!id.p)
		id = id_of_mounts(mountinfo, STR(""));
	if (!id.p)
		return false;
	memcpy(ret_id, id.p, SELF_ID_LEN);
	ret_id[SELF_ID_LEN] = '\0';
	return true;
}

/* The file's contents; an unreadable one is empty. */
static void read_hint(const char *path, struct buf *out)
{
	buf_init(out, PROC_MAX);
	if (!file_read(path, PROC_MAX, out, NULL))
		buf_clear(out);
}

bool self_id(char ret_id[SELF_ID_LEN + 1])
{
	struct buf mountinfo, cgroup, cpuset;
	char hostname[HOST_NAME_MAX + 1] = "";
	bool found;

	read_hint("/proc/self/mountinfo", &mountinfo);
	read_hint("/proc/self/cgroup", &cgroup);
	read_hint("/proc/1/cpuset", &cpuset);
	if (gethostname(hostname, sizeof(hostname) - 1) != 0)
		hostname[0] = '\0';
	found = self_id_parse(buf_str(&mountinfo), buf_str(&cgroup), buf_str(&cpuset),
		str_from(hostname), ret_id);
	buf_release(&mountinfo);
	buf_release(&cgroup);
	buf_release(&cpuset);
	return found;
}
