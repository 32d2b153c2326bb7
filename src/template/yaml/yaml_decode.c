/* SPDX-License-Identifier: MIT
 *
 * Values of nodes, see yaml_decode.h. Follows what go-yaml does step by step, because it shows:
 * which errors end it and which are collected, what is in the map at the root when it ends, how
 * often an alias may be followed.
 */
#include "config.h"

#include "template/yaml/yaml_decode.h"

#include "template/format/format.h"
#include "template/format/quote.h"
#include "template/funcs/encoding.h"
#include "template/yaml/yaml_resolve.h"
#include "template/yaml/yaml_tree.h"

/* A document may expand to this many nodes by aliases almost alone; beyond, and up to the second
 * figure, the allowed part of them falls evenly. */
#define ALIAS_FREE     100
#define DECODE_FREE    1000
#define RATIO_FROM     400000
#define RATIO_TO       4000000
#define RATIO_AT_FIRST 0.99
#define RATIO_AT_LAST  0.10
struct decoder {
	struct arena *arena;
	struct buf *faults; /* collected errors, one a line */
	struct error *err;
	enum yaml_fault fault;
	size_t n_decoded, n_aliased, n_faults;
	unsigned depth, alias_depth;
	struct value merged; /* keys that a merge must leave alone, a set; or VALUE_NONE */
};

/* Decodes n to *out, which holds what is wanted: the nil interface for any value, a string for a
 * text, a map to be added to. *good tells whether there is a value. False when all ends here. */
static bool decode(struct decoder *d, struct yaml_node *n, struct value *out, bool *good);

/* --- errors ------------------------------------------------------------------------------- */

/* Begins a collected error, unless there are enough. */
static bool add_fault(struct decoder *d, const struct yaml_node *n)
{
	if (d->n_faults == YAML_READ_ERRORS_MAX)
		return false;
	d->n_faults++;
	buf_add_fmt(d->faults, "\n  line %u: ", n->line);
	return true;
}

/* A sequence or mapping, which cannot be made a string, where a key must be one. */
static void add_type_fault(struct decoder *d, const struct yaml_node *n)
{
	if (add_fault(d, n))
		buf_add_fmt(d->faults, "cannot unmarshal %.*s into string", STR_ARG(n->tag));
}

static bool fail_panic(struct decoder *d, struct value key)
{
	d->fault = YAML_READ_PANIC;
	return error_set(
		d->err, "runtime error: hash of unhashable type %s", format_type_name(key));
}

static bool fail_key(struct decoder *d, struct value key)
{
	struct format f = {d->faults, d->arena};

	buf_clear(d->faults);
	buf_add_cstr(d->faults, "yaml: invalid map key: ");
	if (!format_printf(&f, STR("%#v"), &key, 1, d->err))
		return false;
	return error_set_str(d->err, buf_str(d->faults));
}

/* --- scalars and sequences ---------------------------------------------------------------- */

/* The bytes that a binary scalar means. */
static bool decode_binary(struct decoder *d, struct str text, struct value *ret)
{
	struct buf *b = d->faults;
	size_t start = b->len;

	if (!base64_undo(b, text, NULL)) {
		b->len = start;
		return error_set(d->err, "yaml: !!binary value contains invalid base64 data");
	}
	*ret = value_str(arena_str(d->arena, str_sub(buf_str(b), start, b->len)));
	b->len = start;
	return true;
}

static bool decode_scalar(struct decoder *d, struct yaml_node *n, struct value *out, bool *good)
{
	struct str tag = n->tag;
	struct value v = value_str(n->value);

	if (!str_eq(tag, YAML_STR)) {
		if (!yaml_resolve(d->arena, tag, n->value, &tag, &v, d->err))
			return error_prepend(d->err, "yaml: ");
		if (str_eq(tag, YAML_BINARY) && !decode_binary(d, n->value, &v))
			return false;
	}
	*good = true;
	if (value_type(*out) != &type_string) {
		*out = v;
		return true;
	}
	*good = !value_is_nil_interface(v);
	*out = value_type(v) == &type_string ? v : value_str(n->value);
	return true;
}

static bool decode_sequence(struct decoder *d, struct yaml_node *n, struct value *out, bool *good)
{
	struct value list, member;
	bool member_good;

	*good = value_type(*out) != &type_string;
	if (!*good) {
		add_type_fault(d, n);
		return true;
	}
	list = slice_new(d->arena, &type_any_slice, 0, n->n);
	for (struct yaml_node *child = n->first; child; child = child->next) {
		member = value_nil();
		if (!decode(d, child, &member, &member_good))
			return false;
		if (member_good)
			slice_push(list, member);
	}
	*out = list;
	return true;
}

