/* SPDX-License-Identifier: MIT
 *
 * The engine's multiplexed streams: what a command or a container wrote, as frames of an 8-byte
 * header (stream, three zero bytes, length as 32 bits big-endian; Docker Engine API, "Attach to a
 * container") and that many bytes. Calling sequence:
 *
 *	struct frames f = FRAMES_INIT;
 *	frames_feed(&f, bytes, me_on_output, me);      pieces of any size
 *	if (!frames_is_whole(&f)) …                     the stream was cut inside a frame
 *
 * A container with a terminal gets no frames, and no header says so: a stream that does not begin
 * with a frame, or stops having them, is passed on as it is. Pure; nothing to release.
 */
#ifndef UD_ENGINE_FRAMES_H
#define UD_ENGINE_FRAMES_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define FRAMES_HEADER 8

struct frames {
	unsigned char header[FRAMES_HEADER];
	unsigned have; /* bytes of header */
	uint32_t left; /* of the frame's bytes */
	bool raw;      /* no frames at all */
};

#define FRAMES_INIT                                                                                \
	{                                                                                          \
		.have = 0                                                                          \
	}

/* Borrowed bytes of either stream, in the order in which they came. */
typedef void frames_cb(void *arg, struct str bytes);

void frames_feed(struct frames *f, struct str bytes, frames_cb *on_bytes, void *arg);
bool frames_is_whole(const struct frames *f);

#endif
