/*
 * Programs that read a command a line, some of which run a shell: ex and vim (:!), ed (!), gdb (shell),
 * psql (\!), sqlite3 (.shell), less (!), ftp (!); and the recipes of make.
 */
#include "effect/code/code.h"

struct row {
	struct span mark;
	bool shell;            /* the rest is shell text; else a path */
	enum effect_kind kind; /* of the path */
};

/* clang-format off */
static const struct row rows[] = {
	{ SPAN_INIT("\\!"), true, 0 },            { SPAN_INIT(".shell "), true, 0 },
	{ SPAN_INIT(".system "), true, 0 },       { SPAN_INIT("shell "), true, 0 },
	{ SPAN_INIT("system "), true, 0 },        { SPAN_INIT("terminal "), true, 0 },
	{ SPAN_INIT("term "), true, 0 },          { SPAN_INIT("make "), true, 0 },
	{ SPAN_INIT("!"), true, 0 },              { SPAN_INIT("r !"), true, 0 },
	{ SPAN_INIT("r!"), true, 0 },             { SPAN_INIT("w !"), true, 0 },
	{ SPAN_INIT("%!"), true, 0 },             { SPAN_INIT("\\o |"), true, 0 },
	{ SPAN_INIT("\\g |"), true, 0 },          { SPAN_INIT(".output |"), true, 0 },
	{ SPAN_INIT(".once |"), true, 0 },        { SPAN_INIT("%sh{"), true, 0 },
	{ SPAN_INIT("w "), false, EFFECT_WRITE }, { SPAN_INIT("write "), false, EFFECT_WRITE },
	{ SPAN_INIT("w! "), false, EFFECT_WRITE }, { SPAN_INIT("saveas "), false, EFFECT_WRITE },
	{ SPAN_INIT("e "), false, EFFECT_READ },  { SPAN_INIT("r "), false, EFFECT_READ },
	{ SPAN_INIT("\\i "), false, EFFECT_READ }, { SPAN_INIT("\\o "), false, EFFECT_WRITE },
	{ SPAN_INIT(".read "), false, EFFECT_READ }, { SPAN_INIT(".output "), false, EFFECT_WRITE },
	{ SPAN_INIT(".import "), false, EFFECT_READ }, { SPAN_INIT("source "), false, EFFECT_READ },
	{ SPAN_INIT("so "), false, EFFECT_READ }, { SPAN_INIT("add-symbol-file "), false, EFFECT_READ },
};
/* clang-format on */

/* What may stand before a command without changing it. */
static struct span without_prefix(struct span line)
{
	static const struct span prefixes[] = { SPAN_INIT(":"),       SPAN_INIT("silent! "),
		                                SPAN_INIT("silent "), SPAN_INIT("sil "),
		                                SPAN_INIT("exe "),    SPAN_INIT("0"),
		                                SPAN_INIT("%") };
	bool cut = true;

	while (cut) {
		cut = false;
		line = span_trim(line);
		for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
			if (!span_starts(line, prefixes[i]) || span_starts(line, SPAN("%sh{")))
				continue;
			line = span_from(line, prefixes[i].len);
			cut = true;
		}
	}
	return line;
}

/* gdb: dump value FILE EXPRESSION */
static bool dump(struct code *code, struct span line)
{
	struct span part, rest = line;

	for (int i = 0; i < 3; i++)
		if (!span_split(&rest, ' ', &part))
			return true;
	struct value path = value_of(part);

	return code_path(code, EFFECT_WRITE, 0, &path);
}

static bool one_line(struct code *code, struct span line)
{
	static const struct span scripts[] = {
		SPAN_INIT("python "), SPAN_INIT("py "),   SPAN_INIT("python3 "), SPAN_INIT("py3 "),
		SPAN_INIT("lua "),    SPAN_INIT("perl "), SPAN_INIT("ruby "),    SPAN_INIT("call "),
		SPAN_INIT("let "),    SPAN_INIT("echo "), SPAN_INIT("set ")
	};
	struct value value;

	line = without_prefix(line);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!span_starts(line, rows[i].mark))
			continue;
		value = value_of(span_trim(span_from(line, rows[i].mark.len)));
		return rows[i].shell ? code_shell(code, &value)
		                     : code_path(code, rows[i].kind, 0, &value);
	}
	if (span_starts(line, SPAN("dump ")))
		return dump(code, line);
	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
		struct span text = code->text;
		bool good;

		if (!span_starts(line, scripts[i]))
			continue;
		code->text = span_from(line, scripts[i].len);
		good = code_calls(code);
		code->text = text;
		return good;
	}
	return true;
}

bool code_lines(struct code *code)
{
	struct span rest = code->text, line;

	while (span_split(&rest, '\n', &line) && !code->engine->stopped)
		if (!one_line(code, line))
			return false;
	return true;
}

/* ---- make ---- */

/* "$$" is a dollar for the shell; "$(x)" is make's own, and not known. */
static bool recipe(struct code *code, struct span line)
{
	struct text text = { 0 };
	struct value value;

	while (line.len > 0 && span_find_byte(SPAN("\t @-+"), line.ptr[0], NULL))
		line = span_from(line, 1);
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '$' && i + 1 < line.len && line.ptr[i + 1] == '$')
			i++;
		if (!text_add(code->engine->arena, &text, span_slice(line, i, i + 1)))
			return engine_memory(code->engine);
	}
	value = value_of(text_span(&text));
	return value.head.len == 0 || code_shell(code, &value);
}

static bool shell_calls(struct code *code, struct span line)
{
	size_t at, end;

	while (span_find(line, SPAN("$(shell "), &at)) {
		struct value value;

		line = span_from(line, at + 8);
		if (!span_find_byte(line, ')', &end))
			end = line.len;
		value = value_of(span_slice(line, 0, end));
		if (!code_shell(code, &value))
			return false;
	}
	return true;
}

bool code_make(struct code *code)
{
	struct span rest = code->text, line;
	size_t at;

	while (span_split(&rest, '\n', &line) && !code->engine->stopped) {
		if (!shell_calls(code, line))
			return false;
		if (span_starts(line, SPAN("\t"))) {
			if (!recipe(code, line))
				return false;
		} else if (span_find(line, SPAN(";\t"), &at) || span_find(line, SPAN("; "), &at) ||
		           span_find(line, SPAN("!="), &at)) {
			if (!recipe(code, span_from(line, at + 2)))
				return false;
		}
	}
	return true;
}
