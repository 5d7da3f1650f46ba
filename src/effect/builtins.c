/* Builtins that change the shell or run text in it: manual 4. */
#include "effect/builtins.h"
#include "effect/engine.h"

static bool has_word(const struct running *run, size_t i)
{
	return i < run->invocation->words.count;
}

/* The word at `i`; an unknown one where there is none. */
static const struct value *word_at(const struct running *run, size_t i)
{
	static const struct value none;

	return has_word(run, i) ? &run->invocation->words.items[i].value : &none;
}

static bool word_is(const struct running *run, size_t i, const char *text)
{
	const struct value *word = word_at(run, i);

	return word->complete && span_equal(word->head, span_of(text));
}

/* Effects as the tables say them, for builtins that are programs in all but name. */
static bool by_tables(struct running *run)
{
	struct shell *shell = run->shell;

	/* The command was noted already; the tables only add its effects. */
	if (!match_arguments(run) || !follow_uses(run))
		return false;
	run->shell = shell;
	return true;
}

static bool prints(struct running *run)
{
	bool folded;

	if (!effect_add(run->engine, EFFECT_OUTPUT, &run->site))
		return engine_memory(run->engine);
	run->match.name = run->command->name;
	if (!fold_output(run, &folded))
		return false;
	if (!folded) {
		run->output = value_unknown(ORIGIN_COMMAND);
		for (size_t i = 1; i < run->invocation->words.count; i++)
			run->output.origins |= run->invocation->words.items[i].value.origins &
			                       (ORIGIN_NET | ORIGIN_SECRET);
	}
	return shell_print_value(run->engine, run->shell, &run->output);
}

static bool do_true(struct running *run)
{
	run->shell->status = STATUS_SUCCESS;
	return true;
}

static bool do_false(struct running *run)
{
	run->shell->status = STATUS_FAILURE;
	return true;
}

static bool do_nothing(struct running *run)
{
	(void)run;
	return true;
}

static bool do_echo(struct running *run)
{
	run->shell->status = STATUS_SUCCESS;
	return prints(run);
}

static bool do_printf(struct running *run)
{
	struct span name;
	bool folded;

	if (!word_is(run, 1, "-v") || !has_word(run, 2))
		return prints(run);
	/* printf -v NAME FORMAT ... */
	name = word_at(run, 2)->head;
	struct fields all = run->invocation->words;

	run->invocation->words.items += 2;
	run->invocation->words.count -= 2;
	run->match.name = SPAN("printf");
	if (!fold_output(run, &folded))
		return false;
	run->invocation->words = all;
	struct value value = folded ? run->output : value_unknown(ORIGIN_COMMAND);

	return !is_name(name) || shell_set(run->engine, run->shell, name, &value, false);
}

/* ---- folders ---- */

static bool go(struct running *run, const struct value *to)
{
	struct shell *shell = run->shell;
	struct span path;

	if (!path_of(run->engine, shell, to, &path))
		return false;
	shell->old_cwd = shell->cwd;
	if (path.len > 0)
		shell->cwd = value_of(path);
	else
		shell->cwd = *to; /* its beginning, if that is absolute */
	if (path.len == 0 && !(to->head.len > 0 && to->head.ptr[0] == '/'))
		shell->cwd = value_unknown(to->origins);
	shell->status = path.len > 0 ? STATUS_SUCCESS : STATUS_UNKNOWN;
	return shell_set(run->engine, shell, SPAN("PWD"), &shell->cwd, false) &&
	       shell_set(run->engine, shell, SPAN("OLDPWD"), &shell->old_cwd, false);
}

static bool do_cd(struct running *run)
{
	size_t at = 1;
	struct value to;

	while (has_word(run, at) && word_at(run, at)->complete &&
	       span_starts(word_at(run, at)->head, SPAN("-")) && word_at(run, at)->head.len > 1)
		at++;
	if (word_is(run, at, "-"))
		to = run->shell->old_cwd;
	else if (has_word(run, at))
		to = *word_at(run, at);
	else
		to = shell_value(run->engine, run->shell, SPAN("HOME"));
	if (has_word(run, at) && run->invocation->words.items[at].glob)
		to = value_unknown(ORIGIN_GLOB);
	return go(run, &to);
}

