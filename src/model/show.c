/* SPDX-License-Identifier: MIT
 *
 * Snapshots of an inventory: every container that is known, at the addresses that the rules give
 * it. What is shown of an entry is kept until the entry, or the one whose network it shares,
 * changes.
 */
#include "config.h"

#include "model/inventory_impl.h"

#include "model/container.h"
#include "model/expose.h"

/* A container in the network of one that is in the network of one ...: engines allow hardly two. */
#define SHARED_MAX 8

void entry_unshow(struct entry *e)
{
	container_unref(e->shown);
	container_unref(e->shown_of);
	container_unref(e->shown_via);
	e->shown = e->shown_of = e->shown_via = NULL;
}

/* By id, else by name, for engines that keep what a user wrote. */
static struct entry *find_owner(struct inventory *inv, struct str name)
{
	struct entry *e = entry_get(inv, name);
	struct map_entry *m;

	if (e)
		return e;
	map_each (&inv->entries, m) {
		e = m->value;
		if (e->c && str_eq(e->c->rec.name, name))
			return e;
	}
	return NULL;
}

/* Borrowed, kept by the entry; e->c is not NULL. depth: how many share its network so far. */
static struct container *entry_show(struct entry *e, unsigned depth)
{
	const struct address_rules *rules = &e->inv->options.addresses;
	struct container *via = NULL;
	struct entry *owner;
	struct str name;

	if (rules->follow && depth < SHARED_MAX && address_is_shared(e->c, &name)) {
		owner = find_owner(e->inv, name);
		if (owner && owner != e && entry_runs(owner))
			via = entry_show(owner, depth + 1);
	}
	if (e->shown && e->shown_of == e->c && e->shown_via == via)
		return e->shown;
	via = via ? container_ref(via) : NULL;
	entry_unshow(e);
	e->shown = address_apply(rules, e->c, via);
	e->shown_of = container_ref(e->c);
	e->shown_via = via;
	return e->shown;
}

/* The id of the container that we are, be it unknown. */
static struct str current_id(const struct inventory *inv, struct container *const *v, size_t n)
{
	const struct container *c = self_choose(&inv->self, v, n);

	if (c)
		return c->rec.id;
	return inv->self.given.len ? STR("") : str_from(inv->self.id);
}

struct snapshot *inventory_snapshot(struct inventory *inv)
{
	struct snapshot_draft draft = {
		.docker = &inv->docker, .env = (const char *const *)inv->env};
	VEC(struct container *) containers = VEC_INIT;
	struct map_entry *m;

	if (!inv->ready)
		return NULL;
	if (inv->snapshot)
		return snapshot_ref(inv->snapshot);
	vec_room(&containers, inv->entries.n);
	map_each (&inv->entries, m) {
		struct entry *e = m->value;

		if (e->c)
			vec_push(&containers, container_ref(entry_show(e, 0)));
	}
	draft.generation = ++inv->generation;
	draft.containers = containers.v;
	draft.n = containers.n;
	draft.current_id = current_id(inv, containers.v, containers.n);
	inv->snapshot = snapshot_new(&draft);
	for (size_t i = 0; i < containers.n; i++)
		container_unref(containers.v[i]);
	vec_release(&containers);
	return snapshot_ref(inv->snapshot);
}
