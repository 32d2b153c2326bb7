/* SPDX-License-Identifier: MIT
 *
 * The types of keys.def: how a value is read, printed and freed.
 */
#ifndef UD_CONFIG_TYPES_H
#define UD_CONFIG_TYPES_H

#include "config/keys.h"

extern const struct key_type key_type_BOOL, key_type_NUMBER, key_type_ENUM, key_type_MODE,
	key_type_DURATION, key_type_WAIT, key_type_ENDPOINT, key_type_ADDRESS, key_type_NAME, key_type_NAMES,
	key_type_CONTAINER,	key_type_PATH, key_type_PATHS, key_type_DIRS, key_type_COMMAND, key_type_FILTERS;

/* Sets "TEXT is WHAT; expected …"; returns false. */
bool type_refuse(const struct key *key, struct str text, const char *what, struct error *err);

#endif
