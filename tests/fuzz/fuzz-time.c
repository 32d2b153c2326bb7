/* SPDX-License-Identifier: MIT
 *
 * Times from outside: the first byte says what the rest is.
 *
 *	0	a layout, a newline, text to read with it; what was read is shown and read again
 *	1	a duration, which must read back from its own text
 *	2	eight bytes of a moment, then a zone file to show it with
 *	3	eight bytes of a moment, then the rule at the end of a zone file
 */
#include "config.h"

#include "template/format/time.h"
#include "template/format/zone_data.h"
#include "fuzz/fuzz.h"

#define OUT_MAX (1 << 20)

static struct arena arena;
static struct buf out;

static int64_t take_moment(struct str *s)
{
	uint64_t u = 0;
	size_t n = s->len < 8 ? s->len : 8;

	for (size_t i = 0; i < n; i++)
		u = u << 8 | (unsigned char)s->p[i];
	*s = str_sub(*s, n, s->len);
	return (int64_t)u;
}

static void try_layout(struct str s)
{
	struct go_time t, again;
	struct str layout, text;

	str_cut(s, '\n', &layout, &text);
	if (!time_parse_in(&arena, layout, text, NULL, &t, NULL))
		return;
	time_add(&out, &t, TIME_LAYOUT_STRING);
	time_add_go_syntax(&out, &t);
	buf_clear(&out);
	/* Years and seconds are never lost in this one. */
	layout = STR("2006-01-02T15:04:05.999999999Z07:00:00");
	time_add(&out, &t, layout);
	FUZZ_CHECK(time_parse_in(&arena, layout, buf_str(&out), NULL, &again, NULL));
	FUZZ_CHECK(time_compare(&t, &again) == 0);
}

static void try_duration(struct str s)
{
	int64_t ns, again;

	if (!go_duration_parse(s, &ns, NULL))
		return;
	go_duration_add(&out, ns);
	FUZZ_CHECK(out.len <= DURATION_TEXT_MAX);
	FUZZ_CHECK(go_duration_parse(buf_str(&out), &again, NULL) && ns == again);
}

static void try_zone_file(struct str s)
{
	int64_t sec = take_moment(&s);
	struct location *loc = zone_file_parse(&arena, STR("fuzz"), s);
	struct go_time t;
	int offset;

	if (!loc)
		return;
	t = time_at(sec, 0, loc);
	time_add(&out, &t, TIME_LAYOUT_STRING);
	(void)zone_offset_of_clock(loc, sec / 2);
	(void)!zone_find_name(loc, STR("CET"), sec / 2, &offset);
}

static void try_rule(struct str s)
{
	int64_t sec = take_moment(&s);
	struct zone z;

	if (zone_rule_lookup(s, 0, sec, &z))
		FUZZ_CHECK(z.name.len <= s.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const tries[])(struct str s) = {
		try_layout, try_duration, try_zone_file, try_rule};

	if (size == 0)
		return 0;
	arena_init(&arena);
	buf_init(&out, OUT_MAX);
	tries[data[0] % ARRAY_LEN(tries)](str_n((const char *)data + 1, size - 1));
	buf_release(&out);
	arena_release(&arena);
	return 0;
}
