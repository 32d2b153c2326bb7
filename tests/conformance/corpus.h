/* SPDX-License-Identifier: MIT
 *
 * A directory of conformance cases as its README describes it: the lines of all its .jsonl files,
 * and the container sets of sets.json.
 */
#ifndef UD_TESTS_CORPUS_H
#define UD_TESTS_CORPUS_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "value/value.h"

#include <stdbool.h>

struct corpus_file {
	char *name; /* without directory */
	struct buf text;
	VEC(struct str) lines;
};

struct corpus {
	VEC(struct corpus_file) files; /* by name */
	struct buf sets;
};

/* One case; strings are borrowed from the corpus or lie in the arena it was read into. */
struct test_case {
	struct str id, template;
	struct value data;
	struct str set; /* name of the container set; p is NULL if the case has data */
	struct str env; /* JSON of its environment; p is NULL if it has none */
	struct str want, error, stage, partial; /* p is NULL where the case does not say */
};

bool corpus_read(struct corpus *c, const char *dir, struct error *err) MUSTCHECK;
void corpus_release(struct corpus *c);
/* Reads the case of a line. */
bool corpus_case(
	struct str line, struct arena *a, struct test_case *ret, struct error *err) MUSTCHECK;
/* The JSON text of the container set called name with env (JSON) for its environment if env.p is
 * not NULL; in the arena. */
bool corpus_set(const struct corpus *c, struct str name, struct str env, struct arena *a,
	struct str *ret, struct error *err) MUSTCHECK;

#endif
