/*
 * Here-documents: manual 3.6.6.
 *
 * The body begins behind the next line end that is a token, so the redirection
 * waits in `pending` until shell_newlines() gets there.  A substitution keeps a
 * list of its own, as bash does.
 */
#include "shell/parser.h"

#include <string.h>

/* The delimiter as text: nothing in it expands, $x in it are the bytes $x. */
static bool plain_delimiter(struct parser *p, size_t from, struct shell_word **word)
{
	const struct shell_part *part;
	struct word_builder b;
	struct span text;

	for (part = (*word)->parts; part != NULL; part = part->next)
		if (part->quoted)
			return shell_fail(p, from,
			                  "an expansion in a quoted here-document delimiter");
	if (!shell_word_begin(p, &b) || !shell_raw(p, from, p->at, &text) ||
	    !shell_add_text(p, &b, false, text, from, p->at))
		return false;
	b.word->start = (*word)->start;
	b.word->end = (*word)->end;
	*word = b.word;
	return true;
}

static bool only_text(const struct shell_word *word)
{
	const struct shell_part *part = word->parts;

	while (part != NULL && part->kind == SHELL_TEXT)
		part = part->next;
	return part == NULL;
}

bool shell_heredoc_delimiter(struct parser *p, struct shell_redirect *redirect)
{
	struct pending_heredoc *heredoc;
	const struct shell_part *part;
	size_t from = p->at;

	if (!shell_read_word(p, MODE_WORD, &redirect->target))
		return false;
	heredoc = shell_memory(p, sizeof(*heredoc));
	if (heredoc == NULL)
		return false;
	heredoc->expands = !only_text(redirect->target);
	if (heredoc->expands && !plain_delimiter(p, from, &redirect->target))
		return false;
	heredoc->redirect = redirect;
	if (!shell_word_literal(redirect->target, p->arena, &heredoc->delimiter))
		return problem_set(p->problem, PROBLEM_MEMORY, shell_start(p, from),
		                   "out of memory");
	if (span_find_byte(heredoc->delimiter, '\n', NULL))
		return shell_fail(p, from, "a line end in a here-document's delimiter");
	for (part = redirect->target->parts; part != NULL; part = part->next)
		heredoc->quoted = heredoc->quoted || part->quoted;
	if (p->pending.last != NULL)
		p->pending.last->next = heredoc;
	else
		p->pending.first = heredoc;
	p->pending.last = heredoc;
	return true;
}

/* The byte at *i of a body's line, without continuations unless nothing expands. */
static int body_byte(const struct parser *p, const struct pending_heredoc *heredoc, size_t *i)
{
	if (!heredoc->quoted)
		return shell_look(p, i);
	return *i < p->end ? (unsigned char)p->text[*i] : -1;
}

/* The end of the line at i: on its line end, or the end of all. */
static size_t line_end(const struct parser *p, const struct pending_heredoc *heredoc, size_t i)
{
	while (i < p->end && p->text[i] != '\n')
		i += p->text[i] == '\\' && !heredoc->quoted && i + 1 < p->end ? 2 : 1;
	return i;
}

/*
 * Whether the line at i is the delimiter; *after is where reading goes on.
 * Inside $( the line may go on behind the delimiter if there is a ) in it.
 */
static bool is_delimiter(const struct parser *p, const struct pending_heredoc *heredoc, size_t i,
                         size_t *after)
{
	size_t k, end;
	int c;

	if (heredoc->redirect->strip_tabs)
		while (body_byte(p, heredoc, &i) == '\t')
			i++;
	for (k = 0; k < heredoc->delimiter.len; k++, i++)
		if (body_byte(p, heredoc, &i) != (unsigned char)heredoc->delimiter.ptr[k])
			return false;
	*after = i;
	c = body_byte(p, heredoc, &i);
	if (c < 0 || c == '\n') {
		*after = c < 0 ? p->end : i + 1;
		return true;
	}
	if (!p->substitution)
		return false;
	end = line_end(p, heredoc, i);
	return memchr(p->text + i, ')', end - i) != NULL;
}

