/* SPDX-License-Identifier: MIT
 *
 * Cuts the event stream into frames, see events.h. One scanner goes once over every byte: it knows
 * strings and depth, and at depth 1 it collects the values of Type and Action, by which a frame is
 * dropped as soon as both are read. A frame that is not dropped goes to event_read.c when it is
 * whole: as a slice of the input, or from the buffer where its first part waited.
 *
 * A broken frame ends where no JSON could go on: at a newline within a string, at a `{` that no
 * value may begin with, or, between frames, at the next newline. So a cut event costs itself, and
 * at most the one after it.
 *
 * Invariant: what comes out depends on the bytes alone, never on how they were cut.
 */
#include "config.h"

#include "engine/events.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "engine/event_read.h"
#include "engine/event_table.h"

#include <stdlib.h>

/* Longer than any word of the table; what is longer is none of them. */
#define WORD_MAX 24
/* Memory for a partial frame that is kept for the next one. */
#define PARTIAL_KEEP ((size_t)65536)

enum scan { BETWEEN, IN_FRAME, IN_STRING, IN_ESCAPE, SKIP_LINE };

enum verdict {
	UNDECIDED,
	KEEP,
	DROP,
	TOO_LARGE, /* reported already; its end is looked for */
};

/* The raw bytes of a string at depth 1. */
struct word {
	char text[WORD_MAX];
	unsigned len;
	bool whole;   /* the closing quote was seen */
	bool escaped; /* a backslash came before any colon: not comparable */
	bool cut;     /* longer than text */
};

struct events {
	struct events_handlers handlers;
	void *arg;
	struct events_counts counts;
	struct event_reader reader;
	enum scan scan;
	enum verdict verdict;
	unsigned depth;
	char last;           /* the last byte outside strings that is no white space; '"' for a string */
	bool key_is_next;    /* at depth 1: a string is a key */
	struct word key, type, action;
	struct word *word;   /* that the string under way goes to, or NULL */
	size_t frame_len;    /* bytes of the frame before this piece */
	struct buf partial;  /* its bytes, unless dropped */
	const char *begin;   /* of the frame within this piece */
};

struct events *events_new(const struct events_handlers *handlers, void *arg)
{
	struct events *es = xcalloc(1, sizeof(*es));

	es->handlers = *handlers;
	es->arg = arg;
	event_reader_init(&es->reader);
	buf_init(&es->partial, EVENT_BYTES_MAX);
	return es;
}

void events_free(struct events *es)
{
	if (!es)
		return;
	event_reader_release(&es->reader);
	buf_release(&es->partial);
	free(es);
}

static void clear_partial(struct events *es)
{
	if (es->partial.cap > PARTIAL_KEEP)
		buf_release(&es->partial);
	buf_clear(&es->partial);
}

void events_reset(struct events *es)
{
	es->scan = BETWEEN;
	clear_partial(es);
}

const struct events_counts *events_counts(const struct events *es)
{
	return &es->counts;
}

static void lose(struct events *es, const char *why)
{
	es->counts.lost++;
	if (es->handlers.on_lost)
		es->handlers.on_lost(why, es->arg);
}

static size_t frame_bytes(const struct events *es, const char *at)
{
	return es->frame_len + (size_t)(at - es->begin);
}

static void give_up_on_size(struct events *es)
{
	es->verdict = TOO_LARGE;
	clear_partial(es);
	lose(es, "an event is larger than 1 MiB");
}

/* The frame cannot be read from at on; a too large one is reported as that, once. */
static void break_frame(struct events *es, const char *at, enum scan next, const char *why)
{
	if (es->verdict != DROP && es->verdict != TOO_LARGE &&
		frame_bytes(es, at) > EVENT_BYTES_MAX)
		give_up_on_size(es);
	else if (es->verdict != TOO_LARGE)
		lose(es, why);
	clear_partial(es);
	es->scan = next;
}

static void begin_frame(struct events *es, const char *at)
{
	es->scan = IN_FRAME;
	es->verdict = UNDECIDED;
	es->depth = 1;
	es->last = '{';
	es->key_is_next = true;
	es->key.len = es->type.len = es->action.len = 0;
	es->type.whole = es->action.whole = false;
	es->frame_len = 0;
	es->begin = at;
}

