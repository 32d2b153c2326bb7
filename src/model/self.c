/* SPDX-License-Identifier: MIT
 *
 * Reads an id out of /proc, see self.h.
 */
#include "config.h"

#include "model/self.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "model/address.h"
#include "model/container.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* Bytes of one of the files in /proc; with many mounts, mountinfo grows to some hundred KiB. */
#define PROC_MAX ((size_t)4 * 1024 * 1024)
/* Hostnames that engines give are the beginning of the id. */
#define SHORT_ID_LEN 12
/* Fields of a mountinfo line: the root within the filesystem is the fourth, then the mount point.
 */
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

static void copy_id(char to[SELF_ID_LEN + 1], struct str id)
{
	if (id.p)
		memcpy(to, id.p, SELF_ID_LEN);
	to[id.p ? SELF_ID_LEN : 0] = '\0';
}

bool self_id_parse(struct str mountinfo, struct str cgroup, struct str cpuset, struct str hostname,
	char ret_id[SELF_ID_LEN + 1], char ret_own[SELF_ID_LEN + 1])
{
	struct str own = find_last_id(cgroup), id = str_n(NULL, 0), prefix;

	if (!own.p)
		own = find_last_id(cpuset);
	prefix = hostname_prefix(hostname);
	if (prefix.len)
		id = id_of_mounts(mountinfo, prefix);
	if (!id.p)
		id = own;
	if (!id.p)
		id = id_of_mounts(mountinfo, STR(""));
	copy_id(ret_own, own);
	if (!id.p)
		return false;
	copy_id(ret_id, id);
	return true;
}

/* --- this process ------------------------------------------------------------------------ */

/* The file's contents; an unreadable one is empty. */
static void read_hint(const char *path, struct buf *out)
{
	buf_init(out, PROC_MAX);
	if (!file_read(path, PROC_MAX, out, NULL))
		buf_clear(out);
}

void self_look(struct self *ret)
{
	struct buf mountinfo, cgroup, cpuset;
	char hostname[HOST_NAME_MAX + 1] = "";
	struct self self = {.given = str_n(NULL, 0)}, copy;

	read_hint("/proc/self/mountinfo", &mountinfo);
	read_hint("/proc/self/cgroup", &cgroup);
	read_hint("/proc/self/cpuset", &cpuset);
	if (gethostname(hostname, sizeof(hostname) - 1) != 0)
		hostname[0] = '\0';
	self.hostname = str_from(hostname);
	self.mountinfo = buf_str(&mountinfo);
	if (!self_id_parse(self.mountinfo, buf_str(&cgroup), buf_str(&cpuset), self.hostname,
		    self.id, self.own))
		self.id[0] = '\0';
	self_copy(&copy, &self);
	*ret = copy;
	buf_release(&mountinfo);
	buf_release(&cgroup);
	buf_release(&cpuset);
}

bool self_id(char ret_id[SELF_ID_LEN + 1])
{
	struct self self;
	bool found;

	self_look(&self);
	found = self.id[0] != '\0';
	memcpy(ret_id, self.id, SELF_ID_LEN + 1);
	self_release(&self);
	return found;
}

void self_copy(struct self *to, const struct self *from)
{
	struct str *const texts[] = {&to->given, &to->hostname, &to->mountinfo};
	size_t len = from->given.len + from->hostname.len + from->mountinfo.len;
	char *at;

	*to = *from;
	to->texts = at = xmalloc(len + 1);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i]->len)
			texts[i]->p = memcpy(at, texts[i]->p, texts[i]->len);
		at += texts[i]->len;
	}
}

void self_release(struct self *self)
{
	free(self->texts);
	*self = (struct self){.given = str_n(NULL, 0)};
}

/* --- which of the containers --------------------------------------------------------------- */

