/*
 * awk programs: POSIX awk and gawk(1).  system(), pipes and getline run commands; redirections of
 * print name files; /inet/ names are sockets; @load loads code.
 */
#include "effect/code/code.h"

enum { MAX_EXPRESSION = 64 /* tokens that are read twice at most */ };

enum kind { END, NAME, STRING, NUMBER, SIGN, REGEX, LINE };

struct token {
	enum kind kind;
	struct span text;   /* of a STRING: decoded */
	struct value value; /* of a STRING, or of a NAME that holds one */
};

struct awk {
	struct code *code;
	struct span text;
	size_t at;
	struct token before, now;
	unsigned parens, print_parens;
	bool printing;    /* inside print or printf: > is a redirection */
	struct map names; /* struct value: variables set to literals */
};

static bool is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
	       (byte >= '0' && byte <= '9');
}

static bool string(struct awk *a, struct token *token)
{
	struct text out = { 0 };

	for (a->at++; a->at < a->text.len && a->text.ptr[a->at] != '"'; a->at++) {
		char byte = a->text.ptr[a->at];

		if (byte == '\\' && a->at + 1 < a->text.len) {
			byte = a->text.ptr[++a->at];
			byte = (char)(byte == 'n' ? '\n' : byte == 't' ? '\t' : byte);
		}
		if (!text_add(a->code->engine->arena, &out, (struct span){ &byte, 1 }))
			return engine_memory(a->code->engine);
	}
	a->at += a->at < a->text.len;
	token->kind = STRING;
	token->text = text_span(&out);
	token->value = value_of(token->text);
	return true;
}

/* A slash divides behind a value, and begins an expression elsewhere. */
static bool divides(const struct token *before)
{
	if (before->kind == NAME || before->kind == NUMBER || before->kind == STRING)
		return !span_equal(before->text, SPAN("return"));
	return before->kind == SIGN &&
	       (span_equal(before->text, SPAN(")")) || span_equal(before->text, SPAN("]")));
}

static void regex(struct awk *a)
{
	bool bracket = false;

	for (a->at++; a->at < a->text.len; a->at++) {
		char byte = a->text.ptr[a->at];

		if (byte == '\\')
			a->at++;
		else if (byte == '[')
			bracket = true;
		else if (byte == ']')
			bracket = false;
		else if (byte == '\n' || (byte == '/' && !bracket))
			break;
	}
	a->at += a->at < a->text.len;
}

static void skip_blanks(struct awk *a)
{
	while (a->at < a->text.len) {
		char byte = a->text.ptr[a->at];

		if (byte == '#') {
			while (a->at < a->text.len && a->text.ptr[a->at] != '\n')
				a->at++;
		} else if (byte == '\\' && a->at + 1 < a->text.len &&
		           a->text.ptr[a->at + 1] == '\n') {
			a->at += 2;
		} else if (byte == ' ' || byte == '\t' || byte == '\r') {
			a->at++;
		} else {
			break;
		}
	}
}

static bool next(struct awk *a)
{
	static const struct span signs[] = { SPAN_INIT("|&"), SPAN_INIT("||"), SPAN_INIT(">>"),
		                             SPAN_INIT(">="), SPAN_INIT("=="), SPAN_INIT("!="),
		                             SPAN_INIT("<="), SPAN_INIT("&&") };
	struct token token = { .kind = END };
	size_t start;
	const struct value *held;

	a->before = a->now;
	skip_blanks(a);
	start = a->at;
	a->now = token;
	if (a->at >= a->text.len)
		return true;
	if (a->text.ptr[a->at] == '"')
		return string(a, &a->now);
	if (a->text.ptr[a->at] == '/' && !divides(&a->before)) {
		regex(a);
		a->now.kind = REGEX;
		return true;
	}
	while (a->at < a->text.len && is_name_byte(a->text.ptr[a->at]))
		a->at++;
	if (a->at > start) {
		a->now.text = span_slice(a->text, start, a->at);
		a->now.kind = a->text.ptr[start] >= '0' && a->text.ptr[start] <= '9' ? NUMBER
		                                                                     : NAME;
		held = map_get(a->names, a->now.text);
		a->now.value = held ? *held : value_unknown(ORIGIN_FILE);
		return true;
	}
	a->now.kind = a->text.ptr[a->at] == '\n' ? LINE : SIGN;
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (span_starts(span_from(a->text, a->at), signs[i]))
			a->at++;
	a->at++;
	a->now.text = span_slice(a->text, start, a->at);
	return true;
}

static bool sign(const struct token *token, const char *text)
{
	return token->kind == SIGN && span_equal(token->text, span_of(text));
}

static bool word(const struct token *token, const char *text)
{
	return token->kind == NAME && span_equal(token->text, span_of(text));
}

