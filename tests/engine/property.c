/* SPDX-License-Identifier: MIT
 *
 * The property test of the engine connection and the model:
 *
 *	engine-property [-v] FIRST [LAST]
 *
 * runs the sequences of the seeds FIRST to LAST. In each, containers of an emulated engine live and
 * die, while the engine and what is between fail in every way: answers that are errors, cut, slow,
 * rubbish or missing; events that are lost, late, told twice or broken; streams that are cut;
 *engines that stop, are killed, hang and refuse. Then all is healed. Within one resync the model
 *must be the emulator's truth, and without any where no event was lost without a sign; and before,
 *no container that the model knew and that went on running may have left it.
 *
 * A failure prints its seed and what had happened; -v prints that of every sequence. Each sequence
 *is run with the constants of the program, in time that is made (property_clock.h). The first one
 *is run twice: its story must be the same.
 */
#include "config.h"

#include "engine/property.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/sim_model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STORY_MAX   ((size_t)16 << 20)
#define STEPS_LEAST 5
#define STEPS_RANGE 60
/* What the engine takes to answer after the last resync. */
#define SLACK_NS (1 * (int64_t)NS_PER_S)
/* After the last event: the inspect that confirms a removal. */
#define CALM_NS (INVENTORY_CONFIRM_NS + SLACK_NS)
/* After the last fault: an answer that never comes, and the longest pause before the next try. */
#define FAULTS_NS                                                                                  \
	(ENGINE_REQUEST_TIMEOUT_NS + INVENTORY_RETRY_MAX_NS + ENGINE_LIVENESS_NS + SLACK_NS)

static struct {
	uint64_t sequences, failed, steps, events, requests, faults;
	int64_t passed_ns;
} totals;

static struct property *current;

void property_tell(struct property *p, const char *fmt, ...)
{
	va_list ap;
	char line[1024];

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_add_fmt(&p->story, "%12.6f  %s\n", (double)property_clock_passed() / NS_PER_S, line);
}

static void on_log(enum log_level level, const char *line)
{
	(void)level;
	if (current)
		property_tell(current, "    %s", line);
}

static void property_on_change(const struct inventory_change *change, void *arg)
{
	struct property *p = arg;

	buf_clear(&p->told);
	property_describe(p, &p->told);
	property_tell(p, "    change: %s %s", change->event, change->name ? change->name : "");
	property_check_kept(p);
}

static void pause_for(struct property *p, int64_t ns)
{
	struct timeval tv = clock_timeval(ns);

	evtimer_add(p->timer, &tv);
}

/* How long after the healing the model must be true. */
static int64_t settle_ns(const struct property *p)
{
	const int64_t times[WEATHERS] = {CALM_NS, FAULTS_NS, p->inv->options.resync_ns + SLACK_NS};

	return times[p->weather];
}

static void property_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct property *p = arg;

	if (p->steps > 0) {
		p->steps--;
		totals.steps++;
		pause_for(p, property_step(p));
		property_check_kept(p);
	} else if (!p->healed) {
		p->healed = true;
		property_heal(p);
		pause_for(p, settle_ns(p));
	} else {
		property_check_truth(p);
		event_base_loopexit(p->base, NULL);
	}
}

/* --- one sequence ------------------------------------------------------------------------- */

static const char *const flavours[] = {
	"docker-20.10", "docker-28", "docker-29", "podman-4.3", "podman-5"};

static bool open_engine(struct property *p, const char *endpoint, struct error *err)
{
	static const int64_t resyncs[] = {60, 120, 300}, never = 86400;
	struct engine_options engine_options = {.name = "e", .endpoint = endpoint};
	struct inventory_options options = {
		.name = "e",
		.resync_ns = (p->weather == STORM ? resyncs[property_pick(p, ARRAY_LEN(resyncs))]
						  : never) *
			     NS_PER_S,
		.wants_stopped = p->wants_stopped,
		.wants_counts = p->wants_counts,
		.on_change = property_on_change,
		.arg = p,
	};

	p->inv = inventory_new(p->base, &options);
	p->engine = engine_new(p->base, &engine_options, inventory_engine_handlers(), p->inv, err);
	if (!p->engine)
		return false;
	inventory_set_engine(p->inv, p->engine);
	engine_start(p->engine);
	return true;
}

static const char *const weathers[WEATHERS] = {"calm", "faults", "storm"};

