/* SPDX-License-Identifier: MIT
 *
 * Answers of real engines, from tests/captures. A test that asks for one that is not there fails.
 */
#ifndef UD_TEST_CAPTURE_H
#define UD_TEST_CAPTURE_H

#include "base/buf.h"

/* A file below tests/captures. */
struct buf read_capture(const char *name);
/* The body of a recorded answer, which is a 200. */
struct buf capture_body(const char *name);

#endif
