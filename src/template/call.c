/* SPDX-License-Identifier: MIT
 *
 * Calls of functions and methods, see eval.h. Arguments are prepared when a tree is bound: each has
 * a get function that evaluates it and makes it the parameter's type, or fails as the language has
 * it. A method is only known when it is called, so its arguments are prepared there.
 */
#include "config.h"

#include "template/eval.h"

/* --- arguments ------------------------------------------------------------------- */

/* Go's rule for a value that is not assignable as it is: one pointer may be followed. */
static struct value convert_argument(struct render *r, struct value v, const struct type *t)
{
	if (value_type(v)->kind == KIND_POINTER && type_assignable(value_type(v)->elem, t)) {
		if (!v.rec)
			raise_error(r, "dereference of nil pointer of type %s", t->name);
		return value_load(value_type(v)->elem, v.rec);
	}
	if (t->kind == KIND_POINTER && value_type(v) == t->elem &&
		value_type(v)->kind == KIND_STRUCT &&
		(v.head & (VALUE_ADDR | VALUE_IFACE)) == VALUE_ADDR)
		return value_rec(t, v.rec);
	raise_error(r, "wrong type for value; expected %s; got %s", t->name, value_type(v)->name);
}

struct value check_argument(struct render *r, struct value v, const struct type *t)
{
	if (t == &type_reflect_value)
		return v;
	if (value_is_none(v)) {
		if (!type_can_be_nil(t))
			raise_error(r, "invalid value; expected %s", t->name);
		return type_zero(r->call.arena, t);
	}
	if (LIKELY(type_assignable(value_type(v), t)) &&
		(value_type(v)->kind != KIND_INTERFACE || t == &type_any)) {
		if (t->kind != KIND_INTERFACE)
			v = value_as(v, t);
		v = value_plain(v);
		return v;
	}
	return convert_argument(r, v, t);
}

/* Any value, for an interface {}. */
static struct value get_any(struct render *r, const struct arg *arg)
{
	struct value v = arg->node->eval(r, arg->node);

	if (value_is_none(v))
		return value_nil();
	v = value_plain(v);
	return v;
}

static struct value get_raw(struct render *r, const struct arg *arg)
{
	return arg->node->eval(r, arg->node);
}

static struct value get_typed(struct render *r, const struct arg *arg)
{
	struct value v = arg->node->eval(r, arg->node);

	if (LIKELY(value_type(v) == arg->type)) {
		v = value_plain(v);
		return v;
	}
	return check_argument(r, v, arg->type);
}

static struct value get_constant(struct render *r, const struct arg *arg)
{
	r->at = arg->node;
	return arg->constant;
}

static struct value get_nil_refused(struct render *r, const struct arg *arg)
{
	r->at = arg->node;
	raise_error(r, "cannot assign nil to %s", arg->type->name);
}

/* What kind of constant a parameter type wants, NULL if none will do. */
static const char *wanted_constant(const struct type *t)
{
	if (t->kind == KIND_BOOL)
		return "bool";
	if (t->kind == KIND_STRING)
		return "string";
	if (t->kind >= KIND_INT && t->kind <= KIND_INT64)
		return "integer";
	if (t->kind >= KIND_UINT && t->kind <= KIND_UINTPTR)
		return "unsigned integer";
	if (t->kind == KIND_FLOAT32 || t->kind == KIND_FLOAT64)
		return "float";
	if (t->kind == KIND_COMPLEX64 || t->kind == KIND_COMPLEX128)
		return "complex";
	return NULL;
}

static struct value get_constant_refused(struct render *r, const struct arg *arg)
{
	const char *wanted = wanted_constant(arg->type);
	struct str text = node_text(r, arg->node);

	r->at = arg->node;
	if (wanted)
		raise_error(r, "expected %s; found %.*s", wanted, STR_ARG(text));
	raise_error(r, "can't handle %.*s for arg of type %s", STR_ARG(text), arg->type->name);
}

