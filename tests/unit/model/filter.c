/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "model/filter.h"

#include "base/alloc.h"
#include "model/container.h"
#include "model/expose.h"
#include "model/filter_impl.h"
#include "model/snapshot_file.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define ID(c) c c c c c c c c c c c c c c c c

static const char set[] = "{\"containers\":["
	"{\"Id\":\"" ID("aaaa") "\",\"Name\":\"/web-1\",\"Created\":\"2024-01-01T00:00:03Z\","
	" \"Image\":\"sha256:1234567890\",\"State\":{\"Status\":\"running\",\"Running\":true,"
	" \"Health\":{\"Status\":\"healthy\"}},\"Config\":{\"Image\":\"nginx:1.25\",\"Labels\":{"
	" \"tier\":\"web\",\"env\":\"prod\"}},\"Mounts\":[{\"Name\":\"data\",\"Destination\":\"/d\"}],"
	" \"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostPort\":\"8080\"}],\"53/udp\":null},"
	" \"Networks\":{\"front\":{\"NetworkID\":\"ff00112233\"}}}},"
	"{\"Id\":\"" ID("bbbb") "\",\"Name\":\"/web-2\",\"Created\":\"2024-01-01T00:00:02Z\","
	" \"State\":{\"Status\":\"paused\",\"Running\":true},\"Config\":{\"Image\":\"nginx\","
	" \"Labels\":{\"tier\":\"web\"}}},"
	"{\"Id\":\"" ID("cccc") "\",\"Name\":\"/db\",\"Created\":\"2024-01-01T00:00:01Z\","
	" \"State\":{\"Status\":\"running\",\"Running\":true,\"Health\":{\"Status\":\"starting\"}},"
	" \"Config\":{\"Image\":\"postgres:latest\",\"ExposedPorts\":{\"5432/tcp\":{}}},"
	" \"Mounts\":[{\"Source\":\"/srv/db\",\"Destination\":\"/var/lib\"}],"
	" \"NetworkSettings\":{\"Networks\":{\"back\":{\"NetworkID\":\"bb00\"}}}},"
	"{\"Id\":\"" ID("dddd") "\",\"Name\":\"/job\",\"Created\":\"2024-01-01T00:00:00Z\","
	" \"State\":{\"Status\":\"exited\",\"ExitCode\":3},\"Config\":{\"Image\":\"job\",\"Labels\":{"
	" \"com.docker.swarm.task.id\":\"t\"}}},"
	"{\"Id\":\"" ID("eeee") "\",\"Name\":\"/dns\",\"Created\":\"2024-01-01T00:00:00Z\","
	" \"State\":{\"Running\":true},\"Config\":{\"Image\":\"dns\"},\"NetworkSettings\":{"
	" \"Ports\":{\"53/udp\":null}}}"
	"]}";

/* Names that f lets through, in the order of the set. */
static const char *names(const struct filter *f)
{
	static char text[256];
	struct error err = ERROR_INIT;
	struct snapshot *s = snapshot_from_json(str_from(set), NULL, NULL, &err);
	size_t len = 0;

	cr_assert_not_null(s, "%s", error_text(&err));
	text[0] = '\0';
	for (size_t i = 0; i < snapshot_count(s); i++) {
		const struct container *c = snapshot_at(s, i);

		if (filter_matches(f, c, s))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s",
				len ? " " : "", STR_ARG(c->rec.name));
	}
	snapshot_unref(s);
	return text;
}

/* The names that key=value pairs let through, stopped ones too. */
static const char *matching(const char *const pairs[][2], size_t n)
{
	struct filter *f = filter_new();
	struct error err = ERROR_INIT;
	const char *text;

	filter_include_stopped(f);
	for (size_t i = 0; i < n; i++)
		cr_assert(filter_add(f, pairs[i][0], pairs[i][1], &err), "%s", error_text(&err));
	text = names(f);
	filter_free(f);
	return text;
}

