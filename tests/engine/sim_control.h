/* SPDX-License-Identifier: MIT
 *
 * The control socket: one command per line, a JSON array of strings, as
 *
 *	["run","web1","label.a=b","port=80/tcp"]
 *
 * The answer is lines of text, then a line ".ok" or ".error MESSAGE". `enginesim ctl` speaks it.
 */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

#include "engine/sim.h"

struct sim_control_conn;

struct sim_control *sim_control_new(struct sim *s, const char *path, struct error *err) MUSTCHECK;
void sim_control_free(struct sim_control *ctl);

/* For commands whose answer comes later: keeps the connection, then answers it. A connection that
 * is gone meanwhile is forgotten: sim_control_answer on it does nothing. */
uint64_t sim_control_later(struct sim_control_conn *conn);
void sim_control_answer(struct sim *s, uint64_t ticket, const char *error);

/* sim_commands.c: runs one command. *ret_later: it answers by itself. out gets the answer's lines.
 */
bool sim_command(struct sim *s, const char *const *args, size_t n, struct sim_control_conn *conn,
	struct buf *out, bool *ret_later, struct error *err) MUSTCHECK;
/* A line per command for `enginesim help`. */
void sim_command_help(struct buf *out);

/* sim_commands_test.c: forgets the waiting clients. */
void sim_waiters_free(struct sim *s);

/* sim_counters.c: a counter by its name. */
bool sim_counter_get(struct sim *s, const char *name, uint64_t *ret, struct error *err) MUSTCHECK;
void sim_counters_list(struct sim *s, struct buf *out);

/* `enginesim ctl PATH COMMAND…`: the exit status. */
int sim_ctl_main(int argc, char **argv);

#endif
