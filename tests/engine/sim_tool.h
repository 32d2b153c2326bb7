/* SPDX-License-Identifier: MIT
 *
 * Two small tools for shell tests, in the same program:
 *
 *	enginesim get [-0] [-I] SOCKET TARGET [HEADER…]   one request, the raw answer to stdout
 *	enginesim shape                                   stdin: a raw answer; stdout: its shape
 *
 * A shape is what two answers of one engine have in common: the head without what differs from
 * one transfer to the next, how the body is framed, and the path and type of every member; of an
 * event stream a line per event with its members' and attributes' names in order.
 */
#ifndef SIM_TOOL_H
#define SIM_TOOL_H

int sim_get_main(int argc, char **argv);
int sim_shape_main(void);

#endif
