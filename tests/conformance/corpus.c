/* SPDX-License-Identifier: MIT
 *
 * Reading a corpus, see corpus.h.
 */
#include "config.h"

#include "conformance/corpus.h"

#include "base/alloc.h"
#include "base/file.h"
#include "value/json_read.h"

#include <dirent.h>
#include <stdlib.h>

#define CORPUS_FILE_MAX ((size_t)256 << 20)

static int is_case_file(const struct dirent *d)
{
	return str_has_suffix(str_from(d->d_name), STR(".jsonl"));
}

static void split_lines(struct corpus_file *f)
{
	struct str rest = buf_str(&f->text), line;

	while (rest.len) {
		str_cut(rest, '\n', &line, &rest);
		if (line.len)
			vec_push(&f->lines, line);
	}
}

static bool add_file(struct corpus *c, const char *dir, const char *name, struct error *err)
{
	struct corpus_file f = {.name = xstrdup(name)};
	char *path = xasprintf("%s/%s", dir, name);
	bool ok;

	buf_init(&f.text, CORPUS_FILE_MAX);
	ok = file_read(path, CORPUS_FILE_MAX, &f.text, err);
	if (ok)
		split_lines(&f);
	vec_push(&c->files, f);
	free(path);
	return ok;
}

static bool add_sets(struct corpus *c, const char *dir, struct error *err)
{
	char *path = xasprintf("%s/sets.json", dir);
	bool ok = file_read(path, CORPUS_FILE_MAX, &c->sets, err);

	free(path);
	return ok;
}

bool corpus_read(struct corpus *c, const char *dir, struct error *err)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, is_case_file, alphasort);
	bool ok = true;

	*c = (struct corpus){.files = VEC_INIT};
	buf_init(&c->sets, CORPUS_FILE_MAX);
	if (n <= 0)
		return error_set(err, "%s: no .jsonl files", dir);
	for (int i = 0; i < n; i++) {
		ok = ok && add_file(c, dir, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	return ok && add_sets(c, dir, err);
}

void corpus_release(struct corpus *c)
{
	for (size_t i = 0; i < c->files.n; i++) {
		free(c->files.v[i].name);
		buf_release(&c->files.v[i].text);
		vec_release(&c->files.v[i].lines);
	}
	vec_release(&c->files);
	buf_release(&c->sets);
}

/* --- cases ------------------------------------------------------------------------- */

static struct str text_member(struct value m, const char *key)
{
	struct value v = map_get_str(m, str_from(key));

	return value_type(v) == &type_string ? value_as_str(v) : str_n(NULL, 0);
}

static int base64_digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static struct str base64_decode(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.len + 1);
	unsigned bits = 0, n_bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		int digit = base64_digit(s.p[i]);

		if (digit < 0)
			continue;
		bits = bits << 6 | (unsigned)digit;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			out[n++] = (char)(bits >> n_bits);
		}
	}
	return str_n(out, n);
}

/* The text of a member that may be in base64 under another key. */
static struct str bytes_member(struct value m, const char *key, struct arena *a)
{
	struct str coded = text_member(m, arena_fmt(a, "%s_b64", key).p);

	return coded.p ? base64_decode(coded, a) : text_member(m, key);
}

/* Moves *at behind the JSON value or punctuation that begins there. */
static void skip_json(const char **at, const char *end)
{
	unsigned depth = 0;

	do {
		char c = **at;

		++*at;
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		else if (c == '"')
			for (; *at < end && *(*at)++ != '"';)
				*at += (*at)[-1] == '\\';
		else if (depth == 0)
			while (*at < end && !strchr(",:}] \t\r\n", **at))
				++*at;
	} while (*at < end && depth > 0);
}

static void skip_separators(const char **at, const char *end)
{
	while (*at < end && strchr(" \t\r\n,:", **at))
		++*at;
}

/* The JSON text of a member of an object, p is NULL if it is absent. Keys have no escapes. */
static struct str json_member(struct str object, struct str key)
{
	const char *at = object.p + 1, *end = object.p + object.len, *start;
	struct str name;

	for (;;) {
		skip_separators(&at, end);
		if (at >= end || *at != '"')
			return str_n(NULL, 0);
		start = at;
		skip_json(&at, end);
		name = str_n(start + 1, (size_t)(at - start) - 2);
		skip_separators(&at, end);
		start = at;
		skip_json(&at, end);
		if (str_eq(name, key))
			return str_n(start, (size_t)(at - start));
	}
}

bool corpus_case(struct str line, struct arena *a, struct test_case *ret, struct error *err)
{
	struct value v;

	if (!json_read(a, line, &v, err))
		return false;
	*ret = (struct test_case){
		.id = text_member(v, "id"),
		.template = text_member(v, "template"),
		.data = map_get_str(v, STR("data")),
		.set = text_member(v, "containers"),
		.env = json_member(line, STR("env")),
		.want = bytes_member(v, "want", a),
		.error = text_member(v, "error"),
		.stage = text_member(v, "stage"),
		.partial = bytes_member(v, "partial", a),
	};
	ret->data = value_plain(ret->data);
	if (value_is_nil_interface(ret->data))
		ret->data = VALUE_NONE;
	if (!ret->id.p || !ret->template.p || (!ret->want.p && !ret->error.p))
		return error_set(err, "a case needs id, template, and want or error");
	return true;
}

bool corpus_set(const struct corpus *c, struct str name, struct str env, struct arena *a,
	struct str *ret, struct error *err)
{
	static const char *const keys[] = {
		"containers", "networks", "info", "version", "current_id"};
	struct str set = json_member(str_trim(buf_str(&c->sets)), name);
	struct str json, member;

	if (!set.p)
		return error_set(err, "no container set called %.*s", STR_ARG(name));
	if (!env.p)
		env = json_member(set, STR("env"));
	json = arena_fmt(a, "{\"env\":%.*s", STR_ARG(env.p ? env : STR("{}")));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		member = json_member(set, str_from(keys[i]));
		if (member.p)
			json = arena_fmt(
				a, "%.*s,\"%s\":%.*s", STR_ARG(json), keys[i], STR_ARG(member));
	}
	*ret = arena_fmt(a, "%.*s}", STR_ARG(json));
	return true;
}
