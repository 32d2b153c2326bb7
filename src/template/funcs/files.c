/* SPDX-License-Identifier: MIT
 *
 * docker-gen's functions that look at files: exists, include and dir. A sandboxed render sees none;
 * reach.h says which ones others see. Only regular files are read: a pipe or a terminal would hold
 * the render.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/file.h"
#include "template/funcs/list.h"
#include "template/funcs/reach.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of a file that include reads. */
#define INCLUDE_MAX TEMPLATE_STRING_MAX

/* Directories that a render remembers to be there or not. */
#define ABSENT_MAX 32

/* The path as a C string; false if it can name no file. */
static bool file_path(struct str s, char out[REACH_PATH_MAX])
{
	if (s.len >= REACH_PATH_MAX || memchr(s.p ? s.p : "", '\0', s.len))
		return false;
	memcpy(out, s.p ? s.p : "", s.len);
	out[s.len] = '\0';
	return true;
}

/* Opens what s names; *ret_fd is -1 where there is nothing to see. */
static bool open_named(struct call *c, struct str s, int flags, int *ret_fd)
{
	char path[REACH_PATH_MAX];
	int code;

	*ret_fd = -1;
	if (c->options->sandbox || !file_path(s, path))
		return true;
	return reach_open(c, path, flags, ret_fd, &code);
}

/* Appends the names in a directory, each with a NUL behind it; their number. fd is closed. */
static size_t read_names(int fd, struct buf *out)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	size_t n = 0;

	if (!dir) {
		close(fd);
		return 0;
	}
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		buf_add(out, entry->d_name, strlen(entry->d_name) + 1);
		n++;
	}
	closedir(dir);
	return n;
}

/* The names in a directory, sorted as Go's os.ReadDir sorts them; none if it cannot be read. */
static bool file_dir(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);
	struct value list;
	struct str names;
	size_t count = 0;
	int fd;

	if (!open_named(c, value_as_str(args[0]), O_RDONLY | O_DIRECTORY | O_NONBLOCK, &fd))
		return false;
	if (fd >= 0)
		count = read_names(fd, b);
	if (!call_take_buf(c, b, &names))
		return false;
	list = slice_new(c->arena, &type_string_slice, 0, count);
	for (struct str name; names.len;) {
		str_cut(names, '\0', &name, &names);
		slice_push(list, value_str(name));
	}
	list_sort_strings(list);
	*ret = list;
	return true;
}

static bool fail_stat(struct call *c, struct str path, const char *why)
{
	struct buf *b = call_buf(c);

	buf_add_cstr(b, "stat ");
	buf_add_str(b, path);
	buf_add_fmt(b, ": %s", why);
	return call_fail_str(c, buf_str(b));
}

/* Go's words for what stat says. */
static const char *stat_words(int code)
{
	static const struct {
		int code;
		const char *words;
	} known[] = {{ENOTDIR, "not a directory"}, {EACCES, "permission denied"},
		{ENAMETOOLONG, "file name too long"}, {ELOOP, "too many levels of symbolic links"}};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].code == code)
			return known[i].words;
	return strerror(code);
}

/* Whether the directory that path lies in is missing. Templates ask for a file per host name in
 * directories that many an installation does not have, so it is found out once in a render. */
static bool is_in_absent_directory(struct call *c, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str dir = str_n(path, slash ? (size_t)(slash - path) : 0);
	char name[REACH_PATH_MAX];
	struct value absent;
	struct stat st;

	if (dir.len == 0)
		return false;
	if (!c->absent.m)
		c->absent = map_new(
			arena_lasting(c->arena), type_map_of(&type_string, &type_bool), ABSENT_MAX);
	absent = map_get_str(c->absent, dir);
	if (!value_is_none(absent))
		return absent.b;
	if (map_len(c->absent) == ABSENT_MAX || !file_path(dir, name))
		return false;
	absent = value_bool(stat(name, &st) != 0 && errno == ENOENT);
	map_set_str(c->absent, arena_str(arena_lasting(c->arena), dir), absent);
	return absent.b;
}

/* The same as reach_open where everything may be seen: 0, or why there is nothing. */
static int look(struct call *c, const char *path)
{
	struct stat st;

	if (is_in_absent_directory(c, path))
		return ENOENT;
	return stat(path, &st) == 0 ? 0 : errno;
}

static bool file_exists(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	char path[REACH_PATH_MAX];
	int fd, code = 0;

	*ret = value_bool(false);
	if (c->options->sandbox)
		return true;
	if (!file_path(s, path))
		return fail_stat(
			c, s, s.len < REACH_PATH_MAX ? "invalid argument" : "file name too long");
	if (c->options->n_file_dirs == 0) {
		code = look(c, path);
	} else if (!reach_open(c, path, O_PATH, &fd, &code)) {
		return false;
	} else if (fd >= 0) {
		close(fd);
		code = 0;
	}
	*ret = value_bool(code == 0);
	return code == 0 || code == ENOENT || fail_stat(c, s, stat_words(code));
}

/* The contents of a file; empty if it cannot be read. */
static bool file_include(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);
	struct stat st;
	int fd;

	if (!open_named(c, value_as_str(args[0]), O_RDONLY | O_NONBLOCK | O_NOCTTY, &fd))
		return false;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		!file_read_fd(fd, "", INCLUDE_MAX, b, NULL))
		buf_clear(b);
	if (fd >= 0)
		close(fd);
	return call_return_buf(c, b, ret);
}

/* --- table ------------------------------------------------------------------------------- */

#define PATH FUNC_ARGS(&type_string)

static const struct func rows[] = {
	{STR_INIT("dir"), file_dir, PATH, &type_string_slice, FUNC_VOLATILE},
	{STR_INIT("exists"), file_exists, PATH, &type_bool, FUNC_VOLATILE},
	{STR_INIT("include"), file_include, PATH, &type_string, FUNC_VOLATILE},
};

const struct func_table funcs_files = {rows, ARRAY_LEN(rows)};
