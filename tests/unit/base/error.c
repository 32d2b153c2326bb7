/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/error.h"

#include <criterion/criterion.h>
#include <errno.h>

Test(error, a_new_one_is_not_set)
{
	struct error err = ERROR_INIT;

	cr_assert(!error_is_set(&err));
	cr_assert_str_eq(error_text(&err), "no error");
	error_clear(&err);
}

Test(error, every_setter_returns_false_and_replaces)
{
	struct error err = ERROR_INIT;

	cr_assert(!error_set(&err, "line %d", 1));
	cr_assert(!error_set(&err, "line %d", 2));
	cr_assert(error_is_set(&err));
	cr_assert_str_eq(error_text(&err), "line 2");
	cr_assert(!error_errno(&err, ENOENT, "open %s", "x"));
	cr_assert_str_eq(error_text(&err), "open x: No such file or directory");
	error_clear(&err);
	cr_assert(!error_is_set(&err));
}

Test(error, text_with_nul_is_kept_whole)
{
	struct error err = ERROR_INIT;

	cr_assert(!error_set_str(&err, STR("a\0b")));
	error_prepend(&err, "<");
	error_append(&err, ">");
	cr_assert(str_eq(error_str(&err), STR("<a\0b>")));
	error_clear(&err);
	cr_assert(str_eqz(error_str(&err), "no error"));
}

Test(error, context_goes_before_and_after)
{
	struct error err = ERROR_INIT;

	error_set(&err, "middle");
	cr_assert(!error_prepend(&err, "%s: ", "front"));
	cr_assert(!error_append(&err, " (%s)", "end"));
	cr_assert_str_eq(error_text(&err), "front: middle (end)");
	error_clear(&err);
	error_append(&err, "alone");
	cr_assert_str_eq(error_text(&err), "alone");
	error_clear(&err);
	error_prepend(&err, "alone");
	cr_assert_str_eq(error_text(&err), "alone");
	error_clear(&err);
}

Test(error, a_message_may_be_made_from_itself)
{
	struct error err = ERROR_INIT;

	error_set(&err, "a");
	error_set(&err, "%s%s", error_text(&err), error_text(&err));
	error_append(&err, "%s", error_text(&err));
	cr_assert_str_eq(error_text(&err), "aaaa");
	error_clear(&err);
}

Test(error, moving_empties_the_source_and_drops_what_was_there)
{
	struct error from = ERROR_INIT, to = ERROR_INIT;

	error_set(&to, "old");
	error_set(&from, "new");
	cr_assert(!error_move(&to, &from));
	cr_assert(!error_is_set(&from));
	cr_assert_str_eq(error_text(&to), "new");
	error_clear(&to);
	error_set(&from, "dropped");
	error_move(NULL, &from);
	cr_assert(!error_is_set(&from));
}

Test(error, a_null_error_is_allowed_everywhere)
{
	cr_assert(!error_set(NULL, "%d", 1));
	cr_assert(!error_errno(NULL, EIO, "x"));
	cr_assert(!error_prepend(NULL, "x"));
	cr_assert(!error_append(NULL, "x"));
	error_clear(NULL);
}
