/*
 * Text that is a script of its own: $(...), `...`, <(...), and the two readings
 * of ((.
 */
#include "shell/parser.h"

#include <string.h>

/* What a substitution sets aside while it reads its script. */
struct outer {
	struct pending pending;
	bool substitution;
	bool after_word;
	bool in_double;
	bool ansi_expands;
};

static bool go_inside(struct parser *p, struct outer *outer, bool substitution)
{
	*outer = (struct outer){ p->pending, p->substitution, p->after_word, p->in_double,
		                 p->ansi_expands };
	p->pending = (struct pending){ NULL, NULL };
	p->substitution = substitution;
	p->after_word = p->in_double = p->ansi_expands = false;
	return shell_enter(p);
}

static void go_outside(struct parser *p, const struct outer *outer)
{
	p->pending = outer->pending;
	p->substitution = outer->substitution;
	p->after_word = outer->after_word;
	p->in_double = outer->in_double;
	p->ansi_expands = outer->ansi_expands;
	shell_leave(p);
}

/* From behind the ( to behind the ). */
static bool script_in_parens(struct parser *p, size_t open, struct shell_script **script)
{
	struct outer outer;

	if (!go_inside(p, &outer, true) || !shell_list(p, script))
		return false;
	if (p->at >= p->end)
		return shell_fail(p, open, "a substitution's parenthesis is not closed");
	if (shell_peek(p) != ')')
		return shell_unexpected(p);
	if (p->pending.first != NULL)
		return shell_fail(p, p->at,
		                  "a here-document whose body lies behind its substitution");
	p->at++;
	go_outside(p, &outer);
	return true;
}

bool shell_double_paren(struct parser *p, struct shell_word **expression, bool *is_arithmetic)
{
	if (!shell_enter(p) || !shell_quoted_word(p, QUOTE_ARITH, expression))
		return false;
	shell_leave(p);
	if (p->at >= p->end)
		return shell_fail(p, p->at, "(( is not closed");
	*is_arithmetic = shell_second(p) == ')';
	return true;
}

/*
 * $((...) ...) and <((...)...): bash finds the end by counting parentheses and
 * reads the inside as commands later.  Both must see the same end: a comment or
 * a case inside could make them differ.
 */
static bool counted_script(struct parser *p, size_t inside, struct shell_script **script)
{
	struct shell_word *rest;
	size_t close;

	p->at++;
	if (!shell_quoted_word(p, QUOTE_ARITH, &rest))
		return false;
	close = p->at;
	if (close >= p->end)
		return shell_fail(p, inside, "a substitution's parenthesis is not closed");
	if (!shell_reread(p, inside) || !script_in_parens(p, inside - 1, script))
		return false;
	if (p->at != close + 1)
		return shell_fail(p, inside,
		                  "a substitution that begins with (( and ends in two ways");
	return true;
}

bool shell_dollar_paren(struct parser *p, struct word_builder *b, bool quoted)
{
	struct shell_part *part = shell_add_part(p, b, SHELL_COMMAND_SUB, quoted, p->at);
	size_t dollar = p->at, inside;
	bool is_arithmetic = false;

	if (part == NULL)
		return false;
	p->at++;
	shell_take(p, '(');
	inside = p->at;
	if (!shell_take(p, '(')) {
		if (!script_in_parens(p, dollar, &part->script))
			return false;
	} else if (!shell_double_paren(p, &part->expression, &is_arithmetic)) {
		return false;
	} else if (is_arithmetic) {
		part->kind = SHELL_ARITHMETIC;
		shell_take(p, ')');
		shell_take(p, ')');
	} else {
		part->expression = NULL;
		if (!counted_script(p, inside, &part->script))
			return false;
	}
	part->end = shell_end(p, p->at);
	return true;
}

bool shell_process(struct parser *p, struct word_builder *b)
{
	struct shell_part *part = shell_add_part(p, b, SHELL_PROCESS_SUB, false, p->at);
	size_t start = p->at, inside;
	struct shell_word *ignored;
	bool is_arithmetic = false;

	if (part == NULL)
		return false;
	part->direction = p->text[p->at++];
	shell_take(p, '(');
	inside = p->at;
	if (!shell_take(p, '(')) {
		if (!script_in_parens(p, start, &part->script))
			return false;
	} else if (!shell_double_paren(p, &ignored, &is_arithmetic) ||
	           !counted_script(p, inside, &part->script)) {
		return false;
	}
	part->end = shell_end(p, p->at);
	return true;
}

/* ---- `...` ---- */

static bool unescapes(int c, bool in_double)
{
	return c == '$' || c == '`' || c == '\\' || (in_double && c == '"');
}

/* The closing backquote, or the end; *escapes: a backslash has to go. */
static size_t find_backtick(const struct parser *p, size_t i, bool in_double, bool *escapes)
{
	*escapes = false;
	for (; i < p->end && p->text[i] != '`'; i++) {
		if (p->text[i] != '\\' || i + 1 >= p->end)
			continue;
		i++;
		if (unescapes((unsigned char)p->text[i], in_double))
			*escapes = true;
	}
	return i;
}

static size_t unescape(struct span text, bool in_double, char *out)
{
	size_t i, len = 0;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\' && i + 1 < text.len) {
			if (!unescapes((unsigned char)text.ptr[i + 1], in_double))
				out[len++] = text.ptr[i];
			i++;
		}
		out[len++] = text.ptr[i];
	}
	return len;
}

static bool whole_script(struct parser *p, struct shell_script **script)
{
	struct outer outer;

	if (!go_inside(p, &outer, false) || !shell_list(p, script))
		return false;
	if (p->at < p->end)
		return shell_unexpected(p);
	if (!shell_heredoc_bodies(p))
		return false;
	go_outside(p, &outer);
	return true;
}

/*
 * Without backslashes to remove, the inside is read where it stands.  Else it
 * is a copy, and everything in it counts as standing at the whole `...`.
 */
bool shell_backtick(struct parser *p, struct word_builder *b, bool quoted, bool in_double)
{
	struct shell_part *part = shell_add_part(p, b, SHELL_COMMAND_SUB, quoted, p->at);
	struct parser outer = *p;
	size_t open = p->at, close;
	bool escapes;

	if (part == NULL)
		return false;
	part->backtick = true;
	close = find_backtick(p, open + 1, in_double, &escapes);
	if (close >= p->end)
		return shell_fail(p, open, "a backquote is not closed");
	part->end = shell_end(p, close + 1);
	p->at = open + 1;
	p->end = close;
	if (escapes) {
		char *copy = shell_memory(p, close - open - 1);

		if (copy == NULL)
			return false;
		p->copied = true;
		p->copied_start = part->start;
		p->copied_end = part->end;
		p->end = unescape((struct span){ p->text + open + 1, close - open - 1 }, in_double,
		                  copy);
		p->text = copy;
		p->at = 0;
	}
	if (!whole_script(p, &part->script))
		return false;
	p->text = outer.text;
	p->copied = outer.copied;
	p->copied_start = outer.copied_start;
	p->copied_end = outer.copied_end;
	p->end = outer.end;
	p->at = close + 1;
	return true;
}
