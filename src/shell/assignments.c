/* Assignments and array literals: manual 3.4 and 6.7. */
#include "shell/parser.h"

static bool array(struct parser *p, struct shell_assignment *assignment);

/* Where the = of name= or name+= is; 0 where there is none.  0 can be no answer: a name is first. */
static size_t equals_at(const struct parser *p, size_t i, bool *append)
{
	int c = shell_look(p, &i);

	*append = c == '+';
	if (c == '+') {
		i++;
		c = shell_look(p, &i);
	}
	return c == '=' ? i : 0;
}

/* Behind the = . */
static bool value(struct parser *p, struct shell_assignment *assignment)
{
	int c = shell_peek(p);

	if (c == '(' && assignment->name.len > 0) {
		assignment->array = true;
		return array(p, assignment);
	}
	if (c < 0 ||
	    (shell_is(c, BYTE_BREAK) && !((c == '<' || c == '>') && shell_second(p) == '(')))
		return true;
	return shell_read_word(p, MODE_WORD, &assignment->value);
}

/*
 * name[...] without = behind it is a word, in which blanks and operators are
 * hidden.  We only take it for one where there is nothing to hide.
 */
static bool no_assignment(struct parser *p, size_t start)
{
	size_t i;

	for (i = start; i < p->at; i++)
		if (shell_is((unsigned char)p->text[i], BYTE_ACTIVE))
			return shell_fail(p, start,
			                  "a subscript that could hide blanks or operators");
	return shell_reread(p, start);
}

/* At the [ of name[index]= or [index]=.  *is false where no = follows; `at` is at `start` then. */
static bool subscript(struct parser *p, size_t start, struct shell_assignment *assignment, bool *is)
{
	size_t open = p->at, equals;

	shell_take(p, '[');
	if (!shell_enter(p) || !shell_quoted_word(p, QUOTE_BRACKET, &assignment->index))
		return false;
	shell_leave(p);
	if (!shell_take(p, ']'))
		return shell_fail(p, open, "a subscript is not closed");
	equals = equals_at(p, p->at, &assignment->append);
	*is = equals != 0;
	if (!*is)
		return no_assignment(p, start);
	p->at = equals + 1;
	return true;
}

/*
 * Behind an assignment and a redirection bash no longer looks for subscripts and
 * array literals, but still takes `a=b` and `a[1]=b` for assignments.
 */
static bool is_plain(const struct parser *p, size_t i)
{
	bool append;

	if (shell_look(p, &i) == '[') {
		while (i < p->end && !shell_is((unsigned char)p->text[i], BYTE_ACTIVE) &&
		       p->text[i] != ']')
			i++;
		if (i >= p->end || p->text[i] != ']' || equals_at(p, ++i, &append) == 0)
			return false;
	}
	i = equals_at(p, i, &append) + 1;
	return i == 1 || shell_look(p, &i) != '(';
}

bool shell_assignment(struct parser *p, bool late, struct shell_assignment **result)
{
	size_t start, name_end, equals, i;
	struct shell_assignment *assignment;
	bool append, is = true;

	*result = NULL;
	shell_peek(p);
	start = p->at;
	i = name_end = shell_name_end(p, start);
	if (name_end == start)
		return true;
	equals = equals_at(p, name_end, &append);
	if (equals == 0 && shell_look(p, &i) != '[')
		return true;
	if (late && !is_plain(p, name_end))
		return true;
	assignment = SHELL_NEW(p, struct shell_assignment);
	if (assignment == NULL || !shell_raw(p, start, name_end, &assignment->name))
		return false;
	assignment->start = shell_start(p, start);
	if (equals != 0) {
		assignment->append = append;
		p->at = equals + 1;
	} else {
		p->at = i;
		if (!subscript(p, start, assignment, &is))
			return false;
		if (!is)
			return true;
	}
	if (!value(p, assignment))
		return false;
	assignment->end = shell_end(p, p->at);
	p->after_word = true;
	*result = assignment;
	return true;
}

bool shell_array_next(const struct parser *p)
{
	size_t name_end = shell_name_end(p, p->at), i = name_end;
	bool append;

	if (name_end == p->at)
		return false;
	if (shell_look(p, &i) == '[') { /* declare a[1]=(x): no blanks there */
		while (i < p->end && !shell_is((unsigned char)p->text[i], BYTE_ACTIVE) &&
		       p->text[i] != ']')
			i++;
		if (i >= p->end || p->text[i] != ']')
			return false;
		i++;
	}
	i = equals_at(p, i, &append);
	if (i == 0)
		return false;
	i++;
	return shell_look(p, &i) == '(';
}

static bool element(struct parser *p, struct shell_assignment **result)
{
	struct shell_assignment *assignment = SHELL_NEW(p, struct shell_assignment);
	size_t start = p->at;
	bool is = false;

	if (assignment == NULL)
		return false;
	assignment->start = shell_start(p, start);
	if (shell_peek(p) == '[' && !subscript(p, start, assignment, &is))
		return false;
	if (is) {
		if (!value(p, assignment))
			return false;
	} else {
		assignment->index = NULL;
		assignment->append = false;
		if (!shell_read_word(p, MODE_WORD, &assignment->value))
			return false;
	}
	assignment->end = shell_end(p, p->at);
	*result = assignment;
	return true;
}

/* At the ( . */
static bool array(struct parser *p, struct shell_assignment *assignment)
{
	struct shell_assignment **tail = &assignment->elements;
	size_t open = p->at++;
	int c;

	if (!shell_enter(p))
		return false;
	for (;;) {
		if (!shell_newlines(p))
			return false;
		c = shell_peek(p);
		if (c < 0)
			return shell_fail(p, open, "an array's parenthesis is not closed");
		if (c == ')')
			break;
		if (!element(p, tail))
			return false;
		tail = &(*tail)->next;
	}
	p->at++;
	shell_leave(p);
	c = shell_peek(p);
	if (c >= 0 && !shell_is(c, BYTE_BREAK))
		return shell_fail(p, p->at, "text behind an array's parenthesis");
	return true;
}
