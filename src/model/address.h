/* SPDX-License-Identifier: MIT
 *
 * At which addresses templates see a container. The engine's own word, as docker-gen hands it on,
 *is what a proxy on the same host and network needs; rules put something else in its place:
 *
 *	published    the container is reached through its published ports, at the host's address
 *	host         a container in the host's network is reached at this address
 *	follow       one that shares the network of another one is reached where that one is
 *
 * A container that does not run has no address, whatever the engine still remembers.
 */
#ifndef UD_MODEL_ADDRESS_H
#define UD_MODEL_ADDRESS_H

#include "base/base.h"
#include "base/str.h"

#include <stdbool.h>

struct container;

/* Strings are borrowed; p NULL: not set. */
struct address_rules {
	struct str published; /* name or address of the engine's host */
	struct str host;      /* of containers in its network; published if that alone is set */
	bool follow;
};

/* Whether c has the network of another container; *ret_owner is what the engine calls that one: its
 * id, or with some engines its name. */
bool address_is_shared(const struct container *c, struct str *ret_owner);
/* c as templates see it, one reference: c itself where no rule applies, else a copy that shares its
 * memory. owner is the container whose network it shares, as templates see that one; NULL if it is
 * unknown or does not run. */
struct container *address_apply(
	const struct address_rules *rules, struct container *c, struct container *owner);

#endif
