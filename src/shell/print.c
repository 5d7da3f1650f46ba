/*
 * A tree as a script.  The outermost list has one pipeline a line, what is
 * inside is on one line with it, unless a here-document ends that line.
 *
 * Recursion is as deep as the tree, which shell_parse() bounds.
 */
#include "shell/printer.h"

#include <string.h>

struct printer {
	struct outbuf *out;
	struct outbuf *bodies; /* here-documents that wait for the next line end */
	bool lines;            /* one command a line, rather than all on one */
};

static void put_command(struct printer *printer, const struct shell_command *command);

static void put(struct printer *printer, const char *text)
{
	outbuf_put(printer->out, span_of(text));
}

/* A line end with the here-documents behind it, where some wait; else `otherwise`. */
static void put_end(struct printer *printer, const char *otherwise)
{
	if (printer->bodies->len == 0 && !printer->bodies->failed) {
		put(printer, otherwise);
		return;
	}
	outbuf_put_byte(printer->out, '\n');
	outbuf_put(printer->out, outbuf_span(printer->bodies));
	if (!outbuf_ok(printer->bodies))
		printer->out->failed = true;
	outbuf_reset(printer->bodies);
}

/* ---- simple commands ---- */

static void put_assignments(struct printer *printer, const struct shell_assignment *list);

static void put_assignment(struct printer *printer, const struct shell_assignment *assignment)
{
	outbuf_put(printer->out, assignment->name);
	if (assignment->index != NULL) {
		put(printer, "[");
		shell_put_expression(printer->out, assignment->index, QUOTE_BRACKET);
		put(printer, "]");
	}
	if (assignment->name.len > 0 || assignment->index != NULL)
		put(printer, assignment->append ? "+=" : "=");
	if (assignment->array) {
		put(printer, "(");
		put_assignments(printer, assignment->elements);
		put(printer, ")");
	} else if (assignment->value != NULL) {
		shell_put_word(printer->out, assignment->value);
	}
}

static void put_assignments(struct printer *printer, const struct shell_assignment *list)
{
	const struct shell_assignment *assignment;

	for (assignment = list; assignment != NULL; assignment = assignment->next) {
		if (assignment != list)
			put(printer, " ");
		put_assignment(printer, assignment);
	}
}

static const char *operator_text(const struct shell_redirect *redirect)
{
	switch (redirect->op) {
	case SHELL_REDIRECT_READ:
		return "<";
	case SHELL_REDIRECT_WRITE:
		return ">";
	case SHELL_REDIRECT_CLOBBER:
		return ">|";
	case SHELL_REDIRECT_APPEND:
		return ">>";
	case SHELL_REDIRECT_READ_WRITE:
		return "<>";
	case SHELL_REDIRECT_DUP_IN:
		return "<&";
	case SHELL_REDIRECT_DUP_OUT:
		return ">&";
	case SHELL_REDIRECT_BOTH:
		return "&>";
	case SHELL_REDIRECT_BOTH_APPEND:
		return "&>>";
	case SHELL_REDIRECT_HEREDOC:
		return redirect->strip_tabs ? "<<-" : "<<";
	case SHELL_REDIRECT_HERESTRING:
		return "<<<";
	}
	return "";
}

/* Whether the target would run together with the operator. */
static bool needs_blank(const struct shell_redirect *redirect)
{
	const struct shell_part *part = redirect->target->parts;

	if (part == NULL || part->kind == SHELL_PROCESS_SUB)
		return true;
	return redirect->op == SHELL_REDIRECT_HEREDOC && !part->quoted && part->text.len > 0 &&
	       memchr("-<>", part->text.ptr[0], 3) != NULL;
}

