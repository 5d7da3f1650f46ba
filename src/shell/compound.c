/* Compound commands: manual 3.2.5. */
#include "shell/parser.h"

static bool keyword(struct parser *p, enum shell_keyword expected)
{
	if (shell_take_keyword(p, expected))
		return true;
	return shell_unexpected(p);
}

/* From behind `if` or `elif` to in front of `fi`. */
static bool if_command(struct parser *p, struct shell_command *command)
{
	struct shell_script *otherwise;
	struct shell_pipeline *pipeline;
	struct shell_command *inner;
	bool done;

	command->kind = SHELL_IF;
	if (!shell_body(p, &command->condition) || !keyword(p, WORD_THEN) ||
	    !shell_body(p, &command->body))
		return false;
	if (shell_take_keyword(p, WORD_ELSE))
		return shell_body(p, &command->otherwise);
	shell_blanks(p);
	if (!shell_take_keyword(p, WORD_ELIF))
		return true;
	otherwise = SHELL_NEW(p, struct shell_script);
	pipeline = otherwise != NULL ? SHELL_NEW(p, struct shell_pipeline) : NULL;
	if (pipeline == NULL)
		return false;
	pipeline->stages = SHELL_NEW(p, struct shell_stage);
	inner = pipeline->stages != NULL ? SHELL_NEW(p, struct shell_command) : NULL;
	if (inner == NULL)
		return false;
	pipeline->stages->command = inner;
	pipeline->count = 1;
	otherwise->pipelines = pipeline;
	otherwise->start = pipeline->start = inner->start = shell_start(p, p->at);
	command->otherwise = otherwise;
	if (!shell_enter(p))
		return false;
	done = if_command(p, inner);
	shell_leave(p);
	otherwise->end = pipeline->end = inner->end = shell_end(p, p->at);
	return done;
}

static bool group(struct parser *p, struct shell_command *command)
{
	command->kind = SHELL_GROUP;
	return shell_body(p, &command->body) && keyword(p, WORD_CLOSE);
}

static bool subshell(struct parser *p, struct shell_command *command)
{
	command->kind = SHELL_SUBSHELL;
	p->at++;
	if (!shell_body(p, &command->body))
		return false;
	if (!shell_take(p, ')'))
		return shell_unexpected(p);
	return true;
}

static bool parenthesis(struct parser *p, struct shell_command *command)
{
	size_t open = p->at;
	bool is_arithmetic = false;

	if (shell_second(p) != '(')
		return subshell(p, command);
	p->at++;
	shell_take(p, '(');
	if (!shell_double_paren(p, &command->expression, &is_arithmetic))
		return false;
	if (!is_arithmetic) {
		command->expression = NULL;
		return shell_reread(p, open) && subshell(p, command);
	}
	shell_take(p, ')');
	shell_take(p, ')');
	command->kind = SHELL_ARITH;
	if (command->expression->parts == NULL)
		command->expression = NULL;
	return true;
}

static bool by_keyword(struct parser *p, struct shell_command *command, enum shell_keyword found)
{
	switch ((int)found) {
	case WORD_IF:
		return if_command(p, command) && keyword(p, WORD_FI);
	case WORD_WHILE:
		command->kind = SHELL_WHILE;
		return shell_while(p, command);
	case WORD_UNTIL:
		command->kind = SHELL_UNTIL;
		return shell_while(p, command);
	case WORD_FOR:
		command->kind = SHELL_FOR;
		return shell_for(p, command);
	case WORD_SELECT:
		command->kind = SHELL_SELECT;
		return shell_for(p, command);
	case WORD_CASE:
		return shell_case(p, command);
	case WORD_OPEN:
		return group(p, command);
	case WORD_TEST:
		return shell_test(p, command);
	case WORD_FUNCTION:
		return shell_function(p, command);
	default:
		return shell_coproc(p, command);
	}
}

static bool begins_compound(enum shell_keyword found)
{
	return found == WORD_IF || found == WORD_WHILE || found == WORD_UNTIL ||
	       found == WORD_FOR || found == WORD_SELECT || found == WORD_CASE ||
	       found == WORD_OPEN || found == WORD_TEST || found == WORD_FUNCTION ||
	       found == WORD_COPROC;
}

bool shell_compound(struct parser *p, struct shell_command **result)
{
	struct shell_command *command;
	enum shell_keyword found = WORD_NONE;
	size_t after = p->at;
	bool done;

	*result = NULL;
	if (shell_peek(p) != '(') {
		found = shell_keyword_at(p, &after);
		if (!begins_compound(found))
			return true;
	}
	command = SHELL_NEW(p, struct shell_command);
	if (command == NULL || !shell_enter(p))
		return false;
	command->start = shell_start(p, p->at);
	if (found == WORD_NONE) {
		done = parenthesis(p, command);
	} else {
		p->at = after;
		done = by_keyword(p, command, found);
	}
	if (!done)
		return false;
	shell_leave(p);
	*result = command;
	command->end = shell_end(p, p->at);
	if (command->kind == SHELL_FUNCTION || command->kind == SHELL_COPROC)
		return true;
	p->after_word = false;
	if (!shell_redirections(p, &command->redirects))
		return false;
	if (command->redirects != NULL) {
		const struct shell_redirect *last = command->redirects;

		while (last->next != NULL)
			last = last->next;
		command->end = last->end;
	}
	return true;
}
