/* What a dollar begins: manual 3.5.3 to 3.5.5. */
#include "shell/parser.h"

#include <string.h>

static bool simple_parameter(struct parser *p, struct word_builder *b, bool quoted, size_t end)
{
	size_t dollar = p->at, name = dollar + 1;
	struct shell_part *part = shell_add_part(p, b, SHELL_PARAMETER, quoted, dollar);

	if (part == NULL)
		return false;
	part->parameter = SHELL_NEW(p, struct shell_parameter);
	if (part->parameter == NULL)
		return false;
	shell_look(p, &name);
	p->at = end;
	part->end = shell_end(p, end);
	return shell_raw(p, name, end, &part->parameter->name);
}

static bool brace(struct parser *p, struct word_builder *b, bool quoted)
{
	struct shell_part *part = shell_add_part(p, b, SHELL_PARAMETER, quoted, p->at);
	bool in_double = p->in_double;
	size_t dollar = p->at;

	if (part == NULL || !shell_enter(p))
		return false;
	p->at++;
	if (!shell_take(p, '{'))
		return shell_unexpected(p);
	p->in_double = in_double || quoted;
	if (!shell_parameter(p, part))
		return false;
	p->in_double = in_double;
	if (!shell_take(p, '}'))
		return shell_fail(p, dollar,
		                  p->at < p->end ? "bad substitution" : "${ is not closed");
	shell_leave(p);
	part->end = shell_end(p, p->at);
	return true;
}

static bool bracket(struct parser *p, struct word_builder *b, bool quoted)
{
	struct shell_part *part = shell_add_part(p, b, SHELL_ARITHMETIC, quoted, p->at);
	size_t dollar = p->at;

	if (part == NULL || !shell_enter(p))
		return false;
	part->direction = '[';
	p->at++;
	if (!shell_take(p, '['))
		return shell_unexpected(p);
	if (!shell_quoted_word(p, QUOTE_BRACKET, &part->expression))
		return false;
	if (!shell_take(p, ']'))
		return shell_fail(p, dollar, "$[ is not closed");
	shell_leave(p);
	part->end = shell_end(p, p->at);
	return true;
}

/* $"..." is "..." in another language: the translation is not our business. */
static bool locale(struct parser *p, struct word_builder *b)
{
	p->at++;
	shell_peek(p);
	return shell_double(p, b);
}

bool shell_dollar(struct parser *p, struct word_builder *b, bool quoted, bool text_only)
{
	size_t dollar = p->at, i = dollar + 1, name;
	int c = shell_look(p, &i);

	if (c == '(')
		return shell_dollar_paren(p, b, quoted);
	if (c == '{')
		return brace(p, b, quoted);
	if (c == '[')
		return bracket(p, b, quoted);
	if (c == '\'' && !text_only)
		return shell_ansi(p, b, quoted || p->ansi_expands);
	if (c == '"' && !text_only)
		return locale(p, b);
	name = shell_name_end(p, i);
	if (name > i)
		return simple_parameter(p, b, quoted, name);
	if (shell_is(c, BYTE_DIGIT) || (c > 0 && memchr("@*#?-$!", c, 7) != NULL))
		return simple_parameter(p, b, quoted, i + 1);
	p->at++;
	return shell_add_text(p, b, quoted, (struct span){ p->text + dollar, 1 }, dollar, p->at);
}
