/* SPDX-License-Identifier: MIT
 *
 * Variables in sight, see scope.h: a linked stack in the parser's arena.
 */
#include "config.h"

#include "template/scope.h"

/* What a variable is at run time, at the place where the parser is. */
enum variable_state {
	UNDECLARED, /* its name was seen, but it has no value of its own */
	MAYBE,	    /* its declaration may have been skipped */
	DECLARED,
};

struct variable {
	struct variable *older;
	struct str name;
	enum variable_state state;
	uint32_t slot; /* unless UNDECLARED */
};

static struct variable *scope_push(struct scope *s, struct str name)
{
	struct variable *v = arena_new(s->arena, struct variable);

	v->older = s->top;
	v->name = name;
	s->top = v;
	return v;
}

void scope_init(struct scope *s, struct arena *arena)
{
	*s = (struct scope){.arena = arena};
	scope_declare(s, STR("$"), false);
}

void scope_see(struct scope *s, struct str name)
{
	scope_push(s, name)->state = UNDECLARED;
}

uint32_t scope_declare(struct scope *s, struct str name, bool maybe)
{
	struct variable *v = scope_push(s, name);

	v->state = maybe ? MAYBE : DECLARED;
	v->slot = s->n_slots++;
	if (s->max_slots < s->n_slots)
		s->max_slots = s->n_slots;
	return v->slot;
}

struct scope_mark scope_mark(const struct scope *s)
{
	return (struct scope_mark){s->top, s->n_slots};
}

void scope_leave(struct scope *s, struct scope_mark mark)
{
	s->top = mark.top;
	s->n_slots = mark.n_slots;
}

void scope_hide(struct scope *s, struct scope_mark mark)
{
	for (struct variable *v = s->top; v != mark.top; v = v->older)
		v->state = UNDECLARED;
	s->n_slots = mark.n_slots;
}

/* The variable itself or one of the same name before it. */
static const struct variable *find_by_name(const struct variable *v, struct str name)
{
	while (v && !str_eq(v->name, name))
		v = v->older;
	return v;
}

static struct variable_ref make_ref(struct arena *a, const struct variable *v, struct str name)
{
	struct variable_ref ref = {.slot = -1};
	struct variable_ref outer;

	while (v && v->state == UNDECLARED)
		v = find_by_name(v->older, name);
	if (!v)
		return ref;
	ref.slot = (int32_t)v->slot;
	ref.may_be_unset = v->state == MAYBE;
	if (ref.may_be_unset) {
		outer = make_ref(a, find_by_name(v->older, name), name);
		ref.outer = arena_memdup(a, &outer, sizeof(outer));
	}
	return ref;
}

bool scope_find(const struct scope *s, struct str name, struct variable_ref *ret)
{
	const struct variable *v = find_by_name(s->top, name);

	if (!v)
		return false;
	*ret = make_ref(s->arena, v, name);
	return true;
}