/* A value that begins at the next token: literals side by side are one; the rest is not known. */
static bool expression(struct awk *a, struct value *value)
{
	struct value_builder builder = { 0 };
	struct value unknown = value_unknown(ORIGIN_FILE);
	unsigned depth = a->parens, left = MAX_EXPRESSION;

	for (;;) {
		size_t at = a->at;
		struct token before = a->before, now = a->now;

		if (left-- == 0)
			return builder_add(a->code->engine->arena, &builder, &unknown)
			               ? (*value = builder_value(&builder), true)
			               : engine_memory(a->code->engine);
		if (!next(a))
			return false;
		if (a->now.kind == END || a->now.kind == LINE || sign(&a->now, ";") ||
		    sign(&a->now, "}") || sign(&a->now, ",") || sign(&a->now, "|") ||
		    sign(&a->now, "|&") || (sign(&a->now, ")") && a->parens == depth)) {
			a->at = at; /* not ours */
			a->before = before;
			a->now = now;
			break;
		}
		if (sign(&a->now, "("))
			a->parens++;
		if (sign(&a->now, ")"))
			a->parens--;
		if ((a->now.kind == STRING || a->now.kind == NAME)
		            ? !builder_add(a->code->engine->arena, &builder, &a->now.value)
		            : (a->now.kind != SIGN || !sign(&a->now, "(")) && !sign(&a->now, ")") &&
		                      !builder_add(a->code->engine->arena, &builder, &unknown))
			return engine_memory(a->code->engine);
	}
	*value = builder_value(&builder);
	return true;
}

static bool is_socket(struct span text)
{
	return span_starts(text, SPAN("/inet"));
}

static bool run_value(struct awk *a, const struct value *value)
{
	if (is_socket(value->head))
		return code_connect(a->code, value);
	return code_shell(a->code, value);
}

/* `command | getline`, `print | command`, and the two-way |&. */
static bool pipe_sign(struct awk *a)
{
	struct token command = a->before;
	size_t at = a->at;
	struct value value = { 0 };
	struct token pipe = a->now;

	if (!next(a))
		return false;
	if (word(&a->now, "getline")) {
		value = command.kind == STRING || command.kind == NAME ? command.value
		                                                       : value_unknown(ORIGIN_FILE);
		return run_value(a, &value);
	}
	a->at = at;
	a->now = pipe;
	return expression(a, &value) && run_value(a, &value);
}

static bool redirect(struct awk *a, enum effect_kind kind)
{
	struct value value = { 0 };

	if (!expression(a, &value))
		return false;
	if (is_socket(value.head))
		return code_connect(a->code, &value);
	if (value.complete &&
	    (span_equal(value.head, SPAN("/dev/stderr")) ||
	     span_equal(value.head, SPAN("/dev/stdout")) || span_equal(value.head, SPAN("-"))))
		return true;
	return code_path(a->code, kind, 0, &value);
}

static bool assignment(struct awk *a)
{
	struct span name = a->before.text;
	struct value *copy = arena_new(a->code->engine->arena, struct value);
	size_t at = a->at;
	struct token before = a->before, now = a->now;
	bool printing = a->printing;

	if (!copy)
		return engine_memory(a->code->engine);
	if (!expression(a, copy))
		return false;
	if (is_socket(copy->head) && !code_connect(a->code, copy))
		return false;
	/* What stands there is read once more for what it runs. */
	a->at = at;
	a->before = before;
	a->now = now;
	a->printing = printing;
	return map_put(a->code->engine->arena, &a->names, name, copy) ||
	       engine_memory(a->code->engine);
}

static bool step(struct awk *a)
{
	struct value value = { 0 };

	if (a->now.kind == LINE || sign(&a->now, ";") || sign(&a->now, "}") || sign(&a->now, "{"))
		a->printing = false;
	if (sign(&a->now, "("))
		a->parens++;
	if (sign(&a->now, ")") && a->parens > 0)
		a->parens--;
	if (word(&a->now, "print") || word(&a->now, "printf")) {
		a->printing = true;
		a->print_parens = a->parens;
	}
	if (sign(&a->now, "@"))
		a->code->understood = false; /* @load, @include, indirect calls */
	if (word(&a->now, "system") && !sign(&a->before, "."))
		return expression(a, &value) && code_shell(a->code, &value);
	if (sign(&a->now, "|") || sign(&a->now, "|&"))
		return pipe_sign(a);
	if ((sign(&a->now, ">") || sign(&a->now, ">>")) && a->printing &&
	    a->parens == a->print_parens)
		return redirect(a, EFFECT_WRITE);
	if (sign(&a->now, "<") && word(&a->before, "getline"))
		return redirect(a, EFFECT_READ);
	if (sign(&a->now, "<") && a->before.kind == NAME) /* getline x < "file" */
		return span_find(span_slice(a->text, 0, a->at), SPAN("getline"), NULL)
		               ? redirect(a, EFFECT_READ)
		               : true;
	if (sign(&a->now, "=") && a->before.kind == NAME)
		return assignment(a);
	return true;
}

bool code_awk(struct code *code)
{
	struct awk a = { .code = code, .text = code->text };

	do {
		if (!next(&a) || !step(&a))
			return false;
	} while (a.now.kind != END && !code->engine->stopped);
	return true;
}