/* The number as a constant of type t; false if it is none. */
static bool number_constant(
	const struct constant_node *c, const struct type *t, struct arena *a, struct value *ret)
{
	const struct number *n = &c->number;

	*ret = (struct value){.head = TYPE_HEAD(t)};
	if (t->kind >= KIND_INT && t->kind <= KIND_INT64) {
		ret->i = n->i;
		return n->is_int;
	}
	if (t->kind >= KIND_UINT && t->kind <= KIND_UINTPTR) {
		ret->u = n->u;
		return n->is_uint;
	}
	if (t->kind == KIND_FLOAT32 || t->kind == KIND_FLOAT64) {
		ret->f = n->f;
		return n->is_float;
	}
	if (t->kind == KIND_COMPLEX64 || t->kind == KIND_COMPLEX128) {
		ret->c = arena_memdup(a, &n->c, sizeof(n->c));
		return n->is_complex;
	}
	return false;
}

static void bind_constant(struct arg *arg, struct arena *a)
{
	const struct constant_node *c = (const struct constant_node *)arg->node;
	const struct type *t = arg->type;
	bool ok;

	if (t == &type_any || t == &type_reflect_value) {
		arg->constant = c->value;
		arg->get = c->overflows ? get_raw : get_constant;
		return;
	}
	if (c->node.kind == NODE_NUMBER) {
		ok = number_constant(c, t, a, &arg->constant);
	} else {
		arg->constant = c->value;
		arg->constant = value_as(arg->constant, t);
		ok = t->kind == value_type(c->value)->kind;
	}
	arg->get = ok ? get_constant : get_constant_refused;
}

void bind_argument(struct arg *arg, struct arena *a)
{
	enum node_kind kind = arg->node->kind;

	if (kind == NODE_NIL) {
		arg->constant = type_zero(a, arg->type);
		arg->get = type_can_be_nil(arg->type) ? get_constant : get_nil_refused;
	} else if (kind == NODE_BOOL || kind == NODE_NUMBER || kind == NODE_STRING) {
		bind_constant(arg, a);
	} else if (arg->type == &type_any) {
		arg->get = get_any;
	} else if (arg->type == &type_reflect_value) {
		arg->get = get_raw;
	} else {
		arg->get = get_typed;
	}
}

/* --- calls --------------------------------------------------------------------------- */

/* n arguments, and one more if final, are the wrong number for a function or method of n_in
 * parameters. */
static NORETURN void fail_arity(
	struct render *r, struct str name, unsigned n_in, bool variadic, unsigned n, bool final)
{
	if (variadic)
		raise_error(r, "wrong number of args for %.*s: want at least %u got %u",
			STR_ARG(name), n_in - 1, n);
	raise_error(
		r, "wrong number of args for %.*s: want %u got %u", STR_ARG(name), n_in, n + final);
}

/* The type of parameter i; the last of them is repeated. */
static inline const struct type *param_type(const struct type *const *in, unsigned n_in, unsigned i)
{
	return in[i < n_in ? i : n_in - 1];
}

/* Fails if a function is called with the wrong number of arguments. */
static inline void check_arity(
	struct render *r, const struct call_site *site, const struct value *final)
{
	const struct func *f = site->func;

	if (UNLIKELY(final ? !site->fits_final : !site->fits))
		fail_arity(r, f->name, f->n_in, f->variadic, site->n_args, final);
}

/* What the declared type of a result makes of it. */
static inline struct value typed_result(struct value v, const struct type *declared)
{
	if (declared == &type_reflect_value)
		return v;
	v = value_plain(v);
	if (declared->kind != KIND_INTERFACE)
		return v;
	if (value_kind(v) == KIND_INVALID || value_type(v)->kind == KIND_INTERFACE)
		return (struct value){.head = TYPE_HEAD(declared)};
	v.head = (v.head & ~VALUE_FLAGS) | VALUE_IFACE;
	return v;
}

static NORETURN void fail_calling(struct render *r, const struct node *n, struct str name)
{
	struct buf *b = call_buf(&r->call);

	buf_add_fmt(b, "error calling %.*s: ", STR_ARG(name));
	buf_add_str(b, r->call.error);
	r->at = n;
	raise_text(r, buf_str(b));
}

