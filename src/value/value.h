/* SPDX-License-Identifier: MIT
 *
 * Values that templates work on. They carry the Go type they would have had, because it shows: in
 * printing, in comparison, in what a missing key gives and in error texts.
 *
 * Ownership, in one sentence: values live in an arena (or in a model snapshot) that outlives the
 * render and are only borrowed by callees; all are immutable once built except maps, which keep
 * their identity when set and merge change them, and the storage of slices, which is shared as in
 * Go.
 *
 * A type describes memory, like Go's: value_load reads a value of a type from an address. So a
 * field table over a C struct makes records of the model's own structs without copying, and a
 * slice of any type is a plain C array. How a kind is stored in memory, and in a struct value:
 *
 *	kind            memory of type->size bytes        struct value
 *	bool            bool                              .b
 *	int, int8..64   (u)int8_t .. (u)int64_t           .i / .u
 *	float32/64      float / double                    .f
 *	complex64/128   struct complex128                 .c (pointer)
 *	string          struct str                        .s, value_len
 *	slice, array    struct slice                      .sl (pointer to the header)
 *	map             struct map *                      .m (NULL is the nil map)
 *	struct          the C struct itself               .rec (pointer to it)
 *	pointer         pointer to elem's memory          .rec (NULL is the nil pointer)
 *	func            const struct func *               .fn
 *	interface       struct value                      the value inside, flag VALUE_IFACE
 *
 * Three kinds of nothing: no value at all (VALUE_NONE, a missing key), the nil interface
 * (value_nil(), kind KIND_INTERFACE) and a typed nil (nil map, slice or pointer).
 */
#ifndef UD_VALUE_H
#define UD_VALUE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest string, and most members of a slice or map, that a value can hold. */
#define VALUE_LEN_MAX ((size_t)UINT32_MAX - 1)

/* Go's reflect.Kind, in its order, as far as templates meet them. */
enum kind {
	KIND_INVALID,
	KIND_BOOL,
	KIND_INT,
	KIND_INT8,
	KIND_INT16,
	KIND_INT32,
	KIND_INT64,
	KIND_UINT,
	KIND_UINT8,
	KIND_UINT16,
	KIND_UINT32,
	KIND_UINT64,
	KIND_UINTPTR,
	KIND_FLOAT32,
	KIND_FLOAT64,
	KIND_COMPLEX64,
	KIND_COMPLEX128,
	KIND_ARRAY,
	KIND_FUNC,
	KIND_INTERFACE,
	KIND_MAP,
	KIND_POINTER,
	KIND_SLICE,
	KIND_STRING,
	KIND_STRUCT,
};

struct type;
struct slice;
struct map;
struct func;
struct call; /* one call of a function or method, see template/funcs.h */

struct complex128 {
	double re, im;
};

enum value_flags {
	VALUE_IFACE = 1 << 0, /* its static type is an interface that holds it (any, error) */
	VALUE_ADDR = 1 << 1,  /* addressable: methods of the pointer type may be called */
};

/* 16 bytes, so that a value is passed and returned in registers. */
struct value {
	uint64_t head; /* from the lowest bit: flags, type (see TYPE_HEAD), length of a string */
	union {
		bool b;
		int64_t i;
		uint64_t u;
		double f;
		const struct complex128 *c;
		const char *s; /* value_len bytes, not NUL-terminated */
		struct slice *sl;
		struct map *m;
		const void *rec;
		const struct func *fn;
	};
};
_Static_assert(sizeof(struct value) == 16, "a value fits two registers");

/* The header is immutable, the storage shared: two slices may alias as in Go. data NULL with
 * len 0 is the nil slice. */
struct slice {
	void *data; /* cap members of type->elem->size bytes */
	uint32_t len, cap;
};

/* A method or Stringer of a type: ret gets the result. recv is of the type the method belongs to.
 */
typedef bool (*method_fn)(struct call *call, struct value recv, const struct value *args, size_t n,
	struct value *ret);

