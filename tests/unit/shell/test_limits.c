/*
 * The parser's bounds: depth, size, nodes, memory, and hostile bytes.
 *
 * Linear is counted in arena bytes, never in time: twice the input may take at most
 * twice the memory and a constant.
 */
#include <stdlib.h>
#include <string.h>

#include "shell/shell.h"
#include "tap.h"

enum { MEMORY = 1 << 30, MEBIBYTE = 1 << 20, SLACK = 1 << 16 };

struct nesting {
	const char *name, *open, *middle, *close;
};

static const struct nesting nestings[] = {
	{ "(", "(", "a", ")" },
	{ "( with a blank", "( ", "a", " )" },
	{ "$(", "$(", "a", ")" },
	{ "$( as an argument", "a $(", "a", ")" },
	{ "\"$(", "\"$(", "a", ")\"" },
	{ "{", "{ ", "a;", " }" },
	{ "[[ (", "( ", "a", " )" },
	{ "[[ !", "! ", "a", "" },
	{ "[[ &&", "a && ", "a", "" },
	{ "case", "case a in b) ", "c", ";; esac" },
	{ "if", "if ", "a", "; then b; fi" },
	{ "then", "if a; then ", "b", "; fi" },
	{ "while", "while ", "a", "; do b; done" },
	{ "do", "for a in b; do ", "c", "; done" },
	{ "elif", "elif a; then b; ", "", "" },
	{ "function", "f() { ", "a;", " }" },
	{ "coproc", "coproc { ", "a;", " }" },
	{ "$((", "$((", "1", "))" },
	{ "$(( and (", "(", "1", ")" },
	{ "((", "((", "1", "))" },
	{ "(( that are subshells", "((", "a", ") )" },
	{ "$(( that are substitutions", "$((", "a", ") )" },
	{ "$[", "$[", "1", "]" },
	{ "${", "${a:-", "b", "}" },
	{ "\"${", "\"${a:-", "b", "}\"" },
	{ "${ with a subscript", "${a[", "1", "]}" },
	{ "<(", "a <(", "b", ")" },
	{ "`", "`", "", "" },
	{ "backquotes in a substitution", "`$(", "a", ")`" },
	{ "@(", "@(", "a", ")" },
	{ "a=(", "a=($(", "b", "))" },
	{ "a[", "a[$(", "b", ")]=c" },
	{ "here-documents", "cat <<E\n$(", "", "" },
	{ "here-documents in arguments", "cat <<E $(", "a", ")" },
	{ "!", "! ", "a", "" },
	{ "time", "time ", "a", "" },
	{ "&&", "a && ", "b", "" },
	{ "|", "a | ", "b", "" },
	{ ";", "a;", "", "" },
	{ "; alone", ";", "", "" },
	{ "words", "a ", "", "" },
	{ "assignments", "a=b ", "c", "" },
	{ "redirections", ">a ", "c", "" },
	{ "quotes", "'a'\"b\"", "", "" },
	{ "escapes", "\\a", "", "" },
	{ "continuations", "\\\n", "a", "" },
	{ "line ends", "\n", "a", "" },
	{ "here-documents on a line", "<<a ", "", "" },
	{ "comments", "#\n", "", "" },
	{ "array elements", "[1]=2 ", "", "" },
	{ "dollars", "$", "", "" },
	{ "$x", "$x", "", "" },
	{ "backslashes", "\\", "", "" },
	{ "single quotes", "'", "", "" },
	{ "double quotes", "\"", "", "" },
	{ "{x}", "{x}", "", "" },
	{ "digits", "1", "", "" },
	{ "0xFF", "\xff", "", "" },
};

static char *repeat(const struct nesting *n, size_t count, const char *before, const char *after,
                    size_t *len)
{
	size_t open = strlen(n->open), close = strlen(n->close), i;
	char *text = malloc(strlen(before) + strlen(after) + strlen(n->middle) +
	                    count * (open + close) + 1);
	char *at = text;

	if (text == NULL)
		abort();
	at = stpcpy(at, before);
	for (i = 0; i < count; i++)
		at = stpcpy(at, n->open);
	at = stpcpy(at, n->middle);
	for (i = 0; i < count; i++)
		at = stpcpy(at, n->close);
	at = stpcpy(at, after);
	*len = (size_t)(at - text);
	return text;
}

