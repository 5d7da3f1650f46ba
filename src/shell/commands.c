/* Lists, pipelines and simple commands: manual 3.2.2 to 3.2.4. */
#include "shell/parser.h"

#include <string.h>

/* ---- simple commands ---- */

/* Behind these names `x=(1 2)` is an array literal, if nothing of the name is quoted. */
static bool declares(const struct shell_word *word)
{
	static const struct span names[] = {
		SPAN_INIT("declare"),  SPAN_INIT("local"),   SPAN_INIT("export"),
		SPAN_INIT("readonly"), SPAN_INIT("typeset"), SPAN_INIT("eval"),
		SPAN_INIT("let"),      SPAN_INIT("alias"),
	};
	const struct shell_part *part = word->parts;
	size_t i;

	if (part == NULL || part->next != NULL || part->kind != SHELL_TEXT || part->quoted)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal(part->text, names[i]))
			return true;
	return false;
}

struct simple {
	struct shell_command *command;
	struct shell_assignment **assignments, **declarations;
	struct shell_redirect **redirects;
	struct shell_word *last;
	bool declares;
	bool late; /* behind an assignment and a redirection */
};

static void append_word(struct simple *s, struct shell_word *word)
{
	if (s->last != NULL)
		s->last->next = word;
	else
		s->command->words = word;
	s->last = word;
}

/* `x=(1 2)` among the arguments: a declaration, and a word of its source text. */
static bool declaration(struct parser *p, struct simple *s)
{
	struct word_builder b;
	size_t start = p->at;
	struct span text;

	if (!shell_word_begin(p, &b) || !shell_assignment(p, false, s->declarations))
		return false;
	if (*s->declarations == NULL)
		return shell_unexpected(p);
	text = (struct span){ p->text + start, p->at - start };
	if (!shell_add_text(p, &b, false, text, start, p->at))
		return false;
	shell_word_end(p, &b);
	append_word(s, b.word);
	(*s->declarations)->source = b.word;
	s->declarations = &(*s->declarations)->next;
	return true;
}

static bool word(struct parser *p, struct simple *s)
{
	struct shell_assignment *assignment;
	struct shell_word *read = NULL;
	bool first = s->command->words == NULL;

	if (first) {
		if (!shell_assignment(p, s->late, &assignment))
			return false;
		if (assignment != NULL) {
			*s->assignments = assignment;
			s->assignments = &assignment->next;
			return true;
		}
	} else if (s->declares && shell_array_next(p)) {
		return declaration(p, s);
	}
	if (!shell_read_word(p, MODE_WORD, &read))
		return false;
	if (first)
		s->declares = !s->late && declares(read);
	append_word(s, read);
	return true;
}

/* Whether the first word is a function's name: `name ( )`. */
static bool is_function(struct parser *p, const struct simple *s)
{
	const struct shell_command *command = s->command;

	return command->assignments == NULL && command->redirects == NULL &&
	       command->words != NULL && command->words->next == NULL && shell_peek(p) == '(';
}

/* At the ( behind the name. */
static bool to_function(struct parser *p, struct shell_command *command, size_t start, size_t end)
{
	size_t open = p->at++;

	shell_blanks(p);
	if (!shell_take(p, ')')) {
		p->at = open;
		return shell_unexpected(p);
	}
	command->kind = SHELL_FUNCTION;
	command->words = NULL;
	return shell_raw(p, start, end, &command->name) && shell_function_body(p, command);
}

bool shell_simple(struct parser *p, struct shell_command *command, struct shell_word *first)
{
	struct simple s = {
		.command = command,
		.assignments = &command->assignments,
		.declarations = &command->declarations,
		.redirects = &command->redirects,
	};
	size_t start = p->at, end;
	int c;

	command->kind = SHELL_SIMPLE;
	if (first != NULL) {
		append_word(&s, first);
		s.declares = declares(first);
	}
	for (;;) {
		end = p->at;
		command->end = shell_end(p, end);
		shell_blanks(p);
		c = shell_peek(p);
		if (c < 0)
			break;
		if (shell_redirection_next(p)) {
			if (!shell_redirection(p, s.redirects))
				return false;
			s.redirects = &(*s.redirects)->next;
			s.declares = false;
			s.late = s.late || command->assignments != NULL;
		} else if (shell_is(c, BYTE_BREAK) &&
		           !((c == '<' || c == '>') && shell_second(p) == '(')) {
			break;
		} else if (!word(p, &s)) {
			return false;
		}
	}
	if (is_function(p, &s))
		return to_function(p, command, start, end);
	if (command->words == NULL && command->assignments == NULL && command->redirects == NULL)
		return shell_unexpected(p);
	return true;
}

bool shell_command(struct parser *p, struct shell_command **result)
{
	struct shell_command *command;
	size_t after;

	shell_blanks(p);
	p->after_word = false;
	if (!shell_compound(p, result))
		return false;
	if (*result != NULL)
		return true;
	switch (shell_keyword_at(p, &after)) {
	case WORD_NONE:
	case WORD_TIME:
		break;
	case WORD_IF:
	case WORD_THEN:
	case WORD_ELSE:
	case WORD_ELIF:
	case WORD_FI:
	case WORD_CASE:
	case WORD_ESAC:
	case WORD_FOR:
	case WORD_SELECT:
	case WORD_WHILE:
	case WORD_UNTIL:
	case WORD_DO:
	case WORD_DONE:
	case WORD_IN:
	case WORD_FUNCTION:
	case WORD_OPEN:
	case WORD_CLOSE:
	case WORD_NOT:
	case WORD_TEST:
	case WORD_TEST_END:
	case WORD_COPROC:
		return shell_fail(p, p->at, "unexpected reserved word");
	}
	command = SHELL_NEW(p, struct shell_command);
	if (command == NULL)
		return false;
	command->start = shell_start(p, p->at);
	*result = command;
	return shell_simple(p, command, NULL);
}

