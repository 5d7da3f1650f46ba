/* Functions and coprocesses: manual 3.3 and 3.2.6. */
#include "shell/parser.h"

bool shell_function_body(struct parser *p, struct shell_command *command)
{
	size_t after;
	enum shell_keyword found;

	if (!shell_newlines(p))
		return false;
	p->after_word = false;
	found = shell_keyword_at(p, &after);
	if (found == WORD_FUNCTION || found == WORD_COPROC)
		return shell_fail(p, p->at, "unexpected reserved word");
	if (!shell_enter(p) || !shell_compound(p, &command->inner))
		return false;
	shell_leave(p);
	if (command->inner == NULL)
		return shell_unexpected(p);
	command->end = command->inner->end;
	return true;
}

/* Behind `function`. */
bool shell_function(struct parser *p, struct shell_command *command)
{
	struct shell_word *name;
	size_t start, end;

	command->kind = SHELL_FUNCTION;
	shell_blanks(p);
	start = p->at;
	if (!shell_read_word(p, MODE_WORD, &name))
		return false;
	end = p->at;
	if (!shell_raw(p, start, end, &command->name))
		return false;
	shell_blanks(p);
	start = p->at;
	if (shell_take(p, '(')) {
		shell_blanks(p);
		if (!shell_take(p, ')'))
			p->at = start; /* the body is a subshell */
	}
	return shell_function_body(p, command);
}

static bool begins_body(struct parser *p)
{
	size_t after;

	if (shell_peek(p) == '(')
		return true;
	switch ((int)shell_keyword_at(p, &after)) {
	case WORD_IF:
	case WORD_WHILE:
	case WORD_UNTIL:
	case WORD_FOR:
	case WORD_SELECT:
	case WORD_CASE:
	case WORD_OPEN:
	case WORD_TEST:
		return true;
	default:
		return false;
	}
}

static bool looks_assigned(const struct parser *p, size_t start)
{
	size_t i = shell_name_end(p, start);
	int c = shell_look(p, &i);

	return i > start && (c == '=' || c == '+' || c == '[');
}

/*
 * The name, where one stands in front of a compound command.  Else *word is the
 * first word of a simple command, or NULL where it begins with something else.
 */
static bool coproc_name(struct parser *p, struct shell_command *command, struct shell_word **word)
{
	size_t start = p->at, end;
	int c = shell_peek(p);
	size_t after;

	if (c < 0 || shell_is(c, BYTE_BREAK) || shell_redirection_next(p) ||
	    looks_assigned(p, start) ||
	    (shell_keyword_at(p, &after) != WORD_NONE && shell_keyword_at(p, &after) != WORD_TIME))
		return true;
	if (!shell_read_word(p, MODE_WORD, word))
		return false;
	end = p->at;
	shell_blanks(p);
	if (begins_body(p)) {
		*word = NULL;
		return shell_raw(p, start, end, &command->name);
	}
	p->at = end;
	return true;
}

/* Behind `coproc`. */
bool shell_coproc(struct parser *p, struct shell_command *command)
{
	struct shell_word *first = NULL;
	struct shell_command *inner;
	size_t after, start;

	command->kind = SHELL_COPROC;
	shell_blanks(p);
	start = p->at;
	if (!begins_body(p) && !coproc_name(p, command, &first))
		return false;
	if (first == NULL && begins_body(p)) {
		if (!shell_compound(p, &command->inner))
			return false;
	} else {
		if (shell_keyword_at(p, &after) != WORD_NONE &&
		    shell_keyword_at(p, &after) != WORD_TIME)
			return shell_fail(p, p->at, "unexpected reserved word");
		inner = SHELL_NEW(p, struct shell_command);
		if (inner == NULL)
			return false;
		inner->start = shell_start(p, start);
		command->inner = inner;
		if (!shell_simple(p, inner, first))
			return false;
		if (inner->kind != SHELL_SIMPLE)
			return shell_fail(p, p->at, "a function definition as a coprocess");
	}
	command->end = command->inner->end;
	return true;
}
