/* SPDX-License-Identifier: MIT
 *
 * YAML nodes to values, see yaml_read.h. Decoding may leave a value out (a mapping with a key
 * twice) and go on; such errors are collected and told at the end. Others end it.
 */
#include "config.h"

#include "template/yaml_read.h"

#include "template/format/format.h"
#include "template/format/quote.h"
#include "template/funcs/encoding.h"
#include "template/yaml_nodes.h"
#include "template/yaml_resolve.h"

/* How much of the work may come from aliases: nearly all of it in small documents, a tenth in large
 * ones. */
#define ALIASES_FREE  100
#define NODES_FREE    1000
#define RATIO_LOW_AT  400000
#define RATIO_HIGH_AT 4000000

struct decoder {
	struct arena *arena;
	struct buf *text; /* of errors and binary strings */
	struct error *err;
	struct str errors; /* collected, one a line */
	size_t n_errors;
	uint64_t decoded, aliased;
	unsigned depth, alias_depth;
	struct value merged; /* keys that merging must leave alone; VALUE_NONE outside */
};

/* What came of a node. */
enum outcome {
	DECODED,
	LEFT_OUT, /* there is no value; a collected error may say why */
	FAILED,	  /* err is set */
};

static enum outcome decode(struct decoder *d, struct yaml_node *n, struct value *ret);

static enum outcome fail(struct decoder *d, const char *what)
{
	error_set(d->err, "yaml: %s", what);
	return FAILED;
}

/* --- scalars -------------------------------------------------------------------------------- */

static enum outcome decode_binary(struct decoder *d, struct str text, struct value *ret)
{
	buf_clear(d->text);
	if (!base64_undo(d->text, text, NULL))
		return fail(d, "!!binary value contains invalid base64 data");
	*ret = value_str(arena_str(d->arena, buf_str(d->text)));
	return DECODED;
}

static enum outcome decode_scalar(struct decoder *d, const struct yaml_node *n, struct value *ret)
{
	struct str tag;

	*ret = value_str(n->value);
	if (str_eq(n->tag, YAML_STR))
		return DECODED;
	if (!yaml_resolve(d->arena, n->tag, n->value, &tag, ret, d->err)) {
		error_prepend(d->err, "yaml: ");
		return FAILED;
	}
	return str_eq(tag, YAML_BINARY) ? decode_binary(d, n->value, ret) : DECODED;
}

/* --- aliases ---------------------------------------------------------------------------------- */

static double allowed_ratio(uint64_t decoded)
{
	if (decoded <= RATIO_LOW_AT)
		return 0.99;
	if (decoded >= RATIO_HIGH_AT)
		return 0.10;
	return 0.99 -
	       0.89 * ((double)(decoded - RATIO_LOW_AT) / (double)(RATIO_HIGH_AT - RATIO_LOW_AT));
}

static bool count_node(struct decoder *d)
{
	d->decoded++;
	d->aliased += d->alias_depth > 0;
	return d->aliased <= ALIASES_FREE || d->decoded <= NODES_FREE ||
	       (double)d->aliased / (double)d->decoded <= allowed_ratio(d->decoded);
}

/* Decodes what an alias stands for by the function given. */
static enum outcome decode_alias(struct decoder *d, struct yaml_node *n, struct value *ret)
{
	enum outcome result;

	if (n->visiting) {
		error_set_str(d->err, n->value);
		error_prepend(d->err, "yaml: anchor '");
		error_append(d->err, "' value contains itself");
		return FAILED;
	}
	n->visiting = true;
	d->alias_depth++;
	result = decode(d, n->alias, ret);
	d->alias_depth--;
	n->visiting = false;
	return result;
}

/* --- sequences ---------------------------------------------------------------------------------
 */

static enum outcome decode_sequence(struct decoder *d, struct yaml_node *n, struct value *ret)
{
	struct value list = slice_new(d->arena, &type_any_slice, 0, n->n);

	for (struct yaml_node *m = n->first; m; m = m->next) {
		struct value v;
		enum outcome result = decode(d, m, &v);

		if (result == FAILED)
			return FAILED;
		if (result == DECODED)
			slice_push(list, v);
	}
	*ret = list;
	return DECODED;
}

/* --- keys ----------------------------------------------------------------------------------------
 */

/* Adds a line to the collected errors. */
static void collect(struct decoder *d, struct str line)
{
	d->n_errors++;
	buf_clear(d->text);
	buf_add_str(d->text, d->errors);
	buf_add_cstr(d->text, "\n  ");
	buf_add_str(d->text, line);
	d->errors = arena_str(d->arena, buf_str(d->text));
}

static void collect_duplicate(
	struct decoder *d, const struct yaml_node *again, const struct yaml_node *before)
{
	buf_clear(d->text);
	buf_add_fmt(d->text, "line %zu: mapping key ", again->line);
	quote_add(d->text, again->value, QUOTE_PRINT);
	buf_add_fmt(d->text, " already defined at line %zu", before->line);
	collect(d, arena_str(d->arena, buf_str(d->text)));
}

