/* SPDX-License-Identifier: MIT
 *
 * The daemon: configuration, engine, inventory and outputs, wired to each other on one loop.
 */
#ifndef UD_DAEMON_H
#define UD_DAEMON_H

struct cli_options;

/* Runs until SIGTERM or SIGINT; returns an exit status of enum cli_exit. SIGHUP reads the
 * configuration again. */
int daemon_run(const struct cli_options *options);

#endif