struct method {
	struct str name;
	method_fn call;
	const struct type *const *in; /* n_in parameter types; the last is repeated if variadic */
	unsigned n_in;
	bool variadic;
	const struct type *result; /* static type of the result; NULL: call only tells, as its
				    * error, why templates cannot call the method */
	bool on_pointer;	   /* receiver is a pointer: needs an addressable value */
};

struct field {
	struct str name;
	const struct type *type;
	size_t offset; /* of the memory of type within the struct */
};

struct type {
	enum kind kind;
	uint32_t size;		    /* bytes in memory */
	const char *name;	    /* as Go's %T prints it: "[]interface {}", "*context.Address" */
	const struct type *key;	    /* of a map */
	const struct type *elem;    /* of a slice, array, map, pointer */
	const struct field *fields; /* of a struct, in declaration order */
	size_t n_fields;
	/* Fields behind the n_fields that a template finds by name, but that are neither printed,
	 * encoded nor compared: additions to a struct whose look is settled. */
	size_t n_extra;
	const struct method *methods; /* sorted by name */
	size_t n_methods;
	/* The text of a value that has a String() or Error() method, NULL for all others; what fmt
	 * prints for %v and %s. Result in the arena or borrowed. */
	struct str (*stringer)(struct arena *a, struct value v);
	bool is_error; /* stringer is Error(), which wins over String() */
	/* The text that JSON holds as a string, of a type that encodes itself (time.Time); NULL for
	 * all others. Result in the arena or borrowed; false with the type's own error. */
	bool (*json_text)(struct arena *a, struct value v, struct str *ret, struct error *err);
};

/* Predeclared types. Types are compared by pointer: there is one object per type. */
enum predeclared_type {
	TYPE_NONE,
	TYPE_BOOL,
	TYPE_INT,
	TYPE_INT8,
	TYPE_INT16,
	TYPE_INT32,
	TYPE_INT64,
	TYPE_UINT,
	TYPE_UINT8,
	TYPE_UINT16,
	TYPE_UINT32,
	TYPE_UINT64,
	TYPE_FLOAT32,
	TYPE_FLOAT64,
	TYPE_COMPLEX128,
	TYPE_STRING,
	TYPE_ANY,
	TYPE_ERROR,
	TYPE_ANY_SLICE,
	TYPE_STRING_SLICE,
	TYPE_INT_SLICE,
	TYPE_BYTES,
	TYPE_ANY_SLICES,
	TYPE_ANY_MAP,
	TYPE_STRING_MAP,
	TYPE_ANY_ANY_MAP,
	TYPE_ANY_SLICE_MAP,
	TYPE_PREDECLARED,
};

extern const struct type predeclared_types[TYPE_PREDECLARED];

#define type_bool	   (predeclared_types[TYPE_BOOL])
#define type_int	   (predeclared_types[TYPE_INT])
#define type_int8	   (predeclared_types[TYPE_INT8])
#define type_int16	   (predeclared_types[TYPE_INT16])
#define type_int32	   (predeclared_types[TYPE_INT32])
#define type_int64	   (predeclared_types[TYPE_INT64])
#define type_uint	   (predeclared_types[TYPE_UINT])
#define type_uint8	   (predeclared_types[TYPE_UINT8])
#define type_uint16	   (predeclared_types[TYPE_UINT16])
#define type_uint32	   (predeclared_types[TYPE_UINT32])
#define type_uint64	   (predeclared_types[TYPE_UINT64])
#define type_float32	   (predeclared_types[TYPE_FLOAT32])
#define type_float64	   (predeclared_types[TYPE_FLOAT64])
#define type_complex128	   (predeclared_types[TYPE_COMPLEX128])
#define type_string	   (predeclared_types[TYPE_STRING])
#define type_any	   (predeclared_types[TYPE_ANY]) /* interface {} */
#define type_error	   (predeclared_types[TYPE_ERROR])
#define type_any_slice	   (predeclared_types[TYPE_ANY_SLICE])	  /* []interface {} */
#define type_string_slice  (predeclared_types[TYPE_STRING_SLICE]) /* []string */
#define type_int_slice	   (predeclared_types[TYPE_INT_SLICE])	  /* []int */
#define type_bytes	   (predeclared_types[TYPE_BYTES])	  /* []uint8 */
#define type_any_slices	   (predeclared_types[TYPE_ANY_SLICES])	  /* [][]interface {} */
#define type_any_map	   (predeclared_types[TYPE_ANY_MAP])	  /* map[string]interface {} */
#define type_string_map	   (predeclared_types[TYPE_STRING_MAP])	  /* map[string]string */
#define type_any_any_map   (predeclared_types[TYPE_ANY_ANY_MAP]) /* map[interface {}]interface {} */
#define type_any_slice_map (predeclared_types[TYPE_ANY_SLICE_MAP]) /* map[string][]interface {} */

