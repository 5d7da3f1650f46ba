/* Builtins that set variables: manual 4.1, 4.2, 4.3. */
#include "effect/builtins.h"

static const struct value *word_at(const struct running *run, size_t i)
{
	return i < run->invocation->words.count ? &run->invocation->words.items[i].value : NULL;
}

/* One that is known to be there. */
static const struct value *word(const struct running *run, size_t i)
{
	return &run->invocation->words.items[i].value;
}

static bool has_flag(const struct value *word, char flag)
{
	return word && word->complete && word->head.len > 1 && word->head.ptr[0] == '-' &&
	       span_find_byte(word->head, flag, NULL);
}

/* ---- declare and its like ---- */

struct declaration {
	bool local, global, reference, associative, array, function, changes;
};

static bool remember_local(struct running *run, struct span name)
{
	struct shell *shell = run->shell;
	struct local *local;

	if (!shell->calls)
		return true;
	local = arena_new(run->engine->arena, struct local);
	if (!local)
		return engine_memory(run->engine);
	*local = (struct local){ name, map_get(shell->variables, name), shell->locals };
	shell->locals = local;
	return true;
}

static bool declare_reference(struct running *run, struct span name, const struct value *value)
{
	struct variable variable = { .name = name, .reference = true, .count = 1 };

	variable.values[0] = *value;
	return shell_store(run->engine, run->shell, &variable);
}

static bool declare_array(struct running *run, struct span name, bool associative)
{
	const struct variable *old = map_get(run->shell->variables, name);
	struct variable variable = { .name = name, .array = true, .elements_known = true };

	if (old && old->array)
		variable = *old;
	variable.associative = associative;
	return shell_store(run->engine, run->shell, &variable);
}

/* "name=(...)" reaches here as text: its elements are not followed, but what they run is. */
static bool declare_list(struct running *run, struct span name, const struct value *text)
{
	struct variable variable = { .name = name, .array = true };
	struct text script = { 0 };

	if (!shell_store(run->engine, run->shell, &variable))
		return false;
	if (!text_add(run->engine->arena, &script, name) ||
	    !text_add(run->engine->arena, &script, SPAN("=")) ||
	    !text_add(run->engine->arena, &script, text->head))
		return engine_memory(run->engine);
	return walk_text(run->engine, run->shell, text_span(&script), &run->site);
}

/* -i, -l, -u: whatever is assigned from here on is changed. */
static bool declare_changes(struct running *run, struct span name)
{
	const struct variable *old = shell_variable(run->shell, name);
	struct variable variable = { .name = name };

	if (old)
		variable = *old;
	variable.changes = true;
	return shell_store(run->engine, run->shell, &variable);
}

static bool declare_one(struct running *run, const struct declaration *how,
                        const struct value *word)
{
	struct span name = word->head;
	struct value value = *word;
	size_t equal;
	bool assigns = span_find_byte(word->head, '=', &equal), append = false;

	if (assigns)
		name = span_slice(word->head, 0, equal);
	if (assigns && name.len > 0 && name.ptr[name.len - 1] == '+') {
		append = true;
		name.len--;
	}
	if (how->local && !remember_local(run, name))
		return false;
	if (!is_name(name)) {
		/* declare 'a[$(cmd)]=1' works its subscript out */
		long long number;
		bool known;
		struct value subscript = value_of(name);

		return !span_find_byte(name, '[', NULL) ||
		       arith_value(run->engine, run->shell, &subscript, &number, &known);
	}
	if (how->changes && !declare_changes(run, name))
		return false;
	if (!assigns) {
		if (how->array || how->associative)
			return declare_array(run, name, how->associative);
		if (how->local)
			return shell_unset(run->engine, run->shell, name);
		return true;
	}
	value.head = span_from(word->head, equal + 1);
	if (how->reference)
		return declare_reference(run, name, &value);
	if (span_starts(value.head, SPAN("(")) && value.complete)
		return declare_list(run, name, &value);
	return shell_set(run->engine, run->shell, name, &value, append) &&
	       environment_set(run->engine, run->shell, name, &value, &run->site);
}

