/*
 * Blocks that double up to a bound, so that small requests cost one malloc and
 * large ones few.  A request that fits no block gets one of its own size.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	size_t cap;  /* bytes behind this header */
	size_t used; /* of them */
	alignas(max_align_t) unsigned char bytes[];
};

enum { FIRST_BLOCK = 4 * 1024, LARGEST_BLOCK = 256 * 1024 };

void arena_init(struct arena *arena, size_t limit)
{
	*arena = (struct arena){ .limit = limit };
}

void arena_release(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *block = arena->blocks;

		arena->blocks = block->next;
		free(block);
	}
	arena->used = 0;
}

static struct arena_block *add_block(struct arena *arena, size_t bytes)
{
	size_t cap = arena->blocks ? arena->blocks->cap * 2 : FIRST_BLOCK;
	struct arena_block *block;
	size_t total;

	if (cap > LARGEST_BLOCK)
		cap = LARGEST_BLOCK;
	if (cap < bytes)
		cap = bytes;
	if (__builtin_add_overflow(cap, sizeof *block, &total))
		return NULL;
	block = malloc(total);
	if (!block)
		return NULL;
	block->cap = cap;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size, size_t count)
{
	static const max_align_t nothing;
	struct arena_block *block = arena->blocks;
	size_t bytes, padded, after;
	void *found;

	if (__builtin_mul_overflow(size, count, &bytes))
		return NULL;
	if (bytes == 0)
		return (void *)(uintptr_t)&nothing; /* never written to: it has no bytes */
	if (__builtin_add_overflow(bytes, alignof(max_align_t) - 1, &padded))
		return NULL;
	padded &= ~(alignof(max_align_t) - 1);
	if (__builtin_add_overflow(arena->used, padded, &after) || after > arena->limit)
		return NULL;
	if (!block || block->cap - block->used < padded) {
		block = add_block(arena, padded);
		if (!block)
			return NULL;
	}
	found = block->bytes + block->used;
	block->used += padded;
	arena->used = after;
	return memset(found, 0, bytes);
}

bool arena_copy(struct arena *arena, struct span text, struct span *copy)
{
	size_t size;
	char *bytes;

	if (__builtin_add_overflow(text.len, 1, &size))
		return false;
	bytes = arena_alloc(arena, 1, size);
	if (!bytes)
		return false;
	if (text.len)
		memcpy(bytes, text.ptr, text.len);
	*copy = (struct span){ bytes, text.len };
	return true;
}

bool arena_grow(struct arena *arena, void **items, size_t *cap, size_t count, size_t size)
{
	size_t wanted;
	void *bigger;

	if (count < *cap)
		return true;
	if (*cap == 0)
		wanted = 8;
	else if (__builtin_mul_overflow(*cap, 2, &wanted))
		return false;
	bigger = arena_alloc(arena, size, wanted);
	if (!bigger)
		return false;
	if (count)
		memcpy(bigger, *items, count * size);
	*items = bigger;
	*cap = wanted;
	return true;
}
