/*
 * A program that the tables do not know may run its arguments, and may do anything to the files
 * among them: `retry-n 3 rm -rf ~`.  What can be said of its words is said, as a guess.
 */
#include "base/path.h"
#include "effect/engine.h"

/* The part of a word that may be a path: behind "@", "--file=", "-o". */
static struct span path_part(struct span word)
{
	size_t at;

	if (span_starts(word, SPAN("@")))
		return span_from(word, 1);
	if (span_starts(word, SPAN("-")) && span_find_byte(word, '=', &at))
		word = span_from(word, at + 1);
	else if (span_starts(word, SPAN("-")) && span_find_byte(word, '/', &at))
		word = span_from(word, at);
	if (span_starts(word, SPAN("@")))
		return span_from(word, 1);
	return word;
}

static bool is_sensitive(enum place place)
{
	return is_secret(place) || place == PLACE_BAILIFF || place == PLACE_OTHER_HOME ||
	       place == PLACE_DEVICE || place == PLACE_SOCKET || place == PLACE_AGENT ||
	       place == PLACE_STARTUP;
}

/* A protected file among the operands is read, at least. */
static bool inspect_operand(struct running *run, const struct field *word)
{
	struct field field = *word;
	struct target target;
	struct span part = path_part(word->value.head);

	field.glob_at -= field.glob_at > word->value.head.len - part.len
	                         ? word->value.head.len - part.len
	                         : field.glob_at;
	field.value.head = part;
	if (part.len == 0 || !span_find_byte(part, '/', NULL)) {
		if (part.len == 0 || part.ptr[0] != '.')
			return true;
	}
	if (!target_of(run->engine, run->shell, &field, false, false, &target))
		return false;
	if (!is_sensitive(target.facts.place))
		return true;
	return effect_on_path(run->engine, run->shell, EFFECT_READ, 0, &field, &run->site);
}

static bool is_program(struct running *run, const struct field *field, bool *program)
{
	struct command_arg arg = { field->value.head, true };
	struct command_match match;

	*program = false;
	if (!field->value.complete || field->glob || field->value.head.len == 0 ||
	    field->value.head.ptr[0] == '-' || field->value.head.ptr[0] == '.')
		return true;
	if (!command_match(&arg, 1, run->engine->arena, &match, run->engine->problem))
		return false;
	*program = match.spec != NULL && !match.builtin;
	return true;
}

bool follow_unknown(struct running *run)
{
	struct engine *engine = run->engine;
	const struct fields *words = &run->invocation->words;
	bool guessed = engine->guessed, program, good = true;

	engine->guessed = true;
	for (size_t i = 1; i < words->count && good && !engine->stopped; i++)
		good = inspect_operand(run, &words->items[i]);
	for (size_t i = 1; i + 1 < words->count && good && !engine->stopped; i++) {
		good = is_program(run, &words->items[i], &program);
		if (!good || !program)
			continue;
		good = run_words(run, i, words->count - i, false);
		break;
	}
	engine->guessed = guessed;
	return good;
}
