/* SPDX-License-Identifier: MIT
 *
 * The methods of time.Time that encode a moment as bytes: rows of the table in time_methods.c.
 * Those whose names begin with Append take a []byte (AppendFormat a layout too) and give it with
 * the encoding behind.
 */
#ifndef UD_TEMPLATE_FORMAT_TIME_ENCODE_H
#define UD_TEMPLATE_FORMAT_TIME_ENCODE_H

#include "value/value.h"

#include <stddef.h>

struct call;

#define TIME_ENCODER(id)                                                                           \
	bool id(struct call *c, struct value recv, const struct value *args, size_t n,             \
		struct value *ret)

/* The parts of Go's package encoding: RFC 3339, the same within quotes, 15 or 16 bytes. */
TIME_ENCODER(time_AppendText);
TIME_ENCODER(time_MarshalText);
TIME_ENCODER(time_MarshalJSON);
TIME_ENCODER(time_AppendBinary);
TIME_ENCODER(time_MarshalBinary);
/* In a layout. */
TIME_ENCODER(time_AppendFormat);

#endif
