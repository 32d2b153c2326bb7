/* SPDX-License-Identifier: MIT
 *
 * The inspects of real engines (tests/captures) become containers, whatever pieces they come in;
 * what a template would see of them is compared with inspects.want, which another reader made. And
 * answers that no engine gave yet: odd, hostile and broken ones.
 */
#include "config.h"

#include "model/decode.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "model/container.h"
#include "model/expose.h"
#include "model/intern.h"
#include "model/shape.h"
#include "unit/model/capture.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A container out of text in pieces; NULL and *err if it cannot be decoded. */
static struct container *decode(
	struct intern_pool *pool, struct str text, size_t piece, struct error *err)
{
	struct decoder *d = decoder_new(pool, STR("local"));
	struct container *c = NULL;
	bool ok = true;

	for (size_t i = 0; ok && i < text.len; i += piece) {
		struct str s = str_sub(text, i, i + piece);

		ok = decoder_feed(d, s.p, s.len, err);
	}
	if (ok && decoder_finish(d, &c, err))
		container_seal(c);
	decoder_free(d);
	return c;
}

/* --- containers as the lines of inspects.want ---------------------------------------- */

/* "key a|b|c"; without a key they follow others: "|a|b|c". */
static void add_strs(struct buf *out, const char *key, const struct str *const *strs, size_t n)
{
	buf_add_cstr(out, key);
	for (size_t i = 0; i < n; i++) {
		buf_add_char(out, i || !key[0] ? '|' : ' ');
		buf_add_str(out, *strs[i]);
	}
}

#define ADD(out, key, ...)                                                                         \
	add_strs(out, key, (const struct str *const[]){__VA_ARGS__},                               \
		ARRAY_LEN(((const struct str *const[]){__VA_ARGS__})))

static void add_map(struct buf *out, const char *key, struct map *m)
{
	struct value map = {.head = TYPE_HEAD(&type_string_map), .m = m}, k, v;

	for (size_t i = 0; i < map_len(map); i++) {
		map_at_sorted(map, i, &k, &v);
		buf_add_fmt(out, "%s ", key);
		buf_add_str(out, value_as_str(k));
		buf_add_char(out, '=');
		buf_add_str(out, value_as_str(v));
		buf_add_char(out, '\n');
	}
}

static void add_network(struct buf *out, const struct rec_network *n)
{
	const struct str *aliases = n->aliases.data;

	ADD(out, "network", &n->name, &n->id, &n->endpoint_id, &n->ip);
	buf_add_fmt(out, "|%" PRId64, n->ip_prefix_len);
	ADD(out, "", &n->gateway, &n->mac_address, &n->global_ipv6_address);
	buf_add_fmt(out, "|%" PRId64, n->global_ipv6_prefix_len);
	ADD(out, "", &n->ipv6_gateway);
	buf_add_char(out, '|');
	for (uint32_t i = 0; i < n->aliases.len; i++)
		buf_add_fmt(out, "%s%.*s", i ? "," : "", STR_ARG(aliases[i]));
	buf_add_char(out, '\n');
}

