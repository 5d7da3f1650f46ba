/* Between the planner's files. */
#ifndef BAILIFF_SANDBOX_PLAN_H
#define BAILIFF_SANDBOX_PLAN_H

#include "sandbox/sandbox.h"

struct planner_names {
	const char **items;
	size_t count, cap;
};

struct planner {
	const struct sandbox_request *request;
	const struct sandbox_world *world;
	struct arena *arena;
	struct problem *problem;
	const char *culprit;
	struct sandbox_step *steps;
	size_t step_count, step_cap;
	struct planner_names writable, readable, absent;
	unsigned missing;
};

/* Each returns false and sets the problem where memory or the world fails. */
bool planner_fail(struct planner *planner, enum problem_kind kind, const char *what,
                  const char *culprit);
/* "directory/name", or NULL. */
const char *planner_join(struct planner *planner, const char *directory, const char *name);
bool planner_look(struct planner *planner, const char *path, struct sandbox_fact *fact);
bool planner_step(struct planner *planner, struct sandbox_step step);
bool planner_place(struct planner *planner, enum sandbox_verb verb,
                   const struct sandbox_place *place, const struct sandbox_fact *fact);
bool planner_name(struct planner *planner, struct planner_names *names, const char *name);

/* protect.c: what of the workspace may not be changed or seen. */
bool plan_protection(struct planner *planner);

#endif
