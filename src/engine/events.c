/* SPDX-License-Identifier: MIT
 *
 * Cuts the event stream into frames, see events.h. A frame whose line is all in the piece at hand
 * goes to event_read.c at once, whose parser finds its end by itself. All others, and those that the
 * parser does not like, are followed by a scanner that knows strings and depth, and wait in a buffer
 * if they go on in the next piece. Frames that event_peek.c knows to be of no interest are neither
 * parsed nor kept.
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
#include "engine/event_peek.h"
#include "engine/event_read.h"

#include <stdlib.h>

/* Memory for a partial frame that is kept for the next one. */
#define PARTIAL_KEEP ((size_t)65536)
/* A partial frame is looked at when it has so many bytes, and when it has doubled. */
#define PEEK_FIRST ((size_t)256)

enum scan { BETWEEN, IN_FRAME, IN_STRING, IN_ESCAPE, SKIP_LINE };

enum verdict {
	KEEP,
	DROP,
	TOO_LARGE, /* reported already; its end is looked for */
};

struct events {
	struct events_handlers handlers;
	void *arg;
	struct events_counts counts;
	struct event_reader reader;
	enum scan scan;
	enum verdict verdict;
	unsigned depth;
	bool drops;         /* the event before was dropped: this one may be of its kind */
	char last;          /* the last byte outside strings that is no white space */
	size_t frame_len;   /* bytes of the frame before this piece */
	size_t next_peek;   /* partial.len at which it is looked at again */
	struct buf partial; /* the frame's bytes, while KEEP */
	const char *begin;  /* of the frame within this piece */
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

/* A frame that is too large is lost, unless its first part tells that it is of no interest. */
static void check_size(struct events *es)
{
	struct str rest = str_n(es->begin, EVENT_BYTES_MAX - es->partial.len);

	if (es->partial.len)
		buf_add_str(&es->partial, rest);
	es->verdict = event_peek_drops(es->partial.len ? buf_str(&es->partial) : rest) ? DROP
										       : TOO_LARGE;
	clear_partial(es);
	if (es->verdict == TOO_LARGE)
		lose(es, "an event is larger than 1 MiB");
}

/* The frame cannot be read from at on; a too large one is reported as that, once. */
static void break_frame(struct events *es, const char *at, enum scan next, const char *why)
{
	if (es->verdict == KEEP && frame_bytes(es, at) > EVENT_BYTES_MAX)
		check_size(es);
	if (es->verdict != TOO_LARGE)
		lose(es, why);
	clear_partial(es);
	es->scan = next;
}

static void begin_frame(struct events *es, const char *at)
{
	es->scan = IN_FRAME;
	es->verdict = KEEP;
	es->depth = 1;
	es->last = '{';
	es->frame_len = 0;
	es->next_peek = PEEK_FIRST;
	es->begin = at;
}

static void drop(struct events *es)
{
	es->counts.dropped++;
	es->drops = true;
}

/* Looking before reading pays where events of no interest come in flocks, as those of health probes
 * do; where the engine filters for us it would only cost. */
static bool looks_useless(const struct events *es, struct str frame)
{
	return es->drops && event_peek_drops(frame);
}

static void tell(struct events *es, enum event_read outcome, const struct engine_event *event,
	const struct error *err)
{
	es->drops = false;
	switch (outcome) {
	case EVENT_READ_OK:
		es->counts.seen++;
		if (es->handlers.on_event)
			es->handlers.on_event(event, es->arg);
		break;
	case EVENT_READ_DROP:
		drop(es);
		break;
	case EVENT_READ_BAD:
	case EVENT_READ_NOT_JSON:
		lose(es, error_text(err));
		break;
	}
}

/* A frame whose end the scanner has found. */
static void read_frame(struct events *es, struct str frame)
{
	struct engine_event event;
	struct error err = ERROR_INIT;
	size_t len;

	if (looks_useless(es, frame)) {
		drop(es);
		return;
	}
	tell(es, event_read(&es->reader, frame, &len, &event, &err), &event, &err);
	error_clear(&err);
}

/* at: behind the frame's last byte. */
static void end_frame(struct events *es, const char *at)
{
	struct str rest = str_n(es->begin, (size_t)(at - es->begin));

	es->scan = BETWEEN;
	if (es->verdict == KEEP && frame_bytes(es, at) > EVENT_BYTES_MAX)
		check_size(es);
	if (es->verdict == TOO_LARGE)
		return;
	if (es->verdict == DROP) {
		drop(es);
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

/* Begins a frame at p. If all of its line is there, the parser finds its end and the scanner need
 * not look at it; if the parser does not like it, the scanner has to say where to go on. */
static const char *start_frame(struct events *es, const char *p, const char *end)
{
	size_t most = (size_t)(end - p), len = 0;
	const char *lf = memchr(p, '\n', most < EVENT_BYTES_MAX ? most : EVENT_BYTES_MAX);
	struct str line = str_n(p, lf ? (size_t)(lf - p) : 0);
	struct engine_event event;
	enum event_read outcome;
	struct error err = ERROR_INIT;

	begin_frame(es, p);
	if (!lf)
		return p + 1;
	if (looks_useless(es, line)) {
		es->verdict = DROP;
		return p + 1;
	}
	outcome = event_read(&es->reader, line, &len, &event, &err);
	if (outcome != EVENT_READ_NOT_JSON) {
		tell(es, outcome, &event, &err);
		es->scan = BETWEEN;
	}
	error_clear(&err);
	return outcome == EVENT_READ_NOT_JSON ? p + 1 : p + len;
}

static const char *scan_string(struct events *es, const char *p, const char *end)
{
	const char *stop = event_string_stop(p, end);

	es->scan = IN_STRING;
	es->last = '"';
	if (stop == end)
		return end;
	if (*stop == '"')
		es->scan = IN_FRAME;
	else if (*stop == '\\')
		es->scan = IN_ESCAPE;
	else
		break_frame(es, stop, BETWEEN, "an event has a newline within a string");
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

/* The first byte of a frame was taken by start_frame. */
static const char *scan_frame(struct events *es, const char *p, const char *end)
{
	while (p < end) {
		char c = *p++;

		switch (c) {
		case ' ':
		case '\t':
		case '\r':
		case '\n':
			continue;
		case '"':
			p = scan_string(es, p, end);
			if (es->scan != IN_FRAME)
				return p;
			continue;
		case '{':
		case '[':
			open_value(es, p - 1);
			if (es->scan != IN_FRAME)
				return p;
			continue;
		case '}':
		case ']':
			if (--es->depth == 0) {
				end_frame(es, p);
				return p;
			}
			break;
		default:
			break;
		}
		es->last = c;
	}
	return p;
}

static const char *scan_between(struct events *es, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '{')
			return start_frame(es, p, end);
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
	if (es->scan == BETWEEN || es->scan == SKIP_LINE)
		return;
	if (es->verdict == KEEP && frame_bytes(es, end) > EVENT_BYTES_MAX)
		check_size(es);
	es->frame_len = frame_bytes(es, end);
	if (es->verdict != KEEP)
		return;
	buf_add(&es->partial, es->begin, (size_t)(end - es->begin));
	if (es->partial.len < es->next_peek)
		return;
	es->next_peek = es->partial.len * 2;
	if (looks_useless(es, buf_str(&es->partial))) {
		es->verdict = DROP;
		clear_partial(es);
	}
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
