/* SPDX-License-Identifier: MIT
 *
 * Walks along a JSON text and hands on its bytes, see redact.h. Only strings are looked at; one that
 * is masked is written anew, any other is copied as it is.
 */
#include "config.h"

#include "commands/redact.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "commands/json_text.h"
#include "commands/secret.h"

struct walk {
	struct buf *out;
	VEC(char) open;         /* '{' or '[' of all that is open */
	bool at_key;            /* the next string is the name of a member */
	bool masks_next;        /* the string before was an option whose value is secret */
	struct buf key;         /* of the member whose value comes */
	struct buf text, masked; /* scratch: a string without escapes, before and after */
};

/* --- strings ----------------------------------------------------------------------------------- */

static uint32_t hex4(const char *p)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];
		uint32_t digit = c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 32) - 'a') + 10;

		v = v << 4 | (digit & 15);
	}
	return v;
}

/* Appends the character of "\uXXXX" at the beginning of s, of two if they are a pair; the length. */
static size_t add_unicode(struct str s, struct buf *out)
{
	uint32_t rune = hex4(s.p + 2);
	char utf8[UTF8_MAX];
	size_t len = 6;

	if (rune >= 0xd800 && rune < 0xdc00 && s.len >= 12 && s.p[6] == '\\' && s.p[7] == 'u') {
		uint32_t low = hex4(s.p + 8);

		if (low >= 0xdc00 && low < 0xe000) {
			rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
			len = 12;
		}
	}
	buf_add(out, utf8, utf8_encode(rune, utf8));
	return len;
}

/* Appends what a string with escapes means. */
static void add_unescaped(struct str s, struct buf *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";

	while (s.len) {
		size_t len = 1;
		const char *at;

		if (s.p[0] != '\\' || s.len < 2) {
			buf_add_char(out, s.p[0]);
		} else if (s.p[1] == 'u' && s.len >= 6) {
			len = add_unicode(s, out);
		} else {
			at = strchr(from, s.p[1]);
			buf_add_char(out, at ? to[at - from] : s.p[1]);
			len = 2;
		}
		s = str_sub(s, len, s.len);
	}
}

static void add_escaped(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c == '"' || c == '\\')
			buf_add_fmt(out, "\\%c", c);
		else if ((unsigned char)c < 0x20)
			buf_add_fmt(out, "\\u%04x", (unsigned)c);
		else
			buf_add_char(out, c);
	}
}

/* --- the walk ------------------------------------------------------------------------------------ */

static char innermost(const struct walk *w)
{
	return w->open.n ? w->open.v[w->open.n - 1] : 0;
}

/* "--password" announces a secret, "--password=…" has it already. */
static bool announces(struct str text)
{
	return str_has_prefix(text, STR("-")) && str_chr(text, '=') < 0 && secret_is_name(text);
}

static void mask_text(struct walk *w, struct str text)
{
	struct str key = innermost(w) == '{' ? buf_str(&w->key) : STR("");

	if ((key.len && secret_is_name(key) && secret_is_value(key, text)) || w->masks_next)
		buf_add_cstr(&w->masked, SECRET_MASK);
	else
		secret_mask(text, &w->masked);
	w->masks_next = innermost(w) == '[' && announces(text);
}

/* raw: between the quotes. */
static void walk_value(struct walk *w, struct str raw)
{
	buf_clear(&w->text);
	buf_clear(&w->masked);
	add_unescaped(raw, &w->text);
	mask_text(w, buf_str(&w->text));
	if (str_eq(buf_str(&w->text), buf_str(&w->masked)))
		buf_add_str(w->out, raw);
	else
		add_escaped(buf_str(&w->masked), w->out);
}

static void walk_string(struct walk *w, struct str raw)
{
	buf_add_char(w->out, '"');
	if (w->at_key) {
		buf_clear(&w->key);
		add_unescaped(raw, &w->key);
		buf_add_str(w->out, raw);
	} else {
		walk_value(w, raw);
	}
	buf_add_char(w->out, '"');
	w->at_key = false;
}

static void walk_char(struct walk *w, char c)
{
	buf_add_char(w->out, c);
	if (c == '{' || c == '[') {
		vec_push(&w->open, c);
		w->masks_next = false;
	} else if ((c == '}' || c == ']') && w->open.n) {
		w->open.n--;
		w->masks_next = false;
	}
	if (c == '{' || c == ',')
		w->at_key = innermost(w) == '{';
}

void redact_json(struct str json, struct buf *out)
{
	struct walk w = {.out = out, .open = VEC_INIT};

	buf_init(&w.key, json.len);
	buf_init(&w.text, json.len);
	buf_init(&w.masked, SIZE_MAX);
	while (json.len) {
		size_t len = 1;

		if (json.p[0] == '"') {
			len = json_string_len(json);
			walk_string(&w, str_sub(json, 1, len > 1 ? len - 1 : 1));
		} else {
			walk_char(&w, json.p[0]);
		}
		json = str_sub(json, len, json.len);
	}
	buf_release(&w.key);
	buf_release(&w.text);
	buf_release(&w.masked);
	vec_release(&w.open);
}
