/*
 * Compiles the .commands files of data/commands to the tables of command/private.h.
 *
 *     compile-commands OUTPUT.c FILE...
 *
 * Runs while Bailiff is built, on the building machine.  Prints FILE:LINE:COLUMN
 * and fails where a file does not parse.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command/private.h"

enum { ARENA_LIMIT = 256 << 20, FILE_LIMIT = 4 << 20 };

static bool read_file(const char *path, struct arena *arena, struct span *source)
{
	FILE *file = fopen(path, "rb");
	char *bytes = arena_array(arena, char, FILE_LIMIT);

	if (file == NULL || bytes == NULL) {
		perror(path);
		if (file != NULL)
			(void)fclose(file);
		return false;
	}
	*source = (struct span){ bytes, fread(bytes, 1, FILE_LIMIT, file) };
	if (ferror(file) || source->len == FILE_LIMIT) {
		(void)fprintf(stderr, "%s: cannot be read, or is too long\n", path);
		(void)fclose(file);
		return false;
	}
	return fclose(file) == 0;
}

static bool add_file(struct command_builder *builder, const char *path, struct arena *arena)
{
	struct problem problem = { 0 };
	struct problem_place place;
	struct span source;

	if (!read_file(path, arena, &source))
		return false;
	if (command_parse(builder, source, &problem))
		return true;
	place = problem_place(source, problem.offset);
	(void)fprintf(stderr, "%s:%zu:%zu: %s\n", path, place.line, place.column, problem.what);
	return false;
}

/* ---- printing: one function a kind of row ---- */

static void print_text(FILE *out, struct command_text text)
{
	(void)fprintf(out, "{%u,%u}", (unsigned)text.at, text.len);
}

static void print_rows(FILE *out, struct command_rows rows)
{
	(void)fprintf(out, "{%u,%u}", rows.first, rows.count);
}

static void print_names(FILE *out, const char *what, const struct command_name *names, size_t count)
{
	(void)fprintf(out, "static const struct command_name %s[] = {\n", what);
	for (size_t i = 0; i < count; i++) {
		(void)fputs("\t{", out);
		print_text(out, names[i].text);
		(void)fprintf(out, ",%u,%d},\n", names[i].row, names[i].prefix);
	}
	(void)fputs("\t{{0,0},0,0}\n};\n", out);
}

static void print_specs(FILE *out, const struct command_table *table)
{
	(void)fputs("static const struct command_spec specs[] = {\n", out);
	for (size_t i = 0; i < table->spec_count; i++) {
		const struct command_spec *spec = &table->specs[i];

		(void)fputs("\t{", out);
		print_text(out, spec->name);
		(void)fprintf(out, ",%u,%u,%u,", spec->parent, spec->style, spec->stop);
		print_rows(out, spec->subs);
		(void)fputc(',', out);
		print_rows(out, spec->names);
		(void)fputc(',', out);
		print_rows(out, spec->options);
		(void)fputc(',', out);
		print_rows(out, spec->args);
		(void)fputc(',', out);
		print_rows(out, spec->effects);
		(void)fputs("},\n", out);
	}
	(void)fputs("\t{{0,0},0,0,0,{0,0},{0,0},{0,0},{0,0},{0,0}}\n};\n", out);
}

static void print_options(FILE *out, const struct command_table *table)
{
	(void)fputs("static const struct command_option options[] = {\n", out);
	for (size_t i = 0; i < table->option_count; i++) {
		const struct command_option *option = &table->options[i];

		(void)fputs("\t{", out);
		print_rows(out, option->values);
		(void)fputc(',', out);
		print_rows(out, option->effects);
		(void)fprintf(out, ",%u,%d,%d},\n", option->flags, option->own, option->fills);
	}
	(void)fputs("\t{{0,0},{0,0},0,0,0}\n};\nstatic const struct command_place places[] = {\n",
	            out);
	for (size_t i = 0; i < table->place_count; i++) {
		(void)fputs("\t{", out);
		print_text(out, table->places[i].name);
		(void)fprintf(out, ",%u},\n", table->places[i].shape);
	}
	(void)fputs("\t{{0,0},0}\n};\n", out);
}

