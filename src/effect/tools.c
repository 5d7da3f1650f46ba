/*
 * Tools by name, without regard to case: those of Claude Code, Codex, Gemini CLI, opencode and
 * Qwen Code, and MCP servers' by what their arguments look like.
 */
#include "effect/tools.h"

enum job {
	JOB_SHELL = 1, /* `command` is shell text, or a list of words */
	JOB_READ,
	JOB_WRITE,
	JOB_LIST,
	JOB_GREP,
	JOB_PATCH,
	JOB_FETCH,
	JOB_SEARCH,
	JOB_AGENT,
	JOB_QUIET /* lists of things to do and the like: nothing outside of the agent */
};

struct tool_row {
	struct span name;
	enum job job;
};

/* clang-format off */
static const struct tool_row rows[] = {
	{ SPAN_INIT("Bash"), JOB_SHELL },              { SPAN_INIT("run_shell_command"), JOB_SHELL },
	{ SPAN_INIT("shell"), JOB_SHELL },             { SPAN_INIT("local_shell"), JOB_SHELL },
	{ SPAN_INIT("exec_command"), JOB_SHELL },      { SPAN_INIT("shell_command"), JOB_SHELL },
	{ SPAN_INIT("container.exec"), JOB_SHELL },    { SPAN_INIT("execute_command"), JOB_SHELL },
	{ SPAN_INIT("run_in_terminal"), JOB_SHELL },   { SPAN_INIT("terminal"), JOB_SHELL },
	{ SPAN_INIT("run_terminal_cmd"), JOB_SHELL },  { SPAN_INIT("unified_exec"), JOB_SHELL },
	{ SPAN_INIT("Read"), JOB_READ },               { SPAN_INIT("read_file"), JOB_READ },
	{ SPAN_INIT("read_many_files"), JOB_READ },    { SPAN_INIT("view"), JOB_READ },
	{ SPAN_INIT("view_image"), JOB_READ },         { SPAN_INIT("NotebookRead"), JOB_READ },
	{ SPAN_INIT("Write"), JOB_WRITE },             { SPAN_INIT("write_file"), JOB_WRITE },
	{ SPAN_INIT("Edit"), JOB_WRITE },              { SPAN_INIT("MultiEdit"), JOB_WRITE },
	{ SPAN_INIT("NotebookEdit"), JOB_WRITE },      { SPAN_INIT("replace"), JOB_WRITE },
	{ SPAN_INIT("edit_file"), JOB_WRITE },         { SPAN_INIT("create_file"), JOB_WRITE },
	{ SPAN_INIT("str_replace_editor"), JOB_WRITE }, { SPAN_INIT("str_replace_based_edit_tool"), JOB_WRITE },
	{ SPAN_INIT("apply_patch"), JOB_PATCH },       { SPAN_INIT("patch"), JOB_PATCH },
	{ SPAN_INIT("Glob"), JOB_LIST },               { SPAN_INIT("LS"), JOB_LIST },
	{ SPAN_INIT("list"), JOB_LIST },               { SPAN_INIT("list_directory"), JOB_LIST },
	{ SPAN_INIT("list_dir"), JOB_LIST },           { SPAN_INIT("find_files"), JOB_LIST },
	{ SPAN_INIT("Grep"), JOB_GREP },               { SPAN_INIT("search_file_content"), JOB_GREP },
	{ SPAN_INIT("grep_files"), JOB_GREP },         { SPAN_INIT("grep_search"), JOB_GREP },
	{ SPAN_INIT("WebFetch"), JOB_FETCH },          { SPAN_INIT("web_fetch"), JOB_FETCH },
	{ SPAN_INIT("fetch"), JOB_FETCH },             { SPAN_INIT("WebSearch"), JOB_SEARCH },
	{ SPAN_INIT("web_search"), JOB_SEARCH },       { SPAN_INIT("google_web_search"), JOB_SEARCH },
	{ SPAN_INIT("Agent"), JOB_AGENT },             { SPAN_INIT("Task"), JOB_AGENT },
	{ SPAN_INIT("TodoWrite"), JOB_QUIET },         { SPAN_INIT("TodoRead"), JOB_QUIET },
	{ SPAN_INIT("update_plan"), JOB_QUIET },       { SPAN_INIT("write_todos"), JOB_QUIET },
	{ SPAN_INIT("ExitPlanMode"), JOB_QUIET },      { SPAN_INIT("AskUserQuestion"), JOB_QUIET },
	{ SPAN_INIT("BashOutput"), JOB_QUIET },        { SPAN_INIT("KillShell"), JOB_QUIET },
};
/* clang-format on */

