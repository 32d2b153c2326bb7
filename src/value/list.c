/* SPDX-License-Identifier: MIT
 *
 * Slices, see value.h: a header in the arena over storage that may be shared.
 */
#include "config.h"

#include "value/value.h"

static char *slice_member(struct value v, size_t i)
{
	return (char *)v.sl->data + i * value_type(v)->elem->size;
}

struct value slice_new(struct arena *a, const struct type *t, size_t len, size_t cap)
{
	struct slice *sl = arena_new(a, struct slice);

	sl->data = arena_calloc(a, cap ? cap : 1, t->elem->size);
	sl->len = (uint32_t)len;
	sl->cap = (uint32_t)cap;
	return (struct value){.head = TYPE_HEAD(t), .sl = sl};
}

struct value slice_at(struct value v, size_t i)
{
	const struct type *elem = value_type(v)->elem;
	struct value member;

	if (elem == &type_any) {
		member = ((const struct value *)v.sl->data)[i];
		if (LIKELY(!value_is_none(member) && value_type(member)->kind != KIND_INTERFACE)) {
			member.head = (member.head & ~VALUE_FLAGS) | VALUE_IFACE | VALUE_ADDR;
			return member;
		}
	}
	member = value_load(elem, slice_member(v, i));
	member.head |= VALUE_ADDR;
	return member;
}

void slice_set(struct value v, size_t i, struct value member)
{
	value_store(value_type(v)->elem, slice_member(v, i), member);
}

struct value slice_sub(struct arena *a, struct value v, size_t from, size_t to)
{
	struct slice *sl;

	if (!v.sl)
		return v;
	sl = arena_new(a, struct slice);
	*sl = (struct slice){
		slice_member(v, from), (uint32_t)(to - from), v.sl->cap - (uint32_t)from};
	return (struct value){.head = TYPE_HEAD(value_type(v)), .sl = sl};
}

void slice_push(struct value v, struct value member)
{
	v.sl->len++;
	slice_set(v, v.sl->len - 1, member);
}

/* Bytes of the blocks that Go's allocator hands out; larger ones are whole pages. */
static const uint16_t block_sizes[] = {8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192,
	208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024,
	1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144,
	6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072,
	20480, 21760, 24576, 27264, 28672, 32768};
#define GO_PAGE		8192
#define GO_HEADER	((size_t)8)
#define GO_HEADER_ABOVE ((size_t)512)
/* Capacity up to which append doubles; beyond, it comes down to a quarter more. */
#define GO_DOUBLING_MAX 256

/* Blocks with pointers that are larger than GO_HEADER_ABOVE lose a header. */
static size_t block_size(size_t bytes, bool pointers)
{
	size_t lo = 0, hi = ARRAY_LEN(block_sizes), header = 0;

	if (bytes > block_sizes[hi - 1] - GO_HEADER)
		return (bytes + GO_PAGE - 1) / GO_PAGE * GO_PAGE;
	if (pointers && bytes > GO_HEADER_ABOVE)
		header = GO_HEADER;
	bytes += header;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (block_sizes[mid] < bytes)
			lo = mid + 1;
		else
			hi = mid;
	}
	return block_sizes[lo] - header;
}

size_t slice_grown_cap(size_t cap, size_t n, size_t size)
{
	size_t grown = cap;

	if (n <= cap)
		return cap;
	if (n > 2 * cap)
		grown = n;
	else if (cap < GO_DOUBLING_MAX)
		grown = 2 * cap;
	while (grown < n)
		grown += (grown + 3 * GO_DOUBLING_MAX) / 4;
	/* Of the members that lists have, numbers alone are smaller than two words. */
	return block_size(grown * size, size >= GO_INTERFACE_SIZE) / size;
}

size_t slice_appended_cap(size_t n, size_t size)
{
	size_t cap = 0;

	while (cap < n)
		cap = slice_grown_cap(cap, cap + 1, size);
	return cap;
}
