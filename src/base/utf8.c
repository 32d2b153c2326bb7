/* SPDX-License-Identifier: MIT
 *
 * UTF-8, see utf8.h. The accepted byte ranges are those of table 3-7 of the Unicode standard.
 */
#include "config.h"

#include "base/utf8.h"

uint32_t utf8_decode(struct str s, size_t *width)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned char lo = 0x80, hi = 0xbf;
	size_t more;
	uint32_t rune;

	*width = 1;
	if (p[0] < 0x80)
		return p[0];
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		more = 1;
		rune = p[0] & 0x1f;
	} else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		more = 2;
		rune = p[0] & 0x0f;
		if (p[0] == 0xe0)
			lo = 0xa0;
		else if (p[0] == 0xed)
			hi = 0x9f;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		more = 3;
		rune = p[0] & 0x07;
		if (p[0] == 0xf0)
			lo = 0x90;
		else if (p[0] == 0xf4)
			hi = 0x8f;
	} else {
		return RUNE_ERROR;
	}
	if (s.len <= more)
		return RUNE_ERROR;
	for (size_t i = 1; i <= more; i++) {
		if (p[i] < lo || p[i] > hi)
			return RUNE_ERROR;
		rune = rune << 6 | (p[i] & 0x3f);
		lo = 0x80;
		hi = 0xbf;
	}
	*width = more + 1;
	return rune;
}

uint32_t utf8_decode_last(struct str s, size_t *width)
{
	size_t back = s.len < UTF8_MAX ? s.len : UTF8_MAX;

	for (size_t n = 2; n <= back; n++) {
		uint32_t rune;

		if (((unsigned char)s.p[s.len - n] & 0xc0) == 0x80)
			continue;
		rune = utf8_decode(str_sub(s, s.len - n, s.len), width);
		if (*width == n)
			return rune;
		break;
	}
	*width = 1;
	return (unsigned char)s.p[s.len - 1] < 0x80 ? (unsigned char)s.p[s.len - 1] : RUNE_ERROR;
}

bool utf8_valid_rune(uint32_t rune)
{
	return rune <= RUNE_MAX && (rune < 0xd800 || rune > 0xdfff);
}

size_t utf8_encode(uint32_t rune, char out[UTF8_MAX])
{
	if (!utf8_valid_rune(rune))
		rune = RUNE_ERROR;
	if (rune < 0x80) {
		out[0] = (char)rune;
		return 1;
	}
	if (rune < 0x800) {
		out[0] = (char)(0xc0 | rune >> 6);
		out[1] = (char)(0x80 | (rune & 0x3f));
		return 2;
	}
	if (rune < 0x10000) {
		out[0] = (char)(0xe0 | rune >> 12);
		out[1] = (char)(0x80 | (rune >> 6 & 0x3f));
		out[2] = (char)(0x80 | (rune & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | rune >> 18);
	out[1] = (char)(0x80 | (rune >> 12 & 0x3f));
	out[2] = (char)(0x80 | (rune >> 6 & 0x3f));
	out[3] = (char)(0x80 | (rune & 0x3f));
	return 4;
}

bool utf8_valid(struct str s)
{
	while (s.len) {
		size_t width;

		if (utf8_decode(s, &width) == RUNE_ERROR && width == 1)
			return false;
		s = str_n(s.p + width, s.len - width);
	}
	return true;
}

size_t utf8_count(struct str s)
{
	size_t n = 0;

	while (s.len) {
		size_t width;

		utf8_decode(s, &width);
		s = str_n(s.p + width, s.len - width);
		n++;
	}
	return n;
}
