/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli.h"

#include "base/log.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SCREEN_LINES   24
#define SCREEN_COLUMNS 80

/* Counts the arguments of an argv that ends with NULL. */
static int count(const char *const *argv)
{
	int n = 0;

	while (argv[n])
		n++;
	return n;
}

#define ARGV(...) ((const char *const[]){"upstreamd", __VA_ARGS__, NULL})

static struct cli_options parse_good(const char *const *argv)
{
	struct cli_options options;
	struct error err = ERROR_INIT;

	cr_assert(cli_parse(count(argv), argv, &options, &err), "%s", error_text(&err));
	cr_assert(!error_is_set(&err));
	return options;
}

static void assert_refused(const char *const *argv, const char *expected)
{
	struct cli_options options;
	struct error err = ERROR_INIT;

	cr_assert(!cli_parse(count(argv), argv, &options, &err));
	cr_assert_str_eq(error_text(&err), expected);
	error_clear(&err);
}

Test(cli, without_arguments_it_runs_with_the_default_file)
{
	const char *const argv[] = {"upstreamd", NULL};
	struct cli_options o = parse_good(argv);

	cr_assert_eq(o.action, CLI_RUN);
	cr_assert_str_eq(o.config_path, CONFIG_DEFAULT_PATH);
	cr_assert_null(o.log_level);
	cr_assert_null(o.log_format);
}

Test(cli, no_argv_at_all_runs_too)
{
	const char *const argv[] = {NULL};

	cr_assert_eq(parse_good(argv).action, CLI_RUN);
}

Test(cli, run_is_a_command)
{
	struct cli_options o = parse_good(ARGV("-c", "x", "run"));

	cr_assert_eq(o.action, CLI_RUN);
	cr_assert_str_eq(o.config_path, "x");
	cr_assert_eq(parse_good(ARGV("run", "--")).action, CLI_RUN);
}

Test(cli, values_may_stand_apart_or_attached)
{
	cr_assert_str_eq(parse_good(ARGV("-c", "x")).config_path, "x");
	cr_assert_str_eq(parse_good(ARGV("-cx")).config_path, "x");
	cr_assert_str_eq(parse_good(ARGV("--config", "x")).config_path, "x");
	cr_assert_str_eq(parse_good(ARGV("--config=x=y")).config_path, "x=y");
	cr_assert_str_eq(parse_good(ARGV("-c", "-h")).config_path, "-h");
	cr_assert_str_eq(parse_good(ARGV("-l", "debug")).log_level, "debug");
	cr_assert_str_eq(parse_good(ARGV("--log-format=json")).log_format, "json");
}

Test(cli, each_action_has_its_option)
{
	cr_assert_eq(parse_good(ARGV("--help")).action, CLI_HELP);
	cr_assert_eq(parse_good(ARGV("-h")).action, CLI_HELP);
	cr_assert_eq(parse_good(ARGV("-V")).action, CLI_VERSION);
	cr_assert_eq(parse_good(ARGV("--version")).action, CLI_VERSION);
	cr_assert_eq(parse_good(ARGV("-t")).action, CLI_CHECK_CONFIG);
	cr_assert_eq(parse_good(ARGV("--check-config", "-t")).action, CLI_CHECK_CONFIG);
	cr_assert_eq(parse_good(ARGV("--print-config")).action, CLI_PRINT_CONFIG);
}

Test(cli, an_unknown_option_is_refused_with_a_guess)
{
	assert_refused(ARGV("--confg", "x"), "unknown option --confg; did you mean --config?");
	assert_refused(ARGV("--log-levl=debug"),
		"unknown option --log-levl=debug; did you mean --log-level?");
	assert_refused(ARGV("-version"), "unknown option -version; did you mean --version?");
	assert_refused(ARGV("--frobnicate"), "unknown option --frobnicate");
	assert_refused(ARGV("-x"), "unknown option -x");
	assert_refused(ARGV("-hV"), "unknown option -hV");
	assert_refused(ARGV("--=x"), "unknown option --=x");
}

Test(cli, an_option_is_not_known_by_its_beginning)
{
	assert_refused(ARGV("--conf=x"), "unknown option --conf=x; did you mean --config?");
}

Test(cli, values_are_asked_for_and_not_where_they_have_no_place)
{
	assert_refused(ARGV("-c"), "--config needs a FILE");
	assert_refused(ARGV("--config"), "--config needs a FILE");
	assert_refused(ARGV("--config="), "--config needs a FILE");
	assert_refused(ARGV("--help=x"), "--help takes no value");
}

