/* SPDX-License-Identifier: MIT
 *
 * Printing of template values as Go's package fmt prints them: print, println, printf and the
 * result of an action. Output is appended to a struct buf; when its max is reached the rest is
 * dropped and out->full is set, which callers check once at the end.
 *
 *	if (!format_printf(&ctx, STR("%5.2f|%-8v"), args, n, err))
 *		return false;
 *
 * Everything that Go reports inside the text (%!d(string=x), %!(EXTRA …)) is reported there; the
 * functions fail only when a value is nested too deeply (a map that holds itself).
 *
 * Types with a String() or Error() method are printed by it where Go would: type->stringer of a
 * struct type T gets the value of type T. Where the type's table has the method marked on_pointer,
 * it counts for pointers to T, and in actions for addressable values, but not for plain T.
 */
#ifndef UD_TEMPLATE_FORMAT_FORMAT_H
#define UD_TEMPLATE_FORMAT_FORMAT_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "value/value.h"

#include <stdbool.h>

/* Largest width, precision and argument index; beyond it they count as malformed. */
#define FORMAT_NUMBER_MAX 1000000
/* Deepest nesting of values that is printed. */
#define FORMAT_DEPTH_MAX 2000

/* Where text goes, and what stringers and the sorting of maps may allocate from. */
struct format {
	struct buf *out;
	struct arena *arena;
};

/* fmt.Sprint: a space between two operands when neither is a string. A missing value and the nil
 * interface print <nil>. */
bool format_print(
	const struct format *f, const struct value *args, size_t n, struct error *err) MUSTCHECK;
/* fmt.Sprintln: spaces between all operands and a newline at the end. */
bool format_println(
	const struct format *f, const struct value *args, size_t n, struct error *err) MUSTCHECK;
/* fmt.Sprintf. */
bool format_printf(const struct format *f, struct str text, const struct value *args, size_t n,
	struct error *err) MUSTCHECK;

/* The result of an action: pointers are followed, a missing value and a nil any print <no value>,
 * methods of addressable values count. v must be format_is_printable. */
bool format_action(const struct format *f, struct value v, struct error *err) MUSTCHECK;
/* False for a function, which an action refuses to print. */
bool format_is_printable(struct value v);
/* The text of the arguments of html, js and urlquery: each as in an action, joined as by
 * format_print. */
bool format_escape_args(
	const struct format *f, const struct value *args, size_t n, struct error *err) MUSTCHECK;

/* Type of a value as %T prints it: "<nil>" for none and for the nil interface. */
const char *format_type_name(struct value v);

#endif