struct tool {
	struct engine *engine;
	struct shell shell;
	const struct json_value *input;
	struct site site;
};

static enum job job_of(struct span name)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (span_equal_nocase(rows[i].name, name))
			return rows[i].job;
	return 0;
}

/* The first of some members that is a string. */
static bool member(const struct json_value *input, const char *const *names, struct span *text)
{
	for (; *names; names++)
		if (json_string(json_get(input, span_of(*names)), text))
			return true;
	return false;
}

/* ---- paths ---- */

static bool on_path(struct tool *tool, enum effect_kind kind, unsigned flags, struct span text)
{
	struct value_builder builder = { 0 };
	struct field field;
	size_t star;

	/* Tools expand no tilde, but people and servers write one. */
	if (span_equal(text, SPAN("~")) || span_starts(text, SPAN("~/"))) {
		struct value home = shell_value(tool->engine, &tool->shell, SPAN("HOME"));

		if (!builder_add(tool->engine->arena, &builder, &home) ||
		    !builder_add_text(tool->engine->arena, &builder, span_from(text, 1)))
			return engine_memory(tool->engine);
		field = field_of(builder_value(&builder), 0, text.len);
	} else {
		if (span_starts(text, SPAN("file://")))
			text = span_from(text, 7);
		field = field_of(value_of(text), 0, text.len);
	}
	if (kind == EFFECT_LIST && span_find_byte(field.value.head, '*', &star)) {
		field.glob = true;
		field.glob_at = star;
	}
	return effect_on_path(tool->engine, &tool->shell, kind, flags, &field, &tool->site);
}

static const char *const path_names[] = { "file_path", "path",     "notebook_path", "absolute_path",
	                                  "filePath",  "dir_path", "directory",     "filename",
	                                  "file",      "uri",      "target_file",   NULL };

/* Every member that names a path; `paths` and `edits` are lists of more. */
static bool on_paths(struct tool *tool, enum effect_kind kind, unsigned flags, bool fallback)
{
	struct span text;
	bool any = false;

	for (const char *const *name = path_names; *name; name++) {
		if (!json_string(json_get(tool->input, span_of(*name)), &text))
			continue;
		if (!any)
			tool->engine->effects->text = text;
		tool->site.end = text.len;
		any = true;
		if (!on_path(tool, kind, flags, text))
			return false;
	}
	const struct json_value *list = json_get(tool->input, SPAN("paths"));

	for (const struct json_value *v = list ? list->first : NULL; v; v = v->next) {
		if (!json_string(v, &text))
			continue;
		any = true;
		if (!on_path(tool, kind, flags, text))
			return false;
	}
	if (any || !fallback)
		return any || effect_unknown(tool->engine, &tool->site, tool->engine->action->tool,
		                             "a tool that names no path");
	return on_path(tool, kind, flags, SPAN("."));
}

static bool do_list(struct tool *tool, enum effect_kind kind)
{
	struct span pattern;

	/* A pattern of Glob may be absolute: then it is what counts. */
	if (kind == EFFECT_LIST && json_string(json_get(tool->input, SPAN("pattern")), &pattern) &&
	    (span_starts(pattern, SPAN("/")) || span_starts(pattern, SPAN("~")) ||
	     span_find(pattern, SPAN(".."), NULL)) &&
	    !on_path(tool, kind, EFFECT_RECURSIVE, pattern))
		return false;
	return on_paths(tool, kind, EFFECT_RECURSIVE, true);
}

/* ---- shells ---- */

static bool words_of(struct tool *tool, const struct json_value *list, struct invocation *words)
{
	for (const struct json_value *v = list->first; v; v = v->next) {
		struct span text = SPAN("");

		if (!json_string(v, &text))
			text = v->text;
		struct field field = field_of(value_of(text), 0, 0);

		if (!fields_add(tool->engine, &words->words, &field))
			return false;
	}
	return true;
}

static bool do_words(struct tool *tool, const struct json_value *list)
{
	struct invocation words = { .skip_functions = true };

	if (!words_of(tool, list, &words))
		return false;
	tool->engine->fixed = true;
	return run_program(tool->engine, &tool->shell, &words);
}

