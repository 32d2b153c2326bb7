/* SPDX-License-Identifier: MIT
 *
 * Values to text as sprig does it, see strval.h.
 */
#include "config.h"

#include "template/funcs/strval.h"

bool call_strval(struct call *c, struct value v, struct str *ret)
{
	if (value_type(v) == &type_bytes) {
		*ret = str_n(v.sl ? v.sl->data : NULL, slice_len(v));
		return true;
	}
	return call_sprint(c, v, ret);
}

bool call_strings(struct call *c, struct value v, struct value *ret)
{
	enum kind kind = value_kind(v);
	bool is_list = kind == KIND_SLICE || kind == KIND_ARRAY;
	size_t n = is_list ? slice_len(v) : !value_is_nil_interface(v);
	struct value list;

	*ret = v;
	if (value_type(v) == &type_string_slice)
		return true;
	list = slice_new(c->arena, &type_string_slice, 0, n);
	for (size_t i = 0; i < n; i++) {
		struct value one = is_list ? slice_at(v, i) : v;
		struct str s;

		one = value_plain(one);
		if (value_is_nil_interface(one))
			continue;
		if (!call_strval(c, one, &s))
			return false;
		slice_push(list, value_str(s));
	}
	*ret = list;
	return true;
}
