/* Tokens to rows: the lines of bailiff-commands(5). */
#include "command/builder.h"
#include "command/lex.h"

/*
 * The format of bailiff-commands(5), line by line.  Each line is cut into tokens
 * first; a "row" function then reads its kind of line from left to right.
 */

struct reader {
	struct command_builder *builder;
	struct lex_line *line;
	size_t next; /* token */
	struct problem *problem;
};

/* What the effects of one line come to. */
struct effects {
	struct command_rows rows;
	uint16_t flags; /* flags that stand alone: of the whole invocation */
	uint16_t style;
	bool fills; /* of an option: the word itself */
};

static const struct lex_token *peek(const struct reader *reader)
{
	return &reader->line->tokens[reader->next];
}

static bool at_end(const struct reader *reader)
{
	return peek(reader)->end;
}

static bool peek_is(const struct reader *reader, struct span text)
{
	return lex_is(peek(reader), text);
}

static bool fail(const struct reader *reader, const char *what)
{
	return problem_set(reader->problem, PROBLEM_SYNTAX, peek(reader)->at, what);
}

static void *add(struct reader *reader, struct command_pool *pool)
{
	return pool_add(reader->builder, pool, peek(reader)->at, reader->problem);
}

static bool store(struct reader *reader, struct span text, struct command_text *stored)
{
	return builder_text(reader->builder, text, peek(reader)->at, stored, reader->problem);
}

/* Rows of a pool from `first` on. */
static struct command_rows rows_from(const struct command_pool *pool, size_t first)
{
	return (struct command_rows){ (uint16_t)first, (uint16_t)(pool->count - first) };
}

static bool is_place_name(struct span text)
{
	if (text.len == 0 || text.ptr[0] < 'A' || text.ptr[0] > 'Z')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];

		if (!(byte >= 'A' && byte <= 'Z') && !(byte >= '0' && byte <= '9') && byte != '_')
			return false;
	}
	return true;
}

/* ---- effects ---- */

/* `if A B`, `unless A B`: one group of alternatives. */
static bool condition_group(struct reader *reader, uint8_t group)
{
	bool unless = peek_is(reader, SPAN("unless"));
	size_t before = reader->builder->conditions.count, clause = peek(reader)->at;

	for (reader->next++;; reader->next++) {
		const struct lex_token *token = peek(reader);
		struct command_condition *row;
		struct builder_note *note;

		if (token->end || lex_is(token, SPAN(":")) || lex_is(token, SPAN(";")) ||
		    lex_is(token, SPAN("if")) || lex_is(token, SPAN("unless")))
			break;
		row = add(reader, &reader->builder->conditions);
		note = add(reader, &reader->builder->condition_notes);
		if (row == NULL || note == NULL)
			return false;
		*row = (struct command_condition){ .group = group, .unless = unless };
		*note = (struct builder_note){ token->text, token->at, clause };
	}
	return reader->builder->conditions.count > before || fail(reader, "an option must follow");
}

/* Every group at the end of an effect or of an operand pattern. */
static bool conditions(struct reader *reader, struct command_rows *rows)
{
	size_t first = reader->builder->conditions.count;

	for (uint8_t group = 0; peek_is(reader, SPAN("if")) || peek_is(reader, SPAN("unless"));
	     group++) {
		if (group == 8)
			return fail(reader, "too many conditions");
		if (!condition_group(reader, group))
			return false;
	}
	*rows = rows_from(&reader->builder->conditions, first);
	return true;
}

static bool effect_language(struct reader *reader, const struct command_verb_word *verb,
                            struct command_effect *effect)
{
	const struct lex_token *token = peek(reader);

	if (!verb->language)
		return true;
	if (token->end || token->quoted || is_place_name(token->text) || lex_is(token, SPAN(";"))) {
		if (effect->verb == COMMAND_SCRIPT)
			return true; /* whatever its first line says */
		return fail(reader, "a language must follow");
	}
	reader->next++;
	return store(reader, token->text, &effect->language);
}

