/* SPDX-License-Identifier: MIT
 *
 * The types of keys.def that own memory: endpoints, paths, commands and lists; see types.h.
 */
#include "config.h"

#include "config/types.h"

#include "base/alloc.h"
#include "config/command.h"
#include "config/config.h"
#include "config/ini.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdlib.h>

/* "endpoint=" and the longest endpoint fill a line. */
#define ENDPOINT_MAX (INI_LINE_MAX - 9)
/* Of a container's name; an id has 64. */
#define CONTAINER_MAX 253

/* Appends `key = value` when a line can say that. */
static bool print_value(const struct key *key, struct str value, struct buf *out)
{
	return ini_print(str_from(key->name), value, out);
}

static void print_unset(const struct key *key, struct buf *out)
{
	buf_add_fmt(out, "%s =\n", key->name);
}

static void string_release(void *field)
{
	char **s = field;

	free(*s);
	*s = NULL;
}

/* --- an endpoint of an engine -------------------------------------------------------------- */

/* Only what a line can hold; which endpoints there are is known by the room that dials them. */
static bool endpoint_parse(const struct key *key, struct str text,
	const struct key_place *place UNUSED, void *field, struct error *err)
{
	if (text.len > ENDPOINT_MAX)
		return error_set(
			err, "%zu bytes long, at most %d are possible", text.len, ENDPOINT_MAX);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] <= ' ' || text.p[i] == 0x7f)
			return type_refuse(key, text, "no endpoint: white space", err);
	*(char **)field = xmemdup0(text.p, text.len);
	return true;
}

static void endpoint_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	char *const *endpoint = field;

	if (!*endpoint || !print_value(key, str_from(*endpoint), out))
		print_unset(key, out);
}

const struct key_type key_type_ENDPOINT = {.parse = endpoint_parse,
	.print = endpoint_print,
	.release = string_release,
	.expected = "unix:///PATH, tcp://HOST:PORT, tls://HOST:PORT, ssh://HOST or auto"};

/* --- a host name --------------------------------------------------------------------------- */

/* What addresses and a certificate can hold: letters, digits and what addresses are written with. */
static bool host_read(const struct key *key, struct str text, char **ret_host, struct error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				      "-_.:";
	struct in6_addr address;
	char *host;

	if (text.len > CONFIG_HOST_MAX)
		return error_set(err, "%zu bytes long, at most %d are possible", text.len,
			CONFIG_HOST_MAX);
	for (size_t i = 0; i < text.len; i++)
		if (!text.p[i] || !strchr(allowed, text.p[i]))
			return type_refuse(key, text, "no host name", err);
	if (text.len == 0)
		return type_refuse(key, text, "no host name", err);
	host = xmemdup0(text.p, text.len);
	if (strchr(host, ':') && inet_pton(AF_INET6, host, &address) != 1) {
		free(host);
		return type_refuse(key, text, "no host name, nor an IPv6 address", err);
	}
	*ret_host = host;
	return true;
}

static bool name_parse(const struct key *key, struct str text, const struct key_place *place UNUSED,
	void *field, struct error *err)
{
	return host_read(key, text, field, err);
}

const struct key_type key_type_NAME = {.parse = name_parse,
	.print = endpoint_print,
	.release = string_release,
	.expected = "a host name or an address"};

/* --- where the containers of an engine are reached ------------------------------------------ */

static bool address_parse(const struct key *key, struct str text,
	const struct key_place *place UNUSED, void *field, struct error *err)
{
	struct config_address *address = field;
	struct str word, host;

	str_cut(text, ' ', &word, &host);
	if (str_eqz(text, "container")) {
		address->published = NULL;
		return true;
	}
	if (!str_eqz(word, "published"))
		return type_refuse(key, text, "no address", err);
	return host_read(key, str_trim(host), &address->published, err);
}

static void address_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	const struct config_address *address = field;

	if (address->published)
		buf_add_fmt(out, "%s = published %s\n", key->name, address->published);
	else
		buf_add_fmt(out, "%s = container\n", key->name);
}

static void address_release(void *field)
{
	string_release(&((struct config_address *)field)->published);
}

const struct key_type key_type_ADDRESS = {.parse = address_parse,
	.print = address_print,
	.release = address_release,
	.expected = "container, or published HOST"};

