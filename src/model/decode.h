/* SPDX-License-Identifier: MIT
 *
 * GET /containers/ID/json, as its bytes come, to a container. Calling sequence:
 *
 *	struct decoder *d = decoder_new(pool, STR("local"));
 *	if (!decoder_feed(d, bytes, len, &err) ... || !decoder_finish(d, &container, &err))
 *		...
 *	decoder_free(d);
 */
#ifndef UD_MODEL_DECODE_H
#define UD_MODEL_DECODE_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of one answer. */
#define DECODE_BYTES_MAX ((size_t)16 * 1024 * 1024)

struct container;
struct decoder;
struct intern_pool;

/* pool is borrowed, engine copied (what .Engine.Name says). */
struct decoder *decoder_new(struct intern_pool *pool, struct str engine)
	__attribute__((returns_nonnull));
void decoder_free(struct decoder *d);
/* Malformed JSON, or too much of it, is an error, after which only decoder_free may follow. */
bool decoder_feed(struct decoder *d, const void *bytes, size_t len, struct error *err) MUSTCHECK;
/* The container, not sealed yet, with one reference. A field of the wrong type is an error that
 * names it. */
bool decoder_finish(struct decoder *d, struct container **ret, struct error *err) MUSTCHECK;

#endif
