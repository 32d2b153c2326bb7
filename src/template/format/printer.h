/* SPDX-License-Identifier: MIT
 *
 * The printer behind format.h, shared by its three files: format.c reads format strings and sets
 * the flags, print_value.c takes values apart, print_text.c and print_number.c write scalars under
 * the flags. Nothing here allocates but the output buffer; text is written to its end and padded
 * in place, so that leaving by longjmp (a stringer that hits the arena's limit) loses nothing.
 */
#ifndef UD_TEMPLATE_FORMAT_PRINTER_H
#define UD_TEMPLATE_FORMAT_PRINTER_H

#include "template/format/format.h"

struct printer {
	struct buf *out;
	struct arena *arena;
	int width, precision;
	bool has_width, has_precision;
	bool minus, plus, sharp, space, zero;
	/* %+v and %#v: other formats, not flags; plus and sharp are then clear. */
	bool plus_v, sharp_v;
	bool erroring; /* within %!verb(…): methods are not called */
	bool too_deep; /* a value was nested beyond FORMAT_DEPTH_MAX */
	unsigned nesting;
};

/* --- print_text.c -------------------------------------------------------------- */

/* Clears flags, width and precision. */
void printer_clear_flags(struct printer *p);
/* Pads what was appended since start to the width. */
void printer_pad(struct printer *p, size_t start);
/* Appends n spaces or zeros, as the flags say. */
void printer_fill(struct printer *p, int n);
void printer_add_padded(struct printer *p, const char *text);
/* %s, cut to the precision. */
void printer_add_string(struct printer *p, struct str s);
/* %x and %X of bytes. */
void printer_add_hex(struct printer *p, struct str s, bool upper);
/* %q of a string. */
void printer_add_quoted(struct printer *p, struct str s);

/* --- print_number.c ------------------------------------------------------------- */

/* Writes an integer, u being its bits; false if verb is none for integers. */
bool printer_add_integer(struct printer *p, uint64_t u, bool is_signed, uint32_t verb) MUSTCHECK;
/* Hexadecimal, with 0x if prefix. */
void printer_add_0x(struct printer *p, uint64_t u, bool prefix);
bool printer_add_float(struct printer *p, double f, unsigned bits, uint32_t verb) MUSTCHECK;
bool printer_add_complex(
	struct printer *p, const struct complex128 *c, unsigned bits, uint32_t verb) MUSTCHECK;

/* --- print_value.c --------------------------------------------------------------- */

/* Prints one operand under the flags. */
void printer_add_value(struct printer *p, struct value v, uint32_t verb);
/* Prints one operand as an action does. */
void printer_add_action(struct printer *p, struct value v);
bool printer_is_nil(struct value v);

#endif