/* Without names these print every variable. */
static bool print_environment(struct running *run)
{
	struct value output = value_unknown(ORIGIN_ENVIRONMENT | ORIGIN_SECRET);

	output.source = SPAN("environment");
	return shell_print_value(run->engine, run->shell, &output);
}

bool builtin_declare(struct running *run)
{
	struct span name = run->command->name;
	struct declaration how = { .local = span_equal(name, SPAN("local")) };
	size_t names = 0;

	if ((span_equal(name, SPAN("declare")) || span_equal(name, SPAN("typeset"))) &&
	    run->shell->calls)
		how.local = true;
	run->shell->status = STATUS_SUCCESS;
	for (size_t i = 1; i < run->invocation->words.count; i++) {
		const struct value *given = word(run, i);

		if (given->head.len > 0 &&
		    (given->head.ptr[0] == '-' || given->head.ptr[0] == '+')) {
			how.reference = how.reference || has_flag(given, 'n');
			how.changes = how.changes || has_flag(given, 'i') || has_flag(given, 'l') ||
			              has_flag(given, 'u') || has_flag(given, 'c');
			how.associative = how.associative || has_flag(given, 'A');
			how.array = how.array || has_flag(given, 'a');
			how.local = how.local && !has_flag(given, 'g');
			continue;
		}
		names++;
		if (!declare_one(run, &how, given))
			return false;
	}
	return names > 0 || print_environment(run);
}

bool builtin_unset(struct running *run)
{
	for (size_t i = 1; i < run->invocation->words.count; i++) {
		const struct value *given = word(run, i);
		long long number;
		bool known;

		if (!given->complete || given->head.len == 0 || given->head.ptr[0] == '-')
			continue;
		if (!is_name(given->head)) {
			if (!arith_value(run->engine, run->shell, given, &number, &known))
				return false;
			continue;
		}
		if (!shell_unset(run->engine, run->shell, given->head) ||
		    !map_put(run->engine->arena, &run->shell->functions, given->head, NULL))
			return engine_memory(run->engine);
	}
	return true;
}

/* ---- positional parameters ---- */

static bool set_params(struct running *run, size_t first)
{
	size_t count = run->invocation->words.count - first;
	struct value *params = arena_array(run->engine->arena, struct value, count);

	if (!params)
		return engine_memory(run->engine);
	run->shell->params_known = !run->invocation->words.open_ended;
	for (size_t i = 0; i < count; i++) {
		params[i] = *word(run, first + i);
		if (run->invocation->words.items[first + i].many ||
		    run->invocation->words.items[first + i].glob)
			run->shell->params_known = false;
	}
	run->shell->params = params;
	run->shell->param_count = count;
	return true;
}

bool builtin_set(struct running *run)
{
	size_t at = 1;

	if (run->invocation->words.count == 1)
		return print_environment(run);
	for (; at < run->invocation->words.count; at++) {
		const struct value *given = word(run, at);

		if (!given->complete || given->head.len == 0 ||
		    (given->head.ptr[0] != '-' && given->head.ptr[0] != '+'))
			return set_params(run, at);
		if (span_equal(given->head, SPAN("--")) || span_equal(given->head, SPAN("-")))
			return set_params(run, at + 1);
		if (has_flag(given, 'f'))
			run->shell->noglob = true;
		if (given->head.ptr[given->head.len - 1] == 'o')
			at++;
	}
	return true;
}

bool builtin_shift(struct running *run)
{
	struct shell *shell = run->shell;
	const struct value *word = word_at(run, 1);
	size_t by = 1;

	if (word && word->complete && word->head.len == 1 && word->head.ptr[0] >= '0' &&
	    word->head.ptr[0] <= '9')
		by = (size_t)(word->head.ptr[0] - '0');
	else if (word)
		shell->params_known = false;
	if (by > shell->param_count)
		by = shell->param_count;
	if (by == 0)
		return true;
	shell->params += by;
	shell->param_count -= by;
	return true;
}

/* ---- read, mapfile ---- */

static struct span first_line(struct span text)
{
	size_t at;

	return span_find_byte(text, '\n', &at) ? span_slice(text, 0, at) : text;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* The next word of a line; all that is left for the last name. */
static struct span next_word(struct span *rest, bool last)
{
	size_t end = 0;
	struct span word;