static enum problem_kind parse(const char *text, size_t len, size_t *used)
{
	struct problem problem = { 0 };
	struct shell_script *script;
	struct arena arena;
	bool done;

	arena_init(&arena, MEMORY);
	done = shell_parse((struct span){ text, len }, NULL, &arena, &script, &problem);
	*used = arena.used;
	arena_release(&arena);
	return done ? PROBLEM_NONE : problem.kind;
}

static void wrapper(const struct nesting *n, const char **before, const char **after)
{
	bool test = strncmp(n->name, "[[", 2) == 0;

	*before = *after = "";
	if (test) {
		*before = "[[ ";
		*after = " ]]";
	} else if (strcmp(n->name, "elif") == 0) {
		*before = "if a; then b; ";
		*after = "fi";
	} else if (strcmp(n->name, "$(( and (") == 0) {
		*before = "echo $((";
		*after = "))";
	} else if (strcmp(n->name, "array elements") == 0) {
		*before = "a=(";
		*after = ")";
	}
}

/* 20,000 deep: an answer, and where it nests, LIMIT. */
static void deep(const struct nesting *n)
{
	const char *before, *after;
	enum problem_kind kind;
	size_t len, used;
	char *text;

	wrapper(n, &before, &after);
	text = repeat(n, 20000, before, after, &len);
	kind = parse(text, len, &used);
	OK(kind == PROBLEM_NONE || kind == PROBLEM_LIMIT || kind == PROBLEM_SYNTAX,
	   "20,000 times %s: %s", n->name,
	   kind == PROBLEM_NONE    ? "accepted"
	   : kind == PROBLEM_LIMIT ? "too deep"
	                           : "refused");
	free(text);
}

/* The largest power of two that fits into 1 MiB, and half of it. */
static void linear(const struct nesting *n)
{
	size_t unit = strlen(n->open) + strlen(n->close), count = MEBIBYTE / 2 / unit, len, half,
	       whole;
	const char *before, *after;
	char *text;

	wrapper(n, &before, &after);
	text = repeat(n, count / 2, before, after, &len);
	parse(text, len, &half);
	free(text);
	text = repeat(n, count, before, after, &len);
	parse(text, len, &whole);
	free(text);
	OK(whole <= 2 * half + SLACK, "half a MiB of %s takes %zu bytes, half of that %zu", n->name,
	   whole, half);
	text = repeat(n, MEBIBYTE / unit - 8, before, "", &len);
	parse(text, len, &whole);
	OK(whole <= 512 * (size_t)MEBIBYTE, "1 MiB of %s, cut off, takes %zu bytes", n->name,
	   whole);
	free(text);
}

/* What nests must say LIMIT beyond the depth, and be read up to it. */
static void exact_depth(const struct nesting *n)
{
	enum problem_kind shallow, below;
	const char *before, *after;
	size_t len, used;
	char *text;

	wrapper(n, &before, &after);
	text = repeat(n, 30, before, after, &len);
	shallow = parse(text, len, &used);
	free(text);
	text = repeat(n, 1000, before, after, &len);
	below = parse(text, len, &used);
	free(text);
	OK(shallow == PROBLEM_NONE && below == PROBLEM_LIMIT,
	   "%s: 30 deep is read, 1,000 deep is too deep", n->name);
}

static void depths(void)
{
	static const char *const nest[] = {
		"( with a blank", "$(", "\"$(", "{",  "[[ (", "[[ !", "[[ &&",
		"case",           "if", "elif", "${", "\"${", "<(",   "function"
	};
	size_t i, k;

	for (i = 0; i < sizeof(nestings) / sizeof(nestings[0]); i++)
		for (k = 0; k < sizeof(nest) / sizeof(nest[0]); k++)
			if (strcmp(nestings[i].name, nest[k]) == 0)
				exact_depth(&nestings[i]);
}