/* --- mappings ----------------------------------------------------------------------------- */

static bool is_merge(const struct yaml_node *key)
{
	return key->kind == YAML_IS_SCALAR && str_eq(key->value, STR("<<")) &&
	       str_eq(key->tag, YAML_MERGE);
}

static bool has_string_keys(const struct yaml_node *n)
{
	for (const struct yaml_node *key = n->first; key; key = key->next->next) {
		struct str tag = yaml_node_tag(key);

		if (!str_eq(tag, YAML_STR) && !str_eq(tag, YAML_MERGE))
			return false;
	}
	return true;
}

/* A key that was there before, as the keys are compared: by kind and text alone. */
struct seen_key {
	const struct yaml_node *node;
	struct seen_key *next; /* the same key again */
	struct seen_key *last; /* of the first one */
};

/* What the maps of keys that were seen hold. */
static const struct type type_seen_key = {
	.kind = KIND_POINTER,
	.size = sizeof(void *),
	.name = "*yaml.key",
};

static void add_key_faults(struct decoder *d, const struct seen_key *seen)
{
	for (const struct seen_key *again = seen->next; again && add_fault(d, again->node);
		again = again->next) {
		buf_add_cstr(d->faults, "mapping key ");
		quote_add(d->faults, again->node->value, QUOTE_PRINT);
		buf_add_fmt(d->faults, " already defined at line %u", seen->node->line);
	}
}

/* Whether all keys differ; if not, each pair of equal ones is a collected error. */
static bool keys_differ(struct decoder *d, const struct yaml_node *n)
{
	struct seen_key *all = arena_array(d->arena, struct seen_key, n->n / 2), *at = all;
	struct value seen[YAML_IS_MAPPING + 1] = {VALUE_NONE};
	bool differ = true;

	for (const struct yaml_node *key = n->first; key; key = key->next->next, at++) {
		struct value *kind = &seen[key->kind], before;
		struct seen_key *first;

		if (value_is_none(*kind))
			*kind = map_new(d->arena, &type_any_map, n->n / 2);
		before = map_get_str(*kind, key->value);
		*at = (struct seen_key){.node = key, .last = at};
		if (value_is_none(before)) {
			map_set_str(*kind, key->value, value_rec(&type_seen_key, at));
			continue;
		}
		first = (struct seen_key *)(uintptr_t)before.rec;
		first->last->next = at;
		first->last = at;
		differ = false;
	}
	for (const struct seen_key *s = all; !differ && s < at; s++)
		add_key_faults(d, s);
	return differ;
}

static bool is_unhashable(struct value key)
{
	return value_kind(key) == KIND_MAP || value_kind(key) == KIND_SLICE;
}

/* Whether a merge must leave the key alone. */
static bool is_merged(struct decoder *d, struct value key, bool *ret)
{
	*ret = false;
	if (value_is_none(d->merged))
		return true;
	if (is_unhashable(key))
		return fail_panic(d, key);
	*ret = !value_is_none(map_get(d->merged, key));
	map_set(d->merged, key, value_bool(true));
	return true;
}

/* One key with its value, to be set in map unless the set merged has it. */
static bool decode_pair(
	struct decoder *d, struct yaml_node *key_node, struct value merged, struct value map)
{
	struct value key = value_type(map)->key == &type_string ? value_str(STR("")) : value_nil();
	struct value v = value_nil(), outer = d->merged;
	bool good, skip, value_good;

	if (!decode(d, key_node, &key, &good))
		return false;
	if (!good)
		return true;
	d->merged = merged;
	if (!is_merged(d, key, &skip))
		return false;
	d->merged = outer;
	if (skip)
		return true;
	if (is_unhashable(key))
		return fail_key(d, key);
	if (!decode(d, key_node->next, &v, &value_good))
		return false;
	if (value_good || str_eq(yaml_node_tag(key_node->next), YAML_NULL))
		map_set(map, key, v);
	return true;
}

/* One mapping that another one takes its missing keys from. */
static bool merge_one(struct decoder *d, struct yaml_node *from, struct value map)
{
	const struct yaml_node *n = from->kind == YAML_IS_ALIAS ? from->alias : from;
	bool good;

	if (n->kind != YAML_IS_MAPPING)
		return error_set(
			d->err, "yaml: map merge requires map or sequence of maps as the value");
	return decode(d, from, &map, &good);
}

