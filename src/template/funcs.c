/* SPDX-License-Identifier: MIT
 *
 * The tables of template functions in the order in which a name is looked up, see funcs.h.
 */
#include "config.h"

#include "template/funcs.h"

static const struct func_table *const tables[] = {
	/* docker-gen's */
	&funcs_dockergen,
	&funcs_files,
	&funcs_labels,
	&funcs_select,
	&funcs_sort,
	&funcs_validate,
	&funcs_yaml,
	/* sprig's */
	&funcs_arithmetic,
	&funcs_certificates,
	&funcs_crypto,
	&funcs_date,
	&funcs_decimal,
	&funcs_defaults,
	&funcs_dict,
	&funcs_digest,
	&funcs_encoding,
	&funcs_identifiers,
	&funcs_json,
	&funcs_list,
	&funcs_merge,
	&funcs_path,
	&funcs_random,
	&funcs_reflect,
	&funcs_regex,
	&funcs_semver,
	&funcs_strings,
	&funcs_system,
	&funcs_url,
	&funcs_words,
	/* Go's */
	&funcs_builtin,
};

static const struct func *table_find(const struct func_table *t, struct str name)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = str_cmp(name, t->rows[mid].name);

		if (d == 0)
			return &t->rows[mid];
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

const struct func *func_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		const struct func *f = table_find(tables[i], name);

		if (f)
			return f;
	}
	return NULL;
}

const struct func_table *const *func_tables(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(tables);
	return tables;
}
