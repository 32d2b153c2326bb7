/* SPDX-License-Identifier: MIT
 *
 * The life of a struct config: checks over the whole of it, look-ups, printing, freeing. Reading
 * is in load.c, the keys in keys.def.
 */
#include "config.h"

#include "config/config.h"

#include "base/alloc.h"
#include "base/file.h"
#include "config/keys.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->engines.n; i++) {
		keys_release(SECTION_ENGINE, &config->engines.v[i]);
		free(config->engines.v[i].endpoint_origin);
		free(config->engines.v[i].name);
	}
	for (size_t i = 0; i < config->outputs.n; i++) {
		keys_release(SECTION_OUTPUT, &config->outputs.v[i]);
		free(config->outputs.v[i].name);
	}
	vec_release(&config->engines);
	vec_release(&config->outputs);
	keys_release(SECTION_GLOBAL, config);
	free(config->path);
	free(config->dir);
	free(config);
}

/* Whether path can be read and is no directory. */
static bool check_template(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0 || access(path, R_OK) < 0)
		return error_errno(err, errno, "cannot read %s", path);
	if (S_ISDIR(st.st_mode))
		return error_set(err, "%s is a directory; expected a file", path);
	return true;
}

/* Whether there is a directory to write path in. */
static bool check_dest(const char *path, struct error *err)
{
	char *dir = file_dirname(path);
	struct stat st;
	bool ok = true;

	if (stat(dir, &st) < 0)
		ok = error_errno(err, errno, "directory %s", dir);
	else if (!S_ISDIR(st.st_mode))
		ok = error_set(err, "%s is no directory", dir);
	else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		ok = error_set(err, "%s is a directory; expected a file", path);
	free(dir);
	return ok;
}

static bool check_dir(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_errno(err, errno, "directory %s", path);
	return S_ISDIR(st.st_mode) || error_set(err, "%s is no directory", path);
}

/* Turns err into an error about key; err is empty afterwards. */
static void add_file_error(const struct config *config, const struct config_output *output,
	const char *key, struct error *err, struct config_errors *errors)
{
	vec_push(errors, xasprintf("%s:%u: [output %s] %s: %s", config->path, output->line,
				 output->name, key, error_text(err)));
	error_clear(err);
}

bool config_check_files(const struct config *config, struct config_errors *errors)
{
	size_t before = errors->n;
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < config->outputs.n; i++) {
		const struct config_output *output = &config->outputs.v[i];

		for (size_t j = 0; j < output->templates.n; j++)
			if (!check_template(output->templates.v[j], &err))
				add_file_error(config, output, "template", &err, errors);
		if (!check_dest(output->dest, &err))
			add_file_error(config, output, "dest", &err, errors);
		for (size_t j = 0; j < output->template_files.n; j++)
			if (!check_dir(output->template_files.v[j], &err))
				add_file_error(config, output, "template_files", &err, errors);
	}
	return errors->n == before;
}

bool config_set_global(
	struct config *globals, const char *key, const char *value, struct error *err)
{
	static const struct key_place nowhere = {.dir = "/", .line = 0};

	return key_parse(
		key_find(SECTION_GLOBAL, str_from(key)), str_from(value), &nowhere, globals, err);
}

static void print_section(const struct config *config, enum key_section section, const char *name,
	const void *base, struct buf *out)
{
	const char *word = section_info(section)->word;

	if (name)
		buf_add_fmt(out, "\n[%s %s]\n", word, name);
	else
		buf_add_fmt(out, "[%s]\n", word);
	for (size_t i = 0; i < config_keys_n; i++)
		if (config_keys[i].section == section)
			key_print(&config_keys[i], base, config->dir, out);
}

void config_print(const struct config *config, struct buf *out)
{
	print_section(config, SECTION_GLOBAL, NULL, config, out);
	for (size_t i = 0; i < config->engines.n; i++) {
		const struct config_engine *engine = &config->engines.v[i];

		print_section(config, SECTION_ENGINE, engine->name, engine, out);
	}
	for (size_t i = 0; i < config->outputs.n; i++) {
		const struct config_output *output = &config->outputs.v[i];

		print_section(config, SECTION_OUTPUT, output->name, output, out);
	}
}

const struct config_output *config_find_output(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->outputs.n; i++)
		if (strcmp(config->outputs.v[i].name, name) == 0)
			return &config->outputs.v[i];
	return NULL;
}

const struct config_engine *config_find_engine(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->engines.n; i++)
		if (strcmp(config->engines.v[i].name, name) == 0)
			return &config->engines.v[i];
	return NULL;
}

void config_errors_release(struct config_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		free(errors->v[i]);
	vec_release(errors);
}