static bool do_pushd(struct running *run)
{
	struct value to = has_word(run, 1) ? *word_at(run, 1) : value_unknown(ORIGIN_COMMAND);

	if (to.complete && to.head.len > 1 && (to.head.ptr[0] == '+' || to.head.ptr[0] == '-'))
		to = value_unknown(ORIGIN_COMMAND);
	return go(run, &to);
}

static bool do_popd(struct running *run)
{
	struct value to = run->shell->old_cwd;

	return go(run, &to);
}

static bool do_pwd(struct running *run)
{
	struct value_builder builder = { 0 };

	if (!builder_add(run->engine->arena, &builder, &run->shell->cwd) ||
	    !builder_add_text(run->engine->arena, &builder, SPAN("\n")))
		return engine_memory(run->engine);
	run->output = builder_value(&builder);
	return shell_print_value(run->engine, run->shell, &run->output);
}

/* ---- text that is run in this shell ---- */

static bool joined(struct running *run, size_t first, struct value *text)
{
	struct value_builder builder = { 0 };

	for (size_t i = first; i < run->invocation->words.count; i++) {
		if (i > first && !builder_add_text(run->engine->arena, &builder, SPAN(" ")))
			return engine_memory(run->engine);
		if (!builder_add(run->engine->arena, &builder, word_at(run, i)))
			return engine_memory(run->engine);
	}
	*text = builder_value(&builder);
	return true;
}

/* As run_shell_value(), but what it sets stays. */
static bool run_here(struct running *run, const struct value *text)
{
	struct engine *engine = run->engine;
	struct effect_command *parent = engine->parent;
	bool transparent = engine->transparent, good;

	if (!text->complete || (text->origins & ORIGIN_NET))
		return run_shell_value(run, text);
	engine->parent = run->command;
	engine->transparent = false;
	good = walk_text(engine, run->shell, text->head, &run->site);
	engine->parent = parent;
	engine->transparent = transparent;
	return good;
}

static bool do_eval(struct running *run)
{
	struct value text = { 0 };

	return joined(run, word_is(run, 1, "--") ? 2 : 1, &text) && run_here(run, &text);
}

static bool do_source(struct running *run)
{
	const struct value *contents;
	struct span path;

	if (!has_word(run, 1))
		return true;
	if (!path_of(run->engine, run->shell, word_at(run, 1), &path))
		return false;
	contents = file_contents(run->engine, path);
	if (contents)
		return run_here(run, contents);
	return run_script_file(run, SPAN("bash"), &run->invocation->words.items[1]);
}

static bool do_trap(struct running *run)
{
	struct engine *engine = run->engine;
	const struct value *text = word_at(run, 1);
	unsigned flags = engine->flags;
	struct trap *trap;
	bool good;

	if (text->complete && span_equal(text->head, SPAN("--")))
		return true;
	if (run->invocation->words.count < 3 || word_is(run, 1, "-") ||
	    (text->complete && text->head.len == 0) || word_is(run, 1, "-p"))
		return true;
	if (!text->complete)
		return run_shell_value(run, text);
	trap = arena_new(engine->arena, struct trap);
	if (!trap)
		return engine_memory(engine);
	*trap = (struct trap){ *text, run->site.start, run->site.end, run->shell->traps };
	/* With what is known now; and with what is known at the end where it runs then. */
	if (word_is(run, 2, "EXIT") || word_is(run, 2, "0"))
		run->shell->traps = trap;
	engine->flags |= EFFECT_LATER;
	good = run_shell_value(run, text);
	engine->flags = flags;
	return good;
}

