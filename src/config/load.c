/* SPDX-License-Identifier: MIT
 *
 * From the text of an ini file to a struct config. ini.c gives sections and keys with their lines;
 * here each key finds its row and member, each section that ends gets the defaults of the keys
 * that it did not have, and the whole is checked. Every problem is collected; the configuration
 * is handed out only if there was none.
 *
 * Invariant: loader.at is the current section and loader.base the struct that its keys fill,
 * which is the last one of its vector; both are none while keys belong nowhere.
 */
#include "config.h"

#include "config/config.h"

#include "base/alloc.h"
#include "base/file.h"
#include "config/ini.h"
#include "config/keys.h"
#include "config/problems.h"

#include <stdlib.h>
#include <unistd.h>

struct loader {
	const struct config_input *in;
	struct config *config;
	struct problems problems;
	enum key_section at;
	void *base;
	char *label;             /* "[output web]" */
	unsigned line;           /* of the section */
	unsigned seen[KEYS_MAX]; /* line of each key in this section, 0: not yet */
	unsigned global_line;    /* of [upstreamd], 0: not yet */
};

/* --- keys ------------------------------------------------------------------------------ */

static char *key_label(const struct loader *l, const char *key)
{
	return xasprintf("%s %s", l->label, key);
}

/* What is wrong with err about key; err is empty afterwards. */
static void add_key_problem(struct loader *l, unsigned line, const char *key, struct error *err)
{
	char *where = key_label(l, key);

	problem_add(&l->problems, line, where, "%s", error_text(err));
	free(where);
	error_clear(err);
}

/* Where else name is a key, NULL if nowhere. */
static const struct key_section_info *find_home(struct str name)
{
	for (size_t i = 0; i < config_sections_n; i++)
		if (key_find(config_sections[i].section, name))
			return &config_sections[i];
	return NULL;
}

static void unknown_key(struct loader *l, unsigned line, const char *name)
{
	const struct key *near = key_suggest(l->at, str_from(name));
	const struct key_section_info *home = find_home(str_from(name));
	struct error err = ERROR_INIT;

	if (home)
		error_set(&err, "belongs in %s", home->shape);
	else if (near)
		error_set(&err, "unknown key; did you mean %s?", near->name);
	else
		error_set(&err, "unknown key; %s has no such key", section_info(l->at)->shape);
	add_key_problem(l, line, name, &err);
}

static void note_engine_origin(struct loader *l, const struct key *key, unsigned line)
{
	struct config_engine *engine = l->base;

	if (l->at != SECTION_ENGINE || key->offset != offsetof(struct config_engine, endpoint))
		return;
	free(engine->endpoint_origin);
	engine->endpoint_origin = xasprintf("%s:%u", l->in->path, line);
}

static void set_key(struct loader *l, const struct key *key, unsigned line, struct str value)
{
	const struct key_place place = {.dir = l->config->dir, .line = line};
	struct error err = ERROR_INIT;

	if (value.len == 0 && key->fallback && key->fallback[0] == '\0')
		return;
	if (value.len == 0) {
		error_set(&err, "no value");
		key_expected(key, &err);
		add_key_problem(l, line, key->name, &err);
		return;
	}
	if (!key_parse(key, value, &place, l->base, &err)) {
		add_key_problem(l, line, key->name, &err);
		return;
	}
	note_engine_origin(l, key, line);
}

static void loader_on_key(void *arg, unsigned line, const char *name, const char *value)
{
	struct loader *l = arg;
	const struct key *key;
	unsigned *seen;
	struct error err = ERROR_INIT;

	if (l->at == SECTION_NONE) {
		/* Under a wrong header keys cannot be judged; the header's own error is enough. */
		if (!l->label)
			problem_add(&l->problems, line, name,
				"stands above any section; write [%s] above it",
				section_info(SECTION_GLOBAL)->word);
		return;
	}
	key = key_find(l->at, str_from(name));
	if (!key) {
		unknown_key(l, line, name);
		return;
	}
	seen = &l->seen[key - config_keys];
	if (*seen && !key->type->list) {
		error_set(&err, "given again; it is on line %u already", *seen);
		add_key_problem(l, line, name, &err);
		return;
	}
	*seen = line;
	set_key(l, key, line, str_from(value));
}

/* --- sections -------------------------------------------------------------------------- */

