/*
 * Command lines by one table of options.  The first word of a case is the program: `posix` stops at the
 * first operand.  Each line is a word.
 */
#include <stdlib.h>
#include <string.h>

#include "base/args.h"
#include "golden.h"

static const struct args_option options[] = {
	{ "all", 'a', NULL, "everything" },
	{ "colour", 300, "WHEN", "when to use colour" },
	{ "file", 'f', "FILE", "read FILE" },
	{ "json", 'j', NULL, "print JSON" },
	{ "json-lines", 301, NULL, "print JSON Lines" },
	{ 0 },
};

enum { MAX_WORDS = 32 };

static void read_words(int argc, char **argv, FILE *out)
{
	const struct args_option *option;
	struct args args;

	args_init(&args, argc, argv, options);
	args.posix = strcmp(argv[0], "posix") == 0;
	while (args_next(&args, &option)) {
		fprintf(out, "option %s", option->name);
		if (args.value)
			fprintf(out, " \"%s\"", args.value);
		fputc('\n', out);
	}
	if (args.problem) {
		fprintf(out, "problem: %s: %s\n", args.problem, args.culprit);
		return;
	}
	if (args_next(&args, &option))
		fputs("an option behind the end\n", out);
	for (int i = args.at; i < argc; i++)
		fprintf(out, "operand \"%s\"\n", argv[i]);
}

static void run(struct span input, FILE *out, void *context)
{
	char *words[MAX_WORDS + 1] = { NULL };
	struct span word;
	int count = 0;

	(void)context;
	while (count < MAX_WORDS && span_split(&input, '\n', &word))
		words[count++] = strndup(word.ptr, word.len);
	if (count > 0)
		read_words(count, words, out);
	for (int i = 0; i < count; i++)
		free(words[i]);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
