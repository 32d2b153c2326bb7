/* SPDX-License-Identifier: MIT
 *
 * The recorded bytes of real engines (tests/captures) through the HTTP and event parsers: in one
 * piece, byte by byte, in the pieces they were received in, and split in two at every place. The
 * head and short files are split everywhere, the rest at SPLITS places; UD_TEST_EVERY_SPLIT=1 in
 * the environment splits all files everywhere. What event streams say is compared with events.want,
 * which another reader of HTTP and JSON made.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/vec.h"
#include "engine/transcript.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#define CAPTURE_MAX ((size_t)4 << 20)
#define SPLIT_ALL   700
#define SPLITS      150

static VEC(char *) paths = VEC_INIT;

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	if (type == FTW_F && str_has_suffix(str_from(path), STR(".http")))
		vec_push(&paths, xstrdup(path));
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *captures_dir(void)
{
	const char *top = getenv("top_srcdir");

	return xasprintf("%s/tests/captures", top ? top : ".");
}

static void find_captures(void)
{
	char *dir = captures_dir();

	cr_assert_eq(nftw(dir, visit, 16, FTW_PHYS), 0);
	cr_assert_gt(paths.n, 400, "captures not found in %s", dir);
	qsort(paths.v, paths.n, sizeof(paths.v[0]), compare_paths);
	free(dir);
}

static void forget_captures(void)
{
	for (size_t i = 0; i < paths.n; i++)
		free(paths.v[i]);
	vec_release(&paths);
}

TestSuite(captures, .init = find_captures, .fini = forget_captures);

static void read_capture(const char *path, struct buf *ret)
{
	struct error err = ERROR_INIT;

	buf_init(ret, SIZE_MAX / 2);
	cr_assert(file_read(path, CAPTURE_MAX, ret, &err), "%s", error_text(&err));
}

static bool is_stream(const struct buf *bytes)
{
	return str_find(buf_str(bytes), STR("\"timeNano\":")) >= 0;
}

static void begin(struct transcript *t, const char *path, const struct buf *bytes)
{
	bool head = str_has_suffix(str_from(path), STR("ping-head.http"));

	transcript_init(t, head ? HTTP_EXPECT_NO_BODY : HTTP_EXPECT_BODY, CAPTURE_MAX);
	t->feed_events = is_stream(bytes);
	t->pipelined = strstr(path, "/pipelined-") != NULL;
}

static char *whole(struct transcript *t, const struct buf *bytes)
{
	transcript_feed(t, buf_str(bytes));
	transcript_eof(t);
	return xstrdup(transcript_text(t));
}

Test(captures, every_answer_is_whole_or_cut)
{
	for (size_t i = 0; i < paths.n; i++) {
		struct buf bytes;
		struct transcript t;
		char *text;

		read_capture(paths.v[i], &bytes);
		begin(&t, paths.v[i], &bytes);
		text = whole(&t, &bytes);
		cr_assert(strstr(text, "done\n") ||
				strstr(text, "error: the connection was closed within the answer's body"),
			"%s: %s", paths.v[i], text);
		cr_assert(!strstr(text, "rest ["), "%s: bytes behind the end", paths.v[i]);
		if (t.pipelined)
			cr_assert_eq(t.answers, 4, "%s: %s", paths.v[i], text);
		free(text);
		transcript_release(&t);
		buf_release(&bytes);
	}
}

Test(captures, bytes_one_by_one_say_the_same)
{
	for (size_t i = 0; i < paths.n; i++) {
		struct buf bytes;
		struct transcript t;
		char *want;

		read_capture(paths.v[i], &bytes);
		begin(&t, paths.v[i], &bytes);
		want = whole(&t, &bytes);
		transcript_clear(&t);
		for (size_t k = 0; k < bytes.len; k++)
			transcript_feed(&t, str_sub(buf_str(&bytes), k, k + 1));
		transcript_eof(&t);
		cr_assert_str_eq(transcript_text(&t), want, "%s", paths.v[i]);
		free(want);
		transcript_release(&t);
		buf_release(&bytes);
	}
}

static void split_everywhere(const char *path)
{
	struct buf bytes;
	struct transcript t;
	char *want;
	size_t step;

	read_capture(path, &bytes);
	begin(&t, path, &bytes);
	want = whole(&t, &bytes);
	step = getenv("UD_TEST_EVERY_SPLIT") ? 1 : 1 + bytes.len / SPLITS;
	for (size_t k = 1; k < bytes.len; k += k < SPLIT_ALL ? 1 : step) {
		transcript_clear(&t);
		transcript_feed(&t, str_sub(buf_str(&bytes), 0, k));
		transcript_feed(&t, str_sub(buf_str(&bytes), k, bytes.len));
		transcript_eof(&t);
		cr_assert_str_eq(transcript_text(&t), want, "%s split at %zu", path, k);
	}
	free(want);
	transcript_release(&t);
	buf_release(&bytes);
}

/* Two halves, so that two processors share the work. */
Test(captures, two_pieces_say_the_same_1)
{
	for (size_t i = 0; i < paths.n; i += 2)
		split_everywhere(paths.v[i]);
}

