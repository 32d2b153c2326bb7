/* SPDX-License-Identifier: MIT
 *
 * Moments as bytes, see time_encode.h.
 */
#include "config.h"

#include "template/format/time_encode.h"

#include "template/format/time.h"
#include "template/funcs.h"

/* The layout of bytes: without and with seconds in the offset. */
#define BINARY_VERSION	       1
#define BINARY_VERSION_SECONDS 2
#define BINARY_MAX	       16
/* Stands for UTC where the offset in minutes goes. */
#define BINARY_UTC (-1)

#define ENCODER(id)                                                                                \
	bool id(struct call *c, struct value recv, const struct value *args UNUSED,                \
		size_t n UNUSED, struct value *ret)

static struct str bytes_of(struct value v)
{
	return v.sl ? str_n(v.sl->data, v.sl->len) : STR("");
}

/* before and text as a []byte. */
static bool return_bytes(struct call *c, struct str before, struct str text, struct value *ret)
{
	size_t n = before.len + text.len;
	char *data;

	*ret = slice_new(c->arena, &type_bytes, n, n);
	data = ret->sl->data;
	if (before.len)
		memcpy(data, before.p, before.len);
	if (text.len)
		memcpy(data + before.len, text.p, text.len);
	return true;
}

/* RFC 3339; an error tells the method. */
static bool rfc3339(struct call *c, struct value recv, const char *method, struct str *ret)
{
	struct error err = ERROR_INIT;

	if (go_time_rfc3339(c->arena, recv.rec, ret, &err))
		return true;
	error_prepend(&err, "Time.%s: ", method);
	return call_fail_error(c, &err);
}

ENCODER(time_AppendText)
{
	struct str text;

	return rfc3339(c, recv, "AppendText", &text) &&
	       return_bytes(c, bytes_of(args[0]), text, ret);
}

ENCODER(time_MarshalText)
{
	struct str text;

	return rfc3339(c, recv, "MarshalText", &text) && return_bytes(c, STR(""), text, ret);
}

ENCODER(time_MarshalJSON)
{
	struct str text;

	return rfc3339(c, recv, "MarshalJSON", &text) &&
	       return_bytes(c, STR(""), arena_fmt(c->arena, "\"%.*s\"", STR_ARG(text)), ret);
}

static char *put_big_endian(char *at, uint64_t u, unsigned bytes)
{
	while (bytes-- > 0)
		*at++ = (char)(unsigned char)(u >> 8 * bytes);
	return at;
}

/* Writes the binary form, returns its length; 0 if the offset does not fit. */
static size_t write_binary(const struct go_time *t, char out[BINARY_MAX])
{
	bool utc = !t->loc && !t->fixed;
	int minutes = utc ? BINARY_UTC : t->offset / 60, seconds = utc ? 0 : t->offset % 60;
	char *at = out;

	if (!utc && (minutes < INT16_MIN || minutes > INT16_MAX || minutes == BINARY_UTC))
		return 0;
	*at++ = seconds ? BINARY_VERSION_SECONDS : BINARY_VERSION;
	at = put_big_endian(at, (uint64_t)t->sec - (uint64_t)GO_TIME_ZERO.sec, 8);
	at = put_big_endian(at, (uint64_t)t->nsec, 4);
	at = put_big_endian(at, (uint64_t)(int64_t)minutes, 2);
	if (seconds)
		*at++ = (char)seconds;
	return (size_t)(at - out);
}

static bool return_binary(struct call *c, struct value recv, struct str before, struct value *ret)
{
	char binary[BINARY_MAX];
	size_t n = write_binary(recv.rec, binary);

	if (n == 0)
		return call_fail(c, "Time.MarshalBinary: unexpected zone offset");
	return return_bytes(c, before, str_n(binary, n), ret);
}

ENCODER(time_AppendBinary)
{
	return return_binary(c, recv, bytes_of(args[0]), ret);
}

ENCODER(time_MarshalBinary)
{
	return return_binary(c, recv, STR(""), ret);
}

ENCODER(time_AppendFormat)
{
	struct buf *b = call_buf(c);
	struct str text;

	time_add(b, recv.rec, value_as_str(args[1]));
	return call_take_buf(c, b, &text) && return_bytes(c, bytes_of(args[0]), text, ret);
}