#define assert_matches(want, ...)                                                                  \
	do {                                                                                       \
		const char *const pairs_[][2] = {__VA_ARGS__};                                     \
		cr_assert_str_eq(matching(pairs_, ARRAY_LEN(pairs_)), want);                       \
	} while (0)

Test(filter, lets_running_containers_through_by_itself)
{
	struct filter *f = filter_new();

	cr_assert_str_eq(names(f), "web-1 db dns");
	cr_assert_not(filter_wants_stopped(f));
	filter_include_stopped(f);
	cr_assert_str_eq(names(f), "web-1 web-2 db job dns");
	cr_assert(filter_wants_stopped(f));
	filter_free(f);
	cr_assert_str_eq(names(NULL), "web-1 web-2 db job dns", "no filter at all");
}

Test(filter, takes_a_status_in_place_of_running)
{
	struct filter *f = filter_new();

	cr_assert(filter_add(f, "status", "paused", NULL));
	cr_assert_str_eq(names(f), "web-2");
	cr_assert(filter_add(f, "status", "exited", NULL));
	cr_assert_str_eq(names(f), "web-2 job");
	cr_assert(filter_wants_stopped(f));
	filter_free(f);
	f = filter_new();
	cr_assert(filter_add(f, "status", "running", NULL));
	filter_include_stopped(f);
	cr_assert_str_eq(names(f), "web-1 db dns");
	cr_assert_not(filter_wants_stopped(f));
	filter_free(f);
	assert_matches("job", {"status", "stopped"});
}

Test(filter, knows_exposed_and_published_ports)
{
	struct filter *f = filter_new();

	filter_only_exposed(f);
	cr_assert_str_eq(names(f), "web-1 db", "tcp alone, as docker-gen's");
	filter_only_published(f);
	cr_assert_str_eq(names(f), "web-1");
	filter_free(f);
	/* The engine's own filters mean tcp if they do not say otherwise. */
	assert_matches("web-1 db", {"expose", "1-65535"});
	assert_matches("web-1 dns", {"expose", "53/udp"});
	assert_matches("db", {"expose", "5000-6000/tcp"});
	assert_matches("web-1", {"publish", "8080"});
	assert_matches("", {"publish", "80"});
	assert_matches("web-1 db", {"publish", "8080"}, {"expose", "5432"});
}

Test(filter, given_ports_stand_in_for_the_switches)
{
	struct filter *f = filter_new();

	filter_only_exposed(f);
	cr_assert(filter_add(f, "expose", "53/udp", NULL));
	cr_assert_str_eq(names(f), "web-1 dns");
	filter_only_published(f);
	cr_assert_str_eq(names(f), "web-1 dns", "either will do");
	filter_free(f);
	f = filter_new();
	filter_only_exposed(f);
	cr_assert(filter_add(f, "publish", "1/udp", NULL));
	cr_assert_str_eq(names(f), "web-1 db", "either will do");
	filter_only_published(f);
	cr_assert_str_eq(names(f), "web-1 db", "publish has a filter: expose goes by its switch");
	filter_free(f);
}

Test(filter, matches_names_and_ids_by_pattern)
{
	assert_matches("web-1 web-2", {"name", "web"});
	assert_matches("web-1 web-2", {"name", "^/web"});
	assert_matches("web-1 web-2", {"name", "^web-[0-9]$"});
	assert_matches("web-1 db", {"name", "web-1"}, {"name", "^db$"});
	assert_matches("db", {"id", "^cccc"});
	assert_matches("", {"id", "^ccccd"});
	/* Hostile patterns give up; they match nothing and hold up nothing. */
	assert_matches("", {"name", "^((a+)+)+(web)?(\\w+-?)+(\\w*-?)+(.+)+x$"});
}

Test(filter, wants_all_labels_and_one_of_other_values)
{
	assert_matches("web-1 web-2", {"label", "tier"});
	assert_matches("web-1", {"label", "tier=web"}, {"label", "env"});
	assert_matches("", {"label", "tier=db"});
	assert_matches("", {"label", "tier="});
	assert_matches("web-1 db", {"network", "front"}, {"network", "bb"});
	assert_matches("web-1", {"network", "ff0011"});
	assert_matches("web-1", {"label", "tier=web"}, {"network", "front"});
	assert_matches("", {"label", "tier=web"}, {"network", "back"});
}

