/* SPDX-License-Identifier: MIT
 *
 * The swarm of tests/captures (a manager and a worker, the services web and dns), asked for in
 * rounds; and swarms that no one recorded.
 */
#include "config.h"

#include "model/swarm.h"

#include "base/alloc.h"
#include "model/container.h"
#include "model/expose.h"
#include "unit/loop.h"
#include "unit/model/capture.h"
#include "unit/model/fake_engine.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define TASKS_PATH "/tasks?filters=%7B%22desired-state%22%3A%5B%22running%22%5D%7D"
#define CAPTURES   "docker-28.5.2/swarm/"

static void start(struct fake_engine *f, struct address_rules rules)
{
	struct inventory_options options = {.name = "swarm", .swarm = true, .addresses = rules};

	fake_start(f, &options);
	inventory_engine_handlers()->on_up(NULL, f->inv);
	fake_answer(f, "/networks", 200, "[]");
	fake_answer(f, "/info", 200, "{\"Name\":\"host\"}");
	fake_answer(f, "/version", 200, "{\"Version\":\"28.5.2\"}");
}

static void answer_with(struct fake_engine *f, const char *path, const char *capture)
{
	struct buf body = capture_body(capture);

	fake_answer(f, path, 200, buf_cstr(&body));
	buf_release(&body);
}

static void answer_recorded(struct fake_engine *f, const char *tasks)
{
	answer_with(f, "/services", CAPTURES "services-2.http");
	answer_with(f, "/nodes", CAPTURES "nodes.http");
	answer_with(f, TASKS_PATH, tasks);
}

static void answer_round(
	struct fake_engine *f, const char *services, const char *nodes, const char *tasks)
{
	fake_answer(f, "/services", 200, services);
	fake_answer(f, "/nodes", 200, nodes);
	fake_answer(f, TASKS_PATH, 200, tasks);
}

/* Names without the task's id, which is long, sorted as they come. */
static const char *running(struct fake_engine *f)
{
	static char text[1024];
	const char *all = fake_running(f);
	size_t len = 0, dots = 0;

	for (; *all && len < sizeof(text) - 1; all++) {
		if (*all == ' ')
			dots = 0;
		else if (*all == '.')
			dots++;
		if (dots < 2)
			text[len++] = *all;
	}
	text[len] = '\0';
	return text;
}

static const struct container *named(struct snapshot *s, const char *prefix)
{
	for (size_t i = 0; i < snapshot_count(s); i++)
		if (str_has_prefix(snapshot_at(s, i)->rec.name, str_from(prefix)))
			return snapshot_at(s, i);
	cr_assert_fail("no task %s", prefix);
	return NULL;
}

#define assert_str(got, want)                                                                      \
	cr_assert(str_eq((got), STR(want)), "%.*s instead of %s", STR_ARG(got), (want))

/* --- tasks as containers ------------------------------------------------------------ */

Test(swarm, shows_running_tasks_of_all_nodes_as_containers)
{
	struct fake_engine f;
	struct snapshot *s;
	const struct container *c;

	start(&f, (struct address_rules){.follow = false});
	answer_recorded(&f, CAPTURES "tasks.http");
	cr_assert_str_eq(running(&f), "dns.1 dns.2 web.1 web.2 web.3");
	cr_assert_eq(fake_count(&f, "/containers/"), 0);
	s = inventory_snapshot(f.inv);
	c = named(s, "web.1.");
	assert_str(c->rec.name, "web.1.2som85p9ez7pgbnqkyiow5x1f");
	assert_str(c->rec.id, "33bb47c260da31ee3164f055ab70b3ea8c003f91fdedcc35a1399a053a2a269f");
	assert_str(c->rec.hostname, "33bb47c260da");
	assert_str(c->rec.image.reference, "bb:1");
	assert_str(c->rec.node.name, "vm");
	assert_str(c->rec.node.address.ip, "10.99.0.2");
	assert_str(c->rec.state.status, "running");
	assert_str(c->rec.engine.name, "swarm");
	assert_str(container_label(c, STR("lb.enable")), "true");
	assert_str(container_label(c, STR("tier")), "web");
	assert_str(container_label(c, STR("com.docker.swarm.service.name")), "web");
	assert_str(c->rec.swarm.service, "web");
	assert_str(c->rec.swarm.task_id, "2som85p9ez7pgbnqkyiow5x1f");
	assert_str(c->rec.swarm.vip, "10.0.1.2");
	cr_assert_eq(c->rec.swarm.slot, 1);
	snapshot_unref(s);
	fake_stop(&f);
}

