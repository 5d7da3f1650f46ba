/* The words behind a colon, and `if` and `unless`: bailiff-commands(5), EFFECTS. */
#include "command/reader.h"

/* `if A B`, `unless A B`: one group of alternatives. */
static bool condition_group(struct reader *reader, uint8_t group)
{
	bool unless = reader_is(reader, SPAN("unless"));
	size_t before = reader->builder->conditions.count, clause = reader_peek(reader)->at;

	for (reader->next++;; reader->next++) {
		const struct lex_token *token = reader_peek(reader);
		struct command_condition *row;
		struct builder_note *note;

		if (token->end || lex_is(token, SPAN(":")) || lex_is(token, SPAN(";")) ||
		    lex_is(token, SPAN("if")) || lex_is(token, SPAN("unless")))
			break;
		row = reader_add(reader, &reader->builder->conditions);
		note = reader_add(reader, &reader->builder->condition_notes);
		if (row == NULL || note == NULL)
			return false;
		*row = (struct command_condition){ .group = group, .unless = unless };
		*note = (struct builder_note){ token->text, token->at, clause };
	}
	return reader->builder->conditions.count > before ||
	       reader_fail(reader, "an option must follow");
}

/* Every group at the end of an effect or of an operand pattern. */
bool reader_conditions(struct reader *reader, struct command_rows *rows)
{
	size_t first = reader->builder->conditions.count;

	for (uint8_t group = 0; reader_is(reader, SPAN("if")) || reader_is(reader, SPAN("unless"));
	     group++) {
		if (group == 8)
			return reader_fail(reader, "too many conditions");
		if (!condition_group(reader, group))
			return false;
	}
	*rows = reader_rows(&reader->builder->conditions, first);
	return true;
}

static bool effect_language(struct reader *reader, const struct command_verb_word *verb,
                            struct command_effect *effect)
{
	const struct lex_token *token = reader_peek(reader);

	if (!verb->language)
		return true;
	if (token->end || token->quoted || reader_is_place(token->text) ||
	    lex_is(token, SPAN(";"))) {
		if (effect->verb == COMMAND_SCRIPT)
			return true; /* whatever its first line says */
		return reader_fail(reader, "a language must follow");
	}
	reader->next++;
	return reader_store(reader, token->text, &effect->language);
}

static bool effect_target(struct reader *reader, const struct command_verb_word *verb,
                          struct command_effect *effect)
{
	const struct lex_token *token = reader_peek(reader);

	if (!token->end && (token->quoted || reader_is_place(token->text))) {
		if (verb->target == WANTS_NOTHING)
			return reader_fail(reader, "this verb takes no target");
		effect->target = token->quoted ? TARGET_FIXED : TARGET_PLACE;
		reader->next++;
		return reader_store(reader, token->text, &effect->text);
	}
	return verb->target != WANTS_TARGET ||
	       reader_fail(reader, "a target must follow: an operand's NAME or \"text\"");
}

/* The place's NAME that must follow `without` and `by`. */
static bool effect_place(struct reader *reader, struct command_text *name)
{
	reader->next++;
	if (reader_at_end(reader) || !reader_is_place(reader_peek(reader)->text))
		return reader_fail(reader, "an operand's NAME must follow");
	return reader_store(reader, reader_peek(reader)->text, name);
}

/* Flags, readings, `without NAME` and `by NAME` behind the target. */
static bool effect_words(struct reader *reader, struct command_effect *effect)
{
	for (;; reader->next++) {
		const struct lex_token *token = reader_peek(reader);
		uint16_t flag;
		uint8_t reading;

		if (token->end || lex_is(token, SPAN(";")) || lex_is(token, SPAN("if")) ||
		    lex_is(token, SPAN("unless")))
			return true;
		if (lex_is(token, SPAN("without"))) {
			if (!effect_place(reader, &effect->without))
				return false;
		} else if (lex_is(token, SPAN("by"))) {
			if (!effect_place(reader, &effect->by))
				return false;
		} else if (command_flag_find(token->text, &flag)) {
			effect->flags |= flag;
		} else if (command_reading_find(token->text, &reading)) {
			effect->reading |= reading;
		} else {
			return reader_fail(reader, "no such flag");
		}
	}
}

/* A verb and what belongs to it. */
static bool effect(struct reader *reader, enum command_verb verb)
{
	const struct command_verb_word *word = command_verb_word(verb);
	struct command_effect effect = { .verb = (uint8_t)verb };
	struct command_effect *row;
	size_t *at;

	at = reader_add(reader, &reader->builder->effect_at);
	row = reader_add(reader, &reader->builder->effects);
	if (at == NULL || row == NULL)
		return false;
	*at = reader_peek(reader)->at;
	reader->next++;
	if (!effect_language(reader, word, &effect) || !effect_target(reader, word, &effect) ||
	    !effect_words(reader, &effect) || !reader_conditions(reader, &effect.conditions))
		return false;
	*row = effect; /* conditions and text are pools of their own: `row` is still valid */
	return true;
}

/* Flags or styles that stand alone between two semicolons. */
static bool lone_words(struct reader *reader, bool of_command, struct effects *effects)
{
	for (;; reader->next++) {
		const struct lex_token *token = reader_peek(reader);
		uint16_t bit;

		if (token->end || lex_is(token, SPAN(";")))
			return true;
		if (token->quoted)
			return reader_fail(reader, "a verb or a flag is wanted");
		if (command_flag_find(token->text, &bit))
			effects->flags |= bit;
		else if (!of_command && span_equal(token->text, SPAN("fills")))
			effects->fills = true;
		else if (of_command && command_style_find(token->text, &bit))
			effects->style |= bit;
		else
			return reader_fail(reader, "no such verb or flag");
	}
}

/* Everything behind the colon, if there is one. */
bool reader_effects(struct reader *reader, bool of_command, struct effects *effects)
{
	size_t first = reader->builder->effects.count;

	*effects = (struct effects){ 0 };
	if (reader_at_end(reader)) {
		effects->rows = reader_rows(&reader->builder->effects, first);
		return true;
	}
	if (!reader_is(reader, SPAN(":")))
		return reader_fail(reader, "\":\" or the end of the line is wanted");
	do {
		enum command_verb verb;
		const struct lex_token *token;

		reader->next++;
		token = reader_peek(reader);
		if (token->end)
			return reader_fail(reader, "an effect is missing");
		if (!token->quoted && command_verb_find(token->text, &verb)) {
			if (!effect(reader, verb))
				return false;
		} else if (!lone_words(reader, of_command, effects)) {
			return false;
		}
	} while (reader_is(reader, SPAN(";")));
	if (!reader_at_end(reader))
		return reader_fail(reader, "\";\" or the end of the line is wanted");
	effects->rows = reader_rows(&reader->builder->effects, first);
	return true;
}
