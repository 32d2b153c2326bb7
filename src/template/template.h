/* SPDX-License-Identifier: MIT
 *
 * Go's text/template with the functions of docker-gen and sprig. Calling sequence:
 *
 *	struct template_set *set = template_set_new();
 *	struct template_options options = {.env = env};
 *	struct buf out;
 *
 *	buf_init(&out, TEMPLATE_OUTPUT_MAX);
 *	if (!template_parse(set, "web.tmpl", text, &err) ||
 *	    !template_render(set, STR("web.tmpl"), root, &options, &out, &err))
 *		log_error("%s", error_text(&err));
 *
 * A set is parsed once and rendered as often as one likes; it owns its trees and copies the texts.
 * A failed parse leaves the set as it was. A render borrows root and the options, keeps nothing,
 * and leaves in out what it had written when it failed. Error texts are Go's, with the template's
 * name, line and column; no error of one render reaches the next.
 *
 * Every TEMPLATE_*_MAX is a limit that makes an error of the parse or the render that hits it;
 * those of a render can be set lower by struct template_limits.
 */
#ifndef UD_TEMPLATE_TEMPLATE_H
#define UD_TEMPLATE_TEMPLATE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "value/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of one template text. */
#define TEMPLATE_TEXT_MAX ((size_t)8 << 20)
/* Parentheses within each other in one action. */
#define TEMPLATE_PARENS_MAX 10000
/* Blocks (if, range, with, define, block) within each other; each "else if" is one more. */
#define TEMPLATE_BLOCKS_MAX 10000
/* Commands in one pipeline. */
#define TEMPLATE_COMMANDS_MAX 100000
/* Templates that call each other. */
#define TEMPLATE_DEPTH_MAX 100000
/* Calls of the function eval within each other. */
#define TEMPLATE_EVAL_MAX 100
/* Rounds of loops and calls of templates in one render. */
#define TEMPLATE_STEPS_MAX ((uint64_t)100000000)
/* Bytes of output of one render. */
#define TEMPLATE_OUTPUT_MAX ((size_t)256 << 20)
/* Bytes of memory of one render, output aside. */
#define TEMPLATE_MEMORY_MAX ((size_t)1 << 30)
/* Bytes of one string that a function makes. */
#define TEMPLATE_STRING_MAX ((size_t)64 << 20)

/* Limits of a render; 0 is the constant above. */
struct template_limits {
	unsigned depth;
	uint64_t steps;
	size_t memory;
	size_t string;
};

/* What a render took. */
struct template_usage {
	uint64_t steps; /* rounds of loops and calls of templates */
	size_t memory;	/* bytes at most at one time, output aside */
};

/* What a render is told besides its data. Borrowed. */
struct template_options {
	struct value env; /* map[string]string, what env and expandenv see; or VALUE_NONE: empty */
	bool sandbox;	  /* env, expandenv, getHostByName and files give nothing */
	/* Directories, absolute: exists, include and dir see only what lies in one of them, all
	 * else is an error of the render. None: whatever the process may read. */
	char *const *file_dirs;
	size_t n_file_dirs;
	struct template_limits limits;
	struct template_usage *usage; /* written at the end; NULL: not wanted */
	/* The render gives up when it finds that this time (clock_mono_ns) has passed, which it looks
	 * for every some rounds of loops and calls of templates: it fails, and *ret_gave_up is true.
	 * 0: it never does. */
	int64_t give_up_ns;
	bool *ret_gave_up;
};

/* What is known of a set before it runs, from the functions that it uses. */
struct template_traits {
	bool slow;   /* key generation, name look-ups …: may hold the loop, render it in a fork */
	bool varies; /* clock, random numbers …: equal data does not mean equal output */
};

/* Where a parse failed, in the text that it was given. */
struct template_failure {
	uint32_t line;   /* from 1 */
	uint32_t column; /* bytes, from 0 */
};

struct template_set;

struct template_set *template_set_new(void) __attribute__((returns_nonnull));
void template_set_free(struct template_set *set);

/* Parses text as the template called name and adds it, with what it defines, to the set. A
 * definition replaces an earlier text's one of the same name unless it is empty. */
bool template_parse(
	struct template_set *set, const char *name, struct str text, struct error *err) MUSTCHECK;
/* Of the last template_parse, which failed. The line is that of the error's text. */
struct template_failure template_parse_failure(const struct template_set *set);
/* Renders the template called name with root as "." and "$"; appends to out. */
bool template_render(const struct template_set *set, struct str name, struct value root,
	const struct template_options *options, struct buf *out, struct error *err) MUSTCHECK;
bool template_exists(const struct template_set *set, struct str name);
struct template_traits template_set_traits(const struct template_set *set);
/* Whether an action names a field or method called so (of whatever value). */
bool template_set_names(const struct template_set *set, struct str field);
/* Whether one does anything with such a value but read a field of it or put it into a dict (set,
 * dict): prints it, hands it to a function or template, assigns it. */
bool template_set_uses_whole(const struct template_set *set, struct str field);

#endif
