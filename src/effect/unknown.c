/*
 * A program that the tables do not know may run its arguments, and may do anything to the files
 * among them: `retry-n 3 rm -rf ~`.  What can be said of its words is said, as a guess.
 */
#include "base/path.h"
#include "effect/engine.h"
#include "effect/feed.h"

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
	return is_secret(place) || place == PLACE_BAILIFF || place == PLACE_SOCKET;
}

static bool is_system(enum place place)
{
	return place == PLACE_SYSTEM_CONFIG || place == PLACE_TOOLCHAIN || place == PLACE_KERNEL ||
	       place == PLACE_ROOT || place == PLACE_STARTUP || place == PLACE_SECRET ||
	       place == PLACE_SYSTEM_SECRET;
}

/* A key's name alone, in a folder that nobody knows, is not enough for a guess. */
static bool below_home(const struct running *run, struct span path)
{
	return path_within(path, run->engine->action->paths.home) ||
	       path_within(path, SPAN("/home")) || path_within(path, SPAN("/root"));
}

/* What stands behind -o or --output is written, by every custom. */
static bool inspect_output(struct running *run, size_t at)
{
	static const struct span names[] = { SPAN_INIT("-o"),
		                             SPAN_INIT("-O"),
		                             SPAN_INIT("--output"),
		                             SPAN_INIT("--out"),
		                             SPAN_INIT("--output-file"),
		                             SPAN_INIT("--outfile") };
	const struct fields *words = &run->invocation->words;
	struct target target;

	if (at + 1 >= words->count)
		return true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!span_equal(words->items[at].value.head, names[i]))
			continue;
		if (!target_of(run->engine, run->shell, &words->items[at + 1], false, false,
		               &target))
			return false;
		return !is_system(target.facts.place) ||
		       effect_on_path(run->engine, run->shell, EFFECT_WRITE, 0,
		                      &words->items[at + 1], &run->site);
	}
	return true;
}

/* Program text, by its look: searched as such. */
static bool inspect_text(struct running *run, struct span text)
{
	bool understood;

	if (!span_find_byte(text, '(', NULL) || !span_find_byte(text, '"', NULL))
		return true;
	return code_scan(run, SPAN("unknown"), text, &understood);
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
	if (!is_sensitive(target.facts.place) ||
	    (target.facts.place == PLACE_SECRET && !below_home(run, target.path)))
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
	bool guessed = engine->guessed, program, good = feed_project(run);

	engine->guessed = true;
	for (size_t i = 1; i < words->count && good && !engine->stopped; i++)
		good = inspect_operand(run, &words->items[i]) && inspect_output(run, i) &&
		       inspect_text(run, words->items[i].value.head);
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
