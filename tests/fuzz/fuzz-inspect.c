/* SPDX-License-Identifier: MIT
 *
 * The engine's JSON from arbitrary bytes: as an inspect and as a file of a snapshot. However the
 * bytes are cut, the same container comes out, or the same error; what comes out is whole, valid
 * UTF-8 and sorted, and all of it goes when it is let go.
 */
#include "config.h"

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "model/container.h"
#include "model/decode.h"
#include "model/expose.h"
#include "model/intern.h"
#include "model/snapshot_file.h"

static void check_value(struct value v);

static void check_map(struct value v)
{
	struct value key, member;

	for (size_t i = 0; i < map_len(v); i++) {
		map_at_sorted(v, i, &key, &member);
		check_value(key);
		check_value(member);
		FUZZ_CHECK(value_type(map_get(v, key)) == value_type(member));
	}
}

/* Everything that a template can reach is there and is what its type says. */
static void check_value(struct value v)
{
	enum kind kind = value_kind(v);

	if (kind == KIND_STRING)
		FUZZ_CHECK(utf8_valid(value_as_str(v)));
	if (kind == KIND_STRUCT) {
		for (size_t i = 0; i < value_type(v)->n_fields + value_type(v)->n_extra; i++)
			check_value(record_field(v, &value_type(v)->fields[i]));
	}
	if (kind == KIND_SLICE) {
		for (size_t i = 0; i < slice_len(v); i++)
			check_value(slice_at(v, i));
	}
	if (kind == KIND_MAP)
		check_map(v);
}

static void check_order(const struct container *c)
{
	for (size_t i = 1; i < container_networks(c); i++)
		FUZZ_CHECK(str_cmp(container_network(c, i - 1)->name,
				   container_network(c, i)->name) < 0);
}

/* The container in data, cut in two at split; NULL if there is none. */
static struct container *decode(
	struct intern_pool *pool, struct str text, size_t split, struct error *err)
{
	struct decoder *d = decoder_new(pool, STR("engine"));
	struct str a = str_sub(text, 0, split), b = str_sub(text, split, text.len);
	struct container *c = NULL;

	if (decoder_feed(d, a.p, a.len, err) && decoder_feed(d, b.p, b.len, err) &&
		decoder_finish(d, &c, err))
		container_seal(c);
	decoder_free(d);
	FUZZ_CHECK(c || (error_is_set(err) && !strpbrk(error_text(err), "\r\n")));
	return c;
}

static void fuzz_inspect(struct str text, size_t split)
{
	struct intern_pool *pool = intern_pool_new();
	struct error err = ERROR_INIT, err2 = ERROR_INIT;
	struct container *whole = decode(pool, text, text.len, &err);
	struct container *cut = decode(pool, text, split, &err2);

	FUZZ_CHECK((whole == NULL) == (cut == NULL));
	if (whole) {
		FUZZ_CHECK(whole->hash == cut->hash && whole->bytes == cut->bytes);
		check_value(value_rec(&type_container, &whole->rec));
		check_order(whole);
	}
	container_unref(whole);
	container_unref(cut);
	error_clear(&err);
	error_clear(&err2);
	FUZZ_CHECK(intern_pool_count(pool) == 0);
	intern_pool_free(pool);
}

static void fuzz_file(struct str text)
{
	struct error err = ERROR_INIT;
	struct snapshot *s = snapshot_from_json(text, NULL, NULL, &err);

	FUZZ_CHECK((s == NULL) == error_is_set(&err));
	for (size_t i = 0; s && i < snapshot_count(s); i++)
		check_value(value_rec(&type_container, &snapshot_at(s, i)->rec));
	snapshot_unref(s);
	error_clear(&err);
}

/* The first byte says where the rest is cut. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text;

	if (size == 0)
		return 0;
	text = str_n((const char *)data + 1, size - 1);
	fuzz_inspect(text, (size_t)data[0] * text.len / UINT8_MAX);
	fuzz_file(text);
	return 0;
}
