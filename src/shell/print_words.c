/*
 * Words as text.  Quoted text goes into single quotes, quoted expansions into
 * double quotes of their own, unquoted text stands as it is: whatever made it
 * text in the source makes it text again, since the place is the same.
 */
#include "shell/printer.h"

#include <string.h>

static void put_part(struct outbuf *out, const struct shell_part *part);

static void put(struct outbuf *out, const char *text)
{
	outbuf_put(out, span_of(text));
}

static void put_single(struct outbuf *out, struct span text)
{
	size_t i;

	outbuf_put_byte(out, '\'');
	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			put(out, "'\\''");
		else
			outbuf_put_byte(out, text.ptr[i]);
	}
	outbuf_put_byte(out, '\'');
}

static void put_escaped(struct outbuf *out, struct span text, struct span escape)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (span_find_byte(escape, text.ptr[i], NULL))
			outbuf_put_byte(out, '\\');
		outbuf_put_byte(out, text.ptr[i]);
	}
}

static void put_double(struct outbuf *out, struct span text)
{
	outbuf_put_byte(out, '"');
	put_escaped(out, text, SPAN("$`\"\\"));
	outbuf_put_byte(out, '"');
}

/* An unquoted $ would make a quote behind it another one: $'a' is not $\a. */
static void put_quoted_text(struct outbuf *out, const struct shell_part *part,
                            const struct shell_part *before)
{
	struct span text = part->text;

	if (before != NULL && before->kind == SHELL_TEXT && !before->quoted && text.len > 0 &&
	    span_ends(before->text, SPAN("$"))) {
		outbuf_put_byte(out, '\\');
		outbuf_put_byte(out, text.ptr[0]);
		text = span_from(text, 1);
		if (text.len == 0)
			return;
	}
	put_single(out, text);
}

void shell_put_word(struct outbuf *out, const struct shell_word *word)
{
	const struct shell_part *part, *before = NULL;

	for (part = word->parts; part != NULL; before = part, part = part->next) {
		if (part->kind == SHELL_TEXT && part->quoted) {
			put_quoted_text(out, part, before);
		} else if (part->quoted) {
			outbuf_put_byte(out, '"');
			put_part(out, part);
			outbuf_put_byte(out, '"');
		} else {
			put_part(out, part);
		}
	}
}

/* ---- text that is read as in double quotes ---- */

struct balance {
	enum quote_mode mode;
	size_t open, questions;
};

/* Whether a byte may stand in an expression without double quotes around it. */
static bool bare_byte(struct balance *balance, char c)
{
	bool brackets = balance->mode == QUOTE_BRACKET || balance->mode == QUOTE_INDEX;

	switch (c) {
	case '\'':
	case '"':
	case '`':
	case '$':
	case '\\':
		return false;
	case '(':
	case '[':
		balance->open += brackets == (c == '[');
		return true;
	case ')':
	case ']':
		if (brackets != (c == ']'))
			return true;
		return balance->open-- > 0;
	case '?':
		balance->questions++;
		return true;
	case ':':
		return balance->mode != QUOTE_OFFSET ||
		       (balance->open == 0 && balance->questions-- > 0);
	case ';':
		return balance->mode != QUOTE_FOR;
	case '}':
		return balance->mode != QUOTE_OFFSET && balance->mode != QUOTE_INDEX;
	default:
		return true;
	}
}

static bool is_bare(const struct shell_word *word, enum quote_mode mode)
{
	const struct shell_part *part = word->parts;
	struct balance balance = { .mode = mode };
	size_t i;

	if (mode == QUOTE_BRACE)
		return false;
	if (mode == QUOTE_OFFSET && part != NULL && part->kind == SHELL_TEXT &&
	    part->text.len > 0 && memchr("-=?+", part->text.ptr[0], 4) != NULL)
		return false;
	for (; part != NULL; part = part->next) {
		if (part->kind != SHELL_TEXT)
			continue;
		if (part->text.len == 0)
			return false;
		for (i = 0; i < part->text.len; i++)
			if (!bare_byte(&balance, part->text.ptr[i]))
				return false;
	}
	return balance.open == 0;
}

void shell_put_expression(struct outbuf *out, const struct shell_word *word, enum quote_mode mode)
{
	const struct shell_part *part;
	bool bare;

	if (word == NULL)
		return;
	bare = is_bare(word, mode);
	for (part = word->parts; part != NULL; part = part->next) {
		if (part->kind == SHELL_TEXT && !bare)
			put_double(out, part->text);
		else
			put_part(out, part);
	}
}

/* ---- here-documents ---- */

static void put_body_text(struct outbuf *out, struct span text, bool escape, bool tabs)
{
	struct span line;
	size_t end;

	while (text.len > 0) {
		end = span_find_byte(text, '\n', &end) ? end + 1 : text.len;
		line = span_slice(text, 0, end);
		if (escape)
			put_escaped(out, line, SPAN("$`\\"));
		else
			outbuf_put(out, line);
		if (tabs && span_ends(line, SPAN("\n")))
			outbuf_put_byte(out, '\t');
		text = span_from(text, end);
	}
}

