/* SPDX-License-Identifier: MIT
 *
 * The keys of the ini file as a table, made from keys.def, and what a type does with a value.
 */
#ifndef UD_CONFIG_KEYS_H
#define UD_CONFIG_KEYS_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_section { SECTION_NONE, SECTION_GLOBAL, SECTION_ENGINE, SECTION_OUTPUT };

/* Whether a section carries a name: [output NAME]. */
enum key_naming { NAME_NEVER, NAME_OPTIONAL, NAME_ALWAYS };

struct key_section_info {
	enum key_section section;
	const char *word;  /* "output" */
	const char *shape; /* "[output NAME]" */
	enum key_naming naming;
};

struct key;

/* Where a value stands, for the types that need to know. */
struct key_place {
	const char *dir; /* absolute; where relative paths start */
	unsigned line;
};

/* What a type does; field is the member of the configuration's struct. */
struct key_type {
	/* Reads text (not empty) into field. false: field is as it was. A list adds a member. */
	bool (*parse)(const struct key *key, struct str text, const struct key_place *place,
		void *field, struct error *err);
	/* Appends `key = value` lines; an unset field gives `key =`. */
	void (*print)(const struct key *key, const void *field, const char *dir, struct buf *out);
	/* Frees what field owns; NULL if nothing. */
	void (*release)(void *field);
	/* Appends a limit of the key as it would stand in a file; NULL if the type has no limits.
	 */
	void (*add_limit)(int64_t limit, struct buf *out);
	bool list;            /* the key may be repeated */
	const char *expected; /* "a duration such as …"; NULL: the key's names */
};

struct key {
	const char *name;
	enum key_section section;
	const struct key_type *type;
	size_t offset;            /* of the member */
	const char *fallback;     /* the default; NULL: the key is required */
	int64_t min, max;         /* both 0: no limits */
	const char *const *names; /* of an enum, in the order of its values; ends with NULL */
	const char *help;
};

#define KEYS_MAX 64 /* rows of keys.def at the most */

extern const struct key config_keys[];
extern const size_t config_keys_n;
extern const struct key_section_info config_sections[];
extern const size_t config_sections_n;

/* NULL if section has no such key. */
const struct key *key_find(enum key_section section, struct str name);
/* The key of section that name was likely meant to be, or NULL. */
const struct key *key_suggest(enum key_section section, struct str name);
/* By its word ("output"); NULL if there is none. */
const struct key_section_info *section_find(struct str word);
const struct key_section_info *section_suggest(struct str word);
const struct key_section_info *section_info(enum key_section section);
/* Reads text into the member of base that key stands for. */
bool key_parse(const struct key *key, struct str text, const struct key_place *place, void *base,
	struct error *err) MUSTCHECK;
void key_print(const struct key *key, const void *base, const char *dir, struct buf *out);
/* Frees the members of base that the keys of section stand for. */
void keys_release(enum key_section section, void *base);
/* Appends ", expected …" as the key's type and limits say; returns false. */
bool key_expected(const struct key *key, struct error *err);

#endif
