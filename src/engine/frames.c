/* SPDX-License-Identifier: MIT
 *
 * The splitter of frames, see frames.h: a header is gathered, then its bytes are passed on without
 * being kept, so that no length that an engine claims costs memory.
 */
#include "config.h"

#include "engine/frames.h"

#include <string.h>

/* Streams: 0 is stdin, 1 stdout, 2 stderr, 3 an error of the engine's own. */
#define STREAM_LAST 3

/* Whether the bytes so far may be a header. */
static bool may_be_header(const struct frames *f)
{
	static const unsigned char zeros[3];

	if (f->have > 0 && f->header[0] > STREAM_LAST)
		return false;
	return f->have < 2 || memcmp(f->header + 1, zeros, f->have < 4 ? f->have - 1 : 3) == 0;
}

static void begin_frame(struct frames *f)
{
	const unsigned char *h = f->header;

	f->left = (uint32_t)h[4] << 24 | (uint32_t)h[5] << 16 | (uint32_t)h[6] << 8 | h[7];
	f->have = 0;
}

/* Takes what belongs to the header; the rest of bytes. */
static struct str take_header(struct frames *f, struct str bytes, frames_cb *on_bytes, void *arg)
{
	while (bytes.len && f->have < FRAMES_HEADER) {
		f->header[f->have++] = (unsigned char)*bytes.p;
		bytes = str_sub(bytes, 1, bytes.len);
		if (!may_be_header(f)) {
			f->raw = true;
			on_bytes(arg, str_n((const char *)f->header, f->have));
			f->have = 0;
			return bytes;
		}
	}
	if (f->have == FRAMES_HEADER)
		begin_frame(f);
	return bytes;
}

void frames_feed(struct frames *f, struct str bytes, frames_cb *on_bytes, void *arg)
{
	while (bytes.len) {
		struct str part;

		if (f->raw) {
			on_bytes(arg, bytes);
			return;
		}
		if (f->left == 0) {
			bytes = take_header(f, bytes, on_bytes, arg);
			continue;
		}
		part = str_sub(bytes, 0, f->left);
		on_bytes(arg, part);
		f->left -= (uint32_t)part.len;
		bytes = str_sub(bytes, part.len, bytes.len);
	}
}

bool frames_is_whole(const struct frames *f)
{
	return f->left == 0 && f->have == 0;
}