static void add_container(struct buf *out, const struct container *c)
{
	const struct rec_container *r = &c->rec;
	const struct rec_mount *mounts = r->mounts.data;

	ADD(out, "id", &r->id);
	ADD(out, "\nname", &r->name);
	buf_add_fmt(out, "\ncreated %" PRId64 ".%09d", r->created.sec, r->created.nsec);
	ADD(out, "\nhostname", &r->hostname);
	ADD(out, "\nnetwork_mode", &r->network_mode);
	ADD(out, "\nimage", &r->image.registry, &r->image.repository, &r->image.tag);
	ADD(out, "\nimage_id", &c->image_id);
	ADD(out, "\nstop_signal", &c->stop_signal);
	ADD(out, "\nstate", &r->state.status);
	buf_add_fmt(out, " running=%d paused=%d exit=%" PRId64 " health=%.*s", r->state.running,
		r->state.paused, c->exit_code, STR_ARG(r->state.health.status));
	ADD(out, "\nip", &r->ip);
	ADD(out, "\nip6", &r->ip6_link_local, &r->ip6_global);
	ADD(out, "\ngateway", &r->gateway);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < container_addresses(c); i++) {
		const struct rec_address *a = container_address(c, i);

		ADD(out, "address", &a->ip, &a->port, &a->proto, &a->host_ip, &a->host_port);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < container_networks(c); i++)
		add_network(out, container_network(c, i));
	add_map(out, "env", r->env);
	add_map(out, "label", r->labels);
	for (uint32_t i = 0; i < r->mounts.len; i++) {
		ADD(out, "mount", &mounts[i].type, &mounts[i].name, &mounts[i].source,
			&mounts[i].destination, &mounts[i].driver, &mounts[i].mode);
		buf_add_fmt(out, "|%s\n", mounts[i].rw ? "true" : "false");
	}
}

/* Cuts "# name" and the lines up to the next "# " from the front of text. */
static bool next_capture(struct str *text, struct str *name, struct str *want)
{
	ssize_t end;

	if (!str_cut(*text, '\n', name, text))
		return false;
	*name = str_sub(*name, 2, name->len);
	end = str_find(*text, STR("\n# "));
	*want = end < 0 ? *text : str_sub(*text, 0, (size_t)end + 1);
	*text = str_sub(*text, want->len, text->len);
	return true;
}

Test(decode, reads_the_containers_of_every_engine)
{
	static const size_t pieces[] = {SIZE_MAX / 2, 1, 7, 1000};
	struct buf all = read_capture("inspects.want");
	struct intern_pool *pool = intern_pool_new();
	struct str text = buf_str(&all), name, want;
	size_t n = 0;

	while (next_capture(&text, &name, &want)) {
		char *path = xmemdup0(name.p, name.len);
		struct buf body = capture_body(path);

		for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
			struct error err = ERROR_INIT;
			struct container *c = decode(pool, buf_str(&body), pieces[i], &err);
			struct buf got;

			buf_init(&got, SIZE_MAX);
			cr_assert_not_null(c, "%s: %s", path, error_text(&err));
			add_container(&got, c);
			cr_assert(str_eq(buf_str(&got), want), "%s\nwanted:\n%.*s\ngot:\n%s", path,
				STR_ARG(want), buf_cstr(&got));
			buf_release(&got);
			container_unref(c);
		}
		buf_release(&body);
		free(path);
		n++;
	}
	cr_assert_gt(n, 50);
	cr_assert_eq(intern_pool_count(pool), 0, "all shared strings were let go");
	intern_pool_free(pool);
	buf_release(&all);
}

/* --- what no engine said yet ------------------------------------------------------------- */

/* Decodes text and gives the container, or fails with the decoder's words. */
static struct container *container_of(struct intern_pool *pool, struct str text)
{
	struct error err = ERROR_INIT;
	struct container *c = decode(pool, text, 64, &err);

	cr_assert_not_null(c, "%s", error_text(&err));
	return c;
}

static void assert_refused(struct str text, const char *want)
{
	struct intern_pool *pool = intern_pool_new();
	struct error err = ERROR_INIT;

	cr_assert_null(decode(pool, text, 4096, &err));
	cr_assert_str_eq(error_text(&err), want);
	cr_assert_eq(intern_pool_count(pool), 0);
	error_clear(&err);
	intern_pool_free(pool);
}

#define assert_str(s, text) cr_assert(str_eqz((s), text), "%.*s", STR_ARG(s))

