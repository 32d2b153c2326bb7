/* SPDX-License-Identifier: MIT
 *
 * Asserting what a template gives: data is JSON, the template is called "t".
 */
#ifndef UD_TESTS_RENDERING_H
#define UD_TESTS_RENDERING_H

#include "template/template.h"

#define assert_renders(text, data, want)                                                           \
	check_renders(__FILE__, __LINE__, text, data, NULL, want, NULL)
/* The whole error text; before is the output that was written until then. */
#define assert_fails(text, data, before, error)                                                    \
	check_renders(__FILE__, __LINE__, text, data, NULL, before, error)
#define assert_fails_limited(text, data, limits, error)                                            \
	check_renders(__FILE__, __LINE__, text, data, limits, NULL, error)

/* want NULL: any output; error NULL: no error. */
void check_renders(const char *file, int line, const char *text, const char *data,
	const struct template_limits *limits, const char *want, const char *error);

#endif
