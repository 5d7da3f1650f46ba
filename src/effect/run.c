/*
 * Command lines: functions and builtins first where a shell looks them up, then programs by the
 * tables; what the tables do not know is said, and its words are looked through.
 */
#include "base/glob.h"
#include "base/path.h"
#include "effect/engine.h"

/* ---- the shell's own lookup ---- */

static bool has_slash(struct span text)
{
	return span_find_byte(text, '/', NULL);
}

static struct span known_name(const struct invocation *invocation)
{
	const struct field *first = invocation->words.items;

	if (invocation->words.count == 0 || !first->value.complete || first->glob)
		return SPAN("");
	return first->value.head;
}

static bool start_running(struct engine *engine, struct shell *shell, struct invocation *invocation,
                          struct running *run)
{
	*run = (struct running){ .engine = engine, .shell = shell, .invocation = invocation };
	run->command = command_add(engine, invocation);
	if (!run->command)
		return engine_memory(engine);
	run->site = (struct site){ run->command->start, run->command->end, run->command };
	run->input = stream_input(shell, 0);
	return true;
}

/* Whether descriptors 0 and 1 are a network socket. */
static bool on_socket(const struct shell *shell)
{
	const struct streams *streams = shell->streams;

	return streams &&
	       (streams->fd[0].kind == STREAM_SOCKET ||
	        (streams->fd[0].kind == STREAM_DATA && (streams->fd[0].data.origins & ORIGIN_NET) &&
	         streams->fd[1].kind == STREAM_SOCKET)) &&
	       streams->fd[1].kind == STREAM_SOCKET;
}

static bool run_builtin(struct engine *engine, struct shell *shell, struct invocation *invocation,
                        builtin_function *builtin)
{
	struct running run;

	if (!start_running(engine, shell, invocation, &run))
		return false;
	run.command->builtin = run.command->known = true;
	run.command->name = known_name(invocation);
	shell->status = STATUS_UNKNOWN;
	return builtin(&run);
}

bool run_invocation(struct engine *engine, struct shell *shell, struct invocation *invocation)
{
	struct span name = known_name(invocation);
	const struct function *function;
	builtin_function *builtin;
	struct site site = site_at(engine, invocation->start, invocation->end, engine->parent);

	if (!engine_step(engine, &site))
		return true;
	if (name.len == 0 || has_slash(name))
		return run_program(engine, shell, invocation);
	function = map_get(shell->functions, name);
	if (function) {
		if (!command_add(engine, invocation))
			return engine_memory(engine);
		return call_function(engine, shell, function, &invocation->words);
	}
	builtin = builtin_find(name);
	if (builtin)
		return run_builtin(engine, shell, invocation, builtin);
	return run_program(engine, shell, invocation);
}

/* ---- programs ---- */

/* Names that a pattern in the place of a program is tried as, the worst first. */
static const struct span tried[] = {
	SPAN_INIT("rm"),     SPAN_INIT("dd"),   SPAN_INIT("sh"),      SPAN_INIT("bash"),
	SPAN_INIT("shred"),  SPAN_INIT("mkfs"), SPAN_INIT("chmod"),   SPAN_INIT("chown"),
	SPAN_INIT("mv"),     SPAN_INIT("cp"),   SPAN_INIT("tee"),     SPAN_INIT("curl"),
	SPAN_INIT("wget"),   SPAN_INIT("nc"),   SPAN_INIT("ncat"),    SPAN_INIT("socat"),
	SPAN_INIT("cat"),    SPAN_INIT("head"), SPAN_INIT("tail"),    SPAN_INIT("less"),
	SPAN_INIT("base64"), SPAN_INIT("xxd"),  SPAN_INIT("python3"), SPAN_INIT("perl"),
	SPAN_INIT("find"),   SPAN_INIT("env"),  SPAN_INIT("sudo"),    SPAN_INIT("kill"),
	SPAN_INIT("reboot"), SPAN_INIT("ln"),
};

static void name_by_pattern(struct field *first)
{
	struct span name = path_basename(first->value.head);

	for (size_t i = 0; first->glob && i < sizeof tried / sizeof tried[0]; i++) {
		if (!glob_component(name, tried[i]))
			continue;
		first->value = value_of(tried[i]);
		first->glob = false;
	}
}

bool match_arguments(struct running *run)
{
	const struct fields *words = &run->invocation->words;
	struct command_arg *args = arena_array(run->engine->arena, struct command_arg,
	                                       words->count);

	if (!args)
		return engine_memory(run->engine);
	for (size_t i = 0; i < words->count; i++)
		args[i] = (struct command_arg){ words->items[i].value.head,
			                        words->items[i].value.complete };
	return command_match(args, words->count, run->engine->arena, &run->match,
	                     run->engine->problem);
}

static bool match_words(struct running *run)
{
	if (!match_arguments(run))
		return false;
	run->command->known = run->match.spec != NULL && run->match.understood;
	run->command->builtin = run->match.builtin;
	run->command->sub = run->match.sub;
	return true;
}