/* --- a container ----------------------------------------------------------------------------- */

/* What engines let one be called. */
static bool container_parse(const struct key *key, struct str text,
	const struct key_place *place UNUSED, void *field, struct error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				      "-_.";

	if (text.len > CONTAINER_MAX)
		return error_set(
			err, "%zu bytes long, at most %d are possible", text.len, CONTAINER_MAX);
	for (size_t i = 0; i < text.len; i++)
		if (!text.p[i] || !strchr(allowed, text.p[i]))
			return type_refuse(key, text, "no container's name or id", err);
	*(char **)field = xmemdup0(text.p, text.len);
	return true;
}

const struct key_type key_type_CONTAINER = {.parse = container_parse,
	.print = endpoint_print,
	.release = string_release,
	.expected = "the name or id of a container"};

/* --- paths -------------------------------------------------------------------------- */

/* path as an absolute one, without "//" and "/./". ".." stays: behind a symlink it is not what
 * it looks like. */
static char *path_resolve(struct str path, const char *dir)
{
	struct str rest;
	struct buf whole, clean;

	buf_init(&whole, SIZE_MAX);
	buf_init(&clean, SIZE_MAX);
	if (path.p[0] != '/')
		buf_add_fmt(&whole, "%s/", dir);
	buf_add_str(&whole, path);
	rest = buf_str(&whole);
	while (rest.len) {
		struct str part;

		str_cut(rest, '/', &part, &rest);
		if (part.len && !str_eqz(part, "."))
			buf_add_fmt(&clean, "/%.*s", STR_ARG(part));
	}
	if (clean.len == 0)
		buf_add_char(&clean, '/');
	buf_release(&whole);
	return buf_take(&clean, NULL);
}

/* A path ending so names a directory, whatever is there. */
static bool names_directory(struct str path)
{
	static const struct str ends[] = {STR_INIT("/"), STR_INIT("/."), STR_INIT("/..")};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_has_suffix(path, ends[i]) || str_eq(path, str_sub(ends[i], 1, 3)))
			return true;
	return false;
}

static bool absolute_path(struct str text, const struct key_place *place, char **ret_path,
	struct error *err)
{
	char *path = path_resolve(text, place->dir);

	if (strlen(path) >= PATH_MAX) {
		error_set(err, "%s: the path is longer than %d bytes", path, PATH_MAX - 1);
		free(path);
		return false;
	}
	*ret_path = path;
	return true;
}

static bool path_read(const struct key *key, struct str text, const struct key_place *place,
	char **ret_path, struct error *err)
{
	if (names_directory(text)) {
		type_refuse(key, text, "a directory", err);
		return false;
	}
	return absolute_path(text, place, ret_path, err);
}

static bool path_parse(const struct key *key, struct str text, const struct key_place *place,
	void *field, struct error *err)
{
	return path_read(key, text, place, field, err);
}

/* A path that became too long for a line by becoming absolute is shown as it was: relative. */
static void path_print_one(
	const struct key *key, const char *path, const char *dir, struct buf *out)
{
	size_t n = strcmp(dir, "/") == 0 ? 0 : strlen(dir);

	if (print_value(key, str_from(path), out))
		return;
	buf_add_cstr(out, "# relative to this file's directory\n");
	if (strncmp(path, dir, n) != 0 || path[n] != '/' ||
		!print_value(key, str_from(path + n + 1), out))
		print_unset(key, out);
}

static void path_print(const struct key *key, const void *field, const char *dir, struct buf *out)
{
	const char *path = *(char *const *)field;

	if (path)
		path_print_one(key, path, dir, out);
	else
		print_unset(key, out);
}

const struct key_type key_type_PATH = {
	.parse = path_parse, .print = path_print, .release = string_release, .expected = "a file"};

static bool check_count(size_t n, struct error *err)
{
	return n < CONFIG_LIST_MAX || error_set(err, "given more than %d times", CONFIG_LIST_MAX);
}

static bool paths_parse(const struct key *key, struct str text, const struct key_place *place,
	void *field, struct error *err)
{
	struct config_list *list = field;
	char *path;

	if (!check_count(list->n, err) || !path_read(key, text, place, &path, err))
		return false;
	vec_push(list, path);
	return true;
}

