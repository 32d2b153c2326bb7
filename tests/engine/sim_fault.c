/* SPDX-License-Identifier: MIT
 *
 * Fault rules: a table of kinds, each of which either handles the request by itself or prepares
 * the connection's twist for the answer.
 */
#include "config.h"

#include "engine/sim_fault.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim_reply.h"

#include <stdlib.h>
#include <string.h>

#define REQUEST_LOG_MAX 65536
#define HEADER_MAX	(64 << 20)

struct fault_kind;

struct sim_fault {
	const struct fault_kind *kind;
	bool any_endpoint;
	enum sim_endpoint_name endpoint;
	char *match;	/* text in the request's target, NULL: any */
	uint64_t times; /* 0: for ever */
	uint64_t after; /* requests that are let through first */
	uint64_t status, ms, bytes;
	bool reset;
	uint64_t fired;
};

struct fault_kind {
	const char *name;
	/* True: the request is dealt with. */
	bool (*apply)(struct sim_conn *conn, const struct sim_fault *f);
};

static bool apply_status(struct sim_conn *conn, const struct sim_fault *f)
{
	sim_reply_error(conn, f->status ? (int)f->status : 500, "emulated failure");
	return true;
}

/* The request is read and never answered; the connection stays. */
static bool apply_hang(struct sim_conn *conn UNUSED, const struct sim_fault *f UNUSED)
{
	return true;
}

static bool apply_delay(struct sim_conn *conn, const struct sim_fault *f)
{
	sim_conn_delay(conn, (int64_t)f->ms * NS_PER_MS, sim_api_answer);
	return true;
}

/* The connection ends instead of an answer. */
static bool apply_drop(struct sim_conn *conn, const struct sim_fault *f)
{
	sim_conn_close(conn, f->reset);
	return true;
}

static bool apply_cut(struct sim_conn *conn, const struct sim_fault *f)
{
	conn->twist.cut = (int64_t)f->bytes;
	conn->twist.reset = f->reset;
	return false;
}

static bool apply_malformed(struct sim_conn *conn, const struct sim_fault *f UNUSED)
{
	conn->twist.malformed = true;
	return false;
}

static bool apply_header(struct sim_conn *conn, const struct sim_fault *f)
{
	conn->twist.header = f->bytes;
	return false;
}

static bool apply_slow(struct sim_conn *conn, const struct sim_fault *f)
{
	conn->twist.trickle = f->bytes ? f->bytes : 1;
	conn->twist.trickle_ns = (int64_t)f->ms * NS_PER_MS;
	return false;
}

static bool apply_close(struct sim_conn *conn, const struct sim_fault *f UNUSED)
{
	conn->twist.close = true;
	return false;
}

static const struct fault_kind kinds[] = {
	{"close", apply_close},
	{"cut", apply_cut},
	{"delay", apply_delay},
	{"drop", apply_drop},
	{"hang", apply_hang},
	{"header", apply_header},
	{"malformed", apply_malformed},
	{"slow", apply_slow},
	{"status", apply_status},
};

static const struct fault_kind *kind_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static bool set_endpoint(struct sim_fault *f, struct str value, struct error *err)
{
	for (int i = 0; i < EP_N; i++)
		if (str_eqz(value, sim_endpoint_word((enum sim_endpoint_name)i))) {
			f->endpoint = (enum sim_endpoint_name)i;
			f->any_endpoint = false;
			return true;
		}
	return error_set(err, "unknown endpoint '%.*s'", STR_ARG(value));
}

