/* SPDX-License-Identifier: MIT
 *
 * Small JSON texts, see control_json.h.
 */
#include "config.h"

#include "engine/control_json.h"

#include "value/json_read.h"
#include "value/value.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

/* Columns of a process table: pid, parent, command. */
#define COLUMNS 3

static void print(void *arg, const char *p, size_t len)
{
	buf_add(arg, p, len);
}

void control_write_exec(struct buf *b, const char *const *argv)
{
	yajl_gen gen = yajl_gen_alloc(NULL);

	if (!gen)
		abort();
	yajl_gen_config(gen, yajl_gen_print_callback, print, b);
	buf_add_cstr(b, "{\"AttachStdout\":true,\"AttachStderr\":true,\"Tty\":false,\"Cmd\":");
	yajl_gen_array_open(gen);
	for (; *argv; argv++)
		yajl_gen_string(gen, (const unsigned char *)*argv, strlen(*argv));
	yajl_gen_array_close(gen);
	buf_add_char(b, '}');
	yajl_gen_free(gen);
}

static bool read_object(struct arena *a, struct str body, struct value *ret, struct error *err)
{
	if (!json_read(a, body, ret, err))
		return error_prepend(err, "the engine's answer is no JSON: ");
	if (value_kind(*ret) != KIND_MAP)
		return error_set(err, "the engine's answer is no JSON object");
	return true;
}

bool control_read_id(struct arena *a, struct str body, struct str *ret, struct error *err)
{
	struct value answer, id;

	if (!read_object(a, body, &answer, err))
		return false;
	id = map_get_str(answer, STR("Id"));
	if (value_kind(id) != KIND_STRING || value_len(id) == 0 || value_len(id) > CONTROL_ID_MAX)
		return error_set(err, "the engine gave no id for the command");
	*ret = value_as_str(id);
	return true;
}

bool control_read_exec(
	struct arena *a, struct str body, bool *ret_running, int *ret_exit_code, struct error *err)
{
	struct value answer, running, code;

	if (!read_object(a, body, &answer, err))
		return false;
	running = map_get_str(answer, STR("Running"));
	code = map_get_str(answer, STR("ExitCode"));
	if (value_kind(running) != KIND_BOOL)
		return error_set(err, "the engine does not say whether the command runs");
	if (running.b) {
		*ret_running = true;
		return true;
	}
	if (value_kind(code) != KIND_FLOAT64 || !(code.f >= 0 && code.f <= 255))
		return error_set(err, "the engine gives no exit code of the command");
	*ret_running = false;
	*ret_exit_code = (int)code.f;
	return true;
}

/* --- processes ---------------------------------------------------------------------------- */

static struct str skip_blanks(struct str s)
{
	while (s.len && (*s.p == ' ' || *s.p == '\t'))
		s = str_sub(s, 1, s.len);
	return s;
}

/* The next word of *s, which becomes the rest. */
static struct str take_word(struct str *s)
{
	struct str all = skip_blanks(*s);
	size_t n = 0;

	while (n < all.len && all.p[n] != ' ' && all.p[n] != '\t')
		n++;
	*s = skip_blanks(str_sub(all, n, all.len));
	return str_sub(all, 0, n);
}

static bool set_process(
	struct control_process *p, struct str pid, struct str parent, struct str command)
{
	uint64_t id, above;

	if (!str_to_u64(str_trim(pid), INT32_MAX, &id) ||
		!str_to_u64(str_trim(parent), INT32_MAX, &above))
		return false;
	*p = (struct control_process){(int64_t)id, (int64_t)above, command};
	return true;
}

/* One row: a slice of three texts, or of one with all three. */
static bool read_process(struct value row, struct control_process *p)
{
	struct str cell[COLUMNS], rest;
	size_t n = value_kind(row) == KIND_SLICE ? slice_len(row) : 0;

	if (n != 1 && n != COLUMNS)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct value v = slice_at(row, i);

		if (value_kind(v) != KIND_STRING)
			return false;
		cell[i] = value_as_str(v);
	}
	if (n == COLUMNS)
		return set_process(p, cell[0], cell[1], cell[2]);
	rest = cell[0];
	cell[0] = take_word(&rest);
	cell[1] = take_word(&rest);
	return set_process(p, cell[0], cell[1], rest);
}

bool control_read_top(struct arena *a, struct str body, const struct control_process **ret,
	size_t *ret_n, struct error *err)
{
	struct control_process *processes;
	struct value answer, rows;
	size_t n;

	if (str_trim(body).len == 0)
		return error_set(err, "the engine gives no processes: the container does not run");
	if (!read_object(a, body, &answer, err))
		return false;
	rows = map_get_str(answer, STR("Processes"));
	if (value_kind(rows) != KIND_SLICE)
		return error_set(err, "the engine gives no processes");
	n = slice_len(rows);
	if (n > CONTROL_PROCESSES_MAX)
		return error_set(
			err, "the container has more than %d processes", CONTROL_PROCESSES_MAX);
	processes = arena_alloc(a, (n + 1) * sizeof(*processes));
	for (size_t i = 0; i < n; i++)
		if (!read_process(slice_at(rows, i), &processes[i]))
			return error_set(
				err, "row %zu of the container's processes makes no sense", i + 1);
	*ret = processes;
	*ret_n = n;
	return true;
}
