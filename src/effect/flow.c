/*
 * Lists, pipelines and compound commands.  Where it is not known which way is taken, each is worked
 * out from a copy of the shell, and the copies are joined; a loop's body is gone through twice,
 * the second time with what the first may have changed.
 */
#include "base/glob.h"
#include "effect/engine.h"

static bool run_list(struct engine *engine, struct shell *shell, const struct shell_script *script);

/* ---- branches ---- */

typedef bool branch_function(struct engine *engine, struct shell *shell, const void *what);

static bool script_branch(struct engine *engine, struct shell *shell, const void *what)
{
	return run_script(engine, shell, what);
}

/* What is certainly not run is still shown, as dead. */
static bool run_dead(struct engine *engine, const struct shell *shell, branch_function *run,
                     const void *what)
{
	unsigned flags = engine->flags;
	struct shell copy = *shell;
	bool good;

	engine->flags |= EFFECT_DEAD;
	good = run(engine, &copy, what);
	engine->flags = flags;
	return good;
}

/* What may be run or not. */
static bool run_perhaps(struct engine *engine, struct shell *shell, branch_function *run,
                        const void *what)
{
	struct shell base = *shell, taken = *shell;

	return run(engine, &taken, what) && shell_join(engine, shell, &taken, &base);
}

/* ---- pipelines ---- */

static bool run_stage(struct engine *engine, const struct shell *shell,
                      const struct shell_stage *stage, const struct value *input,
                      struct collector *output, enum status *status)
{
	struct shell copy = *shell;

	copy.branching = true;
	copy.traps = NULL;
	if ((input && !shell_set_input(engine, &copy, input)) ||
	    (output && !shell_set_output(engine, &copy, 1, output)) ||
	    !walk_command(engine, &copy, stage->command) || !run_traps(engine, &copy))
		return false;
	*status = copy.status;
	return true;
}

static bool run_stages(struct engine *engine, struct shell *shell,
                       const struct shell_pipeline *pipeline)
{
	struct value data;
	const struct value *input = NULL;

	for (const struct shell_stage *stage = pipeline->stages; stage; stage = stage->next) {
		struct collector *output = arena_new(engine->arena, struct collector);
		enum status status = STATUS_UNKNOWN;

		if (!output)
			return engine_memory(engine);
		if (!run_stage(engine, shell, stage, input, stage->next ? output : NULL, &status))
			return false;
		data = builder_value(&output->text);
		input = &data;
		shell->status = status;
	}
	return true;
}

static bool run_pipeline(struct engine *engine, struct shell *shell, const void *what)
{
	const struct shell_pipeline *pipeline = what;

	if (!pipeline->stages) {
		shell->status = STATUS_UNKNOWN;
		return true;
	}
	if (pipeline->count == 1 && !pipeline->stages->next) {
		if (!walk_command(engine, shell, pipeline->stages->command))
			return false;
	} else if (!run_stages(engine, shell, pipeline)) {
		return false;
	}
	if (pipeline->negated && shell->status != STATUS_UNKNOWN)
		shell->status = shell->status == STATUS_SUCCESS ? STATUS_FAILURE : STATUS_SUCCESS;
	return true;
}

static bool run_background(struct engine *engine, struct shell *shell,
                           const struct shell_pipeline *pipeline)
{
	struct shell copy = *shell;

	copy.branching = true;
	copy.traps = NULL;
	shell->status = STATUS_SUCCESS;
	return run_pipeline(engine, &copy, pipeline) && run_traps(engine, &copy);
}

/* `before` is what stands between the previous pipeline and this one. */
static bool run_next(struct engine *engine, struct shell *shell,
                     const struct shell_pipeline *pipeline, unsigned before)
{
	bool wants_success = before == SHELL_LIST_AND;
	enum status wanted = wants_success ? STATUS_SUCCESS : STATUS_FAILURE;

	if (shell->dead)
		return run_dead(engine, shell, run_pipeline, pipeline);
	if (before != SHELL_LIST_AND && before != SHELL_LIST_OR)
		return pipeline->connector == SHELL_LIST_BACKGROUND
		               ? run_background(engine, shell, pipeline)
		               : run_pipeline(engine, shell, pipeline);
	if (shell->status == STATUS_UNKNOWN)
		return run_perhaps(engine, shell, run_pipeline, pipeline);
	if (shell->status != wanted)
		return run_dead(engine, shell, run_pipeline, pipeline);
	return run_pipeline(engine, shell, pipeline);
}

