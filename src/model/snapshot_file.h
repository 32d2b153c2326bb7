/* SPDX-License-Identifier: MIT
 *
 * A snapshot out of a file: what an engine would have answered, as one JSON object
 *
 *	{"containers": [inspect, ...], "networks": [...], "info": {}, "version": {},
 *	 "env": {"KEY": "VALUE"}, "current_id": "..."}
 *
 * for tests, and for rendering without an engine. Everything but containers may be absent. The
 * containers keep their order; one that cannot be decoded is left out, as docker-gen leaves it out.
 */
#ifndef UD_MODEL_SNAPSHOT_FILE_H
#define UD_MODEL_SNAPSHOT_FILE_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

/* Bytes of such a file. */
#define SNAPSHOT_FILE_MAX ((size_t)256 * 1024 * 1024)

struct snapshot;

/* on_bad (may be NULL) is told of each container that is left out. NULL and *err if json is no
 * such object. */
struct snapshot *snapshot_from_json(struct str json,
	void (*on_bad)(const char *why, void *arg), void *arg, struct error *err) MUSTCHECK;
struct snapshot *snapshot_from_file(const char *path,
	void (*on_bad)(const char *why, void *arg), void *arg, struct error *err) MUSTCHECK;

#endif
