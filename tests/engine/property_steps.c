/* SPDX-License-Identifier: MIT
 *
 * What may happen to an emulated engine, one row each with how often. Everything is a command of
 * the emulator, so that a story can be told again by hand. A command that makes no sense at that
 * moment is refused by the emulator and does nothing.
 */
#include "config.h"

#include "engine/property.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim_control.h"
#include "engine/sim_publish.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MAX	16
#define COMMAND_MAX	512
#define CONTAINERS_MOST 14
#define FAULTS_MOST	4

uint64_t property_pick(struct property *p, uint64_t n)
{
	return property_random(&p->random) % n;
}

/* Runs a command, its words separated by single blanks. */
static void act(struct property *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void act(struct property *p, const char *fmt, ...)
{
	char line[COMMAND_MAX], words[COMMAND_MAX];
	const char *args[WORDS_MAX];
	struct error err = ERROR_INIT;
	size_t n = 0;
	bool later;
	struct buf out;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	memcpy(words, line, sizeof(line));
	for (char *word = strtok(words, " "); word && n < WORDS_MAX; word = strtok(NULL, " "))
		args[n++] = word;
	buf_init(&out, (size_t)1 << 20);
	if (sim_command(&p->sim, args, n, NULL, &out, &later, &err))
		property_tell(p, "%s", line);
	else
		property_tell(p, "%s (refused: %s)", line, error_text(&err));
	error_clear(&err);
	buf_release(&out);
}

/* The id of any container; NULL if there is none. */
static const char *any(struct property *p)
{
	size_t n = p->sim.containers.n;

	return n ? p->sim.containers.v[property_pick(p, n)]->id : NULL;
}

/* --- containers ------------------------------------------------------------------ */

static void options(struct property *p, char *out, size_t size)
{
	static const char *const choices[] = {"", " network=net1", " network=net2",
		" network=net1:app", " health=starting", " restart=always", " mode=host",
		" label.tier=web", " env.A=1"};
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < 3; i++)
		len += (size_t)snprintf(
			out + len, size - len, "%s", choices[property_pick(p, ARRAY_LEN(choices))]);
	if (property_pick(p, 2))
		snprintf(out + len, size - len, " port=80/tcp@%u", 20000 + p->names);
}

static void step_new(struct property *p)
{
	char with[256];

	if (p->sim.containers.n >= CONTAINERS_MOST)
		return;
	p->names++;
	options(p, with, sizeof(with));
	act(p, "%s n%u%s", property_pick(p, 4) ? "run" : "create", p->names, with);
}

/* A command about a container; most engines' users give these. */
static void step_container(struct property *p)
{
	static const char *const commands[] = {"start", "start", "stop", "kill", "die", "restart",
		"loop", "pause", "unpause", "unpause", "update", "exec", "start-fails"};
	const char *id = any(p);

	if (id)
		act(p, "%s %s", commands[property_pick(p, ARRAY_LEN(commands))], id);
}

static void step_remove(struct property *p)
{
	const char *id = any(p);

	if (id)
		act(p, "remove %s", id);
}

static void step_rename(struct property *p)
{
	const char *id = any(p);

	if (id)
		act(p, "rename %s n%u", id, ++p->names);
}

static void step_health(struct property *p)
{
	static const char *const words[] = {"healthy", "unhealthy", "starting"};
	size_t n = p->sim.containers.n;
	const struct sim_container *c = n ? p->sim.containers.v[property_pick(p, n)] : NULL;

	if (c && c->health && c->status == SIM_RUNNING)
		act(p, "health %s %s", c->id, words[property_pick(p, ARRAY_LEN(words))]);
}

static void step_network(struct property *p)
{
	size_t n = p->sim.containers.n;
	const struct sim_container *c = n ? p->sim.containers.v[property_pick(p, n)] : NULL;

	if (c && c->mode == SIM_MODE_NETWORK)
		act(p, "%s net%u %s", property_pick(p, 2) ? "connect" : "disconnect",
			(unsigned)property_pick(p, 2) + 1, c->id);
}

/* --- faults ------------------------------------------------------------------------ */

static const char *endpoint(struct property *p)
{
	static const char *const words[] = {"inspect", "inspect", "inspect", "list", "list",
		"events", "ping", "networks", "network", "info", "version"};

	return words[property_pick(p, ARRAY_LEN(words))];
}

