/* See lexer.h.  What a quote of one language means in another is told by the language's name. */
#include "effect/code/lexer.h"

bool language_is(const struct code *code, const char *name)
{
	return span_equal(code->language, span_of(name));
}

bool token_is(const struct token *token, const char *sign)
{
	return token->kind == TOKEN_SIGN && span_equal(token->text, span_of(sign));
}

static bool is_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
	       byte == '$' || (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

static bool ahead(const struct lexer *l, const char *text)
{
	return span_starts(span_from(l->text, l->at), span_of(text));
}

static bool is_comment(const struct lexer *l)
{
	bool slashes = language_is(l->code, "node") || language_is(l->code, "php");
	bool hash = language_is(l->code, "python") || language_is(l->code, "perl") ||
	            language_is(l->code, "ruby") || language_is(l->code, "expect");

	return (slashes && ahead(l, "//")) || (hash && ahead(l, "#")) ||
	       (language_is(l->code, "lua") && ahead(l, "--"));
}

static void skip_blanks(struct lexer *l, struct token *token)
{
	while (l->at < l->text.len) {
		char byte = l->text.ptr[l->at];

		if (byte == '\n')
			token->line_before = true;
		if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
			l->at++;
		} else if (is_comment(l)) {
			while (l->at < l->text.len && l->text.ptr[l->at] != '\n')
				l->at++;
		} else {
			break;
		}
	}
}

/* ---- strings ---- */

struct quote {
	struct span end;
	bool raw;     /* no escapes */
	bool formats; /* {x} of Python's f"" */
	bool command;
	char open; /* nests: q(...(...)...) */
};

/* Whether an expression begins here inside a string of this language. */
static bool interpolates(const struct lexer *l, const struct quote *quote)
{
	bool plain = quote->raw && !quote->formats;

	if (quote->formats)
		return ahead(l, "{") && !ahead(l, "{{");
	if (language_is(l->code, "node"))
		return span_equal(quote->end, SPAN("`")) && ahead(l, "${");
	if (language_is(l->code, "ruby"))
		return !plain && ahead(l, "#{");
	if (language_is(l->code, "php") || language_is(l->code, "perl"))
		return !plain && ahead(l, "$") && l->at + 1 < l->text.len &&
		       is_word(l->text.ptr[l->at + 1]);
	return false;
}

static char escaped(char byte)
{
	return (char)(byte == 'n' ? '\n' : byte == 't' ? '\t' : byte == 'r' ? '\r' : byte);
}

static int hex(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* At a backslash: its byte, and behind the escape. */
static char read_escape(struct lexer *l, const struct quote *quote)
{
	char byte = l->text.ptr[l->at + 1];

	if (quote->raw && byte != quote->end.ptr[0] && byte != '\\') {
		l->at++;
		return '\\';
	}
	if (byte == 'x' && l->at + 3 < l->text.len && hex(l->text.ptr[l->at + 2]) >= 0 &&
	    hex(l->text.ptr[l->at + 3]) >= 0) {
		int value = hex(l->text.ptr[l->at + 2]) * 16 + hex(l->text.ptr[l->at + 3]);

		l->at += 4;
		return (char)(unsigned char)value;
	}
	l->at += 2;
	return quote->raw ? byte : escaped(byte);
}

static bool read_string(struct lexer *l, const struct quote *quote, struct token *token)
{
	struct arena *arena = l->code->engine->arena;
	struct value_builder builder = { 0 };
	struct value unknown = value_unknown(ORIGIN_FILE);
	unsigned depth = 0;

	while (l->at < l->text.len) {
		char byte = l->text.ptr[l->at];
		bool good;

		if (depth == 0 && span_starts(span_from(l->text, l->at), quote->end)) {
			l->at += quote->end.len;
			break;
		}
		depth += quote->open != '\0' && byte == quote->open;
		depth -= depth > 0 && byte == quote->end.ptr[0];
		if (byte == '\\' && l->at + 1 < l->text.len) {
			byte = read_escape(l, quote);
			good = builder_add_text(arena, &builder, (struct span){ &byte, 1 });
		} else if (interpolates(l, quote)) {
			good = builder_add(arena, &builder, &unknown);
			l->at++;
		} else {
			good = builder_add_text(arena, &builder, (struct span){ &byte, 1 });
			l->at++;
		}
		if (!good)
			return engine_memory(l->code->engine);
	}
	token->kind = TOKEN_STRING;
	token->value = builder_value(&builder);
	token->command = quote->command;
	return true;
}

static struct span closing(const char *open)
{
	switch (*open) {
	case '(':
		return SPAN(")");
	case '{':
		return SPAN("}");
	case '[':
		return SPAN("]");
	case '<':
		return SPAN(">");
	default:
		return (struct span){ open, 1 };
	}
}

/* q(), qq{}, qx//, %x(), %q(); false where none begins. */
static bool find_quote_like(struct lexer *l, struct quote *quote)
{
	static const struct {
		const char *language, *mark;
		bool raw, command;
	} marks[] = {
		{ "perl", "qx", false, true },  { "perl", "qq", false, false },
		{ "perl", "qw", true, false },  { "perl", "q", true, false },
		{ "ruby", "%x", false, true },  { "ruby", "%q", true, false },
		{ "ruby", "%Q", false, false },
	};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		size_t len = span_of(marks[i].mark).len, at = l->at + len;

		if (!language_is(l->code, marks[i].language) || !ahead(l, marks[i].mark) ||
		    at >= l->text.len || is_word(l->text.ptr[at]) ||
		    span_find_byte(SPAN(" ,;=)"), l->text.ptr[at], NULL))
			continue;
		*quote = (struct quote){ .end = closing(l->text.ptr + at),
			                 .raw = marks[i].raw,
			                 .command = marks[i].command,
			                 .open = l->text.ptr[at] };
		if (quote->end.ptr[0] == quote->open)
			quote->open = '\0';
		l->at = at + 1;
		return true;
	}
	return false;
}

