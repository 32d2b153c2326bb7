/* SPDX-License-Identifier: MIT
 *
 * An event stream's framing: docker and podman write one chunk per event (events-lifecycle), with
 * a chunk of one 0x1e before it for json-seq (events-past-accept-json-seq), and bare lines to
 * clients that speak HTTP/1.0 (events-http10-unchunked).
 */
#include "config.h"

#include "engine/sim_conn.h"

#include "engine/sim_flavour.h"
#include "engine/sim_publish.h"

#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_HIGH 65536 /* bytes in the connection's own buffer; more stays in the queue */
#define OUTPUT_LOW  16384 /* from here on the queue is moved on */
#define FRAME_MAX   ((size_t)64 << 20)

static struct evbuffer *output(const struct sim_conn *conn)
{
	return bufferevent_get_output(conn->bev);
}

bool sim_stream_full(const struct sim_conn *conn)
{
	return conn->stream.n == SIM_STREAM_QUEUE;
}

size_t sim_stream_pending(const struct sim_conn *conn)
{
	return conn->stream.n + (evbuffer_get_length(output(conn)) > 0);
}

size_t sim_stream_pending_bytes(const struct sim_conn *conn)
{
	const struct sim_stream *st = &conn->stream;
	size_t bytes = evbuffer_get_length(output(conn));

	for (size_t i = 0; i < st->n; i++)
		bytes += st->queue[(st->head + i) % SIM_STREAM_QUEUE]->text[st->modern].len;
	return bytes;
}

static void add_chunk(const struct sim_conn *conn, struct buf *out, struct str text)
{
	if (!conn->request.http10)
		buf_add_fmt(out, "%zx\r\n", text.len);
	buf_add_str(out, text);
	if (!conn->request.http10)
		buf_add_cstr(out, "\r\n");
}

/* How much of the frame is sent: all, unless the stream is to be cut in it. */
static size_t cut_length(struct sim_stream *st, struct str text, size_t frame)
{
	size_t send = frame;

	switch (st->cut_at) {
	case CUT_NOTHING:
		return frame;
	case CUT_BYTES:
		if ((uint64_t)st->cut >= frame) {
			st->cut -= (int64_t)frame;
			return frame;
		}
		send = (size_t)st->cut;
		break;
	case CUT_CHUNK:
		send = frame - text.len / 2;
		break;
	case CUT_JSON:
		break;
	}
	return send;
}

static void send_event(struct sim_conn *conn, struct sim_event *ev)
{
	struct sim_stream *st = &conn->stream;
	struct str text = sim_event_text(conn->sim, ev, st->modern);
	struct buf frame;
	size_t send;

	if (st->cut_at == CUT_JSON)
		text.len /= 2;
	buf_init(&frame, FRAME_MAX);
	if (st->json_seq)
		add_chunk(conn, &frame, STR("\x1e"));
	add_chunk(conn, &frame, text);
	send = cut_length(st, text, frame.len);
	sim_conn_write(conn, frame.data, send);
	conn->sim->count.events_sent++;
	if (send < frame.len || st->cut_at == CUT_JSON) {
		bool reset = st->cut_reset;

		sim_stream_end(conn);
		sim_conn_close(conn, reset);
	}
	buf_release(&frame);
}

static void send_first(struct sim_conn *conn)
{
	struct sim_stream *st = &conn->stream;
	struct sim_event *ev = st->queue[st->head];

	st->head = (st->head + 1) % SIM_STREAM_QUEUE;
	st->n--;
	send_event(conn, ev);
	sim_event_unref(ev);
}

/* Moves queued events into the connection's buffer as long as there is room. */
static void move_queue(struct sim_conn *conn)
{
	while (conn->stream.on && conn->stream.n && evbuffer_get_length(output(conn)) < OUTPUT_HIGH)
		send_first(conn);
}

void sim_stream_flush(struct sim_conn *conn)
{
	while (conn->stream.on && conn->stream.n)
		send_first(conn);
}

void sim_stream_drain(struct sim_conn *conn)
{
	move_queue(conn);
	if (conn->stream.on)
		sim_publisher_room(conn->sim);
}

void sim_stream_push(struct sim_conn *conn, struct sim_event *ev)
{
	struct sim_stream *st = &conn->stream;
	size_t bytes;

	if (!sim_filter_event(conn->sim, &st->filter, ev) || ev->nano <= st->after)
		return;
	st->queue[(st->head + st->n++) % SIM_STREAM_QUEUE] = sim_event_ref(ev);
	move_queue(conn);
	bytes = st->on ? sim_stream_pending_bytes(conn) : 0;
	if (bytes > conn->sim->count.pending_max)
		conn->sim->count.pending_max = bytes;
}

void sim_stream_replay(struct sim_conn *conn, int64_t since, int64_t until)
{
	struct sim *s = conn->sim;

	conn->stream.on = true;
	for (size_t i = 0; i < s->history.n && conn->stream.on; i++)
		if (s->history.v[i]->nano >= since && s->history.v[i]->nano <= until) {
			/* a history may be longer than a queue: podman keeps everything */
			if (sim_stream_full(conn))
				send_first(conn);
			sim_stream_push(conn, s->history.v[i]);
		}
}

void sim_stream_begin(struct sim_conn *conn)
{
	struct sim *s = conn->sim;

	conn->stream.on = true;
	if (conn->stream.after < s->last_nano)
		conn->stream.after = s->last_nano;
	s->count.streams++;
	bufferevent_setwatermark(conn->bev, EV_WRITE, OUTPUT_LOW, 0);
	sim_publisher_add(s, conn);
}

void sim_stream_end(struct sim_conn *conn)
{
	struct sim_stream *st = &conn->stream;

	if (!st->on)
		return;
	st->on = false;
	bufferevent_setwatermark(conn->bev, EV_WRITE, 0, 0);
	sim_publisher_remove(conn->sim, conn);
	for (size_t i = 0; i < st->n; i++)
		sim_event_unref(st->queue[(st->head + i) % SIM_STREAM_QUEUE]);
	st->n = 0;
	sim_filter_release(&st->filter);
	if (st->until)
		event_free(st->until);
	memset(st, 0, sizeof(*st));
}

void sim_stream_finish(struct sim_conn *conn)
{
	bool chunked = !conn->request.http10;

	sim_stream_flush(conn);
	if (conn->close_after) /* a cut came first */
		return;
	sim_stream_end(conn);
	if (chunked)
		sim_conn_write(conn, "0\r\n\r\n", 5);
	sim_conn_done(conn);
}