static void print_args(FILE *out, const struct command_table *table)
{
	(void)fputs("static const struct command_args args[] = {\n", out);
	for (size_t i = 0; i < table->args_count; i++) {
		(void)fputs("\t{", out);
		print_rows(out, table->args[i].places);
		(void)fputc(',', out);
		print_rows(out, table->args[i].conditions);
		(void)fputc(',', out);
		print_rows(out, table->args[i].effects);
		(void)fputs("},\n", out);
	}
	(void)fputs("\t{{0,0},{0,0},{0,0}}\n};\n", out);
}

static void print_effects(FILE *out, const struct command_table *table)
{
	(void)fputs("static const struct command_effect effects[] = {\n", out);
	for (size_t i = 0; i < table->effect_count; i++) {
		const struct command_effect *effect = &table->effects[i];

		(void)fprintf(out, "\t{%u,%u,%u,%u,", effect->verb, effect->target, effect->reading,
		              effect->flags);
		print_text(out, effect->text);
		(void)fputc(',', out);
		print_text(out, effect->language);
		(void)fputc(',', out);
		print_text(out, effect->without);
		(void)fputc(',', out);
		print_text(out, effect->by);
		(void)fputc(',', out);
		print_rows(out, effect->conditions);
		(void)fputs("},\n", out);
	}
	(void)fputs("\t{0,0,0,0,{0,0},{0,0},{0,0},{0,0},{0,0}}\n};\n", out);
	(void)fputs("static const struct command_condition conditions[] = {\n", out);
	for (size_t i = 0; i < table->condition_count; i++) {
		const struct command_condition *row = &table->conditions[i];

		(void)fprintf(out, "\t{%u,%u,%d},\n", row->option, row->group, row->unless);
	}
	(void)fputs("\t{0,0,0}\n};\n", out);
}

static void print_table(FILE *out, const struct command_table *table)
{
	(void)fputs("/* Made by tools/compile-commands from data/commands: do not edit. */\n"
	            "#include \"command/private.h\"\n\nstatic const char text[] = {\n",
	            out);
	for (size_t i = 0; i < table->text_len; i++)
		(void)fprintf(out, "%d,%s", table->text[i], i % 24 == 23 ? "\n" : "");
	(void)fputs("0\n};\n", out);
	print_names(out, "programs", table->programs, table->program_count);
	print_names(out, "patterns", table->patterns, table->pattern_count);
	print_names(out, "subs", table->subs, table->sub_count);
	(void)fputs("static const struct command_text sub_paths[] = {\n", out);
	for (size_t i = 0; i < table->sub_count; i++) {
		(void)fputc('\t', out);
		print_text(out, table->sub_paths[i]);
		(void)fputs(",\n", out);
	}
	(void)fputs("\t{0,0}\n};\n", out);
	print_names(out, "option_names", table->option_names, table->option_name_count);
	print_specs(out, table);
	print_options(out, table);
	print_args(out, table);
	print_effects(out, table);
	(void)fprintf(out,
	              "const struct command_table command_builtin = {\n"
	              "\ttext, programs, patterns, subs, sub_paths, option_names, specs, options, "
	              "places, args,\n"
	              "\teffects, conditions, %zu, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u\n};\n",
	              table->text_len, table->program_count, table->pattern_count, table->sub_count,
	              table->option_name_count, table->spec_count, table->option_count,
	              table->place_count, table->args_count, table->effect_count,
	              table->condition_count);
}

static bool compile(int count, char **paths, struct arena *arena, struct command_table *table)
{
	struct command_builder *builder;
	struct problem problem = { 0 };
	bool ok = command_builder_start(arena, &builder, &problem);

	for (int i = 0; ok && i < count; i++)
		if (!add_file(builder, paths[i], arena))
			return false;
	ok = ok && command_builder_finish(builder, table, &problem);
	if (!ok)
		(void)fprintf(stderr, "compile-commands: %s\n", problem.what);
	return ok;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct command_table table;
	bool ok = false;
	FILE *out;

	if (argc < 3) {
		(void)fputs("usage: compile-commands OUTPUT.c FILE...\n", stderr);
		return EXIT_FAILURE;
	}
	arena_init(&arena, ARENA_LIMIT);
	if (compile(argc - 2, argv + 2, &arena, &table)) {
		out = fopen(argv[1], "wb");
		if (out != NULL) {
			print_table(out, &table);
			ok = !ferror(out);
			ok = fclose(out) == 0 && ok;
		}
		if (!ok)
			perror(argv[1]);
	}
	arena_release(&arena);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
