/* SPDX-License-Identifier: MIT
 *
 * Recordings from arbitrary bytes, as a bug report may bring one: refused with a message, or every
 * piece lies within the file.
 */
#include "config.h"

#include "engine/record.h"
#include "engine/replay.h"
#include "fuzz/fuzz.h"

#include <string.h>

#define ASKED_MAX 8

static void check_exchange(const struct replay_exchange *x)
{
	size_t bytes = 0;

	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < x->pieces[i].bytes.len; k++)
			bytes += (unsigned char)x->pieces[i].bytes.p[k] & 1u;
	FUZZ_CHECK(bytes <= RECORD_BYTES_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str paths[] = {STR_INIT("/events"), STR_INIT("/_ping"), STR_INIT("/a"),
		STR_INIT("/v1.44/a"), STR_INIT("/")};
	struct error err = ERROR_INIT;
	struct replay *p = replay_read(str_n((const char *)data, size), "x.rec", &err);

	FUZZ_CHECK(p ? !error_is_set(&err) : error_is_set(&err));
	for (int i = 0; p && i < ASKED_MAX; i++) {
		const struct replay_exchange *x =
			replay_next(p, STR("GET"), paths[(size_t)i % ARRAY_LEN(paths)]);

		if (x)
			check_exchange(x);
	}
	replay_free(p);
	error_clear(&err);
	return 0;
}