Test(swarm, leaves_the_ingress_network_out_of_addresses)
{
	struct fake_engine f;
	struct snapshot *s;
	const struct container *c;

	start(&f, (struct address_rules){.follow = false});
	answer_recorded(&f, CAPTURES "tasks.http");
	s = inventory_snapshot(f.inv);
	c = named(s, "web.3.");
	assert_str(c->rec.ip, "10.0.1.5");
	cr_assert_eq(container_networks(c), 1);
	assert_str(container_network(c, 0)->name, "ov");
	assert_str(container_network(c, 0)->ip, "10.0.1.5");
	cr_assert_eq(container_network(c, 0)->ip_prefix_len, 24);
	assert_str(container_network(c, 0)->gateway, "10.0.1.1");
	assert_str(container_network(c, 0)->vip, "10.0.1.2");
	cr_assert_eq(container_addresses(c), 1);
	assert_str(container_address(c, 0)->port, "80");
	assert_str(container_address(c, 0)->host_port, "18080");
	assert_str(container_address(c, 0)->ip, "10.0.1.5");
	snapshot_unref(s);
	fake_stop(&f);
}

Test(swarm, gives_tasks_without_a_virtual_address_their_own)
{
	struct fake_engine f;
	struct snapshot *s;
	const struct container *c;

	start(&f, (struct address_rules){.follow = false});
	answer_recorded(&f, CAPTURES "tasks.http");
	s = inventory_snapshot(f.inv);
	c = named(s, "dns.2.");
	assert_str(c->rec.ip, "10.0.1.9");
	assert_str(c->rec.swarm.vip, "");
	cr_assert_eq(container_addresses(c), 0);
	snapshot_unref(s);
	fake_stop(&f);
}

Test(swarm, leaves_out_tasks_that_are_shut_down)
{
	struct fake_engine f;

	start(&f, (struct address_rules){.follow = false});
	answer_recorded(&f, CAPTURES "tasks-after-drain.http");
	cr_assert_str_eq(running(&f), "dns.1 dns.2 web.1 web.3");
	fake_stop(&f);
}

#define SERVICE(labels, endpoint)                                                                  \
	"[{\"ID\":\"s1\",\"Spec\":{\"Name\":\"web\",\"Labels\":{" labels                           \
	"}},\"Endpoint\":{" endpoint "}}]"
#define NODE(id, state, availability, addr)                                                        \
	"{\"ID\":\"" id "\",\"Spec\":{\"Availability\":\"" availability                            \
	"\"},\"Description\":{\"Hostname\":\"" id "\"},\"Status\":{\"State\":\"" state             \
	"\",\"Addr\":\"" addr "\"},\"ManagerStatus\":{\"Addr\":\"192.0.2.9:2377\"}}"
#define READY NODE("n1", "ready", "active", "192.0.2.1")
#define TASK(id, node, container, more)                                                            \
	"{\"ID\":\"" id "\",\"ServiceID\":\"s1\",\"NodeID\":\"" node                               \
	"\",\"DesiredState\":\"running\",\"Slot\":1,\"Status\":{\"State\":\"running\","            \
	"\"ContainerStatus\":{\"ContainerID\":\"" container "\"}" more "}}"

#define NO_RULES ((struct address_rules){.follow = false})

static void assert_node_counts(const char *nodes, const char *want)
{
	struct fake_engine f;

	start(&f, NO_RULES);
	answer_round(&f, SERVICE("", ""), nodes, "[" TASK("t1", "n1", "c1", "") "]");
	if (fake_waiting(&f, "/services")) /* an unknown node: maybe it is new */
		answer_round(&f, SERVICE("", ""), nodes, "[" TASK("t1", "n1", "c1", "") "]");
	cr_assert_str_eq(running(&f), want, "%s", nodes);
	fake_stop(&f);
}

Test(swarm, leaves_out_tasks_of_nodes_that_are_down_or_drained)
{
	assert_node_counts("[" READY "]", "web.1");
	assert_node_counts("[" NODE("n1", "unknown", "active", "") "]", "web.1");
	assert_node_counts("[" NODE("n1", "ready", "pause", "") "]", "web.1");
	assert_node_counts("[" NODE("n1", "down", "active", "") "]", "");
	assert_node_counts("[" NODE("n1", "disconnected", "active", "") "]", "");
	assert_node_counts("[" NODE("n1", "ready", "drain", "") "]", "");
	assert_node_counts("[]", "");
}

