/* SPDX-License-Identifier: MIT
 *
 * IP addresses as Go's net/netip reads them.
 */
#ifndef UD_TEMPLATE_IP_ADDRESS_H
#define UD_TEMPLATE_IP_ADDRESS_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>

struct ip_address {
	unsigned char bytes[16]; /* the first 4 of IPv4 */
	bool is_v4;
	struct str zone; /* part of what was read */
};

/* The error is Go's: `ParseAddr("S"): …`. */
bool ip_address_parse(struct str s, struct ip_address *ret, struct error *err) MUSTCHECK;

#endif
