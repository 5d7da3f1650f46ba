/* Planning with every arena that is too small: the only problem is memory. */
#include "sandbox/sandbox.h"
#include "tap.h"

static bool plan_with(size_t limit, struct problem *problem)
{
	struct sandbox_request request = { .level = SANDBOX_FULL,
		                           .workspace = "/usr/include/linux",
		                           .home = "/nonexistent",
		                           .private_home = "/usr",
		                           .state = "/nonexistent/.bailiff",
		                           .search_path = "/usr/bin:/usr/games" };
	struct sandbox_plan plan;
	const char *culprit;
	struct arena arena;
	bool done;

	arena_init(&arena, limit);
	done = sandbox_plan(&request, &sandbox_machine, &arena, &plan, &culprit, problem);
	arena_release(&arena);
	return done;
}

int main(void)
{
	bool only_memory = true;
	struct problem problem = { 0 };
	size_t limit = 0;

	while (!plan_with(limit, &problem) && limit < 1000000) {
		only_memory = only_memory && problem.kind == PROBLEM_MEMORY;
		limit += 64;
	}
	OK(limit < 1000000, "the plan is made at last");
	OK(only_memory, "every short arena reports a lack of memory");
	return tap_done();
}