static bool run_list(struct engine *engine, struct shell *shell, const struct shell_script *script)
{
	unsigned before = SHELL_LIST_END;

	for (const struct shell_pipeline *p = script->pipelines; p && !engine->stopped;
	     p = p->next) {
		if (!run_next(engine, shell, p, before))
			return false;
		before = (unsigned)p->connector;
	}
	return true;
}

bool run_script(struct engine *engine, struct shell *shell, const struct shell_script *script)
{
	bool good;

	if (!script || engine->stopped)
		return true;
	if (engine->nesting >= MAX_NESTING) {
		engine_stop(engine, "scripts are nested too deep to follow");
		return true;
	}
	engine->nesting++;
	good = run_list(engine, shell, script);
	engine->nesting--;
	return good;
}

/* ---- if, loops, case ---- */

static bool run_if(struct engine *engine, struct shell *shell, const struct shell_command *command)
{
	struct shell base, other;

	if (!run_script(engine, shell, command->condition))
		return false;
	base = other = *shell;
	if (shell->status == STATUS_FAILURE)
		return run_dead(engine, shell, script_branch, command->body) &&
		       run_script(engine, shell, command->otherwise);
	if (shell->status == STATUS_SUCCESS)
		return run_script(engine, shell, command->body) &&
		       run_dead(engine, &other, script_branch, command->otherwise);
	return run_script(engine, shell, command->body) &&
	       run_script(engine, &other, command->otherwise) &&
	       shell_join(engine, shell, &other, &base);
}

static bool changed(const struct shell *a, const struct shell *b)
{
	return a->assigned != b->assigned || !value_equal(&a->cwd, &b->cwd) ||
	       a->functions.root != b->functions.root;
}

static bool run_while(struct engine *engine, struct shell *shell,
                      const struct shell_command *command)
{
	bool until = command->kind == SHELL_UNTIL;

	for (int round = 0; round < 2; round++) {
		struct shell base = *shell, body;

		if (!run_script(engine, shell, command->condition))
			return false;
		if (shell->status == (until ? STATUS_SUCCESS : STATUS_FAILURE))
			return run_dead(engine, shell, script_branch, command->body);
		body = *shell;
		if (!run_script(engine, &body, command->body) ||
		    !shell_join(engine, shell, &body, &base))
			return false;
		if (!changed(shell, &base))
			break;
	}
	shell->status = STATUS_UNKNOWN;
	return true;
}

/* A pattern as a loop's value: a name that it matches. */
static struct value name_of_match(const struct field *field)
{
	struct span text = field->value.head;
	size_t end = text.len;
	struct value value = { .head = span_slice(text, 0, field->glob_at),
		               .origins = field->value.origins | ORIGIN_GLOB };

	while (end > field->glob_at && text.ptr[end - 1] != '*' && text.ptr[end - 1] != '?' &&
	       text.ptr[end - 1] != ']')
		end--;
	value.tail = span_from(text, end);
	return value;
}

static bool run_round(struct engine *engine, struct shell *shell,
                      const struct shell_command *command, const struct value *value)
{
	return shell_set(engine, shell, command->name, value, false) &&
	       run_script(engine, shell, command->body);
}

static bool loop_words(struct engine *engine, struct shell *shell,
                       const struct shell_command *command, struct fields *fields)
{
	if (command->has_in)
		return expand_words(engine, shell, command->words, fields);
	for (size_t i = 0; i < shell->param_count; i++) {
		struct field field = field_of(shell->params[i], command->start, command->end);

		if (!fields_add(engine, fields, &field))
			return false;
	}
	fields->open_ended = !shell->params_known;
	return true;
}

static bool run_for(struct engine *engine, struct shell *shell, const struct shell_command *command)
{
	struct fields fields = { 0 };
	struct shell base;
	unsigned origins = 0;
	bool more;

	if (!loop_words(engine, shell, command, &fields))
		return false;
	base = *shell;
	more = fields.open_ended || fields.count > MAX_ROUNDS;
	for (size_t i = 0; i < fields.count && !engine->stopped; i++) {
		struct field *field = &fields.items[i];
		struct value value = field->glob ? name_of_match(field) : field->value;

		origins |= value.origins;
		if (i < MAX_ROUNDS && !run_round(engine, shell, command, &value))
			return false;
	}
	if (more) {
		struct value any = value_unknown(origins | ORIGIN_INPUT);

		if (!run_round(engine, shell, command, &any))
			return false;
	}
	shell->status = STATUS_UNKNOWN;
	return fields.count > 0 && !more ? true : shell_join(engine, shell, &base, &base);
}

