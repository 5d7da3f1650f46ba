/* Quotes (manual 3.1.2), and every text that bash reads as if it were in double quotes. */
#include "shell/parser.h"

#include <string.h>

bool shell_backslash(struct parser *p, struct word_builder *b)
{
	size_t at = p->at;
	size_t text = at + 1 < p->end ? at + 1 : at; /* the last byte of all is itself */

	p->at = text + 1;
	return shell_add_text(p, b, true, (struct span){ p->text + text, 1 }, at, p->at);
}

bool shell_single(struct parser *p, struct word_builder *b)
{
	size_t open = p->at, from = open + 1;
	const char *close = from < p->end ? memchr(p->text + from, '\'', p->end - from) : NULL;

	if (close == NULL)
		return shell_fail(p, open, "a single quote is not closed");
	p->at = (size_t)(close - p->text) + 1;
	return shell_add_text(p, b, true,
	                      (struct span){ p->text + from, (size_t)(close - p->text) - from },
	                      open, p->at);
}

bool shell_double(struct parser *p, struct word_builder *b)
{
	struct shell_part **tail = b->tail;
	size_t open = p->at++;

	if (!shell_enter(p) || !shell_quoted(p, b, QUOTE_DOUBLE))
		return false;
	shell_leave(p);
	if (!shell_take(p, '"'))
		return shell_fail(p, open, "a double quote is not closed");
	if (b->tail == tail) /* "" is a word, too */
		return shell_add_text(p, b, true, (struct span){ p->text + open, 0 }, open, p->at);
	return true;
}

/* clang-format off */
#define ALL 255
#define PARENTHESES (QUOTE_ARITH | QUOTE_FOR | QUOTE_OFFSET)
#define BRACKETS (QUOTE_BRACKET | QUOTE_INDEX)
static const unsigned char special[256] = {
	['\\'] = ALL, ['$'] = ALL, ['`'] = ALL,
	['"'] = ALL & ~QUOTE_HEREDOC,
	['\''] = ALL & ~(QUOTE_DOUBLE | QUOTE_HEREDOC),
	['('] = PARENTHESES, [')'] = PARENTHESES, ['['] = BRACKETS, [']'] = BRACKETS,
	[';'] = QUOTE_FOR, [':'] = QUOTE_OFFSET, ['?'] = QUOTE_OFFSET,
	['}'] = QUOTE_BRACE | QUOTE_OFFSET | QUOTE_INDEX,
};
/* clang-format on */

struct quoted {
	enum quote_mode mode;
	size_t open;      /* parentheses or brackets */
	size_t questions; /* of ?: in an offset */
	bool done;
};

static bool add(struct parser *p, struct word_builder *b, size_t from, size_t len)
{
	return shell_add_text(p, b, true, (struct span){ p->text + from, len }, from, from + len);
}

/* Manual 3.1.2.3: which backslashes go.  The byte behind one that stays ends nothing. */
static bool backslash(struct parser *p, struct word_builder *b, enum quote_mode mode)
{
	size_t at = p->at;
	int c;

	if (at + 1 >= p->end) {
		p->at++;
		return add(p, b, at, 1);
	}
	c = (unsigned char)p->text[at + 1];
	p->at += 2;
	if (c == '$' || c == '`' || c == '\\' || (c == '"' && mode != QUOTE_HEREDOC) ||
	    (c == '}' && mode == QUOTE_BRACE))
		return shell_add_text(p, b, true, (struct span){ p->text + at + 1, 1 }, at, at + 2);
	return add(p, b, at, 2);
}

/*
 * '...' in text that is expanded as if in double quotes: the quotes hide what
 * would end the text, and are bytes like others when it is expanded.  So
 * "${x:-'$(date)'}" does run date.  What is inside must not reach beyond.
 */
static bool hidden(struct parser *p, struct word_builder *b)
{
	size_t open = p->at, end = p->end, from = open + 1;
	const char *found = from < end ? memchr(p->text + from, '\'', end - from) : NULL;

	if (found == NULL)
		return shell_fail(p, open, "a single quote is not closed");
	if (!add(p, b, open, 1) || !shell_enter(p))
		return false;
	p->at = from;
	p->end = (size_t)(found - p->text);
	if (!shell_quoted(p, b, QUOTE_HEREDOC))
		return false;
	shell_leave(p);
	p->end = end;
	return add(p, b, p->at++, 1);
}

/* A parenthesis, bracket or divider that may end the text. */
static bool bracket(struct quoted *q, int c)
{
	switch (c) {
	case '(':
	case '[':
		q->open++;
		break;
	case ')':
	case ']':
		if (q->open == 0)
			q->done = q->mode != QUOTE_OFFSET;
		else
			q->open--;
		break;
	case '?':
		q->questions++;
		break;
	case ':':
		if (q->open > 0 || q->questions == 0)
			q->done = q->open == 0;
		else
			q->questions--;
		break;
	default: /* } and ; */
		q->done = true;
		break;
	}
	return !q->done;
}

static bool active(struct parser *p, struct word_builder *b, struct quoted *q, int c)
{
	bool plain = q->mode == QUOTE_DOUBLE || q->mode == QUOTE_HEREDOC;

	switch (c) {
	case '\\':
		return backslash(p, b, q->mode);
	case '$':
		return shell_dollar(p, b, true, plain);
	case '`':
		return shell_backtick(p, b, true, q->mode == QUOTE_DOUBLE);
	case '\'':
		return hidden(p, b);
	case '"':
		if (q->mode != QUOTE_DOUBLE)
			return shell_double(p, b);
		q->done = true;
		return true;
	default:
		if (!bracket(q, c))
			return true;
		return add(p, b, p->at++, 1);
	}
}

bool shell_quoted(struct parser *p, struct word_builder *b, enum quote_mode mode)
{
	struct quoted q = { .mode = mode };
	size_t from;
	int c;

	while (!q.done) {
		from = p->at;
		while (p->at < p->end && !(special[(unsigned char)p->text[p->at]] & mode))
			p->at++;
		if (p->at > from && !add(p, b, from, p->at - from))
			return false;
		c = shell_peek(p);
		if (c < 0)
			break;
		if ((special[c] & mode) && !active(p, b, &q, c))
			return false;
	}
	return true;
}

bool shell_quoted_word(struct parser *p, enum quote_mode mode, struct shell_word **word)
{
	struct word_builder b;

	if (!shell_word_begin(p, &b) || !shell_quoted(p, &b, mode))
		return false;
	shell_word_end(p, &b);
	*word = b.word;
	return true;
}
