/* SPDX-License-Identifier: MIT
 *
 * The step that renders. A render that does not take long runs where it is called. One that may
 * hold the loop (its templates use slow functions, it took long the last time, or gave up) runs in
 * a copy of the process, which has the snapshot and the parsed templates already and sends back a
 * head and the bytes, or the error's text. Whatever becomes of that process is an error of this
 * cycle at the most.
 */
#include "config.h"

#include "publish/machine.h"

#include "base/child.h"
#include "base/clock.h"
#include "config/config.h"
#include "publish/lines.h"
#include "publish/publisher_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Bytes of the lines that explain an error. */
#define EXPLAINED_MAX ((size_t)16 * 1024)

/* What comes before the bytes; both sides are the same program. */
struct reply_head {
	int64_t ns; /* of the render alone */
	bool ok;
};

/* --- one render ------------------------------------------------------------------------ */

/* patience_ns 0: it has no end. */
static bool render(struct target *t, int64_t patience_ns, bool *ret_gave_up, struct error *err)
{
	int64_t before = clock_mono_ns();
	bool ok = t->source.render(t->source.arg, t->now.view.ref,
		patience_ns ? before + patience_ns : 0, ret_gave_up, &t->bytes, err);

	if (ok && t->bytes.full)
		ok = error_set(err, "the output is longer than %zu bytes", TARGET_OUTPUT_MAX);
	if (ok && !t->output->keep_blank_lines)
		lines_remove_blank(&t->bytes);
	t->render_ns = clock_mono_ns() - before;
	return ok;
}

/* What the log shows besides the error. */
static void explain(struct target *t, const struct error *err)
{
	struct buf lines;

	if (!t->source.explain || t->now.said)
		return;
	buf_init(&lines, EXPLAINED_MAX);
	t->source.explain(t->source.arg, err, &lines);
	if (lines.len)
		t->now.said = buf_take(&lines, NULL);
	buf_release(&lines);
}

/* What follows a render. */
static enum step rendered(struct target *t, bool ok, struct error *err)
{
	t->source.drop(t->source.arg, t->now.view.ref);
	t->now.view_taken = false;
	t->now.bytes = t->bytes.len;
	if (ok)
		return STEP_COMPARE;
	buf_release(&t->bytes);
	explain(t, err);
	return cycle_fail(t, "template error, the old file stays", err);
}

/* --- in a process of its own --------------------------------------------------------------- */

static void write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			_exit(EXIT_FAILURE);
		at += done;
		n -= (size_t)done;
	}
}

/* In the copy of the process. */
static void render_apart(void *arg, int output)
{
	struct error err = ERROR_INIT;
	struct target *t = arg;
	struct reply_head head;
	bool gave_up = false;
	struct str text;

	memset(&head, 0, sizeof(head));
	head.ok = render(t, 0, &gave_up, &err);
	head.ns = t->render_ns;
	text = head.ok ? buf_str(&t->bytes) : error_str(&err);
	write_all(output, &head, sizeof(head));
	write_all(output, text.p, text.len);
}

/* Why there is no reply that could be used. */
static void explain_end(
	const struct target *t, const struct child_result *result, struct error *err)
{
	char *how = child_describe(result);

	if (result->end == CHILD_TIMED_OUT)
		error_set(err, "the render was ended after %.1f s (render_timeout)",
			(double)t->output->render_timeout_ns / NS_PER_S);
	else if (result->end == CHILD_NOT_STARTED)
		error_set(err, "the render could not start %s", result->reason);
	else
		error_set(err, "the render's process came to an end too early: %s", how);
	free(how);
}

/* Takes over what the process sent. */
static bool read_reply(struct target *t, const struct child_result *result, struct error *err)
{
	struct reply_head head;
	struct str text;

	if (result->end != CHILD_EXITED || result->code != EXIT_SUCCESS || result->dropped ||
		result->output.len < sizeof(head)) {
		t->render_ns = result->ns;
		explain_end(t, result, err);
		return false;
	}
	memcpy(&head, result->output.p, sizeof(head));
	text = str_sub(result->output, sizeof(head), result->output.len);
	t->render_ns = head.ns;
	if (head.ok)
		buf_add_str(&t->bytes, text);
	else
		error_set_str(err, text);
	return head.ok;
}

static void target_on_rendered(void *arg, const struct child_result *result)
{
	struct error err = ERROR_INIT;
	struct target *t = arg;
	bool ok;

	t->apart = NULL;
	ok = read_reply(t, result, &err);
	cycle_span(t, SPAN_RENDER, clock_mono_ns() - t->now.asked);
	/* Until now nobody's reload waited for us. */
	reload_prepare(&t->member);
	target_go(t, rendered(t, ok, &err));
}

static enum step start_apart(struct target *t)
{
	struct child_spec spec = {.run = render_apart,
		.run_arg = t,
		.timeout_ns = t->output->render_timeout_ns,
		.output_max = sizeof(struct reply_head) + TARGET_OUTPUT_MAX,
		.done = target_on_rendered,
		.arg = t};

	t->now.asked = clock_mono_ns();
	t->apart = child_start(t->pub->services.children, &spec);
	reload_pass(&t->member);
	return STEP_WAIT;
}

/* --- the step ------------------------------------------------------------------------------ */

/* There is no state to render yet: the causes wait for the next notification. */
static enum step postpone(struct target *t)
{
	if (t->now.causes > 0) {
		t->next = t->now;
		cycle_init(&t->now);
	} else {
		cycle_release(&t->now);
	}
	reload_pass(&t->member);
	return STEP_IDLE;
}

/* dest holds already what a render would give. */
static enum step skip(struct target *t)
{
	t->now.bytes = t->last_bytes;
	t->source.drop(t->source.arg, t->now.view.ref);
	t->now.view_taken = false;
	return t->owed ? STEP_RELOAD : STEP_FINISH;
}

enum step target_step_render(struct target *t)
{
	struct error err = ERROR_INIT;
	bool slow = false, gave_up = false, ok;

	if (!t->source.take(t->source.arg, &t->now.view))
		return postpone(t);
	t->now.view_taken = true;
	if (t->settled && t->now.view.hash == t->settled_hash)
		return skip(t);
	if (t->source.prepare && !t->source.prepare(t->source.arg, &slow, &err))
		return rendered(t, false, &err);
	if (slow || t->render_ns > TARGET_HOLD_NS)
		return start_apart(t);
	ok = render(t, TARGET_HOLD_NS, &gave_up, &err);
	cycle_span(t, SPAN_RENDER, t->render_ns);
	if (!gave_up)
		return rendered(t, ok, &err);
	error_clear(&err);
	buf_clear(&t->bytes);
	return start_apart(t);
}
