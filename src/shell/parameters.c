/*
 * ${...}: manual 3.5.3.  What bash finds wrong only when it expands ("bad
 * substitution") is a problem here, `${ command; }` of later versions among it.
 */
#include "shell/parser.h"

#include <string.h>

static bool bad(struct parser *p)
{
	return shell_fail(p, p->at, p->at < p->end ? "bad substitution" : "${ is not closed");
}

/* The byte `count` places behind `at`. */
static int ahead(const struct parser *p, unsigned count)
{
	size_t i = p->at;
	int c = shell_look(p, &i);

	while (count-- > 0 && c >= 0) {
		i++;
		c = shell_look(p, &i);
	}
	return c;
}

static bool special_name(int c)
{
	return c > 0 && memchr("@*#?-$!", c, 7) != NULL;
}

static bool read_name(struct parser *p, struct shell_parameter *parameter)
{
	int c = shell_peek(p);
	size_t start = p->at, end = shell_name_end(p, start), i = start;

	if (end == start && shell_is(c, BYTE_DIGIT))
		for (; shell_is(c, BYTE_DIGIT); c = shell_look(p, &i))
			end = ++i;
	else if (end == start && special_name(c))
		end = start + 1;
	if (end == start)
		return bad(p);
	p->at = end;
	return shell_raw(p, start, end, &parameter->name);
}

static bool read_index(struct parser *p, struct shell_parameter *parameter)
{
	size_t open = p->at;

	if (shell_is((unsigned char)parameter->name.ptr[0], BYTE_DIGIT) ||
	    !shell_is((unsigned char)parameter->name.ptr[0], BYTE_NAME) || !shell_take(p, '['))
		return true;
	if (!shell_quoted_word(p, QUOTE_INDEX, &parameter->index))
		return false;
	if (!shell_take(p, ']'))
		return shell_fail(p, open, "a subscript is not closed");
	return parameter->index->parts != NULL ? true : bad(p);
}

static bool unquoted_word(struct parser *p, enum word_mode mode, bool ansi_expands,
                          struct shell_word **word)
{
	bool outer = p->ansi_expands;
	struct word_builder b;

	p->ansi_expands = ansi_expands;
	if (!shell_word_begin(p, &b) || !shell_unquoted(p, &b, mode))
		return false;
	p->ansi_expands = outer;
	shell_word_end(p, &b);
	*word = b.word;
	return true;
}

/* In double quotes the word is as if in double quotes, too; a pattern never is. */
static bool value_word(struct parser *p, bool quoted, struct shell_word **word)
{
	if (quoted)
		return shell_quoted_word(p, QUOTE_BRACE, word);
	return unquoted_word(p, MODE_BRACE, p->in_double, word);
}

static bool pattern_word(struct parser *p, enum word_mode mode, struct shell_word **word)
{
	return unquoted_word(p, mode, false, word);
}

static bool replace(struct parser *p, struct shell_parameter *parameter)
{
	parameter->op = SHELL_OP_REPLACE;
	if (shell_take(p, '/'))
		parameter->all = true;
	else if (shell_peek(p) == '#' || shell_peek(p) == '%')
		parameter->anchor = p->text[p->at++];
	if (!pattern_word(p, MODE_PATTERN, &parameter->word))
		return false;
	return !shell_take(p, '/') || pattern_word(p, MODE_BRACE, &parameter->second);
}

static bool substring(struct parser *p, struct shell_parameter *parameter)
{
	parameter->op = SHELL_OP_SUBSTRING;
	if (shell_peek(p) == '}')
		return bad(p);
	if (!shell_quoted_word(p, QUOTE_OFFSET, &parameter->word))
		return false;
	return !shell_take(p, ':') || shell_quoted_word(p, QUOTE_OFFSET, &parameter->second);
}

static bool transform(struct parser *p, struct shell_parameter *parameter)
{
	int c = shell_peek(p);

	if (c <= 0 || memchr("UuLQEPAKak", c, 10) == NULL)
		return bad(p);
	parameter->op = SHELL_OP_TRANSFORM;
	parameter->transform = (char)c;
	p->at++;
	return true;
}

