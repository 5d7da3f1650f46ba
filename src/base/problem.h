/*
 * What went wrong, as a small value with a position: nothing to free.
 *
 * Functions that can fail return bool (or a handle) and take a
 * `struct problem *` last, which they set on failure only.  Line and column are
 * computed when printed, from `offset` and the text.  Libraries never print.
 */
#ifndef BAILIFF_BASE_PROBLEM_H
#define BAILIFF_BASE_PROBLEM_H

#include "base/span.h"

enum problem_kind {
	PROBLEM_NONE = 0,
	PROBLEM_MEMORY, /* an arena's limit, or the machine's */
	PROBLEM_SYNTAX, /* the input is not what it should be */
	PROBLEM_LIMIT,  /* the input passes a documented limit */
	PROBLEM_SYSTEM, /* a system call failed: sys_errno says how */
	PROBLEM_REFUSED /* well-formed, and not acceptable */
};

struct problem {
	enum problem_kind kind;
	int sys_errno;    /* for PROBLEM_SYSTEM, else 0 */
	size_t offset;    /* byte in the input, counted from 0 */
	const char *what; /* static storage: "unclosed quote" */
};

/* Fills *problem (which may be NULL) and returns false, so that a caller can return it. */
bool problem_set(struct problem *problem, enum problem_kind kind, size_t offset, const char *what);
/* The same for a failed system call; takes errno. */
bool problem_system(struct problem *problem, const char *what);

struct problem_place {
	size_t line;   /* from 1 */
	size_t column; /* from 1, in bytes */
};
/* Where `offset` lies in `text`. */
struct problem_place problem_place(struct span text, size_t offset);

#endif
