/* SPDX-License-Identifier: MIT
 *
 * sprig's functions that ask the system: environment and name look-ups. The environment is what the
 * render was given, never the process's own. A sandboxed render gets nothing.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/random.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Longest host name (RFC 1035), and most addresses that are looked at. */
#define HOST_NAME_BYTES_MAX 255
#define ADDRESSES_MAX	    256

/* --- environment ------------------------------------------------------------------------- */

/* The variable's value; "" if there is none. */
static struct str variable(struct call *c, struct str name)
{
	struct value v = VALUE_NONE;

	if (!c->options->sandbox && value_type(c->options->env))
		v = map_get_str(c->options->env, name);
	return !value_is_none(v) ? value_as_str(v) : STR("");
}

static bool system_env(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_str(variable(c, value_as_str(args[0])));
	return true;
}

/* A name that is one character in a shell. */
static bool is_special(char c)
{
	return c && strchr("*#$@!?-0123456789", c);
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* A name in braces, of which s begins with the first. Bytes that it takes; what is no reference
 * has an empty name and is swallowed. */
static size_t braced_name(struct str s, struct str *ret)
{
	ssize_t end;

	*ret = STR("");
	if (s.len > 2 && is_special(s.p[1]) && s.p[2] == '}') {
		*ret = str_sub(s, 1, 2);
		return 3;
	}
	end = str_chr(s, '}');
	if (end < 0)
		return 1;
	*ret = str_sub(s, 1, (size_t)end);
	return (size_t)end + 1;
}

/* The name behind a dollar sign, at which s begins. Bytes that it takes with its braces. */
static size_t variable_name(struct str s, struct str *ret)
{
	size_t len = 0;

	if (s.p[0] == '{')
		return braced_name(s, ret);
	if (is_special(s.p[0]))
		len = 1;
	else
		while (len < s.len && is_name_char(s.p[len]))
			len++;
	*ret = str_sub(s, 0, len);
	return len;
}

/* $name and ${name} become the values of variables. */
static bool system_expandenv(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);

	while (s.len) {
		ssize_t dollar = str_chr(s, '$');
		struct str name;
		size_t taken;

		if (dollar < 0 || (size_t)dollar + 1 >= s.len)
			break;
		buf_add_str(b, str_sub(s, 0, (size_t)dollar));
		s = str_sub(s, (size_t)dollar + 1, s.len);
		taken = variable_name(s, &name);
		if (name.len)
			buf_add_str(b, variable(c, name));
		else if (taken == 0)
			buf_add_char(b, '$');
		s = str_sub(s, taken, s.len);
	}
	buf_add_str(b, s);
	return call_return_buf(c, b, ret);
}

/* --- names --------------------------------------------------------------------------------- */

/* The text of the i-th address of a list. */
static bool address_text(const struct addrinfo *list, size_t i, char out[NI_MAXHOST])
{
	while (i--)
		list = list->ai_next;
	return getnameinfo(list->ai_addr, list->ai_addrlen, out, NI_MAXHOST, NULL, 0,
		       NI_NUMERICHOST) == 0;
}

/* One of the addresses of a name. */
static bool look_up(struct str s, char out[NI_MAXHOST])
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	char name[HOST_NAME_BYTES_MAX + 1];
	struct addrinfo *list = NULL;
	size_t count = 0;
	bool ok;

	if (s.len == 0 || s.len > HOST_NAME_BYTES_MAX || memchr(s.p, '\0', s.len))
		return false;
	memcpy(name, s.p, s.len);
	name[s.len] = '\0';
	if (getaddrinfo(name, NULL, &hints, &list) != 0)
		return false;
	for (const struct addrinfo *a = list; a && count < ADDRESSES_MAX; a = a->ai_next)
		count++;
	ok = count && address_text(list, (size_t)random_below(count), out);
	freeaddrinfo(list);
	return ok;
}

static bool system_get_host_by_name(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	char address[NI_MAXHOST];

	*ret = value_str(STR(""));
	if (c->options->sandbox)
		return true;
	/* What a name without addresses makes of sprig's random choice. */
	if (!look_up(value_as_str(args[0]), address))
		return call_fail(c, "invalid argument to Intn");
	*ret = value_str(arena_str(c->arena, str_from(address)));
	return true;
}

static bool system_hello(
	struct call *c UNUSED, const struct value *args UNUSED, size_t n UNUSED, struct value *ret)
{
	*ret = value_str(STR("Hello!"));
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

#define TEXT FUNC_ARGS(&type_string)

static const struct func rows[] = {
	{STR_INIT("env"), system_env, TEXT, &type_string, 0},
	{STR_INIT("expandenv"), system_expandenv, TEXT, &type_string, 0},
	{STR_INIT("getHostByName"), system_get_host_by_name, TEXT, &type_string,
		FUNC_SLOW | FUNC_VOLATILE},
	{STR_INIT("hello"), system_hello, FUNC_NONE, &type_string, 0},
};

const struct func_table funcs_system = {rows, ARRAY_LEN(rows)};