static bool run_for_arith(struct engine *engine, struct shell *shell,
                          const struct shell_command *command)
{
	struct shell base = *shell, body;
	long long number;
	bool known;

	if (!arith_word(engine, shell, command->expression, &number, &known) ||
	    !arith_word(engine, shell, command->expression2, &number, &known))
		return false;
	body = *shell;
	return run_script(engine, &body, command->body) &&
	       arith_word(engine, &body, command->expression3, &number, &known) &&
	       shell_join(engine, shell, &body, &base);
}

static bool run_select(struct engine *engine, struct shell *shell,
                       const struct shell_command *command)
{
	struct value any = value_unknown(ORIGIN_INPUT);
	struct fields fields = { 0 };

	return loop_words(engine, shell, command, &fields) &&
	       run_round(engine, shell, command, &any);
}

enum answer { NO, MAYBE, YES };

static bool item_matches(struct engine *engine, struct shell *shell,
                         const struct shell_case_item *item, const struct value *subject,
                         enum answer *answer)
{
	struct value pattern;

	*answer = NO;
	for (const struct shell_word *word = item->patterns; word; word = word->next) {
		if (!expand_pattern(engine, shell, word, &pattern))
			return false;
		if (pattern.complete &&
		    (span_equal(pattern.head, SPAN("*")) ||
		     (subject->complete && glob_component(pattern.head, subject->head)))) {
			*answer = YES;
			return true;
		}
		if (!pattern.complete || !subject->complete ||
		    span_find_byte(pattern.head, '(', NULL))
			*answer = MAYBE;
	}
	return true;
}

static bool run_case(struct engine *engine, struct shell *shell,
                     const struct shell_command *command)
{
	struct value subject;
	struct shell base;
	bool over = false, falls = false;

	if (!expand_value(engine, shell, command->subject, &subject))
		return false;
	base = *shell;
	for (const struct shell_case_item *item = command->items; item; item = item->next) {
		enum answer answer = NO;
		struct shell taken = base;

		if (!over && !item_matches(engine, &taken, item, &subject, &answer))
			return false;
		if (answer == NO && !falls) {
			if (!run_dead(engine, &taken, script_branch, item->body))
				return false;
			continue;
		}
		if (!run_script(engine, &taken, item->body))
			return false;
		falls = item->end == SHELL_CASE_FALL;
		if (answer == YES && !over && item->end == SHELL_CASE_BREAK &&
		    shell->assigned == base.assigned && value_equal(&shell->cwd, &base.cwd))
			*shell = taken; /* the first that may match, and it does */
		else if (!shell_join(engine, shell, &taken, &base))
			return false;
		over = over || (answer == YES && item->end == SHELL_CASE_BREAK);
	}
	return true;
}

/* ---- conditions, the rest ---- */

static bool run_condition(struct engine *engine, struct shell *shell,
                          const struct shell_condition *test, unsigned depth)
{
	struct value left, right;
	long long number;
	bool known, numeric;

	if (!test || depth > MAX_NESTING)
		return true;
	if (!expand_value(engine, shell, test->left, &left) ||
	    !expand_value(engine, shell, test->right, &right) ||
	    !run_condition(engine, shell, test->a, depth + 1) ||
	    !run_condition(engine, shell, test->b, depth + 1))
		return false;
	/* -eq and its like calculate, and -v looks a subscript up. */
	numeric = test->op.len == 3 && test->op.ptr[0] == '-';
	if (numeric && test->kind == SHELL_CONDITION_BINARY)
		return arith_value(engine, shell, &left, &number, &known) &&
		       arith_value(engine, shell, &right, &number, &known);
	if (test->kind == SHELL_CONDITION_UNARY && span_equal(test->op, SPAN("-v")) &&
	    span_find_byte(right.head, '[', NULL))
		return arith_value(engine, shell, &right, &number, &known);
	return true;
}

static bool run_arith(struct engine *engine, struct shell *shell,
                      const struct shell_command *command)
{
	long long number;
	bool known;

	if (!arith_word(engine, shell, command->expression, &number, &known))
		return false;
	shell->status = !known ? STATUS_UNKNOWN : number != 0 ? STATUS_SUCCESS : STATUS_FAILURE;
	return true;
}

static bool run_subshell(struct engine *engine, struct shell *shell,
                         const struct shell_script *script)
{
	struct shell copy = *shell;

	copy.traps = NULL;
	if (!run_script(engine, &copy, script) || !run_traps(engine, &copy))
		return false;
	shell->status = copy.status;
	return true;
}

