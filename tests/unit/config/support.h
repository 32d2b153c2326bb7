/* SPDX-License-Identifier: MIT
 *
 * What the tests of the configuration share: texts are given as they would stand in /conf/x.ini.
 */
#ifndef UD_TEST_CONFIG_SUPPORT_H
#define UD_TEST_CONFIG_SUPPORT_H

#include "config/config.h"

#define TEST_PATH "/conf/x.ini"
/* A whole output, after which a test's own keys may stand. */
#define TEST_OUTPUT "[output web]\ntemplate = /t\ndest = /d\n"

/* The configuration that text gives; the test fails if it has errors. To be freed. */
struct config *load_good(const char *text);
/* All errors of text, each followed by a newline, without "/conf/x.ini:"; owned by the caller. The
 * test fails if there are none. */
char *load_bad(const char *text);
/* What is printed for text, owned by the caller. */
char *print_text(const char *text);
/* text has exactly these errors. */
void assert_errors(const char *text, const char *expected);
/* The errors of text are these and more. */
void assert_error_in(const char *text, const char *expected);

#endif
