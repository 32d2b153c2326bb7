/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "model/address.h"

#include "base/alloc.h"
#include "model/container.h"
#include "model/expose.h"
#include "model/intern.h"
#include "unit/model/fake_engine.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define C "cccc"
#define D "dddd"

/* An inspect: mode is its network mode, ports and networks are JSON. */
static const char *inspect(const char *id, const char *mode, const char *exposed, const char *ports,
	const char *networks)
{
	static char text[4096];

	snprintf(text, sizeof(text),
		"{\"Id\":\"%s\",\"Name\":\"/n-%s\",\"Created\":\"2024-05-01T10:00:00Z\",\"State\":{"
		"\"Status\":\"running\",\"Running\":true},\"Config\":{\"Image\":\"app\","
		"\"ExposedPorts\":{%s}},\"HostConfig\":{\"NetworkMode\":\"%s\"},"
		"\"NetworkSettings\":{\"Ports\":{%s},\"Networks\":{%s}}}",
		id, id, exposed, mode, ports, networks);
	return text;
}

#define FRONT(ip) "\"front\":{\"NetworkID\":\"front\",\"IPAddress\":\"" ip "\"}"
#define HOST_NET  "\"host\":{\"NetworkID\":\"front\",\"IPAddress\":\"\"}"

static struct address_rules no_rules;

/* A fake engine whose inventory has these rules and knows, as running, the ids of the list. */
static void start(struct fake_engine *f, struct address_rules rules, const char *list)
{
	struct inventory_options options = {.name = "fake", .addresses = rules};

	fake_start(f, &options);
	fake_up(f, list);
}

static struct address_rules published(const char *host)
{
	return (struct address_rules){.published = str_from(host)};
}

/* What a template sees of the container: "IP IP6 | network=IP ... | IP:Port(ContainerPort)/Proto".
 */
static const char *seen(struct fake_engine *f, const char *id)
{
	static char text[1024];
	struct snapshot *s = inventory_snapshot(f->inv);
	const struct container *c = s ? snapshot_find(s, str_from(id)) : NULL;
	size_t len;

	if (!c) {
		snapshot_unref(s);
		return "none";
	}
	len = (size_t)snprintf(
		text, sizeof(text), "%.*s%.*s |", STR_ARG(c->rec.ip), STR_ARG(c->rec.ip6_global));
	for (size_t i = 0; i < container_networks(c); i++) {
		const struct rec_network *n = container_network(c, i);

		len += (size_t)snprintf(text + len, sizeof(text) - len, " %.*s=%.*s%.*s",
			STR_ARG(n->name), STR_ARG(n->ip), STR_ARG(n->global_ipv6_address));
	}
	len += (size_t)snprintf(text + len, sizeof(text) - len, " |");
	for (size_t i = 0; i < container_addresses(c); i++) {
		const struct rec_address *a = container_address(c, i);

		len += (size_t)snprintf(text + len, sizeof(text) - len, " %.*s%.*s:%.*s(%.*s)/%.*s",
			STR_ARG(a->ip), STR_ARG(a->ip6_global), STR_ARG(a->port),
			STR_ARG(a->container_port), STR_ARG(a->proto));
	}
	snapshot_unref(s);
	return text;
}

/* One container with these ports and mode under rules, and what is seen of it. */
static const char *alone(struct address_rules rules, const char *mode, const char *ports)
{
	struct fake_engine f;
	const char *text;

	start(&f, rules, "[{\"Id\":\"" A "\",\"State\":\"running\"}]");
	fake_answer(&f, PATH_A, 200,
		inspect(A, mode, "\"9000/tcp\":{}", ports,
			strcmp(mode, "host") == 0 ? HOST_NET : FRONT("10.0.0.1")));
	text = seen(&f, A);
	fake_stop(&f);
	return text;
}

#define PUBLISHED(ip, port) "[{\"HostIp\":\"" ip "\",\"HostPort\":\"" port "\"}]"

Test(address, is_the_engines_word_without_rules)
{
	cr_assert_str_eq(alone(no_rules, "front",
				 "\"80/tcp\":" PUBLISHED("0.0.0.0", "8080") ",\"53/udp\":null"),
		"10.0.0.1 | front=10.0.0.1 | 10.0.0.1:53(53)/udp 10.0.0.1:80(80)/tcp");
	cr_assert_str_eq(alone(no_rules, "host", ""), " | host= | :9000(9000)/tcp");
}