/* Flags in the head of a value. */
#define VALUE_FLAGS ((uint64_t)7)

/* A type as the head of a value holds it: its distance from the first predeclared one, a multiple
 * of 8, in 32 bits. All types are static objects of the program, those made at run time too, so
 * this reaches them. 0 is no type. */
#define TYPE_HEAD(t) ((uint64_t)(uint32_t)((const char *)(t) - (const char *)predeclared_types))

/* The dynamic type of a value; a type of KIND_INVALID if it is none. */
static inline const struct type *value_type(struct value v)
{
	int32_t distance = (int32_t)(uint32_t)(v.head & ~VALUE_FLAGS);

	return (const struct type *)((const char *)predeclared_types + distance);
}

/* v as one of type t. */
static inline struct value value_as(struct value v, const struct type *t)
{
	v.head = (v.head & ~(uint64_t)UINT32_MAX) | TYPE_HEAD(t) | (v.head & VALUE_FLAGS);
	return v;
}

/* Whether v is no value at all. */
static inline bool value_is_none(struct value v)
{
	return (uint32_t)v.head <= VALUE_FLAGS;
}

/* The value itself, whatever it came through. */
static inline struct value value_plain(struct value v)
{
	v.head &= ~VALUE_FLAGS;
	return v;
}

/* The length of a string. */
static inline uint32_t value_len(struct value v)
{
	return (uint32_t)(v.head >> 32);
}

/* --- making values ----------------------------------------------------------- */

#define VALUE_NONE ((struct value){.head = TYPE_NONE})

/* The nil interface. */
static inline struct value value_nil(void)
{
	return (struct value){.head = TYPE_HEAD(&type_any)};
}

static inline struct value value_bool(bool b)
{
	return (struct value){.head = TYPE_HEAD(&type_bool), .b = b};
}

static inline struct value value_int(int64_t i)
{
	return (struct value){.head = TYPE_HEAD(&type_int), .i = i};
}

static inline struct value value_float(double f)
{
	return (struct value){.head = TYPE_HEAD(&type_float64), .f = f};
}

/* s.len must be at most VALUE_LEN_MAX; the bytes are borrowed. */
static inline struct value value_str(struct str s)
{
	return (struct value){.head = TYPE_HEAD(&type_string) | (uint64_t)s.len << 32, .s = s.p};
}

static inline struct str value_as_str(struct value v)
{
	return str_n(v.s, value_len(v));
}

/* A value of struct or pointer type t at rec. */
static inline struct value value_rec(const struct type *t, const void *rec)
{
	return (struct value){.head = TYPE_HEAD(t), .rec = rec};
}

static inline enum kind value_kind(struct value v)
{
	return value_type(v)->kind;
}

/* Go's reflect.Kind.String: "slice", "ptr", "invalid" … */
const char *kind_name(enum kind kind);

static inline bool value_is_nil_interface(struct value v)
{
	return value_type(v) == &type_any || value_type(v) == &type_error;
}

/* Reads the memory at p as a t; of an interface, the value inside with VALUE_IFACE set (a nil
 * interface stays value_nil()). Strings, slices and structs are borrowed from p. */
struct value value_load(const struct type *t, const void *p);
/* Writes v to the memory at p, of type t. v's type is t, or t is an interface type. */
void value_store(const struct type *t, void *p, struct value v);