/* ---- pipelines ---- */

/* `-p` and `--` behind time. */
static bool take_option(struct parser *p, const char *option)
{
	size_t i;
	int c;

	shell_blanks(p);
	i = p->at;
	for (; *option != '\0'; option++, i++)
		if (shell_look(p, &i) != (unsigned char)*option)
			return false;
	c = shell_look(p, &i);
	if (c >= 0 && !shell_is(c, BYTE_BREAK))
		return false;
	p->at = i;
	return true;
}

static bool prefixes(struct parser *p, struct shell_pipeline *pipeline)
{
	bool any = false;
	size_t after;

	for (;; any = true) {
		shell_blanks(p);
		switch ((int)shell_keyword_at(p, &after)) {
		case WORD_NOT:
			p->at = after;
			pipeline->negated = !pipeline->negated;
			break;
		case WORD_TIME:
			p->at = after;
			pipeline->timed = true;
			take_option(p, "-p");
			take_option(p, "--");
			break;
		default:
			return any;
		}
	}
}

static bool stages(struct parser *p, struct shell_pipeline *pipeline)
{
	struct shell_stage **tail = &pipeline->stages, *stage;

	for (;;) {
		stage = SHELL_NEW(p, struct shell_stage);
		if (stage == NULL || !shell_command(p, &stage->command))
			return false;
		*tail = stage;
		tail = &stage->next;
		pipeline->count++;
		pipeline->end = stage->command->end;
		shell_blanks(p);
		if (shell_peek(p) != '|' || shell_second(p) == '|')
			return true;
		p->at++;
		stage->pipe_stderr = shell_take(p, '&');
		if (!shell_newlines(p))
			return false;
	}
}

static bool pipeline(struct parser *p, struct shell_pipeline **result)
{
	struct shell_pipeline *made = SHELL_NEW(p, struct shell_pipeline);
	int c;

	if (made == NULL)
		return false;
	shell_blanks(p);
	made->start = shell_start(p, p->at);
	*result = made;
	if (prefixes(p, made)) {
		made->end = shell_end(p, p->at);
		c = shell_peek(p);
		if (c < 0 || c == '\n' ||
		    (c == ';' && shell_second(p) != ';' && shell_second(p) != '&'))
			return true;
	}
	return stages(p, made);
}

/* ---- lists ---- */

static bool list_ends(struct parser *p)
{
	int c = shell_peek(p);
	size_t after;

	if (c < 0 || c == ')')
		return true;
	if (c == ';')
		return shell_second(p) == ';' || shell_second(p) == '&';
	switch ((int)shell_keyword_at(p, &after)) {
	case WORD_THEN:
	case WORD_ELSE:
	case WORD_ELIF:
	case WORD_FI:
	case WORD_ESAC:
	case WORD_DO:
	case WORD_DONE:
	case WORD_CLOSE:
		return true;
	default:
		return false;
	}
}

/* What stands behind a pipeline; *more: another may follow. */
static bool connector(struct parser *p, struct shell_pipeline *pipeline, bool *more)
{
	int c, next;

	shell_blanks(p);
	c = shell_peek(p);
	next = c == '&' || c == '|' || c == ';' ? shell_second(p) : -1;
	*more = true;
	if (c == '\n')
		return true;
	if (c == '&' || c == '|' || (c == ';' && next != ';' && next != '&')) {
		p->at++;
		p->after_word = false;
	}
	if (c == '&' && next != '&') {
		pipeline->connector = SHELL_LIST_BACKGROUND;
		return true;
	}
	if (c == '&' || c == '|') {
		pipeline->connector = c == '&' ? SHELL_LIST_AND : SHELL_LIST_OR;
		if (!shell_take(p, (char)c))
			return shell_unexpected(p);
		if (!shell_newlines(p))
			return false;
		return !list_ends(p) || shell_unexpected(p);
	}
	*more = c == ';' && next != ';' && next != '&';
	return true;
}

bool shell_list(struct parser *p, struct shell_script **result)
{
	struct shell_script *script = SHELL_NEW(p, struct shell_script);
	struct shell_pipeline **tail;
	bool more = true;

	if (script == NULL)
		return false;
	script->start = script->end = shell_start(p, p->at);
	tail = &script->pipelines;
	while (more) {
		if (!shell_newlines(p))
			return false;
		p->after_word = false;
		if (list_ends(p))
			break;
		if (!pipeline(p, tail))
			return false;
		if (tail == &script->pipelines)
			script->start = (*tail)->start;
		script->end = (*tail)->end;
		if (!connector(p, *tail, &more))
			return false;
		tail = &(*tail)->next;
	}
	*result = script;
	return true;
}

bool shell_body(struct parser *p, struct shell_script **script)
{
	if (!shell_list(p, script))
		return false;
	return (*script)->pipelines != NULL || shell_unexpected(p);
}
