/* SPDX-License-Identifier: MIT
 *
 * The pure parts: endpoints, versions, error texts, backoff.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/api.h"
#include "engine/endpoint.h"
#include "engine/retry.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(endpoint, a_unix_endpoint_has_a_path)
{
	struct error err = ERROR_INIT;
	struct endpoint ep;

	cr_assert(endpoint_parse(&ep, "unix:///run/docker.sock", &err), "%s", error_text(&err));
	cr_assert_eq(ep.kind, ENDPOINT_UNIX);
	cr_assert_str_eq(ep.path, "/run/docker.sock");
	cr_assert_str_eq(ep.text, "unix:///run/docker.sock");
	endpoint_release(&ep);
}

Test(endpoint, a_tcp_endpoint_has_host_and_port)
{
	static const struct {
		const char *text, *host;
		unsigned port;
	} cases[] = {
		{"tcp://10.0.0.1:2376", "10.0.0.1", 2376},
		{"tcp://proxy", "proxy", 2375},
		{"tcp://proxy:1/", "proxy", 1},
		{"tcp://[::1]:65535", "::1", 65535},
		{"tcp://[fe80::1]", "fe80::1", 2375},
		{"tls://proxy", "proxy", 2376},
		{"ssh://proxy", "proxy", 0},
		{"ssh://me@proxy:22", "proxy", 22},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = ERROR_INIT;
		struct endpoint ep;

		cr_assert(endpoint_parse(&ep, cases[i].text, &err), "%s", error_text(&err));
		cr_assert_str_eq(ep.host, cases[i].host);
		cr_assert_eq(ep.port, cases[i].port);
		endpoint_release(&ep);
	}
}

Test(endpoint, an_ssh_endpoint_may_have_a_user_and_a_socket)
{
	struct error err = ERROR_INIT;
	struct endpoint ep;

	cr_assert(endpoint_parse(&ep, "ssh://me@host/run/x.sock", &err), "%s", error_text(&err));
	cr_assert_eq(ep.kind, ENDPOINT_SSH);
	cr_assert_str_eq(ep.user, "me");
	cr_assert_str_eq(ep.host, "host");
	cr_assert_str_eq(ep.path, "/run/x.sock");
	endpoint_release(&ep);
	cr_assert(endpoint_parse(&ep, "ssh://host/", &err), "%s", error_text(&err));
	cr_assert_null(ep.user);
	cr_assert_null(ep.path);
	endpoint_release(&ep);
	cr_assert(endpoint_parse(&ep, "auto", &err), "%s", error_text(&err));
	cr_assert_eq(ep.kind, ENDPOINT_SEARCH);
	endpoint_release(&ep);
}

Test(endpoint, bad_endpoints_are_told_what_is_expected)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "unknown scheme; known are unix://, tcp://, tls://, ssh://, replay:FILE and auto"},
		{"docker", "unknown scheme"},
		{"npipe:////./pipe/docker", "unknown scheme"},
		{"/var/run/docker.sock", "begins with a scheme: unix:///var/run/docker.sock"},
		{"unix://", "must be absolute"},
		{"unix://run/x", "must be absolute"},
		{"tcp://", "expected SCHEME://HOST:PORT"},
		{"tcp://:1", "expected SCHEME://HOST:PORT"},
		{"tcp://::1:5", "expected SCHEME://HOST:PORT"},
		{"tcp://[::1", "expected SCHEME://HOST:PORT"},
		{"tcp://[::1]5", "expected SCHEME://HOST:PORT"},
		{"tcp://h:", "expected SCHEME://HOST:PORT"},
		{"tcp://h:0", "from 1 to 65535"},
		{"tcp://h:65536", "from 1 to 65535"},
		{"tcp://h:x", "from 1 to 65535"},
		{"tcp://h:1/path", "a path after host and port"},
		{"tcp://u@h:1", "a user is not supported"},
		{"ssh://-oProxyCommand=x", "does not begin with -"},
		{"ssh://-l@h", "the user before the @"},
		{"ssh://@h", "the user before the @"},
		{"ssh://me:secret@h", "use a key"},
		{"ssh://me@", "expected SCHEME://HOST:PORT"},
		{"tcp://h h", "no blanks"},
		{"unix:///a\nb", "no blanks"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = ERROR_INIT;
		struct endpoint ep;

		cr_assert(!endpoint_parse(&ep, cases[i].text, &err), "%s", cases[i].text);
		cr_assert(strstr(error_text(&err), cases[i].want), "%s", error_text(&err));
		cr_assert(strstr(error_text(&err), cases[i].text), "%s", error_text(&err));
		error_clear(&err);
	}
}

Test(endpoint_limit, path_and_text_length)
{
	struct error err = ERROR_INIT;
	struct endpoint ep;
	char text[ENDPOINT_TEXT_MAX + 2] = "unix:///";

	memset(text + 8, 'x', 106);
	cr_assert(endpoint_parse(&ep, text, &err));
	endpoint_release(&ep);
	text[8 + 106] = 'x';
	cr_assert(!endpoint_parse(&ep, text, &err));
	cr_assert(strstr(error_text(&err), "longer than 107 bytes"), "%s", error_text(&err));
	memset(text + 8, 'x', sizeof(text) - 9);
	cr_assert(!endpoint_parse(&ep, text, &err));
	cr_assert_str_eq(error_text(&err), "engine endpoint: longer than 1024 bytes");
	error_clear(&err);
}

Test(api, versions_are_numbers_not_text)
{
	struct api_version v = {7, 7};

	cr_assert(api_version_parse(STR("1.9"), &v));
	cr_assert_lt(api_version_cmp(v, (struct api_version){1, 24}), 0);
	cr_assert_gt(api_version_cmp((struct api_version){2, 0}, (struct api_version){1, 99}), 0);
	cr_assert_eq(api_version_cmp(v, (struct api_version){1, 9}), 0);
	cr_assert(!api_version_parse(STR("1"), &v));
	cr_assert(!api_version_parse(STR("1.x"), &v));
	cr_assert(!api_version_parse(STR("1.99999"), &v));
	cr_assert(!api_version_parse(STR(""), &v));
	cr_assert_eq(v.minor, 9);
}

Test(api, negotiation_takes_the_smaller_version)
{
	struct error err = ERROR_INIT;
	struct api_version v;

	cr_assert(api_negotiate(STR("1.41"), &v, &err));
	cr_assert_eq(v.minor, 41);
	cr_assert(api_negotiate(STR("1.24"), &v, &err));
	cr_assert_eq(v.minor, 24);
	cr_assert(api_negotiate(STR("2.0"), &v, &err));
	cr_assert_eq(api_version_cmp(v, API_NEWEST), 0);
	cr_assert(api_negotiate(str_n(NULL, 0), &v, &err));
	cr_assert_eq(v.major, 0);
	cr_assert(!api_negotiate(STR("1.23"), &v, &err));
	cr_assert_str_eq(error_text(&err), "the engine's API is 1.23; at least 1.24 is needed");
	cr_assert(!api_negotiate(STR("new"), &v, &err));
	error_clear(&err);
}

static void assert_error(int status, const char *method, const char *path, struct str body,
	const char *want)
{
	struct error err = ERROR_INIT;

	cr_assert(!api_error(&err, status, method, path, body));
	cr_assert_str_eq(error_text(&err), want);
	error_clear(&err);
}

Test(api, error_texts_come_from_the_body)
{
	assert_error(404, "GET", "/x", STR("{\"message\":\"no such container: x\"}\n"),
		"status 404: no such container: x");
	assert_error(500, "GET", "/x",
		STR("{\"cause\":\"a\",\"list\":[\"message\",{\"message\":\"b\"}],"
		    "\"message\":\"c\",\"response\":500}"),
		"status 500: c");
	assert_error(400, "GET", "/x", STR("client version 1.12 is too old\n\n"),
		"status 400: client version 1.12 is too old");
	assert_error(503, "GET", "/x", STR("<html><h1>503</h1>\n\nNo server\x01.</html>"),
		"status 503: 503 No server .");
	assert_error(500, "GET", "/x", STR(""), "status 500");
	assert_error(500, "GET", "/x", STR("{\"message\":\"cut"), "status 500: {\"message\":\"cut");
}

Test(api, forbidden_paths_name_what_allows_them)
{
	assert_error(403, "GET", "/containers/json?all=1", STR(""),
		"status 403 (GET /containers/json?all=1 is not allowed; with docker-socket-proxy "
		"set CONTAINERS=1)");
	assert_error(403, "POST", "/exec/1/start", STR(""),
		"status 403 (POST /exec/1/start is not allowed; with docker-socket-proxy set "
		"EXEC=1 and POST=1)");
	assert_error(403, "GET", "/other", STR(""), "status 403 (GET /other is not allowed)");
}

Test(api_limit, message_length)
{
	char body[API_ERROR_BODY_MAX];
	struct error err = ERROR_INIT;

	memset(body, 'x', sizeof(body));
	api_error(&err, 500, "GET", "/x", str_n(body, sizeof(body)));
	cr_assert_eq(strlen(error_text(&err)), strlen("status 500: ") + API_MESSAGE_MAX);
	memcpy(body, "{\"message\":\"", 12);
	memcpy(body + sizeof(body) - 2, "\"}", 2);
	api_error(&err, 500, "GET", "/x", str_n(body, sizeof(body)));
	cr_assert_eq(strlen(error_text(&err)), strlen("status 500: ") + API_MESSAGE_MAX);
	error_clear(&err);
}

Test(retry, waits_double_up_to_the_most_with_jitter_in_the_upper_half)
{
	struct retry r;
	int64_t most = 100 * NS_PER_MS;
	bool differs = false;

	retry_init(&r, 100 * NS_PER_MS, 10 * (int64_t)NS_PER_S);
	for (int i = 0; i < 50; i++) {
		int64_t wait = retry_next(&r);

		cr_assert_leq(wait, most, "try %d", i);
		cr_assert_geq(wait, most / 2, "try %d", i);
		differs |= i > 20 && wait != most;
		most = most * 2 < r.max_ns ? most * 2 : r.max_ns;
	}
	cr_assert(differs);
	retry_reset(&r);
	cr_assert_leq(retry_next(&r), 100 * NS_PER_MS);
}

Test(retry, extreme_settings_do_not_overflow)
{
	struct retry r;

	retry_init(&r, INT64_MAX / 2 + 1, INT64_MAX);
	for (int i = 0; i < 10; i++)
		cr_assert_gt(retry_next(&r), INT64_MAX / 8);
	retry_init(&r, 5, 1);
	for (int i = 0; i < 10; i++)
		cr_assert_leq(retry_next(&r), 5);
}
