/* Paths as text: what no case file shows, short memory and paths within each other. */
#include "base/path.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static void test_within(void)
{
	static const struct {
		struct span path, base;
		bool within;
	} table[] = {
		{ SPAN_INIT("/a/b"), SPAN_INIT("/a/b"), true },
		{ SPAN_INIT("/a/b/c"), SPAN_INIT("/a/b"), true },
		{ SPAN_INIT("/a/bc"), SPAN_INIT("/a/b"), false },
		{ SPAN_INIT("/a"), SPAN_INIT("/a/b"), false },
		{ SPAN_INIT("/a"), SPAN_INIT("/"), true },
		{ SPAN_INIT("/"), SPAN_INIT("/"), true },
		{ SPAN_INIT("/"), SPAN_INIT("/a"), false },
		{ SPAN_INIT("a"), SPAN_INIT("/"), false },
		{ SPAN_INIT("/a"), { NULL, 0 }, false },
		{ { NULL, 0 }, SPAN_INIT("/"), false },
		{ { NULL, 0 }, { NULL, 0 }, false },
		{ SPAN_INIT("/a\0b"), SPAN_INIT("/a"), false },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		OK(path_within(table[i].path, table[i].base) == table[i].within,
		   "%s is %sin \"%.*s\"", table[i].path.ptr ? table[i].path.ptr : "nothing",
		   table[i].within ? "" : "not ", (int)table[i].base.len,
		   table[i].base.ptr ? table[i].base.ptr : "");
}

static void test_memory(void)
{
	struct arena arena;
	struct span normal = SPAN("kept");
	size_t limit = 0;

	for (;; limit++) {
		bool made;

		arena_init(&arena, limit);
		made = path_normalise(SPAN("/home/u"), SPAN("../x/./y"), &arena, &normal);
		if (made)
			break;
		arena_release(&arena);
	}
	OK(limit > 0 && span_equal(normal, SPAN("/home/x/y")) && normal.ptr[normal.len] == '\0',
	   "every short arena is refused, and a path ends with a NUL");
	OK(!path_normalise((struct span){ "/", SIZE_MAX - 2 }, SPAN("/x"), &arena, &normal),
	   "lengths that overflow");
	arena_release(&arena);
}

static void test_hostile(void)
{
	enum { SIZE = 1 << 20 };
	char *bytes = malloc(SIZE);
	struct arena arena;
	struct span normal = SPAN("");

	if (!OK(bytes != NULL, "memory"))
		return;
	arena_init(&arena, 16 << 20);
	memset(bytes, '/', SIZE);
	OK(path_normalise(SPAN("/a"), (struct span){ bytes, SIZE }, &arena, &normal) &&
	           span_equal(normal, SPAN("/")),
	   "a megabyte of slashes");
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = "a/"[i % 2];
	OK(path_normalise(SPAN("/"), (struct span){ bytes, SIZE }, &arena, &normal) &&
	           normal.len == SIZE,
	   "half a million components");
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = "../"[i % 3];
	OK(path_normalise(SPAN("/a/b"), (struct span){ bytes, SIZE }, &arena, &normal) &&
	           span_equal(normal, SPAN("/")),
	   "a third of a million steps up");
	memset(bytes, 0xff, SIZE);
	OK(path_normalise(SPAN("/"), (struct span){ bytes, SIZE }, &arena, &normal) &&
	           normal.len == SIZE + 1,
	   "a megabyte of 0xFF");
	arena_release(&arena);
	free(bytes);
}

int main(void)
{
	test_within();
	test_memory();
	test_hostile();
	return tap_done();
}