static bool find_quote(struct lexer *l, struct quote *quote)
{
	const char *start;
	char byte = l->text.ptr[l->at];
	bool backtick = byte == '`';

	*quote = (struct quote){ 0 };
	if (find_quote_like(l, quote))
		return true;
	if (language_is(l->code, "lua") && ahead(l, "[[")) {
		*quote = (struct quote){ .end = SPAN("]]"), .raw = true };
		l->at += 2;
		return true;
	}
	if (byte != '"' && byte != '\'' && !backtick)
		return false;
	if (byte == '\'' && language_is(l->code, "elisp"))
		return false;
	start = l->text.ptr + l->at;
	quote->end = (struct span){ start, 1 };
	quote->raw = byte == '\'' && (language_is(l->code, "perl") || language_is(l->code, "php") ||
	                              language_is(l->code, "ruby"));
	quote->command = backtick && !language_is(l->code, "node");
	if (language_is(l->code, "python") && (ahead(l, "\"\"\"") || ahead(l, "'''")))
		quote->end.len = 3;
	l->at += quote->end.len;
	return true;
}

/* ---- names ---- */

static size_t separator(const struct lexer *l)
{
	if (ahead(l, "::") || ahead(l, "->") || ahead(l, "?."))
		return 2;
	if (ahead(l, ".") && l->at + 1 < l->text.len && is_word(l->text.ptr[l->at + 1]))
		return 1;
	return 0;
}

static void read_name(struct lexer *l, struct token *token)
{
	size_t start = l->at;

	while (l->at < l->text.len) {
		size_t len = separator(l);

		if (len > 0 && l->at + len < l->text.len && is_word(l->text.ptr[l->at + len]))
			l->at += len;
		else if (!is_word(l->text.ptr[l->at]) &&
		         !(language_is(l->code, "elisp") && l->text.ptr[l->at] == '-'))
			break;
		else
			l->at++;
	}
	token->text = span_slice(l->text, start, l->at);
	token->kind = token->text.ptr[0] >= '0' && token->text.ptr[0] <= '9' ? TOKEN_NUMBER
	                                                                     : TOKEN_NAME;
}

/* r"", f"", rb"" of Python. */
static bool is_string_prefix(const struct lexer *l, struct span name)
{
	if (!language_is(l->code, "python") || name.len > 2 || l->at >= l->text.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!span_find_byte(SPAN("rRbBuUfF"), name.ptr[i], NULL))
			return false;
	return l->text.ptr[l->at] == '"' || l->text.ptr[l->at] == '\'';
}

bool lexer_next(struct lexer *l, struct token *token)
{
	struct quote quote;

	*token = (struct token){ .kind = TOKEN_END };
	skip_blanks(l, token);
	if (l->at >= l->text.len)
		return true;
	if (find_quote(l, &quote))
		return read_string(l, &quote, token);
	if (is_word(l->text.ptr[l->at]) ||
	    (separator(l) > 0 && l->at + separator(l) < l->text.len &&
	     is_word(l->text.ptr[l->at + separator(l)]))) {
		read_name(l, token);
		if (token->kind == TOKEN_NAME && is_string_prefix(l, token->text)) {
			struct span prefix = token->text;

			if (!find_quote(l, &quote))
				return true;
			quote.raw = span_find_byte(prefix, 'r', NULL) ||
			            span_find_byte(prefix, 'R', NULL);
			quote.formats = span_find_byte(prefix, 'f', NULL) ||
			                span_find_byte(prefix, 'F', NULL);
			return read_string(l, &quote, token);
		}
		return true;
	}
	token->kind = TOKEN_SIGN;
	token->text = span_slice(l->text, l->at, l->at + 1);
	l->at++;
	return true;
}