Test(filter, knows_the_other_keys_of_the_engine)
{
	assert_matches("web-1", {"health", "healthy"});
	assert_matches("web-2 job dns", {"health", "none"});
	assert_matches("web-1", {"volume", "data"});
	assert_matches("db", {"volume", "/srv/db"});
	assert_matches("web-1 db", {"volume", "/d"}, {"volume", "/var/lib"});
	assert_matches("web-1", {"ancestor", "nginx:1.25"});
	assert_matches("web-2", {"ancestor", "nginx"});
	assert_matches("web-2", {"ancestor", "nginx:latest"});
	assert_matches("db", {"ancestor", "postgres"});
	assert_matches("web-1", {"ancestor", "12345"});
	assert_matches("web-1", {"ancestor", "sha256:1234"});
	assert_matches("", {"ancestor", "sha256:"});
	assert_matches("db job dns", {"before", "web-2"});
	assert_matches("web-1", {"since", "web-2"});
	assert_matches("web-1 web-2", {"since", "cccc"});
	assert_matches("", {"before", "nobody"});
	assert_matches("job", {"exited", "3"});
	assert_matches("", {"exited", "0"});
	assert_matches("job", {"is-task", "true"});
	assert_matches("web-1 web-2 db dns", {"is-task", "false"});
}

static void assert_refused(const char *key, const char *value, const char *want)
{
	struct filter *f = filter_new();
	struct error err = ERROR_INIT;

	cr_assert_not(filter_add(f, key, value, &err));
	cr_assert_str_eq(error_text(&err), want);
	error_clear(&err);
	filter_free(f);
}

Test(filter, says_what_is_wrong_with_a_filter)
{
	assert_refused("labels", "x", "unknown filter labels, did you mean label?");
	assert_refused("frobnicate", "x",
		"unknown filter frobnicate; there are ancestor, before, engine, exited, expose, health, "
		"id, is-task, label, name, network, publish, since, status, volume");
	assert_refused("status", "up",
		"filter status: up is none of created, restarting, running, removing, paused, "
		"exited, dead, stopped");
	assert_refused("health", "ok",
		"filter health: ok is none of starting, healthy, unhealthy, none");
	assert_refused("expose", "80/tpc", "filter expose: 80/tpc is no PORT, PORT/udp or FIRST-LAST");
	assert_refused("expose", "70000", "filter expose: 70000 is no PORT, PORT/udp or FIRST-LAST");
	assert_refused("publish", "9-8", "filter publish: 9-8 is no PORT, PORT/udp or FIRST-LAST");
	assert_refused("exited", "-1", "filter exited: -1 is no exit code");
	assert_refused("name", "", "filter name: no value");
	assert_refused("name", "(", "filter name: ( is no regular expression: missing closing "
				    "parenthesis at 1");
}

Test(filter, caps_values_and_their_number)
{
	struct filter *f = filter_new();
	char *value = xmalloc(FILTER_VALUE_MAX + 2);

	memset(value, 'a', FILTER_VALUE_MAX + 1);
	value[FILTER_VALUE_MAX + 1] = '\0';
	cr_assert_not(filter_add(f, "label", value, NULL));
	value[FILTER_VALUE_MAX] = '\0';
	for (int i = 0; i < FILTER_MAX; i++)
		cr_assert(filter_add(f, "label", value, NULL));
	cr_assert_not(filter_add(f, "label", "x", NULL));
	free(value);
	filter_free(f);
}

Test(filter, keeps_its_table_of_keys_sorted)
{
	for (size_t k = 1; k < FILTER_KEYS; k++)
		cr_assert_lt(strcmp(filter_keys[k - 1].name, filter_keys[k].name), 0);
}
