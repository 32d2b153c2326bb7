/* SPDX-License-Identifier: MIT
 *
 * Small pieces of JSON that field writers share.
 */
#ifndef SIM_WRITE_H
#define SIM_WRITE_H

#include "engine/sim.h"

#define SIM_TIME_MAX 48

/* RFC 3339 with nanoseconds as Go prints them: no trailing zeros; 0 is Go's zero time. */
void write_time(struct buf *out, int64_t ns);
/* "2 seconds", "About a minute" … for the Status text of lists. */
void write_duration(struct buf *out, int64_t ns);
void write_ip(struct buf *out, uint32_t ip);
void write_mac(struct buf *out, const struct sim_endpoint *ep);
void write_bool(struct buf *out, bool b);
/* {"key":"value",…} */
void write_pairs(struct buf *out, const sim_pairs *pairs, bool html);

#endif
