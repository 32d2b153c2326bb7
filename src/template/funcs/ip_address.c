/* SPDX-License-Identifier: MIT
 *
 * Reading IP addresses, see ip_address.h.
 */
#include "config.h"

#include "template/funcs/ip_address.h"

#include "template/format/quote.h"

#define V4_BYTES 4
#define V6_BYTES 16

/* What is being read, all of it, for errors. */
struct reader {
	struct str all;
	struct error *err;
};

/* Fails; at is where, or empty. */
static bool fail(const struct reader *rd, const char *what, struct str at)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, "ParseAddr(");
	quote_add(&b, rd->all, QUOTE_PRINT);
	buf_add_fmt(&b, "): %s", what);
	if (at.len) {
		buf_add_cstr(&b, " (at ");
		quote_add(&b, at, QUOTE_PRINT);
		buf_add_char(&b, ')');
	}
	error_set_str(rd->err, buf_str(&b));
	buf_release(&b);
	return false;
}

/* Four numbers with points between them. */
static bool read_v4(const struct reader *rd, struct str s, unsigned char out[V4_BYTES])
{
	unsigned value = 0, digits = 0, n = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9') {
			if (digits == 1 && value == 0)
				return fail(rd, "IPv4 field has octet with leading zero", STR(""));
			value = value * 10 + (unsigned)(c - '0');
			digits++;
			if (value > 255)
				return fail(rd, "IPv4 field has value >255", STR(""));
			continue;
		}
		if (c != '.')
			return fail(rd, "unexpected character", str_sub(s, i, s.len));
		if (digits == 0 || i == s.len - 1)
			return fail(rd, "IPv4 field must have at least one digit",
				str_sub(s, i, s.len));
		if (n == V4_BYTES - 1)
			return fail(rd, "IPv4 address too long", STR(""));
		out[n++] = (unsigned char)value;
		value = digits = 0;
	}
	if (n < V4_BYTES - 1)
		return fail(rd, "IPv4 address too short", STR(""));
	out[n] = (unsigned char)value;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Up to four hexadecimal digits at the start of s; how many to *ret_len. */
static bool read_group(const struct reader *rd, struct str s, unsigned *ret, size_t *ret_len)
{
	unsigned value = 0;
	size_t n = 0;

	for (; n < s.len && hex_digit(s.p[n]) >= 0; n++) {
		if (n > 3)
			return fail(rd, "each group must have 4 or less digits", s);
		value = value << 4 | (unsigned)hex_digit(s.p[n]);
	}
	if (n == 0)
		return fail(rd, "each colon-separated field must have at least one digit", s);
	*ret = value;
	*ret_len = n;
	return true;
}

/* The addresses' state: bytes filled so far, and where :: stands (-1: nowhere). */
struct v6 {
	unsigned char *bytes;
	size_t n;
	ssize_t gap;
};

/* An IPv4 address as the last four bytes. */
static bool read_embedded_v4(const struct reader *rd, struct str s, struct v6 *v6)
{
	if (v6->gap < 0 && v6->n != V6_BYTES - V4_BYTES)
		return fail(rd,
			"embedded IPv4 address must replace the final 2 fields of the address", s);
	if (v6->n + V4_BYTES > V6_BYTES)
		return fail(rd,
			"too many hex fields to fit an embedded IPv4 at the end of the address", s);
	if (!read_v4(rd, s, v6->bytes + v6->n))
		return false;
	v6->n += V4_BYTES;
	return true;
}

/* The colon behind a group and a second one, if there is; *s is what follows. */
static bool read_colons(const struct reader *rd, struct str *s, struct v6 *v6)
{
	if (s->p[0] != ':')
		return fail(rd, "unexpected character, want colon", *s);
	if (s->len == 1)
		return fail(rd, "colon must be followed by more characters", *s);
	*s = str_sub(*s, 1, s->len);
	if (s->p[0] != ':')
		return true;
	if (v6->gap >= 0)
		return fail(rd, "multiple :: in address", *s);
	v6->gap = (ssize_t)v6->n;
	*s = str_sub(*s, 1, s->len);
	return true;
}

static bool read_groups(const struct reader *rd, struct str s, struct v6 *v6)
{
	while (v6->n < V6_BYTES) {
		unsigned value = 0;
		size_t len = 0;

		if (!read_group(rd, s, &value, &len))
			return false;
		if (len < s.len && s.p[len] == '.')
			return read_embedded_v4(rd, s, v6);
		v6->bytes[v6->n++] = (unsigned char)(value >> 8);
		v6->bytes[v6->n++] = (unsigned char)value;
		s = str_sub(s, len, s.len);
		if (s.len == 0)
			return true;
		if (!read_colons(rd, &s, v6))
			return false;
		if (s.len == 0)
			return true;
	}
	return fail(rd, "trailing garbage after address", s);
}

/* Moves what stands behind :: to the end. */
static bool close_gap(const struct reader *rd, struct v6 *v6)
{
	size_t missing = V6_BYTES - v6->n, gap = (size_t)v6->gap;

	if (v6->gap < 0)
		return missing == 0 || fail(rd, "address string too short", STR(""));
	if (missing == 0)
		return fail(rd, "the :: must expand to at least one field of zeros", STR(""));
	memmove(v6->bytes + gap + missing, v6->bytes + gap, v6->n - gap);
	memset(v6->bytes + gap, 0, missing);
	return true;
}

static bool read_v6(const struct reader *rd, struct ip_address *ip)
{
	struct v6 v6 = {ip->bytes, 0, -1};
	struct str s = rd->all;

	if (str_cut(s, '%', &s, &ip->zone) && ip->zone.len == 0)
		return fail(rd, "zone must be a non-empty string", STR(""));
	if (str_has_prefix(s, STR("::"))) {
		v6.gap = 0;
		s = str_sub(s, 2, s.len);
		if (s.len == 0)
			return true;
	}
	return read_groups(rd, s, &v6) && close_gap(rd, &v6);
}

bool ip_address_parse(struct str s, struct ip_address *ret, struct error *err)
{
	const struct reader rd = {s, err};
	struct ip_address ip = {.zone = STR("")};

	for (size_t i = 0; i < s.len; i++) {
		bool ok;

		if (s.p[i] == '%')
			return fail(&rd, "missing IPv6 address", STR(""));
		if (s.p[i] != '.' && s.p[i] != ':')
			continue;
		ip.is_v4 = s.p[i] == '.';
		ok = ip.is_v4 ? read_v4(&rd, s, ip.bytes) : read_v6(&rd, &ip);
		if (ok)
			*ret = ip;
		return ok;
	}
	return fail(&rd, "unable to parse IP", STR(""));
}
