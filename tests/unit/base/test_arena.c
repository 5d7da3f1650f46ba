/* Arenas: alignment, zeroes, the limit in bytes, and sizes that overflow. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "tap.h"

static bool all_zero(const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

static void test_many(void)
{
	struct arena arena;
	bool good = true, apart = true;
	unsigned char *previous = NULL;

	arena_init(&arena, 64 << 20);
	for (size_t size = 1; size < 3000; size += 7) {
		unsigned char *bytes = arena_alloc(&arena, 1, size);

		good = good && bytes && (uintptr_t)bytes % alignof(max_align_t) == 0 &&
		       all_zero(bytes, size);
		if (!bytes)
			break;
		apart = apart && (!previous || *previous == 0xaa);
		memset(bytes, 0xaa, size);
		previous = bytes;
	}
	OK(good, "every object is aligned and zeroed");
	OK(apart, "no object overwrites the one before it");
	OK(arena_alloc(&arena, 1 << 20, 3) != NULL, "an object larger than every block");
	arena_release(&arena);
	OK(arena.used == 0 && arena.blocks == NULL && arena_alloc(&arena, 1, 1) != NULL,
	   "a released arena may be used again");
	arena_release(&arena);
	arena_release(&(struct arena){ 0 });
}

static void test_limit(void)
{
	struct arena arena;
	size_t before;

	arena_init(&arena, 64);
	OK(arena_alloc(&arena, 1, 65) == NULL && arena.used == 0, "one byte over the limit");
	OK(arena_alloc(&arena, 8, 8) != NULL && arena.used == 64, "the limit itself");
	OK(arena_alloc(&arena, 1, 1) == NULL && arena.used == 64, "and nothing more");
	OK(arena_alloc(&arena, 0, 9) != NULL && arena_alloc(&arena, 9, 0) != NULL,
	   "nothing is always there");
	arena_release(&arena);
	arena_init(&arena, SIZE_MAX);
	before = arena.used;
	OK(arena_alloc(&arena, SIZE_MAX / 2, 3) == NULL &&
	           arena_alloc(&arena, 1, SIZE_MAX) == NULL &&
	           arena_alloc(&arena, 1, SIZE_MAX - 16) == NULL && arena.used == before,
	   "sizes that overflow are refused and counted nowhere");
	arena_release(&arena);
}

static void test_copy(void)
{
	struct arena arena;
	struct span copy = SPAN("kept");

	arena_init(&arena, 32);
	OK(arena_copy(&arena, SPAN("a\0b"), &copy) && span_equal(copy, SPAN("a\0b")) &&
	           copy.ptr[3] == '\0',
	   "a copy has its bytes and a NUL behind them");
	OK(arena_copy(&arena, (struct span){ NULL, 0 }, &copy) && copy.len == 0 &&
	           *copy.ptr == '\0',
	   "a copy of nothing");
	OK(!arena_copy(&arena, SPAN("a"), &copy) && copy.len == 0, "no room sets nothing");
	OK(!arena_copy(&arena, (struct span){ "", SIZE_MAX }, &copy), "an impossible length");
	arena_release(&arena);
}

static void test_grow(void)
{
	struct arena arena;
	size_t cap = 0, count = 0, limit;
	void *items = NULL;
	bool kept = true;

	arena_init(&arena, 1 << 20);
	for (; count < 1000 && arena_grow(&arena, &items, &cap, count, sizeof(int)); count++)
		((int *)items)[count] = (int)count;
	for (size_t i = 0; i < count; i++)
		kept = kept && ((int *)items)[i] == (int)i;
	OK(count == 1000 && kept && cap >= count, "a grown array keeps its elements");
	limit = arena.limit = arena.used;
	OK(!arena_grow(&arena, &items, &cap, cap, sizeof(int)) && arena.used == limit &&
	           ((int *)items)[999] == 999,
	   "no room changes nothing");
	cap = SIZE_MAX / 2 + 1;
	OK(!arena_grow(&arena, &items, &cap, cap, 1), "a capacity that overflows");
	arena_release(&arena);
}

int main(void)
{
	test_many();
	test_limit();
	test_copy();
	test_grow();
	return tap_done();
}
