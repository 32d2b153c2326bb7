/* SPDX-License-Identifier: MIT
 *
 * Slices of bytes, see str.h.
 */
#include "config.h"

#include "base/str.h"

#include <strings.h>
#include <sys/random.h>
#include <time.h>

/* Longest input of str_distance; words of a vocabulary are shorter. */
#define STR_DISTANCE_MAX 64

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int d = n ? memcmp(a.p, b.p, n) : 0;

	return d ? d : (a.len > b.len) - (a.len < b.len);
}

bool str_eq_nocase(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || strncasecmp(a.p, b.p, a.len) == 0);
}

ssize_t str_chr(struct str s, char c)
{
	const char *at = s.len ? memchr(s.p, c, s.len) : NULL;

	return at ? at - s.p : -1;
}

ssize_t str_rchr(struct str s, char c)
{
	const char *at = s.len ? memrchr(s.p, c, s.len) : NULL;

	return at ? at - s.p : -1;
}

ssize_t str_find(struct str s, struct str sub)
{
	const char *at;

	if (sub.len == 0)
		return 0;
	at = s.len ? memmem(s.p, s.len, sub.p, sub.len) : NULL;
	return at ? at - s.p : -1;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.len && is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len && is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

bool str_cut(struct str s, char sep, struct str *head, struct str *tail)
{
	ssize_t at = str_chr(s, sep);

	if (at < 0) {
		*head = s;
		*tail = str_sub(s, s.len, s.len);
		return false;
	}
	*head = str_sub(s, 0, (size_t)at);
	*tail = str_sub(s, (size_t)at + 1, s.len);
	return true;
}

bool str_to_u64(struct str s, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10u, &v) ||
			__builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	if (v > max)
		return false;
	*ret = v;
	return true;
}

static uint64_t hash_seed(void)
{
	static uint64_t seed;

	if (seed == 0) {
		if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
			seed = (uint64_t)time(NULL) * 0x9e3779b97f4a7c15u;
		seed |= 1;
	}
	return seed;
}

/* The folded 128-bit product that wyhash-like functions mix with. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static inline uint64_t read_bytes(const char *p, size_t n)
{
	uint64_t w = 0;

	memcpy(&w, p, n);
	return w;
}

/* Up to 7 bytes as one number; reads overlap so that none depends on the length. */
static uint64_t read_short(struct str s)
{
	if (s.len >= 4)
		return read_bytes(s.p, 4) << 32 | read_bytes(s.p + s.len - 4, 4);
	if (s.len == 0)
		return 0;
	return read_bytes(s.p, 1) << 16 | read_bytes(s.p + s.len / 2, 1) << 8 |
	       read_bytes(s.p + s.len - 1, 1);
}

uint64_t str_hash(struct str s)
{
	const uint64_t k0 = 0xa0761d6478bd642fu, k1 = 0xe7037ed1a0b428dbu;
	uint64_t h = hash_seed() ^ s.len;

	if (s.len < 8)
		return mix(h ^ read_short(s), k0 ^ (uint64_t)s.len);
	for (size_t i = 0; i + 8 < s.len; i += 8)
		h = mix(h ^ read_bytes(s.p + i, 8) ^ k0, k1);
	return mix(h ^ read_bytes(s.p + s.len - 8, 8), k0 ^ (uint64_t)s.len);
}

unsigned str_distance(struct str a, struct str b)
{
	unsigned row[STR_DISTANCE_MAX + 1];

	if (a.len > STR_DISTANCE_MAX || b.len > STR_DISTANCE_MAX)
		return STR_DISTANCE_MAX;
	for (unsigned j = 0; j <= b.len; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			unsigned up = row[j];
			unsigned best = diagonal + (a.p[i - 1] != b.p[j - 1]);

			if (up + 1 < best)
				best = up + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = up;
			row[j] = best;
		}
	}
	return row[b.len];
}
