/* SPDX-License-Identifier: MIT
 *
 * Files on disk: what is loaded, what is printed, the sample, and whether an output's files exist.
 */
#include "config.h"

#include "base/file.h"
#include "config/config.h"
#include "config/keys.h"
#include "unit/config/support.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/upstreamd-config-XXXXXX";

static void make_dir(void)
{
	cr_assert(mkdtemp(dir));
	cr_assert_eq(chdir(dir), 0);
}

static void remove_dir(void)
{
	if (chdir("/") == 0) {
		char *command;

		cr_assert_gt(asprintf(&command, "rm -rf %s", dir), 0);
		cr_assert_eq(system(command), 0);
		free(command);
	}
}

TestSuite(config_files, .init = make_dir, .fini = remove_dir);

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	cr_assert(f);
	cr_assert_geq(fputs(text, f), 0);
	cr_assert_eq(fclose(f), 0);
}

static char *read_source(const char *name)
{
	const char *top = getenv("top_srcdir");
	struct error err = ERROR_INIT;
	struct buf b;
	char *path;

	cr_assert_gt(asprintf(&path, "%s/%s", top ? top : ".", name), 0);
	buf_init(&b, SIZE_MAX);
	cr_assert(file_read(path, CONFIG_FILE_MAX, &b, &err), "%s", error_text(&err));
	free(path);
	return buf_take(&b, NULL);
}

/* --- loading ----------------------------------------------------------------------------- */

Test(config_files, a_file_is_loaded_by_its_path)
{
	struct config_input in = {.path = "x.ini"};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;

	write_file("x.ini", TEST_OUTPUT);
	cr_assert(config_load(&in, &config, &errors));
	cr_assert_str_eq(config->path, "x.ini");
	config_free(config);
}

Test(config_files, a_file_that_is_not_there_is_named)
{
	struct config_input in = {.path = "none.ini"};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;

	cr_assert(!config_load(&in, &config, &errors));
	cr_assert_eq(errors.n, 1);
	cr_assert_str_eq(errors.v[0], "cannot read none.ini: No such file or directory");
	config_errors_release(&errors);
}

Test(config_files, who_has_no_file_learns_how_to_name_one)
{
	struct config_input in = {.path = CONFIG_DEFAULT_PATH};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;

	if (access(CONFIG_DEFAULT_PATH, F_OK) == 0)
		cr_skip("there is a " CONFIG_DEFAULT_PATH);
	cr_assert(!config_load(&in, &config, &errors));
	cr_assert_str_eq(errors.v[0],
		"cannot read " CONFIG_DEFAULT_PATH
		": No such file or directory (another file is given by -c FILE)");
	config_errors_release(&errors);
}

Test(config_files, a_directory_and_a_huge_file_are_no_configuration)
{
	struct config_input in = {.path = "."};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;

	cr_assert(!config_load(&in, &config, &errors));
	cr_assert_eq(errors.n, 1);
	in.path = "huge.ini";
	write_file(in.path, "# x\n");
	cr_assert_eq(truncate(in.path, (off_t)CONFIG_FILE_MAX + 1), 0);
	cr_assert(!config_load(&in, &config, &errors));
	cr_assert_eq(errors.n, 2);
	cr_assert_str_eq(errors.v[1], "huge.ini: longer than 1048576 bytes");
	config_errors_release(&errors);
}

/* --- printing ----------------------------------------------------------------------------- */

static void assert_prints_the_same_again(const char *text)
{
	char *once = print_text(text), *twice = print_text(once);

	cr_assert_str_eq(twice, once);
	free(once);
	free(twice);
}

Test(config, defaults_are_printed)
{
	char *got = print_text(TEST_OUTPUT);

	cr_assert_str_eq(got,
		"[upstreamd]\nlog_level = info\nlog_format = text\nfirst_render_deadline = 10s\n"
		"current_container =\n\n"
		"[engine default]\nendpoint = auto\ntls = no\ntls_ca =\ntls_cert =\n"
		"tls_key =\ntls_name =\nconnect_timeout = 10s\n"
		"request_timeout = 30s\nliveness = 10s\nresync = 5m\n"
		"engine_ttl = 0s\nexit_after = 0s\nmax_connections = 4\n"
		"source = containers\nrefresh = 5s\naddress = container\nhost_address =\nfollow_network = no\n\n"
		"[output web]\ntemplate = /t\ndest = /d\nmode =\nwrite = auto\nstate_dir =\nbackup = no\ncheck =\ncheck_timeout = 30s\n"
		"reload =\nreload_timeout = 30s\nverify =\nverify_timeout = 30s\n"
		"render_timeout = 30s\nproxy = command\nproxy_container =\nproxy_command =\n"
		"proxy_pid_file =\nproxy_socket =\nproxy_log =\nwait = 0s\nmin_interval = 1s\nonly_exposed = no\n"
		"only_published = no\ninclude_stopped = no\ncontainer_filter =\n"
		"engine =\nkeep_blank_lines = no\ntemplate_sandbox = no\ntemplate_files =\n");
	free(got);
}