Test(swarm, knows_ports_that_the_node_of_the_task_publishes)
{
	struct fake_engine f;
	struct snapshot *s;
	const struct rec_address *a;

	start(&f, (struct address_rules){.published = STR_INIT("mesh.example")});
	answer_round(&f,
		SERVICE("", "\"Ports\":[{\"Protocol\":\"tcp\",\"TargetPort\":80,\"PublishMode\":"
			    "\"host\"},{\"Protocol\":\"tcp\",\"TargetPort\":81,\"PublishedPort\":"
			    "8081,\"PublishMode\":\"ingress\"}]"),
		"[" NODE("n1", "ready", "active", "0.0.0.0") "]",
		"[" TASK("t1", "n1", "c1",
			",\"PortStatus\":{\"Ports\":[{\"Protocol\":\"tcp\",\"TargetPort\":80,"
			"\"PublishedPort\":32768,\"PublishMode\":\"host\"}]}") "]");
	s = inventory_snapshot(f.inv);
	cr_assert_eq(container_addresses(snapshot_at(s, 0)), 2);
	a = container_address(snapshot_at(s, 0), 0);
	assert_str(a->ip, "192.0.2.9");
	assert_str(a->port, "32768");
	assert_str(a->container_port, "80");
	assert_str(a[1].ip, "mesh.example");
	assert_str(a[1].port, "8081");
	snapshot_unref(s);
	fake_stop(&f);
}

Test(swarm, lets_no_label_forge_whose_task_it_is)
{
	struct fake_engine f;
	struct snapshot *s;
	const struct container *c;

	start(&f, NO_RULES);
	answer_round(&f,
		SERVICE("\"a\":\"service\",\"b\":\"service\","
			"\"com.docker.swarm.service.name\":\"forged\"",
			""),
		"[" READY "]",
		"[{\"ID\":\"t1\",\"ServiceID\":\"s1\",\"NodeID\":\"n1\",\"DesiredState\":"
		"\"running\","
		"\"Spec\":{\"ContainerSpec\":{\"Labels\":{\"b\":\"container\","
		"\"com.docker.swarm.task.id\":\"forged\"},\"Env\":[\"A=1\"]}},"
		"\"Status\":{\"State\":\"running\",\"ContainerStatus\":{\"ContainerID\":\"c1\"}}}"
		"]");
	s = inventory_snapshot(f.inv);
	c = snapshot_at(s, 0);
	assert_str(container_label(c, STR("a")), "service");
	assert_str(container_label(c, STR("b")), "container");
	assert_str(c->rec.swarm.service, "web");
	assert_str(c->rec.swarm.task_id, "t1");
	assert_str(c->rec.name, "web.n1.t1");
	cr_assert_eq(c->rec.swarm.slot, 0);
	snapshot_unref(s);
	fake_stop(&f);
}

/* --- rounds ------------------------------------------------------------------------------- */

static void start_with_task(struct fake_engine *f)
{
	start(f, NO_RULES);
	answer_round(f, SERVICE("", ""), "[" READY "]", "[" TASK("t1", "n1", "c1", "") "]");
	cr_assert_str_eq(running(f), "web.1");
	cr_assert_str_eq(f->last.event, "first list");
}

static void sync_again(struct fake_engine *f)
{
	inventory_resync(f->inv);
	cr_assert_eq(fake_waiting(f, "/services"), 1);
}

Test(swarm, keeps_what_is_known_when_a_list_fails)
{
	static const char *const paths[] = {"/services", "/nodes", TASKS_PATH};
	struct fake_engine f;

	fake_quiet();
	start_with_task(&f);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		sync_again(&f);
		if (i > 0)
			fake_answer(&f, "/services", 200, SERVICE("", ""));
		if (i > 1)
			fake_answer(&f, "/nodes", 200, "[" READY "]");
		fake_answer(&f, paths[i], i == 1 ? 0 : 503, "");
		cr_assert_str_eq(running(&f), "web.1", "%s", paths[i]);
	}
	sync_again(&f);
	fake_answer(&f, "/services", 200, "[{\"ID\":");
	cr_assert_str_eq(running(&f), "web.1");
	sync_again(&f);
	answer_round(&f, SERVICE("", ""), "[" READY "]", "[]");
	cr_assert_str_eq(running(&f), "");
	fake_stop(&f);
}

Test(swarm, takes_nothing_away_because_of_what_it_cannot_read)
{
	struct fake_engine f;

	fake_quiet();
	start_with_task(&f);
	sync_again(&f);
	answer_round(&f, SERVICE("", ""), "[" READY "]",
		"[{\"ID\":\"t2\",\"Slot\":\"two\"}," TASK("t3", "n1", "c3", "") "]");
	cr_assert_str_eq(running(&f), "web.1 web.1", "c1 may be the one that cannot be read");
	sync_again(&f);
	answer_round(&f, SERVICE("", ""), "[" READY "]",
		"[{\"ID\":7,\"ServiceID\":\"s1\",\"Status\":{\"State\":\"running\","
		"\"ContainerStatus\":{\"ContainerID\":\"c1\"}}}]");
	cr_assert_str_eq(running(&f), "web.1", "what can be read says that it is c1");
	fake_stop(&f);
}

