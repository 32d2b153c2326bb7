/* SPDX-License-Identifier: MIT
 *
 * What a container costs in the model: bytes (of the heap, its bookkeeping included), the time from
 * an inspect's JSON to a container, and the times to take a snapshot and to look at it through a
 * filter. The containers are as docker compose makes them: nine labels, eight variables, one port,
 * one network. One line per figure on stdout.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "model/container.h"
#include "model/decode.h"
#include "model/expose.h"
#include "model/filter.h"
#include "model/intern.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#define CONTAINERS 10000
#define ROUNDS     20
#define NUMBER     "%05d"

static const char inspect[] =
	"{\"Id\":\"" NUMBER "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
	"\"Created\":\"2024-05-01T10:00:00.123456789Z\",\"Path\":\"/app\",\"Args\":[],\"State\":{"
	"\"Status\":\"running\",\"Running\":true,\"Pid\":1,\"ExitCode\":0,\"Error\":\"\","
	"\"StartedAt\":\"2024-05-01T10:00:01Z\",\"Health\":{\"Status\":\"healthy\",\"Log\":[]}},"
	"\"Image\":\"sha256:029ea34131b56506215e1fbf246247be220136d5bb1be584b572ca35e0804755\","
	"\"Name\":\"/shop-web-" NUMBER "\",\"HostConfig\":{\"NetworkMode\":\"shop_default\","
	"\"PortBindings\":{},\"Memory\":0,\"Devices\":[],\"Ulimits\":null},\"Mounts\":[],"
	"\"Config\":{\"Hostname\":\"" NUMBER "aaaaaaa\",\"Env\":["
	"\"VIRTUAL_HOST=site-" NUMBER ".example.com\",\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
	"/usr/bin:/sbin:/bin\",\"LANG=C.UTF-8\",\"GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D\","
	"\"PYTHON_VERSION=3.12.3\",\"NODE_ENV=production\",\"DATABASE=postgres://db/shop\","
	"\"PORT=8080\"],\"Image\":\"registry.example.com/shop/web:2.3.1\",\"Labels\":{"
	"\"com.docker.compose.config-hash\":\"6686fadcaa95a1c3ba0e1fc31fea49d4b9dfaf69a\","
	"\"com.docker.compose.container-number\":\"" NUMBER "\","
	"\"com.docker.compose.depends_on\":\"\",\"com.docker.compose.oneoff\":\"False\","
	"\"com.docker.compose.project\":\"shop\",\"com.docker.compose.project.config_files\":"
	"\"/srv/shop/compose.yaml\",\"com.docker.compose.project.working_dir\":\"/srv/shop\","
	"\"com.docker.compose.service\":\"web\",\"com.docker.compose.version\":\"2.24.5\"},"
	"\"ExposedPorts\":{\"8080/tcp\":{}}},\"NetworkSettings\":{\"Ports\":{\"8080/tcp\":null},"
	"\"Networks\":{\"shop_default\":{\"Aliases\":[\"shop-web-" NUMBER "\",\"web\"],"
	"\"NetworkID\":\"c7b6e6fe9ad7c5f9c83a1d31da4e5f8ab0c1e8c1d5f6a2b3c4d5e6f708192a3b\","
	"\"EndpointID\":\"" NUMBER "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\","
	"\"Gateway\":\"172.20.0.1\",\"IPAddress\":\"172.20.0.1\",\"IPPrefixLen\":16,"
	"\"IPv6Gateway\":\"\",\"GlobalIPv6Address\":\"\",\"MacAddress\":\"02:42:ac:14:00:01\"}}}}";

static struct container *containers[CONTAINERS];

static struct container *decode(struct intern_pool *pool, int i)
{
	struct decoder *d = decoder_new(pool, STR("local"));
	struct error err = ERROR_INIT;
	struct container *c;
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_add_fmt(&b, inspect, i, i, i, i, i, i, i);
	if (!decoder_feed(d, b.data, b.len, &err) || !decoder_finish(d, &c, &err)) {
		fprintf(stderr, "bench-model: %s\n", error_text(&err));
		exit(1);
	}
	container_seal(c);
	decoder_free(d);
	buf_release(&b);
	return c;
}

static void bench_containers(struct intern_pool *pool)
{
	size_t before = mallinfo2().uordblks, own = 0;
	int64_t start = clock_mono_ns(), taken;

	for (int i = 0; i < CONTAINERS; i++) {
		containers[i] = decode(pool, i);
		own += containers[i]->bytes;
	}
	taken = clock_mono_ns() - start;
	printf("model.container.bytes %zu (%zu in its block, %zu shared strings in all)\n",
		(mallinfo2().uordblks - before) / CONTAINERS, own / CONTAINERS,
		intern_pool_count(pool));
	printf("model.container.decode %.1f us\n", (double)taken / CONTAINERS / NS_PER_US);
}

static void bench_snapshots(void)
{
	struct snapshot_draft draft = {.containers = containers, .n = CONTAINERS};
	struct filter *f = filter_new();
	struct snapshot_view view;
	int64_t made = 0, looked = 0;

	filter_only_exposed(f);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = clock_mono_ns();
		struct snapshot *s = snapshot_new(&draft);

		made += clock_mono_ns() - start;
		start = clock_mono_ns();
		snapshot_look(s, f, &view);
		looked += clock_mono_ns() - start;
		snapshot_unref(s);
	}
	printf("model.snapshot %.2f ms for %d containers\n", (double)made / ROUNDS / NS_PER_MS,
		CONTAINERS);
	printf("model.look %.2f ms for %d containers\n", (double)looked / ROUNDS / NS_PER_MS,
		CONTAINERS);
	filter_free(f);
}

int main(void)
{
	struct intern_pool *pool = intern_pool_new();

	bench_containers(pool);
	bench_snapshots();
	for (int i = 0; i < CONTAINERS; i++)
		container_unref(containers[i]);
	intern_pool_free(pool);
	return 0;
}
