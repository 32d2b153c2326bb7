/* SPDX-License-Identifier: MIT
 *
 * Fuzzes the HTTP answer parser, and the event parser behind it. The first byte says what answer is
 * expected and how the rest is cut; whatever the cuts, the outcome must be that of one piece. Where
 * an event is broken, the cuts decide how much of it is looked at: then the answer alone counts.
 */
#include "config.h"

#include "fuzz/fuzz.h"
#include "unit/engine/transcript.h"

#define FUZZ_BODY_MAX 4096

static void feed(struct transcript *t, struct str bytes, size_t piece)
{
	for (size_t i = 0; i < bytes.len; i += piece)
		transcript_feed(t, str_sub(bytes, i, i + piece));
	transcript_eof(t);
}

/* Feeds bytes whole and in pieces; whether both said the same. *lost: an event could not be read. */
static bool same_either_way(const uint8_t *data, struct str bytes, bool events, bool *lost)
{
	static const enum http_expect expects[] = {
		HTTP_EXPECT_BODY, HTTP_EXPECT_BODY, HTTP_EXPECT_NO_BODY, HTTP_EXPECT_UPGRADE};
	struct transcript whole, cut;
	bool same;

	transcript_init(&whole, expects[data[0] & 3], FUZZ_BODY_MAX);
	transcript_init(&cut, expects[data[0] & 3], FUZZ_BODY_MAX);
	whole.feed_events = cut.feed_events = events;
	whole.pipelined = cut.pipelined = data[0] & 4;
	feed(&whole, bytes, bytes.len ? bytes.len : 1);
	feed(&cut, bytes, 1 + (data[0] >> 3));
	*lost = events_counts(whole.events)->lost || events_counts(cut.events)->lost;
	same = str_eq(buf_str(&whole.text), buf_str(&cut.text));
	if (!same && !*lost)
		fprintf(stderr, "in one piece:\n%s\nin pieces:\n%s\n", transcript_text(&whole),
			transcript_text(&cut));
	transcript_release(&whole);
	transcript_release(&cut);
	return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes;
	bool lost;

	if (size == 0)
		return 0;
	bytes = str_n((const char *)data + 1, size - 1);
	if (same_either_way(data, bytes, true, &lost))
		return 0;
	if (!lost || !same_either_way(data, bytes, false, &lost))
		abort();
	return 0;
}
