/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "rendering.h"

#include <criterion/criterion.h>

Test(scope, declaration_shadows_until_the_block_ends)
{
	assert_renders("{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "null", "21");
	assert_renders("{{$x := 1}}{{if true}}{{$x = 2}}{{$x}}{{end}}{{$x}}", "null", "22");
}

Test(scope, name_is_in_sight_from_its_declaration_on)
{
	assert_fails("{{$x := $x}}", "null", "",
		"template: t:1:8: executing \"t\" at <$x>: undefined variable: $x");
	assert_fails("{{$y}}{{$y := 1}}", "null", NULL, "template: t:1: undefined variable \"$y\"");
}

Test(scope, assigning_what_was_never_declared_fails_when_it_runs)
{
	assert_fails("a{{$x = 1}}", "null", "a",
		"template: t:1:8: executing \"t\" at <1>: undefined variable: $x");
}

Test(scope, else_does_not_see_values_of_the_first_branch)
{
	assert_fails("{{if .}}{{$x := 1}}{{else}}{{$x}}{{end}}", "false", "",
		"template: t:1:29: executing \"t\" at <$x>: undefined variable: $x");
	assert_renders("{{$x := 7}}{{if .}}{{$x := 1}}{{else}}{{$x}}{{end}}", "false", "7");
	assert_renders("{{if $x := .}}a{{else}}{{$x}}{{end}}", "false", "false");
}

Test(scope, declaration_that_was_skipped_has_no_value)
{
	assert_renders("{{$x := 1}}{{or . ($x := 2)}}{{$x}}", "true", "true1");
	assert_renders("{{$x := 1}}{{or . ($x := 2)}}{{$x}}", "false", "22");
	assert_fails("{{or . ($x := 2)}}{{$x}}", "true", "true",
		"template: t:1:20: executing \"t\" at <$x>: undefined variable: $x");
}

Test(scope, skipped_declaration_is_forgotten_in_the_next_round)
{
	assert_fails("{{range .}}{{and . ($x := 1)}}{{$x}} {{end}}", "[true,false]", "11 false",
		"template: t:1:32: executing \"t\" at <$x>: undefined variable: $x");
}

Test(scope, called_template_sees_no_variables_of_its_caller)
{
	assert_fails("{{$x := 1}}{{template \"u\"}}{{define \"u\"}}{{$x}}{{end}}", "null", NULL,
		"template: t:1: undefined variable \"$x\"");
	assert_renders(
		"{{$x := 1}}{{template \"u\" .}}{{$x}}{{define \"u\"}}{{$x := 2}}{{$}}{{end}}", "5",
		"51");
}

Test(scope, range_variables_are_set_every_round)
{
	assert_renders("{{range $i, $e := .}}{{$i}}{{$e}} {{end}}", "[\"a\",\"b\"]", "0a 1b ");
	assert_renders("{{$i := 9}}{{range $i = .}}{{end}}{{$i}}", "[\"a\",\"b\"]", "b");
}

Test(scope, inner_ranges_keep_their_own_variables)
{
	assert_renders("{{range $a := .}}{{range $b := $}}{{$a}}{{$b}} {{end}}{{end}}",
		"[\"x\",\"y\"]", "xx xy yx yy ");
}
