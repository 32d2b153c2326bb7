/* SPDX-License-Identifier: MIT
 *
 * What the conformance corpus cannot hold: limits, and what is random.
 */
#include "config.h"

#include "rendering.h"

#include <criterion/criterion.h>

Test(sprig, sequence_longer_than_the_limit_is_refused)
{
	assert_renders("{{len (until 10000000)}}", "null", "10000000");
	assert_fails("{{until 10000001}}", "null", "",
		"template: t:1:2: executing \"t\" at <until 10000001>: error calling until: "
		"sequence "
		"of 10000001 numbers is too long, the most are 10000000");
	assert_fails("{{untilStep -9223372036854775808 9223372036854775807 1}}", "null", "",
		"template: t:1:2: executing \"t\" at <untilStep -9223372036854775808 "
		"9223372036854775807 1>: error calling untilStep: sequence of 18446744073709551615 "
		"numbers is too long, the most are 10000000");
	assert_fails("{{seq 10000001}}", "null", "",
		"template: t:1:2: executing \"t\" at <seq 10000001>: error calling seq: sequence "
		"of "
		"10000001 numbers is too long, the most are 10000000");
}

Test(sprig, sequence_may_end_at_the_largest_number)
{
	assert_renders("{{untilStep 9223372036854775805 9223372036854775807 1}}", "null",
		"[9223372036854775805 9223372036854775806]");
	assert_renders("{{untilStep -9223372036854775807 -9223372036854775808 -7}}", "null",
		"[-9223372036854775807]");
}

Test(sprig, random_text_longer_than_the_limit_is_refused)
{
	assert_renders("{{len (randAlpha 1048576)}}", "null", "1048576");
	assert_fails("{{randAscii 1048577}}", "null", "",
		"template: t:1:2: executing \"t\" at <randAscii 1048577>: error calling randAscii: "
		"1048577 random characters are too many, the most are 1048576");
	assert_fails("{{randBytes 1048577}}", "null", "",
		"template: t:1:2: executing \"t\" at <randBytes 1048577>: error calling randBytes: "
		"1048577 random characters are too many, the most are 1048576");
}

Test(sprig, repeated_text_longer_than_the_limit_is_refused)
{
	struct template_limits limits = {.string = 1000};

	assert_fails_limited("{{repeat 100000000 \"ab\"}}", "null", &limits,
		"template: t:1:2: executing \"t\" at <repeat 100000000 \"ab\">: error "
		"calling repeat: string is longer than 1000 bytes");
	assert_fails_limited("{{indent 1001 \"\"}}", "null", &limits,
		"template: t:1:2: executing \"t\" at <indent 1001 \"\">: error calling indent: "
		"string "
		"is longer than 1000 bytes");
	assert_renders("{{repeat 9223372036854775807 \"\"}}", "null", "");
}

Test(sprig, work_that_grows_with_the_square_of_a_list_is_counted)
{
	struct template_limits limits = {.steps = 10000};

	assert_fails_limited("{{len (uniq (until 1000))}}", "null", &limits,
		"template: t:1:7: executing \"t\" at <uniq (until 1000)>: error calling uniq: too "
		"many "
		"loop rounds and template calls");
	assert_fails_limited("{{len (without (until 6000) 1 2)}}", "null", &limits,
		"template: t:1:7: executing \"t\" at <without (until 6000) 1 2>: error calling "
		"without: too many loop rounds and template calls");
}

Test(sprig, decimal_of_too_many_digits_is_refused)
{
	assert_fails(
		"{{mulf 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 1e300 1e300 1e300 1e300}}",
		"null", "",
		"template: t:1:2: executing \"t\" at <mulf 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 "
		"1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 "
		"1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 "
		"1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 "
		"1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 1e300 "
		"1e300 "
		"1e300 1e300 1e300 1e300>: error calling mulf: a decimal has too many digits, the "
		"most "
		"are about 20000");
}

Test(sprig, dictionary_within_itself_is_neither_copied_nor_merged)
{
	assert_fails("{{$d := dict}}{{$_ := set $d \"d\" $d}}{{deepCopy $d}}", "null", "",
		"template: t:1:39: executing \"t\" at <deepCopy $d>: error calling deepCopy: value "
		"is "
		"nested too deeply to be copied");
	assert_fails(
		"{{$d := dict}}{{$_ := set $d \"d\" $d}}{{$e := dict}}{{$_ := set $e \"d\" $e}}"
		"{{merge $d $e}}",
		"null", "",
		"template: t:1:76: executing \"t\" at <merge $d $e>: error calling merge: "
		"dictionaries "
		"are nested too deeply to be merged");
}

Test(sprig, merge_leaves_maps_of_strings_as_they_are)
{
	assert_renders(
		"{{$s := splitn \",\" 2 \"a,b\"}}{{merge (dict \"k\" $s) (dict \"k\" (sprigSplit "
		"\",\" \"x,y,z\"))}} {{$s}}",
		"null", "map[k:map[_0:a _1:b _2:z]] map[_0:a _1:b]");
}

Test(sprig, list_has_the_capacity_that_it_would_have_in_go)
{
	assert_renders("{{slice (append (list 1 2) 3) 0 4}}", "null", "[1 2 3 <nil>]");
	assert_renders("{{slice (uniq (list 1 2 3)) 0 4}}", "null", "[1 2 3 <nil>]");
	assert_renders("{{slice (until 5) 0 8}}", "null", "[0 1 2 3 4 0 0 0]");
	assert_renders("{{len (slice (append (until 17) 1) 0 35)}}", "null", "35");
}

