/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/map.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Keys "0".."n-1" point to their places in values. */
#define MANY 5000

static int values[MANY];

static struct str key_of(int i)
{
	static char text[16];

	snprintf(text, sizeof(text), "%d", i);
	return str_from(text);
}

static void assert_sane(const struct smap *m)
{
	size_t live = 0, pos = 0;

	while (smap_next(m, &pos))
		live++;
	cr_assert_eq(live, m->n);
	cr_assert_leq(m->n, m->used);
	cr_assert(m->cap == 0 || m->used < m->cap);
}

Test(map, an_empty_map_has_nothing)
{
	struct smap m = SMAP_INIT;
	size_t pos = 0;

	cr_assert_null(smap_get(&m, STR("a")));
	cr_assert_null(smap_remove(&m, STR("a")));
	cr_assert_null(smap_next(&m, &pos));
	smap_clear(&m);
	smap_release(&m);
}

Test(map, put_gives_back_the_value_before)
{
	struct smap m = SMAP_INIT;

	cr_assert_null(smap_put(&m, STR("a"), &values[0]));
	cr_assert_eq(smap_put(&m, STR("a"), &values[1]), &values[0]);
	cr_assert_eq(smap_get(&m, STR("a")), &values[1]);
	cr_assert_eq(m.n, 1);
	smap_release(&m);
}

Test(map, keys_are_copied_and_may_hold_anything)
{
	struct smap m = SMAP_INIT;
	char key[] = "key";

	smap_put(&m, str_from(key), &values[0]);
	key[0] = 'x';
	cr_assert_eq(smap_get(&m, STR("key")), &values[0]);
	smap_put(&m, str_n("a\0b", 3), &values[1]);
	smap_put(&m, str_n("a\0c", 3), &values[2]);
	cr_assert_eq(smap_get(&m, str_n("a\0b", 3)), &values[1]);
	smap_put(&m, STR(""), &values[3]);
	cr_assert_eq(smap_get(&m, (struct str){NULL, 0}), &values[3]);
	smap_release(&m);
}

Test(map, thousands_of_keys_are_all_found)
{
	struct smap m = SMAP_INIT;

	for (int i = 0; i < MANY; i++)
		cr_assert_null(smap_put(&m, key_of(i), &values[i]));
	assert_sane(&m);
	cr_assert_eq(m.n, MANY);
	for (int i = 0; i < MANY; i++)
		cr_assert_eq(smap_get(&m, key_of(i)), &values[i]);
	cr_assert_null(smap_get(&m, key_of(MANY)));
	smap_release(&m);
}

Test(map, removed_keys_do_not_hide_others)
{
	struct smap m = SMAP_INIT;

	for (int i = 0; i < MANY; i++)
		smap_put(&m, key_of(i), &values[i]);
	for (int i = 0; i < MANY; i += 2)
		cr_assert_eq(smap_remove(&m, key_of(i)), &values[i]);
	assert_sane(&m);
	for (int i = 0; i < MANY; i++)
		cr_assert_eq(smap_get(&m, key_of(i)), i % 2 ? &values[i] : NULL);
	for (int i = 0; i < MANY; i += 2)
		cr_assert_null(smap_put(&m, key_of(i), &values[i]));
	cr_assert_eq(m.n, MANY);
	assert_sane(&m);
	smap_release(&m);
}

Test(map, coming_and_going_does_not_make_it_grow)
{
	struct smap m = SMAP_INIT;
	size_t cap;

	smap_put(&m, STR("stays"), &values[0]);
	cap = m.cap;
	for (int i = 0; i < MANY; i++) {
		smap_put(&m, key_of(i), &values[i]);
		cr_assert_eq(smap_remove(&m, key_of(i)), &values[i]);
	}
	cr_assert_leq(m.cap, cap * 2);
	cr_assert_eq(smap_get(&m, STR("stays")), &values[0]);
	assert_sane(&m);
	smap_release(&m);
}

Test(map, a_loop_visits_each_entry_once_and_may_remove_it)
{
	struct smap m = SMAP_INIT;
	struct map_entry *e;
	size_t seen = 0;

	for (int i = 0; i < 100; i++)
		smap_put(&m, key_of(i), &values[i]);
	map_each (&m, e) {
		seen++;
		smap_remove(&m, e->key);
	}
	cr_assert_eq(seen, 100);
	cr_assert_eq(m.n, 0);
	assert_sane(&m);
	smap_release(&m);
}

Test(map, clear_empties_it_for_use)
{
	struct smap m = SMAP_INIT;

	for (int i = 0; i < 100; i++)
		smap_put(&m, key_of(i), &values[i]);
	smap_clear(&m);
	cr_assert_null(smap_get(&m, key_of(5)));
	smap_put(&m, STR("a"), &values[0]);
	cr_assert_eq(m.n, 1);
	assert_sane(&m);
	smap_release(&m);
}
