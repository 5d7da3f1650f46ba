/* sed scripts: sed(1), GNU info.  e and s///e run commands; r, R, w and W name files. */
#include "effect/code/code.h"

struct sed {
	struct code *code;
	struct span text;
	size_t at;
};

static char peek(const struct sed *s)
{
	return s->at < s->text.len ? s->text.ptr[s->at] : '\0';
}

static void skip(struct sed *s, const char *bytes)
{
	while (s->at < s->text.len && span_find_byte(span_of(bytes), s->text.ptr[s->at], NULL))
		s->at++;
}

static struct span rest_of_line(struct sed *s)
{
	size_t start;

	skip(s, " \t");
	start = s->at;
	while (s->at < s->text.len && s->text.ptr[s->at] != '\n')
		s->at++;
	return span_slice(s->text, start, s->at);
}

/* Up to `end` that no backslash and no bracket hides; false where it does not come. */
static bool delimited(struct sed *s, char end, bool expression, struct span *inside)
{
	size_t start = s->at;
	bool bracket = false;

	for (; s->at < s->text.len; s->at++) {
		char byte = s->text.ptr[s->at];

		if (byte == '\\') {
			s->at++;
			continue;
		}
		if (byte == '[' && expression)
			bracket = true;
		if (byte == ']' && bracket)
			bracket = false;
		if (byte == end) { /* GNU ends even inside brackets; either way the text is seen */
			*inside = span_slice(s->text, start, s->at++);
			return true;
		}
	}
	return false;
}

static bool address(struct sed *s)
{
	struct span inside;
	char byte = peek(s);

	if (byte == '/' || byte == '\\') {
		s->at += byte == '\\' ? 2 : 1;
		if (s->at > s->text.len ||
		    !delimited(s, byte == '\\' ? s->text.ptr[s->at - 1] : '/', true, &inside))
			return false;
		skip(s, "IM");
		return true;
	}
	skip(s, "0123456789$~+");
	return true;
}

/* The replacement as a shell command: what & and \1 stand for is not known. */
static bool run_replacement(struct sed *s, struct span text)
{
	struct value value = value_of(text);

	for (size_t i = 0; i < text.len; i++) {
		bool group = text.ptr[i] == '\\' && i + 1 < text.len && text.ptr[i + 1] >= '0' &&
		             text.ptr[i + 1] <= '9';

		if (text.ptr[i] != '&' && !group)
			continue;
		value = (struct value){ .head = span_slice(text, 0, i), .origins = ORIGIN_FILE };
		break;
	}
	return code_shell(s->code, &value);
}

static bool file(struct sed *s, enum effect_kind kind)
{
	struct value path = value_of(span_trim(rest_of_line(s)));

	if (span_equal(path.head, SPAN("/dev/stdout")) ||
	    span_equal(path.head, SPAN("/dev/stderr")))
		return true;
	return code_path(s->code, kind, 0, &path);
}

static bool substitute(struct sed *s)
{
	struct span pattern, with;
	char mark = peek(s);
	bool runs = false;

	s->at++;
	if (s->at > s->text.len || !delimited(s, mark, true, &pattern) ||
	    !delimited(s, mark, false, &with)) {
		s->code->understood = false;
		s->at = s->text.len;
		return true;
	}
	for (;; s->at++) {
		char flag = peek(s);

		if (flag == 'w') {
			s->at++;
			if (!file(s, EFFECT_WRITE))
				return false;
			break;
		}
		if (flag == 'e')
			runs = true;
		else if (flag == '\0' || !span_find_byte(SPAN("gpimIM0123456789"), flag, NULL))
			break;
	}
	return !runs || run_replacement(s, with);
}

static bool execute(struct sed *s)
{
	struct span line = rest_of_line(s);
	struct value text = line.len > 0 ? value_of(line) : value_unknown(ORIGIN_FILE);

	return code_shell(s->code, &text);
}

static bool command(struct sed *s)
{
	char byte = peek(s);
	struct span ignored;

	s->at++;
	switch (byte) {
	case 's':
		return substitute(s);
	case 'y':
		byte = peek(s);
		s->at++;
		if (s->at > s->text.len || !delimited(s, byte, false, &ignored) ||
		    !delimited(s, byte, false, &ignored))
			s->code->understood = false;
		return true;
	case 'e':
		return execute(s);
	case 'r':
	case 'R':
		return file(s, EFFECT_READ);
	case 'w':
	case 'W':
		return file(s, EFFECT_WRITE);
	case 'a':
	case 'i':
	case 'c':
		do { /* text goes on behind a backslash at the line's end */
			ignored = rest_of_line(s);
			s->at += s->at < s->text.len;
		} while (span_ends(ignored, SPAN("\\")) && s->at < s->text.len);
		return true;
	case 'b':
	case 't':
	case 'T':
	case ':':
		while (s->at < s->text.len && !span_find_byte(SPAN(";\n}"), peek(s), NULL))
			s->at++;
		return true;
	case '#':
		rest_of_line(s);
		return true;
	case 'q':
	case 'Q':
	case 'l':
	case 'L':
		skip(s, " 0123456789");
		return true;
	default:
		if (!span_find_byte(SPAN("{}=dDgGhHnNpPxzFv"), byte, NULL))
			s->code->understood = false;
		return true;
	}
}

bool code_sed(struct code *code)
{
	struct sed s = { code, code->text, 0 };

	for (;;) {
		skip(&s, " \t\n;");
		if (s.at >= s.text.len)
			return true;
		if (!address(&s)) {
			code->understood = false;
			return true;
		}
		skip(&s, " \t");
		if (peek(&s) == ',') {
			s.at++;
			skip(&s, " \t");
			if (!address(&s)) {
				code->understood = false;
				return true;
			}
		}
		skip(&s, " \t!");
		if (s.at >= s.text.len || code->engine->stopped)
			return true;
		if (!command(&s))
			return false;
	}
}