Test(cli, an_option_with_a_value_is_taken_once)
{
	assert_refused(ARGV("-c", "x", "--config=y"), "--config is given twice");
}

Test(cli, two_actions_exclude_each_other)
{
	assert_refused(ARGV("-t", "--print-config"),
		"--check-config and --print-config exclude each other");
}

Test(cli, log_settings_are_checked_as_in_the_file)
{
	assert_refused(ARGV("--log-level=loud"),
		"--log-level: \"loud\" is not known; expected one of error, warn, info, debug");
	assert_refused(ARGV("--log-format", "xml"),
		"--log-format: \"xml\" is not known; expected one of text, json");
}

Test(cli, an_unknown_command_is_refused)
{
	assert_refused(ARGV("ruin"), "unknown command ruin; expected run");
	assert_refused(ARGV("/etc/x.ini"),
		"unknown command /etc/x.ini; expected run (a configuration file is given by -c)");
	assert_refused(ARGV("run", "run"), "unexpected argument run");
	assert_refused(ARGV("--", "-c"), "unknown command -c; expected run");
	assert_refused(ARGV("-"), "unknown command -; expected run");
	assert_refused(ARGV(""), "unknown command ; expected run");
}

Test(cli, help_fits_a_screen_and_names_every_option)
{
	static const char *const names[] = {"-c, --config FILE", "--log-level", "--log-format",
		"--record FILE", "--check-config", "--print-config", "--help", "--version", "run "};
	size_t lines = 0;
	struct str line, rest;
	struct buf out;

	buf_init(&out, SIZE_MAX);
	cli_help(&out);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		cr_assert(strstr(buf_cstr(&out), names[i]), "%s", names[i]);
	rest = buf_str(&out);
	while (str_cut(rest, '\n', &line, &rest)) {
		lines++;
		/* How long the default path is, is up to who builds it. */
		if (str_find(line, STR(CONFIG_DEFAULT_PATH)) < 0)
			cr_assert_lt(line.len, SCREEN_COLUMNS, "%.*s", STR_ARG(line));
	}
	cr_assert_eq(line.len, 0, "help must end with a newline");
	cr_assert_lt(lines, SCREEN_LINES);
	buf_release(&out);
}

/* --- whole runs ---------------------------------------------------------------------------- */

static char last_log[1024], all_logs[4096];

static void keep_log(enum log_level level, const char *line)
{
	size_t n = strlen(all_logs);

	snprintf(last_log, sizeof(last_log), "%s", line);
	snprintf(all_logs + n, sizeof(all_logs) - n, "%s\n", line);
}

static int run_status;
static const char *run_config;

static int fake_run(const struct cli_options *options)
{
	run_config = options->config_path;
	return run_status;
}

static int cli(const char *const *argv)
{
	log_set_sink(keep_log);
	return cli_main(count(argv), argv, fake_run);
}

