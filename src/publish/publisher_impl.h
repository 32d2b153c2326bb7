/* SPDX-License-Identifier: MIT
 *
 * Inside of publish/: what targets see of their publisher.
 */
#ifndef UD_PUBLISHER_IMPL_H
#define UD_PUBLISHER_IMPL_H

#include "proxy/proxy.h"
#include "publish/machine.h"
#include "publish/publisher.h"

struct publisher {
	struct event_base *base;
	struct proxy_services services;
	struct worker *worker;
	struct target_list targets;
	struct reload_groups reloads;
	publisher_cycle_cb *cycle;
	void *cycle_arg;
	int64_t retry_min_ns, retry_max_ns;
};

#endif
