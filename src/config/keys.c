/* SPDX-License-Identifier: MIT
 *
 * The tables of sections and keys, see keys.h; the rows are in keys.def.
 */
#include "config.h"

#include "config/keys.h"

#include "base/clock.h"
#include "config/config.h"
#include "config/duration.h"
#include "config/types.h"

#include <inttypes.h>

/* More edits than this are no slip of the pen. */
#define SUGGEST_DISTANCE_MAX 3

#define LIMITS_TEXT_MAX ((size_t)128)

#define MS     ((int64_t)NS_PER_MS)
#define SECOND ((int64_t)NS_PER_S)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

const struct key_section_info config_sections[] = {
	{SECTION_GLOBAL, "upstreamd", "[upstreamd]", NAME_NEVER},
	{SECTION_ENGINE, "engine", "[engine NAME]", NAME_OPTIONAL},
	{SECTION_OUTPUT, "output", "[output NAME]", NAME_ALWAYS},
};
const size_t config_sections_n = ARRAY_LEN(config_sections);

/* In the order of enum log_level and enum log_format. */
static const char *const log_levels[] = {"error", "warn", "info", "debug", NULL};
static const char *const log_formats[] = {"text", "json", NULL};
static const char *const sources[] = {"containers", "swarm", NULL};

/* In the order of enum config_write. */
static const char *const writes[] = {"auto", "rename", "inplace", NULL};
/* In the order of enum config_proxy. */
static const char *const proxies[] = {"command", "nginx", "haproxy", NULL};

#define STRUCT_GLOBAL struct config
#define STRUCT_ENGINE struct config_engine
#define STRUCT_OUTPUT struct config_output

#define REQUIRED NULL
#define NO_LIMITS
#define RANGE(lo, hi) .min = (lo), .max = (hi),
#define ONE_OF(table) .names = (table),
#define KEY(SECTION, NAME, TYPE, MEMBER, FALLBACK, LIMITS, HELP)                                   \
	{.name = #NAME,                                                                            \
		.section = SECTION_##SECTION,                                                      \
		.type = &key_type_##TYPE,                                                          \
		.offset = offsetof(STRUCT_##SECTION, MEMBER),                                      \
		.fallback = FALLBACK,                                                              \
		LIMITS.help = HELP},

const struct key config_keys[] = {
#include "config/keys.def"
};
const size_t config_keys_n = ARRAY_LEN(config_keys);

_Static_assert(ARRAY_LEN(config_keys) <= KEYS_MAX, "raise KEYS_MAX");

const struct key *key_find(enum key_section section, struct str name)
{
	for (size_t i = 0; i < config_keys_n; i++)
		if (config_keys[i].section == section && str_eqz(name, config_keys[i].name))
			return &config_keys[i];
	return NULL;
}

/* Whether word is closer to what was written than *best was, and close enough at all. */
static bool is_closer(struct str written, const char *word, unsigned *best)
{
	unsigned d = str_distance(written, str_from(word));

	/* Half of the letters changed would be another word. */
	if (d >= *best || d * 2 > strlen(word))
		return false;
	*best = d;
	return true;
}

const struct key *key_suggest(enum key_section section, struct str name)
{
	unsigned best = SUGGEST_DISTANCE_MAX + 1;
	const struct key *found = NULL;

	for (size_t i = 0; i < config_keys_n; i++)
		if (config_keys[i].section == section &&
			is_closer(name, config_keys[i].name, &best))
			found = &config_keys[i];
	return found;
}

const struct key_section_info *section_find(struct str word)
{
	for (size_t i = 0; i < config_sections_n; i++)
		if (str_eqz(word, config_sections[i].word))
			return &config_sections[i];
	return NULL;
}

const struct key_section_info *section_suggest(struct str word)
{
	unsigned best = SUGGEST_DISTANCE_MAX + 1;
	const struct key_section_info *found = NULL;

	for (size_t i = 0; i < config_sections_n; i++)
		if (is_closer(word, config_sections[i].word, &best))
			found = &config_sections[i];
	return found;
}

const struct key_section_info *section_info(enum key_section section)
{
	for (size_t i = 0; i < config_sections_n; i++)
		if (config_sections[i].section == section)
			return &config_sections[i];
	return NULL;
}

static void *member(const struct key *key, const void *base)
{
	return (char *)(uintptr_t)base + key->offset;
}

bool key_parse(const struct key *key, struct str text, const struct key_place *place, void *base,
	struct error *err)
{
	return key->type->parse(key, text, place, member(key, base), err);
}

void key_print(const struct key *key, const void *base, const char *dir, struct buf *out)
{
	key->type->print(key, member(key, base), dir, out);
}

void keys_release(enum key_section section, void *base)
{
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct key *key = &config_keys[i];

		if (key->section == section && key->type->release)
			key->type->release(member(key, base));
	}
}

/* "one of error, warn, info, debug" */
static void add_names(const char *const *names, struct error *err)
{
	error_append(err, "; expected one of");
	for (size_t i = 0; names[i]; i++)
		error_append(err, "%s %s", i ? "," : "", names[i]);
}

bool key_expected(const struct key *key, struct error *err)
{
	struct buf range;

	if (key->names) {
		add_names(key->names, err);
		return false;
	}
	error_append(err, "; expected %s", key->type->expected);
	if (key->max == 0)
		return false;
	buf_init(&range, LIMITS_TEXT_MAX);
	buf_add_cstr(&range, ", from ");
	key->type->add_limit(key->min, &range);
	buf_add_cstr(&range, " to ");
	key->type->add_limit(key->max, &range);
	error_append(err, "%s", buf_cstr(&range));
	buf_release(&range);
	return false;
}
