/* SPDX-License-Identifier: MIT
 *
 * Matching by PCRE2, see regexp.h. Compiled expressions are kept by their text: a template asks for
 * the same few again and again, and mostly in loops. One thread uses this.
 */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include "template/regexp/regexp.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/utf8.h"
#include "template/format/unicode.h"
#include "template/regexp/mended.h"
#include "template/regexp/re2.h"

#include <pcre2.h>
#include <stdlib.h>
#include <time.h>

/* Bytes of an expression in PCRE2's syntax; a rune takes up to ten. */
#define REGEXP_PCRE_MAX (RE2_EXPR_MAX * 16)
/* regexp: a longer run of digits is a name. */
#define REGEXP_GROUP_MAX   99999999
#define REGEXP_STACK_START ((size_t)32 * 1024)
/* Bytes that may be gone through between two looks at the clock, were it that each start of a match
 * goes through the whole text; and starts that are worth a call. */
#define REGEXP_STRETCH_WORK ((size_t)16 << 20)
#define REGEXP_STRETCH_MIN  ((size_t)16)

struct regexp {
	char *expr; /* the names point into it */
	pcre2_code *code;
	pcre2_match_data *match;
	struct re2_names names;
};

static struct smap cache;
static pcre2_match_context *match_context;
static pcre2_jit_stack *jit_stack;
static struct mended mended = MENDED_INIT;
static uint64_t mended_turn; /* which text that is, counted from 1 */

static void regexp_free(struct regexp *re)
{
	pcre2_match_data_free(re->match);
	pcre2_code_free(re->code);
	re2_names_release(&re->names);
	free(re->expr);
	free(re);
}

static void cache_drop_all(void)
{
	struct map_entry *e;

	map_each (&cache, e)
		regexp_free(e->value);
	smap_release(&cache);
}

void regexp_cache_clear(void)
{
	cache_drop_all();
	pcre2_match_context_free(match_context);
	pcre2_jit_stack_free(jit_stack);
	mended_release(&mended);
	match_context = NULL;
	jit_stack = NULL;
}

static void match_context_init(void)
{
	if (match_context)
		return;
	match_context = pcre2_match_context_create(NULL);
	jit_stack = pcre2_jit_stack_create(REGEXP_STACK_START, REGEXP_STACK_MAX, NULL);
	pcre2_set_match_limit(match_context, REGEXP_STEPS_MAX);
	pcre2_set_heap_limit(match_context, REGEXP_STACK_MAX / 1024);
	pcre2_jit_stack_assign(match_context, NULL, jit_stack);
}

static pcre2_code *compile(struct str pcre)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	PCRE2_SIZE offset;
	pcre2_code *code;
	int error;

	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_parens_nest_limit(context, RE2_HEIGHT_MAX * 2);
	code = pcre2_compile((PCRE2_SPTR)(pcre.p ? pcre.p : ""), pcre.len,
		PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_ALT_CIRCUMFLEX | PCRE2_USE_OFFSET_LIMIT,
		&error, &offset, context);
	pcre2_compile_context_free(context);
	if (code)
		pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

static struct regexp *regexp_new(struct str expr, struct error *err)
{
	struct regexp *re = xcalloc(1, sizeof(*re));
	struct buf pcre;

	re->expr = xmemdup0(expr.p, expr.len);
	buf_init(&pcre, REGEXP_PCRE_MAX);
	if (re2_translate(str_n(re->expr, expr.len), &pcre, &re->names, err)) {
		re->code = compile(buf_str(&pcre));
		/* All that is valid here is valid there, but for the room its program takes. */
		if (!re->code)
			error_set(err, "error parsing regexp: expression too large: `%.*s`",
				STR_ARG(expr));
	}
	buf_release(&pcre);
	if (!re->code) {
		regexp_free(re);
		return NULL;
	}
	re->match = pcre2_match_data_create_from_pattern(re->code, NULL);
	return re;
}

const struct regexp *regexp_get(struct str expr, struct error *err)
{
	struct regexp *re = smap_get(&cache, expr);

	if (re)
		return re;
	re = regexp_new(expr, err);
	if (!re)
		return NULL;
	match_context_init();
	if (cache.n >= REGEXP_CACHE_MAX)
		cache_drop_all();
	smap_put(&cache, expr, re);
	return re;
}

size_t regexp_groups(const struct regexp *re)
{
	return re->names.n;
}

size_t regexp_group(const struct regexp *re, struct str name)
{
	for (size_t i = 0; name.len && i < re->names.n; i++)
		if (str_eq(re->names.v[i], name))
			return i + 1;
	return 0;
}

static int64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * (int64_t)NS_PER_S + now.tv_nsec;
}

/* Where a stretch of starts ends that begins at from: at most there, and where a rune begins. */
static size_t stretch_end(struct str text, size_t from)
{
	size_t n = REGEXP_STRETCH_WORK / (text.len + 1);

	n = n < REGEXP_STRETCH_MIN ? REGEXP_STRETCH_MIN : n;
	if (text.len - from <= n)
		return text.len;
	for (n += from; n < text.len && ((unsigned char)text.p[n] & 0xc0) == 0x80; n++)
		;
	return n;
}

/* As pcre2_match. A long text is searched in stretches, so that the time is noticed: matches that
 * fail after going on for long at each of very many starts keep every limit of PCRE2's own. */
static int search(const struct regexp *re, struct str text, size_t start)
{
	int64_t end = 0;

	for (;;) {
		size_t last = stretch_end(text, start);
		int n;

		pcre2_set_offset_limit(match_context, last < text.len ? last : PCRE2_UNSET);
		n = pcre2_match(
			re->code, (PCRE2_SPTR)text.p, text.len, start, 0, re->match, match_context);
		if (n != PCRE2_ERROR_NOMATCH || last == text.len)
			return n;
		if (end == 0)
			end = cpu_ns() + REGEXP_SEARCH_MS * (int64_t)NS_PER_MS;
		else if (cpu_ns() > end)
			return PCRE2_ERROR_MATCHLIMIT;
		start = last;
	}
}

