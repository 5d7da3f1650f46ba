/* Lines of a .commands file to tokens. */
#include "command/lex.h"

#include "base/utf8.h"

bool lex_is(const struct lex_token *token, struct span text)
{
	return !token->quoted && span_equal(token->text, text);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static bool add_token(struct lex_line *line, struct span text, size_t at, bool quoted,
                      struct problem *problem)
{
	if (line->count == LEX_TOKENS)
		return problem_set(problem, PROBLEM_LIMIT, at, "too many words on one line");
	line->tokens[line->count++] = (struct lex_token){ text, at, quoted, false };
	return true;
}

/* A quoted word: *at is behind its opening quote, and behind its closing one afterwards. */
static bool quoted_word(struct span text, size_t *at, struct arena *arena, struct span *word,
                        struct problem *problem)
{
	size_t start = *at, len = 0;
	char *bytes = arena_array(arena, char, text.len - start);

	if (bytes == NULL)
		return problem_set(problem, PROBLEM_MEMORY, start, "out of memory");
	while (*at < text.len && text.ptr[*at] != '"') {
		if (text.ptr[*at] == '\\' && *at + 1 < text.len)
			(*at)++;
		bytes[len++] = text.ptr[(*at)++];
	}
	if (*at == text.len)
		return problem_set(problem, PROBLEM_SYNTAX, start - 1, "unclosed quote");
	(*at)++;
	*word = (struct span){ bytes, len };
	return true;
}

/* One word of `text`, the source up to the line's end. */
static bool word(struct span text, size_t *at, struct arena *arena, struct lex_line *line,
                 bool effects, struct problem *problem)
{
	size_t start = *at, end;
	bool semicolon;

	if (text.ptr[start] == '"') {
		struct span value = { NULL, 0 };

		*at = start + 1;
		if (!quoted_word(text, at, arena, &value, problem))
			return false;
		if (*at < text.len && !is_blank(text.ptr[*at]) && text.ptr[*at] != ';')
			return problem_set(problem, PROBLEM_SYNTAX, *at,
			                   "a blank is missing behind a quote");
		return add_token(line, value, start, true, problem);
	}
	while (*at < text.len && !is_blank(text.ptr[*at]))
		(*at)++;
	end = *at;
	semicolon = effects && end - start > 1 && text.ptr[end - 1] == ';';
	if (!add_token(line, span_slice(text, start, semicolon ? end - 1 : end), start, false,
	               problem))
		return false;
	return !semicolon || add_token(line, SPAN(";"), end - 1, false, problem);
}

/* UTF-8 without control characters, from `start` on. */
static bool is_text(struct span text, size_t start, struct problem *problem)
{
	if (!utf8_valid(span_from(text, start)))
		return problem_set(problem, PROBLEM_SYNTAX, start, "not UTF-8");
	for (size_t i = start; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if ((byte < 0x20 && !is_blank(text.ptr[i])) || byte == 0x7f)
			return problem_set(problem, PROBLEM_SYNTAX, i, "control character");
	}
	return true;
}

bool lex_line(struct span source, size_t *at, struct arena *arena, struct lex_line *line,
              struct problem *problem)
{
	struct span rest = span_from(source, *at), text;
	bool effects = false;
	size_t end;

	if (!span_find_byte(rest, '\n', &end))
		end = rest.len;
	text = span_slice(source, 0, *at + end);
	line->count = 0;
	line->end = *at + end;
	line->indent = 0;
	if (!is_text(text, *at, problem))
		return false;
	while (*at < text.len) {
		if (is_blank(text.ptr[*at])) {
			line->indent += line->count == 0;
			(*at)++;
			continue;
		}
		if (text.ptr[*at] == '#')
			break;
		if (!word(text, at, arena, line, effects, problem))
			return false;
		effects = effects || lex_is(&line->tokens[line->count - 1], SPAN(":"));
	}
	line->tokens[line->count] = (struct lex_token){ { NULL, 0 }, line->end, false, true };
	*at = line->end + 1;
	return true;
}
