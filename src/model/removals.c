/* SPDX-License-Identifier: MIT
 *
 * Containers that stop or go, see inventory_impl.h. What the engine says of it acts at once, since
 * requests that are sent to a dead container are lost. The engine may be wrong, or the word of it
 * be late or twice: so an inspect asks later, when nothing else is to be asked.
 */
#include "config.h"

#include "model/inventory_impl.h"

#include "model/container.h"

#include <event2/event.h>

/* Whatever was to be asked about it need not be asked any more. */
static void inspect_needless(struct entry *e)
{
	entry_unqueue(e);
	if (e->timer)
		event_del(e->timer);
	e->owed = e->dirty = false;
	if (!e->call && !e->fresh) {
		entry_set_first(e, false);
		e->cause = (struct cause){.event = NULL};
	}
}

void entry_stopped(struct entry *e, const struct cause *cause, struct str status)
{
	e->stopped_seq = ++e->inv->seq;
	if (!e->inv->options.wants_stopped) {
		inspect_needless(e);
		entry_timer(e, INVENTORY_CONFIRM_NS, true);
	}
	if (entry_runs(e))
		entry_replace(e, container_with_state(e->c, false, status, false), cause, true);
	if (e->inv->options.wants_stopped)
		entry_inspect(e, cause);
}

/* Tells that nothing is known of it any more. */
static void entry_forget(struct entry *e, const struct cause *cause)
{
	struct container *c = e->c;
	struct cause why = *cause;

	e->c = NULL;
	if (inventory_shows(e->inv, c))
		inventory_changed(e->inv, e, c, &why, true);
	else if (c)
		inventory_stale(e->inv);
	container_unref(c);
}

void entry_removed(struct entry *e, const struct cause *cause)
{
	struct inventory *inv = e->inv;

	e->stopped_seq = ++inv->seq;
	entry_cancel(e);
	container_unref(e->fresh);
	e->fresh = NULL;
	inspect_needless(e);
	entry_timer(e, INVENTORY_CONFIRM_NS, true);
	entry_forget(e, cause);
	entries_run(inv);
	inventory_check_ready(inv);
}

void entry_gone(struct entry *e, const struct cause *cause)
{
	struct inventory *inv = e->inv;

	smap_remove(&inv->entries, str_n(e->id, e->id_len));
	entry_forget(e, cause);
	entry_free(e);
	entries_run(inv);
	inventory_check_ready(inv);
}