/* A file that holds text, removed by the caller. */
static void write_config(char *path, const char *text)
{
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

Test(cli_main, run_is_called_and_gives_the_exit_status)
{
	run_status = 42;
	cr_assert_eq(cli(ARGV("-c", "x")), 42);
	cr_assert_str_eq(run_config, "x");
}

Test(cli_main, wrong_usage_has_its_status_and_one_line)
{
	cr_assert_eq(cli(ARGV("--x")), CLI_EXIT_USAGE);
	cr_assert(strstr(last_log, "unknown option --x (--help lists what there is)"));
}

Test(cli_main, a_missing_file_has_its_status)
{
	cr_assert_eq(cli(ARGV("-c", "/nonexistent/x.ini", "-t")), CLI_EXIT_CONFIG);
	cr_assert(strstr(last_log, "cannot read /nonexistent/x.ini: No such file or directory"));
	cr_assert_eq(cli(ARGV("-c", "/nonexistent/x.ini", "--print-config")), CLI_EXIT_CONFIG);
}

Test(cli_main, log_options_hold_before_the_file_is_read)
{
	cr_assert_eq(
		cli(ARGV("-c", "/nonexistent/x.ini", "--log-format=json", "-t")), CLI_EXIT_CONFIG);
	cr_assert_eq(last_log[0], '{');
}

Test(cli_main, a_quiet_log_level_hides_the_good_news)
{
	char path[] = "/tmp/upstreamd-cli-XXXXXX";

	write_config(path, "[output a]\ntemplate = /dev/null\ndest = /tmp/d\n");
	cr_assert_eq(cli(ARGV("-c", path, "--log-level=error", "-t")), CLI_EXIT_OK);
	cr_assert_str_empty(last_log);
	unlink(path);
}

Test(cli_main, check_config_looks_at_files_too)
{
	char path[] = "/tmp/upstreamd-cli-XXXXXX";

	write_config(path, "[output a]\ntemplate = /nonexistent/t\ndest = /tmp/d\n");
	cr_assert_eq(cli(ARGV("-c", path, "-t")), CLI_EXIT_CONFIG);
	cr_assert(strstr(last_log, ":1: [output a] template: cannot read /nonexistent/t: "));
	unlink(path);
}

Test(cli_main, check_config_asks_every_room_and_names_all_errors)
{
	char path[] = "/tmp/upstreamd-cli-XXXXXX";
	static const char *const expected[] = {":2: [engine default] endpoint: ",
		":6: [output a] container_filter: ", ":7: [output a] container_filter: ",
		":3: [output a] dest: directory /nonexistent: "};

	write_config(path, "[engine]\nendpoint = tcp://host:99999\n"
			   "[output a]\ntemplate = /dev/null\ndest = /nonexistent/d\n"
			   "container_filter = lable=x\ncontainer_filter = status=up\n");
	cr_assert_eq(cli(ARGV("-c", path, "-t")), CLI_EXIT_CONFIG);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		cr_assert(strstr(all_logs, expected[i]), "no %s in %s", expected[i], all_logs);
	unlink(path);
}

Test(cli_main, a_docker_host_that_nothing_dials_is_named)
{
	char path[] = "/tmp/upstreamd-cli-XXXXXX";

	write_config(path, "[output a]\ntemplate = /dev/null\ndest = /tmp/d\n");
	setenv("DOCKER_HOST", "gopher://hole", 1);
	cr_assert_eq(cli(ARGV("-c", path, "-t")), CLI_EXIT_CONFIG);
	cr_assert(strstr(last_log, "DOCKER_HOST: [engine default] endpoint: "));
	cr_assert(strstr(last_log, "gopher://hole"));
	unlink(path);
}

Test(cli_main, check_config_parses_templates, .init = cr_redirect_stdout)
{
	char path[] = "/tmp/upstreamd-cli-XXXXXX", template[] = "/tmp/upstreamd-tmpl-XXXXXX";
	char text[256];

	write_config(template, "good\n{{ if }}");
	snprintf(text, sizeof(text), "[output a]\ntemplate = %s\ndest = /tmp/d\n", template);
	write_config(path, text);
	cr_assert_eq(cli(ARGV("-c", path, "-t")), CLI_EXIT_CONFIG);
	cr_assert(strstr(last_log, ":1: [output a] template: template: upstreamd-tmpl-"));
	cr_assert(strstr(last_log, ":2: missing value for if"));
	cr_assert_eq(cli(ARGV("-c", path, "--print-config", "-lerror")), CLI_EXIT_OK);
	unlink(path);
	unlink(template);
}

Test(cli_main, check_config_says_that_a_file_is_good)
{
	char path[] = "/tmp/upstreamd-cli-XXXXXX";

	write_config(path, "[output a]\ntemplate = /dev/null\ndest = /tmp/d\n");
	cr_assert_eq(cli(ARGV("-c", path, "-t")), CLI_EXIT_OK);
	cr_assert(strstr(last_log, "good, 1 output"));
	unlink(path);
}

Test(cli_main, print_config_prints_what_is_in_effect, .init = cr_redirect_stdout)
{
	char path[] = "/tmp/upstreamd-cli-XXXXXX";
	char text[2048] = "";
	FILE *out;

	write_config(path, "[output a]\ntemplate = t\ndest = /d\n");
	cr_assert_eq(cli(ARGV("-c", path, "--log-level=debug", "--print-config")), CLI_EXIT_OK);
	unlink(path);
	out = cr_get_redirected_stdout();
	cr_assert_gt(fread(text, 1, sizeof(text) - 1, out), 0);
	cr_assert(strstr(text, "log_level = debug\n"));
	cr_assert(strstr(text, "template = /tmp/t\n"));
}

Test(cli_main, version_names_the_program, .init = cr_redirect_stdout)
{
	cr_assert_eq(cli(ARGV("--version")), CLI_EXIT_OK);
	cr_assert_stdout_eq_str(PACKAGE_NAME " " PACKAGE_VERSION "\n");
}

Test(cli_main, output_that_cannot_be_written_is_a_failure)
{
	cr_assert(freopen("/dev/full", "w", stdout));
	cr_assert_eq(cli(ARGV("--help")), CLI_EXIT_FAILURE);
	cr_assert(strstr(last_log, "cannot write to standard output"));
}