static bool do_shell(struct tool *tool)
{
	static const char *const names[] = { "command", "cmd", "script", NULL };
	static const char *const folders[] = { "workdir", "cwd", "directory", "dir_path", NULL };
	struct span text, folder, path;
	struct value value;

	if (member(tool->input, folders, &folder)) {
		value = value_of(folder);
		if (!path_of(tool->engine, &tool->shell, &value, &path))
			return false;
		tool->shell.cwd = value_of(path);
	}
	for (const char *const *name = names; *name; name++) {
		const struct json_value *list = json_get(tool->input, span_of(*name));

		if (list && list->kind == JSON_ARRAY)
			return do_words(tool, list);
	}
	if (!member(tool->input, names, &text))
		return effect_unknown(tool->engine, &tool->site, tool->engine->action->tool,
		                      "a shell without a command");
	return run_action_text_in(tool->engine, &tool->shell, text);
}

/* ---- patches: "*** Update File: NAME", "+++ b/NAME" ---- */

static bool patch_line(struct tool *tool, struct span line, bool *any)
{
	static const struct {
		struct span mark;
		enum effect_kind kind;
	} marks[] = {
		{ SPAN_INIT("*** Update File: "), EFFECT_WRITE },
		{ SPAN_INIT("*** Add File: "), EFFECT_WRITE },
		{ SPAN_INIT("*** Delete File: "), EFFECT_DELETE },
		{ SPAN_INIT("*** Move to: "), EFFECT_WRITE },
		{ SPAN_INIT("+++ b/"), EFFECT_WRITE },
		{ SPAN_INIT("--- a/"), EFFECT_WRITE },
		{ SPAN_INIT("rename to "), EFFECT_WRITE },
		{ SPAN_INIT("rename from "), EFFECT_MOVE },
	};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (!span_starts(line, marks[i].mark))
			continue;
		*any = true;
		return on_path(tool, marks[i].kind, 0,
		               span_trim(span_from(line, marks[i].mark.len)));
	}
	return true;
}

static bool do_patch(struct tool *tool)
{
	static const char *const names[] = { "input", "patch", "patchText", "command", NULL };
	struct span text, line;
	bool any = false;

	if (!member(tool->input, names, &text))
		return on_paths(tool, EFFECT_WRITE, 0, false);
	tool->engine->effects->text = text;
	tool->site.end = text.len;
	while (span_split(&text, '\n', &line))
		if (!patch_line(tool, line, &any))
			return false;
	return any || effect_unknown(tool->engine, &tool->site, tool->engine->action->tool,
	                             "a patch that names no file");
}

/* ---- network, agents ---- */

static bool do_fetch(struct tool *tool, bool search)
{
	static const char *const names[] = { "url", "uri", "query", "prompt", NULL };
	struct value target;
	struct span text;

	if (!member(tool->input, names, &text))
		return effect_unknown(tool->engine, &tool->site, tool->engine->action->tool,
		                      "a fetch without an address");
	tool->engine->effects->text = text;
	tool->site.end = text.len;
	target = value_of(search ? SPAN("web search") : text);
	return effect_on(tool->engine, EFFECT_CONNECT, 0, &target, &tool->site);
}

static bool do_agent(struct tool *tool)
{
	struct value target = value_of(tool->engine->action->tool);

	return effect_on(tool->engine, EFFECT_AGENT, 0, &target, &tool->site);
}

/* ---- MCP and what is not known: arguments by their names ---- */

static bool looks_like_url(struct span text)
{
	size_t at;

	return span_find(text, SPAN("://"), &at) && at > 0 && at < 12 &&
	       !span_starts(text, SPAN("file:"));
}

static bool is_one_of(struct span name, const char *const *names)
{
	for (; *names; names++)
		if (span_equal_nocase(name, span_of(*names)))
			return true;
	return false;
}

