/* SPDX-License-Identifier: MIT
 *
 * How fast a template renders over N containers, and whether that grows as N does:
 *
 *	bench-template TEMPLATE [N…]
 *
 * One line per N: processor time of a render, output, memory of the process. The containers
 * are made up: each serves one of N/2 host names, on one of three networks. With --snapshot FILE in
 * place of N that file's containers are taken.
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
#include <sys/resource.h>
#include <time.h>

#define TEXT_MAX ((size_t)1 << 30)
/* Renders take at least so long together. */
#define LONG_ENOUGH ((int64_t)NS_PER_S)

static void add_container(struct buf *b, unsigned i, unsigned n)
{
	unsigned site = i % (n / 2 + 1);

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

static struct snapshot *made_up(unsigned n, struct error *err)
{
	struct snapshot *s;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	buf_add_cstr(&b, "{\"env\":{\"DEFAULT_HOST\":\"site-1.example\"},\"containers\":[");
	for (unsigned i = 0; i < n; i++)
		add_container(&b, i, n);
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

static long peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static bool render_once(const struct template_set *set, const char *name, const struct snapshot *s,
	struct buf *out, struct error *err)
{
	struct template_options options = {.env = snapshot_env(s)};
	struct arena arena;
	bool ok;

	arena_init(&arena);
	buf_clear(out);
	ok = template_render(
		set, str_from(name), snapshot_root(s, NULL, &arena), &options, out, err);
	arena_release(&arena);
	return ok;
}

/* Renders for some time and prints the best and the mean. */
static bool measure(const struct template_set *set, const char *name, const struct snapshot *s,
	struct error *err)
{
	int64_t total = 0, best = INT64_MAX;
	size_t n = snapshot_count(s);
	long before = peak_kib();
	unsigned rounds = 0;
	struct buf out;

	buf_init(&out, TEMPLATE_OUTPUT_MAX);
	while (total < LONG_ENOUGH || rounds < 3) {
		int64_t start = cpu_ns(), took;

		if (!render_once(set, name, s, &out, err)) {
			buf_release(&out);
			return false;
		}
		took = cpu_ns() - start;
		best = took < best ? took : best;
		total += took;
		rounds++;
	}
	printf("template %s, %zu containers: %.3f ms (best %.3f), %.1f us a container, %zu bytes, "
	       "%.1f MB/s, +%ld KiB\n",
		name, n, (double)total / rounds / NS_PER_MS, (double)best / NS_PER_MS,
		(double)total / rounds / (double)(n ? n : 1) / NS_PER_US, out.len,
		(double)out.len * rounds / (double)total * 1e3, peak_kib() - before);
	buf_release(&out);
	return true;
}

static bool load(struct template_set *set, const char *path, struct error *err)
{
	struct buf text;
	bool ok;

	buf_init(&text, TEMPLATE_TEXT_MAX);
	ok = file_read(path, TEMPLATE_TEXT_MAX, &text, err) &&
	     template_parse(set, file_basename(path), buf_str(&text), err);
	buf_release(&text);
	return ok;
}

/* The containers that an argument names; *i moves on over a second word. */
static struct snapshot *snapshot_of(char **argv, int *i, struct error *err)
{
	if (strcmp(argv[*i], "--snapshot") == 0 && argv[*i + 1])
		return snapshot_from_file(argv[++*i], NULL, NULL, err);
	return made_up((unsigned)strtoul(argv[*i], NULL, 10), err);
}

int main(int argc, char **argv)
{
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;
	bool ok = argc > 2 && load(set, argv[1], &err);

	for (int i = 2; ok && i < argc; i++) {
		struct snapshot *s = snapshot_of(argv, &i, &err);

		ok = s && measure(set, file_basename(argv[1]), s, &err);
		if (s)
			snapshot_unref(s);
	}
	if (!ok)
		fprintf(stderr, "%s\n",
			argc > 2 ? error_text(&err) : "usage: bench-template TEMPLATE N…");
	error_clear(&err);
	template_set_free(set);
	return !ok;
}
