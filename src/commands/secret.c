/* SPDX-License-Identifier: MIT
 *
 * Guesses secrets, see secret.h.
 */
#include "config.h"

#include "commands/secret.h"

#include <ctype.h>

/* Names with one of these words. */
static const char *const secret_words[] = {"apikey", "accesskey", "auth", "authorization", "basicauth",
	"bearer", "cookie", "cred", "credential", "credentials", "creds", "digestauth", "dsn", "jwt",
	"key", "keys", "otp", "pass", "passphrase", "passwd", "password", "passwords", "passwort",
	"privatekey", "pwd", "salt", "secret", "secretkey", "secrets", "signature", "token", "tokens"};
/* Names with one of these anywhere: "dbpassword". */
static const char *const secret_parts[] = {
	"apikey", "credential", "passphrase", "passwd", "password", "secret", "token"};
/* The shell's working directories. */
static const char *const harmless_names[] = {"PWD", "OLDPWD"};
/* Values with one of these are secret whatever their name. */
static const char *const secret_marks[] = {"PRIVATE KEY-----", "$apr1$", "$2a$", "$2b$", "$2y$",
	"$argon2", "$5$", "$6$", "{SHA}"};

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c);
}

/* Whether a word ends before character i, which is not its first: another character than a letter or
 * digit, or a capital behind a small letter. */
static bool word_ends(struct str name, size_t i)
{
	return !is_word_char(name.p[i]) ||
		(isupper((unsigned char)name.p[i]) && islower((unsigned char)name.p[i - 1]));
}

/* Takes the next word of *name, empty at the end. */
static struct str take_word(struct str *name)
{
	size_t from = 0, to;
	struct str word;

	while (from < name->len && !is_word_char(name->p[from]))
		from++;
	to = from;
	while (to < name->len && (to == from || !word_ends(*name, to)))
		to++;
	word = str_sub(*name, from, to);
	*name = str_sub(*name, to, name->len);
	return word;
}

static bool is_listed(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(s, str_from(list[i])))
			return true;
	return false;
}

static bool has_part(struct str name, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= name.len; i++)
		if (str_eq_nocase(str_sub(name, i, i + len), str_n(part, len)))
			return true;
	return false;
}

bool secret_is_name(struct str name)
{
	struct str rest = name;

	for (size_t i = 0; i < ARRAY_LEN(harmless_names); i++)
		if (str_eqz(name, harmless_names[i]))
			return false;
	for (size_t i = 0; i < ARRAY_LEN(secret_parts); i++)
		if (has_part(name, secret_parts[i]))
			return true;
	while (rest.len)
		if (is_listed(take_word(&rest), secret_words, ARRAY_LEN(secret_words)))
			return true;
	return false;
}

/* Names such as POSTGRES_PASSWORD_FILE say where the secret is. */
static bool is_file_of_secret(struct str name, struct str value)
{
	struct str last = STR(""), word;

	while ((word = take_word(&name)).len)
		last = word;
	return value.p[0] == '/' &&
		(str_eq_nocase(last, STR("file")) || str_eq_nocase(last, STR("path")));
}

bool secret_is_value(struct str name, struct str value)
{
	return value.len > 0 && !is_file_of_secret(name, value);
}

/* --- texts ------------------------------------------------------------------------------------ */

static bool is_name_char(char c)
{
	return is_word_char(c) || c == '_' || c == '.' || c == '-';
}

/* Where a value in the midst of a text ends. */
static bool ends_value(char c)
{
	return isspace((unsigned char)c) || strchr("\"'&;,|<>()", c);
}

/* "scheme://user:password@host": appends rest, which is behind "://", up to the password's end and
 * returns its length; 0 if there is none. Of http a lone user is a token. */
static size_t mask_url(struct str rest, bool http, struct buf *out)
{
	size_t at = 0, colon = 0;

	while (at < rest.len && rest.p[at] != '@' && rest.p[at] != '/' && !ends_value(rest.p[at])) {
		if (rest.p[at] == ':' && !colon)
			colon = at + 1;
		at++;
	}
	if (at == rest.len || rest.p[at] != '@' || (!colon && !http) || at == colon || at == 0)
		return 0;
	buf_add_str(out, str_sub(rest, 0, colon));
	buf_add_cstr(out, SECRET_MASK);
	return at;
}

/* Length of the name that is followed by '=' at the beginning of s; 0: there is none. */
static size_t assigned_name(struct str s)
{
	size_t n = 0;

	while (n < s.len && is_name_char(s.p[n]))
		n++;
	return n < s.len && s.p[n] == '=' ? n : 0;
}

/* "NAME=VALUE" at the beginning of rest with a secret name: appends it and returns its length. Of a
 * text that is nothing else the value goes to the end. */
static size_t mask_assignment(struct str rest, bool whole, struct buf *out)
{
	size_t name = assigned_name(rest), end;

	if (name == 0 || !secret_is_name(str_sub(rest, 0, name)))
		return 0;
	end = name + 1;
	if (!whole && end < rest.len && (rest.p[end] == '"' || rest.p[end] == '\''))
		end++;
	while (end < rest.len && (whole || !ends_value(rest.p[end])))
		end++;
	if (!secret_is_value(str_sub(rest, 0, name), str_sub(rest, name + 1, end)))
		return 0;
	buf_add_str(out, str_sub(rest, 0, name + 1));
	buf_add_cstr(out, SECRET_MASK);
	return end;
}

static bool has_mark(struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(secret_marks); i++)
		if (str_find(text, str_from(secret_marks[i])) >= 0)
			return true;
	return false;
}

/* Length of what is at the beginning of rest, which was appended masked; 0: nothing secret is. */
static size_t mask_here(struct str text, size_t i, struct buf *out)
{
	static const struct str slashes = STR_INIT("://");
	struct str rest = str_sub(text, i, text.len), before = str_sub(text, 0, i);
	bool http = str_has_suffix(before, STR("http://")) ||
		str_has_suffix(before, STR("https://"));

	if (str_has_suffix(before, slashes))
		return mask_url(rest, http, out);
	if (i == 0 || !is_name_char(text.p[i - 1]))
		return mask_assignment(rest, i == 0, out);
	return 0;
}

/* A text that gives itself away; in "NAME=VALUE" the name stays. */
static void mask_marked(struct str text, struct buf *out)
{
	size_t name = assigned_name(text);

	if (name)
		buf_add_str(out, str_sub(text, 0, name + 1));
	buf_add_cstr(out, SECRET_MASK);
}

void secret_mask(struct str text, struct buf *out)
{
	if (has_mark(text)) {
		mask_marked(text, out);
		return;
	}
	for (size_t i = 0; i < text.len;) {
		size_t masked = mask_here(text, i, out);

		if (!masked)
			buf_add_char(out, text.p[i]);
		i += masked ? masked : 1;
	}
}