/* By id, name or the beginning of an id, if that is unique. */
static const struct container *find_given(struct str given, struct container *const *v, size_t n)
{
	const struct container *found = NULL;
	bool unique = true;

	for (size_t i = 0; i < n; i++) {
		const struct rec_container *rec = &v[i]->rec;

		if (str_eq(rec->id, given) || str_eq(rec->name, given))
			return v[i];
		if (str_has_prefix(rec->id, given)) {
			unique = found == NULL;
			found = v[i];
		}
	}
	return unique ? found : NULL;
}

/* The text of a mountinfo line's next word, with its rest in *rest. */
static struct str next_word(struct str *rest)
{
	struct str word;

	if (!str_cut(*rest, ' ', &word, rest))
		*rest = STR("");
	return word;
}

/* The mount point of a mountinfo line, whose rest is left in *line. */
static struct str mount_point(struct str *line)
{
	for (int i = 0; i <= MOUNTINFO_ROOT; i++)
		next_word(line);
	return next_word(line);
}

/* The directory that an overlay on / writes to: of this container alone. Empty if it is none. */
static struct str upper_dir(struct str mountinfo)
{
	static const struct str key = STR_INIT("upperdir=");
	struct str line, rest;
	ssize_t at;

	while (mountinfo.len) {
		if (!str_cut(mountinfo, '\n', &line, &mountinfo))
			mountinfo = STR("");
		if (!str_eq(mount_point(&line), STR("/")))
			continue;
		at = str_find(line, key);
		if (at < 0)
			return STR("");
		str_cut(str_sub(line, (size_t)at + key.len, line.len), ',', &line, &rest);
		str_cut(line, ' ', &line, &rest);
		return line;
	}
	return STR("");
}

static bool is_mounted(struct str mountinfo, struct str path)
{
	struct str line;

	while (mountinfo.len) {
		if (!str_cut(mountinfo, '\n', &line, &mountinfo))
			mountinfo = STR("");
		if (str_eq(mount_point(&line), path))
			return true;
	}
	return false;
}

/* Whether what is known of c fits what we see: 2 for sure, 1 maybe, 0 not. */
static unsigned fits(const struct self *self, struct str upper, const struct container *c)
{
	const struct rec_mount *mounts = c->rec.mounts.data;

	if (upper.len && c->upper_dir.len)
		return str_eq(upper, c->upper_dir) ? 2 : 0;
	for (size_t i = 0; i < c->rec.mounts.len; i++)
		if (!is_mounted(self->mountinfo, mounts[i].destination))
			return 0;
	return 1;
}

/* owner, or one of those in its network: the only one that fits best; owner if several do. */
static const struct container *choose_apart(const struct self *self, const struct container *owner,
	struct container *const *v, size_t n)
{
	struct str upper = upper_dir(self->mountinfo), name;
	const struct container *best = owner;
	unsigned score = fits(self, upper, owner), found = 1;

	for (size_t i = 0; i < n; i++) {
		unsigned s;

		if (!v[i]->rec.state.running || !address_is_shared(v[i], &name) ||
			(!str_eq(name, owner->rec.id) && !str_eq(name, owner->rec.name)))
			continue;
		s = fits(self, upper, v[i]);
		if (s > score) {
			best = v[i];
			score = s;
			found = 1;
		} else if (s == score) {
			found++;
		}
	}
	return found == 1 && score ? best : owner;
}

const struct container *self_choose(const struct self *self, struct container *const *v, size_t n)
{
	struct str prefix = hostname_prefix(self->hostname);
	bool own = self->apart && self->own[0];

	if (self->given.len)
		return find_given(self->given, v, n);
	if (!self->id[0]) {
		const struct container *c = prefix.len ? find_given(prefix, v, n) : NULL;

		return c && str_has_prefix(c->rec.id, prefix) ? c : NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (str_eqz(v[i]->rec.id, own ? self->own : self->id))
			return own || !self->apart ? v[i] : choose_apart(self, v[i], v, n);
	}
	return NULL;
}