Test(address, of_published_ports_is_the_hosts)
{
	struct address_rules rules = published("192.0.2.1");

	cr_assert_str_eq(alone(rules, "front",
				 "\"80/tcp\":" PUBLISHED("0.0.0.0", "8080") ",\"53/udp\":null"),
		"192.0.2.1 | front=192.0.2.1 | 192.0.2.1:8080(80)/tcp");
	cr_assert_str_eq(alone(rules, "front", "\"80/tcp\":" PUBLISHED("", "8080")),
		"192.0.2.1 | front=192.0.2.1 | 192.0.2.1:8080(80)/tcp");
	cr_assert_str_eq(alone(rules, "front", "\"80/tcp\":" PUBLISHED("::", "8080")),
		"192.0.2.1 | front=192.0.2.1 | 192.0.2.1:8080(80)/tcp");
	cr_assert_str_eq(alone(rules, "front", "\"80/tcp\":" PUBLISHED("198.51.100.7", "81")),
		"198.51.100.7 | front=198.51.100.7 | 198.51.100.7:81(80)/tcp");
	cr_assert_str_eq(alone(rules, "front", "\"80/tcp\":" PUBLISHED("fd00::7", "81")),
		"fd00::7 | front=fd00::7 | fd00::7:81(80)/tcp");
	cr_assert_str_eq(
		alone(published("fd00::1"), "front", "\"80/tcp\":" PUBLISHED("0.0.0.0", "8080")),
		"fd00::1 | front=fd00::1 | fd00::1:8080(80)/tcp");
}

Test(address, of_a_container_without_published_ports_is_none)
{
	struct address_rules rules = published("192.0.2.1");

	cr_assert_str_eq(alone(rules, "front", "\"80/tcp\":null"), " | front= |");
	cr_assert_str_eq(alone(rules, "front", ""), " | front= |");
}

Test(address, bound_to_loopback_counts_only_there)
{
	const char *ports = "\"80/tcp\":" PUBLISHED("127.0.0.1", "8080");

	cr_assert_str_eq(alone(published("192.0.2.1"), "front", ports), " | front= |");
	cr_assert_str_eq(alone(published("127.0.0.1"), "front", ports),
		"127.0.0.1 | front=127.0.0.1 | 127.0.0.1:8080(80)/tcp");
	cr_assert_str_eq(alone(published("localhost"), "front", ports),
		"127.0.0.1 | front=127.0.0.1 | 127.0.0.1:8080(80)/tcp");
}

Test(address, in_the_hosts_network_is_what_the_rule_says)
{
	struct address_rules rules = {.host = STR_INIT("127.0.0.1")};

	cr_assert_str_eq(
		alone(rules, "host", ""), "127.0.0.1 | host=127.0.0.1 | 127.0.0.1:9000(9000)/tcp");
	cr_assert_str_eq(alone(rules, "front", "\"80/tcp\":null"),
		"10.0.0.1 | front=10.0.0.1 | 10.0.0.1:80(80)/tcp");
	rules.published = STR("192.0.2.1");
	cr_assert_str_eq(
		alone(rules, "host", ""), "127.0.0.1 | host=127.0.0.1 | 127.0.0.1:9000(9000)/tcp");
	cr_assert_str_eq(alone(published("192.0.2.1"), "host", ""),
		"192.0.2.1 | host=192.0.2.1 | 192.0.2.1:9000(9000)/tcp");
}

/* --- shared networks ----------------------------------------------------------------- */

#define ROW(id) "{\"Id\":\"" id "\",\"State\":\"running\"}"

/* A has an address; B is in A's network. */
static void start_pair(struct fake_engine *f, struct address_rules rules, const char *mode)
{
	start(f, rules, "[" ROW(A) "," ROW(B) "]");
	fake_answer(f, PATH_A, 200,
		inspect(A, "front", "", "\"80/tcp\":" PUBLISHED("0.0.0.0", "8080"),
			FRONT("10.0.0.1")));
	fake_answer(f, PATH_B, 200, inspect(B, mode, "\"80/tcp\":{},\"81/tcp\":{}", "", ""));
}

#define FOLLOW ((struct address_rules){.follow = true})

Test(address, of_a_shared_network_is_empty_unless_it_is_followed)
{
	struct fake_engine f;

	start_pair(&f, no_rules, "container:" A);
	cr_assert_str_eq(seen(&f, B), " | | :80(80)/tcp :81(81)/tcp");
	fake_stop(&f);
}

