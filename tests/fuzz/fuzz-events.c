/* SPDX-License-Identifier: MIT
 *
 * Fuzzes the event parser. The first byte says how the rest is cut; whatever the cuts, the outcome
 * must be that of one piece, unless something was lost: where an event is broken, the cuts decide
 * how much of it is looked at. An event that is told must have a kind of the table and an id.
 */
#include "config.h"

#include "base/buf.h"
#include "fuzz/fuzz.h"
#include "unit/engine/transcript.h"

static void fuzz_on_event(const struct engine_event *event, void *arg)
{
	FUZZ_CHECK(event->kind < ENGINE_EVENT_KINDS);
	FUZZ_CHECK(event->time_nano >= 0);
	FUZZ_CHECK(event->id.len || event->kind == ENGINE_NETWORK_DESTROY);
	transcript_add_event(arg, event);
}

static void fuzz_on_lost(const char *why, void *arg)
{
	buf_add_fmt(arg, "lost: %s\n", why);
}

/* Whether every event could be read. */
static bool feed(struct buf *text, const char *bytes, size_t len, size_t piece)
{
	static const struct events_handlers handlers = {fuzz_on_event, fuzz_on_lost};
	struct events *es = events_new(&handlers, text);
	const struct events_counts *counts = events_counts(es);
	bool sound;

	buf_init(text, SIZE_MAX / 2);
	for (size_t i = 0; i < len; i += piece)
		events_feed(es, bytes + i, piece < len - i ? piece : len - i);
	buf_add_fmt(text, "%llu %llu %llu", (unsigned long long)counts->seen,
		(unsigned long long)counts->dropped, (unsigned long long)counts->lost);
	sound = counts->lost == 0;
	events_free(es);
	return sound;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, cut;
	const char *bytes = (const char *)data + 1;
	bool sound;

	if (size == 0)
		return 0;
	sound = feed(&whole, bytes, size - 1, size);
	sound = feed(&cut, bytes, size - 1, 1 + data[0] % 32) && sound;
	if (sound && !str_eq(buf_str(&whole), buf_str(&cut))) {
		fprintf(stderr, "in one piece:\n%s\nin pieces:\n%s\n", buf_cstr(&whole),
			buf_cstr(&cut));
		abort();
	}
	buf_release(&whole);
	buf_release(&cut);
	return 0;
}