Test(captures, two_pieces_say_the_same_2)
{
	for (size_t i = 1; i < paths.n; i += 2)
		split_everywhere(paths.v[i]);
}

/* Feeds the pieces of a .reads file, "<milliseconds> <bytes>" a line. False without such a file. */
static bool feed_as_received(struct transcript *t, const char *path, struct str bytes)
{
	char *reads_path = xasprintf("%s.reads", path);
	FILE *reads = fopen(reads_path, "r");
	size_t at = 0, n;
	double ms;

	free(reads_path);
	if (!reads)
		return false;
	while (fscanf(reads, "%lf %zu", &ms, &n) == 2) {
		transcript_feed(t, str_sub(bytes, at, at + n));
		at += n;
	}
	fclose(reads);
	cr_assert_eq(at, bytes.len, "%s: the reads do not add up", path);
	transcript_eof(t);
	return true;
}

Test(captures, streams_as_they_were_received_say_the_same)
{
	size_t streams = 0;

	for (size_t i = 0; i < paths.n; i++) {
		struct buf bytes;
		struct transcript t;
		char *want;

		read_capture(paths.v[i], &bytes);
		begin(&t, paths.v[i], &bytes);
		want = whole(&t, &bytes);
		transcript_clear(&t);
		if (feed_as_received(&t, paths.v[i], buf_str(&bytes))) {
			cr_assert_str_eq(transcript_text(&t), want, "%s", paths.v[i]);
			streams++;
		}
		free(want);
		transcript_release(&t);
		buf_release(&bytes);
	}
	cr_assert_gt(streams, 100);
}

/* The event lines of a transcript, under the heading that events.want has. */
static void add_stream(struct buf *text, const char *name, struct transcript *t)
{
	const struct events_counts *counts = events_counts(t->events);
	struct str rest = str_from(transcript_text(t)), line;

	if (counts->seen + counts->dropped == 0)
		return;
	buf_add_fmt(text, "%s: %llu events, %llu dropped\n", name, (unsigned long long)counts->seen,
		(unsigned long long)counts->dropped);
	while (str_cut(rest, '\n', &line, &rest))
		if (str_has_prefix(line, STR("  ")))
			buf_add_fmt(text, "%.*s\n", STR_ARG(line));
}

Test(captures, streams_say_what_another_reader_found)
{
	char *dir = captures_dir(), *want_path = xasprintf("%s/events.want", dir);
	struct buf text, want;
	size_t prefix = strlen(dir) + 1;

	buf_init(&text, SIZE_MAX / 2);
	read_capture(want_path, &want);
	for (size_t i = 0; i < paths.n; i++) {
		struct buf bytes;
		struct transcript t;
		char *unused;

		read_capture(paths.v[i], &bytes);
		begin(&t, paths.v[i], &bytes);
		unused = whole(&t, &bytes);
		add_stream(&text, paths.v[i] + prefix, &t);
		cr_assert_eq(events_counts(t.events)->lost, 0, "%s: %s", paths.v[i], unused);
		free(unused);
		transcript_release(&t);
		buf_release(&bytes);
	}
	cr_assert_str_eq(buf_cstr(&text), buf_cstr(&want));
	buf_release(&text);
	buf_release(&want);
	free(want_path);
	free(dir);
}
