/*
 * Settings edited in place.  Input: "set KEY VALUE" or "remove KEY", then the file.
 */
#include <stdio.h>

#include "golden.h"
#include "policy/edit.h"

static void run(struct span input, FILE *out, void *context)
{
	struct span line = { NULL, 0 }, word = { NULL, 0 }, result;
	struct policy_edit edit = { 0 };
	struct problem problem = { 0 };
	struct arena arena;
	bool changed;

	(void)context;
	(void)span_split(&input, '\n', &line);
	(void)span_split(&line, ' ', &word);
	(void)span_split(&line, ' ', &edit.key);
	if (span_equal(word, SPAN("set")))
		edit.value = line;
	arena_init(&arena, 1 << 22);
	if (!policy_edit_apply(input, &edit, &arena, &result, &changed, &problem))
		fprintf(out, "%zu: %s\n", problem.offset, problem.what);
	else
		fprintf(out, "%s%.*s\n", changed ? "" : "unchanged: ", (int)result.len, result.ptr);
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
