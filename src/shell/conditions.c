/* [[ ... ]]: manual 3.2.5.2 and 6.4. */
#include "shell/parser.h"

#include <string.h>

static bool expression(struct parser *p, struct shell_condition **result);

static bool at_end(const struct parser *p)
{
	size_t after;

	return shell_keyword_at(p, &after) == WORD_TEST_END;
}

/* The bytes of a word that is one piece of unquoted text, else none. */
static struct span plain(const struct shell_word *word)
{
	const struct shell_part *part = word->parts;

	if (part == NULL || part->next != NULL || part->kind != SHELL_TEXT || part->quoted)
		return SPAN("");
	return part->text;
}

static bool is_unary(struct span word)
{
	return word.len == 2 && word.ptr[0] == '-' &&
	       memchr("abcdefghknoprstuvwxzGLNORS", word.ptr[1], 26) != NULL;
}

static bool is_binary(struct span word)
{
	static const struct span operators[] = {
		SPAN_INIT("="),   SPAN_INIT("=="),  SPAN_INIT("!="),  SPAN_INIT("=~"),
		SPAN_INIT("-eq"), SPAN_INIT("-ne"), SPAN_INIT("-lt"), SPAN_INIT("-le"),
		SPAN_INIT("-gt"), SPAN_INIT("-ge"), SPAN_INIT("-nt"), SPAN_INIT("-ot"),
		SPAN_INIT("-ef"),
	};
	size_t i;

	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (span_equal(word, operators[i]))
			return true;
	return false;
}

static struct shell_condition *make(struct parser *p, enum shell_condition_kind kind)
{
	struct shell_condition *made = SHELL_NEW(p, struct shell_condition);

	if (made != NULL)
		made->kind = kind;
	return made;
}

static bool operand(struct parser *p, enum word_mode mode, struct shell_word **word)
{
	shell_blanks(p);
	if (at_end(p))
		return shell_fail(p, p->at, "an operand is missing in front of ]]");
	return shell_read_word(p, mode, word);
}

static bool binary_operator(struct parser *p, struct span *op)
{
	struct shell_word *word;
	int c = shell_peek(p);

	if ((c == '<' || c == '>') && shell_second(p) != '(') {
		*op = (struct span){ p->text + p->at++, 1 };
		return true;
	}
	if (c < 0 || (shell_is(c, BYTE_BREAK) && c != '<' && c != '>'))
		return shell_unexpected(p);
	if (!shell_read_word(p, MODE_WORD, &word))
		return false;
	*op = plain(word);
	return is_binary(*op) || shell_fail(p, p->at, "a condition's operator is expected");
}

/* A word has been read: it is an operand, or a unary operator. */
static bool rest_of_term(struct parser *p, struct shell_word *word, struct shell_condition **result)
{
	struct shell_condition *made;
	int c;

	if (is_unary(plain(word))) {
		made = *result = make(p, SHELL_CONDITION_UNARY);
		if (made == NULL)
			return false;
		made->op = plain(word);
		return operand(p, MODE_WORD, &made->right);
	}
	shell_blanks(p);
	c = shell_peek(p);
	made = *result = make(p, SHELL_CONDITION_BINARY);
	if (made == NULL)
		return false;
	made->left = word;
	if (at_end(p) || c == ')' || (c == '&' && shell_second(p) == '&') ||
	    (c == '|' && shell_second(p) == '|')) {
		made->kind = SHELL_CONDITION_WORD;
		return true;
	}
	if (!binary_operator(p, &made->op))
		return false;
	return operand(p, span_equal(made->op, SPAN("=~")) ? MODE_REGEX : MODE_WORD, &made->right);
}

static bool parenthesis(struct parser *p, struct shell_condition **result)
{
	struct shell_condition *made = make(p, SHELL_CONDITION_PAREN);

	if (made == NULL || !expression(p, &made->a))
		return false;
	*result = made;
	return shell_take(p, ')') || shell_unexpected(p);
}

static bool negation_next(const struct parser *p, size_t *after)
{
	if (shell_keyword_at(p, after) != WORD_NOT)
		return false;
	return shell_second(p) != '('; /* !(pattern) */
}

static bool term(struct parser *p, struct shell_condition **result)
{
	struct shell_condition *made;
	struct shell_word *word = NULL;
	size_t after;
	bool done;

	if (!shell_newlines(p) || !shell_enter(p))
		return false;
	if (negation_next(p, &after)) {
		p->at = after;
		made = make(p, SHELL_CONDITION_NOT);
		if (made == NULL)
			return false;
		*result = made;
		done = term(p, &made->a);
	} else if (shell_take(p, '(')) {
		done = parenthesis(p, result);
	} else {
		done = operand(p, MODE_WORD, &word) && rest_of_term(p, word, result);
	}
	shell_leave(p);
	return done && ((*result)->kind == SHELL_CONDITION_WORD || shell_newlines(p));
}

/* && and || alike: what binds less tightly asks what binds more for its operands. */
static bool chain(struct parser *p, char op, struct shell_condition **result)
{
	struct shell_condition *made;
	bool done;

	if (op == '|' ? !chain(p, '&', result) : !term(p, result))
		return false;
	shell_blanks(p);
	if (shell_peek(p) != (unsigned char)op || shell_second(p) != (unsigned char)op)
		return true;
	p->at++;
	shell_take(p, op);
	made = make(p, op == '&' ? SHELL_CONDITION_AND : SHELL_CONDITION_OR);
	if (made == NULL || !shell_enter(p))
		return false;
	made->a = *result;
	*result = made;
	done = chain(p, op, &made->b);
	shell_leave(p);
	return done;
}

static bool expression(struct parser *p, struct shell_condition **result)
{
	return chain(p, '|', result);
}

/* Behind [[. */
bool shell_test(struct parser *p, struct shell_command *command)
{
	size_t after;

	command->kind = SHELL_CONDITION;
	if (!expression(p, &command->test))
		return false;
	shell_blanks(p);
	if (shell_keyword_at(p, &after) != WORD_TEST_END)
		return shell_unexpected(p);
	p->at = after;
	p->after_word = false;
	return true;
}
