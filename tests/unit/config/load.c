/* SPDX-License-Identifier: MIT
 *
 * From a text to a configuration.
 */
#include "config.h"

#include "base/clock.h"
#include "config/config.h"
#include "unit/config/support.h"

#include <criterion/criterion.h>
#include <unistd.h>

#define S ((int64_t)NS_PER_S)

static struct config *load_with(const struct config_input *in)
{
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;

	cr_assert(config_parse(STR(TEST_OUTPUT), in, &config, &errors));
	return config;
}

static void assert_load_fails(const struct config_input *in, const char *expected)
{
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;

	cr_assert(!config_parse(STR(TEST_OUTPUT), in, &config, &errors));
	cr_assert_eq(errors.n, 1);
	cr_assert_str_eq(errors.v[0], expected);
	config_errors_release(&errors);
}

Test(config, an_output_alone_gives_all_defaults)
{
	struct config *c = load_good(TEST_OUTPUT);
	const struct config_output *o = &c->outputs.v[0];

	cr_assert_eq(c->log_level, LOG_INFO);
	cr_assert_eq(c->log_format, LOG_TEXT);
	cr_assert_eq(c->engines.n, 1);
	cr_assert_str_eq(c->engines.v[0].name, "default");
	cr_assert_str_eq(c->engines.v[0].endpoint, "auto");
	cr_assert_str_eq(c->engines.v[0].endpoint_origin, "default");
	cr_assert_eq(c->engines.v[0].resync_ns, 300 * S);
	cr_assert_eq(c->engines.v[0].max_connections, 4);
	cr_assert_eq(c->outputs.n, 1);
	cr_assert_str_eq(o->name, "web");
	cr_assert_eq(o->line, 1);
	cr_assert_eq(o->templates.n, 1);
	cr_assert_str_eq(o->templates.v[0], "/t");
	cr_assert_str_eq(o->dest, "/d");
	cr_assert(!o->mode.set);
	cr_assert_null(o->check.text);
	cr_assert_null(o->reload.argv);
	cr_assert_eq(o->wait.min_ns, 0);
	cr_assert_eq(o->wait.max_ns, 0);
	cr_assert_eq(o->min_interval_ns, S);
	cr_assert_eq(o->filters.n, 0);
	cr_assert(!o->only_exposed && !o->only_published && !o->include_stopped);
	cr_assert(!o->keep_blank_lines);
	cr_assert(!o->template_sandbox);
	cr_assert_eq(o->template_files.n, 0);
	config_free(c);
}

Test(config, every_key_reaches_its_member)
{
	struct config *c = load_good("[upstreamd]\nlog_level = debug\nlog_format = JSON\n"
				     "first_render_deadline = 3s\n"
				     "[engine far]\nendpoint = tcp://h:1\nconnect_timeout = 1s\n"
				     "request_timeout = 2s\nliveness = 3s\nresync = 4s\n"
				     "max_connections = 5\n" TEST_OUTPUT
				     "template = u\nmode = 640\ncheck = c\ncheck_timeout = 6s\n"
				     "reload = r\nreload_timeout = 7s\n"
				     "wait = 8s:9s\n"
				     "min_interval = 10s\nonly_exposed = yes\nonly_published = on\n"
				     "include_stopped = 1\ncontainer_filter = a=b\n"
				     "container_filter = label=c=d\nkeep_blank_lines = true\n"
				     "template_sandbox = yes\ntemplate_files = f/\n"
				     "template_files = /\nrender_timeout = 11s\n");
	const struct config_engine *e = &c->engines.v[0];
	const struct config_output *o = &c->outputs.v[0];

	cr_assert_eq(c->log_level, LOG_DEBUG);
	cr_assert_eq(c->log_format, LOG_JSON);
	cr_assert_eq(c->first_render_deadline_ns, 3 * S);
	cr_assert_str_eq(e->name, "far");
	cr_assert_str_eq(e->endpoint, "tcp://h:1");
	cr_assert_str_eq(e->endpoint_origin, TEST_PATH ":6");
	cr_assert_eq(e->connect_timeout_ns, 1 * S);
	cr_assert_eq(e->request_timeout_ns, 2 * S);
	cr_assert_eq(e->liveness_ns, 3 * S);
	cr_assert_eq(e->resync_ns, 4 * S);
	cr_assert_eq(e->max_connections, 5);
	cr_assert_eq(o->templates.n, 2);
	cr_assert_str_eq(o->templates.v[1], "/conf/u");
	cr_assert(o->mode.set);
	cr_assert_eq(o->mode.bits, 0640);
	cr_assert_str_eq(o->check.text, "c");
	cr_assert_eq(o->check_timeout_ns, 6 * S);
	cr_assert_str_eq(o->reload.text, "r");
	cr_assert_eq(o->reload_timeout_ns, 7 * S);
	cr_assert_eq(o->render_timeout_ns, 11 * S);
	cr_assert_eq(o->wait.min_ns, 8 * S);
	cr_assert_eq(o->wait.max_ns, 9 * S);
	cr_assert_eq(o->min_interval_ns, 10 * S);
	cr_assert(o->only_exposed && o->only_published && o->include_stopped);
	cr_assert(o->keep_blank_lines);
	cr_assert(o->template_sandbox);
	cr_assert_eq(o->template_files.n, 2);
	cr_assert_str_eq(o->template_files.v[0], "/conf/f");
	cr_assert_str_eq(o->template_files.v[1], "/");
	cr_assert_eq(o->filters.n, 2);
	cr_assert_str_eq(o->filters.v[1].key, "label");
	cr_assert_str_eq(o->filters.v[1].value, "c=d");
	cr_assert_eq(o->filters.v[1].line, 27);
	config_free(c);
}