struct value eval_and_or(struct render *r, const struct call_site *site, const struct value *final)
{
	bool stop_at = site->func->flags & FUNC_OR;
	struct value v = VALUE_NONE;

	check_arity(r, site, final);
	for (unsigned i = 0; i < site->n_args; i++) {
		v = site->args[i].get(r, &site->args[i]);
		if (value_truth(v) == stop_at)
			return v;
	}
	return final ? *final : v;
}

/* The text by which call names what it calls: its first argument as it is written. */
static struct str callee_name(
	struct render *r, const struct call_site *site, const struct value *final)
{
	if (site->n_args)
		return node_text(r, site->args[0].node);
	if (value_kind(*final) == KIND_STRING)
		return value_as_str(*final);
	return arena_fmt(r->call.arena, "<%s Value>",
		!value_is_none(*final) ? value_type(*final)->name : "invalid");
}

/* There are no values that are functions, so this always fails. */
struct value eval_call_builtin(
	struct render *r, const struct call_site *site, const struct value *final)
{
	struct value fn = final ? *final : VALUE_NONE, arg;

	check_arity(r, site, final);
	for (unsigned i = 0; i < site->n_args; i++) {
		arg = site->args[i].get(r, &site->args[i]);
		fn = i == 0 ? arg : fn;
	}
	if (value_kind(fn) == KIND_INVALID || value_type(fn)->kind == KIND_INTERFACE)
		call_fail(&r->call, "call of nil");
	else
		call_fail(&r->call, "non-function %.*s of type %s",
			STR_ARG(callee_name(r, site, final)), value_type(fn)->name);
	fail_calling(r, site->node, site->func->name);
}

struct value eval_function(
	struct render *r, const struct call_site *site, const struct value *final)
{
	const struct func *f = site->func;
	size_t bufs = r->bufs_used;
	unsigned n = site->n_args;
	struct value *args, *ret;

	check_arity(r, site, final);
	args = value_stack_take(&r->stack, n + 2);
	ret = &args[n + 1];
	for (unsigned i = 0; i < n; i++)
		args[i] = site->args[i].get(r, &site->args[i]);
	if (final) {
		args[n] = check_argument(r, *final, param_type(f->in, f->n_in, n));
		n++;
	}
	if (UNLIKELY(!f->fn(&r->call, args, n, ret)))
		fail_calling(r, site->node, f->name);
	r->bufs_used = bufs;
	value_stack_drop(&r->stack, args);
	return typed_result(*ret, f->result);
}

struct value eval_method(struct render *r, const struct node *n, const struct method *m,
	struct value recv, const struct command_node *cmd, const struct value *final)
{
	struct value_mark mark = value_stack_mark(&r->stack);
	unsigned n_args = cmd ? cmd->n_args - 1 : 0;
	size_t bufs = r->bufs_used;
	struct value *args, ret;

	if (m->variadic ? n_args + !!final + 1 < m->n_in : n_args + !!final != m->n_in)
		fail_arity(r, m->name, m->n_in, m->variadic, n_args, final);
	/* The signature counts after the number of arguments; call says what is wrong with it. */
	if (!m->result && !m->call(&r->call, recv, NULL, 0, &ret))
		raise_error(r, "%.*s", STR_ARG(r->call.error));
	args = value_stack_take(&r->stack, n_args + 1);
	for (unsigned i = 0; i < n_args; i++) {
		struct arg arg = {.node = cmd->args[i + 1], .type = param_type(m->in, m->n_in, i)};

		bind_argument(&arg, r->call.arena);
		args[i] = arg.get(r, &arg);
	}
	if (final) {
		args[n_args] = check_argument(r, *final, param_type(m->in, m->n_in, n_args));
		n_args++;
	}
	if (value_type(recv)->kind == KIND_POINTER)
		call_fail(&r->call,
			"runtime error: invalid memory address or nil pointer dereference");
	if (value_type(recv)->kind == KIND_POINTER || !m->call(&r->call, recv, args, n_args, &ret))
		fail_calling(r, n, m->name);
	r->bufs_used = bufs;
	value_stack_release(&r->stack, mark);
	return typed_result(ret, m->result);
}