/* exec, command, builtin, and what the shell passes on. */
static bool pass_on(struct running *run, size_t first, bool builtins)
{
	struct engine *engine = run->engine;
	struct effect_command *parent = engine->parent;
	bool transparent = engine->transparent, good;
	struct fields *words = &run->invocation->words;
	struct invocation inner = *run->invocation;

	if (first >= words->count)
		return true;
	if (engine->depth >= engine->limits->depth) {
		engine_stop(engine, "commands run commands too deep to follow");
		return true;
	}
	inner.words = (struct fields){ words->items + first, words->count - first,
		                       words->count - first, words->open_ended };
	inner.start = inner.words.items[0].start;
	inner.assignment_count = 0;
	engine->parent = run->command;
	engine->transparent = true;
	engine->depth++;
	struct map functions = run->shell->functions;

	run->shell->functions = (struct map){ 0 };
	good = builtins ? run_invocation(engine, run->shell, &inner)
	                : run_program(engine, run->shell, &inner);
	run->shell->functions = functions;
	engine->depth--;
	engine->parent = parent;
	engine->transparent = transparent;
	return good;
}

static bool is_option(const struct value *word)
{
	return word->complete && word->head.len > 1 && word->head.ptr[0] == '-';
}

static bool do_command(struct running *run)
{
	size_t at = 1;

	for (; is_option(word_at(run, at)); at++) {
		struct span word = word_at(run, at)->head;

		if (span_find_byte(word, 'v', NULL) || span_find_byte(word, 'V', NULL)) {
			if (has_word(run, at + 1))
				run->output = *word_at(run, at + 1);
			return shell_print_value(run->engine, run->shell, &run->output);
		}
		if (span_equal(word, SPAN("--"))) {
			at++;
			break;
		}
	}
	return pass_on(run, at, true);
}

static bool do_exec(struct running *run)
{
	size_t at = 1;

	for (; is_option(word_at(run, at)); at++) {
		if (word_is(run, at, "--")) {
			at++;
			break;
		}
		if (word_at(run, at)->head.ptr[word_at(run, at)->head.len - 1] == 'a')
			at++;
	}
	return pass_on(run, at, false);
}

/* ---- leaving ---- */

static bool do_exit(struct running *run)
{
	/* More than one argument is an error, and the shell goes on. */
	if (run->invocation->words.count <= 2 && !run->invocation->words.open_ended &&
	    !(has_word(run, 1) && run->invocation->words.items[1].many))
		run->shell->dead = true;
	return true;
}

static bool do_return(struct running *run)
{
	if (run->shell->calls)
		return do_exit(run);
	return true;
}

/* ---- names that mean something else from here on ---- */

static bool redefine(struct running *run, struct span name)
{
	struct command_arg arg = { name, true };
	struct command_match match;
	struct value target = value_of(name);

	if (!command_match(&arg, 1, run->engine->arena, &match, run->engine->problem))
		return false;
	if (!match.spec && !builtin_find(name))
		return true;
	return effect_on(run->engine, EFFECT_REDEFINE, 0, &target, &run->site);
}

static bool do_alias(struct running *run)
{
	struct engine *engine = run->engine;

	for (size_t i = 1; i < run->invocation->words.count; i++) {
		struct value text = *word_at(run, i);
		unsigned flags = engine->flags;
		size_t equal;
		bool good;

		if (!span_find_byte(text.head, '=', &equal))
			continue;
		if (!redefine(run, span_slice(text.head, 0, equal)))
			return false;
		text.head = span_from(text.head, equal + 1);
		engine->flags |= EFFECT_LATER;
		good = run_shell_value(run, &text);
		engine->flags = flags;
		if (!good)
			return false;
	}
	return true;
}

static bool do_hash(struct running *run)
{
	struct value target;

	if (!word_is(run, 1, "-p") || !has_word(run, 3))
		return true;
	target = *word_at(run, 3);
	if (!effect_on(run->engine, EFFECT_REDEFINE, 0, &target, &run->site))
		return false;
	run->engine->last->source = word_at(run, 2)->head;
	return run_script_file(run, SPAN("program"), &run->invocation->words.items[2]);
}

