/* SPDX-License-Identifier: MIT
 *
 * Runs a fuzz target once for each file named, where there is no libFuzzer.
 */
#include "config.h"

#include "base/file.h"
#include "fuzz/fuzz.h"

#define INPUT_MAX ((size_t)16 << 20)

int main(int argc, char **argv)
{
	struct error err = ERROR_INIT;
	struct buf input;
	int status = argc > 1 ? 0 : 1;

	buf_init(&input, INPUT_MAX);
	for (int i = 1; i < argc && status == 0; i++) {
		buf_clear(&input);
		if (file_read(argv[i], INPUT_MAX, &input, &err)) {
			LLVMFuzzerTestOneInput((const uint8_t *)buf_cstr(&input), input.len);
		} else {
			fprintf(stderr, "%s\n", error_text(&err));
			status = 1;
		}
	}
	error_clear(&err);
	buf_release(&input);
	return status;
}