/* A text by which keys that count as the same are found: kind and value as they are written. */
static struct str key_text(struct decoder *d, const struct yaml_node *key)
{
	buf_clear(d->text);
	buf_add_char(d->text, (char)('0' + (int)key->kind));
	buf_add_str(d->text, key->value);
	return arena_str(d->arena, buf_str(d->text));
}

/* Collects keys that a mapping has more than once; whether there are none. Each is told of together
 * with each later one: they are chained from the last to the first. */
static bool check_unique(struct decoder *d, const struct yaml_node *n)
{
	size_t count = n->n / 2, i = 0, before = d->n_errors;
	struct value last = map_new(d->arena, &type_any_map, count);
	const struct yaml_node **keys = arena_array(d->arena, const struct yaml_node *, count);
	size_t *next = arena_array(d->arena, size_t, count);

	for (const struct yaml_node *key = n->first; key; key = key->next->next)
		keys[i++] = key;
	for (i = count; i-- > 0;) {
		struct str text = key_text(d, keys[i]);
		struct value later = map_get_str(last, text);

		next[i] = !value_is_none(later) ? (size_t)later.i : count;
		map_set_str(last, text, value_int((int64_t)i));
	}
	for (i = 0; i < count && d->n_errors < YAML_ERRORS_MAX; i++)
		for (size_t j = next[i]; j < count && d->n_errors < YAML_ERRORS_MAX; j = next[j])
			collect_duplicate(d, keys[j], keys[i]);
	return d->n_errors == before;
}

/* What kind of thing the node is, through aliases. */
static struct str tag_of(const struct yaml_node *n)
{
	for (unsigned i = 0; n->kind == YAML_ALIAS && i < YAML_DEPTH_MAX; i++)
		n = n->alias;
	return n->tag;
}

static bool is_merge(const struct yaml_node *n)
{
	return n->kind == YAML_SCALAR && str_eq(n->value, STR("<<")) && str_eq(n->tag, YAML_MERGE);
}

static bool has_string_keys(const struct yaml_node *n)
{
	for (const struct yaml_node *key = n->first; key; key = key->next->next) {
		struct str tag = tag_of(key);

		if (!str_eq(tag, YAML_STR) && !str_eq(tag, YAML_MERGE))
			return false;
	}
	return true;
}

/* A key of a map whose keys are strings; whatever a scalar means, its text is taken. */
static enum outcome decode_string_key(struct decoder *d, struct yaml_node *n, struct value *ret)
{
	enum outcome result = decode(d, n, ret);

	while (n->kind == YAML_ALIAS)
		n = n->alias;
	if (result != DECODED)
		return result;
	if (n->kind != YAML_SCALAR) {
		if (d->n_errors < YAML_ERRORS_MAX)
			collect(d,
				arena_fmt(d->arena, "line %zu: cannot unmarshal %.*s into string",
					n->line, STR_ARG(n->tag)));
		return LEFT_OUT;
	}
	if (value_is_nil_interface(*ret))
		return LEFT_OUT;
	if (value_type(*ret) != &type_string)
		*ret = value_str(n->value);
	return DECODED;
}

static enum outcome decode_any_key(struct decoder *d, struct yaml_node *n, struct value *ret)
{
	enum outcome result = decode(d, n, ret);
	const struct format f = {d->text, d->arena};

	if (result != DECODED || (value_kind(*ret) != KIND_MAP && value_kind(*ret) != KIND_SLICE))
		return result;
	buf_clear(d->text);
	if (!format_printf(&f, STR("%#v"), ret, 1, d->err))
		return FAILED;
	error_set_str(d->err, buf_str(d->text));
	error_prepend(d->err, "yaml: invalid map key: ");
	return FAILED;
}

/* --- mappings
 * -------------------------------------------------------------------------------------- */

static enum outcome merge(
	struct decoder *d, struct yaml_node *parent, struct yaml_node *from, struct value into);

/* Whether a key that is merged is there already; notes it if it is not. */
static bool is_merged(struct value merged, struct value key)
{
	if (value_is_none(merged))
		return false;
	if (!value_is_none(map_get(merged, key)))
		return true;
	map_set(merged, key, value_bool(true));
	return false;
}

static enum outcome decode_entry(
	struct decoder *d, struct yaml_node *key_node, struct value merged, struct value into)
{
	struct value key, v;
	enum outcome result = value_type(into)->key == &type_string
				      ? decode_string_key(d, key_node, &key)
				      : decode_any_key(d, key_node, &key);

	if (result == FAILED)
		return FAILED;
	if (result == LEFT_OUT || is_merged(merged, key))
		return DECODED;
	result = decode(d, key_node->next, &v);
	if (result == DECODED)
		map_set(into, key, v);
	return result == FAILED ? FAILED : DECODED;
}