static bool run_compound(struct engine *engine, struct shell *shell,
                         const struct shell_command *command)
{
	struct shell copy = *shell;

	switch (command->kind) {
	case SHELL_SIMPLE:
		return run_simple(engine, shell, command);
	case SHELL_SUBSHELL:
		return run_subshell(engine, shell, command->body);
	case SHELL_GROUP:
		return run_script(engine, shell, command->body);
	case SHELL_IF:
		return run_if(engine, shell, command);
	case SHELL_WHILE:
	case SHELL_UNTIL:
		return run_while(engine, shell, command);
	case SHELL_FOR:
		return run_for(engine, shell, command);
	case SHELL_FOR_ARITH:
		return run_for_arith(engine, shell, command);
	case SHELL_SELECT:
		return run_select(engine, shell, command);
	case SHELL_CASE:
		return run_case(engine, shell, command);
	case SHELL_FUNCTION:
		return function_define(engine, shell, command);
	case SHELL_ARITH:
		return run_arith(engine, shell, command);
	case SHELL_CONDITION:
		shell->status = STATUS_UNKNOWN;
		return run_condition(engine, shell, command->test, 0);
	case SHELL_COPROC:
		copy.branching = true;
		return walk_command(engine, &copy, command->inner);
	}
	return true;
}

bool walk_command(struct engine *engine, struct shell *shell, const struct shell_command *command)
{
	const struct streams *streams = shell->streams;
	struct site site = site_at(engine, command->start, command->end, engine->parent);
	bool good;

	if (!engine_step(engine, &site))
		return true;
	if (command->kind == SHELL_SIMPLE || command->kind == SHELL_FUNCTION)
		return run_compound(engine, shell, command);
	if (engine->nesting >= MAX_NESTING) {
		engine_stop(engine, "commands are nested too deep to follow");
		return true;
	}
	engine->nesting++;
	good = apply_redirects(engine, shell, command->redirects, NULL) &&
	       run_compound(engine, shell, command);
	engine->nesting--;
	shell->streams = streams;
	return good;
}

/* ---- scripts from elsewhere ---- */

bool run_captured(struct engine *engine, const struct shell *shell,
                  const struct shell_script *script, struct value *output)
{
	struct collector *collector = arena_new(engine->arena, struct collector);
	struct shell copy = *shell;

	if (!collector)
		return engine_memory(engine);
	copy.traps = NULL;
	if (!shell_set_output(engine, &copy, 1, collector) || !run_script(engine, &copy, script) ||
	    !run_traps(engine, &copy))
		return false;
	*output = builder_value(&collector->text);
	return true;
}

bool walk_text(struct engine *engine, struct shell *shell, struct span text,
               const struct site *site)
{
	bool fixed = engine->fixed, good;
	size_t start = engine->start, end = engine->end;
	struct shell_script *script;
	struct problem problem;

	if (!shell_parse(text, NULL, engine->arena, &script, &problem)) {
		if (problem.kind == PROBLEM_MEMORY)
			return engine_memory(engine);
		return effect_unknown(engine, site, SPAN(""), "shell text that does not parse");
	}
	if (engine->depth >= engine->limits->depth) {
		engine_stop(engine, "commands run commands too deep to follow");
		return true;
	}
	engine->depth++;
	engine->fixed = true;
	engine->start = site->start;
	engine->end = site->end;
	good = run_script(engine, shell, script);
	engine->fixed = fixed;
	engine->start = start;
	engine->end = end;
	engine->depth--;
	return good;
}

bool run_text_apart(struct engine *engine, const struct shell *shell, struct span text,
                    const struct site *site)
{
	struct shell copy = *shell;

	copy.traps = NULL;
	copy.calls = NULL;
	return walk_text(engine, &copy, text, site) && run_traps(engine, &copy);
}

bool run_traps(struct engine *engine, struct shell *shell)
{
	const struct trap *traps = shell->traps;
	unsigned flags = engine->flags;
	bool good = true;

	shell->traps = NULL;
	shell->dead = false;
	engine->flags |= EFFECT_LATER;
	for (const struct trap *trap = traps; trap && good; trap = trap->next) {
		struct site site = { trap->start, trap->end, engine->parent };
		struct shell copy = *shell;

		if (trap->text.complete)
			good = walk_text(engine, &copy, trap->text.head, &site);
	}
	engine->flags = flags;
	return good;
}