static bool begin(struct property *p, const char *dir, struct error *err)
{
	const char *flavour = flavours[property_pick(p, ARRAY_LEN(flavours))];
	char *path = xasprintf("%s/s", dir), *endpoint = xasprintf("unix://%s", path);
	struct sim_settings st = {.flavour = flavour,
		.captures = ENGINESIM_CAPTURES,
		.prefix = "c",
		.patience_ns = SIM_PATIENCE_NS,
		.server = {.path = path, .port = -1},
		.seed = p->seed,
		.containers = property_pick(p, 6)};
	bool ok;

	p->steps = STEPS_LEAST + (unsigned)property_pick(p, STEPS_RANGE);
	p->weather = (enum weather)property_pick(p, WEATHERS);
	p->wants_stopped = property_pick(p, 4) == 0;
	p->wants_counts = property_pick(p, 8) == 0;
	property_tell(p, "seed %llu: %s, %s, %u containers%s%s", (unsigned long long)p->seed,
		weathers[p->weather], flavour, (unsigned)st.containers,
		p->wants_stopped ? ", stopped ones are shown" : "",
		p->wants_counts ? ", counts are shown" : "");
	ok = sim_open(&p->sim, &st, err);
	if (ok) {
		sim_network_new(&p->sim, "net1");
		sim_network_new(&p->sim, "net2");
		ok = open_engine(p, endpoint, err);
	}
	free(endpoint);
	free(path);
	return ok;
}

static void end(struct property *p)
{
	struct engine_counts counts;

	if (p->engine) {
		engine_get_counts(p->engine, &counts);
		totals.events += counts.events.seen;
		totals.requests += counts.requests;
	}
	totals.faults += p->sim.count.faults_fired;
	totals.passed_ns += property_clock_passed();
	engine_free(p->engine);
	inventory_free(p->inv);
	sim_release(&p->sim);
	event_free(p->timer);
	event_base_loop(p->base, EVLOOP_NONBLOCK);
	event_base_free(p->base);
	property_check_release(p);
	buf_release(&p->told);
}

/* Runs the sequence of a seed; its story is the caller's to release. False if it failed. */
static bool run(uint64_t seed, const char *dir, struct buf *ret_story)
{
	struct property p = {.seed = seed, .random = seed};
	bool ok;

	property_clock_reset(seed);
	p.base = p.sim.base = event_base_new();
	p.timer = evtimer_new(p.base, property_on_timer, &p);
	buf_init(&p.story, STORY_MAX);
	buf_init(&p.told, STORY_MAX);
	current = &p;
	totals.sequences++;
	if (begin(&p, dir, &p.failure)) {
		pause_for(&p, 0);
		event_base_dispatch(p.base);
	}
	end(&p);
	current = NULL;
	ok = !error_is_set(&p.failure);
	if (!ok) {
		totals.failed++;
		printf("seed %llu FAILED: %s\n", (unsigned long long)seed, error_text(&p.failure));
	}
	error_clear(&p.failure);
	*ret_story = p.story;
	return ok;
}

/* The same seed twice: a failure could not be looked into otherwise. */
static void check_repeatable(uint64_t seed, const char *dir)
{
	struct buf first, second;

	run(seed, dir, &first);
	run(seed, dir, &second);
	if (!str_eq(buf_str(&first), buf_str(&second))) {
		printf("seed %llu FAILED: it went another way the second time\n%s\n%s",
			(unsigned long long)seed, buf_cstr(&first), buf_cstr(&second));
		totals.failed++;
	}
	buf_release(&first);
	buf_release(&second);
}

static void run_all(uint64_t first, uint64_t last, const char *dir, bool verbose)
{
	check_repeatable(first, dir);
	for (uint64_t seed = first; seed <= last; seed++) {
		struct buf story;

		if (!run(seed, dir, &story) || verbose)
			fputs(buf_cstr(&story), stdout);
		buf_release(&story);
	}
}

int main(int argc, char **argv)
{
	char dir[] = "/tmp/engine-property-XXXXXX";
	bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	uint64_t first, last;

	argc -= verbose;
	argv += verbose;
	if (argc < 2 || !str_to_u64(str_from(argv[1]), UINT64_MAX - 1, &first) ||
		!str_to_u64(str_from(argv[argc > 2 ? 2 : 1]), UINT64_MAX - 1, &last)) {
		fputs("usage: engine-property [-v] FIRST [LAST]\n", stderr);
		return 2;
	}
	if (!mkdtemp(dir)) {
		perror(dir);
		return 2;
	}
	log_set_sink(on_log);
	log_set_level(LOG_DEBUG);
	run_all(first, last, dir, verbose);
	rmdir(dir);
	printf("%llu sequences, %llu failed: %llu steps, %llu faults, %llu events, %llu requests "
	       "in "
	       "%.1f days of made time\n",
		(unsigned long long)totals.sequences, (unsigned long long)totals.failed,
		(unsigned long long)totals.steps, (unsigned long long)totals.faults,
		(unsigned long long)totals.events, (unsigned long long)totals.requests,
		(double)totals.passed_ns / NS_PER_S / 86400);
	return totals.failed > 0;
}
