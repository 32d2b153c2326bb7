/* SPDX-License-Identifier: MIT
 *
 * What must hold, see property.h. The emulator's own structures are the truth; the model is looked
 * at through its snapshot, as outputs do, and for the time of a container's last start through its
 * entry.
 */
#include "config.h"

#include "engine/property.h"

#include "base/alloc.h"
#include "engine/sim_model.h"
#include "model/container.h"
#include "model/expose.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A run of a container that the model knew of. */
struct incarnation {
	int64_t started;
};

static void fail(struct property *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void fail(struct property *p, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (error_is_set(&p->failure))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	property_tell(p, "FAILED: %s", text);
	error_set(&p->failure, "%s", text);
	event_base_loopbreak(p->base);
}

static struct str id_of(const struct sim_container *c)
{
	return str_n(c->id, SIM_ID_LEN);
}

/* What the snapshot knows of it; NULL: nothing. */
static const struct container *model_find(const struct snapshot *s, const struct sim_container *c)
{
	const struct container *found = s ? snapshot_find(s, id_of(c)) : NULL;

	return found && str_eq(found->rec.id, id_of(c)) ? found : NULL;
}

static void remember(struct property *p, const struct sim_container *c)
{
	struct incarnation *known = smap_get(&p->known, id_of(c));

	if (!known) {
		known = xcalloc(1, sizeof(*known));
		smap_put(&p->known, id_of(c), known);
	}
	known->started = c->started;
}

void property_check_kept(struct property *p)
{
	struct snapshot *s = inventory_snapshot(p->inv);

	for (size_t i = 0; s && i < p->sim.containers.n; i++) {
		const struct sim_container *c = p->sim.containers.v[i];
		const struct incarnation *known = smap_get(&p->known, id_of(c));
		const struct container *m = model_find(s, c);
		const struct entry *e = entry_get(p->inv, id_of(c));

		if (!sim_container_is_up(c))
			continue;
		if (m && m->rec.state.running && e && e->started_ns == c->started)
			remember(p, c);
		else if (known && known->started == c->started && !(m && m->rec.state.running))
			fail(p, "%.12s (%s) has run all the time, but left the model", c->id,
				c->name);
	}
	snapshot_unref(s);
}

/* --- the model against the truth ----------------------------------------------------------- */

static void ip_text(uint32_t ip, char out[16])
{
	out[0] = '\0';
	if (ip)
		snprintf(out, 16, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

static bool has_network(const struct container *m, const char *name, const char *ip)
{
	for (size_t i = 0; i < container_networks(m); i++) {
		const struct rec_network *n = container_network(m, i);

		if (str_eqz(n->name, name) && str_eqz(n->ip, ip))
			return true;
	}
	return false;
}

static void check_networks(
	struct property *p, const struct sim_container *c, const struct container *m)
{
	size_t addresses = 0;
	char ip[16];

	for (size_t i = 0; i < c->endpoints.n; i++) {
		ip_text(c->endpoints.v[i].ip, ip);
		if (ip[0] && !has_network(m, c->endpoints.v[i].net->name, ip))
			fail(p, "%s: the model has no network %s with %s", c->name,
				c->endpoints.v[i].net->name, ip);
		addresses += ip[0] != '\0';
	}
	for (size_t i = 0; i < container_networks(m); i++)
		if (container_network(m, i)->ip.len && addresses-- == 0)
			fail(p, "%s: the model has an address too many, %.*s", c->name,
				STR_ARG(container_network(m, i)->ip));
}

static void check_running(
	struct property *p, const struct sim_container *c, const struct container *m)
{
	bool paused = c->status == SIM_PAUSED;
	const char *health = c->health ? c->health : "";

	if (!m || !m->rec.state.running) {
		fail(p, "%.12s (%s) runs, but not in the model", c->id, c->name);
		return;
	}
	if (!str_eqz(m->rec.name, c->name))
		fail(p, "%s is called %.*s in the model", c->name, STR_ARG(m->rec.name));
	if (m->rec.state.paused != paused)
		fail(p, "%s: paused is %d in the model", c->name, m->rec.state.paused);
	if (!str_eqz(m->rec.state.health.status, health))
		fail(p, "%s: its health is \"%s\", in the model \"%.*s\"", c->name, health,
			STR_ARG(m->rec.state.health.status));
	check_networks(p, c, m);
}

static void check_stopped(
	struct property *p, const struct sim_container *c, const struct container *m)
{
	if (m && m->rec.state.running)
		fail(p, "%s runs in the model only", c->name);
	if (p->wants_stopped && !m)
		fail(p, "%s does not run, and is not in the model", c->name);
	if (p->wants_stopped && m && !str_eqz(m->rec.name, c->name))
		fail(p, "%s does not run, and is called %.*s in the model", c->name,
			STR_ARG(m->rec.name));
}

static void check_containers(struct property *p, const struct snapshot *s)
{
	for (size_t i = 0; i < p->sim.containers.n; i++) {
		const struct sim_container *c = p->sim.containers.v[i];

		if (sim_container_is_up(c))
			check_running(p, c, model_find(s, c));
		else
			check_stopped(p, c, model_find(s, c));
	}
	for (size_t i = 0; i < snapshot_count(s); i++) {
		struct str id = snapshot_at(s, i)->rec.id;

		if (!smap_get(&p->sim.by_id, id) &&
			(p->wants_stopped || snapshot_at(s, i)->rec.state.running))
			fail(p, "%.*s is in the model, but not there", 12, id.p);
	}
}

void property_describe(const struct property *p, struct buf *out)
{
	struct snapshot *s = inventory_snapshot(p->inv);

	for (size_t i = 0; s && i < snapshot_count(s); i++) {
		const struct rec_container *r = &snapshot_at(s, i)->rec;

		if (!r->state.running)
			continue;
		buf_add_fmt(out, "%.*s %.*s paused=%d health=%.*s", 12, r->id.p, STR_ARG(r->name),
			r->state.paused, STR_ARG(r->state.health.status));
		for (size_t k = 0; k < container_networks(snapshot_at(s, i)); k++) {
			const struct rec_network *n = container_network(snapshot_at(s, i), k);

			buf_add_fmt(out, " %.*s=%.*s", STR_ARG(n->name), STR_ARG(n->ip));
		}
		buf_add_char(out, '\n');
	}
	snapshot_unref(s);
}

void property_check_truth(struct property *p)
{
	struct snapshot *s = inventory_snapshot(p->inv);
	struct buf now;

	if (!s) {
		fail(p, "there is no snapshot");
		return;
	}
	check_containers(p, s);
	snapshot_unref(s);
	buf_init(&now, (size_t)1 << 20);
	property_describe(p, &now);
	if (!str_eq(buf_str(&now), buf_str(&p->told)))
		fail(p, "the last change that was told is not the last one");
	buf_release(&now);
}

void property_check_release(struct property *p)
{
	struct map_entry *m;

	map_each (&p->known, m) {
		free(m->value);
	}
	smap_release(&p->known);
}