Test(address, follows_the_container_whose_network_is_shared)
{
	struct fake_engine f;
	struct snapshot *s;
	uint64_t hash;

	start_pair(&f, FOLLOW, "container:" A);
	cr_assert_str_eq(
		seen(&f, B), "10.0.0.1 | front=10.0.0.1 | 10.0.0.1:80(80)/tcp 10.0.0.1:81(81)/tcp");
	s = inventory_snapshot(f.inv);
	hash = snapshot_find(s, STR(B))->hash;
	snapshot_unref(s);
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	cr_assert_str_eq(seen(&f, B), " | | :80(80)/tcp :81(81)/tcp");
	fake_event(&f, ENGINE_CONTAINER_START, A);
	fake_answer(&f, PATH_A, 200,
		inspect(A, "front", "", "\"80/tcp\":" PUBLISHED("0.0.0.0", "8080"),
			FRONT("10.0.0.9")));
	s = inventory_snapshot(f.inv);
	cr_assert_neq(snapshot_find(s, STR(B))->hash, hash);
	snapshot_unref(s);
	fake_stop(&f);
}

Test(address, follows_by_name_and_to_published_ports)
{
	struct address_rules rules = published("192.0.2.1");
	struct fake_engine f;

	rules.follow = true;
	start_pair(&f, rules, "container:n-" A);
	cr_assert_str_eq(seen(&f, B), "192.0.2.1 | front=192.0.2.1 | 192.0.2.1:8080(80)/tcp");
	fake_stop(&f);
}

Test(address, follows_no_container_that_is_unknown_or_gone)
{
	struct fake_engine f;

	start_pair(&f, FOLLOW, "container:" C);
	cr_assert_str_eq(seen(&f, B), " | | :80(80)/tcp :81(81)/tcp");
	fake_stop(&f);
	start_pair(&f, FOLLOW, "container:" A);
	fake_event(&f, ENGINE_CONTAINER_DESTROY, A);
	cr_assert_str_eq(seen(&f, B), " | | :80(80)/tcp :81(81)/tcp");
	fake_stop(&f);
}

Test(address, follows_a_chain_but_no_circle)
{
	struct fake_engine f;

	start(&f, FOLLOW, "[" ROW(A) "," ROW(B) "," ROW(C) "," ROW(D) "]");
	fake_answer(&f, PATH_A, 200, inspect(A, "container:" B, "", "", ""));
	fake_answer(&f, PATH_B, 200, inspect(B, "front", "", "", FRONT("10.0.0.2")));
	fake_answer(&f, "/containers/" C "/json", 200, inspect(C, "container:" D, "", "", ""));
	fake_answer(&f, "/containers/" D "/json", 200, inspect(D, "container:" C, "", "", ""));
	cr_assert_str_eq(seen(&f, A), "10.0.0.2 | front=10.0.0.2 |");
	cr_assert_str_eq(seen(&f, C), " | |");
	cr_assert_str_eq(seen(&f, D), " | |");
	fake_event(&f, ENGINE_CONTAINER_DIE, B);
	cr_assert_str_eq(seen(&f, A), " | |");
	cr_assert_str_eq(seen(&f, D), " | |");
	fake_stop(&f);
}

/* --- containers that do not run ------------------------------------------------------ */

Test(address, of_a_container_that_does_not_run_is_none)
{
	struct inventory_options options = {.name = "fake", .wants_stopped = true};
	struct fake_engine f;

	fake_start(&f, &options);
	fake_up(&f, "[{\"Id\":\"" A "\",\"State\":\"exited\"}]");
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "exited", "10.0.0.1"));
	cr_assert_str_eq(seen(&f, A), " | front= | :80(80)/tcp");
	fake_stop(&f);
	fake_start(&f, &options);
	fake_up(&f, "[{\"Id\":\"" A "\",\"State\":\"running\"}]");
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "paused", "10.0.0.1"));
	cr_assert_str_eq(seen(&f, A), "10.0.0.1 | front=10.0.0.1 | 10.0.0.1:80(80)/tcp");
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	cr_assert_str_eq(seen(&f, A), " | front= | :80(80)/tcp");
	fake_stop(&f);
}

Test(address, unchanged_is_shared_by_snapshots)
{
	struct fake_engine f;
	const struct container *c;
	struct snapshot *s;

	start_pair(&f, FOLLOW, "container:" A);
	s = inventory_snapshot(f.inv);
	c = snapshot_find(s, STR(B));
	snapshot_unref(s);
	fake_event(&f, ENGINE_CONTAINER_START, C);
	fake_answer(&f, "/containers/" C "/json", 200, fake_inspect(C, "c", "running", "10.0.0.3"));
	s = inventory_snapshot(f.inv);
	cr_assert_eq(snapshot_find(s, STR(B)), c);
	snapshot_unref(s);
	fake_stop(&f);
}
