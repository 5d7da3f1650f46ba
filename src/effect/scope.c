/* Variables: what the script sets is known, what the environment gives is not. */
#include "effect/engine.h"

#include <string.h>

bool is_name(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		              byte == '_';

		if (!letter && (i == 0 || byte < '0' || byte > '9'))
			return false;
	}
	return text.len > 0;
}

const struct variable *shell_variable(const struct shell *shell, struct span name)
{
	const struct variable *variable = map_get(shell->variables, name);

	/* A reference to a reference is followed once more; a circle is nothing. */
	for (int hops = 0; variable && variable->reference && hops < 8; hops++) {
		if (variable->count != 1 || !variable->values[0].complete ||
		    !is_name(variable->values[0].head))
			return variable;
		const struct variable *next = map_get(shell->variables, variable->values[0].head);

		if (!next)
			return NULL;
		variable = next;
	}
	return variable;
}

bool shell_store(struct engine *engine, struct shell *shell, const struct variable *variable)
{
	struct variable *copy = arena_new(engine->arena, struct variable);
	struct assigned *note = arena_new(engine->arena, struct assigned);

	if (!copy || !note)
		return engine_memory(engine);
	*copy = *variable;
	note->name = variable->name;
	note->next = shell->assigned;
	shell->assigned = note;
	return map_put(engine->arena, &shell->variables, copy->name, copy) || engine_memory(engine);
}

/* Variables that every program is started with: what a script assigns to them it passes on. */
static bool in_environment(struct span name)
{
	static const struct span names[] = {
		SPAN_INIT("HOME"), SPAN_INIT("PATH"),  SPAN_INIT("PWD"),    SPAN_INIT("OLDPWD"),
		SPAN_INIT("USER"), SPAN_INIT("SHELL"), SPAN_INIT("TMPDIR"), SPAN_INIT("LOGNAME"),
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (span_equal(names[i], name))
			return true;
	}
	return false;
}

/* A value more that it may have: none at all. */
static bool may_be_unset(struct engine *engine, struct shell *shell,
                         const struct variable *variable)
{
	struct variable *copy;

	for (size_t i = 0; i < variable->count; i++) {
		if (variable->values[i].complete && variable->values[i].head.len == 0)
			return true;
	}
	if (variable->count == MAX_VALUES || variable->array || variable->associative)
		return map_put(engine->arena, &shell->variables, variable->name, NULL) ||
		       engine_memory(engine);
	copy = arena_new(engine->arena, struct variable);
	if (!copy)
		return engine_memory(engine);
	*copy = *variable;
	copy->values[copy->count++] = (struct value){ .complete = true };
	return map_put(engine->arena, &shell->variables, copy->name, copy) || engine_memory(engine);
}

bool shell_child(struct engine *engine, struct shell *shell)
{
	enum { MOST = 256 };
	size_t count = 0;

	shell->functions = (struct map){ 0 };
	for (const struct assigned *note = shell->assigned; note; note = note->next) {
		const struct variable *variable = map_get(shell->variables, note->name);

		if (++count > MOST) { /* more than is worth following: all of them are unknown */
			shell->variables = (struct map){ 0 };
			return true;
		}
		if (variable && !in_environment(note->name) &&
		    !may_be_unset(engine, shell, variable))
			return false;
	}
	return true;
}

static struct variable start_from(const struct shell *shell, struct span name)
{
	const struct variable *old = shell_variable(shell, name);
	struct variable fresh = { .name = name };

	if (old) {
		fresh = *old;
		fresh.reference = false;
	}
	return fresh;
}

/* Adds to each value that it may have. */
static bool append_to(struct engine *engine, struct variable *variable, const struct value *value)
{
	if (variable->count == 0) {
		variable->values[0] = *value;
		variable->count = 1;
		return true;
	}
	for (size_t i = 0; i < variable->count; i++) {
		struct value_builder builder = { 0 };

		if (!builder_add(engine->arena, &builder, &variable->values[i]) ||
		    !builder_add(engine->arena, &builder, value))
			return engine_memory(engine);
		variable->values[i] = builder_value(&builder);
	}
	return true;
}

bool shell_set(struct engine *engine, struct shell *shell, struct span name,
               const struct value *value, bool append)
{
	struct variable variable = start_from(shell, name);

	struct value changed = value_unknown(value->origins | ORIGIN_COMMAND);

	if (variable.array)
		return shell_set_element(engine, shell, variable.name, SPAN("0"),
		                         append ? &changed : value);
	if (variable.changes) {
		value = &changed;
		append = false;
	}
	if (append) {
		if (variable.count == 0 && !map_get(shell->variables, name))
			variable.values[variable.count++] = value_unknown(ORIGIN_ENVIRONMENT);
		if (!append_to(engine, &variable, value))
			return false;
	} else {
		variable.values[0] = *value;
		variable.count = 1;
	}
	return shell_store(engine, shell, &variable);
}

bool read_index(struct span text, size_t *number)
{
	*number = 0;
	if (text.len == 0 || text.len > 9)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		*number = *number * 10 + (size_t)(text.ptr[i] - '0');
	}
	return true;
}

size_t variable_next(const struct variable *variable)
{
	size_t last;

	return variable->elements && read_index(variable->elements->key, &last) ? last + 1 : 0;
}

