/* Tokens to rows: the lines of bailiff-commands(5), one function a kind of line. */
#include "command/reader.h"

const struct lex_token *reader_peek(const struct reader *reader)
{
	return &reader->line->tokens[reader->next];
}

bool reader_at_end(const struct reader *reader)
{
	return reader_peek(reader)->end;
}

bool reader_is(const struct reader *reader, struct span text)
{
	return lex_is(reader_peek(reader), text);
}

bool reader_fail(const struct reader *reader, const char *what)
{
	return problem_set(reader->problem, PROBLEM_SYNTAX, reader_peek(reader)->at, what);
}

void *reader_add(struct reader *reader, struct command_pool *pool)
{
	return pool_add(reader->builder, pool, reader_peek(reader)->at, reader->problem);
}

bool reader_store(struct reader *reader, struct span text, struct command_text *stored)
{
	return builder_text(reader->builder, text, reader_peek(reader)->at, stored,
	                    reader->problem);
}

/* Rows of a pool from `first` on. */
struct command_rows reader_rows(const struct command_pool *pool, size_t first)
{
	return (struct command_rows){ (uint16_t)first, (uint16_t)(pool->count - first) };
}

bool reader_is_place(struct span text)
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

/* ---- places ---- */

/* X, X..., [X], [X...], X=, X=..., X...; of operand patterns and option values. */
static bool place(struct reader *reader, bool value)
{
	const struct lex_token *token = reader_peek(reader);
	struct command_place *row = reader_add(reader, &reader->builder->places);
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
	if (token->quoted || (!reader_is_place(text) && !span_equal(text, SPAN("_"))))
		shape |= PLACE_LITERAL;
	if (value && (shape & (PLACE_LITERAL | PLACE_DASHES)) != 0)
		return reader_fail(reader, "a value's NAME is wanted");
	reader->next++;
	row->shape = shape;
	return reader_store(reader, text, &row->name);
}

static bool ends_places(const struct reader *reader)
{
	return reader_at_end(reader) || reader_is(reader, SPAN(":")) ||
	       reader_is(reader, SPAN("if")) || reader_is(reader, SPAN("unless"));
}

/* ---- the lines ---- */

static bool args_row(struct reader *reader)
{
	struct command_builder *builder = reader->builder;
	struct command_spec *spec;
	struct command_args args = { 0 }, *row = reader_add(reader, &builder->args);
	struct effects found;
	size_t first = builder->places.count;

	if (row == NULL)
		return false;
	while (!ends_places(reader))
		if (!place(reader, false))
			return false;
	args.places = reader_rows(&builder->places, first);
	if (!reader_conditions(reader, &args.conditions) || !reader_effects(reader, false, &found))
		return false;
	if (found.flags != 0 || found.fills)
		return reader_fail(reader, "a flag needs a verb here");
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
		return reader_fail(reader, "too many options");
	if (option_listed(builder, text, prefix))
		return reader_fail(reader, "this option is listed already");
	name = reader_add(reader, &builder->option_names);
	if (name == NULL)
		return false;
	name->row = (uint16_t)(builder->options.count - 1);
	name->prefix = prefix;
	names->count++;
	return reader_store(reader, text, &name->text);
}

/* What opt and key have in common: everything behind the names. */
static bool option_rest(struct reader *reader, struct command_option *row, size_t first)
{
	struct command_builder *builder = reader->builder;
	struct effects found;
	struct command_spec *spec;

	if (!reader_effects(reader, false, &found))
		return false;
	row->values = reader_rows(&builder->places, first);
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
	struct command_option *row = reader_add(reader, &builder->options);
	size_t first = builder->places.count;

	if (row == NULL)
		return false;
	if (reader_at_end(reader) || reader_is(reader, SPAN(":")))
		return reader_fail(reader, "an option is missing");
	while (!reader_at_end(reader) && !reader_is(reader, SPAN(":")) &&
	       !is_value(reader_peek(reader))) {
		struct span text = reader_peek(reader)->text;
		bool prefix = text.len > 1 && span_ends(text, SPAN("*"));

		if (prefix)
			text.len--;
		if (!option_name(reader, text, prefix))
			return false;
		reader->next++;
	}
	while (!reader_at_end(reader) && !reader_is(reader, SPAN(":")))
		if (!place(reader, true))
			return false;
	return option_rest(reader, row, first);
}

/* NAME=PLACE ...: operands that begin with NAME=. */
static bool key_row(struct reader *reader)
{
	struct command_builder *builder = reader->builder;
	struct command_option *row = reader_add(reader, &builder->options);
	size_t first = builder->places.count;

	if (row == NULL)
		return false;
	if (reader_at_end(reader) || reader_is(reader, SPAN(":")))
		return reader_fail(reader, "a key is missing");
	for (; !reader_at_end(reader) && !reader_is(reader, SPAN(":")); reader->next++) {
		struct span text = reader_peek(reader)->text, value;
		struct command_place *place;
		size_t equals;

		if (!span_find_byte(text, '=', &equals) || equals == 0)
			return reader_fail(reader, "KEY=NAME is wanted");
		value = span_from(text, equals + 1);
		if (!reader_is_place(value) && !span_equal(value, SPAN("_")))
			return reader_fail(reader, "KEY=NAME is wanted");
		if (!option_name(reader, span_slice(text, 0, equals + 1), true))
			return false;
		if (builder->places.count > first)
			continue; /* keys of one line share the value's name */
		place = reader_add(reader, &builder->places);
		if (place == NULL || !reader_store(reader, value, &place->name))
			return false;
	}
	return option_rest(reader, row, first);
}

static bool style_row(struct reader *reader)
{
	struct command_spec *spec = builder_spec(reader->builder, reader->builder->current);

	for (; !reader_at_end(reader); reader->next++) {
		uint16_t style;
		struct span text = reader_peek(reader)->text;

		if (span_equal(text, SPAN("posix"))) {
			spec->stop = 1;
		} else if (text.len == 6 && span_starts(text, SPAN("stop-")) &&
		           text.ptr[5] >= '1' && text.ptr[5] <= '9') {
			spec->stop = (uint16_t)(text.ptr[5] - '0');
		} else if (command_style_find(text, &style)) {
			spec->style |= style;
		} else {
			return reader_fail(reader, "no such style");
		}
	}
	return true;
}

static const struct {
	const char *word;
	bool (*read)(struct reader *reader);
} rows[] = {
	{ "command", reader_command_row },
	{ "sub", reader_sub_row },
	{ "style", style_row },
	{ "opt", opt_row },
	{ "key", key_row },
	{ "args", args_row },
};

static bool read_line(struct reader *reader)
{
	const struct lex_token *word = reader_peek(reader);

	if (word->end)
		return true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!lex_is(word, span_of(rows[i].word)))
			continue;
		if (i > 0 && reader->builder->program == COMMAND_NONE)
			return reader_fail(reader, "a `command` line must come first");
		if (i == 1 && reader->line->indent == 0)
			return reader_fail(reader, "must be indented below its `command`");
		if (i > 1 && reader->line->indent <= reader->builder->indent)
			return reader_fail(reader, "must be indented below its `command` or `sub`");
		if (i <= 1)
			reader->builder->indent = reader->line->indent;
		reader->next++;
		return rows[i].read(reader);
	}
	return reader_fail(reader, "no such line: command, sub, style, opt, key or args is wanted");
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
