/* Tables while they grow: rows are added, checked where a command ends, and sorted at the end. */
#include "command/builder.h"

#include <stdlib.h>

/* Room for a first row everywhere, so that an empty pool is no NULL to count from. */
static bool reserve(struct command_builder *b, struct problem *problem)
{
	struct command_pool *pools[] = { &b->text,           &b->programs,     &b->patterns,
		                         &b->subs,           &b->option_names, &b->specs,
		                         &b->options,        &b->places,       &b->args,
		                         &b->effects,        &b->conditions,   &b->effect_at,
		                         &b->condition_notes };

	for (size_t i = 0; i < sizeof(pools) / sizeof(pools[0]); i++) {
		if (pool_add(b, pools[i], 0, problem) == NULL)
			return false;
		pools[i]->count = 0;
	}
	return true;
}

bool command_builder_start(struct arena *arena, struct command_builder **builder,
                           struct problem *problem)
{
	struct command_builder *b = arena_new(arena, struct command_builder);

	if (b == NULL)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	b->arena = arena;
	b->program = b->current = COMMAND_NONE;
	b->text.size = 1;
	b->programs.size = b->patterns.size = b->option_names.size = sizeof(struct command_name);
	b->subs.size = sizeof(struct builder_sub);
	b->specs.size = sizeof(struct command_spec);
	b->options.size = sizeof(struct command_option);
	b->places.size = sizeof(struct command_place);
	b->args.size = sizeof(struct command_args);
	b->effects.size = sizeof(struct command_effect);
	b->conditions.size = sizeof(struct command_condition);
	b->effect_at.size = sizeof(size_t);
	b->condition_notes.size = sizeof(struct builder_note);
	if (!reserve(b, problem))
		return false;
	*builder = b;
	return true;
}

void *pool_at(const struct command_pool *pool, size_t index)
{
	return (char *)pool->items + index * pool->size;
}

void *pool_add(struct command_builder *builder, struct command_pool *pool, size_t at,
               struct problem *problem)
{
	char *row;

	if (pool != &builder->text && pool->count >= COMMAND_DASHES) {
		(void)problem_set(problem, PROBLEM_LIMIT, at, "too many rules");
		return NULL;
	}
	if (!arena_grow(builder->arena, &pool->items, &pool->cap, pool->count, pool->size)) {
		(void)problem_set(problem, PROBLEM_MEMORY, at, "out of memory");
		return NULL;
	}
	row = pool_at(pool, pool->count++);
	for (size_t i = 0; i < pool->size; i++)
		row[i] = 0;
	return row;
}

bool builder_text(struct command_builder *builder, struct span text, size_t at,
                  struct command_text *stored, struct problem *problem)
{
	if (text.len >= UINT16_MAX || builder->text.count > UINT32_MAX - UINT16_MAX)
		return problem_set(problem, PROBLEM_LIMIT, at, "too much text");
	stored->at = (uint32_t)builder->text.count;
	stored->len = (uint16_t)text.len;
	for (size_t i = 0; i < text.len; i++) {
		char *byte = pool_add(builder, &builder->text, at, problem);

		if (byte == NULL)
			return false;
		*byte = text.ptr[i];
	}
	return true;
}

struct span builder_span(const struct command_builder *builder, struct command_text text)
{
	if (text.len == 0)
		return (struct span){ NULL, 0 };
	return (struct span){ (const char *)builder->text.items + text.at, text.len };
}

struct command_spec *builder_spec(const struct command_builder *builder, uint16_t index)
{
	return pool_at(&builder->specs, index);
}

/* ---- sorting ---- */

static int compare_names(const void *a, const void *b, void *context)
{
	const struct command_builder *builder = context;
	const struct command_name *left = a, *right = b;
	int order = span_compare(builder_span(builder, left->text),
	                         builder_span(builder, right->text));

	return order != 0 ? order : (int)left->prefix - (int)right->prefix;
}

static int compare_subs(const void *a, const void *b, void *context)
{
	const struct builder_sub *left = a, *right = b;

	if (left->parent != right->parent)
		return left->parent < right->parent ? -1 : 1;
	return compare_names(&left->name, &right->name, context);
}

/* Sorts `count` names from `first` on; false where two are the same. */
static bool sort_names(struct command_builder *builder, struct command_pool *pool, size_t first,
                       size_t count)
{
	struct command_name *names;

	if (count < 2)
		return true;
	names = pool_at(pool, first);
	qsort_r(names, count, sizeof(*names), compare_names, builder);
	for (size_t i = 1; i < count; i++)
		if (compare_names(&names[i - 1], &names[i], builder) == 0)
			return false;
	return true;
}

