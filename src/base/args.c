/*
 * Operands that stand between options are rotated to the end of the words, in
 * their order, as getopt_long(3) does.
 */
#include "base/args.h"

#include <stddef.h>
#include <string.h>

void args_init(struct args *args, int argc, char **argv, const struct args_option *options)
{
	*args = (struct args){
		.argc = argc, .argv = argv, .options = options, .at = argc > 0 ? 1 : 0
	};
}

static bool fail(struct args *args, const char *problem, const char *culprit)
{
	args->problem = problem;
	args->culprit = culprit;
	return false;
}

/* Moves the word at `at` behind all others. */
static void postpone(struct args *args)
{
	char *word = args->argv[args->at];

	memmove(args->argv + args->at, args->argv + args->at + 1,
	        (size_t)(args->argc - args->at - 1) * sizeof *args->argv);
	args->argv[args->argc - 1] = word;
	args->operands++;
}

/* The words that have not been looked at end here. */
static int unread_end(const struct args *args)
{
	return args->argc - args->operands;
}

/*
 * At the end: operands that were postponed stand behind those after "--"; put them
 * in front again, so that the order is as written.
 */
static void restore_order(struct args *args)
{
	int behind = unread_end(args) - args->at;

	for (int i = 0; i < behind; i++)
		postpone(args);
	args->operands = 0;
}

/* The argument in the next word. */
static bool take_value(struct args *args, const char *word)
{
	if (args->at >= unread_end(args))
		return fail(args, "this option needs an argument", word);
	args->value = args->argv[args->at++];
	return true;
}

static bool read_long(struct args *args, const struct args_option **option)
{
	char *word = args->argv[args->at++];
	char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word - 2) : strlen(word + 2);

	for (const struct args_option *row = args->options; row && row->name; row++) {
		if (strlen(row->name) != len || memcmp(row->name, word + 2, len) != 0)
			continue;
		*option = row;
		if (equals && !row->argument)
			return fail(args, "this option takes no argument", word);
		if (equals)
			args->value = equals + 1;
		return !row->argument || equals || take_value(args, word);
	}
	return fail(args, "unknown option", word);
}

static bool read_short(struct args *args, const struct args_option **option)
{
	char *word = args->argv[args->at];
	int letter = (unsigned char)word[args->cluster++];
	bool last = word[args->cluster] == '\0';

	for (const struct args_option *row = args->options; row && row->name; row++) {
		if (row->letter != letter)
			continue;
		*option = row;
		if (row->argument && !last)
			args->value = word + args->cluster;
		if (row->argument || last) {
			args->at++;
			args->cluster = 0;
		}
		return !row->argument || !last || take_value(args, word);
	}
	return fail(args, "unknown option", word);
}

bool args_next(struct args *args, const struct args_option **option)
{
	args->value = NULL;
	if (args->problem)
		return false;
	if (args->cluster)
		return read_short(args, option);
	while (args->at < unread_end(args)) {
		char *word = args->argv[args->at];

		if (strcmp(word, "--") == 0) {
			args->at++;
			restore_order(args);
			return false;
		}
		if (word[0] == '-' && word[1] == '-')
			return read_long(args, option);
		if (word[0] == '-' && word[1] != '\0') {
			args->cluster = 1;
			return read_short(args, option);
		}
		if (args->posix)
			return false;
		postpone(args);
	}
	return false;
}
