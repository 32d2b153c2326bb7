/* SPDX-License-Identifier: MIT
 *
 * Statements as flat code: each instruction runs and gives the one to run next, NULL at the end of
 * the run. Blocks become jumps, so that only the expressions within an action use the C stack.
 */
#ifndef UD_TEMPLATE_CODE_H
#define UD_TEMPLATE_CODE_H

#include "base/arena.h"
#include "template/ast.h"
#include "template/tree.h"

#include <stdint.h>

struct instr {
	const struct instr *(*run)(struct render *r, const struct instr *in);
	const struct node *node;
	const struct instr *jump; /* where to go on if not at the next one */
	const struct tree *tree;  /* of a template action, NULL if it is not defined */
	uint32_t a, b;		  /* slots to unset, frames to drop */
};

/* Makes the code of a bound tree; templates it calls are looked up in set. */
void code_make(struct tree *tree, struct template_set *set);

/* The instructions, in exec.c. */
const struct instr *exec_text(struct render *r, const struct instr *in);
const struct instr *exec_print(struct render *r, const struct instr *in);
const struct instr *exec_evaluate(struct render *r, const struct instr *in);
const struct instr *exec_unset(struct render *r, const struct instr *in);
const struct instr *exec_if(struct render *r, const struct instr *in);
const struct instr *exec_with(struct render *r, const struct instr *in);
const struct instr *exec_end_with(struct render *r, const struct instr *in);
const struct instr *exec_range(struct render *r, const struct instr *in);
const struct instr *exec_next(struct render *r, const struct instr *in);
const struct instr *exec_jump(struct render *r, const struct instr *in);
const struct instr *exec_leave(struct render *r, const struct instr *in);
const struct instr *exec_template(struct render *r, const struct instr *in);
const struct instr *exec_return(struct render *r, const struct instr *in);

#endif
