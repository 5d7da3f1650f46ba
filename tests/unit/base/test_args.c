/* Command lines: what case files cannot hold. */
#include "base/args.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static const struct args_option options[] = { { "all", 'a', NULL, "everything" }, { 0 } };

static void test_empty(void)
{
	const struct args_option *option;
	struct args args;
	char *none[] = { NULL };

	args_init(&args, 0, none, options);
	OK(!args_next(&args, &option) && !args.problem && args.at == 0,
	   "not even a program's name");
}

static void test_many(void)
{
	enum { COUNT = 200000 };
	static char operand[] = "operand", letter[] = "-a", name[] = "--all";
	char **words = calloc(COUNT + 1, sizeof *words);
	const struct args_option *option;
	struct args args;
	bool same = true;
	int seen = 0;

	if (!OK(words != NULL, "memory"))
		return;
	for (size_t i = 0; i < COUNT; i++)
		words[i] = operand;
	words[COUNT / 2] = letter;
	words[COUNT - 2] = name;
	args_init(&args, COUNT, words, options);
	while (args_next(&args, &option))
		seen++;
	for (int i = args.at; i < COUNT; i++)
		same = same && strcmp(words[i], "operand") == 0;
	OK(seen == 2 && same && args.at == 3, "options among 200,000 operands");
	free(words);
}

int main(void)
{
	test_empty();
	test_many();
	return tap_done();
}
