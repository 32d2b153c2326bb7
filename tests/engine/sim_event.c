/* SPDX-License-Identifier: MIT
 *
 * The JSON of events. Member order, members and attributes are those of events-lifecycle,
 * events-network, events-health, events-exec and events-past-v1.44 of each engine.
 */
#include "config.h"

#include "engine/sim_event.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim_flavour.h"
#include "engine/sim_json.h"
#include "engine/sim_model.h"
#include "engine/sim_publish.h"
#include "engine/sim_write.h"

#include <stdlib.h>
#include <string.h>

#define EVENT_MAX ((size_t)64 << 20)

static struct sim_event *make_event(const char *type, const char *action, const char *id)
{
	struct sim_event *ev = xcalloc(1, sizeof(*ev));

	ev->refs = 1;
	ev->type = type;
	ev->action = xstrdup(action);
	ev->id = xstrdup(id);
	buf_init(&ev->text[0], EVENT_MAX);
	buf_init(&ev->text[1], EVENT_MAX);
	return ev;
}

static void podman_attributes(struct sim *s, struct sim_event *ev)
{
	sim_event_attribute(ev, "podId", "");
	if (s->fl->always_exit_code)
		sim_event_attribute(ev, "containerExitCode", "0");
}

struct sim_event *sim_event_container(
	struct sim *s, const struct sim_container *c, const char *action)
{
	struct sim_event *ev = make_event("container", action, c->id);

	for (size_t i = 0; i < c->labels.n; i++)
		sim_pairs_set(&ev->attributes, c->labels.v[i].key, c->labels.v[i].value);
	sim_pairs_set(&ev->attributes, "image", c->image);
	sim_pairs_set(&ev->attributes, "name", c->name);
	ev->image = xstrdup(c->image);
	if (s->fl->podman)
		podman_attributes(s, ev);
	return ev;
}

/* podman: the actor is the container, and the network at most an attribute (events-network). */
static struct sim_event *podman_network(struct sim *s, const struct sim_network *net,
	const struct sim_container *c, const char *action)
{
	struct sim_event *ev = make_event("network", action, c ? c->id : net->id);

	sim_pairs_set(&ev->attributes, "image", "");
	sim_pairs_set(&ev->attributes, "name", c ? c->name : "");
	if (!c)
		sim_pairs_set(&ev->attributes, "driver", net->driver);
	if (s->fl->network_attribute)
		sim_pairs_set(&ev->attributes, "network", net->name);
	podman_attributes(s, ev);
	return ev;
}

struct sim_event *sim_event_network(struct sim *s, const struct sim_network *net,
	const struct sim_container *c, const char *action)
{
	struct sim_event *ev;

	if (s->fl->podman)
		return podman_network(s, net, c, action);
	ev = make_event("network", action, net->id);
	sim_pairs_set(&ev->attributes, "name", net->name);
	sim_pairs_set(&ev->attributes, "type", net->driver);
	if (c)
		sim_pairs_set(&ev->attributes, "container", c->id);
	return ev;
}

struct sim_event *sim_event_raw(const char *text)
{
	struct sim_event *ev = make_event("raw", "raw", "");

	ev->raw = xstrdup(text);
	return ev;
}

void sim_event_attribute(struct sim_event *ev, const char *key, const char *value)
{
	if (!sim_pairs_get(&ev->attributes, key))
		sim_pairs_set(&ev->attributes, key, value);
}

struct sim_event *sim_event_ref(struct sim_event *ev)
{
	ev->refs++;
	return ev;
}

void sim_event_unref(struct sim_event *ev)
{
	if (--ev->refs)
		return;
	sim_pairs_release(&ev->attributes);
	buf_release(&ev->text[0]);
	buf_release(&ev->text[1]);
	free(ev->action);
	free(ev->id);
	free(ev->image);
	free(ev->health);
	free(ev->raw);
	free(ev);
}

static void member(struct buf *out, const char *key, const char *value)
{
	buf_add_fmt(out, ",\"%s\":", key);
	json_cstring(out, value, true);
}

static void write_times(struct buf *out, const struct sim_event *ev)
{
	buf_add_fmt(out, ",\"time\":%lld,\"timeNano\":%lld", (long long)(ev->nano / NS_PER_S),
		(long long)ev->nano);
}

/* All engines but 29 towards old clients; the old members are there where the engine sets them. */
static void write_usual(struct buf *out, const struct sim_event *ev, bool old_members)
{
	buf_add_char(out, '{');
	if (old_members) {
		member(out, "status", ev->action);
		member(out, "id", ev->id);
		if (ev->image)
			member(out, "from", ev->image);
	}
	member(out, "Type", ev->type);
	member(out, "Action", ev->action);
	buf_add_cstr(out, ",\"Actor\":{\"ID\":");
	json_cstring(out, ev->id, true);
	buf_add_cstr(out, ",\"Attributes\":");
	write_pairs(out, &ev->attributes, true);
	buf_add_cstr(out, "},\"scope\":\"local\"");
	write_times(out, ev);
	if (ev->health)
		member(out, "HealthStatus", ev->health);
	buf_add_cstr(out, "}\n");
	/* the first member has no comma */
	memmove(out->data + 1, out->data + 2, out->len - 2);
	out->len--;
}

/* 29 towards clients below 1.52 puts the old members back by way of a map, which sorts
 * (events-past-v1.44). */
static void write_sorted(struct buf *out, const struct sim_event *ev)
{
	buf_add_cstr(out, "{\"Action\":");
	json_cstring(out, ev->action, true);
	buf_add_cstr(out, ",\"Actor\":{\"Attributes\":");
	write_pairs(out, &ev->attributes, true);
	member(out, "ID", ev->id);
	buf_add_char(out, '}');
	member(out, "Type", ev->type);
	member(out, "from", ev->image ? ev->image : "");
	member(out, "id", ev->id);
	buf_add_cstr(out, ",\"scope\":\"local\"");
	member(out, "status", ev->action);
	write_times(out, ev);
	buf_add_cstr(out, "}\n");
}

struct str sim_event_text(struct sim *s, struct sim_event *ev, bool modern)
{
	struct buf *out = &ev->text[modern];
	bool old_members = !modern && (ev->image || s->fl->podman);

	if (out->len)
		return buf_str(out);
	if (ev->raw)
		buf_add_fmt(out, "%s\n", ev->raw);
	else if (old_members && s->fl->modern_api)
		write_sorted(out, ev);
	else
		write_usual(out, ev, old_members);
	return buf_str(out);
}

void sim_event_stamp(struct sim *s, struct sim_event *ev)
{
	int64_t now = clock_real_ns();

	ev->nano = now > s->last_nano ? now : s->last_nano + 1;
	s->last_nano = ev->nano;
	s->count.events_emitted++;
	if (s->fl->history_max && s->history.n >= s->fl->history_max) {
		sim_event_unref(s->history.v[0]);
		vec_remove(&s->history, 0);
	}
	vec_push(&s->history, sim_event_ref(ev));
}

void sim_emit(struct sim *s, struct sim_event *ev)
{
	sim_event_stamp(s, ev);
	sim_publish(s, ev);
}

void sim_history_clear(struct sim *s)
{
	for (size_t i = 0; i < s->history.n; i++)
		sim_event_unref(s->history.v[i]);
	vec_release(&s->history);
}