static bool effect_target(struct reader *reader, const struct command_verb_word *verb,
                          struct command_effect *effect)
{
	const struct lex_token *token = peek(reader);

	if (!token->end && (token->quoted || is_place_name(token->text))) {
		if (verb->target == WANTS_NOTHING)
			return fail(reader, "this verb takes no target");
		effect->target = token->quoted ? TARGET_FIXED : TARGET_PLACE;
		reader->next++;
		return store(reader, token->text, &effect->text);
	}
	return verb->target != WANTS_TARGET ||
	       fail(reader, "a target must follow: an operand's NAME or \"text\"");
}

/* The place's NAME that must follow `without` and `by`. */
static bool effect_place(struct reader *reader, struct command_text *name)
{
	reader->next++;
	if (at_end(reader) || !is_place_name(peek(reader)->text))
		return fail(reader, "an operand's NAME must follow");
	return store(reader, peek(reader)->text, name);
}

/* Flags, readings, `without NAME` and `by NAME` behind the target. */
static bool effect_words(struct reader *reader, struct command_effect *effect)
{
	for (;; reader->next++) {
		const struct lex_token *token = peek(reader);
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
			return fail(reader, "no such flag");
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

	at = add(reader, &reader->builder->effect_at);
	row = add(reader, &reader->builder->effects);
	if (at == NULL || row == NULL)
		return false;
	*at = peek(reader)->at;
	reader->next++;
	if (!effect_language(reader, word, &effect) || !effect_target(reader, word, &effect) ||
	    !effect_words(reader, &effect) || !conditions(reader, &effect.conditions))
		return false;
	*row = effect; /* conditions and text are pools of their own: `row` is still valid */
	return true;
}

/* Flags or styles that stand alone between two semicolons. */
static bool lone_words(struct reader *reader, bool of_command, struct effects *effects)
{
	for (;; reader->next++) {
		const struct lex_token *token = peek(reader);
		uint16_t bit;

		if (token->end || lex_is(token, SPAN(";")))
			return true;
		if (token->quoted)
			return fail(reader, "a verb or a flag is wanted");
		if (command_flag_find(token->text, &bit))
			effects->flags |= bit;
		else if (!of_command && span_equal(token->text, SPAN("fills")))
			effects->fills = true;
		else if (of_command && command_style_find(token->text, &bit))
			effects->style |= bit;
		else
			return fail(reader, "no such verb or flag");
	}
}

/* Everything behind the colon, if there is one. */
static bool effects(struct reader *reader, bool of_command, struct effects *effects)
{
	size_t first = reader->builder->effects.count;

	*effects = (struct effects){ 0 };
	if (at_end(reader)) {
		effects->rows = rows_from(&reader->builder->effects, first);
		return true;
	}
	if (!peek_is(reader, SPAN(":")))
		return fail(reader, "\":\" or the end of the line is wanted");
	do {
		enum command_verb verb;
		const struct lex_token *token;

		reader->next++;
		token = peek(reader);
		if (token->end)
			return fail(reader, "an effect is missing");
		if (!token->quoted && command_verb_find(token->text, &verb)) {
			if (!effect(reader, verb))
				return false;
		} else if (!lone_words(reader, of_command, effects)) {
			return false;
		}
	} while (peek_is(reader, SPAN(";")));
	if (!at_end(reader))
		return fail(reader, "\";\" or the end of the line is wanted");
	effects->rows = rows_from(&reader->builder->effects, first);
	return true;
}

/* ---- places ---- */

/* X, X..., [X], [X...], X=, X=..., X...; of operand patterns and option values. */
static bool place(struct reader *reader, bool value)
{
	const struct lex_token *token = peek(reader);
	struct command_place *row = add(reader, &reader->builder->places);
	struct span text = token->text;
	uint8_t shape = 0;

	if (row == NULL)
		return false;
	if (!token->quoted && span_equal(text, SPAN("--")))
		shape = PLACE_DASHES;
	if (!token->quoted && text.len > 2 && span_starts(text, SPAN("[")) &&
	    span_ends(text, SPAN("]"))) {
		shape |= PLACE_OPTIONAL;
		text = span_slice(text, 1, text.len - 1);
	}
	if (!token->quoted && span_ends(text, SPAN("...;"))) {
		shape |= PLACE_SEMICOLON | PLACE_REPEAT;
		text.len -= 4;
	} else if (!token->quoted && text.len > 3 && span_ends(text, SPAN("..."))) {
		shape |= PLACE_REPEAT;
		text.len -= 3;
	}
	if (!token->quoted && text.len > 1 && span_ends(text, SPAN("=")) && !value) {
		shape |= PLACE_ASSIGNMENT;
		text.len--;
	}
	if (token->quoted || (!is_place_name(text) && !span_equal(text, SPAN("_"))))
		shape |= PLACE_LITERAL;
	if (value && (shape & (PLACE_LITERAL | PLACE_DASHES)) != 0)
		return fail(reader, "a value's NAME is wanted");
	reader->next++;
	row->shape = shape;
	return store(reader, text, &row->name);
}

static bool ends_places(const struct reader *reader)
{
	return at_end(reader) || peek_is(reader, SPAN(":")) || peek_is(reader, SPAN("if")) ||
	       peek_is(reader, SPAN("unless"));
}

/* ---- the lines ---- */

static bool args_row(struct reader *reader)
{
	struct command_builder *builder = reader->builder;
	struct command_spec *spec;
	struct command_args args = { 0 }, *row = add(reader, &builder->args);
	struct effects found;
	size_t first = builder->places.count;

	if (row == NULL)
		return false;
	while (!ends_places(reader))
		if (!place(reader, false))
			return false;
	args.places = rows_from(&builder->places, first);
	if (!conditions(reader, &args.conditions) || !effects(reader, false, &found))
		return false;
	if (found.flags != 0 || found.fills)
		return fail(reader, "a flag needs a verb here");
	args.effects = found.rows;
	*row = args;
	spec = builder_spec(builder, builder->current);
	if (spec->args.count++ == 0)
		spec->args.first = (uint16_t)(builder->args.count - 1);
	return true;
}

static bool is_value(const struct lex_token *token)
{
	struct span text = token->text;

	if (token->quoted)
		return false;
	if (text.len > 2 && text.ptr[0] == '[')
		text = span_from(text, 1);
	return text.len > 0 && ((text.ptr[0] >= 'A' && text.ptr[0] <= 'Z') || text.ptr[0] == '_');
}

/* Whether the current command lists an option of that name already. */
static bool option_listed(const struct command_builder *builder, struct span text, bool prefix)
{
	struct command_rows names = builder_spec(builder, builder->current)->names;

	for (size_t i = 0; i < names.count; i++) {
		const struct command_name *name = pool_at(&builder->option_names, names.first + i);

		if (name->prefix == prefix && span_equal(builder_span(builder, name->text), text))
			return true;
	}
	return false;
}

/* One spelling of the option whose row was added last. */
static bool option_name(struct reader *reader, struct span text, bool prefix)
{
	struct command_builder *builder = reader->builder;
	struct command_rows *names = &builder_spec(builder, builder->current)->names;
	struct command_name *name;

	if (names->count == BUILDER_NAMES_PER_COMMAND)
		return fail(reader, "too many options");
	if (option_listed(builder, text, prefix))
		return fail(reader, "this option is listed already");
	name = add(reader, &builder->option_names);
	if (name == NULL)
		return false;
	name->row = (uint16_t)(builder->options.count - 1);
	name->prefix = prefix;
	names->count++;
	return store(reader, text, &name->text);
}

/* What opt and key have in common: everything behind the names. */
static bool option_rest(struct reader *reader, struct command_option *row, size_t first)
{
	struct command_builder *builder = reader->builder;
	struct effects found;
	struct command_spec *spec;

	if (!effects(reader, false, &found))
		return false;
	row->values = rows_from(&builder->places, first);
	row->effects = found.rows;
	row->flags = found.flags;
	for (size_t i = 0; i < found.rows.count; i++) {
		const struct command_effect *effect = pool_at(&builder->effects,
		                                              found.rows.first + i);

		for (size_t j = 0; j < row->values.count; j++) {
			const struct command_place *place = pool_at(&builder->places, first + j);

			row->own = row->own || (effect->target == TARGET_PLACE &&
			                        span_equal(builder_span(builder, effect->text),
			                                   builder_span(builder, place->name)));
		}
	}
	row->fills = found.fills || !row->own;
	spec = builder_spec(builder, builder->current);
	if (spec->options.count++ == 0)
		spec->options.first = (uint16_t)(builder->options.count - 1);
	return true;
}

static bool opt_row(struct reader *reader)
{
	struct command_builder *builder = reader->builder;
	struct command_option *row = add(reader, &builder->options);
	size_t first = builder->places.count;

	if (row == NULL)
		return false;
	if (at_end(reader) || peek_is(reader, SPAN(":")))
		return fail(reader, "an option is missing");
	while (!at_end(reader) && !peek_is(reader, SPAN(":")) && !is_value(peek(reader))) {
		struct span text = peek(reader)->text;
		bool prefix = text.len > 1 && span_ends(text, SPAN("*"));

		if (prefix)
			text.len--;
		if (!option_name(reader, text, prefix))
			return false;
		reader->next++;
	}
	while (!at_end(reader) && !peek_is(reader, SPAN(":")))
		if (!place(reader, true))
			return false;
	return option_rest(reader, row, first);
}

/* NAME=PLACE ...: operands that begin with NAME=. */
static bool key_row(struct reader *reader)
{
	struct command_builder *builder = reader->builder;
	struct command_option *row = add(reader, &builder->options);
	size_t first = builder->places.count;

	if (row == NULL)
		return false;
	if (at_end(reader) || peek_is(reader, SPAN(":")))
		return fail(reader, "a key is missing");
	for (; !at_end(reader) && !peek_is(reader, SPAN(":")); reader->next++) {
		struct span text = peek(reader)->text, value;
		struct command_place *place;
		size_t equals;

		if (!span_find_byte(text, '=', &equals) || equals == 0)
			return fail(reader, "KEY=NAME is wanted");
		value = span_from(text, equals + 1);
		if (!is_place_name(value) && !span_equal(value, SPAN("_")))
			return fail(reader, "KEY=NAME is wanted");
		if (!option_name(reader, span_slice(text, 0, equals + 1), true))
			return false;
		if (builder->places.count > first)
			continue; /* keys of one line share the value's name */
		place = add(reader, &builder->places);
		if (place == NULL || !store(reader, value, &place->name))
			return false;
	}
	return option_rest(reader, row, first);
}

static bool style_row(struct reader *reader)
{
	struct command_spec *spec = builder_spec(reader->builder, reader->builder->current);

	for (; !at_end(reader); reader->next++) {
		uint16_t style;
		struct span text = peek(reader)->text;

		if (span_equal(text, SPAN("posix"))) {
			spec->stop = 1;
		} else if (text.len == 6 && span_starts(text, SPAN("stop-")) &&
		           text.ptr[5] >= '1' && text.ptr[5] <= '9') {
			spec->stop = (uint16_t)(text.ptr[5] - '0');
		} else if (command_style_find(text, &style)) {
			spec->style |= style;
		} else {
			return fail(reader, "no such style");
		}
	}
	return true;
}

/* A new spec that is filled from now on. */
static bool open_spec(struct reader *reader, uint16_t parent, uint16_t *index)
{
	struct command_builder *builder = reader->builder;
	struct command_spec *spec;

	if (!builder_close(builder, reader->problem))
		return false;
	spec = add(reader, &builder->specs);
	if (spec == NULL)
		return false;
	*index = (uint16_t)(builder->specs.count - 1);
	spec->parent = parent;
	spec->names.first = (uint16_t)builder->option_names.count;
	if (parent != COMMAND_NONE)
		spec->style = builder_spec(builder, parent)->style & (STYLE_INHERIT | STYLE_OPEN);
	builder->current = *index;
	return true;
}

/* Effects and styles on a `command` or `sub` line. */
static bool spec_rest(struct reader *reader, uint16_t index)
{
	struct effects found;
	struct command_spec *spec;

	if (!effects(reader, true, &found))
		return false;
	if (found.flags != 0)
		return fail(reader, "a flag needs a verb here");
	spec = builder_spec(reader->builder, index);
	spec->effects = found.rows;
	spec->style |= found.style;
	return true;
}

static bool program_name(struct reader *reader, uint16_t index)
{
	struct command_builder *builder = reader->builder;
	struct span text = peek(reader)->text;
	bool pattern = !peek(reader)->quoted && span_find_byte(text, '*', NULL);
	struct command_pool *pool = pattern ? &builder->patterns : &builder->programs;
	struct command_name *name;

	if (pool->count >= BUILDER_PROGRAMS)
		return problem_set(reader->problem, PROBLEM_LIMIT, peek(reader)->at,
		                   "too many programs");
	for (size_t i = 0; i < pool->count; i++) {
		name = pool_at(pool, i);
		if (span_equal(builder_span(builder, name->text), text))
			return fail(reader, "this program is listed already");
	}
	name = add(reader, pool);
	if (name == NULL)
		return false;
	name->row = index;
	name->prefix = pattern;
	return store(reader, text, &name->text);
}

static bool command_row(struct reader *reader)
{
	struct command_builder *builder = reader->builder;
	uint16_t index;

	if (at_end(reader) || peek_is(reader, SPAN(":")))
		return fail(reader, "a program's name is missing");
	if (!open_spec(reader, COMMAND_NONE, &index))
		return false;
	builder->program = index;
	builder->first_sub = builder->subs.count;
	if (!store(reader, peek(reader)->text, &builder_spec(builder, index)->name))
		return false;
	for (; !at_end(reader) && !peek_is(reader, SPAN(":")); reader->next++)
		if (!program_name(reader, index))
			return false;
	return spec_rest(reader, index);
}

static struct builder_sub *find_sub(const struct command_builder *builder, uint16_t parent,
                                    struct span name)
{
	for (size_t i = builder->first_sub; i < builder->subs.count; i++) {
		struct builder_sub *sub = pool_at(&builder->subs, i);

		if (sub->parent == parent &&
		    span_equal(builder_span(builder, sub->name.text), name))
			return sub;
	}
	return NULL;
}

/* Every spelling "a|b" of one sub-command under `parent`. */
static bool add_sub(struct reader *reader, uint16_t parent, struct span spellings, uint16_t index,
                    struct command_text path)
{
	struct command_builder *builder = reader->builder;
	struct span spelling;

	while (span_split(&spellings, '|', &spelling)) {
		struct builder_sub *sub;

		if (spelling.len == 0)
			return fail(reader, "a sub-command's name is missing");
		if (find_sub(builder, parent, spelling) != NULL)
			return fail(reader, "this sub-command is listed already");
		if (builder->subs.count - builder->first_sub >= BUILDER_SUBS_PER_PROGRAM)
			return problem_set(reader->problem, PROBLEM_LIMIT, reader->line->end,
			                   "too many sub-commands");
		sub = add(reader, &builder->subs);
		if (sub == NULL)
			return false;
		sub->parent = parent;
		sub->name.row = index;
		sub->path = path;
		if (!store(reader, spelling, &sub->name.text))
			return false;
	}
	return true;
}

/* The sub-command above the last word of a path; made where it was not listed. */
static bool step_down(struct reader *reader, struct span word, uint16_t *parent)
{
	struct builder_sub *sub = find_sub(reader->builder, *parent, word);

	if (sub == NULL)
		return fail(reader, "the sub-command above this one is not listed");
	if ((builder_spec(reader->builder, sub->name.row)->style & STYLE_SHARED) != 0)
		return fail(reader, "the sub-command above this one shares its line with others");
	*parent = sub->name.row;
	return true;
}

/* "remote add": the words from token `first` to here, of which `last` is the last, by its first spelling. */
static bool path_text(struct reader *reader, size_t first, struct span last,
                      struct command_text *path)
{
	struct command_builder *builder = reader->builder;
	struct command_text rest;
	struct span spelling = { NULL, 0 };

	path->at = (uint32_t)builder->text.count;
	path->len = 0;
	for (size_t i = first; i < reader->next; i++) {
		if (!store(reader, reader->line->tokens[i].text, &rest))
			return false;
		path->len = (uint16_t)(path->len + rest.len + 1);
		if (!store(reader, SPAN(" "), &rest))
			return false;
	}
	(void)span_split(&last, '|', &spelling);
	if (!store(reader, spelling, &rest))
		return false;
	if (path->len > UINT16_MAX - rest.len)
		return fail(reader, "too long");
	path->len = (uint16_t)(path->len + rest.len);
	return true;
}

/* One path of a `sub` line: "remote add"; ends before a comma or the colon. */
static bool sub_path(struct reader *reader, uint16_t index, bool first, bool *more)
{
	uint16_t parent = reader->builder->program;
	size_t start = reader->next;

	for (;; reader->next++) {
		const struct lex_token *token = peek(reader), *after = token + 1;
		struct span text = token->text;
		struct command_text path;

		if (token->end || lex_is(token, SPAN(":")))
			return fail(reader, "a sub-command's name is missing");
		if (reader->next - start == COMMAND_DEPTH - 1 || text.len > 256)
			return fail(reader, "too many words, or too long");
		*more = span_ends(text, SPAN(","));
		text.len -= *more;
		if (!*more && !after->end && !lex_is(after, SPAN(":"))) {
			if (!step_down(reader, text, &parent))
				return false;
			continue;
		}
		if (first)
			builder_spec(reader->builder, index)->parent = parent;
		else
			builder_spec(reader->builder, index)->style |= STYLE_SHARED;
		if (!path_text(reader, start, text, &path) ||
		    !add_sub(reader, parent, text, index, path))
			return false;
		reader->next++;
		return true;
	}
}

static bool sub_row(struct reader *reader)
{
	uint16_t index;
	bool more = true;

	if (!open_spec(reader, reader->builder->program, &index))
		return false;
	for (bool first = true; more; first = false)
		if (!sub_path(reader, index, first, &more))
			return false;
	return spec_rest(reader, index);
}

static const struct {
	const char *word;
	bool (*read)(struct reader *reader);
} rows[] = {
	{ "command", command_row }, { "sub", sub_row }, { "style", style_row },
	{ "opt", opt_row },         { "key", key_row }, { "args", args_row },
};

static bool read_line(struct reader *reader)
{
	const struct lex_token *word = peek(reader);

	if (word->end)
		return true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!lex_is(word, span_of(rows[i].word)))
			continue;
		if (i > 0 && reader->builder->program == COMMAND_NONE)
			return fail(reader, "a `command` line must come first");
		if (i == 1 && reader->line->indent == 0)
			return fail(reader, "must be indented below its `command`");
		if (i > 1 && reader->line->indent <= reader->builder->indent)
			return fail(reader, "must be indented below its `command` or `sub`");
		if (i <= 1)
			reader->builder->indent = reader->line->indent;
		reader->next++;
		return rows[i].read(reader);
	}
	return fail(reader, "no such line: command, sub, style, opt, key or args is wanted");
}

bool command_parse(struct command_builder *builder, struct span source, struct problem *problem)
{
	struct lex_line *line = arena_new(builder->arena, struct lex_line);
	size_t at = 0;

	if (line == NULL)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	while (at < source.len) {
		struct reader reader = { builder, line, 0, problem };

		if (!lex_line(source, &at, builder->arena, line, problem) || !read_line(&reader))
			return false;
	}
	if (!builder_close(builder, problem))
		return false;
	builder->program = builder->current = COMMAND_NONE;
	return true;
}