Test(config, what_is_printed_reads_back_to_the_same)
{
	assert_prints_the_same_again(TEST_OUTPUT);
	assert_prints_the_same_again(
		"[upstreamd]\nlog_level = debug\nlog_format = json\ncurrent_container = me\n"
		"[engine far.away]\nendpoint = tcp://[::1]:2375\nliveness = 1500ms\n"
		"source = swarm\nrefresh = 500ms\naddress = published fd00::1\nhost_address = 127.0.0.1\nfollow_network = yes\n"
		"[engine]\nendpoint = unix:///s\n"
		"[output a]\ntemplate = x\ntemplate = /y;z\ndest = out\nmode = 600\n"
		"check = a 'b  c' | d\nreload = e \"\\$f\"\nwait = 1s:3s\n"
		"only_published = true\ncontainer_filter = label=x\n"
		"container_filter = label=y=z\nengine = far.away\nengine = default\n"
		"[output b]\ntemplate = x\ndest = out2\nwait = 250ms\n");
}

/* key, =, head and as many x as the longest line has. Owned by the caller. */
static char *longest_line(const char *head)
{
	char *line = malloc(198);

	memset(line, 'x', 197);
	line[197] = '\0';
	memcpy(line, head, strlen(head));
	return line;
}

Test(config, values_that_fill_their_line_are_printed_too)
{
	static const char *const heads[] = {"dest=", "template=", "check=", "container_filter=a="};

	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		char *line = longest_line(heads[i]), *text;

		cr_assert_gt(asprintf(&text, "[output a]\n%s%s%s\n", i == 0 ? "" : "dest = d\n",
				     i == 1 ? "" : "template = t\n", line),
			0);
		assert_prints_the_same_again(text);
		free(text);
		free(line);
	}
}

Test(config, an_endpoint_from_the_environment_must_fit_a_line_too)
{
	struct config_errors errors = CONFIG_ERRORS_INIT;
	char *line = longest_line("endpoint=unix:///");
	struct config *config;
	char *text, *host;

	cr_assert_gt(asprintf(&text, "[engine]\n%s\n" TEST_OUTPUT, line), 0);
	assert_prints_the_same_again(text);
	cr_assert_gt(asprintf(&host, "%sx", line + 9), 0);
	cr_assert(!config_parse(STR(TEST_OUTPUT),
		&(struct config_input){.path = TEST_PATH, .docker_host = host}, &config, &errors));
	cr_assert_str_eq(errors.v[0],
		TEST_PATH ": environment variable DOCKER_HOST: 189 bytes long, "
			  "at most 188 are possible");
	config_errors_release(&errors);
	free(host);
	free(text);
	free(line);
}

Test(config, a_directory_that_no_line_can_hold_keeps_its_paths_relative)
{
	static const char *const dirs[] = {"/a ;b", "/a #b", "/a\nb",
		"/x123456789/x123456789/x123456789/x123456789/x123456789/x123456789/x123456789"
		"/x123456789/x123456789/x123456789/x123456789/x123456789/x123456789/x123456789"
		"/x123456789/x123456789/x123456789/x123456789/x123456789/x123456789"};

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		struct config_errors errors = CONFIG_ERRORS_INIT;
		struct config *config, *again;
		struct buf out;
		char *path;

		cr_assert_gt(asprintf(&path, "%s/x.ini", dirs[i]), 0);
		buf_init(&out, SIZE_MAX);
		cr_assert(config_parse(STR("[output a]\ntemplate = sub/x.tmpl\ndest = y\n"),
			&(struct config_input){.path = path}, &config, &errors));
		config_print(config, &out);
		cr_assert(strstr(buf_cstr(&out), "# relative to this file's directory\n"
						 "template = sub/x.tmpl\n"));
		cr_assert(config_parse(
			buf_str(&out), &(struct config_input){.path = path}, &again, &errors));
		cr_assert_str_eq(again->outputs.v[0].dest, config->outputs.v[0].dest);
		cr_assert_str_eq(
			again->outputs.v[0].templates.v[0], config->outputs.v[0].templates.v[0]);
		config_free(config);
		config_free(again);
		buf_release(&out);
		free(path);
	}
}

