/* SPDX-License-Identifier: MIT
 *
 * See sim_tool.h. Answers that are compared are recordings and the emulator's own.
 */
#include "config.h"

#include "engine/sim_tool.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/vec.h"
#include "engine/sim_capture.h"
#include "engine/sim_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_MAX ((size_t)512 << 20)
#define READ_SIZE  65536
#define DEPTH_MAX  64
#define PATH_SIZE  512

static bool read_all(int fd, struct buf *out)
{
	ssize_t n;

	do {
		char *room = buf_reserve(out, READ_SIZE);

		n = room ? read(fd, room, READ_SIZE) : -1;
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR && !out->full));
	return n == 0;
}

static int dial(const char *path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) < sizeof(sa.sun_path))
		strcpy(sa.sun_path, path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0)
		return fd;
	fprintf(stderr, "enginesim: %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int sim_get_main(int argc, char **argv)
{
	bool http10 = false, head = false;
	struct buf text;
	bool ok;
	int fd;

	for (; argc && argv[0][0] == '-'; argc--, argv++) {
		http10 |= strcmp(argv[0], "-0") == 0;
		head |= strcmp(argv[0], "-I") == 0;
	}
	if (argc < 2) {
		fputs("usage: enginesim get [-0] [-I] SOCKET TARGET [HEADER…]\n", stderr);
		return 2;
	}
	fd = dial(argv[0]);
	if (fd < 0)
		return 1;
	buf_init(&text, ANSWER_MAX);
	buf_add_fmt(&text, "%s %s HTTP/1.%d\r\nHost: docker\r\n", head ? "HEAD" : "GET", argv[1],
		!http10);
	for (int i = 2; i < argc; i++)
		buf_add_fmt(&text, "%s\r\n", argv[i]);
	buf_add_cstr(&text, http10 ? "\r\n" : "Connection: close\r\n\r\n");
	ok = write(fd, text.data, text.len) == (ssize_t)text.len;
	buf_clear(&text);
	ok = ok && read_all(fd, &text);
	fwrite(text.data, 1, text.len, stdout);
	buf_release(&text);
	close(fd);
	return !ok;
}

/* ---- shapes ---- */

/* Objects whose keys are data. */
static bool keys_are_data(const char *path)
{
	static const char *const names[] = {"Labels", "Networks", "Ports", "ExposedPorts",
		"PortBindings", "Containers", "Subnets", "Runtimes", "IndexConfigs"};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < ARRAY_LEN(names); i++)
		if (strcmp(dot + 1, names[i]) == 0)
			return true;
	return false;
}

typedef VEC(char *) lines;

static void add_line(lines *out, char *line)
{
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->v[i], line) == 0) {
			free(line);
			return;
		}
	vec_push(out, line);
}

static const char *type_name(yajl_val v)
{
	switch (v->type) {
	case yajl_t_string:
		return "string";
	case yajl_t_number:
		return "number";
	case yajl_t_object:
		return "object";
	case yajl_t_array:
		return "array";
	case yajl_t_true:
	case yajl_t_false:
		return "bool";
	case yajl_t_null:
	case yajl_t_any:
		break;
	}
	return "null";
}

static void value_shape(yajl_val v, const char *path, unsigned depth, lines *out)
{
	char member[PATH_SIZE];

	add_line(out, xasprintf("%s %s", path, type_name(v)));
	if (depth == DEPTH_MAX)
		return;
	for (size_t i = 0; v->type == yajl_t_object && i < v->u.object.len; i++) {
		snprintf(member, sizeof(member), "%s.%s", path,
			keys_are_data(path) ? "*" : v->u.object.keys[i]);
		value_shape(v->u.object.values[i], member, depth + 1, out);
	}
	for (size_t i = 0; v->type == yajl_t_array && i < v->u.array.len; i++) {
		snprintf(member, sizeof(member), "%s[]", path);
		value_shape(v->u.array.values[i], member, depth + 1, out);
	}
}

static void print_keys(yajl_val v)
{
	for (size_t i = 0; v && v->type == yajl_t_object && i < v->u.object.len; i++)
		printf("%s%s", i ? "," : "", v->u.object.keys[i]);
}

static const char *text_of(yajl_val v)
{
	return v && YAJL_IS_STRING(v) ? v->u.string : "";
}

static void event_shape(yajl_val v)
{
	yajl_val actor = json_member(v, "Actor");

	printf("%s %s [", text_of(json_member(v, "Type")), text_of(json_member(v, "Action")));
	print_keys(v);
	printf("] [");
	print_keys(actor);
	printf("] [");
	print_keys(json_member(actor, "Attributes"));
	printf("]\n");
}

static bool stream_shape(struct str body, struct error *err)
{
	struct str line;
	yajl_val v;

	while (body.len) {
		if (!str_cut(body, '\n', &line, &body))
			body.len = 0;
		if (line.len && line.p[0] == '\x1e')
			line = str_sub(line, 1, line.len);
		if (line.len == 0)
			continue;
		if (!json_parse(line.p, line.len, &v, err))
			return false;
		event_shape(v);
		yajl_tree_free(v);
	}
	return true;
}

static bool body_shape(struct str body, struct error *err)
{
	lines out = VEC_INIT;
	yajl_val v;

	if (!json_parse(body.p, body.len, &v, err))
		return false;
	value_shape(v, "", 0, &out);
	yajl_tree_free(v);
	for (size_t i = 0; i < out.n; i++) {
		puts(out.v[i]);
		free(out.v[i]);
	}
	vec_release(&out);
	return true;
}

/* Values that differ from transfer to transfer are left out. */
static void head_shape(struct str head)
{
	static const char *const blank[] = {"Date", "Content-Length", "X-Reference-Id"};
	struct str line, name, value;

	while (head.len) {
		if (!str_cut(head, '\n', &line, &head))
			head.len = 0;
		line = str_trim(line);
		if (str_cut(line, ':', &name, &value))
			for (size_t i = 0; i < ARRAY_LEN(blank); i++)
				if (str_eqz(name, blank[i]))
					line = name;
		printf("%.*s\n", STR_ARG(line));
	}
}

static bool shape(struct str text, struct error *err)
{
	ssize_t end = str_find(text, STR("\r\n\r\n"));
	struct str body;
	struct capture c;
	bool ok = true;

	if (!capture_parse(&c, text, err))
		return false;
	body = buf_str(&c.body);
	head_shape(str_sub(text, 0, (size_t)end));
	if (body.len == 0)
		puts("(no body)");
	else if (body.p[0] != '{' && body.p[0] != '[' && body.p[0] != '\x1e')
		printf("(text) %.*s\n", STR_ARG(str_trim(body)));
	else if (str_find(body, STR("\"timeNano\"")) > 0)
		ok = stream_shape(body, err);
	else
		ok = body_shape(body, err);
	capture_release(&c);
	return ok;
}

int sim_shape_main(void)
{
	struct error err = ERROR_INIT;
	struct buf text;
	bool ok;

	buf_init(&text, ANSWER_MAX);
	ok = read_all(STDIN_FILENO, &text) && shape(buf_str(&text), &err);
	if (!ok)
		fprintf(stderr, "enginesim: %s\n", error_text(&err));
	error_clear(&err);
	buf_release(&text);
	return !ok;
}