Test(sprig, random_identifiers_and_texts_have_their_form)
{
	assert_renders("{{regexMatch \"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
		       "[0-9a-f]{12}$\" uuidv4}}",
		"null", "true");
	assert_renders("{{regexMatch \"^[ -~]{300}$\" (randAscii 300)}}", "null", "true");
	assert_renders("{{shuffle \"\xc3\xa9"
		       "a\" | len}} {{randInt -2 -1}}",
		"null", "3 -2");
}

/* What is wrong with the address in a URL's brackets. */
#define ADDRESS_FAILS(address, problem)                                                            \
	assert_fails("{{urlParse \"http://[" address "]/\"}}", "null", "",                         \
		"template: t:1:2: executing \"t\" at <urlParse \"http://[" address                 \
		"]/\">: error calling urlParse: unable to parse url: parse \"http://[" address     \
		"]/\": invalid host: ParseAddr(\"" address "\"): " problem)

Test(sprig, address_of_four_bytes_must_be_whole)
{
	ADDRESS_FAILS("1.2.3.256", "IPv4 field has value >255");
	ADDRESS_FAILS("1.2.3.04", "IPv4 field has octet with leading zero");
	ADDRESS_FAILS("1.2.3", "IPv4 address too short");
	ADDRESS_FAILS("1.2.3.4.5", "IPv4 address too long");
	ADDRESS_FAILS("1..2.3", "IPv4 field must have at least one digit (at \".2.3\")");
	ADDRESS_FAILS("1.2.3.x", "unexpected character (at \"x\")");
	ADDRESS_FAILS("1.2.3.4::", "unexpected character (at \"::\")");
	ADDRESS_FAILS("", "unable to parse IP");
}

Test(sprig, address_of_eight_groups_may_be_shortened_once)
{
	ADDRESS_FAILS("1::2::3", "multiple :: in address (at \":3\")");
	ADDRESS_FAILS("1:", "colon must be followed by more characters (at \":\")");
	ADDRESS_FAILS("::g", "each colon-separated field must have at least one digit (at \"g\")");
	ADDRESS_FAILS("1:2:3:4:5:6:7:8:9", "trailing garbage after address (at \"9\")");
	ADDRESS_FAILS("1:2:3:4:5:6:7::8", "the :: must expand to at least one field of zeros");
	ADDRESS_FAILS("1:2", "address string too short");
	assert_renders("{{(urlParse \"http://[1::]:80/\").host}}", "null", "[1::]:80");
}

Test(sprig, address_of_eight_groups_may_end_with_four_bytes)
{
	assert_renders(
		"{{(urlParse \"http://[::ffff:1.2.3.4]/\").host}}", "null", "[::ffff:1.2.3.4]");
	ADDRESS_FAILS("1:2:3:4:5:6:7:1.2.3.4",
		"embedded IPv4 address must replace the final 2 fields of the address (at "
		"\"1.2.3.4\")");
	ADDRESS_FAILS("1:2:3:4:1.2.3.4",
		"embedded IPv4 address must replace the final 2 fields of the address (at "
		"\"1.2.3.4\")");
}

Test(sprig, host_is_looked_up_unless_the_sandbox_forbids_it)
{
	assert_renders("{{getHostByName \"127.0.0.1\"}}", "null", "127.0.0.1");
	assert_fails("{{getHostByName \"\"}}", "null", "",
		"template: t:1:2: executing \"t\" at <getHostByName \"\">: error calling "
		"getHostByName: invalid argument to Intn");
}

Test(sprig, variable_of_one_special_character_has_a_name)
{
	assert_renders("{{expandenv \"$*a${*}b$$c${}d${e\"}}", "null", "abcde");
}

Test(sprig, many_objects_with_equal_keys_keep_their_order)
{
	struct buf data, want;

	buf_init(&data, SIZE_MAX);
	buf_init(&want, SIZE_MAX);
	buf_add_char(&data, '[');
	for (int i = 0; i < 200; i++)
		buf_add_fmt(&data, "%s{\"k\":\"%d\",\"n\":%d}", i ? "," : "", i * 7 % 5, i);
	buf_add_char(&data, ']');
	for (int k = 0; k < 5; k++)
		for (int i = 0; i < 200; i++)
			if (i * 7 % 5 == k)
				buf_add_fmt(&want, "%d ", i);
	assert_renders("{{range sortObjectsByKeysAsc . \"k\"}}{{.n}} {{end}}", buf_cstr(&data),
		buf_cstr(&want));
	buf_clear(&want);
	for (int k = 5; k-- > 0;)
		for (int i = 0; i < 200; i++)
			if (i * 7 % 5 == k)
				buf_add_fmt(&want, "%d ", i);
	assert_renders("{{range sortObjectsByKeysDesc . \"k\"}}{{.n}} {{end}}", buf_cstr(&data),
		buf_cstr(&want));
	buf_release(&want);
	buf_release(&data);
}

/* A list that holds another one twice, that one a third twice, 60 deep. */
#define WIDE                                                                                       \
	"{{$l := list}}{{$k := list}}{{range until 60}}{{$l = list $l $l}}{{$k = list $k "         \
	"$k}}{{end}}"

Test(sprig, comparison_of_what_grows_without_end_ends)
{
	assert_renders(WIDE "{{deepEqual $l $l}} {{deepEqual $l $k}}", "null", "true false");
	assert_renders(WIDE "{{len (uniq (list $l $l))}}", "null", "1");
}

Test(sprig, texts_of_what_grows_without_end_are_limited)
{
	struct template_limits limits = {.string = 1000};

	assert_fails_limited(WIDE "{{toJson $l}}", "null", &limits,
		"template: t:1:93: executing \"t\" at <toJson $l>: error calling toJson: string is "
		"longer than 1000 bytes");
	assert_fails_limited(WIDE "{{html $l}}", "null", &limits,
		"template: t:1:93: executing \"t\" at <html $l>: error calling html: string is "
		"longer than 1000 bytes");
}