static void paths_print(const struct key *key, const void *field, const char *dir, struct buf *out)
{
	const struct config_list *list = field;

	for (size_t i = 0; i < list->n; i++)
		path_print_one(key, list->v[i], dir, out);
}

static void paths_release(void *field)
{
	struct config_list *list = field;

	for (size_t i = 0; i < list->n; i++)
		free(list->v[i]);
	vec_release(list);
}

const struct key_type key_type_PATHS = {.parse = paths_parse,
	.print = paths_print,
	.release = paths_release,
	.list = true,
	.expected = "a file"};

static bool dirs_parse(const struct key *key UNUSED, struct str text,
	const struct key_place *place, void *field, struct error *err)
{
	struct config_list *list = field;
	char *path;

	if (!check_count(list->n, err) || !absolute_path(text, place, &path, err))
		return false;
	vec_push(list, path);
	return true;
}

static void dirs_print(const struct key *key, const void *field, const char *dir, struct buf *out)
{
	const struct config_list *list = field;

	paths_print(key, field, dir, out);
	if (list->n == 0)
		print_unset(key, out);
}

const struct key_type key_type_DIRS = {.parse = dirs_parse,
	.print = dirs_print,
	.release = paths_release,
	.list = true,
	.expected = "a directory"};

/* --- names of other sections ------------------------------------------------------------- */

/* Whether there are such sections is known when all is read. */
static bool names_parse(const struct key *key UNUSED, struct str text,
	const struct key_place *place UNUSED, void *field, struct error *err)
{
	struct config_list *list = field;

	if (!check_count(list->n, err))
		return false;
	vec_push(list, xmemdup0(text.p, text.len));
	return true;
}

static void names_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	const struct config_list *list = field;

	if (list->n == 0)
		print_unset(key, out);
	for (size_t i = 0; i < list->n; i++)
		print_value(key, str_from(list->v[i]), out);
}

const struct key_type key_type_NAMES = {.parse = names_parse,
	.print = names_print,
	.release = paths_release,
	.list = true,
	.expected = "the NAME of an [engine NAME] section"};

/* --- commands ------------------------------------------------------------------------- */

static bool command_type_parse(const struct key *key UNUSED, struct str text,
	const struct key_place *place UNUSED, void *field, struct error *err)
{
	return command_parse(text, field, err);
}

static void command_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	const struct config_command *command = field;

	if (!command->text || !print_value(key, str_from(command->text), out))
		print_unset(key, out);
}

static void command_type_release(void *field)
{
	command_release(field);
}

const struct key_type key_type_COMMAND = {.parse = command_type_parse,
	.print = command_print,
	.release = command_type_release,
	.expected = "a command"};

/* --- filters: KEY=VALUE ------------------------------------------------------------------ */

static bool filters_parse(const struct key *key, struct str text, const struct key_place *place,
	void *field, struct error *err)
{
	struct config_filters *filters = field;
	struct config_filter filter = {.line = place->line};
	struct str name, value;

	if (!str_cut(text, '=', &name, &value) || name.len == 0 || value.len == 0)
		return type_refuse(key, text, "no filter", err);
	if (!check_count(filters->n, err))
		return false;
	filter.key = xmemdup0(name.p, name.len);
	filter.value = xmemdup0(value.p, value.len);
	vec_push(filters, filter);
	return true;
}

static void filters_print(
	const struct key *key, const void *field, const char *dir UNUSED, struct buf *out)
{
	const struct config_filters *filters = field;

	if (filters->n == 0)
		print_unset(key, out);
	for (size_t i = 0; i < filters->n; i++) {
		char *text = xasprintf("%s=%s", filters->v[i].key, filters->v[i].value);

		print_value(key, str_from(text), out);
		free(text);
	}
}

static void filters_release(void *field)
{
	struct config_filters *filters = field;

	for (size_t i = 0; i < filters->n; i++) {
		free(filters->v[i].key);
		free(filters->v[i].value);
	}
	vec_release(filters);
}

const struct key_type key_type_FILTERS = {.parse = filters_parse,
	.print = filters_print,
	.release = filters_release,
	.list = true,
	.expected = "KEY=VALUE"};
