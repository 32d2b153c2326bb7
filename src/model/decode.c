/* SPDX-License-Identifier: MIT
 *
 * The decoder of an inspect's answer: a shape decoder and what makes a container of its result.
 */
#include "config.h"

#include "model/decode.h"

#include "base/alloc.h"
#include "model/container.h"
#include "model/inspect.h"

#include <stdlib.h>

struct decoder {
	struct shape_decoder *shape;
	struct intern_pool *pool;
	size_t engine_len;
	char engine[];
};

struct decoder *decoder_new(struct intern_pool *pool, struct str engine)
{
	struct decoder *d = xmalloc(sizeof(*d) + engine.len);

	d->shape = shape_decoder_new(&shape_inspect, NULL, NULL, DECODE_BYTES_MAX);
	d->pool = pool;
	d->engine_len = engine.len;
	if (engine.len)
		memcpy(d->engine, engine.p, engine.len);
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	shape_decoder_free(d->shape);
	free(d);
}

bool decoder_feed(struct decoder *d, const void *bytes, size_t len, struct error *err)
{
	return shape_decoder_feed(d->shape, bytes, len, err);
}

bool decoder_finish(struct decoder *d, struct container **ret, struct error *err)
{
	const void *root;
	const struct inspect *in;

	if (!shape_decoder_finish(d->shape, &root, err))
		return false;
	in = root;
	if (in->id.len == 0)
		return error_set(err, "Id: missing or empty");
	*ret = container_new(in, d->pool, str_n(d->engine, d->engine_len));
	return true;
}
