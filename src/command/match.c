/* The walk over argv: which word is a sub-command, an option, an operand. */
#include "command/matcher.h"

#include "base/glob.h"
#include "base/path.h"

bool matcher_memory(struct matcher *m)
{
	return problem_set(m->problem, PROBLEM_MEMORY, 0, "out of memory");
}

bool matcher_take(struct matcher *m, struct taken_list *list, struct taken taken)
{
	void *items = list->items;

	if (!arena_grow(m->arena, &items, &list->cap, list->count, sizeof(taken)))
		return matcher_memory(m);
	list->items = items;
	list->items[list->count++] = taken;
	return true;
}

/* ---- looking up programs and sub-commands ---- */

static const struct command_name *find_name(const struct command_table *table,
                                            const struct command_name *names, size_t count,
                                            struct span text)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = span_compare(command_text_of(table, names[middle].text), text);

		if (order == 0)
			return &names[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static const struct command_spec *find_program(const struct command_table *table, struct span name)
{
	const struct command_name *row = find_name(table, table->programs, table->program_count,
	                                           name);
	const struct command_name *pattern = table->patterns;

	if (row != NULL)
		return &table->specs[row->row];
	for (size_t i = 0; i < table->pattern_count; i++, pattern++)
		if (glob_text(command_text_of(table, pattern->text), name, GLOB_CASE_SENSITIVE))
			return &table->specs[pattern->row];
	return NULL;
}

/* From here on, what `spec` says counts. */
static bool enter(struct matcher *m, const struct command_spec *spec)
{
	if (m->depth == COMMAND_DEPTH)
		return problem_set(m->problem, PROBLEM_LIMIT, 0, "sub-commands are too deep");
	m->seen[m->depth] = arena_array(m->arena, unsigned char, spec->options.count);
	if (m->seen[m->depth] == NULL)
		return matcher_memory(m);
	m->chain[m->depth++] = spec;
	return true;
}

/*
 * Takes argv[at] for a sub-command where one may stand.  *taken says whether it
 * was one; a word that is none is an operand where the program has operands too.
 */
static bool take_sub(struct matcher *m, size_t at, bool *taken)
{
	const struct command_spec *spec = matcher_spec(m);
	const struct command_arg *arg = &m->argv[at];
	const struct command_name *row;

	*taken = false;
	if (spec->subs.count == 0 || m->operands.count > 0)
		return true;
	row = arg->complete ? find_name(m->table, m->table->subs + spec->subs.first,
	                                spec->subs.count, arg->text)
	                    : NULL;
	if (row == NULL) {
		if (!arg->complete || spec->args.count == 0)
			matcher_puzzled(m, at);
		return true;
	}
	*taken = true;
	m->match->sub = command_text_of(m->table, m->table->sub_paths[row - m->table->subs]);
	m->match->sub_words = at + 1;
	return enter(m, &m->table->specs[row->row]);
}

static bool take_operand(struct matcher *m, size_t at)
{
	const struct command_spec *spec;
	bool sub;

	if (!m->ended) {
		if (!take_sub(m, at, &sub))
			return false;
		if (sub)
			return true;
	}
	if (!matcher_take(m, &m->operands,
	                  (struct taken){ .arg = at, .count = 1, .place = COMMAND_NONE }))
		return false;
	spec = matcher_spec(m);
	if (spec->stop > 0 && m->operands.count >= spec->stop)
		m->ended = true;
	return true;
}

static bool take_argument(struct matcher *m, size_t *at)
{
	const struct command_arg *arg = &m->argv[*at];
	uint16_t style = matcher_spec(m)->style;
	bool is_option;

	if (m->ended)
		return take_operand(m, *at);
	if (arg->complete && span_equal(arg->text, SPAN("--"))) {
		m->ended = m->has_dashes = true;
		m->dashes = m->operands.count;
		return true;
	}
	if (arg->text.len == 0 && !arg->complete) {
		m->match->maybe_option = m->doubt = true;
		return take_operand(m, *at);
	}
	if (*at == 1 && (style & STYLE_BUNDLE) != 0 && !span_starts(arg->text, SPAN("-")))
		return matcher_bundle(m, at);
	if (span_starts(arg->text, SPAN("-")) && (arg->text.len > 1 || !arg->complete))
		return matcher_option(m, at);
	if ((style & STYLE_RESPONSE) != 0 && span_starts(arg->text, SPAN("@")))
		matcher_puzzled(m, *at);
	if (!matcher_bare_option(m, at, &is_option))
		return false;
	return is_option || take_operand(m, *at);
}

/* ---- conditions ---- */

static bool option_seen(const struct matcher *m, uint16_t option)
{
	if (option == COMMAND_DASHES)
		return m->has_dashes;
	for (size_t i = 0; i < m->depth; i++) {
		struct command_rows rows = m->chain[i]->options;

		if (option >= rows.first && option - rows.first < rows.count)
			return m->seen[i][option - rows.first] != 0;
	}
	return false;
}

bool matcher_holds(const struct matcher *m, struct command_rows conditions)
{
	const struct command_condition *row = m->table->conditions + conditions.first;

	for (size_t i = 0; i < conditions.count;) {
		uint8_t group = row[i].group;
		bool unless = row[i].unless, any = false;

		for (; i < conditions.count && row[i].group == group; i++)
			any = option_seen(m, row[i].option) || any;
		if (any == unless)
			return false;
	}
	return true;
}

/* ---- the door ---- */

static bool match_spec(struct matcher *m, const struct command_spec *spec)
{
	struct command_match *match = m->match;

	match->spec = spec;
	match->name = command_text_of(m->table, spec->name);
	match->wrapper = (spec->style & STYLE_WRAPPER) != 0;
	match->builtin = (spec->style & STYLE_BUILTIN) != 0;
	match->understood = true;
	if (!enter(m, spec))
		return false;
	for (size_t at = 1; at < m->argc; at++)
		if (!take_argument(m, &at))
			return false;
	matcher_place(m);
	return matcher_uses(m);
}

bool command_match_in(const struct command_table *table, const struct command_arg *argv,
                      size_t argc, struct arena *arena, struct command_match *match,
                      struct problem *problem)
{
	struct matcher m = { .table = table,
		             .argv = argv,
		             .argc = argc,
		             .arena = arena,
		             .match = match,
		             .problem = problem };
	const struct command_spec *spec = NULL;

	*match = (struct command_match){ 0 };
	if (argc > 0 && argv[0].complete)
		spec = find_program(table, path_basename(argv[0].text));
	return spec == NULL || match_spec(&m, spec);
}

bool command_match(const struct command_arg *argv, size_t argc, struct arena *arena,
                   struct command_match *match, struct problem *problem)
{
	return command_match_in(&command_builtin, argv, argc, arena, match, problem);
}

size_t command_count(void)
{
	return (size_t)command_builtin.program_count + command_builtin.pattern_count;
}