Test(decode, takes_the_addresses_of_a_network_when_the_engine_sends_none_of_its_own)
{
	struct intern_pool *pool = intern_pool_new();
	struct container *c = container_of(pool,
		STR("{\"Id\":\"a\",\"NetworkSettings\":{\"Ports\":{\"80/tcp\":null},\"Networks\":{"
		    "\"alpha\":{\"IPAddress\":\"10.0.0.1\"},\"bridge\":{\"IPAddress\":\"172.17.0."
		    "2\","
		    "\"Gateway\":\"172.17.0.1\",\"GlobalIPv6Address\":\"fd00::2\"}}}}"));

	assert_str(c->rec.ip, "172.17.0.2");
	assert_str(c->rec.gateway, "172.17.0.1");
	assert_str(c->rec.ip6_global, "fd00::2");
	assert_str(container_address(c, 0)->ip, "172.17.0.2");
	container_unref(c);
	c = container_of(
		pool, STR("{\"Id\":\"a\",\"NetworkSettings\":{\"Networks\":{\"beta\":{"
			  "\"IPAddress\":\"10.0.0.2\"},\"alpha\":{\"IPAddress\":\"10.0.0.1\"}}}}"));
	assert_str(c->rec.ip, "10.0.0.1");
	container_unref(c);
	/* A field that is sent is believed, be it empty. */
	c = container_of(
		pool, STR("{\"Id\":\"a\",\"NetworkSettings\":{\"IPAddress\":\"\",\"Networks\":{"
			  "\"alpha\":{\"IPAddress\":\"10.0.0.1\"}}}}"));
	assert_str(c->rec.ip, "");
	container_unref(c);
	intern_pool_free(pool);
}

Test(decode, sorts_addresses_by_number_and_networks_by_name)
{
	struct intern_pool *pool = intern_pool_new();
	struct container *c = container_of(pool,
		STR("{\"Id\":\"a\",\"NetworkSettings\":{\"Ports\":{\"8080\":null,\"x/tcp\":null,"
		    "\"443/udp\":[{\"HostIp\":\"::\",\"HostPort\":\"1\"},{\"HostIp\":\"0.0.0.0\"}],"
		    "\"443/tcp\":[],\"9/sctp/x\":null},\"Networks\":{\"b\":null,\"Z\":{},\"a\":{},"
		    "\"a\":{\"IPAddress\":\"1.1.1.1\"}}}}"));
	static const char *const ports[] = {"x", "9", "443", "443", "8080"};
	static const char *const protos[] = {"tcp", "sctp", "tcp", "udp", "tcp"};

	cr_assert_eq(container_addresses(c), ARRAY_LEN(ports));
	for (size_t i = 0; i < ARRAY_LEN(ports); i++) {
		assert_str(container_address(c, i)->port, ports[i]);
		assert_str(container_address(c, i)->proto, protos[i]);
	}
	assert_str(container_address(c, 3)->host_ip, "::");
	assert_str(container_address(c, 3)->host_port, "1");
	cr_assert_eq(container_networks(c), 3);
	assert_str(container_network(c, 0)->name, "Z");
	assert_str(container_network(c, 1)->name, "a");
	assert_str(container_network(c, 1)->ip, "1.1.1.1");
	container_unref(c);
	intern_pool_free(pool);
}

Test(decode, keeps_the_last_of_variables_and_labels_of_one_name)
{
	struct intern_pool *pool = intern_pool_new();
	struct container *c = container_of(pool,
		STR("{\"Id\":\"a\",\"Config\":{\"Env\":[\"A=1\",\"A=2=3\",\"B\",\"=x\",\"\",\"C=\"]"
		    ","
		    "\"Labels\":{\"l\":\"1\",\"l\":\"2\",\"com.docker.compose.project\":\"p\","
		    "\"com.docker.compose.service\":\"s\",\"com.docker.compose.container-number\":"
		    "\"3\"}}}"));
	struct buf got;

	buf_init(&got, SIZE_MAX);
	add_map(&got, "env", c->rec.env);
	cr_assert_str_eq(buf_cstr(&got), "env =\nenv A=2=3\nenv B=\nenv C=\n");
	assert_str(container_label(c, STR("l")), "2");
	cr_assert_null(container_label(c, STR("no")).p);
	assert_str(c->rec.compose.project, "p");
	assert_str(c->rec.compose.service, "s");
	assert_str(c->rec.compose.number, "3");
	assert_str(c->rec.engine.name, "local");
	buf_release(&got);
	container_unref(c);
	intern_pool_free(pool);
}

