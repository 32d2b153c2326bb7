/* SPDX-License-Identifier: MIT
 *
 * Reads recorded answers. Head lines that describe one transfer and not the answer (Date,
 * Content-Length, Transfer-Encoding, Connection) are dropped: the emulator writes its own. Engines
 * write a Content-Type that they guessed after Date, others before it.
 */
#include "config.h"

#include "engine/sim_capture.h"

#include "base/alloc.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPTURE_MAX ((size_t)512 << 20)

static bool is_transfer_line(struct str line, bool dated)
{
	static const char *const names[] = {"Date:", "Transfer-Encoding:", "Connection:"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_has_prefix(line, str_from(names[i])))
			return true;
	/* one before Date is the engine's own word (ping-head) */
	return dated && str_has_prefix(line, STR("Content-Length:"));
}

static void split_head(struct capture *c, struct str head, bool *ret_chunked)
{
	struct buf before, after;
	bool dated = false;
	struct str line;

	buf_init(&before, CAPTURE_MAX);
	buf_init(&after, CAPTURE_MAX);
	*ret_chunked = str_find(head, STR("Transfer-Encoding: chunked")) >= 0;
	for (struct str rest = head; rest.len;) {
		if (!str_cut(rest, '\n', &line, &rest))
			rest.len = 0;
		if (str_has_prefix(line, STR("Date:")))
			dated = true;
		if (is_transfer_line(line, dated))
			continue;
		buf_add_str(dated ? &after : &before, line);
		buf_add_char(dated ? &after : &before, '\n');
	}
	c->head = buf_take(&before, NULL);
	c->after_date = buf_take(&after, NULL);
}

/* Removes the chunk framing of in; a recording that was cut short ends where it ends. */
static bool dechunk(struct str in, struct buf *out, struct error *err)
{
	while (in.len) {
		char *end;
		ssize_t eol = str_find(in, STR("\r\n"));
		unsigned long size = eol < 0 ? 0 : strtoul(in.p, &end, 16);

		if (eol < 0 || end != in.p + eol)
			return error_set(err, "broken chunk size");
		if (size == 0)
			return true;
		in = str_sub(in, (size_t)eol + 2, in.len);
		buf_add_str(out, str_sub(in, 0, size));
		in = str_sub(in, size + 2, in.len);
	}
	return true;
}

static bool parse(struct capture *c, struct str text, struct error *err)
{
	ssize_t end = str_find(text, STR("\r\n\r\n"));
	struct str line, head, body;
	bool chunked;

	if (end < 0 || !str_cut(text, '\n', &line, &head) || line.len < 14)
		return error_set(err, "no HTTP head");
	body = str_sub(text, (size_t)end + 4, text.len);
	head = str_n(head.p, (size_t)(body.p - head.p) - 4);
	c->status = atoi(line.p + 9);
	c->reason = xmemdup0(line.p + 13, line.len - 14);
	/* The last head line loses its line end at the cut; give it back to be uniform. */
	char *lines = xasprintf("%.*s\r", STR_ARG(head));
	split_head(c, str_from(lines), &chunked);
	free(lines);
	if (!chunked) {
		buf_add_str(&c->body, body);
		return true;
	}
	return dechunk(body, &c->body, err);
}

bool capture_parse(struct capture *c, struct str text, struct error *err)
{
	*c = (struct capture){.status = 0};
	buf_init(&c->body, CAPTURE_MAX);
	if (parse(c, text, err))
		return true;
	capture_release(c);
	return false;
}

bool capture_load(struct capture *c, const char *dir, const char *name, struct error *err)
{
	char *path = xasprintf("%s/%s.http", dir, name);
	struct buf text;
	bool ok;

	buf_init(&text, CAPTURE_MAX);
	ok = file_read(path, CAPTURE_MAX, &text, err);
	if (ok && !capture_parse(c, buf_str(&text), err))
		ok = error_prepend(err, "%s: ", path);
	buf_release(&text);
	free(path);
	return ok;
}

void capture_release(struct capture *c)
{
	free(c->reason);
	free(c->head);
	free(c->after_date);
	buf_release(&c->body);
	*c = (struct capture){.status = 0};
}