/* A program by its path: one of the system's, one of the project's, or one that came from somewhere. */
static bool run_by_path(struct running *run, struct span name)
{
	struct engine *engine = run->engine;
	const struct value *contents;
	struct path_facts facts;
	struct effect *effect;
	struct span path;

	if (!path_of(engine, run->shell, &run->invocation->words.items[0].value, &path))
		return false;
	contents = file_contents(engine, path);
	facts = paths_classify(&engine->action->paths, path);
	if (!contents && facts.place == PLACE_TOOLCHAIN)
		return true;
	if (contents) {
		struct field file = run->invocation->words.items[0];

		return run_script_file(run, SPAN(""), &file);
	}
	if (facts.place == PLACE_WORKSPACE || facts.place == PLACE_BUILD_OUTPUT ||
	    facts.place == PLACE_PROJECT_CODE) {
		effect = effect_add(engine, EFFECT_PROJECT, &run->site);
		if (!effect)
			return engine_memory(engine);
		effect->target = path;
		effect->facts = facts;
		return true;
	}
	effect = effect_add(engine, EFFECT_CODE, &run->site);
	if (!effect)
		return engine_memory(engine);
	effect->flags |= EFFECT_FROM_UNKNOWN;
	effect->target = path.len > 0 ? path : name;
	effect->source = effect->target;
	effect->facts = facts;
	effect->what = "a program outside of the system's folders";
	return true;
}

static bool add_run(struct running *run, struct span name)
{
	struct effect *effect = effect_add(run->engine, EFFECT_RUN, &run->site);

	if (!effect)
		return engine_memory(run->engine);
	effect->target = name;
	if (name.len == 0 || !run->match.spec)
		effect->certainty = CERTAINTY_UNKNOWN;
	else if (run->engine->guessed)
		effect->certainty = CERTAINTY_PARTLY;
	return true;
}

/* An interpreter or shell whose input and output are a socket. */
static bool check_socket(struct running *run)
{
	struct value name = value_of(run->command->name);

	if (!on_socket(run->shell) || run->match.builtin)
		return true;
	for (size_t i = 0; i < run->match.count; i++)
		if (run->match.uses[i].verb == COMMAND_STDIN_SHELL ||
		    run->match.uses[i].verb == COMMAND_STDIN_CODE)
			return effect_on(run->engine, EFFECT_RUN, EFFECT_TO_SOCKET, &name,
			                 &run->site);
	return true;
}

/* What it prints goes where its output goes. */
static bool finish_output(struct running *run)
{
	bool folded;

	if (run->engine->stopped)
		return true;
	if (!fold_output(run, &folded))
		return false;
	if (!folded) {
		run->output = value_unknown(ORIGIN_COMMAND | run->data);
		run->output.source = run->source;
	}
	if (run->shell->streams && run->shell->streams->fd[1].kind == STREAM_SOCKET &&
	    (run->output.origins & ORIGIN_SECRET)) {
		struct value host = value_of(run->shell->streams->fd[1].target);

		if (!effect_on(run->engine, EFFECT_UPLOAD, EFFECT_FROM_SECRET, &host, &run->site))
			return false;
		run->engine->last->source = run->output.source;
	}
	return shell_print_value(run->engine, run->shell, &run->output);
}

bool run_program(struct engine *engine, struct shell *shell, struct invocation *invocation)
{
	struct site here = site_at(engine, invocation->start, invocation->end, engine->parent);
	struct running run;
	struct span name;

	if (invocation->words.count == 0)
		return effect_unknown(engine, &here, SPAN(""), "a program whose name is not known");
	if (!engine_step(engine, &here))
		return true;
	name_by_pattern(&invocation->words.items[0]);
	name = known_name(invocation);
	if (!start_running(engine, shell, invocation, &run))
		return false;
	run.command->name = path_basename(name);
	shell->status = STATUS_UNKNOWN;
	if (name.len == 0) {
		if (!effect_unknown(engine, &run.site, invocation->words.items[0].value.head,
		                    "a program whose name is not known") ||
		    !follow_unknown(&run))
			return false;
		return finish_output(&run);
	}
	if (!match_words(&run))
		return false;
	if (run.match.name.len > 0)
		run.command->name = path_basename(name);
	if (!run.match.builtin && !add_run(&run, name))
		return false;
	if (has_slash(name) && !run_by_path(&run, name))
		return false;
	if (!check_socket(&run))
		return false;
	if (!run.match.spec) {
		if (!(has_slash(name)) &&
		    !effect_unknown(engine, &run.site, name, "not in the tables"))
			return false;
		if (!follow_unknown(&run))
			return false;
	} else if (!follow_uses(&run)) {
		return false;
	}
	return finish_output(&run);
}

/* ---- commands within commands ---- */

