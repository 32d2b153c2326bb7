/* SPDX-License-Identifier: MIT
 *
 * Events per second: the event parser against yajl alone on the same bytes. The bytes are the
 * recorded streams of one engine, repeated; yajl gets no callbacks, so its figure is that of
 * reading JSON and nothing else. One line per figure on stdout.
 *
 *	bench-events FOLDER-OF-RECORDINGS
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "engine/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#define STREAM_BYTES ((size_t)32 << 20) /* at least so much of each kind */
#define PIECE	     16384		/* bytes fed at a time, as a socket gives them */
#define ROUNDS	     5			/* the best counts */
#define FILE_MAX     ((size_t)16 << 20)

static const char *const files[] = {
	"events-lifecycle", "events-kill", "events-network", "events-exec", "events-health"};

struct stream {
	struct buf bytes;
	uint64_t events;
};

/* Adds the events of one recording that are exec noise, or those that are not. */
static void add_lines(struct stream *s, struct str text, bool noise)
{
	struct str line, rest = text;

	while (str_cut(rest, '\n', &line, &rest)) {
		bool exec = str_find(line, STR("\"Action\":\"exec_")) >= 0;
		bool container = str_find(line, STR("\"Type\":\"container\"")) >= 0 ||
				 str_find(line, STR("\"Action\":\"connect\"")) >= 0 ||
				 str_find(line, STR("\"Action\":\"disconnect\"")) >= 0;

		if (line.len == 0 || line.p[0] != '{' || exec != noise || !container)
			continue;
		buf_add_str(&s->bytes, line);
		buf_add_char(&s->bytes, '\n');
		s->events++;
	}
}

static void repeat(struct stream *s)
{
	size_t len = s->bytes.len;
	uint64_t events = s->events;

	while (len && s->bytes.len < STREAM_BYTES) {
		char *room = buf_reserve(&s->bytes, len);

		memcpy(room, s->bytes.data, len);
		s->bytes.len += len;
		s->events += events;
	}
}

static bool load(struct stream *s, const char *dir, bool noise, struct error *err)
{
	struct buf text;

	buf_init(&s->bytes, 2 * STREAM_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *path = xasprintf("%s/%s.http", dir, files[i]);
		bool ok;

		buf_init(&text, FILE_MAX);
		ok = file_read(path, FILE_MAX, &text, err);
		if (ok)
			add_lines(s, buf_str(&text), noise);
		buf_release(&text);
		free(path);
		if (!ok)
			return false;
	}
	repeat(s);
	return true;
}

static uint64_t seen;

static void bench_on_event(const struct engine_event *ev UNUSED, void *arg UNUSED)
{
	seen++;
}

static void bench_on_lost(const char *why, void *arg UNUSED)
{
	fprintf(stderr, "bench-events: lost an event: %s\n", why);
	exit(1);
}

static void run_ours(const struct stream *s)
{
	struct events_handlers h = {.on_event = bench_on_event, .on_lost = bench_on_lost};
	struct events *es = events_new(&h, NULL);

	for (size_t at = 0; at < s->bytes.len; at += PIECE) {
		size_t n = s->bytes.len - at < PIECE ? s->bytes.len - at : PIECE;

		events_feed(es, s->bytes.data + at, n);
	}
	events_free(es);
}

static void run_yajl(const struct stream *s)
{
	yajl_handle h = yajl_alloc(NULL, NULL, NULL);

	yajl_config(h, yajl_allow_multiple_values, 1);
	for (size_t at = 0; at < s->bytes.len; at += PIECE) {
		size_t n = s->bytes.len - at < PIECE ? s->bytes.len - at : PIECE;

		if (yajl_parse(h, (const unsigned char *)s->bytes.data + at, n) != yajl_status_ok) {
			fprintf(stderr, "bench-events: yajl refuses the bytes\n");
			exit(1);
		}
	}
	yajl_free(h);
}

/* The best of some rounds, in events per second. */
static double best(const struct stream *s, void (*run)(const struct stream *s))
{
	int64_t shortest = INT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = clock_mono_ns(), took;

		run(s);
		took = clock_mono_ns() - start;
		if (took < shortest)
			shortest = took;
	}
	return (double)s->events / ((double)shortest / NS_PER_S);
}

static bool measure(const char *name, const char *dir, bool noise, struct error *err)
{
	struct stream s = {.events = 0};
	double ours, yajl;

	if (!load(&s, dir, noise, err)) {
		buf_release(&s.bytes);
		return false;
	}
	ours = best(&s, run_ours);
	yajl = best(&s, run_yajl);
	printf("events.%s %.0f events/s (%zu bytes each on average)\n", name, ours,
		(size_t)(s.bytes.len / s.events));
	printf("events.%s.yajl_alone %.0f events/s\n", name, yajl);
	printf("events.%s.ratio %.2f times yajl alone\n", name, ours / yajl);
	buf_release(&s.bytes);
	return true;
}

int main(int argc, char **argv)
{
	struct error err = ERROR_INIT;

	if (argc != 2) {
		fputs("usage: bench-events FOLDER-OF-RECORDINGS\n", stderr);
		return 2;
	}
	if (measure("relevant", argv[1], false, &err) && measure("dropped", argv[1], true, &err))
		return 0;
	fprintf(stderr, "bench-events: %s\n", error_text(&err));
	error_clear(&err);
	return 1;
}