/* A file where docker's command line keeps it, unless the ini file names another. */
static void default_tls_file(const struct config_input *in, const char *name, char **file)
{
	if (*file)
		return;
	if (in->docker_cert_path && *in->docker_cert_path)
		*file = xasprintf("%s/%s", in->docker_cert_path, name);
	else if (in->home && *in->home)
		*file = xasprintf("%s/.docker/%s", in->home, name);
}

/* DOCKER_HOST may come with DOCKER_TLS_VERIFY. */
static void default_tls(const struct config_input *in, struct config_engine *engine)
{
	if (!in->docker_tls_verify || !*in->docker_tls_verify)
		return;
	engine->tls = true;
	default_tls_file(in, "ca.pem", &engine->tls_ca);
	default_tls_file(in, "cert.pem", &engine->tls_cert);
	default_tls_file(in, "key.pem", &engine->tls_key);
}

/* The endpoint that comes from outside of the file; where says from where. */
static void set_endpoint(struct loader *l, struct config_engine *engine, const char *text,
	const char *origin, const char *where)
{
	static const struct key_place nowhere = {.dir = "/", .line = 0};
	struct error err = ERROR_INIT;

	free(engine->endpoint);
	free(engine->endpoint_origin);
	engine->endpoint = NULL;
	engine->endpoint_origin = xstrdup(origin);
	default_tls(l->in, engine);
	if (!key_parse(key_find(SECTION_ENGINE, STR("endpoint")), str_from(text), &nowhere, engine,
		    &err))
		problem_add(&l->problems, 0, where, "%s", error_text(&err));
	error_clear(&err);
}

/* The command line's endpoint, or that of an engine that names none. */
static void default_endpoint(struct loader *l, struct config_engine *engine)
{
	const char *host = l->in->docker_host;

	if (l->in->endpoint) {
		set_endpoint(l, engine, l->in->endpoint, "--endpoint", "--endpoint");
	} else if (!engine->endpoint && host && *host) {
		set_endpoint(l, engine, host, "DOCKER_HOST", "environment variable DOCKER_HOST");
	} else if (!engine->endpoint) {
		engine->endpoint = xstrdup(CONFIG_DEFAULT_ENDPOINT);
		engine->endpoint_origin = xstrdup("default");
	}
}

/* Gives key its default, or misses it. */
static void default_key(struct loader *l, const struct key *key)
{
	struct error err = ERROR_INIT;

	if (key->fallback) {
		set_key(l, key, l->line, str_from(key->fallback));
		return;
	}
	error_set(&err, "missing");
	key_expected(key, &err);
	add_key_problem(l, l->line, key->name, &err);
}

/* Completes the section that ends here. */
static void end_section(struct loader *l)
{
	if (l->at != SECTION_NONE)
		for (size_t i = 0; i < config_keys_n; i++)
			if (config_keys[i].section == l->at && !l->seen[i])
				default_key(l, &config_keys[i]);
	if (l->at == SECTION_ENGINE)
		default_endpoint(l, l->base);
	memset(l->seen, 0, sizeof(l->seen));
	l->at = SECTION_NONE;
	l->base = NULL;
}

static void begin_section(struct loader *l, enum key_section section, void *base)
{
	l->at = section;
	l->base = base;
}

static void begin_global(struct loader *l)
{
	if (l->global_line) {
		problem_add(&l->problems, l->line, l->label,
			"given again; it is on line %u already", l->global_line);
		return;
	}
	l->global_line = l->line;
	begin_section(l, SECTION_GLOBAL, l->config);
}

static void begin_engine(struct loader *l, struct str name)
{
	struct config *c = l->config;
	char *text = name.len ? xmemdup0(name.p, name.len) : xstrdup(CONFIG_DEFAULT_ENGINE);
	const struct config_engine *same = config_find_engine(c, text);

	if (same || c->engines.n == CONFIG_ENGINES_MAX) {
		if (same)
			problem_add(&l->problems, l->line, l->label,
				"an engine of this name is on line %u already", same->line);
		else
			problem_add(&l->problems, l->line, l->label,
				"too many engines; at most %d are possible", CONFIG_ENGINES_MAX);
		free(text);
		return;
	}
	vec_push(&c->engines, (struct config_engine){.name = text, .line = l->line});
	begin_section(l, SECTION_ENGINE, &c->engines.v[c->engines.n - 1]);
}

