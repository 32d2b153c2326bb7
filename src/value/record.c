/* SPDX-License-Identifier: MIT
 *
 * Fields and methods of a type by name. Fields keep the order of their declaration (printing
 * needs it) and are few, so they are searched one by one; methods are sorted.
 */
#include "config.h"

#include "value/value.h"

const struct field *type_field(const struct type *t, struct str name)
{
	const struct field *end = t->fields + t->n_fields + t->n_extra;

	if (name.len == 0)
		return NULL;
	for (const struct field *f = t->fields; f < end; f++)
		if (f->name.len == name.len && f->name.p[0] == name.p[0] && str_eq(f->name, name))
			return f;
	return NULL;
}

const struct method *type_method(const struct type *t, struct str name)
{
	size_t lo = 0, hi = t->n_methods;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = str_cmp(name, t->methods[mid].name);

		if (d == 0)
			return &t->methods[mid];
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}
