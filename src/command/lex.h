/* The tokens of one line of a .commands file.  Private to this folder. */
#ifndef BAILIFF_COMMAND_LEX_H
#define BAILIFF_COMMAND_LEX_H

#include "base/arena.h"
#include "base/problem.h"

enum { LEX_TOKENS = 256 }; /* a line: more is a LIMIT problem */

struct lex_token {
	struct span text; /* without quotes and backslashes */
	size_t at;        /* in the source */
	bool quoted;      /* never a separator, never a place */
	bool end;         /* of the line: the token behind the last, without text */
};

struct lex_line {
	struct lex_token tokens[LEX_TOKENS + 1];
	size_t count;  /* without the end */
	size_t end;    /* in the source: where the line ends */
	size_t indent; /* blanks before the first token */
};

/*
 * Cuts the line that starts at *at, and moves *at to the next.  Comments are
 * left out.  Behind a ":" of its own, a ";" at a word's end is a token.
 */
bool lex_line(struct span source, size_t *at, struct arena *arena, struct lex_line *line,
              struct problem *problem) __attribute__((warn_unused_result));

/* Whether the token is the separator `text`. */
bool lex_is(const struct lex_token *token, struct span text);

#endif
