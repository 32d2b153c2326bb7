/* SPDX-License-Identifier: MIT
 *
 * Recorded objects as programs: a list of literal texts and field writers. A member that may be
 * left out is an op that knows where it ends. At least one member of an object is always there.
 */
#include "config.h"

#include "engine/sim_template.h"

#include "base/alloc.h"
#include "engine/sim_json.h"

#include <stdlib.h>
#include <string.h>

#define PATH_MAX_LENGTH 256

enum op_kind { OP_TEXT, OP_FIELD, OP_OPTIONAL };

struct op {
	enum op_kind kind;
	char *text; /* OP_TEXT */
	size_t len;
	const struct field *field; /* OP_FIELD, OP_OPTIONAL */
	size_t end;		   /* OP_OPTIONAL: the first op after the member */
};

struct program {
	VEC(struct op) ops;
	const struct field *fields;
	size_t n;
	bool html;
	struct buf literal; /* text since the last op */
};

static void compile(struct program *p, yajl_val v, const char *path);

static void flush_literal(struct program *p)
{
	size_t len;
	char *text;

	if (p->literal.len == 0)
		return;
	text = buf_take(&p->literal, &len);
	vec_push(&p->ops, (struct op){.kind = OP_TEXT, .text = text, .len = len});
}

static const struct field *find_field(const struct program *p, const char *path)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->fields[i].path, path) == 0)
			return &p->fields[i];
	return NULL;
}

/* lead: only members that may be left out came before, so this one brings no comma of its own; if
 * it may be left out, too, the comma after it is its. */
static void compile_member(
	struct program *p, yajl_val object, size_t i, const char *path, bool *lead)
{
	const struct field *f = find_field(p, path);
	size_t optional = 0;

	if (f && f->present) {
		flush_literal(p);
		optional = p->ops.n;
		vec_push(&p->ops, (struct op){.kind = OP_OPTIONAL, .field = f});
	}
	if (!*lead)
		buf_add_char(&p->literal, ',');
	json_cstring(&p->literal, object->u.object.keys[i], p->html);
	buf_add_char(&p->literal, ':');
	if (f && f->write) {
		flush_literal(p);
		vec_push(&p->ops, (struct op){.kind = OP_FIELD, .field = f});
	} else {
		compile(p, object->u.object.values[i], path);
	}
	if (f && f->present) {
		if (*lead)
			buf_add_char(&p->literal, ',');
		flush_literal(p);
		p->ops.v[optional].end = p->ops.n;
	} else {
		*lead = false;
	}
}

static void compile(struct program *p, yajl_val v, const char *path)
{
	char member[PATH_MAX_LENGTH];
	bool lead = true;

	if (v->type != yajl_t_object) {
		json_value(&p->literal, v, p->html);
		return;
	}
	buf_add_char(&p->literal, '{');
	for (size_t i = 0; i < v->u.object.len; i++) {
		snprintf(member, sizeof(member), "%s%s%s", path, *path ? "." : "",
			v->u.object.keys[i]);
		compile_member(p, v, i, member, &lead);
	}
	buf_add_char(&p->literal, '}');
}

struct program *program_new(yajl_val recorded, const struct field *fields, size_t n, bool html)
{
	struct program *p = xcalloc(1, sizeof(*p));

	p->fields = fields;
	p->n = n;
	p->html = html;
	buf_init(&p->literal, SIM_BODY_MAX);
	compile(p, recorded, "");
	flush_literal(p);
	return p;
}

void program_write(const struct program *p, const struct render *r)
{
	for (size_t i = 0; i < p->ops.n; i++) {
		const struct op *op = &p->ops.v[i];

		if (op->kind == OP_TEXT)
			buf_add(r->out, op->text, op->len);
		else if (op->kind == OP_FIELD)
			op->field->write(r);
		else if (!op->field->present(r))
			i = op->end - 1;
	}
}

void program_free(struct program *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->ops.n; i++)
		free(p->ops.v[i].text);
	vec_release(&p->ops);
	buf_release(&p->literal);
	free(p);
}