static void limits(void)
{
	struct shell_limits few = shell_default_limits;
	struct problem problem = { 0 };
	struct shell_script *script;
	struct arena arena;

	arena_init(&arena, MEMORY);
	few.nodes = 3;
	OK(!shell_parse(SPAN("a b c d"), &few, &arena, &script, &problem) &&
	           problem.kind == PROBLEM_LIMIT,
	   "more nodes than allowed");
	few = shell_default_limits;
	few.source_bytes = 3;
	OK(!shell_parse(SPAN("abcd"), &few, &arena, &script, &problem) &&
	           problem.kind == PROBLEM_LIMIT,
	   "more bytes than allowed");
	OK(shell_parse(SPAN("abc"), &few, &arena, &script, &problem), "as many bytes as allowed");
	few = shell_default_limits;
	few.depth = 1;
	OK(!shell_parse(SPAN("$( (a) )"), &few, &arena, &script, &problem) &&
	           problem.kind == PROBLEM_LIMIT,
	   "deeper than allowed");
	few.depth = ~0u;
	arena_release(&arena);
}

/* Every limit of the arena from nothing upward: MEMORY, until it is enough. */
static void memory(void)
{
	static const struct span source = SPAN_INIT(
		"A=1 b[$(c)]=2 d=(e [1]=f) declare -a g; declare h=(1) i; cat <<-E <<'F' | `j "
		"\\`k\\`` && "
		"l\n\t${m:-\"n\"}\n\tE\no\nF\n[[ p =~ q|r && ! s ]] || for t in u$v\"w\"x; do "
		"((y++)); done\n"
		"case z in a) b;; esac; f() { coproc g { h; } }; echo $'\\x41'\\b$((1 + 2)) <(i) "
		"${j/k/l} $((m) )\n"
		"a\\\nb=c {x\\\n}>d");
	struct problem problem;
	struct shell_script *script;
	struct arena arena;
	size_t limit, wrong = 0;
	bool done = false;

	for (limit = 0; !done && limit < MEBIBYTE; limit += 8) {
		problem = (struct problem){ 0 };
		arena_init(&arena, limit);
		done = shell_parse(source, NULL, &arena, &script, &problem);
		wrong += !done && problem.kind != PROBLEM_MEMORY;
		arena_release(&arena);
	}
	OK(done && wrong == 0, "out of memory is the only problem, up to %zu bytes", limit);
}

/* NUL and 0xFF at every place: a NUL is refused, 0xFF is an ordinary byte or breaks the syntax. */
static void bytes(void)
{
	static const char source[] =
		"a='b' \"$c${d:-e}\" $(f `g`) <<H >i\n$j\nH\n[[ k == l ]] && (( m ))";
	struct problem problem;
	struct shell_script *script;
	size_t i, nul = 0, other = 0;
	char copy[sizeof(source)];
	struct arena arena;

	for (i = 0; i < sizeof(source) - 1; i++) {
		memcpy(copy, source, sizeof(source));
		arena_init(&arena, MEMORY);
		problem = (struct problem){ 0 };
		copy[i] = '\0';
		nul += !shell_parse((struct span){ copy, sizeof(source) - 1 }, NULL, &arena,
		                    &script, &problem) &&
		       problem.kind == PROBLEM_SYNTAX && problem.offset == i;
		copy[i] = '\xff';
		other += shell_parse((struct span){ copy, sizeof(source) - 1 }, NULL, &arena,
		                     &script, &problem) ||
		         problem.kind == PROBLEM_SYNTAX;
		arena_release(&arena);
	}
	OK(nul == sizeof(source) - 1, "a NUL is refused at every place");
	OK(other == sizeof(source) - 1, "0xFF is read or refused at every place");
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(nestings) / sizeof(nestings[0]); i++) {
		deep(&nestings[i]);
		linear(&nestings[i]);
	}
	depths();
	limits();
	memory();
	bytes();
	return tap_done();
}
