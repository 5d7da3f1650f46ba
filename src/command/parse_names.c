/* `command` and `sub` lines: what programs and sub-commands are called. */
#include "command/reader.h"

/* A new spec that is filled from now on. */
static bool open_spec(struct reader *reader, uint16_t parent, uint16_t *index)
{
	struct command_builder *builder = reader->builder;
	struct command_spec *spec;

	if (!builder_close(builder, reader->problem))
		return false;
	spec = reader_add(reader, &builder->specs);
	if (spec == NULL)
		return false;
	*index = (uint16_t)(builder->specs.count - 1);
	spec->parent = parent;
	spec->names.first = (uint16_t)builder->option_names.count;
	if (parent != COMMAND_NONE)
		spec->style = builder_spec(builder, parent)->style & STYLE_HANDED_DOWN;
	builder->current = *index;
	return true;
}

/* Effects and styles on a `command` or `sub` line. */
static bool spec_rest(struct reader *reader, uint16_t index)
{
	struct effects found;
	struct command_spec *spec;

	if (!reader_effects(reader, true, &found))
		return false;
	if (found.flags != 0)
		return reader_fail(reader, "a flag needs a verb here");
	spec = builder_spec(reader->builder, index);
	spec->effects = found.rows;
	spec->style |= found.style;
	return true;
}

static bool program_name(struct reader *reader, uint16_t index)
{
	struct command_builder *builder = reader->builder;
	struct span text = reader_peek(reader)->text;
	bool pattern = !reader_peek(reader)->quoted && span_find_byte(text, '*', NULL);
	struct command_pool *pool = pattern ? &builder->patterns : &builder->programs;
	struct command_name *name;

	if (pool->count >= BUILDER_PROGRAMS)
		return problem_set(reader->problem, PROBLEM_LIMIT, reader_peek(reader)->at,
		                   "too many programs");
	for (size_t i = 0; i < pool->count; i++) {
		name = pool_at(pool, i);
		if (span_equal(builder_span(builder, name->text), text))
			return reader_fail(reader, "this program is listed already");
	}
	name = reader_add(reader, pool);
	if (name == NULL)
		return false;
	name->row = index;
	name->prefix = pattern;
	return reader_store(reader, text, &name->text);
}

bool reader_command_row(struct reader *reader)
{
	struct command_builder *builder = reader->builder;
	uint16_t index;

	if (reader_at_end(reader) || reader_is(reader, SPAN(":")))
		return reader_fail(reader, "a program's name is missing");
	if (!open_spec(reader, COMMAND_NONE, &index))
		return false;
	builder->program = index;
	builder->first_sub = builder->subs.count;
	if (!reader_store(reader, reader_peek(reader)->text, &builder_spec(builder, index)->name))
		return false;
	for (; !reader_at_end(reader) && !reader_is(reader, SPAN(":")); reader->next++)
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
			return reader_fail(reader, "a sub-command's name is missing");
		if (find_sub(builder, parent, spelling) != NULL)
			return reader_fail(reader, "this sub-command is listed already");
		if (builder->subs.count - builder->first_sub >= BUILDER_SUBS_PER_PROGRAM)
			return problem_set(reader->problem, PROBLEM_LIMIT, reader->line->end,
			                   "too many sub-commands");
		sub = reader_add(reader, &builder->subs);
		if (sub == NULL)
			return false;
		sub->parent = parent;
		sub->name.row = index;
		sub->path = path;
		if (!reader_store(reader, spelling, &sub->name.text))
			return false;
	}
	return true;
}

/* The sub-command above the last word of a path; made where it was not listed. */
static bool step_down(struct reader *reader, struct span word, uint16_t *parent)
{
	struct builder_sub *sub = find_sub(reader->builder, *parent, word);

	if (sub == NULL)
		return reader_fail(reader, "the sub-command above this one is not listed");
	if ((builder_spec(reader->builder, sub->name.row)->style & STYLE_SHARED) != 0)
		return reader_fail(reader,
		                   "the sub-command above this one shares its line with others");
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
		if (!reader_store(reader, reader->line->tokens[i].text, &rest))
			return false;
		path->len = (uint16_t)(path->len + rest.len + 1);
		if (!reader_store(reader, SPAN(" "), &rest))
			return false;
	}
	(void)span_split(&last, '|', &spelling);
	if (!reader_store(reader, spelling, &rest))
		return false;
	if (path->len > UINT16_MAX - rest.len)
		return reader_fail(reader, "too long");
	path->len = (uint16_t)(path->len + rest.len);
	return true;
}

/* One path of a `sub` line: "remote add"; ends before a comma or the colon. */
static bool sub_path(struct reader *reader, uint16_t index, bool first, bool *more)
{
	uint16_t parent = reader->builder->program;
	size_t start = reader->next;

	for (;; reader->next++) {
		const struct lex_token *token = reader_peek(reader), *after = token + 1;
		struct span text = token->text;
		struct command_text path;

		if (token->end || lex_is(token, SPAN(":")))
			return reader_fail(reader, "a sub-command's name is missing");
		if (reader->next - start == COMMAND_DEPTH - 1 || text.len > 256)
			return reader_fail(reader, "too many words, or too long");
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

bool reader_sub_row(struct reader *reader)
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
