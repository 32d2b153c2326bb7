/* SPDX-License-Identifier: MIT
 *
 * The early no to an event, see event_peek.h. Walks over the top-level members as long as they are
 * strings and stops at the first thing that it does not know: a nested value, an escape in a key.
 */
#include "config.h"

#include "engine/event_peek.h"

#include "engine/event_table.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

const char *event_string_stop(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
	const __m128i newline = _mm_set1_epi8('\n');

	for (; end - p >= 16; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i hits = _mm_or_si128(_mm_cmpeq_epi8(v, quote),
			_mm_or_si128(_mm_cmpeq_epi8(v, backslash), _mm_cmpeq_epi8(v, newline)));
		unsigned mask = (unsigned)_mm_movemask_epi8(hits);

		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	while (p < end && *p != '"' && *p != '\\' && *p != '\n')
		p++;
	return p;
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	return p;
}

/* The raw bytes of the string whose opening quote is at p; *escaped if there is a backslash in it.
 * Returns what is behind its closing quote, NULL if there is no string or no end. */
static const char *take_string(const char *p, const char *end, struct str *ret, bool *escaped)
{
	const char *begin = p + 1, *stop;

	*escaped = false;
	if (p >= end || *p != '"')
		return NULL;
	for (stop = begin; (stop = event_string_stop(stop, end)) < end; stop += 2) {
		if (*stop == '\n')
			return NULL;
		if (*stop == '"') {
			*ret = str_n(begin, (size_t)(stop - begin));
			return stop + 1;
		}
		*escaped = true;
		if (end - stop < 2)
			return NULL;
	}
	return NULL;
}

/* The word of an Action, before any colon; false if escapes keep it from being compared. */
static bool take_verb(struct str *action, bool escaped)
{
	struct str rest;

	str_cut(*action, ':', action, &rest);
	return !escaped || str_chr(*action, '\\') < 0;
}

/* `"key": "value"` at p; NULL if that is not what is there. */
static const char *take_member(const char *p, const char *end, struct str *key, struct str *value,
	bool *escaped)
{
	bool key_escaped;

	p = take_string(skip_blanks(p, end), end, key, &key_escaped);
	if (!p || key_escaped)
		return NULL;
	p = skip_blanks(p, end);
	if (p == end || *p != ':')
		return NULL;
	return take_string(skip_blanks(p + 1, end), end, value, escaped);
}

enum answer { UNKNOWN, NO, PERHAPS };

struct words {
	struct str type, action; /* p is NULL until it was read */
};

/* What is known with one more member. */
static enum answer judge(struct words *w, struct str key, struct str value, bool escaped)
{
	if (str_eq(key, STR("Type"))) {
		w->type = value;
		if (escaped)
			return PERHAPS;
		if (!event_table_has_type(value))
			return NO;
	} else if (str_eq(key, STR("Action"))) {
		if (!take_verb(&value, escaped))
			return PERHAPS;
		w->action = value;
		if (!event_table_has_action(value))
			return NO;
	}
	if (!w->type.p || !w->action.p)
		return UNKNOWN;
	return event_table_find(w->type, w->action) ? PERHAPS : NO;
}

bool event_peek_drops(struct str frame)
{
	const char *p = frame.p + 1, *end = frame.p + frame.len;
	struct words words = {.type = {NULL, 0}};
	struct str key, value;
	bool escaped;

	for (; p < end; p++) {
		enum answer answer;

		p = take_member(p, end, &key, &value, &escaped);
		if (!p)
			return false;
		answer = judge(&words, key, value, escaped);
		if (answer != UNKNOWN)
			return answer == NO;
		p = skip_blanks(p, end);
		if (p == end || *p != ',')
			return false;
	}
	return false;
}
