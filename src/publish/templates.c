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
#include "template/source_view.h"

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

/* Places of one error that are shown: of a template, and of those that it renders by functions. */
#define SHOWN_MAX 4

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
	struct buf text;       /* of one that is not watched */
};

struct templates {
	VEC(struct template_file) files;
	struct template_set *set;
	struct template_failure failure; /* of the last parse, line 0: it was good */
	uint64_t version;
	bool watched;
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
		vec_push(&t->files, (struct template_file){.path = xstrdup(paths[i]),
					    .text = {.max = TEMPLATE_TEXT_MAX}});
	t->watched = base;
	t->inotify = base ? inotify_init1(IN_NONBLOCK | IN_CLOEXEC) : -1;
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
	for (size_t i = 0; i < t->files.n; i++) {
		free(t->files.v[i].path);
		buf_release(&t->files.v[i].text);
	}
	vec_release(&t->files);
	template_set_free(t->set);
	free(t);
}

/* Reads and parses one file into set. */
static bool load_file(struct templates *t, struct template_set *set, struct template_file *file,
	struct error *err)
{
	struct buf text;
	bool ok;

	buf_init(&text, TEMPLATE_TEXT_MAX);
	file->read = file_signature(file->path);
	ok = file_read(file->path, TEMPLATE_TEXT_MAX, &text, err);
	if (ok && !template_parse(set, file_basename(file->path), buf_str(&text), err)) {
		t->failure = template_parse_failure(set);
		ok = error_prepend(err, "%s: ", file->path);
	}
	if (!t->watched) {
		buf_release(&file->text);
		file->text = text;
		return ok;
	}
	buf_release(&text);
	return ok;
}

/* The files as they are now, parsed. On failure there is no set: the next call tries again. */
bool templates_prepare(struct templates *t, struct error *err)
{
	struct template_set *set;

	if (t->set && !t->watched)
		return true;
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
	t->failure = (struct template_failure){.line = 0};
	for (size_t i = 0; i < t->files.n; i++) {
		if (!load_file(t, set, &t->files.v[i], err)) {
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

struct str templates_main(const struct templates *t)
{
	return str_from(file_basename(t->files.v[0].path));
}

/* The file that a template of that name is in: of several the last, which is the one that counts. */
static const struct template_file *find_file(const struct templates *t, struct str name)
{
	for (size_t i = t->files.n; i-- > 0;)
		if (str_eqz(name, file_basename(t->files.v[i].path)))
			return &t->files.v[i];
	return NULL;
}

/* Appends the place in the file as it was read, or as it is now. */
static void show_place(const struct template_file *file, const struct source_place *place,
	bool colour, struct buf *out)
{
	struct buf source;

	if (file->text.len) {
		source_view_add(out, buf_str(&file->text), place, colour);
		return;
	}
	buf_init(&source, TEMPLATE_TEXT_MAX);
	if (file_read(file->path, TEMPLATE_TEXT_MAX, &source, NULL))
		source_view_add(out, buf_str(&source), place, colour);
	buf_release(&source);
}

void templates_show(const struct templates *t, const struct error *err, bool colour,
	struct buf *out)
{
	struct source_place place;
	size_t at = 0, shown = 0;

	while (shown < SHOWN_MAX && source_place_next(error_str(err), &at, &place)) {
		const struct template_file *file = find_file(t, place.name);

		if (!file)
			continue;
		if (!place.has_column && place.line == t->failure.line) {
			place.has_column = true;
			place.column = t->failure.column;
		}
		show_place(file, &place, colour, out);
		shown++;
	}
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
