/* SPDX-License-Identifier: MIT
 *
 * Counters by name, for tests to read and to wait on.
 */
#include "config.h"

#include "engine/sim_control.h"

#include "engine/sim_conn.h"
#include "engine/sim_model.h"
#include "engine/sim_publish.h"
#include "engine/sim_server.h"

#include <string.h>

struct counter {
	const char *name;
	uint64_t (*read)(struct sim *s);
};

static uint64_t read_requests(struct sim *s)
{
	return s->count.requests;
}

static uint64_t read_connections(struct sim *s)
{
	return s->count.connections;
}

static uint64_t read_connections_open(struct sim *s)
{
	return sim_server_connections(s->server);
}

static uint64_t read_streams(struct sim *s)
{
	return s->count.streams;
}

static uint64_t read_streams_open(struct sim *s)
{
	return sim_publisher_streams(s);
}

static uint64_t read_emitted(struct sim *s)
{
	return s->count.events_emitted;
}

static uint64_t read_sent(struct sim *s)
{
	return s->count.events_sent;
}

static uint64_t read_lost(struct sim *s)
{
	return s->count.events_lost;
}

static uint64_t read_pending(struct sim *s)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < sim_publisher_streams(s); i++)
		bytes += sim_stream_pending_bytes(sim_publisher_stream(s, i));
	return bytes;
}

static uint64_t read_pending_max(struct sim *s)
{
	return s->count.pending_max;
}

static uint64_t read_bytes(struct sim *s)
{
	return s->count.bytes_written;
}

static uint64_t read_faults(struct sim *s)
{
	return s->count.faults_fired;
}

static uint64_t read_containers(struct sim *s)
{
	return s->containers.n;
}

static uint64_t read_running(struct sim *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->containers.n; i++)
		n += s->containers.v[i]->status == SIM_RUNNING;
	return n;
}

static const struct counter counters[] = {
	{"bytes.written", read_bytes},
	{"connections", read_connections},
	{"connections.open", read_connections_open},
	{"containers", read_containers},
	{"containers.running", read_running},
	{"events.emitted", read_emitted},
	{"events.lost", read_lost},
	{"events.sent", read_sent},
	{"faults.fired", read_faults},
	{"requests", read_requests},
	{"stream.pending", read_pending},
	{"stream.pending_max", read_pending_max},
	{"streams", read_streams},
	{"streams.open", read_streams_open},
};

bool sim_counter_get(struct sim *s, const char *name, uint64_t *ret, struct error *err)
{
	struct sim_container *c;

	for (size_t i = 0; i < ARRAY_LEN(counters); i++)
		if (strcmp(counters[i].name, name) == 0) {
			*ret = counters[i].read(s);
			return true;
		}
	for (int i = 0; strncmp(name, "requests.", 9) == 0 && i < EP_N; i++)
		if (strcmp(name + 9, sim_endpoint_word((enum sim_endpoint_name)i)) == 0) {
			*ret = s->by_endpoint.v[i];
			return true;
		}
	c = strncmp(name, "inspects.", 9) == 0 ? sim_container_find(s, name + 9) : NULL;
	if (!c)
		return error_set(err, "no counter '%s'", name);
	*ret = c->inspects;
	return true;
}

void sim_counters_list(struct sim *s, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(counters); i++)
		buf_add_fmt(out, "%s %llu\n", counters[i].name,
			(unsigned long long)counters[i].read(s));
	for (int i = 0; i < EP_N; i++)
		buf_add_fmt(out, "requests.%s %llu\n", sim_endpoint_word((enum sim_endpoint_name)i),
			(unsigned long long)s->by_endpoint.v[i]);
}