static void read_frame(struct events *es, struct str frame)
{
	struct engine_event event;
	struct error err = ERROR_INIT;

	switch (event_read(&es->reader, frame, &event, &err)) {
	case EVENT_READ_OK:
		es->counts.seen++;
		if (es->handlers.on_event)
			es->handlers.on_event(&event, es->arg);
		break;
	case EVENT_READ_DROP:
		es->counts.dropped++;
		break;
	case EVENT_READ_BAD:
		lose(es, error_text(&err));
		break;
	}
	error_clear(&err);
}

/* at: behind the frame's last byte. */
static void end_frame(struct events *es, const char *at)
{
	struct str rest = str_n(es->begin, (size_t)(at - es->begin));

	es->scan = BETWEEN;
	if (es->verdict == TOO_LARGE)
		return;
	if (es->verdict == DROP) {
		es->counts.dropped++;
		return;
	}
	if (frame_bytes(es, at) > EVENT_BYTES_MAX) {
		give_up_on_size(es);
		return;
	}
	if (es->partial.len == 0) {
		read_frame(es, rest);
		return;
	}
	buf_add_str(&es->partial, rest);
	read_frame(es, buf_str(&es->partial));
	clear_partial(es);
}

static struct str word_str(const struct word *w)
{
	return str_n(w->text, w->len);
}

/* Type and Action as far as they are known decide about the frame. */
static void decide(struct events *es, const char *at)
{
	struct str type = word_str(&es->type), action = word_str(&es->action);
	bool colon = str_chr(action, ':') >= 0;

	if (es->verdict != UNDECIDED)
		return;
	if (frame_bytes(es, at) > EVENT_BYTES_MAX) {
		give_up_on_size(es);
		return;
	}
	if (!es->type.whole)
		return;
	if (es->type.escaped || (es->action.whole && es->action.escaped)) {
		es->verdict = KEEP;
		return;
	}
	if (es->type.cut || !event_table_has_type(type)) {
		es->verdict = DROP;
	} else if (es->action.whole) {
		if (es->action.cut && !colon)
			es->verdict = DROP;
		else
			es->verdict = event_table_find(type, action) ? KEEP : DROP;
	}
	if (es->verdict == DROP)
		clear_partial(es);
}

static void word_begin(struct word *w)
{
	w->len = 0;
	w->whole = w->escaped = w->cut = false;
}

static void word_add(struct word *w, const char *p, size_t n)
{
	size_t room = WORD_MAX - w->len;

	if (n > room) {
		w->cut = true;
		n = room;
	}
	memcpy(w->text + w->len, p, n);
	w->len += (unsigned)n;
}

/* A backslash; behind the colon of an action it does not matter. */
static void word_escape(struct word *w)
{
	if (!w->cut && str_chr(word_str(w), ':') < 0)
		w->escaped = true;
}

static bool word_is(const struct word *w, const char *text)
{
	return !w->escaped && !w->cut && str_eqz(word_str(w), text);
}

/* An opening quote. */
static void begin_string(struct events *es)
{
	es->scan = IN_STRING;
	es->word = NULL;
	if (es->depth != 1 || es->verdict != UNDECIDED)
		return;
	if (es->key_is_next)
		es->word = &es->key;
	else if (es->last == ':' && word_is(&es->key, "Type"))
		es->word = &es->type;
	else if (es->last == ':' && word_is(&es->key, "Action"))
		es->word = &es->action;
	if (es->word)
		word_begin(es->word);
}

/* A closing quote; at is behind it. */
static void end_string(struct events *es, const char *at)
{
	struct word *w = es->word;

	es->scan = IN_FRAME;
	es->last = '"';
	es->word = NULL;
	if (!w)
		return;
	w->whole = true;
	if (w != &es->key)
		decide(es, at);
	else if (w->escaped)
		es->verdict = KEEP; /* may spell Type: the parser will tell */
}

static uint64_t has_byte(uint64_t v, unsigned char c)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	uint64_t x = v ^ (ones * c);

	return (x - ones) & ~x & highs;
}

