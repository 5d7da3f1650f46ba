/*
 * The format of .commands files, and the matcher, on hostile bytes.
 *
 * The input up to the first NUL is a .commands file; the rest is an argv with a byte 0x1F between
 * words (a word that ends in 0x1E is known only as far as that).  Where the file does not parse, or is
 * empty, the argv is matched with the tables that come with Bailiff.
 *
 * Properties: a problem's offset lies in its source; a table that parses points only into itself; every
 * use lies inside its argv; and an option that no program lists never makes an invocation understood
 * that was not.
 */
#include <stdlib.h>
#include <string.h>

#include "command/private.h"
#include "fuzz.h"

enum { WORDS = 64 };

static void require(bool property)
{
	if (!property)
		abort();
}

static bool inside(struct command_rows rows, size_t count)
{
	return (size_t)rows.first + rows.count <= count || rows.count == 0;
}

static void check_text(const struct command_table *table, struct command_text text)
{
	require((size_t)text.at + text.len <= table->text_len || text.len == 0);
}

static void check_rows(const struct command_table *table)
{
	for (size_t i = 0; i < table->spec_count; i++) {
		const struct command_spec *spec = &table->specs[i];

		require(spec->parent == COMMAND_NONE || spec->parent < i);
		require(inside(spec->subs, table->sub_count));
		require(inside(spec->names, table->option_name_count));
		require(inside(spec->options, table->option_count));
		require(inside(spec->args, table->args_count));
		require(inside(spec->effects, table->effect_count));
	}
	for (size_t i = 0; i < table->args_count; i++) {
		require(inside(table->args[i].places, table->place_count));
		require(inside(table->args[i].conditions, table->condition_count));
		require(inside(table->args[i].effects, table->effect_count));
	}
	for (size_t i = 0; i < table->option_count; i++) {
		require(inside(table->options[i].values, table->place_count));
		require(inside(table->options[i].effects, table->effect_count));
	}
}

static void check_table(const struct command_table *table)
{
	check_rows(table);
	for (size_t i = 0; i < table->effect_count; i++) {
		check_text(table, table->effects[i].text);
		check_text(table, table->effects[i].language);
		check_text(table, table->effects[i].without);
		require(inside(table->effects[i].conditions, table->condition_count));
		require(command_verb_word((enum command_verb)table->effects[i].verb) != NULL);
	}
	for (size_t i = 0; i < table->condition_count; i++)
		require(table->conditions[i].option < table->option_count ||
		        table->conditions[i].option == COMMAND_DASHES);
	for (size_t i = 0; i < table->option_name_count; i++)
		require(table->option_names[i].row < table->option_count);
	for (size_t i = 0; i < table->sub_count; i++)
		require(table->subs[i].row < table->spec_count);
	for (size_t i = 0; i < table->program_count; i++)
		require(table->programs[i].row < table->spec_count);
}

static size_t split_words(struct span text, struct command_arg *argv)
{
	size_t count = 0;
	struct span word;

	while (count < WORDS && span_split(&text, 0x1f, &word)) {
		bool complete = !span_ends(word, SPAN("\x1e"));

		if (!complete)
			word.len--;
		argv[count++] = (struct command_arg){ word, complete };
	}
	return count;
}

static void check_match(const struct command_match *match, const struct command_arg *argv,
                        size_t argc)
{
	require(match->spec != NULL || (!match->understood && match->count == 0));
	require(match->puzzle < argc || match->puzzle == 0);
	require(match->sub_words <= argc);
	for (size_t i = 0; i < match->count; i++) {
		const struct command_use *use = &match->uses[i];

		require(use->option < argc && use->by < argc);
		if (!use->has_target || use->fixed.ptr != NULL)
			continue;
		require(use->arg > 0 && use->arg < argc);
		require(use->count >= 1 && use->count <= argc - use->arg);
		require(use->offset + use->trail <= argv[use->arg].text.len);
	}
}

/* The same argv with an option that nobody lists as its second word. */
static bool understood_with_unknown(const struct command_table *table,
                                    const struct command_arg *argv, size_t argc,
                                    struct arena *arena)
{
	struct command_arg more[WORDS + 1];
	struct command_match match;

	more[0] = argv[0];
	more[1] = (struct command_arg){ SPAN("--no-such-option-anywhere"), true };
	for (size_t i = 1; i < argc; i++)
		more[i + 1] = argv[i];
	if (!command_match_in(table, more, argc + 1, arena, &match, NULL))
		return false;
	check_match(&match, more, argc + 1);
	return match.understood;
}

static void match_words(const struct command_table *table, struct span text, struct arena *arena)
{
	struct command_arg argv[WORDS];
	struct command_match match;
	size_t argc = split_words(text, argv);

	if (!command_match_in(table, argv, argc, arena, &match, NULL))
		return;
	check_match(&match, argv, argc);
	if (argc > 0 && !match.understood)
		require(!understood_with_unknown(table, argv, argc, arena));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = { (const char *)data, size }, file = input, words = { NULL, 0 };
	struct command_builder *builder;
	struct command_table table;
	struct problem problem = { 0 };
	struct arena arena;
	size_t at;

	if (size == 0)
		return 0;
	if (span_find_byte(input, '\0', &at)) {
		file = span_slice(input, 0, at);
		words = span_from(input, at + 1);
	}
	arena_init(&arena, 64 << 20);
	if (file.len > 0 && command_builder_start(&arena, &builder, &problem) &&
	    command_parse(builder, file, &problem) &&
	    command_builder_finish(builder, &table, &problem)) {
		check_table(&table);
		match_words(&table, words, &arena);
	} else {
		require(problem.offset <= file.len);
	}
	match_words(&command_builtin, words, &arena);
	arena_release(&arena);
	return 0;
}