static void put_redirect(struct printer *printer, const struct shell_redirect *redirect)
{
	if (redirect->fd_variable.len > 0) {
		put(printer, "{");
		outbuf_put(printer->out, redirect->fd_variable);
		put(printer, "}");
	} else if (redirect->fd >= 0) {
		outbuf_put_i64(printer->out, redirect->fd);
	}
	put(printer, operator_text(redirect));
	if (needs_blank(redirect))
		put(printer, " ");
	shell_put_word(printer->out, redirect->target);
	if (redirect->op == SHELL_REDIRECT_HEREDOC)
		shell_put_heredoc(printer->bodies, redirect);
}

static void put_redirects(struct printer *printer, const struct shell_redirect *redirect,
                          bool first)
{
	for (; redirect != NULL; redirect = redirect->next) {
		if (!first)
			put(printer, " ");
		put_redirect(printer, redirect);
		first = false;
	}
}

static void put_words(struct printer *printer, const struct shell_command *command, bool first)
{
	const struct shell_assignment *declaration = command->declarations;
	const struct shell_word *word;

	for (word = command->words; word != NULL; word = word->next) {
		if (!first)
			put(printer, " ");
		first = false;
		if (shell_declares(declaration, word)) {
			put_assignment(printer, declaration);
			declaration = declaration->next;
		} else {
			shell_put_word(printer->out, word);
		}
	}
}

enum place { IN_FRONT, IN_BETWEEN, BEHIND };

/*
 * Redirections go behind the words, unless the first word would be read as
 * something else then: a reserved word, or a subscript behind an assignment.
 */
static enum place redirects_place(const struct shell_command *command)
{
	const struct shell_part *part = command->words != NULL ? command->words->parts : NULL;
	struct parser p = { .at = 0 };
	size_t after;

	if (part == NULL || part->kind != SHELL_TEXT || part->quoted)
		return BEHIND;
	if (command->assignments != NULL)
		return span_find_byte(part->text, '[', NULL) ? IN_BETWEEN : BEHIND;
	p.text = part->text.ptr;
	p.end = part->text.len;
	return shell_keyword_at(&p, &after) != WORD_NONE ? IN_FRONT : BEHIND;
}

static void put_simple(struct printer *printer, const struct shell_command *command,
                       enum place place)
{
	bool nothing = true;

	if (place == IN_FRONT) {
		put_redirects(printer, command->redirects, true);
		nothing = command->redirects == NULL;
	}
	if (command->assignments != NULL) {
		put(printer, nothing ? "" : " ");
		put_assignments(printer, command->assignments);
		nothing = false;
	}
	if (place == IN_BETWEEN)
		put_redirects(printer, command->redirects, false);
	put_words(printer, command, nothing);
	if (place == BEHIND)
		put_redirects(printer, command->redirects, nothing && command->words == NULL);
}

/* ---- lists ---- */

/* Whether the text of the list begins with a parenthesis. */
static bool begins_with_paren(const struct shell_script *script)
{
	const struct shell_pipeline *first = script->pipelines;

	if (first == NULL || first->negated || first->timed || first->stages == NULL)
		return false;
	return first->stages->command->kind == SHELL_SUBSHELL ||
	       first->stages->command->kind == SHELL_ARITH;
}

/* A bare `time`, or one in front of a word that looks like an option of it. */
static const char *time_text(const struct shell_pipeline *pipeline)
{
	const struct shell_stage *stage = pipeline->stages;
	const struct shell_word *word = NULL;

	if (stage != NULL && stage->command->kind == SHELL_SIMPLE &&
	    stage->command->assignments == NULL)
		word = stage->command->words;
	if (word != NULL && word->parts != NULL && span_starts(word->parts->text, SPAN("-")))
		return "time -- ";
	return stage != NULL ? "time " : "time";
}

static void put_pipeline(struct printer *printer, const struct shell_pipeline *pipeline)
{
	const struct shell_stage *stage;

	if (pipeline->negated)
		put(printer, "! ");
	if (pipeline->timed)
		put(printer, time_text(pipeline));
	if (!pipeline->negated && !pipeline->timed && pipeline->stages == NULL)
		put(printer, "! !");
	for (stage = pipeline->stages; stage != NULL; stage = stage->next) {
		put_command(printer, stage->command);
		if (stage->next != NULL)
			put(printer, stage->pipe_stderr ? " |& " : " | ");
	}
}