Test(config, wait_without_max_waits_four_times_min_at_most)
{
	struct config *c = load_good(TEST_OUTPUT "wait = 500ms\n");

	cr_assert_eq(c->outputs.v[0].wait.min_ns, S / 2);
	cr_assert_eq(c->outputs.v[0].wait.max_ns, 2 * S);
	config_free(c);
}

Test(config, a_plain_command_becomes_words_and_needs_no_shell)
{
	struct config *c =
		load_good(TEST_OUTPUT "check = nginx -t -c '/a b' \"c\\\"\" {candidate}\n");
	const struct config_command *check = &c->outputs.v[0].check;
	const char *words[] = {"nginx", "-t", "-c", "/a b", "c\"", "{candidate}"};

	cr_assert(!check->shell);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		cr_assert_str_eq(check->argv[i], words[i]);
	cr_assert_null(check->argv[ARRAY_LEN(words)]);
	config_free(c);
}

Test(config, a_command_for_a_shell_is_given_to_one_whole)
{
	struct config *c = load_good(TEST_OUTPUT "reload = nginx -t && kill -HUP $(cat /pid)\n");
	const struct config_command *reload = &c->outputs.v[0].reload;

	cr_assert(reload->shell);
	cr_assert_str_eq(reload->argv[0], "/bin/sh");
	cr_assert_str_eq(reload->argv[1], "-c");
	cr_assert_str_eq(reload->argv[2], "nginx -t && kill -HUP $(cat /pid)");
	cr_assert_null(reload->argv[3]);
	config_free(c);
}

Test(config, a_command_that_cannot_be_run_is_refused)
{
	assert_errors(TEST_OUTPUT "check = nginx 'x\nreload = \"\"\n",
		"4: [output web] check: a quote is opened but not closed: 'x\n"
		"5: [output web] reload: the name of the program is empty\n");
}

Test(config, relative_paths_start_at_the_files_directory)
{
	struct config *c = load_good("[output a]\ntemplate = x.tmpl\ntemplate = ./y//z.tmpl\n"
				     "template = ../up.tmpl\ndest = out/./conf\n");
	const struct config_output *o = &c->outputs.v[0];

	cr_assert_str_eq(o->templates.v[0], "/conf/x.tmpl");
	cr_assert_str_eq(o->templates.v[1], "/conf/y/z.tmpl");
	cr_assert_str_eq(o->templates.v[2], "/conf/../up.tmpl");
	cr_assert_str_eq(o->dest, "/conf/out/conf");
	config_free(c);
}

Test(config, a_relative_file_name_starts_at_the_working_directory)
{
	struct config_input in = {.path = "x.ini"};
	struct config *c = load_with(&in);
	char *cwd = getcwd(NULL, 0);

	cr_assert_str_eq(c->dir, cwd);
	config_free(c);
	in.path = "sub/x.ini";
	c = load_with(&in);
	cr_assert_eq(strncmp(c->dir, cwd, strlen(cwd)), 0);
	cr_assert_str_eq(c->dir + strlen(cwd), "/sub");
	config_free(c);
	free(cwd);
}

Test(config, nothing_in_a_value_is_expanded)
{
	struct config *c = load_good("[output a]\ntemplate = /$HOME/~/%h\ndest = /d\n");

	cr_assert_str_eq(c->outputs.v[0].templates.v[0], "/$HOME/~/%h");
	config_free(c);
}

