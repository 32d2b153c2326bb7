/* SPDX-License-Identifier: MIT
 *
 * URLs, see url_parse.h.
 */
#include "config.h"

#include "template/funcs/url_parse.h"

#include "template/format/quote.h"
#include "template/funcs/ip_address.h"
#include "template/funcs/url_escape.h"

/* What is left of the text, and where its parts go. */
struct parser {
	struct arena *arena;
	struct url *url;
	struct error *err;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* --- host ---------------------------------------------------------------------------------- */

/* Nothing, or a colon and digits. */
static bool is_port(struct str s)
{
	if (s.len && s.p[0] != ':')
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

static bool check_port(struct parser *p, struct str port)
{
	struct buf b;

	if (is_port(port))
		return true;
	buf_init(&b, SIZE_MAX);
	quote_add(&b, port, QUOTE_PRINT);
	error_set(p->err, "invalid port %s after host", buf_cstr(&b));
	buf_release(&b);
	return false;
}

/* The address in brackets without its escapes; those of a zone have rules of their own. */
static bool read_address(struct parser *p, struct str s, struct str *ret)
{
	ssize_t zone = str_find(s, STR("%25"));
	size_t end = zone < 0 ? s.len : (size_t)zone;
	struct ip_address ip;
	struct str head, tail;

	if (!url_unescape(p->arena, str_sub(s, 0, end), URL_HOST, &head, p->err) ||
		!url_unescape(p->arena, str_sub(s, end, s.len), URL_ZONE, &tail, p->err))
		return false;
	*ret = arena_fmt(p->arena, "%.*s%.*s", STR_ARG(head), STR_ARG(tail));
	if (!ip_address_parse(*ret, &ip, p->err))
		return error_prepend(p->err, "invalid host: ");
	return !ip.is_v4 || error_set(p->err, "invalid IP-literal");
}

/* [address]:port */
static bool read_literal_host(struct parser *p, struct str s)
{
	ssize_t end = str_rchr(s, ']');
	struct str address, port;

	if (end < 0)
		return error_set(p->err, "missing ']' in host");
	port = str_sub(s, (size_t)end + 1, s.len);
	if (!check_port(p, port) || !read_address(p, str_sub(s, 1, (size_t)end), &address))
		return false;
	p->url->host = arena_fmt(p->arena, "[%.*s]%.*s", STR_ARG(address), STR_ARG(port));
	return true;
}

static bool read_host(struct parser *p, struct str s)
{
	ssize_t bracket = str_rchr(s, '['), colon;

	if (bracket > 0)
		return error_set(p->err, "invalid IP-literal");
	if (bracket == 0)
		return read_literal_host(p, s);
	/* A program of Go 1.25 or older, which docker-gen is, may have colons before that of the port:
	 * several hosts with a comma between them. */
	colon = str_rchr(s, ':');
	if (colon >= 0 && !check_port(p, str_sub(s, (size_t)colon, s.len)))
		return false;
	return url_unescape(p->arena, s, URL_HOST, &p->url->host, p->err);
}

/* --- user ------------------------------------------------------------------------------------ */

static bool is_user_char(char c)
{
	return is_letter(c) || is_digit(c) || (c && strchr("-._:~!$&'()*+,;=%@", c));
}

static bool read_user(struct parser *p, struct str s)
{
	struct url *u = p->url;
	struct str password;

	for (size_t i = 0; i < s.len; i++)
		if (!is_user_char(s.p[i]))
			return error_set(p->err, "net/url: invalid userinfo");
	u->has_user = true;
	u->has_password = str_cut(s, ':', &s, &password);
	if (!url_unescape(p->arena, s, URL_USER, &u->user, p->err))
		return false;
	return !u->has_password || url_unescape(p->arena, password, URL_USER, &u->password, p->err);
}

static bool read_authority(struct parser *p, struct str s)
{
	ssize_t at = str_rchr(s, '@');

	if (!read_host(p, str_sub(s, (size_t)(at + 1), s.len)))
		return false;
	return at < 0 || read_user(p, str_sub(s, 0, (size_t)at));
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool has_control_character(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

/* The scheme in lower case, taken off *s; there may be none. */
static bool read_scheme(struct parser *p, struct str *s)
{
	size_t n = 0;
	char *scheme;

	while (n < s->len &&
		(is_letter(s->p[n]) || (n && (is_digit(s->p[n]) || s->p[n] == '+' ||
						     s->p[n] == '-' || s->p[n] == '.'))))
		n++;
	if (n == s->len || s->p[n] != ':')
		return true;
	if (n == 0)
		return error_set(p->err, "missing protocol scheme");
	scheme = arena_memdup(p->arena, s->p, n);
	for (size_t i = 0; i < n; i++)
		if (scheme[i] >= 'A' && scheme[i] <= 'Z')
			scheme[i] = (char)(scheme[i] | 0x20);
	p->url->scheme = str_n(scheme, n);
	*s = str_sub(*s, n + 1, s->len);
	return true;
}

/* All but the fragment. */
static bool read_url(struct parser *p, struct str s)
{
	struct url *u = p->url;
	struct str segment, rest;

	if (has_control_character(s))
		return error_set(p->err, "net/url: invalid control character in URL");
	if (!read_scheme(p, &s))
		return false;
	if (!str_cut(s, '?', &s, &u->query))
		u->query = STR("");
	if (!str_has_prefix(s, STR("/")) && u->scheme.len) {
		u->opaque = s;
		return true;
	}
	str_cut(s, '/', &segment, &rest);
	if (!str_has_prefix(s, STR("/")) && str_chr(segment, ':') >= 0)
		return error_set(p->err, "first path segment in URL cannot contain colon");
	if (str_has_prefix(s, STR("//")) && (u->scheme.len || !str_has_prefix(s, STR("///")))) {
		struct str authority = str_sub(s, 2, s.len);
		ssize_t slash = str_chr(authority, '/');
		size_t end = slash < 0 ? authority.len : (size_t)slash;

		s = str_sub(authority, end, authority.len);
		if (!read_authority(p, str_sub(authority, 0, end)))
			return false;
	}
	return url_unescape(p->arena, s, URL_PATH, &u->path, p->err);
}

/* Puts `parse "TEXT": ` before the error. */
static bool fail_parse(struct error *err, struct str text)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	quote_add(&b, text, QUOTE_PRINT);
	error_prepend(err, "parse %s: ", buf_cstr(&b));
	buf_release(&b);
	return false;
}

bool url_parse(struct arena *a, struct str text, struct url *ret, struct error *err)
{
	struct url u = {.scheme = STR("")};
	struct parser p = {a, &u, err};
	struct str url, fragment = STR("");

	str_cut(text, '#', &url, &fragment);
	if (!read_url(&p, url))
		return fail_parse(err, url);
	if (!url_unescape(a, fragment, URL_FRAGMENT, &u.fragment, err))
		return fail_parse(err, text);
	*ret = u;
	return true;
}

struct str url_hostname(const struct url *u)
{
	ssize_t colon = str_rchr(u->host, ':');
	struct str host = u->host;

	if (colon >= 0 && is_port(str_sub(host, (size_t)colon, host.len)))
		host.len = (size_t)colon;
	if (host.len > 1 && host.p[0] == '[' && host.p[host.len - 1] == ']')
		host = str_sub(host, 1, host.len - 1);
	return host;
}

void url_add_user(struct buf *out, const struct url *u)
{
	url_escape(out, u->user, URL_USER);
	if (!u->has_password)
		return;
	buf_add_char(out, ':');
	url_escape(out, u->password, URL_USER);
}

static void add_authority(struct buf *out, const struct url *u)
{
	if (!u->scheme.len && !u->host.len && !u->has_user)
		return;
	if (u->host.len || u->path.len || u->has_user)
		buf_add_cstr(out, "//");
	if (u->has_user) {
		url_add_user(out, u);
		buf_add_char(out, '@');
	}
	url_escape(out, u->host, URL_HOST);
}

/* The path; where nothing stands before it, it must not look like a scheme. */
static void add_path(struct buf *out, const struct url *u, size_t start)
{
	struct str segment, rest;

	if (u->path.len && u->path.p[0] != '/' && u->host.len)
		buf_add_char(out, '/');
	str_cut(u->path, '/', &segment, &rest);
	if (out->len == start && str_chr(segment, ':') >= 0)
		buf_add_cstr(out, "./");
	if (str_eq(u->path, STR("*")))
		buf_add_str(out, u->path);
	else
		url_escape(out, u->path, URL_PATH);
}

void url_add(struct buf *out, const struct url *u)
{
	size_t start = out->len;

	if (u->scheme.len) {
		buf_add_str(out, u->scheme);
		buf_add_char(out, ':');
	}
	if (u->opaque.len) {
		buf_add_str(out, u->opaque);
	} else {
		add_authority(out, u);
		add_path(out, u, start);
	}
	if (u->query.len) {
		buf_add_char(out, '?');
		buf_add_str(out, u->query);
	}
	if (u->fragment.len) {
		buf_add_char(out, '#');
		url_escape(out, u->fragment, URL_FRAGMENT);
	}
}
