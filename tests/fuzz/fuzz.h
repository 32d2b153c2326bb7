/* SPDX-License-Identifier: MIT
 *
 * What fuzz targets share. A target is one file with LLVMFuzzerTestOneInput and its seeds in
 * corpus/NAME/; with --enable-fuzzer it is linked with libFuzzer, otherwise with replay.c, which
 * runs the seeds as a test.
 */
#ifndef UD_FUZZ_H
#define UD_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold, whatever the input is. */
#define FUZZ_CHECK(condition)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,          \
				#condition);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
