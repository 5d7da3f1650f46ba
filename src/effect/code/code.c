/* Which reader a language has, and what all of them report with. */
#include "effect/code/code.h"

bool code_shell(struct code *code, const struct value *text)
{
	code->spawns = true;
	return run_shell_value(code->run, text);
}

bool code_words(struct code *code, const struct value *words, size_t count)
{
	struct invocation line = { .start = code->run->invocation->start,
		                   .end = code->run->invocation->end };
	struct running inner = *code->run;

	code->spawns = true;
	for (size_t i = 0; i < count; i++) {
		struct field field = field_of(words[i], line.start, line.end);

		if (!fields_add(code->engine, &line.words, &field))
			return false;
	}
	inner.invocation = &line;
	inner.match.wrapper = false;
	return run_words(&inner, 0, count, false);
}

bool code_path(struct code *code, enum effect_kind kind, unsigned flags, const struct value *path)
{
	struct field field = field_of(*path, code->run->invocation->start,
	                              code->run->invocation->end);
	size_t star;

	if (path->complete && span_starts(path->head, SPAN("http")) &&
	    span_find(path->head, SPAN("://"), NULL))
		return code_connect(code, path);
	if (kind == EFFECT_DELETE && span_find_byte(path->head, '*', &star)) {
		field.glob = true;
		field.glob_at = star;
	}
	return effect_on_path(code->engine, code->run->shell, kind, flags, &field,
	                      &code->run->site);
}

bool code_connect(struct code *code, const struct value *target)
{
	code->connects = true;
	return effect_on(code->engine, EFFECT_CONNECT, 0, target, &code->run->site);
}

static bool code_nothing(struct code *code)
{
	(void)code;
	return true;
}

static bool code_as_shell(struct code *code)
{
	struct value text = value_of(code->text);

	return code_shell(code, &text);
}

struct reader {
	struct span language;
	bool (*read)(struct code *code);
	bool known; /* the reader knows all that the language can do */
};

/* clang-format off */
static const struct reader readers[] = {
	{ SPAN_INIT("sed"), code_sed, true },        { SPAN_INIT("awk"), code_awk, true },
	{ SPAN_INIT("jq"), code_nothing, true },     { SPAN_INIT("yq"), code_nothing, true },
	{ SPAN_INIT("python"), code_calls, false },  { SPAN_INIT("node"), code_calls, false },
	{ SPAN_INIT("perl"), code_calls, false },    { SPAN_INIT("ruby"), code_calls, false },
	{ SPAN_INIT("php"), code_calls, false },     { SPAN_INIT("lua"), code_calls, false },
	{ SPAN_INIT("elisp"), code_calls, false },   { SPAN_INIT("bpftrace"), code_calls, false },
	{ SPAN_INIT("expect"), code_calls, false },  { SPAN_INIT("unknown"), code_calls, false },
	{ SPAN_INIT("vim"), code_lines, false },     { SPAN_INIT("ed"), code_lines, false },
	{ SPAN_INIT("gdb"), code_lines, false },     { SPAN_INIT("psql"), code_lines, false },
	{ SPAN_INIT("sql"), code_lines, false },     { SPAN_INIT("sqlite3"), code_lines, false },
	{ SPAN_INIT("less"), code_lines, false },    { SPAN_INIT("ftp"), code_lines, false },
	{ SPAN_INIT("kak"), code_lines, false },     { SPAN_INIT("make"), code_make, false },
	{ SPAN_INIT("fish"), code_as_shell, false }, { SPAN_INIT("csh"), code_as_shell, false },
};
/* clang-format on */

bool code_scan(struct running *run, struct span language, struct span text, bool *understood)
{
	struct code code = { .engine = run->engine,
		             .run = run,
		             .language = language,
		             .text = text,
		             .understood = true };
	const struct reader *reader = NULL;
	struct value target = value_of(language);

	*understood = false;
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
		if (span_equal(readers[i].language, language))
			reader = &readers[i];
	if (!reader)
		return true;
	if (!reader->read(&code))
		return false;
	*understood = reader->known && code.understood;
	if (code.connects && code.spawns)
		return effect_on(run->engine, EFFECT_CODE, EFFECT_TO_SOCKET, &target, &run->site);
	return true;
}