/* A server's own verb says whether it reads or writes: read_file, write_file, delete_x. */
static enum effect_kind kind_by_name(struct span tool)
{
	static const struct {
		struct span part;
		enum effect_kind kind;
	} parts[] = {
		{ SPAN_INIT("delete"), EFFECT_DELETE }, { SPAN_INIT("remove"), EFFECT_DELETE },
		{ SPAN_INIT("move"), EFFECT_MOVE },     { SPAN_INIT("rename"), EFFECT_MOVE },
		{ SPAN_INIT("list"), EFFECT_LIST },     { SPAN_INIT("read"), EFFECT_READ },
		{ SPAN_INIT("get"), EFFECT_READ },      { SPAN_INIT("search"), EFFECT_READ },
		{ SPAN_INIT("view"), EFFECT_READ },
	};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (span_find(tool, parts[i].part, NULL))
			return parts[i].kind;
	return EFFECT_WRITE;
}

static bool guess_string(struct tool *tool, struct span key, struct span text)
{
	static const char *const paths[] = { "path",   "file_path", "filepath",    "filename",
		                             "file",   "uri",       "directory",   "dir",
		                             "folder", "source",    "destination", "target",
		                             "root",   "cwd",       "from",        "to",
		                             NULL };
	static const char *const commands[] = { "command", "cmd",  "script", "shell",
		                                "code",    "bash", NULL };
	struct value value = value_of(text);

	if (looks_like_url(text))
		return effect_on(tool->engine, EFFECT_CONNECT, 0, &value, &tool->site);
	if (is_one_of(key, commands))
		return run_text_apart(tool->engine, &tool->shell, text, &tool->site);
	if (is_one_of(key, paths) || span_starts(text, SPAN("file://")) ||
	    span_starts(text, SPAN("/")) || span_starts(text, SPAN("~/")))
		return on_path(tool, kind_by_name(tool->engine->action->tool), 0, text);
	return true;
}

/* {"cmd":"rm","args":["-rf","/"]} */
static bool guess_words(struct tool *tool, struct span program, const struct json_value *args)
{
	struct invocation words = { .skip_functions = true };
	struct field first = field_of(value_of(program), 0, 0);
	bool fixed = tool->engine->fixed, good;

	if (!fields_add(tool->engine, &words.words, &first) || !words_of(tool, args, &words))
		return false;
	tool->engine->fixed = true;
	good = run_program(tool->engine, &tool->shell, &words);
	tool->engine->fixed = fixed;
	return good;
}

static bool guess(struct tool *tool, const struct json_value *value, unsigned depth)
{
	const struct json_value *args = json_get(value, SPAN("args"));
	struct span text;

	if (!value || depth > 16)
		return true;
	if (!args)
		args = json_get(value, SPAN("argv"));
	if (args && args->kind == JSON_ARRAY &&
	    (json_string(json_get(value, SPAN("cmd")), &text) ||
	     json_string(json_get(value, SPAN("command")), &text)))
		return guess_words(tool, text, args);
	for (const struct json_value *v = value->first; v; v = v->next) {
		bool good = json_string(v, &text)
		                    ? guess_string(tool,
		                                   value->kind == JSON_OBJECT ? v->key : value->key,
		                                   text)
		                    : guess(tool, v, depth + 1);

		if (!good)
			return false;
	}
	return true;
}

static bool do_unknown(struct tool *tool)
{
	bool mcp = span_starts(tool->engine->action->tool, SPAN("mcp__"));

	if (!effect_unknown(tool->engine, &tool->site, tool->engine->action->tool,
	                    mcp ? "MCP tool" : "a tool that is not known"))
		return false;
	return guess(tool, tool->input, 0);
}

bool run_tool(struct engine *engine)
{
	struct tool tool = { .engine = engine, .input = engine->action->input };

	if (!shell_start(engine, &tool.shell))
		return false;
	switch (job_of(engine->action->tool)) {
	case JOB_SHELL:
		return do_shell(&tool);
	case JOB_READ:
		return on_paths(&tool, EFFECT_READ, 0, false);
	case JOB_WRITE:
		return on_paths(&tool, EFFECT_WRITE, 0, false);
	case JOB_LIST:
		return do_list(&tool, EFFECT_LIST);
	case JOB_GREP:
		return do_list(&tool, EFFECT_READ);
	case JOB_PATCH:
		return do_patch(&tool);
	case JOB_FETCH:
		return do_fetch(&tool, false);
	case JOB_SEARCH:
		return do_fetch(&tool, true);
	case JOB_AGENT:
		return do_agent(&tool);
	case JOB_QUIET:
		return effect_add(engine, EFFECT_OUTPUT, &tool.site) || engine_memory(engine);
	}
	return do_unknown(&tool);
}