/* # % ^ , ~ and their doubles. */
static bool pattern_operator(struct parser *p, struct shell_parameter *parameter, int c)
{
	parameter->op = c == '#'   ? SHELL_OP_REMOVE_PREFIX
	                : c == '%' ? SHELL_OP_REMOVE_SUFFIX
	                : c == '^' ? SHELL_OP_UPPER
	                : c == ',' ? SHELL_OP_LOWER
	                           : SHELL_OP_TOGGLE;
	parameter->all = shell_take(p, (char)c);
	if (shell_peek(p) == '}' && parameter->op >= SHELL_OP_UPPER)
		return true;
	return pattern_word(p, MODE_BRACE, &parameter->word);
}

static bool read_operator(struct parser *p, struct shell_parameter *parameter, bool quoted)
{
	int c = shell_peek(p);

	if (c == '}')
		return true;
	if (c == ':' && (c = ahead(p, 1)) > 0 && memchr("-=?+", c, 4) != NULL) {
		parameter->colon = true;
		shell_take(p, ':');
	}
	c = shell_peek(p);
	if (c < 0)
		return bad(p);
	p->at++;
	switch (c) {
	case '-':
		parameter->op = SHELL_OP_DEFAULT;
		return value_word(p, quoted, &parameter->word);
	case '=':
		parameter->op = SHELL_OP_ASSIGN;
		return value_word(p, quoted, &parameter->word);
	case '?':
		parameter->op = SHELL_OP_ERROR;
		return value_word(p, quoted, &parameter->word);
	case '+':
		parameter->op = SHELL_OP_ALTERNATE;
		return value_word(p, quoted, &parameter->word);
	case '/':
		return replace(p, parameter);
	case ':':
		return substring(p, parameter);
	case '@':
		return transform(p, parameter);
	case '#':
	case '%':
	case '^':
	case ',':
	case '~':
		return pattern_operator(p, parameter, c);
	default:
		p->at--;
		return bad(p);
	}
}

/* ${#name}, ${#name[i]}, ${#?}; ${#} and ${#-word} are about $# itself. */
static bool length_next(const struct parser *p)
{
	int c = ahead(p, 1);

	return shell_is(c, BYTE_NAME) || (special_name(c) && ahead(p, 2) == '}');
}

/* ${!prefix*} ${!prefix@} ${!array[@]} ${!array[*]} */
static void names(struct parser *p, struct shell_parameter *parameter)
{
	const struct shell_word *index = parameter->index;
	int c = shell_peek(p);

	if (index == NULL && (c == '*' || c == '@') && ahead(p, 1) == '}' &&
	    shell_is((unsigned char)parameter->name.ptr[0], BYTE_NAME)) {
		parameter->op = SHELL_OP_NAMES;
		parameter->transform = (char)c;
		p->at++;
	} else if (index != NULL && c == '}' && index->parts->next == NULL &&
	           index->parts->kind == SHELL_TEXT &&
	           (span_equal(index->parts->text, SPAN("@")) ||
	            span_equal(index->parts->text, SPAN("*")))) {
		parameter->op = SHELL_OP_NAMES;
	}
	if (parameter->op == SHELL_OP_NAMES)
		parameter->indirect = false;
}

bool shell_parameter(struct parser *p, struct shell_part *part)
{
	struct shell_parameter *parameter = SHELL_NEW(p, struct shell_parameter);
	int c = shell_peek(p), next;

	if (parameter == NULL)
		return false;
	part->parameter = parameter;
	if (c == '#' && length_next(p)) {
		p->at++;
		parameter->op = SHELL_OP_LENGTH;
		return read_name(p, parameter) && read_index(p, parameter);
	}
	next = ahead(p, 1);
	if (c == '!' && (shell_is(next, BYTE_NAME) || (next > 0 && memchr("#?@*", next, 4)))) {
		p->at++;
		parameter->indirect = true;
	}
	if (!read_name(p, parameter) || !read_index(p, parameter))
		return false;
	if (parameter->indirect)
		names(p, parameter);
	return parameter->op == SHELL_OP_NAMES || read_operator(p, parameter, part->quoted);
}