/* The *T type of t; types made at run time live for ever and are unique. */
const struct type *type_pointer_to(const struct type *t);
const struct type *type_slice_of(const struct type *t);
const struct type *type_map_of(const struct type *key, const struct type *elem);
/* Makes a static *T, []T or map type of another room the one that the three above give. */
void type_register(const struct type *t);
/* NULL if the struct type has no such field. */
const struct field *type_field(const struct type *t, struct str name);
const struct method *type_method(const struct type *t, struct str name);

/* --- slices ------------------------------------------------------------------- */

/* A slice of type t with room for cap members, len of them zeroed. */
struct value slice_new(struct arena *a, const struct type *t, size_t len, size_t cap);
static inline size_t slice_len(struct value v)
{
	return v.sl ? v.sl->len : 0;
}
/* Member i, i < len; it is addressable. */
struct value slice_at(struct value v, size_t i);
void slice_set(struct value v, size_t i, struct value member);
/* Members from..to (to <= cap) over the same storage. */
struct value slice_sub(struct arena *a, struct value v, size_t from, size_t to);
/* Adds a member while len < cap was asked for at slice_new: fills a slice one by one. */
void slice_push(struct value v, struct value member);
/* The capacity that Go's append gives a full slice of capacity cap so that n members of size bytes
 * fit. It shows: a slice can be resliced up to its capacity. */
#define GO_INTERFACE_SIZE 16 /* bytes of an interface, of a string's header */
#define GO_STRING_SIZE	  16
size_t slice_grown_cap(size_t cap, size_t n, size_t size);
/* The capacity of an empty slice to which n members were appended one by one. */
size_t slice_appended_cap(size_t n, size_t size);

/* --- maps --------------------------------------------------------------------- */

/* An empty map of type t with room for n entries. Entries, index and order live in the arena, which
 * the map remembers: it must stay where it is as long as the map is used. */
struct value map_new(struct arena *a, const struct type *t, size_t n);
size_t map_len(struct value m);
/* Makes room for n more entries; does nothing for the nil map. */
void map_reserve(struct value m, size_t n);
/* The value of key; VALUE_NONE if it is absent. key is of the map's key type. */
struct value map_get(struct value m, struct value key);
/* The same for a string key; hash is str_hash(key), kept by those who look it up often. */
struct value map_get_str(struct value m, struct str key);
struct value map_get_hashed(struct value m, struct str key, uint64_t hash);
/* Sets key, whose bytes are borrowed. m is not the nil map. */
void map_set(struct value m, struct value key, struct value v);
void map_set_str(struct value m, struct str key, struct value v);
/* Removes key if it is there. */
void map_delete(struct value m, struct value key);
/* Next entry at or after *pos in no order to rely on, false at the end; start with *pos = 0. Never
 * allocates. */
bool map_next(struct value m, size_t *pos, struct value *key, struct value *v);
/* Computes the sorted order of the keys and keeps it in the map until a key is added or removed.
 * A map that outlives a render (the model's) is sorted once when it is built: afterwards reading
 * it never allocates. Does nothing when the order is known. */
void map_sort(struct value m);
/* Entry i < map_len in the order of sorted keys, as Go's template and fmt walk them. Sorts the map
 * first if its order is not known. */
void map_at_sorted(struct value m, size_t i, struct value *key, struct value *v);

/* --- records -------------------------------------------------------------------- */

/* Field f of the struct that v is or points to. */
static inline struct value record_field(struct value v, const struct field *f)
{
	return value_load(f->type, (const char *)v.rec + f->offset);
}

/* --- comparison ------------------------------------------------------------------ */

/* Go's == on two values of any type; what == refuses (maps, slices) is compared by identity. */
bool value_equal(struct value a, struct value b);
/* reflect.DeepEqual. Values nested beyond a depth of 2000 count as different. */
bool value_deep_equal(struct value a, struct value b);
/* Order of map keys as internal/fmtsort has it: <0, 0, >0. */
int value_order(struct value a, struct value b);

#endif
