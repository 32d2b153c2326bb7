/* SPDX-License-Identifier: MIT
 *
 * Where the result of a command goes: standard output, or a file that is swapped in whole.
 */
#ifndef UD_COMMANDS_PRINT_H
#define UD_COMMANDS_PRINT_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <sys/types.h>

/* Writes bytes to standard output. */
bool print_bytes(struct str bytes, struct error *err) MUSTCHECK;
/* Makes bytes the contents of path, unless they are already. Symbolic links are followed; mode 0: that
 * of the old file, or CANDIDATE_NEW_MODE. A signal that would end the process waits until the file
 * is whole. path NULL or "-" is standard output. */
bool print_file(const char *path, mode_t mode, struct str bytes, struct error *err) MUSTCHECK;

#endif