/* A copy of the body without the tabs its lines begin with. */
static size_t strip(const struct parser *p, const struct pending_heredoc *heredoc, size_t from,
                    size_t to, char *out)
{
	size_t len = 0, end;

	while (from < to) {
		while (from < to && body_byte(p, heredoc, &from) == '\t')
			from++;
		end = line_end(p, heredoc, from);
		end = end < to ? end + 1 : to;
		memcpy(out + len, p->text + from, end - from);
		len += end - from;
		from = end;
	}
	return len;
}

static bool body_parts(struct parser *p, const struct pending_heredoc *heredoc, bool cut,
                       struct word_builder *b)
{
	size_t from = p->at;

	if (heredoc->quoted)
		p->at = p->end;
	if (heredoc->quoted && p->end > from &&
	    !shell_add_text(p, b, true, (struct span){ p->text + from, p->end - from }, from,
	                    p->end))
		return false;
	if (!heredoc->quoted && !shell_quoted(p, b, QUOTE_HEREDOC))
		return false;
	if (cut)
		return shell_add_text(p, b, true, SPAN("\n"), p->end, p->end);
	return true;
}

/* `cut`: the text ended within the last line, which is whole nevertheless. */
static bool read_body(struct parser *p, const struct pending_heredoc *heredoc, size_t to, bool cut)
{
	struct parser outer = *p;
	size_t from = p->at, i;
	struct word_builder b;
	bool tabs = false;
	char *copy;

	for (i = from; heredoc->redirect->strip_tabs && i < to && !tabs;
	     i = line_end(p, heredoc, i) + 1)
		tabs = body_byte(p, heredoc, &i) == '\t';
	if (p->body && !shell_charge(p, to - from))
		return false;
	if (!shell_enter(p) || !shell_word_begin(p, &b))
		return false;
	p->end = to;
	if (tabs) {
		copy = shell_memory(p, to - from);
		if (copy == NULL)
			return false;
		p->copied_start = shell_start(p, from);
		p->copied_end = shell_end(p, to);
		p->copied = true;
		p->end = strip(&outer, heredoc, from, to, copy);
		p->text = copy;
		p->at = 0;
	}
	p->pending = (struct pending){ NULL, NULL };
	p->body = true;
	if (!body_parts(p, heredoc, cut, &b))
		return false;
	if (heredoc->expands && !only_text(b.word))
		return shell_fail(p, p->at,
		                  "a here-document whose delimiter looks like an expansion");
	shell_word_end(p, &b);
	heredoc->redirect->body = b.word;
	shell_leave(p);
	p->pending = outer.pending;
	p->body = outer.body;
	p->text = outer.text;
	p->copied = outer.copied;
	p->copied_start = outer.copied_start;
	p->copied_end = outer.copied_end;
	p->end = outer.end;
	return true;
}

/* The line where the body ends; *after is where reading goes on. */
static bool find_end(struct parser *p, const struct pending_heredoc *heredoc, size_t *to,
                     size_t *after, bool *cut)
{
	size_t line = p->at, first, next;

	*cut = false;
	*after = p->end;
	while (line < p->end && !is_delimiter(p, heredoc, line, after)) {
		first = line;
		next = line_end(p, heredoc, line);
		/* printed, it would be on one line, with a ) in it */
		if (p->substitution && *after < next &&
		    span_find((struct span){ p->text + line, next - line }, SPAN("$("), NULL))
			return shell_fail(p, line,
			                  "a line that begins like its here-document's delimiter");
		*after = p->end;
		*cut = next >= p->end && body_byte(p, heredoc, &first) >= 0;
		line = next + 1;
	}
	if (p->body && (line >= p->end || p->text[*after - 1] != '\n'))
		return shell_fail(p, p->at, "a here-document inside another that is not ended");
	*to = line < p->end ? line : p->end;
	return true;
}

bool shell_heredoc_bodies(struct parser *p)
{
	const struct pending_heredoc *heredoc;
	size_t to = p->at, after = p->at;
	bool cut = false;

	for (heredoc = p->pending.first; heredoc != NULL; heredoc = heredoc->next) {
		if (!find_end(p, heredoc, &to, &after, &cut) || !read_body(p, heredoc, to, cut))
			return false;
		p->at = after;
	}
	p->pending = (struct pending){ NULL, NULL };
	return true;
}
