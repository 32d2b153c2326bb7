/* SPDX-License-Identifier: MIT
 *
 * sprig's URLs: a text taken apart into a dictionary, and a dictionary put together.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/list.h"
#include "template/funcs/url_parse.h"

static bool url_url_parse(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value d = map_new(c->arena, &type_any_map, 8);
	struct error err = ERROR_INIT;
	struct buf *b = call_buf(c);
	struct value user;
	struct url u;

	if (!url_parse(c->arena, value_as_str(args[0]), &u, &err)) {
		error_prepend(&err, "unable to parse url: ");
		return call_fail_error(c, &err);
	}
	if (u.has_user)
		url_add_user(b, &u);
	if (!call_return_buf(c, b, &user))
		return false;
	map_set_str(d, STR("scheme"), value_str(u.scheme));
	map_set_str(d, STR("host"), value_str(u.host));
	map_set_str(d, STR("hostname"), value_str(url_hostname(&u)));
	map_set_str(d, STR("path"), value_str(u.path));
	map_set_str(d, STR("query"), value_str(u.query));
	map_set_str(d, STR("opaque"), value_str(u.opaque));
	map_set_str(d, STR("fragment"), value_str(u.fragment));
	map_set_str(d, STR("userinfo"), user);
	*ret = d;
	return true;
}

/* The string under key; "" if there is none. */
static bool part_of(struct call *c, struct value d, struct str key, struct str *ret)
{
	struct value v = map_get_str(d, key);

	*ret = STR("");
	if (value_is_none(v))
		return true;
	if (value_is_nil_interface(v))
		return call_fail_nil_pointer(c);
	if (value_type(v)->kind != KIND_STRING)
		return call_fail(c,
			"unable to parse %.*s key, must be of type string, but %s found",
			STR_ARG(key), kind_name(value_type(v)->kind));
	*ret = value_as_str(v);
	return true;
}

/* User and password from "user:password" with its escapes. */
static bool set_user(struct call *c, struct url *u, struct str userinfo)
{
	struct error err = ERROR_INIT;
	struct buf *b = call_buf(c);
	struct str text;
	struct url with;

	buf_add_cstr(b, "proto://");
	buf_add_str(b, userinfo);
	buf_add_cstr(b, "@host");
	if (!call_take_buf(c, b, &text))
		return false;
	if (!url_parse(c->arena, text, &with, &err)) {
		error_prepend(&err, "unable to parse userinfo in dict: ");
		return call_fail_error(c, &err);
	}
	u->has_user = with.has_user;
	u->has_password = with.has_password;
	u->user = with.user;
	u->password = with.password;
	return true;
}

static bool url_url_join(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct url u = {.has_user = false};
	struct buf *b = call_buf(c);
	struct str userinfo;

	if (!part_of(c, args[0], STR("scheme"), &u.scheme) ||
		!part_of(c, args[0], STR("host"), &u.host) ||
		!part_of(c, args[0], STR("path"), &u.path) ||
		!part_of(c, args[0], STR("query"), &u.query) ||
		!part_of(c, args[0], STR("opaque"), &u.opaque) ||
		!part_of(c, args[0], STR("fragment"), &u.fragment) ||
		!part_of(c, args[0], STR("userinfo"), &userinfo))
		return false;
	if (userinfo.len && !set_user(c, &u, userinfo))
		return false;
	url_add(b, &u);
	return call_return_buf(c, b, ret);
}

/* --- table ----------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("urlJoin"), url_url_join, FUNC_ARGS(&type_any_map), &type_string, 0},
	{STR_INIT("urlParse"), url_url_parse, FUNC_ARGS(&type_string), &type_any_map, 0},
};

const struct func_table funcs_url = {rows, ARRAY_LEN(rows)};
