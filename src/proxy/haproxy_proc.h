/* SPDX-License-Identifier: MIT
 *
 * Reading the table that HAProxy's master gives for "show proc". Pure.
 */
#ifndef UD_PROXY_HAPROXY_PROC_H
#define UD_PROXY_HAPROXY_PROC_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

/* Present workers that are looked at; there is one, but old versions had nbproc. */
#define HAPROXY_WORKERS_MAX 64

/* Present workers only, not those that finish. */
struct haproxy_proc {
	int64_t master;
	uint64_t reloads, failed; /* of the master; failed since the last one that went well */
	size_t n_workers;
	struct {
		int64_t pid;
		uint64_t reloads; /* that it has outlived */
	} workers[HAPROXY_WORKERS_MAX];
};

bool haproxy_proc_read(struct str text, struct haproxy_proc *ret, struct error *err) MUSTCHECK;
/* A worker runs that was started by the newest reload, and was not there before. */
bool haproxy_proc_has_new(const struct haproxy_proc *before, const struct haproxy_proc *now);
/* A reload was tried since, and failed. */
bool haproxy_proc_has_failed(const struct haproxy_proc *before, const struct haproxy_proc *now);

#endif