	*rest = span_trim(*rest);
	while (end < rest->len && (last || !is_blank(rest->ptr[end])))
		end++;
	word = span_slice(*rest, 0, end);
	*rest = span_from(*rest, end);
	return word;
}

static bool read_into(struct running *run, size_t first, const struct value *input)
{
	struct span rest = first_line(input->head);
	size_t count = run->invocation->words.count;

	if (first >= count) {
		struct value line = input->complete ? value_of(rest)
		                                    : value_unknown(input->origins);

		return shell_set(run->engine, run->shell, SPAN("REPLY"), &line, false);
	}
	for (size_t i = first; i < count; i++) {
		const struct value *name = word(run, i);
		struct value value = value_unknown(input->origins | ORIGIN_INPUT);

		value.source = input->source;
		if (input->complete)
			value = value_of(next_word(&rest, i + 1 == count));
		value.origins |= input->origins & (ORIGIN_NET | ORIGIN_SECRET);
		if (name->complete && is_name(name->head) &&
		    !shell_set(run->engine, run->shell, name->head, &value, false))
			return false;
	}
	return true;
}

bool builtin_read(struct running *run)
{
	struct value input = stream_input(run->shell, 0);
	size_t at = 1;
	bool array = false;

	for (; at < run->invocation->words.count; at++) {
		struct span option = word(run, at)->head;
		char last;

		if (option.len < 2 || option.ptr[0] != '-')
			break;
		last = option.ptr[option.len - 1];
		if (last == 'u' && at + 1 < run->invocation->words.count) {
			struct span fd = word(run, at + 1)->head;

			if (fd.len == 1 && fd.ptr[0] >= '0' && fd.ptr[0] <= '9')
				input = stream_input(run->shell, (size_t)(fd.ptr[0] - '0'));
		}
		array = array || last == 'a';
		if (span_find_byte(SPAN("adinNptu"), last, NULL))
			at++;
	}
	/* In a loop there will be other lines. */
	if (run->engine->nesting > 1 && input.complete && span_find_byte(input.head, '\n', NULL) &&
	    first_line(input.head).len + 1 < input.head.len)
		input = value_unknown(input.origins | ORIGIN_INPUT);
	if (array)
		return true;
	return read_into(run, at, &input);
}

bool builtin_mapfile(struct running *run)
{
	struct variable variable = { .name = SPAN("MAPFILE"), .array = true };
	size_t count = run->invocation->words.count;

	for (size_t i = 1; i < count; i++) {
		const struct value *given = word(run, i);

		if (has_flag(given, 'C') && i + 1 < count) {
			if (!run_shell_value(run, word(run, i + 1)))
				return false;
		}
		if (given->complete && given->head.len > 0 && given->head.ptr[0] == '-') {
			if (!has_flag(given, 't') || given->head.len > 2)
				i++;
			continue;
		}
		if (given->complete && is_name(given->head))
			variable.name = given->head;
	}
	return shell_store(run->engine, run->shell, &variable);
}

/* ---- calculations ---- */

bool builtin_let(struct running *run)
{
	long long number;
	bool known;

	for (size_t i = 1; i < run->invocation->words.count; i++)
		if (!arith_value(run->engine, run->shell, word(run, i), &number, &known))
			return false;
	return true;
}

bool builtin_getopts(struct running *run)
{
	const struct value *name = word_at(run, 2);
	struct value value = value_unknown(ORIGIN_INPUT);

	if (!shell_set(run->engine, run->shell, SPAN("OPTARG"), &value, false))
		return false;
	return !name || !is_name(name->head) ||
	       shell_set(run->engine, run->shell, name->head, &value, false);
}

/* test -v 'a[$(cmd)]' works its subscript out: manual 6.4. */
bool builtin_test(struct running *run)
{
	long long number;
	bool known;

	for (size_t i = 1; i + 1 < run->invocation->words.count; i++)
		if (span_equal(word(run, i)->head, SPAN("-v")) &&
		    span_find_byte(word(run, i + 1)->head, '[', NULL))
			return arith_value(run->engine, run->shell, word(run, i + 1), &number,
			                   &known);
	return true;
}
