/* SPDX-License-Identifier: MIT
 *
 * Fields, map entries and methods: .a.b of a value, see eval.h. A part of a path remembers the
 * struct type it saw last and the field it found there, so that a loop over containers looks a
 * name up once; map keys were hashed when they were parsed.
 */
#include "config.h"

#include "template/eval.h"

#include "template/format/time_methods.h"
#include "value/time.h"

/* The receiver of one part of a path. */
struct receiver {
	struct value v;	       /* with pointers and interfaces followed */
	const char *type_name; /* as errors name its type */
	bool is_nil;	       /* v is a nil pointer */
	bool addressable;
};

static struct receiver receiver_of(struct value v)
{
	struct receiver recv = {.v = v, .type_name = value_static_name(v)};

	recv.addressable = (v.head & VALUE_ADDR) && !(v.head & VALUE_IFACE);
	recv.v = value_plain(recv.v);
	while (value_type(recv.v)->kind == KIND_POINTER) {
		recv.is_nil = !recv.v.rec;
		if (recv.is_nil)
			break;
		recv.v = value_load(value_type(recv.v)->elem, recv.v.rec);
		recv.addressable = !(recv.v.head & VALUE_IFACE);
	}
	return recv;
}

/* The method of t called name, NULL if there is none. */
static const struct method *method_of(const struct type *t, struct str name)
{
	if (t == &type_time)
		return time_method(name);
	return t->n_methods ? type_method(t, name) : NULL;
}

/* The method of the receiver called name, NULL if it has none that can be called. */
static const struct method *find_method(const struct receiver *recv, struct str name)
{
	const struct type *t = recv->is_nil ? value_type(recv->v)->elem : value_type(recv->v);
	const struct method *m = method_of(t, name);

	if (m && m->on_pointer && !recv->addressable && !recv->is_nil)
		return NULL;
	return m;
}

static NORETURN void fail_nil_pointer(
	struct render *r, const struct receiver *recv, struct str name)
{
	raise_error(r, "nil pointer evaluating %s.%.*s", recv->type_name, STR_ARG(name));
}

static NORETURN void fail_no_field(struct render *r, const struct receiver *recv, struct str name)
{
	raise_error(r, "can't evaluate field %.*s in type %s", STR_ARG(name), recv->type_name);
}

static bool is_exported(struct str name)
{
	return name.len && (name.p[0] < 'a' || name.p[0] > 'z') && name.p[0] != '_';
}

/* Field f of the record at rec, which has an address of its own if it is behind a pointer. */
static inline struct value load_field(const struct field *f, const void *rec, bool addressable)
{
	const char *at = (const char *)rec + f->offset;
	struct value v;

	if (f->type == &type_string) {
		const struct str *s = (const void *)at;

		return (struct value){
			.head = TYPE_HEAD(&type_string) | (uint64_t)s->len << 32, .s = s->p};
	}
	v = value_load(f->type, at);
	v.head |= addressable ? VALUE_ADDR : 0;
	return v;
}

static struct value struct_field(
	struct render *r, const struct receiver *recv, struct path_part *part, bool has_args)
{
	const struct field *f = type_field(value_type(recv->v), part->name);

	if (!f)
		fail_no_field(r, recv, part->name);
	if (!is_exported(part->name))
		raise_error(r, "%.*s is an unexported field of struct type %s", STR_ARG(part->name),
			recv->type_name);
	if (has_args)
		raise_error(r, "%.*s has arguments but cannot be invoked as function",
			STR_ARG(part->name));
	part->type = value_type(recv->v);
	part->field = f;
	return load_field(f, recv->v.rec, recv->addressable);
}

static struct value map_entry(
	struct render *r, const struct receiver *recv, const struct path_part *part, bool has_args)
{
	if (!type_assignable(&type_string, value_type(recv->v)->key))
		fail_no_field(r, recv, part->name);
	if (has_args)
		raise_error(r, "%.*s is not a method but has arguments", STR_ARG(part->name));
	return map_get_hashed(recv->v, part->name, part->hash);
}

/* What most parts are: the entry of a map, or a field that was found here before. */
static inline bool eval_part_fast(
	const struct path_part *part, const struct value *v, struct value *ret)
{
	const struct type *t = value_type(*v);

	if (t->kind == KIND_MAP) {
		if (t->key != &type_string || t->n_methods)
			return false;
		*ret = map_get_hashed(*v, part->name, part->hash);
		return true;
	}
	if (!part->type)
		return false;
	if (t->kind == KIND_POINTER && t->elem == part->type && v->rec) {
		*ret = load_field(part->field, v->rec, true);
		return true;
	}
	if (t == part->type) {
		*ret = load_field(
			part->field, v->rec, (v->head & (VALUE_ADDR | VALUE_IFACE)) == VALUE_ADDR);
		return true;
	}
	return false;
}

/* One part of a path; the last one may have arguments. */
static struct value eval_part(struct render *r, const struct node *n, struct path_part *part,
	struct value v, const struct command_node *cmd, const struct value *final)
{
	struct receiver recv;
	const struct method *m;
	bool has_args = final || (cmd && cmd->n_args > 1);

	recv = receiver_of(v);
	if (value_type(recv.v)->kind == KIND_INTERFACE)
		fail_nil_pointer(r, &recv, part->name);
	m = find_method(&recv, part->name);
	if (m)
		return eval_method(r, n, m, recv.v, cmd, final);
	if (value_type(recv.v)->kind == KIND_MAP)
		return map_entry(r, &recv, part, has_args);
	if (value_type(recv.v)->kind == KIND_STRUCT)
		return struct_field(r, &recv, part, has_args);
	if (recv.is_nil && (value_type(recv.v)->elem->kind != KIND_STRUCT ||
				   type_field(value_type(recv.v)->elem, part->name)))
		fail_nil_pointer(r, &recv, part->name);
	fail_no_field(r, &recv, part->name);
}

struct value eval_path(struct render *r, const struct node *n, const struct path *path,
	struct value recv, const struct command_node *cmd, const struct value *final)
{
	bool has_args = final || (cmd && cmd->n_args > 1);
	unsigned last = path->n - 1;
	struct value v;

	for (unsigned i = 0; i <= last; i++) {
		struct path_part *part = &path->parts[i];
		bool with_args = has_args && i == last;

		if (value_is_none(recv))
			return VALUE_NONE;
		if (LIKELY(!with_args) && eval_part_fast(part, &recv, &v))
			recv = v;
		else
			recv = eval_part(
				r, n, part, recv, with_args ? cmd : NULL, with_args ? final : NULL);
	}
	return recv;
}
