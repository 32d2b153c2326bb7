/* SPDX-License-Identifier: MIT
 *
 * Running a case, see judge.h.
 */
#include "config.h"

#include "conformance/judge.h"

#include "base/utf8.h"
#include "model/expose.h"
#include "model/snapshot_file.h"
#include "template/template.h"
#include "value/json_read.h"

#include <stdio.h>

/* What a case gave. */
struct outcome {
	struct buf out;
	struct error err;
	const char *stage; /* of the error, NULL if there is none */
};

/* What a case runs over. */
struct subject {
	struct value root;
	struct template_options options;
	struct snapshot *snapshot; /* NULL for plain data */
};

/* A case without a set sees the environment of the case, by default an empty one. */
static bool plain_subject(
	const struct test_case *t, struct arena *a, struct subject *s, struct error *err)
{
	struct value env, strings, key, v;
	size_t pos = 0;

	s->root = t->data;
	if (!t->env.p)
		return true;
	if (!json_read(a, t->env, &env, err))
		return false;
	strings = map_new(a, &type_string_map, map_len(env));
	while (map_next(env, &pos, &key, &v))
		map_set_str(strings, value_as_str(key), v);
	s->options.env = strings;
	return true;
}

static bool set_subject(const struct corpus *c, const struct test_case *t, struct arena *a,
	struct subject *s, struct error *err)
{
	struct str json;

	if (!corpus_set(c, t->set, t->env, a, &json, err))
		return false;
	s->snapshot = snapshot_from_json(json, NULL, NULL, err);
	if (!s->snapshot)
		return false;
	s->root = snapshot_root(s->snapshot, NULL, a);
	s->options.env = snapshot_env(s->snapshot);
	return true;
}

static void run_template(const struct test_case *t, const struct subject *s, struct outcome *o)
{
	struct template_set *set = template_set_new();

	if (!template_parse(set, "t", t->template, &o->err))
		o->stage = "parse";
	else if (!template_render(set, STR("t"), s->root, &s->options, &o->out, &o->err))
		o->stage = "exec";
	template_set_free(set);
}

static void run_case(
	const struct corpus *c, const struct test_case *t, struct arena *a, struct outcome *o)
{
	struct subject s = {.snapshot = NULL};
	bool ok = t->set.p ? set_subject(c, t, a, &s, &o->err) : plain_subject(t, a, &s, &o->err);

	if (ok)
		run_template(t, &s, o);
	else
		o->stage = "data";
	if (s.snapshot)
		snapshot_unref(s.snapshot);
}

/* The text with U+FFFD for every byte that is not UTF-8, as the corpus writes errors. */
static struct str valid_text(struct str s, struct arena *a)
{
	char *copy = arena_alloc(a, s.len * 3 + UTF8_MAX), *at = copy;

	while (s.len) {
		size_t width;
		uint32_t r = utf8_decode(s, &width);

		at += utf8_encode(r, at);
		s = str_sub(s, width, s.len);
	}
	return str_n(copy, (size_t)(at - copy));
}

static bool same(struct str want, struct str got)
{
	return !want.p || str_eq(want, got);
}

static bool passes(const struct test_case *t, const struct outcome *o, struct arena *a)
{
	if (t->want.p)
		return !o->stage && str_eq(t->want, buf_str(&o->out));
	return o->stage && str_eqz(t->stage, o->stage) &&
	       str_eq(t->error, valid_text(error_str(&o->err), a)) &&
	       same(t->partial, buf_str(&o->out));
}

/* One line of a report, with control characters made visible. */
static void print_text(const char *label, struct str s)
{
	printf("  %-7s ", label);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\n')
			fputs("\\n", stdout);
		else if (c < 0x20 || c == 0x7f || c == '\\')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	putchar('\n');
}

static void print_failure(const struct test_case *t, const struct outcome *o)
{
	printf("%.*s\n", STR_ARG(t->id));
	print_text("case", t->template);
	if (t->want.p) {
		print_text("wanted", t->want);
	} else {
		print_text("wanted", t->error);
		if (t->partial.len)
			print_text("after", t->partial);
	}
	if (o->stage)
		print_text(o->stage, error_str(&o->err));
	if (!o->stage || o->out.len)
		print_text("got", buf_str(&o->out));
}

bool judge_line(const struct corpus *c, struct str line, bool quiet)
{
	struct outcome o = {.err = ERROR_INIT};
	struct test_case t = {.id = STR_INIT("unreadable line")};
	struct arena arena;
	bool ok;

	arena_init(&arena);
	buf_init(&o.out, TEMPLATE_OUTPUT_MAX);
	ok = corpus_case(line, &arena, &t, &o.err);
	if (ok)
		run_case(c, &t, &arena, &o);
	else
		o.stage = "case";
	ok = ok && passes(&t, &o, &arena);
	if (!ok && !quiet)
		print_failure(&t, &o);
	error_clear(&o.err);
	buf_release(&o.out);
	arena_release(&arena);
	return ok;
}