bool variable_put(struct engine *engine, struct variable *variable, struct span key,
                  const struct value *value)
{
	const struct element **link = &variable->elements, *old = variable->elements;
	size_t number = 0, other;
	struct element *element;

	if (!variable->associative && !read_index(key, &number)) {
		variable->elements = NULL;
		variable->elements_known = false;
		old = NULL;
	}
	/* Shells share their elements: those in front are copied. */
	for (; old; old = old->next) {
		if (span_equal(old->key, key)) {
			old = old->next;
			break;
		}
		if (!variable->associative && read_index(old->key, &other) && other < number)
			break;
		element = arena_new(engine->arena, struct element);
		if (!element)
			return engine_memory(engine);
		*element = *old;
		element->next = NULL;
		*link = element;
		link = &element->next;
		engine->steps += variable->associative;
	}
	element = arena_new(engine->arena, struct element);
	if (!element)
		return engine_memory(engine);
	*element = (struct element){ key, *value, old };
	*link = element;
	return true;
}

bool shell_set_element(struct engine *engine, struct shell *shell, struct span name,
                       struct span key, const struct value *value)
{
	struct variable variable = start_from(shell, name);
	struct value changed = value_unknown(value->origins | ORIGIN_COMMAND);

	if (!variable.array) {
		variable.elements_known = true;
		variable.array = true;
		/* What it held is element 0. */
		if (variable.count > 0 &&
		    !variable_put(engine, &variable, SPAN("0"), &variable.values[0]))
			return false;
		variable.elements_known = variable.count < 2;
	}
	if (!variable_put(engine, &variable, key, variable.changes ? &changed : value))
		return false;
	return shell_store(engine, shell, &variable);
}

bool shell_unset(struct engine *engine, struct shell *shell, struct span name)
{
	struct variable variable = { .name = name };

	return shell_store(engine, shell, &variable);
}

static bool is_number_variable(struct span name)
{
	static const struct span names[] = { SPAN_INIT("RANDOM"),  SPAN_INIT("SRANDOM"),
		                             SPAN_INIT("SECONDS"), SPAN_INIT("UID"),
		                             SPAN_INIT("EUID"),    SPAN_INIT("PPID"),
		                             SPAN_INIT("BASHPID"), SPAN_INIT("LINENO"),
		                             SPAN_INIT("COLUMNS"), SPAN_INIT("LINES") };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_equal(names[i], name))
			return true;
	return false;
}

struct value shell_value(struct engine *engine, const struct shell *shell, struct span name)
{
	const struct variable *variable = shell_variable(shell, name);

	if (!variable) {
		/* Digits cannot lead anywhere: treated like a name that a program made. */
		return value_unknown(is_number_variable(name) ? ORIGIN_TEMP : ORIGIN_ENVIRONMENT);
	}
	if (variable->count == 0)
		return value_of(SPAN(""));
	if (variable->count > engine->choices)
		engine->choices = variable->count;
	return variable->values[engine->choice % variable->count];
}

/* ---- joining branches ---- */

static bool same_variable(const struct variable *a, const struct variable *b)
{
	if (a == b)
		return true;
	if (!a || !b || a->count != b->count || a->array || b->array)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!value_equal(&a->values[i], &b->values[i]))
			return false;
	return true;
}

static void add_value(struct variable *variable, const struct value *value)
{
	for (size_t i = 0; i < variable->count; i++)
		if (value_equal(&variable->values[i], value))
			return;
	if (variable->count == MAX_VALUES) {
		variable->values[0] = value_unknown(value->origins | variable->values[0].origins |
		                                    ORIGIN_COMMAND);
		variable->count = 1;
		return;
	}
	variable->values[variable->count++] = *value;
}

static void add_values(struct variable *into, const struct variable *from)
{
	struct value unset = value_unknown(ORIGIN_ENVIRONMENT), empty = value_of(SPAN(""));

	if (!from)
		add_value(into, &unset);
	else if (from->count == 0)
		add_value(into, &empty);
	else
		for (size_t i = 0; i < from->count; i++)
			add_value(into, &from->values[i]);
}

static bool join_variable(struct engine *engine, struct shell *into, const struct shell *other,
                          struct span name)
{
	const struct variable *a = map_get(into->variables, name);
	const struct variable *b = map_get(other->variables, name);
	struct variable joined = { .name = name };

	if (same_variable(a, b))
		return true;
	joined.changes = (a && a->changes) || (b && b->changes);
	if ((a && a->array) || (b && b->array)) {
		joined.array = true;
		joined.associative = (a && a->associative) || (b && b->associative);
		joined.elements = a && a->array ? a->elements : b->elements;
	} else {
		add_values(&joined, a);
		add_values(&joined, b);
	}
	return shell_store(engine, into, &joined);
}

static bool join_names(struct engine *engine, struct shell *into, const struct shell *other,
                       const struct assigned *from, const struct assigned *until)
{
	for (; from && from != until; from = from->next)
		if (!join_variable(engine, into, other, from->name))
			return false;
	return true;
}

bool shell_join(struct engine *engine, struct shell *into, const struct shell *other,
                const struct shell *base)
{
	const struct assigned *mine = into->assigned;

	if (other->dead && !into->dead) {
		into->status = STATUS_UNKNOWN;
		return true;
	}
	if (into->dead && !other->dead) {
		*into = *other;
		into->status = STATUS_UNKNOWN;
		return true;
	}
	if (!join_names(engine, into, other, mine, base->assigned) ||
	    !join_names(engine, into, other, other->assigned, base->assigned))
		return false;
	if (!value_equal(&into->cwd, &other->cwd))
		into->cwd = value_unknown(ORIGIN_COMMAND);
	if (into->params != other->params)
		into->params_known = false;
	if (into->functions.root == base->functions.root)
		into->functions = other->functions;
	if (into->traps == base->traps)
		into->traps = other->traps;
	into->status = STATUS_UNKNOWN;
	into->noglob = into->noglob && other->noglob;
	return true;
}
