/* SPDX-License-Identifier: MIT
 *
 * sprig's functions on paths with slashes, as Go's package path has them; those whose names start
 * with "os" are the same on the systems that we run on. No file is looked at.
 */
#include "config.h"

#include "template/funcs.h"

/* The shortest path that means the same. */
static void add_clean(struct buf *b, struct str path)
{
	bool rooted = str_has_prefix(path, STR("/"));
	size_t start = b->len, floor; /* b up to floor is never taken back by .. */

	if (rooted)
		buf_add_char(b, '/');
	floor = b->len;
	while (path.len) {
		struct str name;

		if (!str_cut(path, '/', &name, &path))
			path.len = 0;
		if (name.len == 0 || str_eq(name, STR(".")))
			continue;
		if (!str_eq(name, STR(".."))) {
			if (b->len > start + rooted)
				buf_add_char(b, '/');
			buf_add_str(b, name);
		} else if (b->len > floor) {
			while (b->len > floor && b->data[--b->len] != '/')
				;
		} else if (!rooted) {
			if (b->len > start)
				buf_add_char(b, '/');
			buf_add_cstr(b, "..");
			floor = b->len;
		}
	}
	if (b->len == start)
		buf_add_char(b, '.');
}

static bool path_clean(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	add_clean(b, value_as_str(args[0]));
	return call_return_buf(c, b, ret);
}

static bool path_dir(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str path = value_as_str(args[0]);
	struct buf *b = call_buf(c);

	add_clean(b, str_sub(path, 0, (size_t)(str_rchr(path, '/') + 1)));
	return call_return_buf(c, b, ret);
}

/* The last name of the path, without the slashes behind it. */
static bool path_base(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str path = value_as_str(args[0]);
	bool empty = path.len == 0;

	while (path.len && path.p[path.len - 1] == '/')
		path.len--;
	path = str_sub(path, (size_t)(str_rchr(path, '/') + 1), path.len);
	if (path.len == 0)
		path = empty ? STR(".") : STR("/");
	*ret = value_str(path);
	return true;
}

static bool path_ext(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str path = value_as_str(args[0]);
	struct str name = str_sub(path, (size_t)(str_rchr(path, '/') + 1), path.len);
	ssize_t dot = str_rchr(name, '.');

	*ret = value_str(dot < 0 ? STR("") : str_sub(name, (size_t)dot, name.len));
	return true;
}

static bool path_is_abs(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(str_has_prefix(value_as_str(args[0]), STR("/")));
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

#define PATH FUNC_ARGS(&type_string)

static const struct func rows[] = {
	{STR_INIT("base"), path_base, PATH, &type_string, 0},
	{STR_INIT("clean"), path_clean, PATH, &type_string, 0},
	{STR_INIT("ext"), path_ext, PATH, &type_string, 0},
	{STR_INIT("isAbs"), path_is_abs, PATH, &type_bool, 0},
	{STR_INIT("osBase"), path_base, PATH, &type_string, 0},
	{STR_INIT("osClean"), path_clean, PATH, &type_string, 0},
	{STR_INIT("osDir"), path_dir, PATH, &type_string, 0},
	{STR_INIT("osExt"), path_ext, PATH, &type_string, 0},
	{STR_INIT("osIsAbs"), path_is_abs, PATH, &type_bool, 0},
	{STR_INIT("sprigDir"), path_dir, PATH, &type_string, 0},
};

const struct func_table funcs_path = {rows, ARRAY_LEN(rows)};