/* With <<- every line gets a tab, so that none looks like the delimiter of a body around it. */
void shell_put_heredoc(struct outbuf *out, const struct shell_redirect *redirect)
{
	const struct shell_part *part;
	bool escape = true;

	for (part = redirect->target->parts; part != NULL; part = part->next)
		escape = escape && !part->quoted;
	if (redirect->strip_tabs)
		outbuf_put_byte(out, '\t');
	for (part = redirect->body->parts; part != NULL; part = part->next) {
		if (part->kind == SHELL_TEXT)
			put_body_text(out, part->text, escape, redirect->strip_tabs);
		else
			put_part(out, part);
	}
	for (part = redirect->target->parts; part != NULL; part = part->next)
		outbuf_put(out, part->text);
	outbuf_put_byte(out, '\n');
}

/* ---- expansions ---- */

static const char *operator_text(const struct shell_parameter *parameter)
{
	bool all = parameter->all;

	switch (parameter->op) {
	case SHELL_OP_NONE:
	case SHELL_OP_LENGTH:
	case SHELL_OP_NAMES:
		return "";
	case SHELL_OP_DEFAULT:
		return "-";
	case SHELL_OP_ASSIGN:
		return "=";
	case SHELL_OP_ERROR:
		return "?";
	case SHELL_OP_ALTERNATE:
		return "+";
	case SHELL_OP_REMOVE_PREFIX:
		return all ? "##" : "#";
	case SHELL_OP_REMOVE_SUFFIX:
		return all ? "%%" : "%";
	case SHELL_OP_REPLACE:
		return all ? "//" : "/";
	case SHELL_OP_SUBSTRING:
		return ":";
	case SHELL_OP_UPPER:
		return all ? "^^" : "^";
	case SHELL_OP_LOWER:
		return all ? ",," : ",";
	case SHELL_OP_TOGGLE:
		return all ? "~~" : "~";
	case SHELL_OP_TRANSFORM:
		return "@";
	}
	return "";
}

static bool takes_value(enum shell_parameter_op op)
{
	return op >= SHELL_OP_DEFAULT && op <= SHELL_OP_ALTERNATE;
}

static void put_operands(struct outbuf *out, const struct shell_parameter *parameter, bool quoted)
{
	const struct shell_word *word = parameter->word, *second = parameter->second;

	if (parameter->op == SHELL_OP_SUBSTRING) {
		shell_put_expression(out, word, QUOTE_OFFSET);
		if (second != NULL)
			outbuf_put_byte(out, ':');
		shell_put_expression(out, second, QUOTE_OFFSET);
		return;
	}
	if (word != NULL && quoted && takes_value(parameter->op))
		shell_put_expression(out, word, QUOTE_BRACE);
	else if (word != NULL)
		shell_put_word(out, word);
	if (second != NULL) {
		outbuf_put_byte(out, '/');
		shell_put_word(out, second);
	}
}

static void put_parameter(struct outbuf *out, const struct shell_parameter *parameter, bool quoted)
{
	put(out, "${");
	if (parameter->op == SHELL_OP_LENGTH)
		outbuf_put_byte(out, '#');
	if (parameter->indirect || parameter->op == SHELL_OP_NAMES)
		outbuf_put_byte(out, '!');
	outbuf_put(out, parameter->name);
	if (parameter->index != NULL) {
		outbuf_put_byte(out, '[');
		shell_put_expression(out, parameter->index, QUOTE_INDEX);
		outbuf_put_byte(out, ']');
	}
	if (parameter->colon)
		outbuf_put_byte(out, ':');
	put(out, operator_text(parameter));
	if (parameter->anchor != 0)
		outbuf_put_byte(out, parameter->anchor);
	if (parameter->transform != 0)
		outbuf_put_byte(out, parameter->transform);
	put_operands(out, parameter, quoted);
	outbuf_put_byte(out, '}');
}

static void put_backtick(struct outbuf *out, const struct shell_script *script)
{
	struct outbuf inside;

	outbuf_init(&inside, out->limit);
	shell_put_inside(&inside, script);
	outbuf_put_byte(out, '`');
	put_escaped(out, outbuf_span(&inside), SPAN("`\\"));
	outbuf_put_byte(out, '`');
	if (!outbuf_ok(&inside))
		out->failed = true;
	outbuf_release(&inside);
}

static void put_part(struct outbuf *out, const struct shell_part *part)
{
	bool bracket = part->direction == '[';

	switch (part->kind) {
	case SHELL_TEXT:
		outbuf_put(out, part->text);
		break;
	case SHELL_PARAMETER:
		put_parameter(out, part->parameter, part->quoted);
		break;
	case SHELL_COMMAND_SUB:
		if (part->backtick) {
			put_backtick(out, part->script);
			break;
		}
		put(out, "$(");
		shell_put_inside(out, part->script);
		outbuf_put_byte(out, ')');
		break;
	case SHELL_ARITHMETIC:
		put(out, bracket ? "$[" : "$((");
		shell_put_expression(out, part->expression, bracket ? QUOTE_BRACKET : QUOTE_ARITH);
		put(out, bracket ? "]" : "))");
		break;
	case SHELL_PROCESS_SUB:
		outbuf_put_byte(out, part->direction);
		outbuf_put_byte(out, '(');
		shell_put_inside(out, part->script);
		outbuf_put_byte(out, ')');
		break;
	}
}