Test(decode, refuses_a_container_with_a_field_of_the_wrong_type)
{
	assert_refused(
		STR("{\"Id\":\"a\",\"Created\":\"yesterday\"}"), "Created: no RFC 3339 time");
	assert_refused(STR("{\"Id\":\"a\",\"Config\":{\"Env\":\"A=1\"}}"),
		"Config.Env: a string where an array belongs");
	assert_refused(STR("{\"Id\":\"a\",\"State\":{\"Running\":\"yes\"}}"),
		"State.Running: a string where true or false belongs");
	assert_refused(STR("{\"Id\":\"a\",\"Config\":{\"Labels\":[]}}"),
		"Config.Labels: an array where an object belongs");
	assert_refused(STR("{\"Id\":\"a\",\"NetworkSettings\":{\"Ports\":{\"80/tcp\":{}}}}"),
		"NetworkSettings.Ports.80/tcp: an object where an array belongs");
	assert_refused(STR("{\"Name\":\"/a\"}"), "Id: missing or empty");
	assert_refused(STR("null"), "Id: missing or empty");
}

/* text, then n times a member that says its number, then after. */
static struct buf many(const char *text, size_t n, const char *member, const char *after)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	buf_add_cstr(&b, text);
	for (size_t i = 0; i < n; i++) {
		buf_add_cstr(&b, i ? "," : "");
		buf_add_fmt(&b, "\"%s%zu\":\"v\"", member, i);
	}
	buf_add_cstr(&b, after);
	cr_assert_not(b.full);
	return b;
}

Test(decode, takes_ten_thousand_labels)
{
	struct intern_pool *pool = intern_pool_new();
	struct buf b =
		many("{\"Id\":\"a\",\"Config\":{\"Labels\":{", 10000, "label.number.", "}}}");
	struct container *c = container_of(pool, buf_str(&b));

	cr_assert_eq(
		map_len((struct value){.head = TYPE_HEAD(&type_string_map), .m = c->rec.labels}),
		10000);
	assert_str(container_label(c, STR("label.number.9999")), "v");
	container_unref(c);
	buf_release(&b);
	intern_pool_free(pool);
}

Test(decode, refuses_a_label_of_a_megabyte_by_name)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	buf_add_cstr(&b, "{\"Id\":\"a\",\"Config\":{\"Labels\":{\"big\\n\":\"");
	for (size_t i = 0; i < 1 << 20; i++)
		buf_add_char(&b, 'x');
	buf_add_cstr(&b, "\"}}}");
	assert_refused(
		buf_str(&b), "Config.Labels.big?: a string of 1048576 bytes, the limit is 262144");
	buf_release(&b);
}

Test(decode, refuses_more_labels_than_it_would_keep)
{
	struct buf b =
		many("{\"Id\":\"a\",\"Config\":{\"Labels\":{", SHAPE_MEMBERS_MAX + 1, "l", "}}}");

	assert_refused(buf_str(&b), "Config.Labels.l16384: more than 16384 members");
	buf_release(&b);
}

Test(decode, refuses_an_answer_without_end)
{
	struct intern_pool *pool = intern_pool_new();
	struct decoder *d = decoder_new(pool, STR(""));
	char *spaces = xmalloc(1 << 20);
	struct error err = ERROR_INIT;
	size_t n = 0;

	memset(spaces, ' ', 1 << 20);
	while (decoder_feed(d, spaces, 1 << 20, &err))
		cr_assert_leq(++n, DECODE_BYTES_MAX >> 20);
	cr_assert_str_eq(error_text(&err), "more than 16777216 bytes");
	error_clear(&err);
	decoder_free(d);
	free(spaces);
	intern_pool_free(pool);
}