static bool do_enable(struct running *run)
{
	for (size_t i = 1; i + 1 < run->invocation->words.count; i++)
		if (word_is(run, i, "-f"))
			return run_script_file(run, SPAN("native"),
			                       &run->invocation->words.items[i + 1]);
	return true;
}

/* complete -C COMMAND, compgen -C COMMAND, bind -x '"KEY":COMMAND' */
static bool do_complete(struct running *run)
{
	for (size_t i = 1; i + 1 < run->invocation->words.count; i++) {
		struct value text = { 0 };
		size_t colon;

		if (!word_is(run, i, "-C") && !word_is(run, i, "-x") && !word_is(run, i, "-F"))
			continue;
		text = *word_at(run, i + 1);
		if (word_is(run, i, "-x") && span_find_byte(text.head, ':', &colon))
			text.head = span_from(text.head, colon + 1);
		return run_shell_value(run, &text);
	}
	return true;
}

struct builtin_row {
	struct span name;
	builtin_function *function;
};

/* clang-format off */
static const struct builtin_row rows[] = {
	{ SPAN_INIT(":"), do_true },            { SPAN_INIT("true"), do_true },
	{ SPAN_INIT("false"), do_false },       { SPAN_INIT("echo"), do_echo },
	{ SPAN_INIT("printf"), do_printf },     { SPAN_INIT("cd"), do_cd },
	{ SPAN_INIT("pushd"), do_pushd },       { SPAN_INIT("popd"), do_popd },
	{ SPAN_INIT("pwd"), do_pwd },           { SPAN_INIT("eval"), do_eval },
	{ SPAN_INIT("source"), do_source },     { SPAN_INIT("."), do_source },
	{ SPAN_INIT("trap"), do_trap },         { SPAN_INIT("command"), do_command },
	{ SPAN_INIT("builtin"), do_command },   { SPAN_INIT("exec"), do_exec },
	{ SPAN_INIT("exit"), do_exit },         { SPAN_INIT("logout"), do_exit },
	{ SPAN_INIT("return"), do_return },     { SPAN_INIT("alias"), do_alias },
	{ SPAN_INIT("hash"), do_hash },         { SPAN_INIT("enable"), do_enable },
	{ SPAN_INIT("complete"), do_complete }, { SPAN_INIT("compgen"), do_complete },
	{ SPAN_INIT("bind"), do_complete },     { SPAN_INIT("export"), builtin_declare },
	{ SPAN_INIT("declare"), builtin_declare }, { SPAN_INIT("typeset"), builtin_declare },
	{ SPAN_INIT("local"), builtin_declare }, { SPAN_INIT("readonly"), builtin_declare },
	{ SPAN_INIT("unset"), builtin_unset },  { SPAN_INIT("set"), builtin_set },
	{ SPAN_INIT("shift"), builtin_shift },  { SPAN_INIT("read"), builtin_read },
	{ SPAN_INIT("mapfile"), builtin_mapfile }, { SPAN_INIT("readarray"), builtin_mapfile },
	{ SPAN_INIT("let"), builtin_let },      { SPAN_INIT("getopts"), builtin_getopts },
	{ SPAN_INIT("["), builtin_test },       { SPAN_INIT("test"), builtin_test },
	{ SPAN_INIT("break"), do_nothing },     { SPAN_INIT("continue"), do_nothing },
	{ SPAN_INIT("wait"), do_nothing },      { SPAN_INIT("jobs"), do_nothing },
	{ SPAN_INIT("shopt"), do_nothing },     { SPAN_INIT("umask"), do_nothing },
	{ SPAN_INIT("ulimit"), do_nothing },    { SPAN_INIT("type"), by_tables },
	{ SPAN_INIT("fc"), by_tables },
};
/* clang-format on */

builtin_function *builtin_find(struct span name)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (span_equal(rows[i].name, name))
			return rows[i].function;
	return NULL;
}
