/* Words, strings and signs of scripting languages: enough to find calls and their literal arguments. */
#ifndef BAILIFF_EFFECT_CODE_LEXER_H
#define BAILIFF_EFFECT_CODE_LEXER_H

#include "effect/code/code.h"

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_NUMBER, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	struct span text;   /* a NAME with its dots: "os.path.join"; a SIGN; a NUMBER */
	struct value value; /* of a STRING: not complete where it interpolates */
	bool command;       /* a STRING in backticks, qx or %x: run by a shell */
	bool line_before;   /* a line end stands before it */
};

struct lexer {
	struct code *code;
	struct span text;
	size_t at;
};

bool lexer_next(struct lexer *lexer, struct token *token) __attribute__((warn_unused_result));
bool token_is(const struct token *token, const char *sign);
bool language_is(const struct code *code, const char *name);

#endif
