/* SPDX-License-Identifier: MIT
 *
 * Masking secrets in arbitrary bytes. What was JSON is JSON afterwards, with the same members and
 * nothing left to mask; what was none harms nobody.
 */
#include "config.h"

#include "base/buf.h"
#include "commands/json_text.h"
#include "commands/redact.h"
#include "fuzz/fuzz.h"
#include "model/shape.h"

static bool is_json(struct str text)
{
	struct shape_decoder *d = shape_decoder_new(&shape_empty, NULL, NULL, text.len + 1);
	bool ok = shape_decoder_feed(d, text.p, text.len, NULL) &&
		shape_decoder_finish(d, NULL, NULL) && json_only_value(text).len;

	shape_decoder_free(d);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_n((const char *)data, size);
	struct buf once, twice;

	buf_init(&once, SIZE_MAX);
	buf_init(&twice, SIZE_MAX);
	redact_json(text, &once);
	if (is_json(text)) {
		FUZZ_CHECK(is_json(buf_str(&once)));
		redact_json(buf_str(&once), &twice);
		FUZZ_CHECK(str_eq(buf_str(&once), buf_str(&twice)));
	}
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