/* Behind the last pipeline of a list: what makes it end, in front of `what follows`. */
static void put_last(struct printer *printer, const struct shell_pipeline *last,
                     const char *otherwise)
{
	if (last == NULL)
		return;
	if (last->connector == SHELL_LIST_BACKGROUND)
		put_end(printer, printer->lines ? "\n" : " ");
	else
		put_end(printer, last->stages == NULL ? "\n" : otherwise);
}

static void put_list(struct printer *printer, const struct shell_script *script,
                     const char *otherwise)
{
	const struct shell_pipeline *pipeline, *last = NULL;

	for (pipeline = script->pipelines; pipeline != NULL; pipeline = pipeline->next) {
		last = pipeline;
		put_pipeline(printer, pipeline);
		if (pipeline->connector == SHELL_LIST_BACKGROUND)
			put(printer, " &");
		if (pipeline->next == NULL)
			break;
		if (pipeline->connector == SHELL_LIST_AND)
			put(printer, " && ");
		else if (pipeline->connector == SHELL_LIST_OR)
			put(printer, " || ");
		else if (pipeline->connector == SHELL_LIST_BACKGROUND)
			put_end(printer, printer->lines ? "\n" : " ");
		else
			put_end(printer, printer->lines || pipeline->stages == NULL ? "\n" : "; ");
	}
	put_last(printer, last, otherwise);
}

/* A list inside a command: on the same line. */
static void put_body(struct printer *printer, const struct shell_script *script,
                     const char *otherwise)
{
	bool lines = printer->lines;

	printer->lines = false;
	put_list(printer, script, otherwise);
	printer->lines = lines;
}

void shell_put_inside(struct outbuf *out, const struct shell_script *script)
{
	struct outbuf bodies;
	struct printer printer = { out, &bodies, false };

	outbuf_init(&bodies, out->limit);
	if (begins_with_paren(script))
		outbuf_put_byte(out, ' ');
	put_list(&printer, script, "");
	outbuf_release(&bodies);
}

void shell_print(const struct shell_script *script, struct outbuf *out)
{
	struct outbuf bodies;
	struct printer printer = { out, &bodies, true };

	outbuf_init(&bodies, out->limit);
	put_list(&printer, script, "\n");
	outbuf_release(&bodies);
}

/* ---- compound commands ---- */

static void put_if(struct printer *printer, const struct shell_command *command)
{
	put(printer, "if ");
	put_body(printer, command->condition, "; ");
	put(printer, "then ");
	put_body(printer, command->body, "; ");
	if (command->otherwise != NULL) {
		put(printer, "else ");
		put_body(printer, command->otherwise, "; ");
	}
	put(printer, "fi");
}

static void put_while(struct printer *printer, const struct shell_command *command)
{
	put(printer, command->kind == SHELL_WHILE ? "while " : "until ");
	put_body(printer, command->condition, "; ");
	put(printer, "do ");
	put_body(printer, command->body, "; ");
	put(printer, "done");
}

static void put_for(struct printer *printer, const struct shell_command *command)
{
	put(printer, command->kind == SHELL_SELECT ? "select " : "for ");
	if (command->kind == SHELL_FOR_ARITH) {
		put(printer, "((");
		shell_put_expression(printer->out, command->expression, QUOTE_FOR);
		put(printer, ";");
		shell_put_expression(printer->out, command->expression2, QUOTE_FOR);
		put(printer, ";");
		shell_put_expression(printer->out, command->expression3, QUOTE_FOR);
		put(printer, "))");
	} else {
		outbuf_put(printer->out, command->name);
		put(printer, command->has_in ? " in" : "");
		put_words(printer, command, false);
	}
	put_end(printer, "; ");
	put(printer, "do ");
	put_body(printer, command->body, "; ");
	put(printer, "done");
}

