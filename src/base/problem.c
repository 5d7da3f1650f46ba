/* Problems: filling them, and finding their place in a text. */
#include "base/problem.h"

#include <errno.h>

bool problem_set(struct problem *problem, enum problem_kind kind, size_t offset, const char *what)
{
	if (problem)
		*problem = (struct problem){ .kind = kind, .offset = offset, .what = what };
	return false;
}

bool problem_system(struct problem *problem, const char *what)
{
	if (problem)
		*problem = (struct problem){ .kind = PROBLEM_SYSTEM,
			                     .sys_errno = errno,
			                     .what = what };
	return false;
}

struct problem_place problem_place(struct span text, size_t offset)
{
	struct problem_place place = { 1, 1 };

	for (size_t i = 0; i < offset && i < text.len; i++) {
		if (text.ptr[i] == '\n') {
			place.line++;
			place.column = 1;
		} else {
			place.column++;
		}
	}
	return place;
}
