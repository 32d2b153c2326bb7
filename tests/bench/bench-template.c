/* SPDX-License-Identifier: MIT
 *
 * How fast a template renders over N containers, what memory that takes, and whether both grow as N
 * does:
 *
 *	bench-template [--share K] [--once] TEMPLATE [N | --snapshot FILE]...
 *
 * One line per N: processor time of a render (the best of many and the mean), per container and per
 * step (a round of a loop or the call of a template), output, and the memory a render took together
 * with its output, in bytes for each byte of output. The containers are made up: K of them (2 if
 *not said) serve one host name, each is on two of four networks, and the first one is the proxy,
 *where templates look for the container they run in. With --snapshot FILE in place of N that file's
 * containers are taken. With --once each is rendered once, for a profiler.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "model/expose.h"
#include "model/snapshot_file.h"
#include "template/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXT_MAX ((size_t)1 << 30)
/* Renders take at least so long together. */
#define LONG_ENOUGH ((int64_t)NS_PER_S)

struct bench {
	struct template_set *set;
	const char *name; /* of the template */
	unsigned share;	  /* containers to a host name */
	bool once;
};

static void add_container(struct buf *b, unsigned i, unsigned n, unsigned share)
{
	unsigned site = i % (n / share + 1);

	buf_add_fmt(b,
		"%s{\"Id\":\"%064x\",\"Name\":\"/app-%u\",\"Created\":\"2024-05-01T10:00:00Z\","
		"\"State\":{\"Status\":\"running\",\"Running\":true},"
		"\"Config\":{\"Hostname\":\"app%u\",\"Image\":\"registry.example/app:%u\","
		"\"Env\":[\"VIRTUAL_HOST=site-%u.example\",\"VIRTUAL_PATH=%s\",\"NUMBER=%u\"],"
		"\"Labels\":{\"com.docker.compose.project\":\"shop\","
		"\"com.docker.compose.service\":\"app-%u\"%s},\"ExposedPorts\":{\"8080/tcp\":{}}},",
		i ? "," : "", i + 1, i, i, i % 7, site, i % 3 ? "/" : "/api", i, i,
		i % 5 ? "" : ",\"proxy.weight\":\"3\"");
	buf_add_fmt(b,
		"\"NetworkSettings\":{\"Ports\":{\"8080/tcp\":null},\"Networks\":{"
		"\"net-%u\":{\"IPAddress\":\"10.%u.%u.%u\",\"Gateway\":\"10.0.0.1\"},"
		"\"shared\":{\"IPAddress\":\"172.%u.%u.%u\",\"Gateway\":\"172.0.0.1\"}}}}",
		i % 3, i % 3, i >> 8 & 255, i & 255, i >> 16 & 255, i >> 8 & 255, i & 255);
}

static struct snapshot *made_up(unsigned n, unsigned share, struct error *err)
{
	struct snapshot *s;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	buf_add_fmt(&b,
		"{\"env\":{\"DEFAULT_HOST\":\"site-1.example\"},\"current_id\":\"%064x\","
		"\"containers\":[",
		1);
	for (unsigned i = 0; i < n; i++)
		add_container(&b, i, n, share);
	buf_add_cstr(&b, "]}");
	s = snapshot_from_json(buf_str(&b), NULL, NULL, err);
	buf_release(&b);
	return s;
}

/* Processor time in nanoseconds: other work on the machine does not count. */
static int64_t cpu_ns(void)
{
	return (int64_t)clock() * (NS_PER_S / CLOCKS_PER_SEC);
}

static bool render_once(const struct bench *b, const struct snapshot *s, struct buf *out,
	struct template_usage *usage, struct error *err)
{
	struct template_options options = {.env = snapshot_env(s), .usage = usage};
	struct arena arena;
	bool ok;

	arena_init(&arena);
	buf_clear(out);
	ok = template_render(
		b->set, str_from(b->name), snapshot_root(s, NULL, &arena), &options, out, err);
	arena_release(&arena);
	return ok;
}

/* Renders for some time and prints the best and the mean. */
static bool measure(const struct bench *b, const struct snapshot *s, struct error *err)
{
	size_t n = snapshot_count(s) ? snapshot_count(s) : 1;
	int64_t total = 0, best = INT64_MAX;
	struct template_usage usage = {0};
	unsigned rounds = 0;
	struct buf out;

	buf_init(&out, TEMPLATE_OUTPUT_MAX);
	while (rounds == 0 || (!b->once && (total < LONG_ENOUGH || rounds < 3))) {
		int64_t start = cpu_ns(), took;

		if (!render_once(b, s, &out, &usage, err)) {
			buf_release(&out);
			return false;
		}
		took = cpu_ns() - start;
		best = took < best ? took : best;
		total += took;
		rounds++;
	}
	printf("template %s, %zu containers: best %.3f ms (mean %.3f), %.1f us a container, "
	       "%.0f ns a step, %.1f MB/s, output %zu bytes, memory %.1f times that\n",
		b->name, snapshot_count(s), (double)best / NS_PER_MS,
		(double)total / rounds / NS_PER_MS, (double)best / (double)n / NS_PER_US,
		(double)best / (double)(usage.steps ? usage.steps : 1),
		(double)out.len / (double)best * 1e3, out.len,
		(double)(usage.memory + out.cap) / (double)(out.len ? out.len : 1));
	buf_release(&out);
	return true;
}

static bool load(struct bench *b, const char *path, struct error *err)
{
	struct buf text;
	bool ok;

	b->name = file_basename(path);
	buf_init(&text, TEMPLATE_TEXT_MAX);
	ok = file_read(path, TEMPLATE_TEXT_MAX, &text, err) &&
	     template_parse(b->set, b->name, buf_str(&text), err);
	buf_release(&text);
	return ok;
}

/* The containers that an argument names; *i moves on over a second word. */
static struct snapshot *snapshot_of(const struct bench *b, char **argv, int *i, struct error *err)
{
	if (strcmp(argv[*i], "--snapshot") == 0 && argv[*i + 1])
		return snapshot_from_file(argv[++*i], NULL, NULL, err);
	return made_up((unsigned)strtoul(argv[*i], NULL, 10), b->share, err);
}

/* Takes the options at the start; the number of the first other word. */
static int options_read(struct bench *b, char **argv)
{
	int i = 1;

	for (; argv[i] && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--once") == 0)
			b->once = true;
		else if (strcmp(argv[i], "--share") == 0 && argv[i + 1])
			b->share = (unsigned)strtoul(argv[++i], NULL, 10);
	}
	b->share = b->share ? b->share : 1;
	return i;
}

int main(int argc, char **argv)
{
	struct bench b = {.set = template_set_new(), .share = 2};
	struct error err = ERROR_INIT;
	int first = options_read(&b, argv);
	bool ok = argc > first + 1 && load(&b, argv[first], &err);

	for (int i = first + 1; ok && i < argc; i++) {
		struct snapshot *s = snapshot_of(&b, argv, &i, &err);

		ok = s && measure(&b, s, &err);
		if (s)
			snapshot_unref(s);
	}
	if (!ok)
		fprintf(stderr, "%s\n",
			argc > first + 1 ? error_text(&err)
					 : "usage: bench-template [--share K] [--once] "
					   "TEMPLATE [N | --snapshot FILE]...");
	error_clear(&err);
	template_set_free(b.set);
	return !ok;
}