/* Adds the entries of a mapping to a map; what it merges comes last. */
static enum outcome decode_entries(struct decoder *d, struct yaml_node *n, struct value into)
{
	struct value merged = d->merged;
	struct yaml_node *merge_node = NULL;

	if (!check_unique(d, n))
		return LEFT_OUT;
	d->merged = VALUE_NONE;
	for (struct yaml_node *key = n->first; key; key = key->next->next) {
		if (is_merge(key))
			merge_node = key->next;
		else if (decode_entry(d, key, merged, into) == FAILED)
			return FAILED;
	}
	d->merged = merged;
	return merge_node ? merge(d, n, merge_node, into) : DECODED;
}

/* *ret is the map before its entries are decoded, so that it is there if they fail. */
static enum outcome decode_mapping(struct decoder *d, struct yaml_node *n, struct value *ret)
{
	const struct type *t = has_string_keys(n) ? &type_any_map : &type_any_any_map;
	struct value map = map_new(d->arena, t, n->n / 2);
	enum outcome result;

	*ret = value_nil();
	result = decode_entries(d, n, map);
	if (result != LEFT_OUT)
		*ret = map;
	return result;
}

/* Merges one mapping, or what an alias of one stands for. */
static enum outcome merge_mapping(struct decoder *d, struct yaml_node *n, struct value into)
{
	struct yaml_node *target = n;
	bool alias = n->kind == YAML_ALIAS;
	enum outcome result;

	if (alias)
		target = n->alias;
	if (target->kind != YAML_MAPPING)
		return fail(d, "map merge requires map or sequence of maps as the value");
	if (n->visiting) {
		error_set_str(d->err, n->value);
		error_prepend(d->err, "yaml: anchor '");
		error_append(d->err, "' value contains itself");
		return FAILED;
	}
	if (d->depth >= YAML_DEPTH_MAX)
		return fail(d, "document is nested too deeply");
	if (!count_node(d))
		return fail(d, "document contains excessive aliasing");
	n->visiting = alias;
	d->alias_depth += alias;
	d->depth++;
	result = decode_entries(d, target, into);
	d->depth--;
	d->alias_depth -= alias;
	n->visiting = false;
	return result;
}

/* The keys that the mapping itself has. */
static enum outcome own_keys(struct decoder *d, struct yaml_node *parent, struct value *ret)
{
	*ret = map_new(d->arena, &type_any_any_map, parent->n);
	for (struct yaml_node *n = parent->first; n; n = n->next->next) {
		struct value key;
		enum outcome result = decode(d, n, &key);

		if (result == FAILED)
			return FAILED;
		if (result == DECODED)
			map_set(*ret, key, value_bool(true));
	}
	return DECODED;
}

static enum outcome merge(
	struct decoder *d, struct yaml_node *parent, struct yaml_node *from, struct value into)
{
	struct value merged = d->merged;
	enum outcome result = DECODED;

	if (value_is_none(merged)) {
		struct value keys;

		if (own_keys(d, parent, &keys) == FAILED)
			return FAILED;
		d->merged = keys;
	}
	if (from->kind == YAML_SEQUENCE) {
		for (struct yaml_node *n = from->first; n && result != FAILED; n = n->next)
			result = merge_mapping(d, n, into);
	} else {
		result = merge_mapping(d, from, into);
	}
	d->merged = merged;
	return result == FAILED ? FAILED : DECODED;
}

/* --- the whole
 * ---------------------------------------------------------------------------------------- */

static enum outcome decode(struct decoder *d, struct yaml_node *n, struct value *ret)
{
	enum outcome result = DECODED;

	*ret = value_nil();
	if (!count_node(d))
		return fail(d, "document contains excessive aliasing");
	/* A scalar may stand within the last collection. */
	if (++d->depth > YAML_DEPTH_MAX + 1)
		return fail(d, "document is nested too deeply");
	switch (n->kind) {
	case YAML_SCALAR:
		result = decode_scalar(d, n, ret);
		break;
	case YAML_ALIAS:
		result = decode_alias(d, n, ret);
		break;
	case YAML_SEQUENCE:
		result = decode_sequence(d, n, ret);
		break;
	case YAML_MAPPING:
		result = decode_mapping(d, n, ret);
		break;
	}
	d->depth--;
	/* Only a mapping is there before it is complete. */
	if (result == FAILED && (n->kind == YAML_SCALAR || n->kind == YAML_SEQUENCE))
		*ret = value_nil();
	return result;
}

bool yaml_read(
	struct arena *a, struct buf *scratch, struct str text, struct value *ret, struct error *err)
{
	struct decoder d = {.arena = a, .text = scratch, .err = err};
	struct yaml_node *root = NULL;

	*ret = value_nil();
	if (!yaml_nodes_read(a, scratch, text, &root, err))
		return false;
	if (root && decode(&d, root, ret) == FAILED)
		return false;
	if (d.n_errors == 0)
		return true;
	error_set_str(err, d.errors);
	return error_prepend(err, "yaml: unmarshal errors:");
}
