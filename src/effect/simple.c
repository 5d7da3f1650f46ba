/*
 * Simple commands: manual 3.7.1.  Where a variable in the words may have several values, the
 * command is worked out once for each.
 */
#include "effect/engine.h"

/* ---- assignments ---- */

static bool array_key(struct engine *engine, struct shell *shell,
                      const struct shell_assignment *assignment, bool associative, size_t at,
                      struct span *key)
{
	struct value value = { 0 };
	long long number = 0;
	bool known = false;

	if (assignment->index && associative) {
		if (!expand_value(engine, shell, assignment->index, &value))
			return false;
	} else if (assignment->index) {
		if (!arith_word(engine, shell, assignment->index, &number, &known))
			return false;
		if (!value_number(engine->arena, known ? number : -1, &value))
			return engine_memory(engine);
	} else if (!value_number(engine->arena, (long long)at, &value)) {
		return engine_memory(engine);
	}
	*key = value.head;
	return true;
}

/* [index]=value; *at moves behind an index that is known. */
static bool assign_at_index(struct engine *engine, struct shell *shell, struct variable *variable,
                            const struct shell_assignment *element, size_t *at)
{
	struct value value = { 0 };
	struct span key = { 0 };

	if (!array_key(engine, shell, element, variable->associative, *at, &key) ||
	    !expand_assignment(engine, shell, element->value, &value) ||
	    !variable_put(engine, variable, key, &value))
		return false;
	if (read_index(key, at))
		++*at;
	return true;
}

static bool assign_array(struct engine *engine, struct shell *shell,
                         const struct shell_assignment *assignment)
{
	const struct variable *old = shell_variable(shell, assignment->name);
	struct variable variable = { .name = assignment->name,
		                     .array = true,
		                     .elements_known = true };
	size_t at = 0;
	struct span key = { 0 };

	variable.associative = old && old->associative;
	if (assignment->append && old && old->array) {
		variable = *old;
		at = variable_next(old);
	}
	for (const struct shell_assignment *e = assignment->elements; e; e = e->next) {
		struct fields fields = { 0 };

		if (e->index) {
			if (!assign_at_index(engine, shell, &variable, e, &at))
				return false;
			continue;
		}
		if (e->value && !expand_word(engine, shell, e->value, &fields))
			return false;
		variable.elements_known = variable.elements_known && !fields.open_ended;
		for (size_t i = 0; i < fields.count; i++) {
			if (!array_key(engine, shell, e, false, at++, &key) ||
			    !variable_put(engine, &variable, key, &fields.items[i].value))
				return false;
			variable.elements_known = variable.elements_known &&
			                          !fields.items[i].many && !fields.items[i].glob;
		}
	}
	if (old && old->changes) {
		variable.changes = true;
		variable.elements = NULL;
		variable.elements_known = false;
	}
	return shell_store(engine, shell, &variable);
}

static bool assign_one(struct engine *engine, struct shell *shell,
                       const struct shell_assignment *assignment, struct value *value)
{
	struct span key = { 0 };

	*value = value_unknown(ORIGIN_COMMAND);
	if (assignment->array)
		return assign_array(engine, shell, assignment);
	if (!expand_assignment(engine, shell, assignment->value, value))
		return false;
	if (assignment->index) {
		const struct variable *old = shell_variable(shell, assignment->name);

		return array_key(engine, shell, assignment, old && old->associative, 0, &key) &&
		       shell_set_element(engine, shell, assignment->name, key, value);
	}
	return shell_set(engine, shell, assignment->name, value, assignment->append);
}

/* "NAME=value", as far as it is known. */
static bool assignment_text(struct engine *engine, struct span name, const struct value *value,
                            struct span *span)
{
	struct text text = { 0 };

	if (!text_add(engine->arena, &text, name) || !text_add(engine->arena, &text, SPAN("=")) ||
	    !text_add(engine->arena, &text, value->head))
		return engine_memory(engine);
	*span = text_span(&text);
	return true;
}

/* A variable that may end up with any of several values gets all of them. */
static bool assign_all(struct engine *engine, struct shell *shell,
                       const struct shell_assignment *list, struct invocation *invocation)
{
	size_t count = 0;

	for (const struct shell_assignment *a = list; a; a = a->next)
		count++;
	invocation->assignments = arena_array(engine->arena, struct span, count);
	if (!invocation->assignments)
		return engine_memory(engine);
	for (const struct shell_assignment *a = list; a; a = a->next) {
		struct site site = site_at(engine, a->start, a->end, engine->parent);
		struct value value;

		if (!assign_one(engine, shell, a, &value) ||
		    !assignment_text(engine, a->name, &value,
		                     &invocation->assignments[invocation->assignment_count++]) ||
		    !environment_set(engine, shell, a->name, &value, &site))
			return false;
	}
	return true;
}