Test(config, docker_host_is_the_endpoint_where_none_is_set)
{
	struct config_input in = {.path = TEST_PATH, .docker_host = "tcp://1.2.3.4:2375"};
	struct config *c = load_with(&in);

	cr_assert_str_eq(c->engines.v[0].endpoint, "tcp://1.2.3.4:2375");
	cr_assert_str_eq(c->engines.v[0].endpoint_origin, "DOCKER_HOST");
	config_free(c);
}

Test(config, an_endpoint_of_the_file_is_taken_before_docker_host)
{
	struct config_input in = {.path = TEST_PATH, .docker_host = "nonsense"};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *c;

	cr_assert(config_parse(
		STR("[engine]\nendpoint = unix:///s\n" TEST_OUTPUT), &in, &c, &errors));
	cr_assert_str_eq(c->engines.v[0].endpoint, "unix:///s");
	config_free(c);
}

Test(config, an_empty_endpoint_or_docker_host_counts_as_none)
{
	struct config_input in = {.path = TEST_PATH, .docker_host = ""};
	struct config *c = load_with(&in);

	cr_assert_str_eq(c->engines.v[0].endpoint, CONFIG_DEFAULT_ENDPOINT);
	config_free(c);
	c = load_good("[engine]\nendpoint =\n" TEST_OUTPUT);
	cr_assert_str_eq(c->engines.v[0].endpoint, CONFIG_DEFAULT_ENDPOINT);
	config_free(c);
}

Test(config, a_docker_host_that_no_file_could_hold_is_named)
{
	struct config_input in = {.path = TEST_PATH, .docker_host = "tcp://a\nb"};

	assert_load_fails(&in, TEST_PATH
		": environment variable DOCKER_HOST: \"tcp://a\nb\" is no endpoint: white space; "
		"expected unix:///PATH, tcp://HOST:PORT, tls://HOST:PORT, ssh://HOST or auto");
}

Test(config, docker_tls_verify_goes_with_docker_host)
{
	struct config_input in = {.path = TEST_PATH,
		.docker_host = "tcp://1.2.3.4:2376",
		.docker_tls_verify = "1",
		.home = "/home/me"};
	struct config *c = load_with(&in);

	cr_assert(c->engines.v[0].tls);
	cr_assert_str_eq(c->engines.v[0].tls_ca, "/home/me/.docker/ca.pem");
	config_free(c);
	in.docker_cert_path = "/certs";
	c = load_with(&in);
	cr_assert_str_eq(c->engines.v[0].tls_ca, "/certs/ca.pem");
	cr_assert_str_eq(c->engines.v[0].tls_cert, "/certs/cert.pem");
	cr_assert_str_eq(c->engines.v[0].tls_key, "/certs/key.pem");
	config_free(c);
	in.docker_tls_verify = "";
	c = load_with(&in);
	cr_assert(!c->engines.v[0].tls);
	cr_assert_null(c->engines.v[0].tls_ca);
	config_free(c);
}

Test(config, tls_of_the_file_is_not_mixed_with_the_environment)
{
	struct config_input in = {.path = TEST_PATH, .docker_tls_verify = "1", .home = "/h"};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *c;

	cr_assert(config_parse(STR("[engine]\nendpoint = tcp://h:1\ntls_ca = ca.pem\n"
				   "tls_name = engine.example\n" TEST_OUTPUT),
		&in, &c, &errors));
	cr_assert(!c->engines.v[0].tls);
	cr_assert_str_eq(c->engines.v[0].tls_ca, "/conf/ca.pem");
	cr_assert_null(c->engines.v[0].tls_cert);
	cr_assert_str_eq(c->engines.v[0].tls_name, "engine.example");
	config_free(c);
}

Test(config, the_command_line_is_taken_before_the_file)
{
	struct config_input in = {.path = TEST_PATH, .log_level = "error", .log_format = "json"};
	struct config *c = load_with(&in);

	cr_assert_eq(c->log_level, LOG_ERROR);
	cr_assert_eq(c->log_format, LOG_JSON);
	config_free(c);
	in.log_level = "loud";
	assert_load_fails(&in, TEST_PATH
		": log_level on the command line: \"loud\" is not known; expected one of error, "
		"warn, info, debug");
}

Test(config, engines_and_outputs_are_found_by_name)
{
	struct config *c = load_good(TEST_OUTPUT "[output b]\ntemplate = /t\ndest = /e\n");

	cr_assert_eq(config_find_output(c, "b"), &c->outputs.v[1]);
	cr_assert_null(config_find_output(c, "c"));
	cr_assert_eq(config_find_engine(c, "default"), &c->engines.v[0]);
	cr_assert_null(config_find_engine(c, ""));
	config_free(c);
}
