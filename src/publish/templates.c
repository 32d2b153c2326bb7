/* SPDX-License-Identifier: MIT
 *
 * Template files: loaded, watched, rendered; see templates.h. Whether a file changed is decided by
 * what stat(2) says of it, with symbolic links followed (a mounted configuration changes by
 * swapping a link above it); inotify on the directories only says when to look. Without inotify
 * the files are looked at before each render.
 *
 * Invariant: set is NULL, or made of exactly the files whose signatures are kept.
 */
#include "config.h"

#include "publish/templates.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/vec.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define WATCH_MASK                                                                                 \
	(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB |        \
		IN_ONLYDIR)
/* Room for one event with the longest name, several times over. */
#define WATCH_READ ((sizeof(struct inotify_event) + 256) * 16)

/* What tells one state of a file from another; all zero: it is not there. */
struct signature {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime, ctime;
};

struct template_file {
	char *path;
	struct signature seen; /* when the watch looked last */
	struct signature read; /* when it was read for the set */
};

struct templates {
	VEC(struct template_file) files;
	struct template_set *set;
	uint64_t version;
	int inotify; /* -1 if there is none */
	struct event *readable;
	templates_change_cb *on_change;
	void *arg;
};

static struct signature file_signature(const char *path)
{
	struct signature s = {.size = 0};
	struct stat st;

	if (stat(path, &st) == 0) {
		s.dev = st.st_dev;
		s.ino = st.st_ino;
		s.size = st.st_size;
		s.mtime = st.st_mtim;
		s.ctime = st.st_ctim;
	}
	return s;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_signature(const struct signature *a, const struct signature *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
		same_time(a->mtime, b->mtime) && same_time(a->ctime, b->ctime);
}

/* Looks at all files; true if one is not as it was. */
static bool templates_look(struct templates *t)
{
	bool changed = false;

	for (size_t i = 0; i < t->files.n; i++) {
		struct signature now = file_signature(t->files.v[i].path);

		if (same_signature(&now, &t->files.v[i].seen))
			continue;
		t->files.v[i].seen = now;
		changed = true;
	}
	if (changed)
		t->version++;
	return changed;
}

/* Adds a watch for each directory; one that is watched already keeps its watch. */
static void templates_watch(struct templates *t)
{
	for (size_t i = 0; t->inotify >= 0 && i < t->files.n; i++) {
		char *dir = file_dirname(t->files.v[i].path);

		/* A directory that is not there is an error of the render; see templates_on_event. */
		if (inotify_add_watch(t->inotify, dir, WATCH_MASK) < 0 && errno == ENOSPC) {
			event_free(t->readable);
			close(t->inotify);
			t->readable = NULL;
			t->inotify = -1;
		}
		free(dir);
	}
}

/* Something happened in a directory of ours. */
static void templates_on_event(evutil_socket_t fd, short what UNUSED, void *arg)
{
	char bytes[WATCH_READ] __attribute__((aligned(__alignof__(struct inotify_event))));
	struct templates *t = arg;

	while (read((int)fd, bytes, sizeof(bytes)) > 0)
		;
	templates_watch(t); /* a directory may have been replaced */
	if (templates_look(t))
		t->on_change(t->arg);
}

struct templates *templates_new(struct event_base *base, char *const *paths, size_t n,
	templates_change_cb *on_change, void *arg)
{
	struct templates *t = xcalloc(1, sizeof(*t));

	t->on_change = on_change;
	t->arg = arg;
	for (size_t i = 0; i < n; i++)
		vec_push(&t->files, (struct template_file){.path = xstrdup(paths[i])});
	t->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (t->inotify >= 0) {
		t->readable =
			event_new(base, t->inotify, EV_READ | EV_PERSIST, templates_on_event, t);
		event_add(t->readable, NULL);
	}
	templates_watch(t);
	templates_look(t);
	return t;
}

void templates_free(struct templates *t)
{
	if (!t)
		return;
	if (t->readable)
		event_free(t->readable);
	if (t->inotify >= 0)
		close(t->inotify);
	for (size_t i = 0; i < t->files.n; i++)
		free(t->files.v[i].path);
	vec_release(&t->files);
	template_set_free(t->set);
	free(t);
}

/* Reads and parses one file into set. */
static bool load_file(struct template_set *set, struct template_file *file, struct error *err)
{
	struct buf text;
	bool ok;

	buf_init(&text, TEMPLATE_TEXT_MAX);
	file->read = file_signature(file->path);
	ok = file_read(file->path, TEMPLATE_TEXT_MAX, &text, err);
	if (ok && !template_parse(set, file_basename(file->path), buf_str(&text), err))
		ok = error_prepend(err, "%s: ", file->path);
	buf_release(&text);
	return ok;
}

/* On failure there is no set: the next call tries again. */
bool templates_prepare(struct templates *t, struct error *err)
{
	struct template_set *set;

	templates_look(t);
	if (t->set) {
		bool current = true;

		for (size_t i = 0; i < t->files.n; i++)
			current &= same_signature(&t->files.v[i].seen, &t->files.v[i].read);
		if (current)
			return true;
		template_set_free(t->set);
		t->set = NULL;
	}
	set = template_set_new();
	for (size_t i = 0; i < t->files.n; i++) {
		if (!load_file(set, &t->files.v[i], err)) {
			template_set_free(set);
			return false;
		}
	}
	t->set = set;
	return true;
}

bool templates_render(struct templates *t, struct value root,
	const struct template_options *options, struct buf *out, struct error *err)
{
	const char *path = t->files.v[0].path;

	if (!templates_prepare(t, err))
		return false;
	if (!template_render(t->set, str_from(file_basename(path)), root, options, out, err))
		return error_prepend(err, "%s: ", path);
	return true;
}

uint64_t templates_version(const struct templates *t)
{
	return t->version;
}

struct template_traits templates_traits(const struct templates *t)
{
	return t->set ? template_set_traits(t->set) : (struct template_traits){.slow = false};
}

const struct template_set *templates_set(const struct templates *t)
{
	return t->set;
}