/* ---- words ---- */

/* The literal first word, where it is one. */
static struct span first_word(const struct shell_word *word)
{
	const struct shell_part *part = word ? word->parts : NULL;

	return part && !part->next && part->kind == SHELL_TEXT ? part->text : SPAN("");
}

static bool declares(struct span name)
{
	static const struct span names[] = { SPAN_INIT("export"),  SPAN_INIT("declare"),
		                             SPAN_INIT("local"),   SPAN_INIT("readonly"),
		                             SPAN_INIT("typeset"), SPAN_INIT("alias") };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_equal(names[i], name))
			return true;
	return false;
}

/* NAME=... among the arguments of declare and its like is not split. */
static bool is_assignment_word(const struct shell_word *word)
{
	const struct shell_part *part = word->parts;
	size_t equal;

	if (!part || part->kind != SHELL_TEXT || part->quoted ||
	    !span_find_byte(part->text, '=', &equal))
		return false;
	return equal > 0 && part->text.ptr[0] != '-' && part->text.ptr[0] != '{';
}

static bool expand_all(struct engine *engine, struct shell *shell,
                       const struct shell_command *command, struct fields *fields)
{
	bool declaration = declares(first_word(command->words));

	for (const struct shell_word *word = command->words; word && !engine->stopped;
	     word = word->next) {
		if (declaration && is_assignment_word(word)) {
			struct value value;

			if (!expand_assignment(engine, shell, word, &value))
				return false;
			struct field field = field_of(value, word->start, word->end);

			if (!fields_add(engine, fields, &field))
				return false;
		} else if (!expand_word(engine, shell, word, fields)) {
			return false;
		}
	}
	return true;
}

/* ---- running ---- */

/* >(command): its input is what was written there. */
static bool run_pending(struct engine *engine, const struct shell *shell, struct pending *until)
{
	while (engine->pending != until && !engine->stopped) {
		struct pending *pending = engine->pending;
		const struct value *data = file_contents(engine, pending->path);
		struct value unknown = value_unknown(ORIGIN_INPUT);
		struct shell copy = *shell;

		engine->pending = pending->next;
		copy.traps = NULL;
		if (!shell_set_input(engine, &copy, data ? data : &unknown) ||
		    !run_script(engine, &copy, pending->script))
			return false;
	}
	engine->pending = until;
	return true;
}

static bool run_bare(struct engine *engine, struct shell *shell,
                     const struct shell_command *command)
{
	const struct streams *streams = shell->streams;
	struct invocation invocation = { .start = command->start };
	struct value data;

	if (!assign_all(engine, shell, command->assignments, &invocation) ||
	    !apply_redirects(engine, shell, command->redirects, NULL))
		return false;
	shell->status = STATUS_UNKNOWN;
	if (!command->assignments && command->redirects &&
	    command->redirects->op == SHELL_REDIRECT_READ) { /* $(<file) */
		data = stream_input(shell, 0);
		shell->streams = streams;
		return shell_print_value(engine, shell, &data);
	}
	shell->streams = streams;
	return true;
}

static bool run_once(struct engine *engine, struct shell *shell,
                     const struct shell_command *command)
{
	const struct streams *streams = shell->streams;
	struct map variables = shell->variables;
	struct pending *pending = engine->pending;
	struct invocation invocation = { .start = command->start, .end = command->end };

	if (!expand_all(engine, shell, command, &invocation.words))
		return false;
	if (invocation.words.count == 0 && !invocation.words.open_ended)
		return run_bare(engine, shell, command) && run_pending(engine, shell, pending);
	bool prefixed = command->assignments != NULL;

	if (prefixed && !assign_all(engine, shell, command->assignments, &invocation))
		return false;
	if (!apply_redirects(engine, shell, command->redirects, NULL) ||
	    !run_invocation(engine, shell, &invocation))
		return false;
	if (prefixed)
		shell->variables = variables;
	/* exec without a command keeps its redirections. */
	if (invocation.words.count > 1 || !span_equal(first_word(command->words), SPAN("exec")))
		shell->streams = streams;
	return run_pending(engine, shell, pending);
}

bool run_simple(struct engine *engine, struct shell *shell, const struct shell_command *command)
{
	size_t choice = engine->choice, choices = engine->choices, count;
	struct shell base = *shell;

	engine->choice = engine->choices = 0;
	if (!run_once(engine, shell, command))
		return false;
	count = engine->choices;
	for (size_t i = 1; i < count && i < MAX_VALUES && !engine->stopped; i++) {
		struct shell other = base;

		engine->choice = i;
		if (!run_once(engine, &other, command) || !shell_join(engine, shell, &other, &base))
			return false;
	}
	engine->choice = choice;
	engine->choices = choices;
	return true;
}