static void begin_output(struct loader *l, struct str name)
{
	struct config *c = l->config;
	char *text = xmemdup0(name.p, name.len);
	const struct config_output *same = config_find_output(c, text);

	if (same || c->outputs.n == CONFIG_OUTPUTS_MAX) {
		if (same)
			problem_add(&l->problems, l->line, l->label,
				"an output of this name is on line %u already", same->line);
		else
			problem_add(&l->problems, l->line, l->label,
				"too many outputs; at most %d are possible", CONFIG_OUTPUTS_MAX);
		free(text);
		return;
	}
	vec_push(&c->outputs, (struct config_output){.name = text, .line = l->line});
	begin_section(l, SECTION_OUTPUT, &c->outputs.v[c->outputs.n - 1]);
}

static bool is_name(struct str name)
{
	if (name.len > CONFIG_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    (i > 0 && (c == '-' || c == '_' || c == '.'))))
			return false;
	}
	return true;
}

/* Whether a section of this kind may have this name (empty: none). */
static bool check_name(struct loader *l, const struct key_section_info *info, struct str name)
{
	if (info->naming == NAME_NEVER && name.len)
		problem_add(&l->problems, l->line, l->label,
			"a section without a name; expected %s", info->shape);
	else if (info->naming == NAME_ALWAYS && name.len == 0)
		problem_add(&l->problems, l->line, l->label, "without a name; expected %s",
			info->shape);
	else if (!is_name(name))
		problem_add(&l->problems, l->line, l->label,
			"a name that is not usable; expected at most %d letters, digits, '-', '_', "
			"'.'",
			CONFIG_NAME_MAX);
	else
		return true;
	return false;
}

static void unknown_section(struct loader *l, struct str word)
{
	const struct key_section_info *near = section_suggest(word);

	if (near)
		problem_add(&l->problems, l->line, l->label, "unknown section; did you mean %s?",
			near->shape);
	else
		problem_add(&l->problems, l->line, l->label,
			"unknown section; expected [upstreamd], [engine NAME] or [output NAME]");
}

static void loader_on_section(void *arg, unsigned line, struct str section)
{
	struct loader *l = arg;
	const struct key_section_info *info;
	struct str word, name;
	size_t blank = 0;

	end_section(l);
	free(l->label);
	l->label = section.p ? xasprintf("[%.*s]", STR_ARG(section)) : xstrdup("[]");
	l->line = line;
	if (!section.p)
		return;
	while (blank < section.len && section.p[blank] != ' ' && section.p[blank] != '\t')
		blank++;
	word = str_sub(section, 0, blank);
	name = str_trim(str_sub(section, blank, section.len));
	info = section_find(word);
	if (!info)
		unknown_section(l, word);
	else if (!check_name(l, info, name))
		return;
	else if (info->section == SECTION_GLOBAL)
		begin_global(l);
	else if (info->section == SECTION_ENGINE)
		begin_engine(l, name);
	else
		begin_output(l, name);
}

static void loader_on_error(void *arg, unsigned line, const char *message)
{
	struct loader *l = arg;

	problem_add(&l->problems, line, NULL, "%s", message);
}

/* --- the whole --------------------------------------------------------------------------- */

/* Sections that need not be there get their defaults all the same. */
static void add_missing_sections(struct loader *l)
{
	l->line = 0;
	if (!l->global_line) {
		begin_section(l, SECTION_GLOBAL, l->config);
		end_section(l);
	}
	if (l->config->engines.n == 0) {
		begin_engine(l, STR(""));
		end_section(l);
	}
}

/* Two outputs on one file would overwrite each other for ever. */
static void check_dests(struct loader *l)
{
	const struct config *c = l->config;

	for (size_t i = 0; i < c->outputs.n; i++) {
		const struct config_output *a = &c->outputs.v[i];

		for (size_t j = 0; a->dest && j < i; j++) {
			const struct config_output *b = &c->outputs.v[j];

			if (b->dest && strcmp(a->dest, b->dest) == 0)
				problem_add(&l->problems, a->line, NULL,
					"[output %s] dest: %s is the dest of [output %s] already",
					a->name, a->dest, b->name);
		}
		for (size_t j = 0; a->dest && j < a->templates.n; j++)
			if (strcmp(a->dest, a->templates.v[j]) == 0)
				problem_add(&l->problems, a->line, NULL,
					"[output %s] dest: %s is its template, which would be "
					"overwritten",
					a->name, a->dest);
	}
}

