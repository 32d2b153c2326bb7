/* SPDX-License-Identifier: MIT
 *
 * The template files of one output: read and parsed when they are first needed and again when they
 * changed, watched by their directories. Calling sequence:
 *
 *	struct templates *t = templates_new(base, paths, n, on_change, arg);
 *	templates_render(t, root, &options, &out, &err);
 *	templates_free(t);
 *
 * The first file is the main one: it is what is rendered; what the others define can be used in it.
 * A template's name, in `template` actions and in errors, is its file's base name.
 */
#ifndef UD_TEMPLATES_H
#define UD_TEMPLATES_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "template/template.h"
#include "value/value.h"

#include <stddef.h>
#include <stdint.h>

struct event_base;
struct templates;

/* Called from the loop when a file may have changed. May not free the templates. */
typedef void templates_change_cb(void *arg);

/* base NULL: the files are read once, on_change is not called. paths (n > 0) are copied. Never
 * fails: a file or directory that is not there is an error of the render, and is watched for as far
 * as can be. */
struct templates *templates_new(struct event_base *base, char *const *paths, size_t n,
	templates_change_cb *on_change, void *arg) __attribute__((returns_nonnull));
void templates_free(struct templates *t);
/* Reads and parses the files if they changed; without it, templates_render does. */
bool templates_prepare(struct templates *t, struct error *err) MUSTCHECK;
/* Renders the main template with root; reads and parses the files first if they changed. Errors
 * name the file; those of the template language are Go's. */
bool templates_render(struct templates *t, struct value root,
	const struct template_options *options, struct buf *out, struct error *err) MUSTCHECK;
/* Name of the main template, in the set. Borrowed. */
struct str templates_main(const struct templates *t);
/* Appends the lines of the files that err, of one of these functions, names, each with a mark below
 * the place; nothing if it names none. */
void templates_show(const struct templates *t, const struct error *err, bool colour,
	struct buf *out);
/* Goes up with each change of the files that was seen. */
uint64_t templates_version(const struct templates *t);
/* What is known of the files as they were parsed last; nothing while they are not. */
struct template_traits templates_traits(const struct templates *t);
/* The files as they were parsed last, for what else is to be known of them; NULL while they are not.
 * Borrowed, valid until the next call that takes a struct templates without const. */
const struct template_set *templates_set(const struct templates *t);

#endif