/* ---- closing one program or sub-command ---- */

static void note_name_kinds(const struct command_builder *builder, struct command_spec *spec)
{
	for (size_t i = 0; i < spec->names.count; i++) {
		const struct command_name *name = pool_at(&builder->option_names,
		                                          spec->names.first + i);
		struct span text = builder_span(builder, name->text);

		if (name->prefix)
			spec->style |= STYLE_HAS_PREFIX;
		if (text.len > 0 && text.ptr[0] == '+')
			spec->style |= STYLE_HAS_PLUS;
		else if (text.len == 0 || text.ptr[0] != '-')
			spec->style |= STYLE_HAS_BARE;
	}
}

/* The option called `name` in this spec or one above. */
static bool find_option(const struct command_builder *builder, uint16_t index, struct span name,
                        uint16_t *option)
{
	bool prefix = name.len > 1 && span_ends(name, SPAN("*"));

	if (prefix)
		name.len--;
	while (index != COMMAND_NONE) {
		const struct command_spec *spec = builder_spec(builder, index);

		for (size_t i = 0; i < spec->names.count; i++) {
			const struct command_name *row = pool_at(&builder->option_names,
			                                         spec->names.first + i);

			if (row->prefix == prefix &&
			    span_equal(builder_span(builder, row->text), name)) {
				*option = row->row;
				return true;
			}
		}
		index = spec->parent;
	}
	return false;
}

static size_t names_of(const struct command_builder *builder, uint16_t option)
{
	size_t count = 0;

	for (uint16_t index = builder->current; index != COMMAND_NONE;
	     index = builder_spec(builder, index)->parent) {
		struct command_rows names = builder_spec(builder, index)->names;

		for (size_t i = 0; i < names.count; i++) {
			const struct command_name *name = pool_at(&builder->option_names,
			                                          names.first + i);

			count += name->row == option;
		}
	}
	return count;
}

/*
 * Whether a condition's group names every spelling on the line of its option.  A line is one row:
 * to name only some of its options would mean them all.
 */
static bool names_all(const struct command_builder *builder, size_t at)
{
	const struct command_condition *condition = pool_at(&builder->conditions, at);
	size_t count = 0;

	if (condition->option == COMMAND_DASHES)
		return true;
	for (size_t i = builder->open_conditions; i < builder->conditions.count; i++) {
		const struct command_condition *other = pool_at(&builder->conditions, i);
		const struct builder_note *note = pool_at(&builder->condition_notes, i);
		const struct builder_note *mine = pool_at(&builder->condition_notes, at);

		count += other->option == condition->option && note->clause == mine->clause;
	}
	return count == names_of(builder, condition->option);
}

static bool resolve_conditions(struct command_builder *builder, struct problem *problem)
{
	for (size_t i = builder->open_conditions; i < builder->conditions.count; i++) {
		struct command_condition *condition = pool_at(&builder->conditions, i);
		const struct builder_note *note = pool_at(&builder->condition_notes, i);

		if (span_equal(note->name, SPAN("--")))
			condition->option = COMMAND_DASHES;
		else if (!find_option(builder, builder->current, note->name, &condition->option))
			return problem_set(problem, PROBLEM_SYNTAX, note->at,
			                   "no such option here");
	}
	for (size_t i = builder->open_conditions; i < builder->conditions.count; i++) {
		const struct builder_note *note = pool_at(&builder->condition_notes, i);

		if (!names_all(builder, i))
			return problem_set(problem, PROBLEM_SYNTAX, note->at,
			                   "every option of that line must be named, or it needs a "
			                   "line of its own");
	}
	builder->open_conditions = builder->conditions.count;
	return true;
}

static bool place_in(const struct command_builder *builder, struct command_rows places,
                     struct span name)
{
	for (size_t i = 0; i < places.count; i++) {
		const struct command_place *place = pool_at(&builder->places, places.first + i);

		if ((place->shape & (PLACE_LITERAL | PLACE_DASHES)) == 0 &&
		    span_equal(builder_span(builder, place->name), name))
			return true;
	}
	return false;
}

