/* SPDX-License-Identifier: MIT
 *
 * Template functions: how a family of them is written. A family is one file in funcs/ that ends
 * with its table, sorted by name, and is listed in the array of funcs.c. A function looks so:
 *
 *	static bool string_trunc(struct call *c, const struct value *args, size_t n,
 *		struct value *ret)
 *	{
 *		...args[0].i, value_as_str(args[1])...
 *		if (bad)
 *			return call_fail(c, "length %d is negative", ...);
 *		*ret = value_str(s);
 *		return true;
 *	}
 *
 *	static const struct func rows[] = {
 *		{STR_INIT("trunc"), string_trunc, FUNC_ARGS(&type_int, &type_string), &type_string,
 *0}, {STR_INIT("cat"), string_cat, FUNC_REST(&type_any), &type_string, 0},
 *	};
 *	const struct func_table funcs_strings = {rows, ARRAY_LEN(rows)};
 *
 * Arguments. The row gives the parameter types as the Go function declares them, and the engine
 * checks number and type of the arguments with Go's error texts before it calls: a function reads
 * args[i] by the member of struct value that belongs to the declared type, without looking. n
 * counts all arguments; with FUNC_REST the last type is that of every further one. In particular
 *
 *	&type_any            the value itself, flags 0; nil and a missing value are both
 *	                     value_nil() (value_is_nil_interface tells)
 *	&type_reflect_value  untouched: with its flags, VALUE_NONE for a missing value; only for
 *	                     functions that take reflect.Value in Go
 *	slices, maps         the nil slice or map (sl or m is NULL) where nil was given
 *
 * Results. *ret has the type the row declares; where that is &type_any, any value (value_nil() for
 * nil; flags are the engine's). Memory comes from c->arena and lives as long as the result is used,
 * so strings and slices of the arguments may be part of the result. Never write through a value
 * unless the Go function does (set, merge, sortAlpha …); those rows have FUNC_CHANGES, without which
 * the memory of an action is given back when it is done.
 *
 * Errors. call_fail gives the function's own message; the engine puts `error calling NAME: ` and
 * the place before it. A Go function that panics gives its panic text the same way ("runtime
 * error: index out of range [0] with length 0"). Nothing is logged.
 *
 * Memory limits leave a function by longjmp, at any allocation from c->arena: what must be freed
 * (a PCRE2 or OpenSSL object) must not be held across one. Text is built in a buffer of the call:
 *
 *	struct buf *b = call_buf(c);
 *	buf_add_str(b, ...);
 *	return call_return_buf(c, b, ret);
 *
 * Documentation: an item in man/upstreamd-templates.7; a test compares it with the row.
 *
 * Hostile input: whatever a function loops over or allocates is bounded by its input or by a
 * named limit; call_buf is bounded by the string limit.
 */
#ifndef UD_TEMPLATE_FUNCS_H
#define UD_TEMPLATE_FUNCS_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "template/format/format.h"
#include "template/template.h"
#include "value/value.h"

#include <stdbool.h>
#include <stddef.h>

struct render;

/* One call of a function or method. */
struct call {
	struct arena *arena;
	const struct template_options *options;
	struct render *render; /* the engine's */
	struct str error;      /* set by call_fail */
	struct value absent;   /* directories and whether they are missing, see files.c */
};

typedef bool (*func_fn)(struct call *c, const struct value *args, size_t n, struct value *ret);

enum func_flags {
	FUNC_CHANGES = 1 << 0,	/* changes, or may, a map or slice that it did not make */
	FUNC_SLOW = 1 << 1,	/* may take more than some milliseconds */
	FUNC_VOLATILE = 1 << 2, /* not a function of its arguments alone: clock, random, files */
	FUNC_AND = 1 << 3,	/* the engine evaluates these three itself */
	FUNC_OR = 1 << 4,
	FUNC_CALL = 1 << 5,
};

struct func {
	struct str name;
	func_fn fn;
	const struct type *const *in; /* n_in parameter types; the last is repeated if variadic */
	unsigned n_in;
	bool variadic;
	const struct type *result;
	unsigned flags; /* enum func_flags */
};

