/* Bytes and tokens: what ends a word, what is a reserved word, what is nothing at all. */
#include "shell/parser.h"

#include <string.h>

/* clang-format off */
#define B (BYTE_BREAK | BYTE_ACTIVE)
#define A BYTE_ACTIVE
#define Q (BYTE_ACTIVE | BYTE_BRACED)
#define N BYTE_NAME
#define D (BYTE_NAME | BYTE_DIGIT)
#define K (BYTE_NAME | BYTE_KEYWORD)
#define R BYTE_KEYWORD
const unsigned char shell_bytes[256] = {
	['\t'] = B, ['\n'] = B, [' '] = B, ['&'] = B, ['('] = B, [')'] = B, [';'] = B, ['|'] = B,
	['<'] = B | BYTE_BRACED, ['>'] = B | BYTE_BRACED,
	['"'] = Q, ['$'] = Q, ['\''] = Q, ['\\'] = Q | R, ['`'] = Q,
	['!'] = R, ['['] = R, [']'] = R, ['{'] = R, ['}'] = R | BYTE_BRACED, ['/'] = BYTE_BRACED,
	['0'] = D, ['1'] = D, ['2'] = D, ['3'] = D, ['4'] = D,
	['5'] = D, ['6'] = D, ['7'] = D, ['8'] = D, ['9'] = D,
	['A'] = N, ['B'] = N, ['C'] = N, ['D'] = N, ['E'] = N, ['F'] = N, ['G'] = N, ['H'] = N, ['I'] = N,
	['J'] = N, ['K'] = N, ['L'] = N, ['M'] = N, ['N'] = N, ['O'] = N, ['P'] = N, ['Q'] = N, ['R'] = N,
	['S'] = N, ['T'] = N, ['U'] = N, ['V'] = N, ['W'] = N, ['X'] = N, ['Y'] = N, ['Z'] = N, ['_'] = N,
	['a'] = N, ['b'] = N, ['c'] = K, ['d'] = K, ['e'] = K, ['f'] = K, ['g'] = N, ['h'] = N, ['i'] = K,
	['j'] = N, ['k'] = N, ['l'] = N, ['m'] = N, ['n'] = N, ['o'] = N, ['p'] = N, ['q'] = N, ['r'] = N,
	['s'] = K, ['t'] = K, ['u'] = K, ['v'] = N, ['w'] = K, ['x'] = N, ['y'] = N, ['z'] = N,
};

/* Manual 3.2.1. */
static const struct {
	struct span text;
	enum shell_keyword keyword;
} keywords[] = {
	{ SPAN_INIT("if"), WORD_IF }, { SPAN_INIT("then"), WORD_THEN }, { SPAN_INIT("else"), WORD_ELSE },
	{ SPAN_INIT("elif"), WORD_ELIF }, { SPAN_INIT("fi"), WORD_FI }, { SPAN_INIT("case"), WORD_CASE },
	{ SPAN_INIT("esac"), WORD_ESAC }, { SPAN_INIT("for"), WORD_FOR },
	{ SPAN_INIT("select"), WORD_SELECT }, { SPAN_INIT("while"), WORD_WHILE },
	{ SPAN_INIT("until"), WORD_UNTIL }, { SPAN_INIT("do"), WORD_DO }, { SPAN_INIT("done"), WORD_DONE },
	{ SPAN_INIT("in"), WORD_IN }, { SPAN_INIT("function"), WORD_FUNCTION },
	{ SPAN_INIT("time"), WORD_TIME }, { SPAN_INIT("{"), WORD_OPEN }, { SPAN_INIT("}"), WORD_CLOSE },
	{ SPAN_INIT("!"), WORD_NOT }, { SPAN_INIT("[["), WORD_TEST }, { SPAN_INIT("]]"), WORD_TEST_END },
	{ SPAN_INIT("coproc"), WORD_COPROC },
};
/* clang-format on */

int shell_look(const struct parser *p, size_t *i)
{
	while (*i < p->end && p->text[*i] == '\\' && *i + 1 < p->end && p->text[*i + 1] == '\n')
		*i += 2;
	return *i < p->end ? (unsigned char)p->text[*i] : -1;
}

int shell_peek_slow(struct parser *p)
{
	return shell_look(p, &p->at);
}

int shell_second(const struct parser *p)
{
	size_t i = p->at + 1;

	return shell_look(p, &i);
}

const char *shell_unexpected_what(struct parser *p)
{
	int c = shell_peek(p);

	if (c < 0)
		return "unexpected end of text";
	if (c == '\n')
		return "unexpected end of line";
	return shell_is(c, BYTE_BREAK) ? "unexpected operator" : "unexpected word";
}

bool shell_take(struct parser *p, char byte)
{
	if (shell_peek(p) != (unsigned char)byte)
		return false;
	p->at++;
	return true;
}

void shell_blanks(struct parser *p)
{
	const char *line_end;
	int c;

	while ((c = shell_peek(p)) == ' ' || c == '\t')
		p->at++;
	if (c != '#')
		return;
	line_end = memchr(p->text + p->at, '\n', p->end - p->at);
	p->at = line_end != NULL ? (size_t)(line_end - p->text) : p->end;
}

bool shell_newlines(struct parser *p)
{
	for (;;) {
		shell_blanks(p);
		if (!shell_take(p, '\n'))
			return true;
		p->after_word = false;
		if (p->pending.first != NULL && !shell_heredoc_bodies(p))
			return false;
	}
}

enum shell_keyword shell_keyword_at(const struct parser *p, size_t *after)
{
	enum { LONGEST = 8 };
	char word[LONGEST];
	size_t i = p->at, len = 0, k;
	int c = shell_look(p, &i);

	if (!shell_is(c, BYTE_KEYWORD))
		return WORD_NONE;
	for (; c >= 0 && !shell_is(c, BYTE_BREAK); c = shell_look(p, &i)) {
		if (len == LONGEST)
			return WORD_NONE;
		word[len++] = (char)c;
		i++;
	}
	for (k = 0; k < sizeof(keywords) / sizeof(keywords[0]); k++)
		if (keywords[k].text.len == len && memcmp(keywords[k].text.ptr, word, len) == 0) {
			*after = i;
			return keywords[k].keyword;
		}
	return WORD_NONE;
}

bool shell_take_keyword(struct parser *p, enum shell_keyword keyword)
{
	size_t after = p->at;

	shell_blanks(p);
	if (p->after_word || shell_keyword_at(p, &after) != keyword)
		return false;
	p->at = after;
	return true;
}

bool shell_raw(struct parser *p, size_t start, size_t end, struct span *text)
{
	size_t i, len = 0;
	char *copy;

	*text = (struct span){ p->text + start, end - start };
	if (!span_find(*text, SPAN("\\\n"), NULL))
		return true;
	copy = shell_memory(p, end - start);
	if (copy == NULL)
		return false;
	for (i = start; i < end; i++) {
		if (p->text[i] == '\\' && i + 1 < end && p->text[i + 1] == '\n')
			i++;
		else
			copy[len++] = p->text[i];
	}
	*text = (struct span){ copy, len };
	return true;
}

size_t shell_name_end(const struct parser *p, size_t i)
{
	size_t at = i;
	int c = shell_look(p, &at);

	if (!shell_is(c, BYTE_NAME) || shell_is(c, BYTE_DIGIT))
		return i;
	for (; shell_is(c, BYTE_NAME); c = shell_look(p, &at))
		i = ++at;
	return i;
}
