/* SPDX-License-Identifier: MIT
 *
 * Hash map from a string to a pointer. Keys are copied, values are not owned. Entries keep no
 * order; a loop that removes or adds during map_each is not allowed, except map_remove of the
 * current entry.
 */
#ifndef UD_MAP_H
#define UD_MAP_H

#include "base/base.h"
#include "base/str.h"

struct map_entry {
	struct str key; /* owned by the map, NUL-terminated; p is NULL in a free slot */
	uint64_t hash;
	void *value;
};

struct smap {
	struct map_entry *slots;
	size_t n, used, cap; /* live entries; live and removed; slots (a power of two) */
};

#define SMAP_INIT {.slots = NULL}

void smap_release(struct smap *m);
/* The value, NULL if the key is absent. */
void *smap_get(const struct smap *m, struct str key);
/* Sets key to value (not NULL); returns the value it had, NULL if it was absent. */
void *smap_put(struct smap *m, struct str key, void *value);
/* Removes key; returns its value, NULL if it was absent. */
void *smap_remove(struct smap *m, struct str key);
void smap_clear(struct smap *m);
/* Next live entry at or after *pos, NULL at the end; start with *pos = 0. */
struct map_entry *smap_next(const struct smap *m, size_t *pos);

#define map_each(m, e)                                                                             \
	for (size_t map_pos_ = 0; ((e) = smap_next((m), &map_pos_)) != NULL;)

#endif