/* The leftmost match in a subject that is valid UTF-8. */
static bool match_valid(const struct regexp *re, struct str subject, size_t start, size_t *spans,
	bool *ret_matched, struct error *err)
{
	const PCRE2_SIZE *ovector;
	int n = search(re, subject.p ? subject : STR(""), start);

	if (n == PCRE2_ERROR_NOMATCH) {
		*ret_matched = false;
		return true;
	}
	if (n < 0) {
		PCRE2_UCHAR why[128] = "";

		pcre2_get_error_message(n, why, sizeof(why));
		return error_set(err,
			"regexp: `%s` takes too long or too much memory on %zu bytes: %s", re->expr,
			subject.len, (const char *)why);
	}
	ovector = pcre2_get_ovector_pointer(re->match);
	for (size_t i = 0; spans && i < 2 * (re->names.n + 1); i++)
		spans[i] = ovector[i] == PCRE2_UNSET ? REGEXP_NO_SPAN : ovector[i];
	*ret_matched = true;
	return true;
}

struct regexp_text regexp_text(struct str bytes)
{
	return (struct regexp_text){.bytes = bytes, .valid = utf8_valid(bytes)};
}

bool regexp_match(const struct regexp *re, struct regexp_text *subject, size_t start, size_t *spans,
	bool *ret_matched, struct error *err)
{
	if (subject->valid)
		return match_valid(re, subject->bytes, start, spans, ret_matched, err);
	if (subject->mended == 0 || subject->mended != mended_turn) {
		mended_set(&mended, subject->bytes);
		subject->mended = ++mended_turn;
	}
	if (!match_valid(re, buf_str(&mended.text), mended_from_original(&mended, start), spans,
		    ret_matched, err))
		return false;
	for (size_t i = 0; *ret_matched && spans && i < 2 * (re->names.n + 1); i++)
		if (spans[i] != REGEXP_NO_SPAN)
			spans[i] = mended_to_original(&mended, spans[i]);
	return true;
}

/* name = letter | digit | "_" { … }, with Unicode's letters and digits; its length in bytes. */
static size_t name_length(struct str s)
{
	size_t length = 0, width;

	while (length < s.len) {
		uint32_t r = utf8_decode(str_sub(s, length, s.len), &width);

		if (!rune_is_letter(r) && !rune_is_digit(r) && r != '_')
			break;
		length += width;
	}
	return length;
}

/* Reads $name or ${name} at the beginning of s, which starts with a dollar; its length in bytes, 0
 * if it is neither. */
static size_t read_reference(struct str s, struct str *name)
{
	bool braced = s.len > 1 && s.p[1] == '{';
	size_t from = braced ? 2 : 1;
	size_t length = name_length(str_sub(s, from, s.len));

	*name = str_sub(s, from, from + length);
	if (length == 0 || (braced && (from + length >= s.len || s.p[from + length] != '}')))
		return 0;
	return from + length + braced;
}

/* The span of a group by number or name; false if there is none, or it took no part. */
static bool group_span(
	const struct regexp *re, struct str name, const size_t *spans, const size_t **ret)
{
	uint64_t number = 0;
	bool is_number = name.p[0] != '0' || name.len == 1;

	if (!is_number || !str_to_u64(name, REGEXP_GROUP_MAX, &number)) {
		number = regexp_group(re, name);
		if (number == 0)
			return false;
	}
	if (number > re->names.n || spans[2 * number] == REGEXP_NO_SPAN)
		return false;
	*ret = spans + 2 * number;
	return true;
}

void regexp_expand(struct buf *out, const struct regexp *re, struct str text, struct str subject,
	const size_t *spans)
{
	for (ssize_t at; (at = str_chr(text, '$')) >= 0;) {
		const size_t *span;
		struct str name;
		size_t length;

		buf_add_str(out, str_sub(text, 0, (size_t)at));
		text = str_sub(text, (size_t)at, text.len);
		if (text.len > 1 && text.p[1] == '$') {
			buf_add_char(out, '$');
			text = str_sub(text, 2, text.len);
			continue;
		}
		length = read_reference(text, &name);
		if (length == 0)
			buf_add_char(out, '$');
		else if (group_span(re, name, spans, &span))
			buf_add_str(out, str_sub(subject, span[0], span[1]));
		text = str_sub(text, length ? length : 1, text.len);
	}
	buf_add_str(out, text);
}

void regexp_iter_init(
	struct regexp_iter *it, const struct regexp *re, struct str subject, size_t *spans)
{
	*it = (struct regexp_iter){.re = re,
		.subject = regexp_text(subject),
		.spans = spans,
		.last_end = REGEXP_NO_SPAN};
}

bool regexp_iter_next(struct regexp_iter *it, struct error *err)
{
	struct str bytes = it->subject.bytes;

	while (it->at <= bytes.len) {
		bool matched, empty_behind;
		size_t width = 1;

		if (!regexp_match(it->re, &it->subject, it->at, it->spans, &matched, err))
			return false;
		if (!matched)
			break;
		empty_behind = it->spans[1] == it->at && it->spans[0] == it->last_end;
		it->last_end = it->spans[1];
		if (it->spans[1] > it->at) {
			it->at = it->spans[1];
		} else {
			if (it->at < bytes.len)
				utf8_decode(str_sub(bytes, it->at, bytes.len), &width);
			it->at += width;
		}
		if (!empty_behind)
			return true;
	}
	it->at = bytes.len + 1;
	return false;
}