Test(decode, shares_repeated_strings_between_containers)
{
	static const char text[] = "{\"Id\":\"a\",\"Config\":{\"Image\":\"registry.example/app:1\","
				   "\"Env\":[\"PATH_OF_EVERYTHING=/usr/local/sbin:/usr/local/bin:/"
				   "usr/sbin:/usr/bin\"],"
				   "\"Labels\":{\"com.example.some-label\":\"short\"}}}";
	struct intern_pool *pool = intern_pool_new();
	struct container *a = container_of(pool, str_from(text));
	size_t n = intern_pool_count(pool);
	struct container *b = container_of(pool, str_from(text));

	cr_assert_eq(intern_pool_count(pool), n);
	cr_assert_eq(a->rec.image.reference.p, b->rec.image.reference.p);
	cr_assert_eq(a->hash, b->hash);
	container_unref(a);
	cr_assert_eq(intern_pool_count(pool), n);
	assert_str(b->rec.image.reference, "registry.example/app:1");
	/* The pool lives as long as its last string. */
	intern_pool_free(pool);
	assert_str(container_label(b, STR("com.example.some-label")), "short");
	container_unref(b);
}

Test(decode, sees_every_difference_in_the_hash)
{
	static const char *const texts[] = {
		"{\"Id\":\"a\"}",
		"{\"Id\":\"b\"}",
		"{\"Id\":\"a\",\"Name\":\"/n\"}",
		"{\"Id\":\"a\",\"Created\":\"2024-05-01T10:00:00Z\"}",
		"{\"Id\":\"a\",\"Created\":\"2024-05-01T10:00:00.000000001Z\"}",
		"{\"Id\":\"a\",\"State\":{\"Running\":true}}",
		"{\"Id\":\"a\",\"State\":{\"Status\":\"running\"}}",
		"{\"Id\":\"a\",\"State\":{\"Health\":{\"Status\":\"healthy\"}}}",
		"{\"Id\":\"a\",\"State\":{\"ExitCode\":1}}",
		"{\"Id\":\"a\",\"Config\":{}}",
		"{\"Id\":\"a\",\"Config\":{\"Labels\":{}}}",
		"{\"Id\":\"a\",\"Config\":{\"Labels\":{\"x\":\"yz\"}}}",
		"{\"Id\":\"a\",\"Config\":{\"Labels\":{\"xy\":\"z\"}}}",
		"{\"Id\":\"a\",\"Config\":{\"Env\":[\"x=yz\"]}}",
		"{\"Id\":\"a\",\"NetworkSettings\":{\"Ports\":{\"80/tcp\":null}}}",
		"{\"Id\":\"a\",\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostPort\":\"1\"}]}}}",
		"{\"Id\":\"a\",\"NetworkSettings\":{\"Networks\":{\"n\":{}}}}",
		"{\"Id\":\"a\",\"NetworkSettings\":{\"Networks\":{\"n\":{\"Aliases\":[\"x\"]}}}}",
		"{\"Id\":\"a\",\"Mounts\":[{}]}",
		"{\"Id\":\"a\",\"Node\":{\"IP\":\"1.1.1.1\"}}",
	};
	struct intern_pool *pool = intern_pool_new();
	struct container *cs[ARRAY_LEN(texts)];

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		cs[i] = container_of(pool, str_from(texts[i]));
		for (size_t j = 0; j < i; j++) {
			bool same = i == 9 && j == 0; /* an empty Config says nothing */

			cr_assert_eq(
				cs[i]->hash == cs[j]->hash, same, "%s\n%s", texts[i], texts[j]);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		container_unref(cs[i]);
	intern_pool_free(pool);
}
