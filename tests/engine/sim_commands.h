/* SPDX-License-Identifier: MIT
 *
 * What commands are given, and those that concern the emulator and not its containers
 * (sim_commands_test.c); the table of all is in sim_commands.c.
 */
#ifndef SIM_COMMANDS_H
#define SIM_COMMANDS_H

#include "engine/sim_control.h"

struct call {
	struct sim *s;
	const char *const *args; /* without the command's name */
	size_t n;
	struct sim_control_conn *conn;
	struct buf *out;
	bool later; /* the command answers by itself */
	struct error *err;
};

/* The argument as a number. */
bool sim_take_number(struct call *c, size_t i, uint64_t max, uint64_t *ret);
/* The container or network of that name; an error if there is none. */
bool sim_take_container(struct call *c, const char *ref, struct sim_container **ret);

bool sim_cmd_burst(struct call *c);
bool sim_cmd_counters(struct call *c);
bool sim_cmd_get(struct call *c);
bool sim_cmd_requests(struct call *c);
bool sim_cmd_reset(struct call *c);
bool sim_cmd_wait(struct call *c);
bool sim_cmd_list(struct call *c);
bool sim_cmd_inspect(struct call *c);
bool sim_cmd_fault(struct call *c);
bool sim_cmd_faults(struct call *c);
bool sim_cmd_unfault(struct call *c);
bool sim_cmd_cut(struct call *c);
bool sim_cmd_disturb(struct call *c);
bool sim_cmd_idle_close(struct call *c);
bool sim_cmd_refuse(struct call *c);
bool sim_cmd_listen(struct call *c);
bool sim_cmd_engine_kill(struct call *c);
bool sim_cmd_engine_stop(struct call *c);
bool sim_cmd_engine_start(struct call *c);
bool sim_cmd_quit(struct call *c);

#endif