/* Two engines at one endpoint would show every container twice. */
static void check_endpoints(struct loader *l)
{
	const struct config *c = l->config;

	for (size_t i = 0; i < c->engines.n; i++) {
		const struct config_engine *a = &c->engines.v[i];

		for (size_t j = 0; a->endpoint && j < i; j++) {
			const struct config_engine *b = &c->engines.v[j];

			if (b->endpoint && strcmp(a->endpoint, b->endpoint) == 0)
				problem_add(&l->problems, a->line, NULL,
					"[engine %s] endpoint: %s is the endpoint of [engine %s] "
					"already; expected one of its own for each engine",
					a->name, a->endpoint, b->name);
		}
	}
}

static void check_output_engines(struct loader *l, const struct config_output *output)
{
	for (size_t i = 0; i < output->engines.n; i++)
		if (!config_find_engine(l->config, output->engines.v[i]))
			problem_add(&l->problems, output->line, NULL,
				"[output %s] engine: there is no section [engine %s]", output->name,
				output->engines.v[i]);
}

static void check_whole(struct loader *l)
{
	/* A header that could not be read may have been the output's. */
	if (l->config->outputs.n == 0 && l->problems.list.n == 0)
		problem_add(&l->problems, 0, NULL,
			"no output; expected at least one section [output NAME] with template and "
			"dest");
	check_dests(l);
	check_endpoints(l);
	for (size_t i = 0; i < l->config->outputs.n; i++)
		check_output_engines(l, &l->config->outputs.v[i]);
}

/* The command line's value for a global key. */
static void override_key(struct loader *l, const char *name, const char *value)
{
	struct error err = ERROR_INIT;

	if (value && !config_set_global(l->config, name, value, &err))
		problem_add(&l->problems, 0, NULL, "%s on the command line: %s", name,
			error_text(&err));
	error_clear(&err);
}

/* The directory of path as an absolute path, owned by the caller. */
static char *absolute_dirname(const char *path)
{
	char *dir = file_dirname(path), *cwd, *whole;

	if (dir[0] == '/')
		return dir;
	cwd = getcwd(NULL, 0);
	if (!cwd)
		cwd = xstrdup("/");
	whole = strcmp(dir, ".") == 0 ? xstrdup(cwd) : xasprintf("%s/%s", cwd, dir);
	free(cwd);
	free(dir);
	return whole;
}

/* bare: there is no file, and no output either. */
static bool build(struct str text, const struct config_input *in, bool bare,
	struct config **ret_config, struct config_errors *errors)
{
	static const struct ini_events events = {loader_on_section, loader_on_key, loader_on_error};
	struct loader l = {.in = in, .config = xcalloc(1, sizeof(*l.config))};
	bool ok;

	l.config->path = xstrdup(in->path);
	l.config->dir = absolute_dirname(in->path);
	problems_init(&l.problems, in->path);
	ini_read(text, &events, &l);
	end_section(&l);
	add_missing_sections(&l);
	override_key(&l, "log_level", in->log_level);
	override_key(&l, "log_format", in->log_format);
	if (!bare)
		check_whole(&l);
	ok = l.problems.list.n == 0;
	if (ok) {
		*ret_config = l.config;
	} else {
		problems_report(&l.problems, errors);
		config_free(l.config);
	}
	problems_release(&l.problems);
	free(l.label);
	return ok;
}

bool config_parse(struct str text, const struct config_input *in, struct config **ret_config,
	struct config_errors *errors)
{
	return build(text, in, false, ret_config, errors);
}

bool config_defaults(
	const struct config_input *in, struct config **ret_config, struct config_errors *errors)
{
	return build(STR(""), in, true, ret_config, errors);
}

bool config_load(
	const struct config_input *in, struct config **ret_config, struct config_errors *errors)
{
	struct error err = ERROR_INIT;
	struct buf text;
	bool ok;

	buf_init(&text, SIZE_MAX);
	if (file_read(in->path, CONFIG_FILE_MAX, &text, &err))
		ok = config_parse(buf_str(&text), in, ret_config, errors);
	else {
		/* Whoever never wrote one learns how to name one. */
		if (strcmp(in->path, CONFIG_DEFAULT_PATH) == 0)
			error_append(&err, " (another file is given by -c FILE)");
		vec_push(errors, xstrdup(error_text(&err)));
		ok = false;
	}
	error_clear(&err);
	buf_release(&text);
	return ok;
}
