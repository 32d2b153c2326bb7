/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli.h"

#include "base/log.h"
#include "base/utf8.h"

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

	cr_assert_eq(o.command, CLI_RUN);
	cr_assert_str_eq(o.config_path, CONFIG_DEFAULT_PATH);
	cr_assert_null(o.log_level);
	cr_assert_null(o.log_format);
}

Test(cli, no_argv_at_all_runs_too)
{
	const char *const argv[] = {NULL};

	cr_assert_eq(parse_good(argv).command, CLI_RUN);
}

Test(cli, run_is_a_command)
{
	struct cli_options o = parse_good(ARGV("-c", "x", "run"));

	cr_assert_eq(o.command, CLI_RUN);
	cr_assert_str_eq(o.config_path, "x");
	cr_assert_eq(parse_good(ARGV("run", "--")).command, CLI_RUN);
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

Test(cli, some_commands_have_options)
{
	cr_assert_eq(parse_good(ARGV("--help")).command, CLI_HELP);
	cr_assert_eq(parse_good(ARGV("-h")).command, CLI_HELP);
	cr_assert_eq(parse_good(ARGV("-V")).command, CLI_VERSION);
	cr_assert_eq(parse_good(ARGV("--version")).command, CLI_VERSION);
	cr_assert_eq(parse_good(ARGV("-t")).command, CLI_CHECK);
	cr_assert_eq(parse_good(ARGV("--check-config", "-t")).command, CLI_CHECK);
	cr_assert_eq(parse_good(ARGV("--print-config")).command, CLI_CONFIG);
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

#define EXPECTED "expected run, check, config, render, snapshot, record, help"

Test(cli, an_unknown_command_is_refused_with_a_guess)
{
	assert_refused(ARGV("ruin"), "unknown command ruin; did you mean run?");
	assert_refused(ARGV("snapshoot", "x"), "unknown command snapshoot; did you mean snapshot?");
	assert_refused(ARGV("/etc/x.ini"), "unknown command /etc/x.ini; " EXPECTED
		" (a configuration file is given by -c, a template to render)");
	assert_refused(ARGV("--", "-c"), "unknown command -c; " EXPECTED);
	assert_refused(ARGV("-"), "unknown command -; " EXPECTED);
	assert_refused(ARGV(""), "unknown command ; " EXPECTED);
	assert_refused(ARGV("help", "redner"), "unknown command redner; did you mean render?");
}

Test(cli, arguments_are_those_of_the_command)
{
	struct cli_options o = parse_good(ARGV("render", "t", "d"));

	cr_assert_eq(o.command, CLI_RENDER);
	cr_assert_eq(o.operands.n, 2);
	cr_assert_str_eq(o.operands.v[0], "t");
	cr_assert_str_eq(o.operands.v[1], "d");
	assert_refused(ARGV("run", "run"), "unexpected argument run");
	assert_refused(ARGV("render", "a", "b", "c"), "unexpected argument c");
	assert_refused(ARGV("record"), "record needs a FILE");
	cr_assert_eq(parse_good(ARGV("snapshot")).operands.n, 0);
	cr_assert_str_eq(parse_good(ARGV("render", "--", "--x")).operands.v[0], "--x");
	cr_assert_str_eq(parse_good(ARGV("render", "-")).operands.v[0], "-");
}

Test(cli, options_stand_before_and_behind_the_command)
{
	struct cli_options o = parse_good(ARGV("--endpoint", "e", "render", "t", "--repeat=3"));

	cr_assert_str_eq(o.endpoint, "e");
	cr_assert_eq(o.repeat, 3);
	cr_assert_eq(o.timeout_ns, CLI_TIMEOUT_DEFAULT_NS);
}

Test(cli, an_option_of_another_command_is_refused)
{
	assert_refused(ARGV("check", "--repeat", "3"), "--repeat is an option of render, not of check");
	assert_refused(ARGV("--endpoint=x"),
		"--endpoint is an option of render, snapshot, record, not of run");
	assert_refused(ARGV("render", "t", "-t"), "--check-config is an option of run, not of render");
}

Test(cli, lists_keep_their_order_and_have_an_end)
{
	const char *argv[2 * CLI_LIST_MAX + 6] = {"upstreamd", "render", "t"};
	struct cli_options o;
	size_t n = 3;

	for (size_t i = 0; i < CLI_LIST_MAX; i++) {
		argv[n++] = "--template";
		argv[n++] = i ? "b" : "a";
	}
	o = parse_good(argv);
	cr_assert_eq(o.templates.n, CLI_LIST_MAX);
	cr_assert_str_eq(o.templates.v[0], "a");
	cr_assert_str_eq(o.templates.v[1], "b");
	argv[n++] = "--template=c";
	assert_refused(argv, "--template is given more than 64 times");
}

Test(cli, numbers_and_durations_are_checked)
{
	cr_assert_eq(parse_good(ARGV("snapshot", "--timeout", "1m30s")).timeout_ns,
		(int64_t)90 * 1000000000);
	assert_refused(ARGV("snapshot", "--timeout", "soon"),
		"--timeout: \"soon\" is no duration such as 500ms, 10s or 1m30s");
	assert_refused(ARGV("snapshot", "--timeout", "0"),
		"--timeout: \"0\" is no duration such as 500ms, 10s or 1m30s");
	assert_refused(ARGV("render", "t", "--repeat=0"),
		"--repeat: \"0\" is no number from 1 to 1000000000");
	assert_refused(ARGV("render", "t", "--repeat=1000000001"),
		"--repeat: \"1000000001\" is no number from 1 to 1000000000");
	assert_refused(ARGV("render", "t", "--repeat", "1", "--repeat", "2"),
		"--repeat is given twice");
}

Test(cli, render_knows_what_to_render)
{
	assert_refused(ARGV("render"), "render needs a TEMPLATE, or --output NAME");
	assert_refused(ARGV("render", "--output", "a", "t", "d"),
		"--output names its templates: only a DEST may be given");
	assert_refused(ARGV("render", "--output", "a", "--template", "t"),
		"--output names its templates: leave --template out");
	assert_refused(ARGV("render", "t", "--from", "f", "--endpoint", "e"),
		"--from and --endpoint exclude each other");
	cr_assert_str_eq(parse_good(ARGV("render", "--output", "a")).output, "a");
}

Test(cli, help_is_about_the_command_that_is_named)
{
	cr_assert_eq(parse_good(ARGV("-h")).about, CLI_HELP);
	cr_assert_eq(parse_good(ARGV("help")).about, CLI_HELP);
	cr_assert_eq(parse_good(ARGV("render", "-h")).about, CLI_RENDER);
	cr_assert_eq(parse_good(ARGV("--help", "record")).about, CLI_RECORD);
	cr_assert_eq(parse_good(ARGV("help", "snapshot")).about, CLI_SNAPSHOT);
	cr_assert_eq(parse_good(ARGV("help", "snapshot")).command, CLI_HELP);
}

/* Checks that text fits a screen and ends with a newline. */
static void assert_fits_screen(struct str rest)
{
	size_t lines = 0;
	struct str line;

	while (str_cut(rest, '\n', &line, &rest)) {
		lines++;
		/* How long the default path is, is up to who builds it. */
		if (str_find(line, STR(CONFIG_DEFAULT_PATH)) < 0)
			cr_assert_lt(utf8_count(line), SCREEN_COLUMNS, "%.*s", STR_ARG(line));
	}
	cr_assert_eq(line.len, 0, "help must end with a newline");
	cr_assert_lt(lines, SCREEN_LINES);
}

Test(cli, help_of_each_command_fits_a_screen)
{
	for (size_t i = 0; i <= CLI_HELP; i++) {
		struct buf out;

		buf_init(&out, SIZE_MAX);
		cli_help((enum cli_command)i, &out);
		assert_fits_screen(buf_str(&out));
		buf_release(&out);
	}
}

static void assert_help_names(enum cli_command about, const char *const *names)
{
	struct buf out;

	buf_init(&out, SIZE_MAX);
	cli_help(about, &out);
	for (; *names; names++)
		cr_assert(strstr(buf_cstr(&out), *names), "%s", *names);
	buf_release(&out);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

Test(cli, help_names_commands_and_options)
{
	assert_help_names(CLI_HELP,
		NAMES("-c, --config FILE", "--log-level", "--help", "--version", "run ", "check ",
			"config ", "render ", "snapshot ", "record ", "Exit status: 0 "));
	assert_help_names(CLI_RUN, NAMES("--record FILE", "-t, --check-config", "--print-config"));
	assert_help_names(CLI_RENDER,
		NAMES("TEMPLATE [DEST]", "--from FILE", "--repeat N", "--container-filter K=V "));
	assert_help_names(CLI_SNAPSHOT, NAMES("[FILE]", "--redact", "--timeout TIME"));
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
	cr_assert(strstr(last_log, ":1: [output a] template: /tmp/upstreamd-tmpl-"));
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