/* The three members from in to variadic of a row. */
#define FUNC_TYPES(...) ((const struct type *const[]){__VA_ARGS__})
#define FUNC_COUNT(...)                                                                            \
	(sizeof((const struct type *const[]){__VA_ARGS__}) / sizeof(const struct type *))
#define FUNC_ARGS(...) FUNC_TYPES(__VA_ARGS__), FUNC_COUNT(__VA_ARGS__), false
#define FUNC_REST(...) FUNC_TYPES(__VA_ARGS__), FUNC_COUNT(__VA_ARGS__), true
#define FUNC_NONE      NULL, 0, false

struct func_table {
	const struct func *rows; /* sorted by name */
	size_t n;
};

/* reflect.Value: a parameter or result of this type is passed as it is. */
extern const struct type type_reflect_value;

/* The families, in funcs/. */
extern const struct func_table funcs_arithmetic;
extern const struct func_table funcs_builtin;
extern const struct func_table funcs_certificates;
extern const struct func_table funcs_crypto;
extern const struct func_table funcs_date;
extern const struct func_table funcs_decimal;
extern const struct func_table funcs_defaults;
extern const struct func_table funcs_dict;
extern const struct func_table funcs_digest;
extern const struct func_table funcs_dockergen;
extern const struct func_table funcs_encoding;
extern const struct func_table funcs_files;
extern const struct func_table funcs_identifiers;
extern const struct func_table funcs_json;
extern const struct func_table funcs_labels;
extern const struct func_table funcs_list;
extern const struct func_table funcs_merge;
extern const struct func_table funcs_path;
extern const struct func_table funcs_random;
extern const struct func_table funcs_reflect;
extern const struct func_table funcs_regex;
extern const struct func_table funcs_select;
extern const struct func_table funcs_semver;
extern const struct func_table funcs_sort;
extern const struct func_table funcs_strings;
extern const struct func_table funcs_system;
extern const struct func_table funcs_url;
extern const struct func_table funcs_validate;
extern const struct func_table funcs_words;
extern const struct func_table funcs_yaml;

/* The function that a template sees under name: docker-gen's before sprig's before Go's own; NULL
 * if there is none. */
const struct func *func_find(struct str name);
/* All tables, the first wins; *ret_n of them. For tests and documentation. */
const struct func_table *const *func_tables(size_t *ret_n);

/* Sets the message and returns false. */
bool call_fail(struct call *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same with a text that is taken as it is, NULs too; it is copied. */
bool call_fail_str(struct call *c, struct str text);
/* The same with the text of err, which is cleared. */
bool call_fail_error(struct call *c, struct error *err);
/* An empty buffer, bounded by the string limit, that lives until the call returns. A call may take
 * several. */
struct buf *call_buf(struct call *c);
/* The text of b as a string in the arena; fails if b is full ("string too long"). */
bool call_take_buf(struct call *c, const struct buf *b, struct str *ret) MUSTCHECK;
/* The same as the call's result. */
bool call_return_buf(struct call *c, const struct buf *b, struct value *ret) MUSTCHECK;
/* Counts steps as rounds of a loop: for a function whose work grows faster than its arguments.
 * Fails when the render has none left. */
bool call_spend(struct call *c, uint64_t steps) MUSTCHECK;
/* fmt.Sprint of one value: a string is borrowed, all else is in the arena. */
bool call_sprint(struct call *c, struct value v, struct str *ret) MUSTCHECK;
/* Renders the template called name of the set with root as its dot to *ret; fails with the
 * template's own error text. */
bool call_template(struct call *c, struct str name, struct value root, struct str *ret) MUSTCHECK;

/* Truth as if has it: what is empty, zero, false or nil is false. */
bool value_truth(struct value v);
/* v with pointers followed; false if that ends at a nil pointer or the nil interface. */
bool value_indirect(struct value *v);
/* Go's name of the type a value has for the template language: "interface {}" when it came
 * through an interface. value_type(v) is not NULL. */
const char *value_static_name(struct value v);
/* Whether untyped nil can be given for a parameter of type t, and the value it then is. */
bool type_can_be_nil(const struct type *t);
struct value type_zero(struct arena *a, const struct type *t);
/* Go's AssignableTo. */
bool type_assignable(const struct type *from, const struct type *to);

#endif
