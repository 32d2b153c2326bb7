/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "commands/secret.h"

#include <criterion/criterion.h>

static void assert_masked(const char *text, const char *expected)
{
	struct buf out;

	buf_init(&out, SIZE_MAX);
	secret_mask(str_from(text), &out);
	cr_assert_str_eq(buf_cstr(&out), expected);
	buf_release(&out);
}

Test(secret, names_with_a_secret_word_are_secret)
{
	static const char *const names[] = {"PASSWORD", "DB_PASS", "MYSQL_ROOT_PASSWORD", "dbPassword",
		"mydbpassword", "AWS_SECRET_ACCESS_KEY", "apiKey", "API_KEY", "GITHUB_TOKEN",
		"traefik.http.middlewares.a.basicauth.users", "SENTRY_DSN", "--password", "x-auth",
		"AUTH", "credential_id", "pwd"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		cr_assert(secret_is_name(str_from(names[i])), "%s", names[i]);
}

Test(secret, other_names_are_not)
{
	static const char *const names[] = {"", "PATH", "PWD", "OLDPWD", "VIRTUAL_HOST", "MONKEY",
		"COMPASS", "author", "com.docker.compose.project", "LETSENCRYPT_EMAIL", "KEYBOARD",
		"upstreamd.host", "_", "HTTPS_METHOD"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		cr_assert(!secret_is_name(str_from(names[i])), "%s", names[i]);
}

Test(secret, a_file_that_holds_a_secret_is_none)
{
	struct str name = STR("POSTGRES_PASSWORD_FILE");

	cr_assert(!secret_is_value(name, STR("/run/secrets/db")));
	cr_assert(secret_is_value(name, STR("hunter2")));
	cr_assert(secret_is_value(STR("KEY"), STR("/9j4=")));
	cr_assert(!secret_is_value(STR("KEY"), STR("")));
}

Test(secret, variables_are_masked_to_their_end)
{
	assert_masked("DB_PASSWORD=hunter2", "DB_PASSWORD=REDACTED");
	assert_masked("DB_PASSWORD=two words; more", "DB_PASSWORD=REDACTED");
	assert_masked("DB_PASSWORD=", "DB_PASSWORD=");
	assert_masked("VIRTUAL_HOST=a.example", "VIRTUAL_HOST=a.example");
	assert_masked("PASSWORD_FILE=/run/secrets/x", "PASSWORD_FILE=/run/secrets/x");
	assert_masked("--token=abc", "--token=REDACTED");
	assert_masked("", "");
}

Test(secret, assignments_within_a_text_are_masked_to_theirs)
{
	assert_masked("exec app TOKEN=abc --port=80", "exec app TOKEN=REDACTED --port=80");
	assert_masked("app --password='abc' x", "app --password=REDACTED' x");
	assert_masked("http://h/?token=abc&x=1", "http://h/?token=REDACTED&x=1");
	assert_masked("a PASSWORD= b", "a PASSWORD= b");
}

Test(secret, passwords_in_urls_are_masked)
{
	assert_masked("URL=postgres://u:p@db:5432/x", "URL=postgres://u:REDACTED@db:5432/x");
	assert_masked("https://u:p:q@h https://u:p@h", "https://u:REDACTED@h https://u:REDACTED@h");
	assert_masked("redis://:p@h", "redis://:REDACTED@h");
	assert_masked("https://token@github.com/x", "https://REDACTED@github.com/x");
	assert_masked("ssh://git@github.com/x", "ssh://git@github.com/x");
	assert_masked("http://host:80/a@b", "http://host:80/a@b");
	assert_masked("http://host/a:b@c", "http://host/a:b@c");
	assert_masked("tcp://10.0.0.1:80", "tcp://10.0.0.1:80");
	assert_masked("http://", "http://");
	assert_masked("http://u:@h", "http://u:@h");
}

Test(secret, what_gives_itself_away_is_masked_whole)
{
	assert_masked("-----BEGIN RSA PRIVATE KEY-----\nMII", "REDACTED");
	assert_masked("PEM=-----BEGIN PRIVATE KEY-----\nMII", "PEM=REDACTED");
	assert_masked("users=admin:$apr1$x$y", "users=REDACTED");
	assert_masked("admin:$2y$05$abc", "REDACTED");
	assert_masked("a=b $2y$05$abc", "a=REDACTED");
	assert_masked("https://u:p@h/?users=$apr1$x", "REDACTED");
	assert_masked("costs $2 and more", "costs $2 and more");
}