Test(swarm, asks_once_more_for_a_service_that_is_newer_than_its_list)
{
	struct fake_engine f;

	start(&f, NO_RULES);
	answer_round(&f, "[]", "[" READY "]", "[" TASK("t1", "n1", "c1", "") "]");
	cr_assert_str_eq(running(&f), "none");
	answer_round(&f, SERVICE("", ""), "[" READY "]", "[" TASK("t1", "n1", "c1", "") "]");
	cr_assert_str_eq(running(&f), "web.1");
	sync_again(&f);
	answer_round(&f, "[]", "[" READY "]", "[" TASK("t1", "n1", "c1", "") "]");
	cr_assert_str_eq(running(&f), "web.1", "not at once");
	answer_round(&f, "[]", "[" READY "]", "[" TASK("t1", "n1", "c1", "") "]");
	cr_assert_str_eq(running(&f), "", "its service was removed");
	cr_assert_eq(fake_waiting(&f, "/services"), 0);
	fake_stop(&f);
}

Test(swarm, asks_anew_after_events_of_services_and_nodes)
{
	struct fake_engine f;

	start_with_task(&f);
	fake_event(&f, ENGINE_CONTAINER_HEALTH, "c1");
	cr_assert_eq(fake_waiting(&f, "/services"), 0);
	fake_event(&f, ENGINE_SERVICE_UPDATE, "s1");
	fake_event(&f, ENGINE_NODE_UPDATE, "n1");
	answer_round(
		&f, SERVICE("\"x\":\"1\"", ""), "[" READY "]", "[" TASK("t1", "n1", "c1", "") "]");
	cr_assert_str_eq(f.last.event, "service update");
	cr_assert_eq(fake_waiting(&f, "/services"), 1, "for the second event");
	answer_round(
		&f, SERVICE("\"x\":\"1\"", ""), "[" READY "]", "[" TASK("t1", "n1", "c1", "") "]");
	cr_assert_eq(f.changes, 2, "nothing new was told");
	loop_until(f.base, fake_waiting(&f, "/services") == 1); /* it is asked soon for a while */
	fake_stop(&f);
}

Test(swarm, asks_for_tasks_by_itself)
{
	struct inventory_options options = {
		.name = "swarm", .swarm = true, .refresh_ns = 20 * (int64_t)1000000};
	struct fake_engine f;

	fake_start(&f, &options);
	inventory_engine_handlers()->on_up(NULL, f.inv);
	answer_round(&f, SERVICE("", ""), "[" READY "]", "[" TASK("t1", "n1", "c1", "") "]");
	loop_until(f.base, fake_waiting(&f, "/services") == 1);
	answer_round(&f, SERVICE("", ""), "[" READY "]", "[]");
	cr_assert_str_eq(running(&f), "none", "the facts are not there yet");
	fake_stop(&f);
}

Test(swarm, believes_a_death_more_than_the_manager)
{
	struct fake_engine f;
	const char *both = "[" TASK("t1", "n1", "c1", "") "," TASK("t2", "n1", "c2", "") "]";

	start(&f, NO_RULES);
	answer_round(&f, SERVICE("", ""), "[" READY "]", both);
	fake_event(&f, ENGINE_CONTAINER_DIE, "c1");
	cr_assert_str_eq(running(&f), "web.1");
	cr_assert(f.last.urgent);
	sync_again(&f);
	answer_round(&f, SERVICE("", ""), "[" READY "]", both);
	cr_assert_str_eq(running(&f), "web.1", "the manager is behind");
	sync_again(&f);
	answer_round(&f, SERVICE("", ""), "[" READY "]",
		"[" TASK("t2", "n1", "c2", "") "," TASK("t3", "n1", "c3", "") "]");
	cr_assert_str_eq(running(&f), "web.1 web.1");
	fake_stop(&f);
}

Test(swarm, starts_anew_when_the_connection_does)
{
	struct fake_engine f;

	start_with_task(&f);
	sync_again(&f);
	inventory_engine_handlers()->on_down(NULL, NULL, f.inv);
	cr_assert_str_eq(running(&f), "web.1");
	inventory_engine_handlers()->on_up(NULL, f.inv);
	cr_assert_eq(fake_waiting(&f, "/services"), 1, "the old question is forgotten");
	answer_round(&f, SERVICE("", ""), "[" READY "]", "[]");
	cr_assert_str_eq(running(&f), "");
	fake_stop(&f);
}

Test(swarm, tells_a_worker_from_a_manager)
{
	struct fake_engine f;

	fake_quiet();
	start(&f, NO_RULES);
	fake_answer(&f, "/services", 503, "");
	cr_assert(strstr(fake_said(), "swarm: listing the swarm's services failed, what is known "
				      "stays: the engine answered 503 (source = swarm needs the "
				      "endpoint of a manager)"),
		"%s", fake_said());
	cr_assert_str_eq(running(&f), "none");
	fake_stop(&f);
}