static void put_case(struct printer *printer, const struct shell_command *command)
{
	static const char *const ends[] = { ";; ", ";& ", ";;& " };
	const struct shell_case_item *item;
	const struct shell_word *pattern;

	put(printer, "case ");
	shell_put_word(printer->out, command->subject);
	put(printer, " in ");
	for (item = command->items; item != NULL; item = item->next) {
		for (pattern = item->patterns; pattern != NULL; pattern = pattern->next) {
			put(printer, pattern == item->patterns ? "(" : " | ");
			shell_put_word(printer->out, pattern);
		}
		put(printer, ") ");
		put_body(printer, item->body, " ");
		put(printer, ends[item->end]);
	}
	put(printer, "esac");
}

static void put_condition(struct printer *printer, const struct shell_condition *condition)
{
	switch (condition->kind) {
	case SHELL_CONDITION_WORD:
		shell_put_word(printer->out, condition->left);
		break;
	case SHELL_CONDITION_BINARY:
		shell_put_word(printer->out, condition->left);
		put(printer, " ");
		__attribute__((fallthrough));
	case SHELL_CONDITION_UNARY:
		outbuf_put(printer->out, condition->op);
		put(printer, " ");
		shell_put_word(printer->out, condition->right);
		break;
	case SHELL_CONDITION_NOT:
		put(printer, "! ");
		put_condition(printer, condition->a);
		break;
	case SHELL_CONDITION_AND:
	case SHELL_CONDITION_OR:
		put_condition(printer, condition->a);
		put(printer, condition->kind == SHELL_CONDITION_AND ? " && " : " || ");
		put_condition(printer, condition->b);
		break;
	case SHELL_CONDITION_PAREN:
		put(printer, "( ");
		put_condition(printer, condition->a);
		put(printer, " )");
		break;
	}
}

static void put_coproc(struct printer *printer, const struct shell_command *command)
{
	put(printer, "coproc ");
	if (command->name.len > 0) {
		outbuf_put(printer->out, command->name);
		put(printer, " ");
	}
	if (command->inner->kind == SHELL_SIMPLE)
		put_simple(printer, command->inner, IN_FRONT);
	else
		put_command(printer, command->inner);
}

static void put_function(struct printer *printer, const struct shell_command *command)
{
	put(printer, "function ");
	outbuf_put(printer->out, command->name);
	put(printer, " () ");
	put_command(printer, command->inner);
}

static void put_compound(struct printer *printer, const struct shell_command *command)
{
	switch ((int)command->kind) {
	case SHELL_SUBSHELL:
		put(printer, begins_with_paren(command->body) ? "( " : "(");
		put_body(printer, command->body, "");
		put(printer, ")");
		break;
	case SHELL_GROUP:
		put(printer, "{ ");
		put_body(printer, command->body, "; ");
		put(printer, "}");
		break;
	case SHELL_IF:
		put_if(printer, command);
		break;
	case SHELL_WHILE:
	case SHELL_UNTIL:
		put_while(printer, command);
		break;
	case SHELL_FOR:
	case SHELL_FOR_ARITH:
	case SHELL_SELECT:
		put_for(printer, command);
		break;
	case SHELL_CASE:
		put_case(printer, command);
		break;
	case SHELL_ARITH:
		put(printer, "((");
		shell_put_expression(printer->out, command->expression, QUOTE_ARITH);
		put(printer, "))");
		break;
	default:
		put(printer, "[[ ");
		put_condition(printer, command->test);
		put(printer, " ]]");
		break;
	}
	put_redirects(printer, command->redirects, false);
}

static void put_command(struct printer *printer, const struct shell_command *command)
{
	switch ((int)command->kind) {
	case SHELL_SIMPLE:
		put_simple(printer, command, redirects_place(command));
		break;
	case SHELL_FUNCTION:
		put_function(printer, command);
		break;
	case SHELL_COPROC:
		put_coproc(printer, command);
		break;
	default:
		put_compound(printer, command);
		break;
	}
}
