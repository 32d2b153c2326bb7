/* SPDX-License-Identifier: MIT
 *
 * Fields of a shape by the names that JSON gives them, see shape_impl.h.
 */
#include "config.h"

#include "model/shape_impl.h"

/* One byte or rune of key against a byte of a field's name, as Go folds them: besides ASCII's cases,
 * U+017F is an s and U+212A (Kelvin) a k. Returns the width in key, 0 if they differ. */
static size_t fold_width(struct str key, char c)
{
	char lower = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	char k = key.p[0] >= 'A' && key.p[0] <= 'Z' ? (char)(key.p[0] + ('a' - 'A')) : key.p[0];

	if (k == lower)
		return 1;
	if (lower == 's' && str_has_prefix(key, STR("\xc5\xbf")))
		return 2;
	if (lower == 'k' && str_has_prefix(key, STR("\xe2\x84\xaa")))
		return 3;
	return 0;
}

static bool folds_to(struct str key, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		size_t width = key.len ? fold_width(key, name.p[i]) : 0;

		if (width == 0)
			return false;
		key = str_sub(key, width, key.len);
	}
	return key.len == 0;
}

const struct shape_field *shape_find_field(const struct shape *shape, struct str key)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		if (str_eq(shape->fields[i].name, key))
			return &shape->fields[i];
	}
	for (size_t i = 0; i < shape->n_fields; i++) {
		if (folds_to(key, shape->fields[i].name))
			return &shape->fields[i];
	}
	return NULL;
}
