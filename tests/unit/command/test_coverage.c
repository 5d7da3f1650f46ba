/*
 * Every program of the tables has a golden case: a line of tests/cases/command that starts with one
 * of its names.  And nothing that the tables say about any program is out of range.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "argv.h"
#include "command/private.h"
#include "tap.h"

static bool *seen; /* by spec */

static void note_line(struct span line)
{
	struct arena arena;
	struct command_match match;
	static struct argv_words argv;

	argv_split(&argv, line);
	arena_init(&arena, 1 << 20);
	if (command_match(argv.words, argv.count, &arena, &match, NULL) && match.spec != NULL)
		seen[match.spec - command_builtin.specs] = true;
	arena_release(&arena);
}

static void note_file(const char *folder, const char *name)
{
	char *path = NULL, *line = NULL;
	size_t cap = 0;
	ssize_t len;
	FILE *file;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return;
	file = fopen(path, "re");
	while (file != NULL && (len = getline(&line, &cap, file)) > 0)
		note_line(span_trim((struct span){ line, (size_t)len }));
	if (file != NULL)
		(void)fclose(file);
	free(line);
	free(path);
}

static void note_folder(const char *folder)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;

	while (directory != NULL && (entry = readdir(directory)) != NULL)
		if (strstr(entry->d_name, ".txt") != NULL)
			note_file(folder, entry->d_name);
	if (directory != NULL)
		(void)closedir(directory);
}

static void check_programs(void)
{
	const struct command_table *table = &command_builtin;

	for (size_t i = 0; i < table->spec_count; i++) {
		struct span name = command_text_of(table, table->specs[i].name);

		if (table->specs[i].parent == COMMAND_NONE)
			OK(seen[i], "%.*s has a case", (int)name.len, name.ptr);
	}
}

/* Names are sorted, so that the binary search finds them. */
static void check_sorted(void)
{
	const struct command_table *table = &command_builtin;
	bool sorted = true;

	for (size_t i = 1; i < table->program_count; i++)
		sorted = sorted &&
		         span_compare(command_text_of(table, table->programs[i - 1].text),
		                      command_text_of(table, table->programs[i].text)) < 0;
	OK(sorted, "programs are sorted and named once");
	OK(command_count() >= 160, "at least 160 programs (KO-002): %zu", command_count());
}

int main(int argc, char **argv)
{
	seen = calloc(command_builtin.spec_count, sizeof(*seen));
	if (seen == NULL || argc != 2)
		return EXIT_FAILURE;
	note_folder(argv[1]);
	check_sorted();
	check_programs();
	free(seen);
	return tap_done();
}
