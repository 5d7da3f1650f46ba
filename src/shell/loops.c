/* for, select, while, until and case: manual 3.2.5.1 and 3.2.5.2. */
#include "shell/parser.h"

static bool keyword(struct parser *p, enum shell_keyword expected)
{
	return shell_take_keyword(p, expected) || shell_unexpected(p);
}

bool shell_while(struct parser *p, struct shell_command *command)
{
	return shell_body(p, &command->condition) && keyword(p, WORD_DO) &&
	       shell_body(p, &command->body) && keyword(p, WORD_DONE);
}

/* do list; done -- or { list; }, which the manual does not mention. */
static bool loop_body(struct parser *p, struct shell_command *command)
{
	p->after_word = false;
	if (shell_take_keyword(p, WORD_DO))
		return shell_body(p, &command->body) && keyword(p, WORD_DONE);
	return keyword(p, WORD_OPEN) && shell_body(p, &command->body) && keyword(p, WORD_CLOSE);
}

static bool one_expression(struct parser *p, struct shell_word **word)
{
	if (!shell_quoted_word(p, QUOTE_FOR, word))
		return false;
	if ((*word)->parts == NULL)
		*word = NULL;
	return true;
}

/* Behind `for ((`. */
static bool for_arithmetic(struct parser *p, struct shell_command *command)
{
	command->kind = SHELL_FOR_ARITH;
	if (!one_expression(p, &command->expression))
		return false;
	if (!shell_take(p, ';') || !one_expression(p, &command->expression2))
		return shell_unexpected(p);
	if (!shell_take(p, ';') || !one_expression(p, &command->expression3))
		return shell_unexpected(p);
	if (shell_peek(p) != ')' || shell_second(p) != ')')
		return shell_unexpected(p);
	shell_take(p, ')');
	shell_take(p, ')');
	shell_blanks(p);
	shell_take(p, ';');
	return shell_newlines(p) && loop_body(p, command);
}

/* Behind `in`. */
static bool words(struct parser *p, struct shell_word **tail)
{
	int c;

	for (;;) {
		shell_blanks(p);
		c = shell_peek(p);
		if (c < 0 || c == '\n' || c == ';')
			break;
		if (!shell_read_word(p, MODE_WORD, tail))
			return false;
		tail = &(*tail)->next;
	}
	if (c == ';')
		p->at++;
	return shell_newlines(p);
}

bool shell_for(struct parser *p, struct shell_command *command)
{
	struct shell_word *name;
	size_t start;

	shell_blanks(p);
	if (command->kind == SHELL_FOR && shell_peek(p) == '(' && shell_second(p) == '(') {
		p->at++;
		shell_take(p, '(');
		return for_arithmetic(p, command);
	}
	start = p->at;
	if (!shell_read_word(p, MODE_WORD, &name) || !shell_raw(p, start, p->at, &command->name))
		return false;
	shell_blanks(p);
	if (shell_take(p, ';'))
		return shell_newlines(p) && loop_body(p, command);
	start = p->at;
	if (!shell_newlines(p))
		return false;
	p->after_word = false;
	if (shell_take_keyword(p, WORD_IN)) {
		command->has_in = true;
		return words(p, &command->words) && loop_body(p, command);
	}
	if (p->at == start && shell_peek(p) == '{')
		return shell_unexpected(p);
	return loop_body(p, command);
}

/* ---- case ---- */

static bool patterns(struct parser *p, struct shell_word **tail)
{
	for (;;) {
		shell_blanks(p);
		if (!shell_read_word(p, MODE_WORD, tail))
			return false;
		tail = &(*tail)->next;
		shell_blanks(p);
		if (shell_take(p, ')'))
			return true;
		if (!shell_take(p, '|'))
			return shell_unexpected(p);
	}
}

/* ;; ;& ;;& -- or nothing in front of esac. */
static bool item_end(struct parser *p, struct shell_case_item *item, bool *last)
{
	*last = !shell_take(p, ';');
	if (*last)
		return true;
	if (shell_take(p, '&')) {
		item->end = SHELL_CASE_FALL;
		return true;
	}
	if (!shell_take(p, ';'))
		return shell_unexpected(p);
	if (shell_take(p, '&'))
		item->end = SHELL_CASE_TEST;
	return true;
}

static bool items(struct parser *p, struct shell_case_item **tail)
{
	struct shell_case_item *item;
	bool last = false;

	while (!last) {
		if (!shell_newlines(p))
			return false;
		p->after_word = false;
		if (shell_take_keyword(p, WORD_ESAC))
			return true;
		item = SHELL_NEW(p, struct shell_case_item);
		if (item == NULL)
			return false;
		shell_take(p, '(');
		if (!patterns(p, &item->patterns) || !shell_list(p, &item->body))
			return false;
		*tail = item;
		tail = &item->next;
		shell_blanks(p);
		if (!item_end(p, item, &last))
			return false;
	}
	return keyword(p, WORD_ESAC);
}

bool shell_case(struct parser *p, struct shell_command *command)
{
	command->kind = SHELL_CASE;
	shell_blanks(p);
	if (!shell_read_word(p, MODE_WORD, &command->subject) || !shell_newlines(p))
		return false;
	p->after_word = false;
	return keyword(p, WORD_IN) && items(p, &command->items);
}