/* Whether some operand or value of this spec, or one above, is called so; no name is always there. */
static bool place_exists(const struct command_builder *builder, struct command_text text)
{
	struct span name = builder_span(builder, text);
	uint16_t index = text.len > 0 ? builder->current : COMMAND_NONE;

	while (index != COMMAND_NONE) {
		const struct command_spec *spec = builder_spec(builder, index);

		for (size_t i = 0; i < spec->args.count; i++) {
			const struct command_args *args = pool_at(&builder->args,
			                                          spec->args.first + i);

			if (place_in(builder, args->places, name))
				return true;
		}
		for (size_t i = 0; i < spec->options.count; i++) {
			const struct command_option *option = pool_at(&builder->options,
			                                              spec->options.first + i);

			if (place_in(builder, option->values, name))
				return true;
		}
		index = spec->parent;
	}
	return text.len == 0;
}

static bool check_effects(struct command_builder *builder, struct problem *problem)
{
	for (size_t i = builder->open_effects; i < builder->effects.count; i++) {
		const struct command_effect *effect = pool_at(&builder->effects, i);
		const size_t *at = pool_at(&builder->effect_at, i);

		if ((effect->target == TARGET_PLACE && !place_exists(builder, effect->text)) ||
		    !place_exists(builder, effect->without) || !place_exists(builder, effect->by))
			return problem_set(problem, PROBLEM_SYNTAX, *at,
			                   "no operand or value of that name");
	}
	builder->open_effects = builder->effects.count;
	return true;
}

bool builder_close(struct command_builder *builder, struct problem *problem)
{
	struct command_spec *spec;

	if (builder->current == COMMAND_NONE)
		return true;
	spec = builder_spec(builder, builder->current);
	if (!resolve_conditions(builder, problem) || !check_effects(builder, problem))
		return false;
	(void)sort_names(builder, &builder->option_names, spec->names.first, spec->names.count);
	note_name_kinds(builder, spec);
	return true;
}

/* ---- the whole ---- */

static bool finish_subs(struct command_builder *builder, struct command_pool *names,
                        struct command_pool *paths, struct problem *problem)
{
	*names = (struct command_pool){ .size = sizeof(struct command_name) };
	*paths = (struct command_pool){ .size = sizeof(struct command_text) };
	if (builder->subs.count > 1)
		qsort_r(builder->subs.items, builder->subs.count, builder->subs.size, compare_subs,
		        builder);
	for (size_t i = 0; i < builder->subs.count; i++) {
		const struct builder_sub *sub = pool_at(&builder->subs, i);
		struct command_spec *parent = builder_spec(builder, sub->parent);
		struct command_name *name = pool_add(builder, names, 0, problem);
		struct command_text *path = pool_add(builder, paths, 0, problem);

		if (name == NULL || path == NULL)
			return false;
		*name = sub->name;
		*path = sub->path;
		if (parent->subs.count == 0)
			parent->subs.first = (uint16_t)i;
		parent->subs.count++;
		if (i > 0 && compare_subs(sub - 1, sub, builder) == 0)
			return problem_set(problem, PROBLEM_SYNTAX, 0,
			                   "a sub-command is listed twice");
	}
	return true;
}

bool command_builder_finish(struct command_builder *builder, struct command_table *table,
                            struct problem *problem)
{
	struct command_pool subs, paths;

	if (!builder_close(builder, problem))
		return false;
	builder->current = COMMAND_NONE;
	if (!sort_names(builder, &builder->programs, 0, builder->programs.count))
		return problem_set(problem, PROBLEM_SYNTAX, 0, "a program is listed twice");
	if (!finish_subs(builder, &subs, &paths, problem))
		return false;
	*table = (struct command_table){
		.text = builder->text.items,
		.text_len = builder->text.count,
		.programs = builder->programs.items,
		.program_count = (uint16_t)builder->programs.count,
		.patterns = builder->patterns.items,
		.pattern_count = (uint16_t)builder->patterns.count,
		.subs = subs.items,
		.sub_paths = paths.items,
		.sub_count = (uint16_t)subs.count,
		.option_names = builder->option_names.items,
		.option_name_count = (uint16_t)builder->option_names.count,
		.specs = builder->specs.items,
		.spec_count = (uint16_t)builder->specs.count,
		.options = builder->options.items,
		.option_count = (uint16_t)builder->options.count,
		.places = builder->places.items,
		.place_count = (uint16_t)builder->places.count,
		.args = builder->args.items,
		.args_count = (uint16_t)builder->args.count,
		.effects = builder->effects.items,
		.effect_count = (uint16_t)builder->effects.count,
		.conditions = builder->conditions.items,
		.condition_count = (uint16_t)builder->conditions.count,
	};
	return true;
}
