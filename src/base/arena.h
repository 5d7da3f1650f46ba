/*
 * One arena a request: many values, one bound, one release.
 *
 * The limit inside it bounds what a hostile input can make us allocate, and
 * serves as the fault injector of the tests: every allocation can be made to
 * fail by lowering it.  Not safe for use by two threads at once.
 */
#ifndef BAILIFF_BASE_ARENA_H
#define BAILIFF_BASE_ARENA_H

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;                /* bytes handed out */
	size_t limit;               /* bytes that may be handed out in all */
};

/* An empty arena that allocates nothing yet. */
void arena_init(struct arena *arena, size_t limit);
/* Frees every block; the arena may be used again.  A zeroed arena is fine. */
void arena_release(struct arena *arena);

/*
 * Returns `count` zeroed objects of `size` bytes, aligned for any type, or NULL
 * where that would pass the limit, overflow, or memory is short.  A size or
 * count of 0 gives a valid pointer to nothing.
 */
void *arena_alloc(struct arena *arena, size_t size, size_t count)
	__attribute__((warn_unused_result));

/* One zeroed object of `type`. */
#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type), 1))
/* `count` zeroed objects of `type`. */
#define arena_array(arena, type, count) ((type *)arena_alloc((arena), sizeof(type), (count)))

/* A copy of `text` in the arena, NUL-terminated behind its end.  False: out of memory. */
bool arena_copy(struct arena *arena, struct span text, struct span *copy)
	__attribute__((warn_unused_result));

/*
 * Grows an array that lives in the arena: makes room for one more element.
 * *items of *cap elements of `size` bytes, `count` used.  False: out of memory, nothing changed.
 */
bool arena_grow(struct arena *arena, void **items, size_t *cap, size_t count, size_t size)
	__attribute__((warn_unused_result));

#endif