/* Some answers of one kind are spoilt. */
static void step_fault(struct property *p)
{
	static const char *const kinds[] = {"status status=500", "status status=500",
		"status status=503", "hang", "drop", "drop reset", "close", "malformed",
		"delay ms=700", "delay ms=8000", "cut bytes=40", "cut bytes=400 reset",
		"cut bytes=3000", "slow ms=5 bytes=200", "header bytes=100000"};

	if (p->sim.faults.n < FAULTS_MOST)
		act(p, "fault %s endpoint=%s times=%u after=%u",
			kinds[property_pick(p, ARRAY_LEN(kinds))], endpoint(p),
			(unsigned)property_pick(p, 4) + 1, (unsigned)property_pick(p, 2));
}

/* All answers of one kind, or all, until somebody repairs it. */
static void step_outage(struct property *p)
{
	static const char *const kinds[] = {"status status=500", "hang", "drop", "delay ms=3000"};
	const char *kind = kinds[property_pick(p, ARRAY_LEN(kinds))];

	if (property_pick(p, 2))
		act(p, "fault %s", kind);
	else
		act(p, "fault %s endpoint=%s", kind, endpoint(p));
}

static void step_repair(struct property *p)
{
	act(p, "unfault");
}

static void step_disturb(struct property *p)
{
	static const char *const kinds[] = {"lose", "late", "again"};

	act(p, "disturb %s %u", kinds[property_pick(p, ARRAY_LEN(kinds))],
		(unsigned)property_pick(p, 12) + 1);
}

static void step_cut(struct property *p)
{
	static const char *const kinds[] = {
		"now", "now reset", "end", "chunk", "json", "500", "1200 reset"};

	act(p, "cut %s", kinds[property_pick(p, ARRAY_LEN(kinds))]);
}

static void step_rubbish(struct property *p)
{
	static const char *const texts[] = {"{", "{\"Type\":\"container\",\"Action\":1}", "]",
		"{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"\"}}",
		"{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"feed\"}}"};

	act(p, "emit %s", texts[property_pick(p, ARRAY_LEN(texts))]);
}

/* --- the engine itself --------------------------------------------------------------- */

static void engine_up(struct property *p)
{
	if (p->down)
		act(p, "engine-start");
	else if (p->refusing)
		act(p, "listen");
	p->down = p->refusing = false;
}

static void step_engine(struct property *p)
{
	static const char *const ends[] = {
		"engine-stop", "engine-stop live-restore", "engine-kill"};

	if (p->down || p->refusing) {
		engine_up(p);
		return;
	}
	p->down = true;
	act(p, "%s", ends[property_pick(p, ARRAY_LEN(ends))]);
}

static void step_refuse(struct property *p)
{
	if (p->down || p->refusing) {
		engine_up(p);
		return;
	}
	p->refusing = true;
	act(p, property_pick(p, 2) ? "refuse gone" : "refuse");
}

static void step_idle_close(struct property *p)
{
	act(p, "idle-close");
}

void property_heal(struct property *p)
{
	property_tell(p, "healed");
	act(p, "unfault");
	sim_publisher_disturb(&p->sim, SIM_UNDISTURBED, 0);
	engine_up(p);
}

/* --- the choice ----------------------------------------------------------------------- */

static const struct step {
	unsigned weight;
	enum weather least; /* it needs to be so bad */
	void (*run)(struct property *p);
} steps[] = {
	{10, CALM, step_new},
	{30, CALM, step_container},
	{4, CALM, step_remove},
	{3, CALM, step_rename},
	{4, CALM, step_health},
	{6, CALM, step_network},
	{8, FAULTS, step_fault},
	{2, FAULTS, step_outage},
	{4, FAULTS, step_repair},
	{6, STORM, step_disturb},
	{4, FAULTS, step_cut},
	{2, FAULTS, step_rubbish},
	{3, FAULTS, step_engine},
	{2, FAULTS, step_refuse},
	{1, FAULTS, step_idle_close},
};

/* Mostly nothing or little, sometimes long: what overlaps is what matters. */
static int64_t pause_ns(struct property *p)
{
	static const int64_t most_ms[] = {1, 1, 3, 30, 30, 300, 2000, 15000, 60000};
	int64_t most = most_ms[property_pick(p, ARRAY_LEN(most_ms))] * NS_PER_MS;

	return (int64_t)property_pick(p, (uint64_t)most);
}

static uint64_t weight(const struct property *p, const struct step *step)
{
	return p->weather >= step->least ? step->weight : 0;
}

int64_t property_step(struct property *p)
{
	uint64_t all = 0, at;

	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		all += weight(p, &steps[i]);
	at = property_pick(p, all);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (at < weight(p, &steps[i])) {
			steps[i].run(p);
			break;
		}
		at -= weight(p, &steps[i]);
	}
	return pause_ns(p);
}