/* The keys of parent itself, which win. */
static bool collect_own_keys(struct decoder *d, struct yaml_node *parent)
{
	struct value own = map_new(d->arena, &type_any_any_map, parent->n / 2);

	d->merged = own;
	for (struct yaml_node *node = parent->first; node; node = node->next->next) {
		struct value key = value_nil();
		bool good;

		if (!decode(d, node, &key, &good))
			return false;
		if (good && is_unhashable(key))
			return fail_panic(d, key);
		if (good)
			map_set(own, key, value_bool(true));
	}
	return true;
}

/* The value of parent's key <<. */
static bool merge(
	struct decoder *d, struct yaml_node *parent, struct yaml_node *from, struct value map)
{
	struct value outer = d->merged;
	bool ok = true;

	if (value_is_none(d->merged) && !collect_own_keys(d, parent))
		return false;
	if (from->kind == YAML_IS_SEQUENCE) {
		for (struct yaml_node *one = from->first; ok && one; one = one->next)
			ok = merge_one(d, one, map);
	} else {
		ok = merge_one(d, from, map);
	}
	d->merged = outer;
	return ok;
}

static bool decode_mapping(struct decoder *d, struct yaml_node *n, struct value *out, bool *good)
{
	struct yaml_node *from = NULL;
	struct value merged = d->merged;

	*good = false;
	if (!keys_differ(d, n))
		return true;
	if (value_type(*out) == &type_string) {
		add_type_fault(d, n);
		return true;
	}
	if (value_is_nil_interface(*out))
		*out = map_new(
			d->arena, has_string_keys(n) ? &type_any_map : &type_any_any_map, n->n / 2);
	d->merged = VALUE_NONE;
	for (struct yaml_node *key = n->first; key; key = key->next->next) {
		if (is_merge(key))
			from = key->next;
		else if (!decode_pair(d, key, merged, *out))
			return false;
	}
	d->merged = merged;
	*good = true;
	return !from || merge(d, n, from, *out);
}

/* --- all ---------------------------------------------------------------------------------- */

/* Part of the nodes decoded so far that may come from aliases. */
static double allowed_ratio(size_t n)
{
	if (n <= RATIO_FROM)
		return RATIO_AT_FIRST;
	if (n >= RATIO_TO)
		return RATIO_AT_LAST;
	return RATIO_AT_FIRST - (RATIO_AT_FIRST - RATIO_AT_LAST) *
					((double)(n - RATIO_FROM) / (RATIO_TO - RATIO_FROM));
}

static bool count_node(struct decoder *d)
{
	d->n_decoded++;
	if (d->alias_depth > 0)
		d->n_aliased++;
	if (d->n_aliased > ALIAS_FREE && d->n_decoded > DECODE_FREE &&
		(double)d->n_aliased / (double)d->n_decoded > allowed_ratio(d->n_decoded))
		return error_set(d->err, "yaml: document contains excessive aliasing");
	return true;
}

static bool decode_alias(struct decoder *d, struct yaml_node *n, struct value *out, bool *good)
{
	bool ok;

	if (n->open)
		return error_set(
			d->err, "yaml: anchor '%.*s' value contains itself", STR_ARG(n->value));
	n->open = true;
	d->alias_depth++;
	ok = decode(d, n->alias, out, good);
	d->alias_depth--;
	n->open = false;
	return ok;
}

static bool decode(struct decoder *d, struct yaml_node *n, struct value *out, bool *good)
{
	static bool (*const by_kind[])(
		struct decoder *, struct yaml_node *, struct value *, bool *) = {
		[YAML_IS_SCALAR] = decode_scalar,
		[YAML_IS_ALIAS] = decode_alias,
		[YAML_IS_SEQUENCE] = decode_sequence,
		[YAML_IS_MAPPING] = decode_mapping,
	};
	bool ok;

	if (!count_node(d))
		return false;
	if (++d->depth > YAML_READ_DEPTH_MAX)
		return error_set(d->err, "yaml: exceeded max depth of %d", YAML_READ_DEPTH_MAX);
	ok = by_kind[n->kind](d, n, out, good);
	d->depth--;
	return ok;
}

enum yaml_fault yaml_decode(struct arena *a, struct buf *scratch, struct yaml_node *root,
	struct value *ret, struct error *err)
{
	/* The document itself counts as one node. */
	struct decoder d = {.arena = a,
		.faults = scratch,
		.err = err,
		.fault = YAML_READ_ERROR,
		.n_decoded = 1};
	bool good;

	*ret = value_nil();
	buf_add_cstr(scratch, "yaml: unmarshal errors:");
	if (!decode(&d, root, ret, &good))
		return d.fault;
	if (d.n_faults == 0)
		return YAML_READ_OK;
	error_set_str(err, buf_str(scratch));
	return YAML_READ_ERROR;
}
