/* SPDX-License-Identifier: MIT
 *
 * Lines of template sources as people see them: of any bytes and any place two lines come out, or
 * none, with nothing in them that a terminal would take for a command. The places themselves are read
 * out of the same bytes as if they were an error.
 */
#include "config.h"

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "template/source_view.h"

static void check_shown(struct str view)
{
	size_t lines = 0;

	FUZZ_CHECK(utf8_valid(view));
	for (size_t i = 0; i < view.len; i++) {
		lines += view.p[i] == '\n';
		FUZZ_CHECK(view.p[i] == '\n' || (unsigned char)view.p[i] >= 0x20);
		FUZZ_CHECK(view.p[i] != 0x7f);
	}
	FUZZ_CHECK(lines == 0 || lines == 2);
	FUZZ_CHECK(lines == 0 || view.p[view.len - 1] == '\n');
}

static void check_places(struct str text)
{
	struct source_place place;
	size_t at = 0, before = 0;

	while (source_place_next(text, &at, &place)) {
		FUZZ_CHECK(at > before && at <= text.len);
		FUZZ_CHECK(place.name.p >= text.p && place.name.p + place.name.len <= text.p + text.len);
		before = at;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_n((const char *)data, size), source;
	struct source_place place = {.has_column = true};
	struct buf out;

	if (size < 3)
		return 0;
	place.line = data[0];
	place.column = (uint32_t)data[1] << 8 | data[2];
	source = str_sub(text, 3, size);
	buf_init(&out, SIZE_MAX);
	source_view_add(&out, source, &place, false);
	check_shown(buf_str(&out));
	buf_release(&out);
	check_places(source);
	return 0;
}
