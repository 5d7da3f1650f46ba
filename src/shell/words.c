/*
 * Words: a list of parts, and the unquoted text between the quotes.
 *
 * Text points into the source until two pieces that do not touch there must
 * become one part; then it moves to a copy that doubles as it grows.
 */
#include "shell/parser.h"

#include <stdint.h>
#include <string.h>

bool shell_word_begin(struct parser *p, struct word_builder *b)
{
	*b = (struct word_builder){ .word = SHELL_NEW(p, struct shell_word) };
	if (b->word == NULL)
		return false;
	b->word->start = shell_start(p, p->at);
	b->tail = &b->word->parts;
	return true;
}

void shell_word_end(struct parser *p, struct word_builder *b)
{
	b->word->end = shell_end(p, p->at);
}

struct shell_part *shell_add_part(struct parser *p, struct word_builder *b,
                                  enum shell_part_kind kind, bool quoted, size_t from)
{
	struct shell_part *part = SHELL_NEW(p, struct shell_part);

	if (part == NULL)
		return NULL;
	part->kind = kind;
	part->quoted = quoted;
	part->start = part->end = shell_start(p, from);
	*b->tail = part;
	b->tail = &part->next;
	b->text = kind == SHELL_TEXT ? part : NULL;
	b->cap = 0;
	return part;
}

/* Makes room for `more` bytes behind the text, which becomes a copy. */
static bool make_room(struct parser *p, struct word_builder *b, size_t more)
{
	struct span *text = &b->text->text;
	size_t need, cap;
	char *copy;

	if (__builtin_add_overflow(text->len, more, &need) ||
	    __builtin_mul_overflow(need, (size_t)2, &cap))
		return shell_limit(p, "a word is too long");
	if (b->cap >= need)
		return true;
	copy = shell_memory(p, cap);
	if (copy == NULL)
		return false;
	memcpy(copy, text->ptr, text->len);
	text->ptr = copy;
	b->cap = cap;
	return true;
}

static bool join(struct parser *p, struct word_builder *b, struct span more)
{
	struct span *text = &b->text->text;

	if (more.len == 0)
		return true;
	if (text->len == 0) {
		*text = more;
		b->cap = 0;
		return true;
	}
	if (b->cap == 0 && text->ptr + text->len == more.ptr) {
		text->len += more.len;
		return true;
	}
	if (!make_room(p, b, more.len))
		return false;
	memcpy((char *)(uintptr_t)text->ptr + text->len, more.ptr, more.len);
	text->len += more.len;
	return true;
}

bool shell_add_text(struct parser *p, struct word_builder *b, bool quoted, struct span text,
                    size_t from, size_t to)
{
	if (text.len == 0 && !quoted)
		return true;
	if (b->text == NULL || b->text->quoted != quoted) {
		if (shell_add_part(p, b, SHELL_TEXT, quoted, from) == NULL)
			return false;
		b->text->text = text;
	} else if (!join(p, b, text)) {
		return false;
	}
	b->text->end = shell_end(p, to);
	return true;
}

struct unquoted {
	enum word_mode mode;
	size_t open; /* parentheses of a pattern or regular expression */
	int last;    /* the unquoted byte just before, or -1 */
};

/* Whether a break or brace byte at `at` ends the word here. */
static bool ends(const struct parser *p, const struct unquoted *u, int c)
{
	if (u->mode == MODE_BRACE)
		return c == '}';
	if (u->mode == MODE_PATTERN)
		return c == '}' || c == '/';
	if (u->open > 0 || !shell_is(c, BYTE_BREAK))
		return false;
	if ((c == '<' || c == '>') && shell_second(p) == '(')
		return u->mode == MODE_REGEX && u->last < 0;
	if (u->mode == MODE_REGEX)
		return c != '(' && c != '|';
	return c != '(' || u->last < 0 || memchr("?*+@!", u->last, 5) == NULL;
}

static bool literal_byte(struct parser *p, struct word_builder *b, struct unquoted *u, int c)
{
	size_t at = p->at++;

	if (c == '(' && u->mode <= MODE_REGEX)
		u->open++;
	else if (c == ')' && u->open > 0)
		u->open--;
	u->last = c;
	return shell_add_text(p, b, false, (struct span){ p->text + at, 1 }, at, p->at);
}

/*
 * Bash looks for the end of a pattern or a brace without knowing <( there, and
 * expands it nevertheless.  Two readings of one text are one too many.
 */
static bool process(struct parser *p, struct word_builder *b, const struct unquoted *u)
{
	if (u->mode >= MODE_BRACE || u->open > 0)
		return shell_fail(p, p->at, "a process substitution inside a pattern or ${}");
	return shell_process(p, b);
}

static bool active(struct parser *p, struct word_builder *b, struct unquoted *u, int c)
{
	int last = u->last;

	u->last = -1;
	switch (c) {
	case '\\':
		return shell_backslash(p, b);
	case '\'':
		return shell_single(p, b);
	case '"':
		return shell_double(p, b);
	case '`':
		return shell_backtick(p, b, false, false);
	case '$':
		return shell_dollar(p, b, false, false);
	case '<':
	case '>':
		if (shell_second(p) == '(')
			return process(p, b, u);
		break;
	default:
		break;
	}
	u->last = last;
	return literal_byte(p, b, u, c);
}

bool shell_unquoted(struct parser *p, struct word_builder *b, enum word_mode mode)
{
	unsigned classes = mode >= MODE_BRACE ? BYTE_BRACED : BYTE_ACTIVE;
	struct unquoted u = { .mode = mode, .last = -1 };
	size_t from;
	int c;

	for (;;) {
		from = p->at;
		while (p->at < p->end && !shell_is((unsigned char)p->text[p->at], classes))
			p->at++;
		if (p->at > from) {
			struct span text = { p->text + from, p->at - from };

			u.last = (unsigned char)p->text[p->at - 1];
			if (!shell_add_text(p, b, false, text, from, p->at))
				return false;
		}
		c = shell_peek(p);
		if (c < 0 || ends(p, &u, c))
			break;
		if (shell_is(c, classes) && !active(p, b, &u, c))
			return false;
	}
	if (u.open > 0)
		return shell_fail(p, p->at, "a pattern's parenthesis is not closed");
	return true;
}

bool shell_read_word(struct parser *p, enum word_mode mode, struct shell_word **word)
{
	struct word_builder b;
	size_t start;

	start = p->at;
	if (!shell_word_begin(p, &b) || !shell_unquoted(p, &b, mode))
		return false;
	if (p->at == start)
		return shell_unexpected(p);
	shell_word_end(p, &b);
	p->after_word = true;
	*word = b.word;
	return true;
}

bool shell_word_literal(const struct shell_word *word, struct arena *arena, struct span *text)
{
	const struct shell_part *part;
	size_t len = 0;
	char *copy;

	for (part = word->parts; part != NULL; part = part->next) {
		if (part->kind != SHELL_TEXT)
			return false;
		len += part->text.len;
	}
	if (word->parts == NULL || word->parts->next == NULL) {
		*text = word->parts != NULL ? word->parts->text : SPAN("");
		return true;
	}
	copy = arena_alloc(arena, 1, len);
	if (copy == NULL)
		return false;
	*text = (struct span){ copy, len };
	for (part = word->parts; part != NULL; part = part->next) {
		if (part->text.len > 0)
			memcpy(copy, part->text.ptr, part->text.len);
		copy += part->text.len;
	}
	return true;
}
