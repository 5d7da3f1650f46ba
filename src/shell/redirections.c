/* Redirections: manual 3.6. */
#include "shell/parser.h"

#include <limits.h>

/* What stands in front of the operator. */
struct prefix {
	size_t operator_at;
	int fd;
	size_t name, name_end; /* of {name} */
};

static bool at_operator(const struct parser *p, size_t i)
{
	int c = shell_look(p, &i);

	if (c != '<' && c != '>')
		return false;
	i++;
	return shell_look(p, &i) != '(';
}

static bool digits(const struct parser *p, struct prefix *prefix)
{
	size_t i = p->at;
	long long fd = 0;
	int c;

	for (c = shell_look(p, &i); shell_is(c, BYTE_DIGIT); c = shell_look(p, &i)) {
		fd = fd * 10 + (c - '0');
		if (fd > INT_MAX)
			return false;
		i++;
	}
	prefix->fd = (int)fd;
	prefix->operator_at = i;
	return at_operator(p, i);
}

static bool braced_name(const struct parser *p, struct prefix *prefix)
{
	size_t i = p->at + 1;

	shell_look(p, &i);
	prefix->name = i;
	prefix->name_end = i = shell_name_end(p, i);
	if (i == prefix->name)
		return false;
	if (shell_look(p, &i) == '[') { /* {array[1]}> */
		while (i < p->end && !shell_is((unsigned char)p->text[i], BYTE_ACTIVE) &&
		       p->text[i] != ']')
			i++;
		if (i >= p->end || p->text[i] != ']')
			return false;
		prefix->name_end = ++i;
	}
	if (shell_look(p, &i) != '}')
		return false;
	prefix->operator_at = i + 1;
	return at_operator(p, i + 1);
}

static bool find_prefix(struct parser *p, struct prefix *prefix)
{
	int c = shell_peek(p);

	*prefix = (struct prefix){ .fd = -1, .operator_at = p->at };
	if (c == '<' || c == '>')
		return at_operator(p, p->at);
	if (c == '&')
		return shell_second(p) == '>';
	if (shell_is(c, BYTE_DIGIT))
		return digits(p, prefix);
	return c == '{' && braced_name(p, prefix);
}

bool shell_redirection_next(struct parser *p)
{
	struct prefix prefix;

	return find_prefix(p, &prefix);
}

static enum shell_redirect_op less(struct parser *p, bool *strip_tabs)
{
	if (shell_take(p, '&'))
		return SHELL_REDIRECT_DUP_IN;
	if (shell_take(p, '>'))
		return SHELL_REDIRECT_READ_WRITE;
	if (!shell_take(p, '<'))
		return SHELL_REDIRECT_READ;
	if (shell_take(p, '<'))
		return SHELL_REDIRECT_HERESTRING;
	*strip_tabs = shell_take(p, '-');
	return SHELL_REDIRECT_HEREDOC;
}

static enum shell_redirect_op greater(struct parser *p)
{
	if (shell_take(p, '&'))
		return SHELL_REDIRECT_DUP_OUT;
	if (shell_take(p, '|'))
		return SHELL_REDIRECT_CLOBBER;
	return shell_take(p, '>') ? SHELL_REDIRECT_APPEND : SHELL_REDIRECT_WRITE;
}

static enum shell_redirect_op read_operator(struct parser *p, bool *strip_tabs)
{
	if (shell_take(p, '<'))
		return less(p, strip_tabs);
	if (shell_take(p, '>'))
		return greater(p);
	shell_take(p, '&');
	shell_take(p, '>');
	return shell_take(p, '>') ? SHELL_REDIRECT_BOTH_APPEND : SHELL_REDIRECT_BOTH;
}

/* Behind >& and <& a hyphen is a token by itself: `>&-x` closes, and x is a word. */
static bool hyphen(struct parser *p, struct shell_redirect *redirect)
{
	struct word_builder b;
	size_t at = p->at;

	if (!shell_word_begin(p, &b))
		return false;
	p->at++;
	if (!shell_add_text(p, &b, false, (struct span){ p->text + at, 1 }, at, p->at))
		return false;
	shell_word_end(p, &b);
	redirect->target = b.word;
	return true;
}

bool shell_redirection(struct parser *p, struct shell_redirect **result)
{
	struct shell_redirect *redirect = SHELL_NEW(p, struct shell_redirect);
	struct prefix prefix;
	bool done;

	if (redirect == NULL)
		return false;
	if (!find_prefix(p, &prefix))
		return shell_unexpected(p);
	redirect->start = shell_start(p, p->at);
	redirect->fd = prefix.fd;
	if (!shell_raw(p, prefix.name, prefix.name_end, &redirect->fd_variable))
		return false;
	p->at = prefix.operator_at;
	redirect->op = read_operator(p, &redirect->strip_tabs);
	shell_blanks(p);
	if (shell_redirection_next(p)) /* `> 2>f`, too: the number belongs to the second */
		return shell_unexpected(p);
	if (redirect->op == SHELL_REDIRECT_HEREDOC)
		done = shell_heredoc_delimiter(p, redirect);
	else if ((redirect->op == SHELL_REDIRECT_DUP_IN ||
	          redirect->op == SHELL_REDIRECT_DUP_OUT) &&
	         shell_peek(p) == '-')
		done = hyphen(p, redirect);
	else
		done = shell_read_word(p, MODE_WORD, &redirect->target);
	redirect->end = shell_end(p, p->at);
	p->after_word = true;
	*result = redirect;
	return done;
}

bool shell_redirections(struct parser *p, struct shell_redirect **list)
{
	while (*list != NULL)
		list = &(*list)->next;
	for (;;) {
		shell_blanks(p);
		if (!shell_redirection_next(p))
			return true;
		if (!shell_redirection(p, list))
			return false;
		list = &(*list)->next;
	}
}