static bool set_number(struct sim_fault *f, struct str key, struct str value, struct error *err)
{
	const struct {
		const char *key;
		uint64_t *number;
		uint64_t max;
	} numbers[] = {
		{"times", &f->times, UINT64_MAX},
		{"after", &f->after, UINT64_MAX},
		{"status", &f->status, 599},
		{"ms", &f->ms, 3600000},
		{"bytes", &f->bytes, HEADER_MAX},
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (str_eqz(key, numbers[i].key))
			return str_to_u64(value, numbers[i].max, numbers[i].number) ||
			       error_set(err, "%s: bad number '%.*s'", numbers[i].key,
				       STR_ARG(value));
	return error_set(err, "unknown key '%.*s'", STR_ARG(key));
}

static bool set_argument(struct sim_fault *f, const char *arg, struct error *err)
{
	struct str key, value;

	if (strcmp(arg, "reset") == 0) {
		f->reset = true;
		return true;
	}
	if (!str_cut(str_from(arg), '=', &key, &value))
		return error_set(err, "'%s' is not KEY=VALUE", arg);
	if (str_eqz(key, "endpoint"))
		return set_endpoint(f, value, err);
	if (str_eqz(key, "match")) {
		free(f->match);
		f->match = xmemdup0(value.p, value.len);
		return true;
	}
	return set_number(f, key, value, err);
}

static void fault_free(struct sim_fault *f)
{
	free(f->match);
	free(f);
}

bool sim_fault_add(struct sim *s, const char *const *args, size_t n, struct error *err)
{
	const struct fault_kind *kind = n ? kind_find(args[0]) : NULL;
	struct sim_fault *f;

	if (!kind)
		return error_set(err, "unknown fault '%s'", n ? args[0] : "");
	f = xcalloc(1, sizeof(*f));
	f->kind = kind;
	f->any_endpoint = true;
	for (size_t i = 1; i < n; i++)
		if (!set_argument(f, args[i], err)) {
			fault_free(f);
			return false;
		}
	vec_push(&s->faults, f);
	return true;
}

void sim_fault_clear(struct sim *s)
{
	for (size_t i = 0; i < s->faults.n; i++)
		fault_free(s->faults.v[i]);
	vec_release(&s->faults);
}

void sim_fault_list(struct sim *s, struct buf *out)
{
	for (size_t i = 0; i < s->faults.n; i++) {
		const struct sim_fault *f = s->faults.v[i];

		buf_add_fmt(out, "%s endpoint=%s match=%s times=%llu fired=%llu\n", f->kind->name,
			f->any_endpoint ? "*" : sim_endpoint_word(f->endpoint),
			f->match ? f->match : "", (unsigned long long)f->times,
			(unsigned long long)f->fired);
	}
}

/* The rule for this request; a rule that is spent fits nothing any more. */
static struct sim_fault *fault_find(struct sim_conn *conn, enum sim_endpoint_name ep)
{
	struct sim *s = conn->sim;

	for (size_t i = 0; i < s->faults.n; i++) {
		struct sim_fault *f = s->faults.v[i];

		if ((!f->any_endpoint && f->endpoint != ep) || (f->times && f->fired >= f->times) ||
			(f->match && !strstr(conn->request.target, f->match)))
			continue;
		if (f->after) {
			f->after--;
			continue;
		}
		return f;
	}
	return NULL;
}

static void log_request(struct sim_conn *conn)
{
	struct sim *s = conn->sim;

	if (s->requests.n >= REQUEST_LOG_MAX) {
		free(s->requests.v[0]);
		vec_remove(&s->requests, 0);
	}
	vec_push(&s->requests, xasprintf("%s %s", conn->request.method, conn->request.target));
}

void sim_fault_request(struct sim_conn *conn)
{
	enum sim_endpoint_name ep = sim_api_endpoint(conn->request.target);
	struct sim_fault *f = fault_find(conn, ep);

	conn->sim->count.requests++;
	conn->sim->by_endpoint.v[ep]++;
	log_request(conn);
	conn->twist = (struct sim_twist){.cut = -1};
	if (f) {
		f->fired++;
		conn->sim->count.faults_fired++;
		if (f->kind->apply(conn, f))
			return;
	}
	sim_api_answer(conn);
}

/* The next piece of a slow answer. */
static void write_piece(struct sim_conn *conn)
{
	struct buf *left = &conn->trickle_left;
	size_t n = left->len < conn->twist.trickle ? left->len : conn->twist.trickle;

	sim_conn_write(conn, left->data, n);
	buf_consume(left, n);
	if (left->len)
		sim_conn_delay(conn, conn->twist.trickle_ns, write_piece);
	else
		sim_conn_done(conn);
}

void sim_fault_write(struct sim_conn *conn, struct buf *answer)
{
	const struct sim_twist *t = &conn->twist;

	if (t->cut >= 0 && (uint64_t)t->cut < answer->len) {
		sim_conn_write(conn, answer->data, (size_t)t->cut);
		sim_conn_close(conn, t->reset);
		return;
	}
	if (t->trickle) {
		buf_clear(&conn->trickle_left);
		buf_add(&conn->trickle_left, answer->data, answer->len);
		write_piece(conn);
		return;
	}
	sim_conn_write(conn, answer->data, answer->len);
	sim_conn_done(conn);
}