/* The first quote, backslash or newline from p on; end if there is none. */
static const char *find_string_stop(const char *p, const char *end)
{
	uint64_t v;

	for (; end - p >= (ptrdiff_t)sizeof(v); p += sizeof(v)) {
		memcpy(&v, p, sizeof(v));
		if (has_byte(v, '"') | has_byte(v, '\\') | has_byte(v, '\n'))
			break;
	}
	while (p < end && *p != '"' && *p != '\\' && *p != '\n')
		p++;
	return p;
}

static const char *scan_string(struct events *es, const char *p, const char *end)
{
	const char *stop = find_string_stop(p, end);

	if (es->word)
		word_add(es->word, p, (size_t)(stop - p));
	if (stop == end)
		return end;
	if (*stop == '"') {
		end_string(es, stop + 1);
	} else if (*stop == '\\') {
		es->scan = IN_ESCAPE;
		if (es->word)
			word_escape(es->word);
	} else {
		break_frame(es, stop, BETWEEN, "an event has a newline within a string");
	}
	return stop + 1;
}

static const char *scan_escape(struct events *es, const char *p, const char *end)
{
	(void)end;
	es->scan = IN_STRING;
	return *p == '\n' ? p : p + 1;
}

/* `{` or `[` within a frame. */
static void open_value(struct events *es, const char *at)
{
	if (*at == '{' && es->last != ':' && es->last != ',' && es->last != '[') {
		break_frame(es, at, BETWEEN, "an event ends before its closing brace");
		begin_frame(es, at);
		return;
	}
	if (++es->depth > EVENT_DEPTH_MAX) {
		break_frame(es, at, SKIP_LINE, "an event is nested too deeply");
		return;
	}
	es->last = *at;
}

/* The first byte of a frame was taken by begin_frame. */
static const char *scan_frame(struct events *es, const char *p, const char *end)
{
	for (; p < end; p++) {
		switch (*p) {
		case '"':
			begin_string(es);
			return p + 1;
		case '{':
		case '[':
			open_value(es, p);
			if (es->scan != IN_FRAME)
				return p + 1;
			break;
		case '}':
		case ']':
			es->last = *p;
			if (--es->depth == 0) {
				end_frame(es, p + 1);
				return p + 1;
			}
			break;
		case ':':
		case ',':
			es->last = *p;
			if (es->depth == 1)
				es->key_is_next = *p == ',';
			break;
		case ' ':
		case '\t':
		case '\r':
		case '\n':
			break;
		default:
			es->last = *p;
		}
	}
	return p;
}

static const char *scan_between(struct events *es, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '{') {
			begin_frame(es, p);
			return p + 1;
		}
		if (*p != '\n' && *p != '\r' && *p != ' ' && *p != '\t' && *p != '\x1e') {
			lose(es, "there is something that is no event between two events");
			es->scan = SKIP_LINE;
			return p;
		}
	}
	return p;
}

static const char *scan_skip(struct events *es, const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));

	if (!lf)
		return end;
	es->scan = BETWEEN;
	return lf + 1;
}

/* Keeps what this piece has of a frame that goes on in the next. */
static void keep_partial(struct events *es, const char *end)
{
	size_t n = (size_t)(end - es->begin);

	if (es->scan == BETWEEN || es->scan == SKIP_LINE)
		return;
	es->frame_len += n;
	if (es->verdict == DROP || es->verdict == TOO_LARGE)
		return;
	if (es->frame_len > EVENT_BYTES_MAX)
		give_up_on_size(es);
	else
		buf_add(&es->partial, es->begin, n);
}

void events_feed(struct events *es, const char *bytes, size_t len)
{
	typedef const char *scan_fn(struct events * es, const char *p, const char *end);
	static scan_fn *const scans[] = {
		[BETWEEN] = scan_between,
		[IN_FRAME] = scan_frame,
		[IN_STRING] = scan_string,
		[IN_ESCAPE] = scan_escape,
		[SKIP_LINE] = scan_skip,
	};
	const char *p = bytes, *end = bytes + len;

	if (len == 0)
		return;
	es->counts.bytes += len;
	es->begin = bytes;
	while (p < end)
		p = scans[es->scan](es, p, end);
	keep_partial(es, end);
}
