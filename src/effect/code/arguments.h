/* Arguments of calls, as far as they are literals. */
#ifndef BAILIFF_EFFECT_CODE_ARGUMENTS_H
#define BAILIFF_EFFECT_CODE_ARGUMENTS_H

#include "effect/code/lexer.h"

enum { MAX_ARGUMENTS = 8, MAX_ITEMS = 32, MAX_AHEAD = 400 /* tokens of one call */ };

struct argument {
	struct value value; /* of a list: its first item */
	struct value items[MAX_ITEMS];
	size_t count; /* of a list */
	bool list;
};

struct arguments {
	struct argument items[MAX_ARGUMENTS];
	size_t count;
	bool shell; /* shell=True, {shell: true} */
};

struct names {
	struct map map; /* struct argument: variables that hold literals */
};

/*
 * Reads arguments up to the closing parenthesis, or to the end of the statement where `open` is
 * false.  `lexer` is a copy: what stands there is read once more by the caller.
 */
bool arguments_read(struct lexer lexer, const struct names *names, bool open,
                    struct arguments *arguments) __attribute__((warn_unused_result));

#endif
