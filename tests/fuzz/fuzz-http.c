/* SPDX-License-Identifier: MIT
 *
 * Fuzzes the HTTP answer parser, and the event parser behind it. The first byte says what answer is
 * expected and how the rest is cut; whatever the cuts, the outcome must be that of one piece.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum http_expect expects[] = {
		HTTP_EXPECT_BODY, HTTP_EXPECT_BODY, HTTP_EXPECT_NO_BODY, HTTP_EXPECT_UPGRADE};
	struct transcript whole, cut;
	struct str bytes;

	if (size == 0)
		return 0;
	bytes = str_n((const char *)data + 1, size - 1);
	transcript_init(&whole, expects[data[0] & 3], FUZZ_BODY_MAX);
	transcript_init(&cut, expects[data[0] & 3], FUZZ_BODY_MAX);
	whole.feed_events = cut.feed_events = true;
	whole.pipelined = cut.pipelined = data[0] & 4;
	feed(&whole, bytes, bytes.len ? bytes.len : 1);
	feed(&cut, bytes, 1 + (data[0] >> 3));
	if (!str_eq(buf_str(&whole.text), buf_str(&cut.text))) {
		fprintf(stderr, "in one piece:\n%s\nin pieces:\n%s\n", transcript_text(&whole),
			transcript_text(&cut));
		abort();
	}
	transcript_release(&whole);
	transcript_release(&cut);
	return 0;
}
