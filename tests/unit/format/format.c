/* SPDX-License-Identifier: MIT
 *
 * Printing of values: verbs, flags and everything that is told inside the text. What is expected
 * was compared with Go's own package fmt.
 */
#include "config.h"

#include "template/format/format.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#define OUT_MAX (4 << 20)

static struct arena arena;
static struct buf out;
static const struct format target = {&out, &arena};

static void setup(void)
{
	arena_init(&arena);
	buf_init(&out, OUT_MAX);
}

static void teardown(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(format, .init = setup, .fini = teardown);

static void check_printf(const char *want, const char *text, const struct value *args, size_t n)
{
	struct error err = ERROR_INIT;

	buf_clear(&out);
	cr_assert(format_printf(&target, str_from(text), args, n, &err));
	cr_assert_str_eq(buf_cstr(&out), want);
}

static void check_print(const char *want, const struct value *args, size_t n)
{
	struct error err = ERROR_INIT;

	buf_clear(&out);
	cr_assert(format_print(&target, args, n, &err));
	cr_assert_str_eq(buf_cstr(&out), want);
}

static void check_action(const char *want, struct value v)
{
	struct error err = ERROR_INIT;

	buf_clear(&out);
	cr_assert(format_action(&target, v, &err));
	cr_assert_str_eq(buf_cstr(&out), want);
}

#define VALUES(...) ((const struct value[]){__VA_ARGS__})
#define COUNT(...)  (sizeof(VALUES(__VA_ARGS__)) / sizeof(struct value))
#define assert_printf(want, text, ...)                                                             \
	check_printf((want), (text), VALUES(__VA_ARGS__), COUNT(__VA_ARGS__))
#define assert_print(want, ...) check_print((want), VALUES(__VA_ARGS__), COUNT(__VA_ARGS__))

#define I(i) value_int(i)
#define F(f) value_float(f)
#define S(s) value_str(STR(s))
#define B(b) value_bool(b)
#define NIL  value_nil()

static struct value uint_value(uint64_t u)
{
	return (struct value){.head = TYPE_HEAD(&type_uint), .u = u};
}

static struct value bytes_value(struct str s)
{
	struct value v = slice_new(&arena, &type_bytes, 0, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		slice_push(v,
			(struct value){.head = TYPE_HEAD(&type_uint8), .u = (unsigned char)s.p[i]});
	return v;
}

static struct value list_of(const struct type *t, const struct value *members, size_t n)
{
	struct value v = slice_new(&arena, t, 0, n + 1);

	for (size_t i = 0; i < n; i++)
		slice_push(v, members[i]);
	return v;
}

#define LIST(...) list_of(&type_any_slice, VALUES(__VA_ARGS__), COUNT(__VA_ARGS__))

/* A struct with a pointer, and one with a String method for pointers only. */
struct point {
	int64_t x;
	struct str name;
};

static struct str point_text(struct arena *a, struct value v)
{
	const struct point *p = v.rec;

	return arena_fmt(a, "<%.*s>", STR_ARG(p->name));
}

static const struct field point_fields[] = {
	{STR_INIT("X"), &type_int, offsetof(struct point, x)},
	{STR_INIT("Name"), &type_string, offsetof(struct point, name)},
};
static const struct type type_function = {.kind = KIND_FUNC, .name = "func()"};
static const struct type type_point = {.kind = KIND_STRUCT,
	.size = sizeof(struct point),
	.name = "geo.Point",
	.fields = point_fields,
	.n_fields = ARRAY_LEN(point_fields)};
static const struct method image_methods[] = {
	{.name = STR_INIT("String"), .result = &type_string, .on_pointer = true},
};
static const struct type type_image = {.kind = KIND_STRUCT,
	.size = sizeof(struct point),
	.name = "geo.Image",
	.fields = point_fields,
	.n_fields = ARRAY_LEN(point_fields),
	.methods = image_methods,
	.n_methods = ARRAY_LEN(image_methods),
	.stringer = point_text};
static const struct type type_label = {.kind = KIND_STRUCT,
	.size = sizeof(struct point),
	.name = "geo.Label",
	.fields = point_fields,
	.n_fields = ARRAY_LEN(point_fields),
	.stringer = point_text};
static const struct point a_point = {7, STR_INIT("a b")};

Test(format, default_verb_prints_each_kind)
{
	static const struct complex128 c = {1, -2.5};

	assert_printf("true 42 -7 1.5 x <nil>", "%v %v %v %v %v %v", B(true), I(42), I(-7), F(1.5),
		S("x"), NIL);
	assert_printf("1e+06 100000 1e+21 +Inf NaN", "%v %v %v %v %v", F(1e6), F(1e5), F(1e21),
		F((double)INFINITY), F((double)NAN));
	assert_printf("(1-2.5i) (1.00-2.50i)", "%v %.2f",
		((struct value){.head = TYPE_HEAD(&type_complex128), .c = &c}),
		((struct value){.head = TYPE_HEAD(&type_complex128), .c = &c}));
}

Test(format, integers_take_flags_width_and_precision)
{
	assert_printf("|   42|42   |00042|+42| 42|", "|%5d|%-5d|%05d|%+d|% d|", I(42), I(42), I(42),
		I(42), I(42));
	assert_printf("|-0042|  042|   |042  |", "|%05d|%5.3d|%3.0d|%-05.3d|", I(-42), I(42), I(0),
		I(42));
	assert_printf("42   |", "%-05d|", I(42));
	assert_printf("2a 2A 0x2a 0X2A 0b101010 052 0o52 101010", "%x %X %#x %#X %#b %#o %O %b",
		I(42), I(42), I(42), I(42), I(42), I(42), I(42), I(42));
	assert_printf("0x0000002a -8000000000000000", "%#08x %x", I(42), I(INT64_MIN));
	assert_printf("0x2a 42", "%#v %#v", uint_value(42), I(42));
}

Test(format, integers_print_as_characters)
{
	assert_printf("A é '\\n' '\\u00e9' U+0041 U+00E9 'é' U+000041", "%c %c %q %+q %U %#U %.6U",
		I('A'), I(0xe9), I('\n'), I(0xe9), I('A'), I(0xe9), I('A'));
	assert_printf("\xef\xbf\xbd \xef\xbf\xbd U+FFFFFFFFFFFFFFFF", "%c %c %U", I(-1), I(0xd800),
		I(-1));
	assert_printf("|    A|000A|", "|%5c|%04c|", I('A'), I('A'));
}

Test(format, floats_take_flags_width_and_precision)
{
	assert_printf("| 3.14|3.14 |003.14|+3.14|-03.14|", "|%5.2f|%-5.2f|%06.2f|%+.2f|%06.2f|",
		F(3.14159), F(3.14159), F(3.14159), F(3.14159), F(-3.14159));
	assert_printf("3.141590e+00 3.1E+00 3.14159 3.14 0x1.921f9f01b866ep+01",
		"%e %.1E %g %.3g %x", F(3.14159), F(3.14159), F(3.14159), F(3.14159), F(3.14159));
	assert_printf("1.00000 1. 1.000000e+06 0x1.0000p+00", "%#g %#.0f %#e %#x", F(1), F(1),
		F(1e6), F(1));
	assert_printf("| +Inf|-Inf | NaN|NaN| Inf|", "|%05v|%-5v|%4.1f|%+v|% v|",
		F((double)INFINITY), F(-(double)INFINITY), F((double)NAN), F((double)NAN),
		F((double)INFINITY));
	assert_printf("3.000000", "%F", F(3));
}

Test(format, strings_take_width_precision_and_quotes)
{
	assert_printf("|  h\xc3\xa9|h\xc3\xa9  |h|00h\xc3\xa9|h\xc3\xa9  |",
		"|%4s|%-4v|%.1s|%04s|%-04s|", S("h\xc3\xa9"), S("h\xc3\xa9"), S("h\xc3\xa9"),
		S("h\xc3\xa9"), S("h\xc3\xa9"));
	assert_printf("\"a\\nb\" `a b` \"\\u00e9\" \"a\"", "%q %#q %+q %.1q", S("a\nb"), S("a b"),
		S("\xc3\xa9"), S("abc"));
	assert_printf("6869 68 69 0x68 0x69 0X6869 68", "%x % x %# x %#X %.1x", S("hi"), S("hi"),
		S("hi"), S("hi"), S("hi"));
	assert_printf("|    |    |", "|%4x|%-4x|", S(""), S(""));
	assert_printf("\"hi\"", "%#v", S("hi"));
}

Test(format, bools_know_two_verbs)
{
	assert_printf("true|false| true|%!d(bool=true)", "%t|%v|%5t|%d", B(true), B(false), B(true),
		B(true));
}

Test(format, nothing_prints_as_nil)
{
	assert_printf("|<nil>|  <nil>|%!d(<nil>)|<nil>|", "|%v|%7v|%d|%T|", NIL, NIL, NIL, NIL);
	assert_printf("%!s(<nil>)", "%s", VALUE_NONE);
	assert_print("<nil> <nil>", NIL, VALUE_NONE);
}

Test(format, lists_print_their_members_under_the_same_verb)
{
	assert_printf("[1 x <nil>] [1 %!d(string=x) <nil>]", "%v %d", LIST(I(1), S("x"), NIL),
		LIST(I(1), S("x"), NIL));
	assert_printf("[  1   2] [[1] []]", "%3d %v", LIST(I(1), I(2)),
		LIST(LIST(I(1)), slice_new(&arena, &type_any_slice, 0, 1)));
	assert_printf(
		"[]interface {}{1, \"x\", interface {}(nil)}", "%#v", LIST(I(1), S("x"), NIL));
	assert_printf("[]string(nil) []", "%#v %v",
		((struct value){
			.head = TYPE_HEAD(&type_string_slice), .sl = &(struct slice){NULL, 0, 0}}),
		((struct value){
			.head = TYPE_HEAD(&type_string_slice), .sl = &(struct slice){NULL, 0, 0}}));
	assert_printf("[]string{}", "%#v", slice_new(&arena, &type_string_slice, 0, 1));
}

Test(format, bytes_are_numbers_or_text)
{
	struct value v = bytes_value(STR("hi"));

	assert_printf(
		"[104 105] hi 6869 \"hi\" []byte{0x68, 0x69}", "%v %s %x %q %#v", v, v, v, v, v);
	assert_printf("[]uint8 [68 69] []interface {}{[]uint8{0x68, 0x69}}", "%T %X %#v", v,
		LIST(I(0x68), I(0x69)), LIST(v));
	assert_printf("[%!t(uint8=104) %!t(uint8=105)]", "%t", v);
}

Test(format, maps_print_in_the_order_of_their_keys)
{
	struct value m = map_new(&arena, &type_any_map, 4);
	struct value empty = {.head = TYPE_HEAD(&type_string_map), .m = NULL};

	map_set_str(m, STR("b"), I(2));
	map_set_str(m, STR("a"), LIST(S("x")));
	map_set_str(m, STR("c"), NIL);
	assert_printf("map[a:[x] b:2 c:<nil>]", "%v", m);
	assert_printf("map[string]interface {}{\"a\":[]interface {}{\"x\"}, \"b\":2, "
		      "\"c\":interface {}(nil)}",
		"%#v", m);
	assert_printf(
		"map[%!d(string=a):[%!d(string=x)] %!d(string=b):2 %!d(string=c):<nil>]", "%d", m);
	assert_printf("map[] map[string]string(nil)", "%v %#v", empty, empty);
}

Test(format, structs_print_with_names_on_request)
{
	struct value v = value_rec(&type_point, &a_point);

	assert_printf("{7 a b} {X:7 Name:a b} geo.Point{X:7, Name:\"a b\"} geo.Point",
		"%v %+v %#v %T", v, v, v, v);
	assert_printf("{%!s(int=7) a b}", "%s", v);
}

Test(format, pointers_to_structs_show_what_they_point_to_at_the_top_only)
{
	const struct type *t = type_pointer_to(&type_point);
	struct value p = value_rec(t, &a_point), nil = value_rec(t, NULL);
	char want[64];

	assert_printf("&{7 a b} &geo.Point{X:7, Name:\"a b\"} *geo.Point", "%v %#v %T", p, p, p);
	assert_printf("<nil> (*geo.Point)(nil) %!s(*geo.Point=<nil>)", "%v %#v %s", nil, nil, nil);
	snprintf(want, sizeof(want), "[0x%lx] 0x%lx %lx", (unsigned long)(uintptr_t)&a_point,
		(unsigned long)(uintptr_t)&a_point, (unsigned long)(uintptr_t)&a_point);
	assert_printf(want, "%v %p %#p", LIST(p), p, p);
	assert_printf("%!p(int=5)", "%p", I(5));
}

Test(format, methods_on_pointers_do_not_count_for_plain_values)
{
	struct value plain = value_rec(&type_image, &a_point), addressable = plain;
	struct value p = value_rec(type_pointer_to(&type_image), &a_point);
	struct value nil = value_rec(type_pointer_to(&type_image), NULL);

	addressable.head |= VALUE_ADDR;
	assert_printf("{7 a b} <a b> [<a b>] \"<a b>\" <nil>", "%v %v %v %q %s", plain, p, LIST(p),
		p, nil);
	check_action("{7 a b}", plain);
	check_action("<a b>", addressable);
	check_action("<a b>", p);
	check_action("<nil>", nil);
}

Test(format, methods_on_values_count_everywhere_but_under_numeric_verbs)
{
	struct value v = value_rec(&type_label, &a_point);

	assert_printf("<a b> |   <a b>| 3c61 {7 %!d(string=a b)}", "%v |%8s| %.2x %d", v, v, v, v);
	assert_printf("geo.Label{X:7, Name:\"a b\"}", "%#v", v);
	assert_printf("{%!z(int=7) %!z(string=a b)}", "%z", v);
	check_action("<a b>", v);
}

Test(format, unknown_verbs_show_type_and_value)
{
	assert_printf("%!z(int=1) %!!(int=2) %!\xc3\xa9(string=x) %!w(float64=1.5)",
		"%z %! %\xc3\xa9 %w", I(1), I(2), S("x"), F(1.5));
	assert_printf("%!\xef\xbf\xbd(int=1)", "%\xff", I(1));
	assert_printf("[%!z(int=1) %!z(bool=true)]", "%z", LIST(I(1), B(true)));
	assert_printf("%!w([]interface {}=[1])", "%w", LIST(I(1)));
}

Test(format, wrong_numbers_of_operands_are_told)
{
	assert_printf("1 %!d(MISSING)", "%d %d", I(1));
	assert_printf("1%!(EXTRA int=2, string=x, <nil>)", "%d", I(1), I(2), S("x"), NIL);
	assert_printf("%%!(EXTRA int=1)", "%%", I(1));
	assert_printf("5%", "%d%5%", I(5));
	check_printf("%!v(MISSING)", "%v", NULL, 0);
	check_printf("plain", "plain", NULL, 0);
}

Test(format, a_format_may_end_too_soon)
{
	assert_printf("%!(NOVERB)%!(EXTRA int=1)", "%", I(1));
	assert_printf("%!(NOVERB)%!(EXTRA int=1)", "%-+ 0#5", I(1));
	assert_printf("%!.(int=1)", "%.", I(1));
	assert_printf("%!(NOVERB)", "%[1]", I(1));
}

Test(format, stars_take_width_and_precision_from_operands)
{
	assert_printf("|   42|42   | 3.14|", "|%*d|%*d|%*.*f|", I(5), I(42), I(-5), I(42), I(5),
		I(2), F(3.14159));
	assert_printf("%!(BADWIDTH)7", "%*d", S("x"), I(7));
	assert_printf("%!(BADPREC)3.000000", "%.*f", I(-1), F(3));
	assert_printf("%!(BADWIDTH)%!d(MISSING)", "%*d", I(1000001));
	assert_printf("    1", "%*d", uint_value(5), I(1));
}

Test(format, indexes_choose_operands)
{
	assert_printf("2 1 2 1", "%[2]d %[1]d %d %[1]d", I(1), I(2));
	assert_printf("|  1.50|", "|%[3]*.[2]*[1]f|", F(1.5), I(2), I(6));
	assert_printf("%!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX)", "%[3]d %[0]d %[x]d", I(1), I(2));
	assert_printf("%!d(BADINDEX)", "%[1]2d", I(1));
	assert_printf("%!](BADINDEX)", "%[]", I(1));
	assert_printf("%!(NOVERB)", "%[[", I(1));
	assert_printf("%!(NOVERB)", "%[1", I(1));
}

Test(format, width_is_limited)
{
	assert_printf("%!(NOVERB)%!(EXTRA int=1)", "%99999999d", I(1));
	buf_clear(&out);
	cr_assert(format_printf(&target, STR("%1000000d"), VALUES(I(1)), 1, NULL));
	cr_assert_eq(out.len, FORMAT_NUMBER_MAX);
	buf_clear(&out);
	cr_assert(format_printf(&target, STR("%.1000000f"), VALUES(F(1)), 1, NULL));
	cr_assert_eq(out.len, FORMAT_NUMBER_MAX + 2);
}

Test(format, print_puts_spaces_between_operands_that_are_no_strings)
{
	assert_print("1 2", I(1), I(2));
	assert_print("a1b", S("a"), I(1), S("b"));
	assert_print("1 2a3 4", I(1), I(2), S("a"), I(3), I(4));
	assert_print("ab", S("a"), S("b"));
	assert_print("[1 2] [3]", LIST(I(1), I(2)), LIST(I(3)));
}

Test(format, println_puts_spaces_everywhere)
{
	cr_assert(format_println(&target, VALUES(S("a"), I(1), NIL), 3, NULL));
	cr_assert_str_eq(buf_cstr(&out), "a 1 <nil>\n");
	buf_clear(&out);
	cr_assert(format_println(&target, NULL, 0, NULL));
	cr_assert_str_eq(buf_cstr(&out), "\n");
}

Test(format, action_prints_no_value_for_what_is_missing)
{
	check_action("<no value>", VALUE_NONE);
	check_action("<no value>", NIL);
	check_action("<nil>", (struct value){.head = TYPE_HEAD(&type_error)});
	check_action("map[]", (struct value){.head = TYPE_HEAD(&type_any_map), .m = NULL});
	check_action("{7 a b}", value_rec(type_pointer_to(&type_point), &a_point));
	cr_assert(format_is_printable(I(1)));
	cr_assert(!format_is_printable((struct value){.head = TYPE_HEAD(&type_function)}));
}

Test(format, operands_of_escapers_print_as_in_an_action)
{
	cr_assert(format_escape_args(&target,
		VALUES(I(1), I(2), NIL, S("x"), value_rec(type_pointer_to(&type_point), &a_point)),
		5, NULL));
	cr_assert_str_eq(buf_cstr(&out), "1 2<no value>x{7 a b}");
}

Test(format, type_names_are_those_of_go)
{
	cr_assert_str_eq(format_type_name(NIL), "<nil>");
	cr_assert_str_eq(format_type_name(VALUE_NONE), "<nil>");
	cr_assert_str_eq(format_type_name(LIST(I(1))), "[]interface {}");
	assert_printf("|  int|st|", "|%5T|%.2T|", I(1), S("x"));
}

Test(format, a_map_that_holds_itself_is_an_error)
{
	struct value m = map_new(&arena, &type_any_map, 1);
	struct error err = ERROR_INIT;

	map_set_str(m, STR("self"), m);
	cr_assert(!format_print(&target, &m, 1, &err));
	cr_assert_str_eq(
		error_text(&err), "value is nested too deeply to print (over 2000 levels)");
	error_clear(&err);
}

Test(format, a_full_buffer_ends_the_printing)
{
	struct value m = map_new(&arena, &type_any_map, 1);

	/* Doubles at each level: without an end this would take for ever. */
	for (int i = 0; i < 100; i++)
		m = LIST(m, m);
	buf_init(&out, 4096);
	cr_assert(format_print(&target, &m, 1, NULL));
	cr_assert(out.full);
	cr_assert_leq(out.len, 4096);
}