bool run_words(struct running *run, size_t first, size_t count, bool more)
{
	struct engine *engine = run->engine;
	struct effect_command *parent = engine->parent;
	bool transparent = engine->transparent, good;
	struct invocation inner = { .words = { run->invocation->words.items + first, count, count,
		                               more || run->invocation->words.open_ended },
		                    .skip_functions = true };
	struct shell copy = *run->shell;

	if (count == 0)
		return true;
	if (engine->depth >= engine->limits->depth || engine->nesting >= MAX_NESTING) {
		engine_stop(engine, "commands run commands too deep to follow");
		return true;
	}
	inner.start = inner.words.items[0].start;
	inner.end = inner.words.items[count - 1].end;
	inner.assignments = run->invocation->assignments;
	engine->parent = run->command;
	engine->transparent = run->match.wrapper;
	engine->depth++;
	engine->nesting++;
	inner.assignment_count = 0;
	good = run_program(engine, &copy, &inner);
	engine->depth--;
	engine->nesting--;
	engine->parent = parent;
	engine->transparent = transparent;
	return good;
}

/* Runs text with this command as the one that runs it. */
bool run_shell_value(struct running *run, const struct value *text)
{
	struct shell child = *run->shell;
	struct engine *engine = run->engine;
	struct effect_command *parent = engine->parent;
	bool transparent = engine->transparent, good = true;
	struct effect *effect;

	if (!text->complete || (text->origins & ORIGIN_NET)) {
		effect = effect_add(engine, EFFECT_CODE, &run->site);
		if (!effect)
			return engine_memory(engine);
		effect->target = SPAN("shell");
		effect->source = text->source;
		effect->certainty = text->complete ? CERTAINTY_KNOWN : CERTAINTY_UNKNOWN;
		if (text->origins & ORIGIN_NET)
			effect->flags |= EFFECT_FROM_NET;
		else
			effect->flags |= EFFECT_FROM_UNKNOWN;
	}
	if (text->head.len == 0)
		return true;
	engine->parent = run->command;
	engine->transparent = false;
	/* Of text whose end is not known, what is there is still worked out. */
	good = shell_child(engine, &child) &&
	       run_text_apart(engine, &child, text->head, &run->site);
	engine->parent = parent;
	engine->transparent = transparent;
	return good;
}

/* Program text as such: where a language's whole power is not known, that is an effect. */
static bool add_code(struct running *run, struct span language, const struct value *text)
{
	struct effect *effect = effect_add(run->engine, EFFECT_CODE, &run->site);

	if (!effect)
		return engine_memory(run->engine);
	effect->target = language;
	effect->source = text->source;
	effect->certainty = text->complete       ? CERTAINTY_KNOWN
	                    : text->head.len > 0 ? CERTAINTY_PARTLY
	                                         : CERTAINTY_UNKNOWN;
	if (text->origins & ORIGIN_NET)
		effect->flags |= EFFECT_FROM_NET;
	else if (!text->complete)
		effect->flags |= EFFECT_FROM_UNKNOWN;
	return true;
}

bool run_code_value(struct running *run, struct span language, const struct value *text)
{
	struct engine *engine = run->engine;
	bool understood = false;

	if (engine->nesting >= MAX_NESTING || engine->depth >= engine->limits->depth) {
		engine_stop(engine, "commands run commands too deep to follow");
		return true;
	}
	engine->nesting++;
	engine->depth++;
	bool good = text->head.len == 0 || code_scan(run, language, text->head, &understood);

	engine->nesting--;
	engine->depth--;
	if (!good)
		return false;
	return (understood && text->complete && !(text->origins & ORIGIN_NET)) ||
	       add_code(run, language, text);
}

static bool is_shell_language(struct span language)
{
	return language.len == 0 || span_equal(language, SPAN("bash")) ||
	       span_equal(language, SPAN("sh")) || span_equal(language, SPAN("shell"));
}

bool run_script_file(struct running *run, struct span language, const struct field *file)
{
	struct engine *engine = run->engine;
	const struct value *contents;
	struct span path;
	struct effect *effect;
	struct target target;

	if (!path_of(engine, run->shell, &file->value, &path))
		return false;
	contents = file_contents(engine, path);
	if (contents && is_shell_language(language))
		return run_shell_value(run, contents);
	if (contents)
		return run_code_value(run, language, contents);
	if (!target_of(engine, run->shell, file, false, false, &target))
		return false;
	bool project = target.certainty == CERTAINTY_KNOWN &&
	               (target.facts.place == PLACE_WORKSPACE ||
	                target.facts.place == PLACE_BUILD_OUTPUT ||
	                target.facts.place == PLACE_PROJECT_CODE);

	effect = effect_add(engine, project ? EFFECT_PROJECT : EFFECT_CODE, &run->site);
	if (!effect)
		return engine_memory(engine);
	effect->target = target.path;
	effect->facts = target.facts;
	effect->certainty = target.certainty;
	if (project)
		return true;
	effect->flags |= EFFECT_FROM_UNKNOWN;
	effect->source = target.path;
	effect->target = language.len > 0 ? language : SPAN("program");
	return effect_on_path(engine, run->shell, EFFECT_READ, 0, file, &run->site);
}