/* --- the sample and the examples ------------------------------------------------------------- */

/* The part of sample that belongs to the section of this word. Owned by the caller. */
static char *sample_section(const char *sample, const char *word)
{
	char *start, *next, *header;

	cr_assert_gt(asprintf(&header, "\n[%s", word), 0);
	start = strstr(sample, header);
	cr_assert(start, "the sample has no section %s", word);
	free(header);
	next = strstr(start + 1, "\n[");
	return next ? strndup(start, (size_t)(next - start)) : strdup(start);
}

Test(config, the_sample_has_every_key_with_its_default)
{
	char *sample = read_source("conf/upstreamd.ini");

	for (size_t i = 0; i < config_keys_n; i++) {
		const struct key *key = &config_keys[i];
		char *section = sample_section(sample, section_info(key->section)->word);
		char *line;

		if (!key->fallback)
			cr_assert_gt(asprintf(&line, "\n%s = ", key->name), 0);
		else if (!*key->fallback)
			cr_assert_gt(asprintf(&line, "\n#%s =\n", key->name), 0);
		else
			cr_assert_gt(asprintf(&line, "\n#%s = %s\n", key->name, key->fallback), 0);
		cr_assert(strstr(section, line), "conf/upstreamd.ini has no line:%s", line);
		free(line);
		free(section);
	}
	free(sample);
}

/* Removes the '#' in front of every line that it stands at without a space, but for a lone one. */
static void uncomment(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		bool first = from == text || from[-1] == '\n';

		if (first && from[0] == '#' && from[1] != ' ' && from[1] != '\n')
			continue;
		*to++ = *from;
	}
	*to = '\0';
}

Test(config, the_sample_is_good_and_says_the_same_with_all_comments_removed)
{
	char *sample = read_source("conf/upstreamd.ini");
	char *before = print_text(sample), *after;

	uncomment(sample);
	after = print_text(sample);
	cr_assert_str_eq(after, before);
	free(before);
	free(after);
	free(sample);
}

Test(config, the_examples_are_good)
{
	static const char *const names[] = {"conf/nginx.ini", "conf/haproxy.ini"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *text = read_source(names[i]);

		config_free(load_good(text));
		free(text);
	}
}

/* --- files of outputs ------------------------------------------------------------------------- */

/* What config_check_files says about the output in x.ini. Owned by the caller. */
static char *check_files(const char *text)
{
	struct config_input in = {.path = "x.ini"};
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config;
	struct buf out;

	buf_init(&out, SIZE_MAX);
	cr_assert(config_parse(str_from(text), &in, &config, &errors));
	cr_assert_eq(config_check_files(config, &errors), errors.n == 0);
	for (size_t i = 0; i < errors.n; i++)
		buf_add_fmt(&out, "%s\n", errors.v[i]);
	config_errors_release(&errors);
	config_free(config);
	return buf_take(&out, NULL);
}

Test(config_files, templates_and_directories_that_exist_are_good)
{
	char *got;

	write_file("t", "");
	got = check_files("[output a]\ntemplate = t\ndest = new\n");
	cr_assert_str_empty(got);
	free(got);
}

Test(config_files, what_is_missing_for_an_output_is_named)
{
	char *got, *expected;

	cr_assert_eq(mkdir("d", 0755), 0);
	write_file("f", "");
	got = check_files("[output a]\ntemplate = none\ntemplate = d\ndest = no/x\n"
			  "[output b]\ntemplate = f\ndest = d\n"
			  "[output c]\ntemplate = f\ndest = f/x\n"
			  "[output d]\ntemplate = f\ndest = x\ntemplate_files = d/\n"
			  "template_files = f\ntemplate_files = none\n");
	cr_assert_gt(
		asprintf(&expected,
			"x.ini:1: [output a] template: cannot read %s/none: No such file or "
			"directory\n"
			"x.ini:1: [output a] template: %s/d is a directory; expected a file\n"
			"x.ini:1: [output a] dest: directory %s/no: No such file or directory\n"
			"x.ini:5: [output b] dest: %s/d is a directory; expected a file\n"
			"x.ini:8: [output c] dest: %s/f is no directory\n"
			"x.ini:11: [output d] template_files: %s/f is no directory\n"
			"x.ini:11: [output d] template_files: directory %s/none: No such file or "
			"directory\n",
			dir, dir, dir, dir, dir, dir, dir),
		0);
	cr_assert_str_eq(got, expected);
	free(got);
	free(expected);
}
