/* SPDX-License-Identifier: MIT
 *
 * A directory, a loop, and targets whose source the test plays: what they render, whether that
 * fails, and what came of each cycle.
 */
#ifndef UD_TEST_RIG_H
#define UD_TEST_RIG_H

#include "base/buf.h"
#include "base/vec.h"
#include "config/config.h"
#include "proxy/proxy.h"
#include "publish/publisher.h"
#include "publish/target.h"
#include "unit/loop.h"

#define MS ((int64_t)NS_PER_MS)

/* What one cycle did. */
struct rig_cycle {
	enum target_result result;
	char *output, *what, *error, *event, *container;
	uint64_t causes;
	size_t containers, bytes;
	int64_t render_ns, check_ns, commit_ns, reload_ns;
};

struct rig {
	struct event_base *base;
	struct children *children;
	struct publisher *pub;
	char dir[64];
	struct config_output output; /* of rig_target; change it before */
	struct target *target;
	VEC(struct rig_cycle) cycles;

	/* The source. */
	const char *text;     /* what is rendered */
	const char *broken;   /* the template error; NULL = none */
	const char *bad_dest; /* the output whose text ends in "bad"; NULL = none */
	bool no_state;	      /* there is nothing to render yet */
	uint64_t hash;	      /* 0 = of text */
	size_t containers;
	unsigned taken;
	bool slow;		       /* the render may hold the loop */
	bool gives_up;		       /* it takes longer than it has, if that is limited */
	void (*hook)(struct buf *out); /* called by each render; NULL = none */
	unsigned *renders;	       /* how many, also in other processes */
};

extern struct rig rig;
/* Lines of the log at level info and more severe, joined by newlines. */
extern struct buf rig_log;

void rig_setup(void);
void rig_teardown(void);

/* dir/name; valid until the fourth call after it. */
const char *rig_path(const char *name);
/* Writes an executable shell script dir/name and returns its path. */
const char *rig_script(const char *name, const char *body);
void rig_write(const char *name, const char *text);
/* The contents of dir/name, "" if there is no such file; valid until the next call. */
const char *rig_read(const char *name);
bool rig_exists(const char *name);
/* Files in dir that begin with prefix. */
size_t rig_count(const char *prefix);
/* Lines in dir/name. */
size_t rig_lines(const char *name);

void rig_set_command(struct config_command *command, const char *text);
/* Makes an output called name with dest dir/name; to be given to rig_new_target. */
void rig_output(struct config_output *output, const char *name);
void rig_output_release(struct config_output *output);
struct target *rig_new_target(const struct config_output *output);
/* rig.target from rig.output. */
void rig_target(void);
void rig_notify(const char *event, const char *container);
/* Notifies, waits until all is done, and returns the last cycle. */
const struct rig_cycle *rig_cycle(void);
void rig_wait_idle(void);

#endif
